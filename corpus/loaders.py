"""Files → documents: which reader reads which file, and what a document is called."""

import hashlib
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.errors import DocumentError, EmptyDocument, NoDocuments, UnsupportedFile
from corpus.language import detect_language
from corpus.reading.assemble import Item, assemble, with_roles
from corpus.reading.decode import decode_text
from corpus.reading.identity import base_name, document_id
from corpus.reading.metadata import read_metadata
from corpus.reading.roles import assign_roles
from corpus.reading.signatures import binary_kind
from corpus.reading.text import read_items
from corpus.schema import Document

READER_VERSION = 7
"""Raised when reading changes, so that an index knows its documents must be read again."""

MAX_FILE_BYTES = 200 * 1024 * 1024
"""Of a file of any kind; a larger one is refused before it is read."""

MAX_TEXT_BYTES = 20_000_000  # a text file beyond this is a data dump; a 500-page report has 2 MB

OnPage = Callable[[int, int], None]
"""Called with the pages read so far and the pages of the file."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a reader may be told; readers of formats without pages or passwords ignore it."""

    password: str | None = None  # for an encrypted file; others open without it all the same
    on_page: OnPage | None = None


DEFAULT_OPTIONS = ReadOptions()

Reader = Callable[[bytes, str, ReadOptions], Document]


def read_document(data: bytes, file_name: str, options: ReadOptions = DEFAULT_OPTIONS) -> Document:
    """Read the bytes of one file.

    Raises:
        UnsupportedFile: No reader for files with this ending.
        EncryptedDocument: It needs a password, or the given one is wrong.
        DocumentError: The file cannot be read; the message says why and what to do.
    """
    suffix = Path(file_name).suffix.lower()
    reader = READERS.get(suffix)
    if reader is None:
        raise UnsupportedFile(
            f"{file_name}: 不支持这种文件 / no reader for {suffix or 'files without an ending'}; "
            f"known are {' '.join(sorted(READERS))}"
        )
    if not data:
        raise EmptyDocument(f"{file_name}: 文件是空的 / the file is empty (0 bytes)")
    if reader in (read_text_document, read_html_document) and (kind := binary_kind(data)):
        raise DocumentError(
            f"{file_name}: 这不是文本，而是 {kind} 文件，请改正扩展名或另存 / this is a {kind} file, not "
            f"text as its ending {suffix} says; give it its own ending, or save it as {suffix}"
        )
    return reader(data, file_name, options)


def read_file(path: Path) -> bytes:
    """Return the bytes of a file that may become a document.

    Raises:
        DocumentError: There is none, it is no plain file, or it is larger than any reader takes.
    """
    try:
        status = path.stat()
        # A device or a pipe may never end, and /proc has files that only seem to be empty.
        if not stat.S_ISREG(status.st_mode):
            raise DocumentError(f"{path}: 不是普通文件 / not a plain file; give the file itself")
        if status.st_size > MAX_FILE_BYTES:
            raise DocumentError(
                f"{path}: {status.st_size:,} bytes, at most {MAX_FILE_BYTES:,} are read; split the file"
            )
        with path.open("rb") as file:
            return file.read(status.st_size)
    except FileNotFoundError as error:
        raise DocumentError(f"{path}: 没有这个文件 / no such file") from error
    except (OSError, ValueError) as error:
        raise DocumentError(f"{path}: 无法读取 / cannot be read ({error})") from error


def read_text_document(data: bytes, file_name: str, _: ReadOptions) -> Document:
    """Read a plain text or Markdown file."""
    if len(data) > MAX_TEXT_BYTES:
        raise DocumentError(
            f"{file_name}: 文字共 {len(data):,} 字节，最多读 {MAX_TEXT_BYTES:,} 字节；请拆分 / "
            f"{len(data):,} bytes of text, at most {MAX_TEXT_BYTES:,} are read; "
            "split the file and add its parts"
        )
    items = read_items(decode_text(data, file_name=file_name))
    return document_from_items(items, data=data, file_name=file_name)


def read_pdf_document(data: bytes, file_name: str, options: ReadOptions) -> Document:
    """Read a PDF in a process of its own."""
    from corpus.reading.pdf import read_pdf

    return read_pdf(data, file_name=file_name, password=options.password, on_page=options.on_page)


def read_docx_document(data: bytes, file_name: str, _: ReadOptions) -> Document:
    """Read a Word document."""
    from corpus.reading.word import read_docx

    return read_docx(data, file_name)


def read_html_document(data: bytes, file_name: str, _: ReadOptions) -> Document:
    """Read a saved web page."""
    from corpus.reading.web_page import read_html

    return read_html(data, file_name)


def document_from_items(items: Sequence[Item], *, data: bytes, file_name: str) -> Document:
    """Build the document that a reader's items make, with roles and metadata.

    Raises:
        EmptyDocument: There are no items.
    """
    if not items:
        raise EmptyDocument(
            f"{file_name}: 文件里没有找到文字 / no text was found in the file ({len(data):,} bytes)"
        )
    assembled = assemble(items)
    blocks = with_roles(assembled.blocks, assign_roles(assembled.text, assembled.blocks))
    metadata = read_metadata(assembled.text, blocks)
    if not metadata.title:
        metadata = replace(metadata, title=Path(base_name(file_name)).stem)
    return Document(
        doc_id=document_id(file_name),
        file_name=base_name(file_name),
        sha256=hashlib.sha256(data).hexdigest(),
        language=detect_language(assembled.text),
        metadata=metadata,
        text=assembled.text,
        blocks=blocks,
        origins=assembled.origins,
    )


def list_files(folder: Path) -> list[Path]:
    """Return the files of a folder that have a reader, sorted by name; subfolders included.

    Hidden files and links that leave the folder are passed over.

    Raises:
        NoDocuments: The folder is missing or holds no such file.
    """
    if not folder.is_dir():
        raise NoDocuments(f"{folder} is not a folder; give the folder that holds the reports")
    root = folder.resolve()
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in READERS
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.resolve().is_relative_to(root)
        and path.name not in IGNORED_NAMES
    ]
    if not files:
        raise NoDocuments(
            f"{folder} holds no document; put files ending in {' '.join(sorted(READERS))} there"
        )
    return files


IGNORED_NAMES = frozenset({"SOURCES.md", "README.md"})
"""Files beside the documents that describe them."""

TAKES_PASSWORD = frozenset({".pdf"})
"""Endings of files that can be read with a password."""

READERS: dict[str, Reader] = {
    ".txt": read_text_document,
    ".md": read_text_document,
    ".markdown": read_text_document,
    ".pdf": read_pdf_document,
    ".docx": read_docx_document,
    ".html": read_html_document,
    ".htm": read_html_document,
}
