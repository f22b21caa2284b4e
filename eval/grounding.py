"""What an answer rests on: citations against statements, quotes against reports, figures, places.

Statement and citation are judged by code, not by a model: a statement is carried by its citations
when every quantity in it is supported by them and most of its terms stand in them. That is exact for
answers in the words of the reports; a free paraphrase may be judged too strictly (`judge.py`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from corpus.quantities import missing_quantities, parse_quantities
from corpus.schema import Language
from corpus.sentences import sentence_spans
from eval.cases import Case
from eval.metrics import holds_fact
from eval.places import Place, Sources
from index.terms import analyze
from rag.schema import Answer, Citation

MIN_TERMS_CARRIED = 0.6
"""Share of a statement's terms that its citations must hold; connecting words are the rest."""

_MARKERS = re.compile(r"(?:\s*\[\d+\])+")
_MARKER = re.compile(r"\[(\d+)\]")
_ROW = re.compile(r"\|.*\|$")
_RULE = re.compile(r"\|[\s|:-]+\|$")
# The assistant's own remarks stand in brackets on a line of their own, without a marker.
_NOTE = re.compile(r"[（(][^（()）\[\]]*[)）]")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of an answer with the numbers of the citations behind it."""

    text: str
    markers: tuple[int, ...]


def split_statements(text: str) -> list[Statement]:
    """Cut an answer into sentences, each with its markers.

    Markers after a full stop belong to the sentence before; a sentence without any has those of the
    next one in its line that has some. A note of the assistant in brackets is no statement.

    >>> [s.markers for s in split_statements("A grew. [1] B fell [2][3]. C too.")]
    [(1,), (2, 3), ()]
    """
    statements: list[Statement] = []
    lines = [line.strip() for line in text.split("\n")]
    for line, following in pairwise([*lines, ""]):
        if _ROW.match(line):
            # The header of a table states nothing, and each cell stands behind the name of its row.
            name, *cells = ("", "") if _RULE.match(following) else line.strip("| ").split("|")
            for cell in cells:
                statements += _line_statements(
                    f"{name.strip()}: {cell.strip()}" * bool(_MARKER.search(cell))
                )
        elif not _NOTE.fullmatch(line):
            statements += _line_statements(line.removeprefix("- "))
    return statements


def _line_statements(line: str) -> list[Statement]:
    # Markers are moved before the full stop, so that sentences can be cut behind it.
    moved = re.sub(r"([。！？；.!?;])((?:\s*\[\d+\])+)", r"\2\1", line)
    found: list[Statement] = []
    waiting: list[str] = []
    for start, end in sentence_spans(moved):
        piece = moved[start:end]
        markers = tuple(int(number) for number in _MARKER.findall(piece))
        said = _MARKERS.sub("", piece).strip()
        if not said.strip("。！？；.!?; "):
            continue
        if not markers:
            waiting.append(said)
            continue
        found += [Statement(text, markers) for text in (*waiting, said)]
        waiting = []
    return found + [Statement(text, ()) for text in waiting]


@lru_cache(maxsize=1 << 13)
def _terms(text: str) -> frozenset[str]:
    return frozenset(analyze(text))


def is_carried(statement: str, evidence: str) -> bool:
    """Say whether evidence carries a statement: every quantity, and most of the terms."""
    if missing_quantities(statement, evidence):
        return False
    terms = _terms(statement)
    return len(terms & _terms(evidence)) >= MIN_TERMS_CARRIED * len(terms)


def grounding_scores(answer: Answer, sources: Sources) -> Mapping[str, float | None]:
    """Return what can be said of an answer without its case; None where there is nothing to judge.

    - citation_recall: share of the statements that their citations carry, which is the share of
      grounded sentences. citation_precision: share of the citations behind a carried statement that
      it needs: one that carries nothing alone and is not missed is too much; a citation behind a
      statement that is not carried counts as wrong. Source: Gao et al., ALCE, EMNLP 2023,
      https://doi.org/10.18653/v1/2023.emnlp-main.398, with a test by code in place of their model.
    - number_support: share of the quantities in the answer that its citations support.
    - quotes_exact: share of the quotes that are exactly what their report says there.
    - labels_true: share of the citations whose printed page and section are those of the quote.
    """
    evidence = {citation.marker: _meaning(citation, sources) for citation in answer.citations}
    statements = split_statements(answer.text)
    carried = [is_carried(s.text, _joined(evidence, s.markers)) for s in statements]
    needed = [
        held and _is_needed(statement, marker, evidence)
        for statement, held in zip(statements, carried, strict=True)
        for marker in statement.markers
    ]
    return {
        "citation_recall": _share(carried),
        "citation_precision": _share(needed),
        "number_support": _number_support(statements, evidence),
        "quotes_exact": _share([_is_exact(citation, sources) for citation in answer.citations]),
        "labels_true": _share([_labels_true(citation, sources) for citation in answer.citations]),
    }


def _meaning(citation: Citation, sources: Sources) -> str:
    place = Place(citation.doc_id, citation.start, citation.end)
    parts = (citation.quote, citation.translation or "", citation.section)
    return "\n".join([*parts, sources.source(citation.doc_id).meaning_at(place)])


def _joined(evidence: Mapping[int, str], markers: Sequence[int]) -> str:
    return "\n".join(evidence.get(marker, "") for marker in markers)


def _is_needed(statement: Statement, marker: int, evidence: Mapping[int, str]) -> bool:
    others = [other for other in statement.markers if other != marker]
    return is_carried(statement.text, evidence.get(marker, "")) or not is_carried(
        statement.text, _joined(evidence, others)
    )


def _number_support(statements: Sequence[Statement], evidence: Mapping[int, str]) -> float | None:
    num = missing = 0
    for statement in statements:
        num += len(parse_quantities(statement.text))
        missing += len(missing_quantities(statement.text, _joined(evidence, statement.markers)))
    return 1 - missing / num if num else None


def _is_exact(citation: Citation, sources: Sources) -> bool:
    text = sources.source(citation.doc_id).document.text
    return text[citation.start : citation.end] == citation.quote


def _labels_true(citation: Citation, sources: Sources) -> bool:
    source = sources.source(citation.doc_id)
    page = source.document.page_at(citation.start)
    block = source.block_at(citation.start)
    pages = {page, block.page if block else None}
    return citation.page in pages and citation.section == source.section_at(citation.start)


def evidence_scores(case: Case, answer: Answer, sources: Sources) -> Mapping[str, float | None]:
    """Return how the citations of an answer meet the evidence that its case names.

    - cited: some citation is right: it overlaps evidence, or states all the facts elsewhere, since
      reports repeat themselves.
    - evidence_precision: share of the citations that are right; 0 without citations.
    - evidence_recall: share of the spans of evidence that some citation overlaps, or that cites facts
      in full elsewhere counts as all of them.
    - right_section, right_page: some citation stands under the same headings, on the same page, as
      evidence; None where the report has none.
    """
    spans = sources.case_places(case)
    cited = [Place(c.doc_id, c.start, c.end) for c in answer.citations]
    states = [_states_facts(case, citation) for citation in answer.citations]
    right = [
        full or any(place.overlap(other) for places in spans for other in places)
        for place, full in zip(cited, states, strict=True)
    ]
    met = [any(p.overlap(other) for p in cited for other in places) for places in spans]
    needed = min(len(spans), case.min_facts)
    return {
        "cited": float(any(right)),
        "evidence_precision": _share(right) or 0.0,
        "evidence_recall": 1.0 if any(states) else min(1.0, sum(met) / max(1, needed)),
        **_same_places(case, answer, spans, sources),
    }


def _same_places(
    case: Case, answer: Answer, spans: Sequence[Sequence[Place]], sources: Sources
) -> dict[str, float | None]:
    sections: set[tuple[str, str]] = set()
    pages: set[tuple[str, int | None]] = {
        (span.doc_id, span.page) for span in case.evidence if span.page is not None
    }
    has_pages = bool(pages)
    for place in (place for places in spans for place in places):
        source = sources.source(place.doc_id)
        sections.add((place.doc_id, source.section_at(place.start)))
        if not has_pages:
            pages.add((place.doc_id, source.document.page_at(place.start)))
    pages = {page for page in pages if page[1] is not None}
    return {
        "right_section": float(any((c.doc_id, c.section) in sections for c in answer.citations))
        if sections
        else None,
        "right_page": float(any((c.doc_id, c.page) in pages for c in answer.citations))
        if pages
        else None,
    }


def _states_facts(case: Case, citation: Citation) -> bool:
    """Say whether a citation states every needed fact, in the original or its rendering.

    Not of a table cell: the same figure in another row is another fact.
    """
    if any(span.row or span.column for span in case.evidence):
        return False
    held = sum(
        any(
            holds_fact(text, fact, language)
            for language in Language
            for text in (citation.quote, citation.translation or "")
        )
        for fact in case.facts
    )
    return bool(case.facts) and held >= case.min_facts


def _share(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None
