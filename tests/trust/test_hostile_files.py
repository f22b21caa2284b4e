"""Files that lie, never end, unpack without end or want to leave their folder; and what fuzzing found."""

import io
import os
import signal
import struct
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import FrameType

import pytest

from corpus.errors import AssistantError, DocumentError
from corpus.loaders import list_files, read_document, read_file
from eval.trust.targets import TARGETS
from index.build import add_documents
from index.encoder import HashEncoder
from index.store import open_store

FOUND = sorted((Path(__file__).parent / "found").iterdir())
PDF, DOCX = (TARGETS[name].samples()[0] for name in ("pdf", "docx"))
HTML = b"<html><head><title>x</title></head><body><p>Revenue rose 42%.</p></body></html>"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@contextmanager
def at_most(cpu_s: float) -> Iterator[None]:
    """Fail when what is inside takes more time of the processor; its end is not waited for."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"more than {cpu_s} s of the processor")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, cpu_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def test_a_case_without_end_would_be_stopped() -> None:
    def never_ends() -> None:
        while True:
            pass

    with pytest.raises(TimeoutError), at_most(0.05):
        never_ends()


def test_there_are_found_cases_of_several_targets() -> None:
    assert {path.name.rsplit("-", 1)[0] for path in FOUND} >= {
        "docx",
        "html",
        "markers",
        "question",
    }


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_what_fuzzing_found_is_read_or_refused_in_words(path: Path) -> None:
    target = TARGETS[path.name.rsplit("-", 1)[0]]
    with suppress(AssistantError):
        target.run(target.samples()[0])  # what is loaded once is not the case's time
    with at_most(2.0), suppress(AssistantError):  # any other error fails
        target.run(path.read_bytes())


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", HTML), ("a.pdf", DOCX), ("a.pdf", PNG), ("a.txt", PNG), ("a.txt", PDF),
        ("a.txt", DOCX), ("a.md", PDF), ("a.docx", PDF), ("a.docx", HTML), ("a.html", PDF),
        ("a.htm", DOCX), ("a.html", PNG), ("a.exe", b"MZ"), ("a", b"text"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_what_its_name_says_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(DocumentError, match=rf"{name}: .*[\u4e00-\u9fff].*[a-z]{{3}}"):
        read_document(data, name)


def packed(name: str, size: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, bytes(size))
    return buffer.getvalue()


def test_a_word_file_that_unpacks_too_far_is_refused_before_it_is_unpacked() -> None:
    bomb = packed("word/document.xml", 60_000_000)
    assert len(bomb) < 100_000
    with pytest.raises(DocumentError, match=r"unpacks to 60,000,000"), at_most(1.0):
        read_document(bomb, "bomb.docx")


def test_a_word_file_that_lies_about_its_size_is_not_unpacked_further() -> None:
    bomb = packed("word/document.xml", 60_000_000)
    lying = bomb.replace(struct.pack("<I", 60_000_000), struct.pack("<I", 900))
    assert lying != bomb
    with pytest.raises(DocumentError), at_most(1.0):
        read_document(lying, "bomb.docx")


def test_entities_of_a_word_file_are_not_multiplied() -> None:
    levels = "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "lol" * 10}">' for n in range(9)
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(DOCX)) as good, zipfile.ZipFile(buffer, "w") as bad:
        for entry in good.infolist():
            data = good.read(entry)
            if entry.filename == "word/document.xml":
                head, body = data.split(b"?>", 1)
                body = body.replace("一、行业观点".encode(), b"&e8;")
                data = head + f"?><!DOCTYPE d [{levels}]>".encode() + body
            bad.writestr(entry.filename, data)
    with at_most(2.0), suppress(DocumentError):  # refused is well too
        assert "lollol" not in read_document(buffer.getvalue(), "a.docx").text


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    path = tmp_path / "documents" / "pipe.txt"
    path.parent.mkdir()
    os.mkfifo(path)
    return path


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_devices_and_pipes_are_refused_and_not_waited_for(pipe: Path, tmp_path: Path) -> None:
    link = tmp_path / "zero.txt"
    link.symlink_to("/dev/zero")
    for path in (pipe, Path("/dev/zero"), link, tmp_path):
        began = time.monotonic()
        with pytest.raises(DocumentError, match=r"not a plain file|cannot be read"):
            read_file(path)
        assert time.monotonic() - began < 5


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_folder_is_read_without_its_pipes_and_links_that_leave_it(
    pipe: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_bytes(b"secret")
    for name, target in (
        ("out.txt", "../secret.txt"), ("zero.txt", "/dev/zero"), ("loop.txt", "loop.txt"),
        ("nowhere.txt", "/nonexistent"), ("up", ".."),
    ):  # fmt: skip
        (pipe.parent / name).symlink_to(target)
    (pipe.parent / "good.txt").write_bytes(b"good")
    assert [path.name for path in list_files(pipe.parent)] == ["good.txt"]


NAMES = {
    "../../../etc/evil.txt": "evil",
    "/etc/evil2.txt": "evil2",
    "..\\..\\evil3.txt": "evil3",
    "C:\\x\\report.txt": "report",
    "\\\\server\\share\\年报 2023.txt": "年报_2023",
    "a\x00b\n.txt": "a_b",
    "...txt": "document",
}


def test_a_name_from_anywhere_leads_nowhere(tmp_path: Path, encoder: HashEncoder) -> None:
    folder = tmp_path / "deep" / "index"
    files = [(name, f"Report {n} of Alpha.\r\nPrice\r\n".encode()) for n, name in enumerate(NAMES)]
    summary = add_documents(files, folder, encoder)
    assert not summary.refused
    assert sorted(summary.added) == sorted(NAMES.values())
    assert [path.name for path in tmp_path.rglob("*") if "evil" in path.name] == []
    assert [path.name for path in tmp_path.iterdir()] == ["deep"]
    with closing(open_store(folder)) as store:
        for doc_id in NAMES.values():
            document = store.document(doc_id)
            assert not {"/", "\\"} & set(document.file_name)
            assert "\r" not in document.text
