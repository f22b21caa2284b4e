"""Editions: a document rendered in the other language, unit by unit, in a gettext PO file.

    #. block 12, paragraph
    msgid "2020年中国 AI+安防软硬件市场规模达453亿元，…"
    msgstr "China's AI+security hardware and software market reached RMB 45.3 billion in 2020, …"

An entry belongs to the units whose text is exactly its msgid, so order and table shape are the
document's own, equal cells read alike, and an entry whose original has changed is stale, never
used. Units without a letter of the document's language (figures, product names) need no entry.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import EditionError
from corpus.language import count_han
from corpus.schema import Document, Language, Rendering
from corpus.units import Unit, document_units

EDITIONS_DIR = Path(__file__).parent / "editions"


@dataclass(frozen=True, slots=True)
class Edition:
    """A document in another language, and where the edition and the document disagree."""

    language: Language
    renderings: tuple[Rendering, ...]  # in the order of the document
    missing: tuple[Unit, ...]  # units that need an entry and have none
    stale: tuple[str, ...]  # originals of entries that no unit has any more


def other_language(language: Language) -> Language:
    """Return the language that an edition of a document in `language` is written in."""
    return Language.EN if language is Language.ZH else Language.ZH


def edition_name(doc_id: str, language: Language) -> str:
    """Return the file name of the edition of a document in `language`."""
    return f"{doc_id}.{other_language(language).value}.po"


def edition_sha256(path: Path) -> str:
    """Return the hash of an edition's file, "" when there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def load_edition(document: Document, path: Path) -> Edition | None:
    """Read the edition of a document, None when the file does not exist.

    Raises:
        EditionError: The file is no PO file in UTF-8.
    """
    if not path.is_file():
        return None
    import polib

    try:
        entries = polib.pofile(str(path), encoding="utf-8")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise EditionError(
            f"{path} is no edition ({error}); it must be a gettext PO file in UTF-8"
        ) from error
    texts = {
        entry.msgid: entry.msgstr
        for entry in entries
        if entry.msgstr and not entry.obsolete and not entry.fuzzy
    }
    return _match(document, texts)


def _match(document: Document, texts: dict[str, str]) -> Edition:
    renderings: list[Rendering] = []
    missing: list[Unit] = []
    used: set[str] = set()
    for unit in document_units(document):
        original = document.text[unit.start : unit.end]
        if original in texts:
            used.add(original)
            renderings.append(Rendering(unit.start, unit.end, texts[original]))
        elif needs_rendering(original, document.language):
            missing.append(unit)
        else:
            renderings.append(Rendering(unit.start, unit.end, original))
    return Edition(
        language=other_language(document.language),
        renderings=tuple(renderings),
        missing=tuple(missing),
        stale=tuple(sorted(texts.keys() - used)),
    )


def needs_rendering(text: str, language: Language) -> bool:
    """Say whether a unit holds words of its language: a figure or a Latin name stays as it is."""
    if language is Language.ZH:
        return count_han(text) > 0
    return any(char.isalpha() for char in text)


def write_edition(document: Document, texts: dict[str, str], path: Path) -> None:
    """Write an edition: one entry per different unit, in the order of the document.

    Units that are not in `texts` become entries without a rendering, to be filled in.
    """
    import polib

    file = polib.POFile(wrapwidth=100)
    file.metadata = {
        "Language": other_language(document.language).value,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "X-Document": document.file_name,
    }
    for block, original in _needed(document):
        file.append(
            polib.POEntry(
                msgid=original,
                msgstr=texts.get(original, ""),
                comment=f"block {block}, {document.blocks[block].kind.value}",
            )
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    file.save(str(path))


def _needed(document: Document) -> Iterable[tuple[int, str]]:
    seen: set[str] = set()
    for unit in document_units(document):
        original = document.text[unit.start : unit.end]
        if original not in seen and needs_rendering(original, document.language):
            seen.add(original)
            yield unit.block, original
