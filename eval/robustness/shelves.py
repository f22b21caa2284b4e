"""Shelves to ask of: the shipped reports with others among them, renamed, or in English alone.

Each is a folder of documents and editions made in a temporary place, indexed as usual.
"""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.editions.edition import EDITIONS_DIR, edition_name
from corpus.loaders import list_files
from corpus.reading.identity import document_id
from corpus.schema import Block, BlockKind, Language
from corpus.units import block_units
from eval.cases import Case, Span
from eval.places import Place, Source, Sources
from index.build import build_index
from index.encoder import load_encoder
from index.settings import DOCUMENTS_DIR
from rag.pipeline import Pipeline
from rag.settings import Settings


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder of documents with their editions."""

    documents_dir: Path
    editions_dir: Path

    def open(self, settings: Settings, index_dir: Path) -> Pipeline:
        """Index the folder and open it with the given settings."""
        moved = replace(settings, index_dir=index_dir)
        encoder = load_encoder(settings.encoder)
        build_index(self.documents_dir, index_dir, encoder, editions_dir=self.editions_dir)
        return Pipeline.load(moved)


def shipped_shelf(folder: Path, change: Callable[[str], str] = lambda text: text) -> Shelf:
    """Copy the shipped reports and editions into a folder; `change` rewrites the reports' text."""
    documents, editions = _folders(folder)
    for path in list_files(DOCUMENTS_DIR):
        text = change(path.read_text(encoding="utf-8"))
        (documents / path.name).write_text(text, encoding="utf-8")
    for path in EDITIONS_DIR.glob("*.po"):
        shutil.copy(path, editions / path.name)
    return Shelf(documents, editions)


def without_editions(folder: Path) -> Shelf:
    """Copy the shipped reports alone: an English question must find Chinese text."""
    shelf = shipped_shelf(folder)
    for path in shelf.editions_dir.iterdir():
        path.unlink()
    return shelf


def renamed_shelf(folder: Path) -> tuple[Shelf, dict[str, str]]:
    """Copy the shipped reports under names in the opposite order; returns doc_ids, old to new."""
    documents, editions = _folders(folder)
    paths = list_files(DOCUMENTS_DIR)
    names = {}
    for rank, path in enumerate(reversed(paths)):
        new_name = f"{rank}_{path.name}"
        old_id, new_id = document_id(path.name), document_id(new_name)
        names[old_id] = new_id
        shutil.copy(path, documents / new_name)
        edition = EDITIONS_DIR / edition_name(old_id, Language.ZH)
        if edition.is_file():
            shutil.copy(edition, editions / edition_name(new_id, Language.ZH))
    return Shelf(documents, editions), names


def rename_documents(cases: Sequence[Case], names: Mapping[str, str]) -> list[Case]:
    """Return the cases with the doc_ids of their evidence replaced."""
    return [
        replace(
            case,
            evidence=tuple(replace(s, doc_id=names.get(s.doc_id, s.doc_id)) for s in case.evidence),
        )
        for case in cases
    ]


def english_shelf(folder: Path, pipeline: Pipeline) -> Shelf:
    """Write the English editions as reports of their own, without the Chinese originals."""
    documents, editions = _folders(folder)
    for entry in pipeline.documents():
        renderings = pipeline.index.renderings(entry.doc_id)
        source = Source(
            pipeline.document(entry.doc_id), {(r.start, r.end): r.text for r in renderings}
        )
        name = f"{english_id(entry.doc_id)}.md"
        (documents / name).write_text(_english_text(source), encoding="utf-8")
    return Shelf(documents, editions)


def english_id(doc_id: str) -> str:
    """Return the doc_id of a report's English edition as a report of its own."""
    return f"{doc_id}_en"


def _english_text(source: Source) -> str:
    return "\n\n".join(_english_block(source, block) for block in source.document.blocks) + "\n"


def _english_block(source: Source, block: Block) -> str:
    document = source.document
    if block.table is None:
        text = " ".join(
            _rendered(source, unit.start, unit.end) for unit in block_units(document, block)
        )
        if block.kind is BlockKind.HEADING:
            return "#" * max(1, min(6, block.level)) + " " + text
        return f"- {text}" if block.kind is BlockKind.LIST_ITEM else text
    rows = [
        "| " + " | ".join(_rendered(source, c.start, c.end).replace("|", "/") for c in row) + " |"
        for row in block.table.rows
    ]
    return "\n".join([rows[0], "|" + " --- |" * len(block.table.rows[0]), *rows[1:]])


def _rendered(source: Source, start: int, end: int) -> str:
    text = source.renderings.get((start, end)) or source.document.text[start:end]
    return " ".join(text.split())


def english_cases(cases: Sequence[Case], sources: Sources) -> list[Case]:
    """Return the answerable single cases with their evidence in the English editions."""
    found = []
    for case in cases:
        if not case.answerable or case.history:
            continue
        spans = [_english_span(span, sources) for span in case.evidence]
        found.append(replace(case, evidence=tuple(span for span in spans if span)))
    return [case for case in found if case.evidence]


def _english_span(span: Span, sources: Sources) -> Span | None:
    places = sources.places(span)
    if not places:
        return None
    source = sources.source(span.doc_id)
    text = _rendering_of(source, places[0])
    row = source.row_at(places[0].start)
    label = ""
    if row and span.row:
        block = source.block_at(places[0].start)
        label = _row_label(source, block, places[0]) if block else ""
    return Span(english_id(span.doc_id), text, label) if text else None


def _rendering_of(source: Source, place: Place) -> str:
    """Return the rendering of the unit that holds most of a place, "" when there is none."""
    best = max(
        source.renderings.items(),
        key=lambda item: place.overlap(Place(place.doc_id, *item[0])),
        default=None,
    )
    if best is None or not place.overlap(Place(place.doc_id, *best[0])):
        return ""
    return " ".join(best[1].split())


def _row_label(source: Source, block: Block, place: Place) -> str:
    for row in block.table.rows if block.table else ():
        if row[0].start <= place.start <= row[-1].end:
            return _rendered(source, row[0].start, row[0].end)
    return ""


def _folders(folder: Path) -> tuple[Path, Path]:
    documents, editions = folder / "documents", folder / "editions"
    documents.mkdir(parents=True)
    editions.mkdir()
    return documents, editions
