"""Editions: a document rendered in the other language, unit by unit, in a gettext PO file.

    #. block 12, paragraph
    msgid "2020年中国 AI+安防软硬件市场规模达453亿元，…"
    msgstr "China's AI+security hardware and software market reached RMB 45.3 billion in 2020, …"

An entry belongs to the units whose text is exactly its msgid, so order and table shape are the
document's own, equal cells read alike, and an entry whose original has changed is stale, never
used. Units without a letter of the document's language (figures, product names) need no entry.
A rendering whose figures differ from the original's is not used either: its unit counts as missing.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.editions.figures import FigureDifference, check_figures
from corpus.errors import EditionError
from corpus.language import count_han
from corpus.schema import Document, Language, Rendering
from corpus.units import Unit, document_units

EDITIONS_DIR = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Edition:
    """A document in another language, and where the edition and the document disagree."""

    language: Language
    renderings: tuple[Rendering, ...]  # in the order of the document
    missing: tuple[Unit, ...]  # units that need a rendering and have none that can be used
    stale: tuple[str, ...]  # originals of entries that no unit has any more
    differences: tuple[FigureDifference, ...] = ()  # why some of the missing ones are not used


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

    Every rendering is checked against its original; one with other figures is reported in
    `differences` and left out.

    Raises:
        EditionError: The file is no PO file in UTF-8, or renders one original in two ways.
    """
    return match_edition(document, read_entries(path)) if path.is_file() else None


def read_entries(path: Path) -> dict[str, str]:
    """Return the entries of an edition's file that are filled in: original to rendering.

    Obsolete and fuzzy entries are left out, as gettext does.

    Raises:
        EditionError: The file is no PO file in UTF-8, or renders one original in two ways.
    """
    import polib

    try:
        entries = polib.pofile(str(path), encoding="utf-8")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise EditionError(
            f"{path} is no edition ({error}); it must be a gettext PO file in UTF-8"
        ) from error
    texts: dict[str, str] = {}
    for entry in entries:
        if not entry.msgstr or entry.obsolete or entry.fuzzy:
            continue
        if texts.setdefault(entry.msgid, entry.msgstr) != entry.msgstr:
            raise EditionError(
                f"{path}, line {entry.linenum}: a second rendering of {entry.msgid[:60]!r}; "
                "keep one entry, it serves every place with that text"
            )
    return texts


def match_edition(document: Document, texts: Mapping[str, str]) -> Edition:
    """Lay entries over a document: which units they render, which are missing, which are stale."""
    renderings: list[Rendering] = []
    missing: list[Unit] = []
    units: dict[int, Unit] = {}
    used: set[str] = set()
    for unit in document_units(document):
        original = document.text[unit.start : unit.end]
        units[unit.start] = unit
        if original in texts:
            used.add(original)
            renderings.append(Rendering(unit.start, unit.end, texts[original]))
        elif needs_rendering(original, document.language):
            missing.append(unit)
        else:
            renderings.append(Rendering(unit.start, unit.end, original))
    differences = check_figures(document, renderings)
    refused = {difference.start for difference in differences}
    missing += [units[start] for start in refused]
    return Edition(
        language=other_language(document.language),
        renderings=tuple(item for item in renderings if item.start not in refused),
        missing=tuple(sorted(missing, key=lambda unit: unit.start)),
        stale=tuple(sorted(texts.keys() - used)),
        differences=differences,
    )


def needs_rendering(text: str, language: Language) -> bool:
    """Say whether a unit holds words of its language: a figure or a Latin name stays as it is."""
    if language is Language.ZH:
        return count_han(text) > 0
    return any(char.isalpha() for char in text)


def write_edition(document: Document, texts: Mapping[str, str], path: Path) -> None:
    """Write an edition: one entry per different unit, in the order of the document.

    Units that are not in `texts` become entries without a rendering, to be filled in. Texts of no
    unit are kept as obsolete entries, so that work is never lost to a changed document. The file
    is replaced as a whole or not at all.
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
    written: set[str] = set()
    for unit in units_to_render(document):
        original = document.text[unit.start : unit.end]
        written.add(original)
        block = document.blocks[unit.block]
        file.append(
            polib.POEntry(
                msgid=original,
                msgstr=texts.get(original, ""),
                comment=f"block {block.ordinal}, {block.kind.value}",
            )
        )
    for original in sorted(texts.keys() - written):
        file.append(polib.POEntry(msgid=original, msgstr=texts[original], obsolete=True))
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    file.save(str(unfinished))
    os.replace(unfinished, path)


def units_to_render(document: Document) -> list[Unit]:
    """Return the units that need a rendering in order, the first one of each different text."""
    seen: set[str] = set()
    units = []
    for unit in document_units(document):
        original = document.text[unit.start : unit.end]
        if original not in seen and needs_rendering(original, document.language):
            seen.add(original)
            units.append(unit)
    return units
