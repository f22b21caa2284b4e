"""Answers without a language model: the sentences or cells that answer, quoted exactly."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.search import Index
from rag.beside import read_on
from rag.cell_units import table_unit_of
from rag.evidence import Evidence
from rag.kinds import QuestionKind
from rag.lists import list_around
from rag.messages import FROM_REPORT, LABEL
from rag.parts import choose
from rag.question import Question
from rag.scoring import ScoredEvidence
from rag.trim import is_long, is_thin, trim_evidence

# A text up to this share of an answer's room has room for the sentence after it.
_WORTH_READING_ON = 0.7
# The next sentence is read if it scores this share of the best: together they are one thought.
_NEARLY = 0.75
_ENDS_IN_DIGIT = re.compile(r"\d\)?$")
_LONGEST_UNIT = 8  # characters; longer ones are phrases: "$ in millions"


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the answer with the evidence that carries it."""

    text: str
    evidence: Evidence


def compose(
    question: Question,
    ranked: Sequence[ScoredEvidence],
    index: Index,
    weights: Mapping[str, float],
) -> list[Statement]:
    """Return the statements that answer, given evidence best first; ranked must not be empty."""
    # The items of a list are short, and their numbers would be the first thing to be cut.
    evidence = list_around(question, ranked[0], index)
    if not evidence:
        scores = {(item.evidence.doc_id, item.evidence.start): item.score for item in ranked}
        evidence = [
            _to_size(question, item, index, weights, scores)
            for item in choose(question, ranked, weights)
        ]
    by_report = question.kind is QuestionKind.CROSS_REPORT
    return [
        Statement(_by_report(item, index) if by_report else _wording(item), item)
        for item in _without_contained(evidence)
    ]


def _to_size(
    question: Question,
    evidence: Evidence,
    index: Index,
    weights: Mapping[str, float],
    scores: Mapping[tuple[str, int], float],
) -> Evidence:
    """Return evidence cut to what can be pasted, or read on.

    Read on where it only announces, and where the next sentence answers nearly as well.
    """
    if evidence.is_cell or is_long(evidence.text, share=_WORTH_READING_ON):
        return trim_evidence(question, evidence, weights)
    following = read_on(index, evidence)
    if following is not None:
        longer, start = following
        own = scores.get((evidence.doc_id, evidence.start), 0.0)
        answers = scores.get((evidence.doc_id, start), 0.0) >= _NEARLY * own > 0
        if (answers or is_thin(question, evidence)) and not is_long(longer.text):
            return longer
    return trim_evidence(question, evidence, weights)


def _without_contained(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Drop evidence whose quote lies within that of another."""
    return [
        item
        for item in evidence
        if not any(
            other is not item
            and other.doc_id == item.doc_id
            and other.start <= item.start
            and item.end <= other.end
            and (other.end - other.start) > (item.end - item.start)
            for other in evidence
        )
    ]


def _by_report(evidence: Evidence, index: Index) -> str:
    """Return the wording with whose view it is, and of when."""
    metadata = index.document(evidence.doc_id).metadata
    source = metadata.issuer or metadata.title
    date = f" {metadata.date}" if metadata.date else ""
    return FROM_REPORT[evidence.language].format(issuer=source, date=date, text=_wording(evidence))


def _wording(evidence: Evidence) -> str:
    text = evidence.text.strip()
    if not evidence.is_cell:
        return text
    label = " · ".join(filter(None, [evidence.row, evidence.column]))
    return LABEL[evidence.language].format(label=label, text=f"{text}{_unit(evidence, text)}")


def _unit(evidence: Evidence, text: str) -> str:
    """Return the table's unit for a bare figure: right behind it, in brackets when it is a phrase."""
    unit = table_unit_of(evidence.unit, f"{evidence.row} {evidence.column}")
    if not unit or unit in text or not _ENDS_IN_DIGIT.search(text):
        return ""
    if len(unit) > _LONGEST_UNIT:
        return f" ({unit})"
    if not text[:1].isdigit() and text[:1] not in "-−(（":
        return ""  # $1.25 has its currency
    return f" {unit}" if unit[:1].isascii() else unit
