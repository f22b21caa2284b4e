"""Evaluation cases: what is asked, which facts an answer must hold, where the reports say it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import AssistantError
from corpus.schema import Language

CASES_DIR = Path(__file__).parent / "cases"


class CaseError(AssistantError):
    """A line of a cases file is no case."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact with the forms in which an answer may state it, per language."""

    forms: Mapping[Language, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Span:
    """Where a report says it: a quote, and for a table cell its row and column labels."""

    doc_id: str
    quote: str
    row: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One question in both languages."""

    case_id: str
    kind: str
    split: str
    difficulty: int
    questions: Mapping[Language, str]
    answerable: bool
    facts: tuple[Fact, ...]
    min_facts: int  # how many of the facts an answer must hold
    evidence: tuple[Span, ...]


def load_cases(path: Path) -> list[Case]:
    """Read a JSON Lines file of cases, in order.

    Raises:
        CaseError: A line is no case; the message names file, line and what is wrong.
    """
    if not path.is_file():
        raise CaseError(f"{path}: no such file; cases are JSON Lines, see {CASES_DIR}/README.md")
    cases = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            cases.append(_case(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CaseError(f"{path}:{number}: not a case ({error!r})") from error
    return cases


def _case(record: dict[str, Any]) -> Case:
    facts = tuple(
        Fact({Language(code): tuple(forms) for code, forms in fact.items()})
        for fact in record["facts"]
    )
    return Case(
        case_id=record["id"],
        kind=record["kind"],
        split=record["split"],
        difficulty=int(record.get("difficulty", 1)),
        questions={Language(code): text for code, text in record["questions"].items()},
        answerable=bool(record["answerable"]),
        facts=facts,
        min_facts=int(record.get("min_facts", len(facts))),
        evidence=tuple(
            Span(span["doc_id"], span["quote"], span.get("row", ""), span.get("column", ""))
            for span in record["evidence"]
        ),
    )
