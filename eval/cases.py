"""Evaluation cases: what is asked, which facts an answer must hold, where the reports say it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.errors import AssistantError
from corpus.schema import Language

CASES_DIR = Path(__file__).parent / "cases"
SPLITS = ("dev", "test")
CONVERSATION = "conversation"  # kind of every turn of a conversation
KINDS = (
    "number", "date", "entity", "list", "definition", "table_cell", "comparison", "cause",
    "yes_no", "cross_report", "summary", "unanswerable", CONVERSATION,
)  # fmt: skip


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
    page: int | None = None  # counted from 1, where the case says it


@dataclass(frozen=True, slots=True)
class Case:
    """One question in the languages it is asked in."""

    case_id: str
    kind: str
    split: str
    difficulty: int
    questions: Mapping[Language, str]
    answerable: bool
    facts: tuple[Fact, ...]
    min_facts: int  # how many of the facts an answer must hold
    evidence: tuple[Span, ...]
    polarity: str = ""  # "yes" or "no" in yes/no cases
    note: str = ""
    history: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)  # earlier questions


def load_cases(path: Path) -> list[Case]:
    """Read a JSON Lines file of cases and conversations, in order; a turn is a case of its own.

    Raises:
        CaseError: A line is no case; the message names file, line and what is wrong.
    """
    if not path.is_file():
        raise CaseError(f"{path}: no such file; cases are JSON Lines, see eval/cases/README.md")
    cases: list[Case] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            cases.extend(read_record(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CaseError(f"{path}:{number}: not a case ({error!r})") from error
    return cases


def load_split(split: str) -> list[Case]:
    """Read the shipped cases of a split, then its conversations.

    Raises:
        CaseError: No such split, or a line is no case.
    """
    if split not in SPLITS:
        raise CaseError(f"no split {split!r}; there are {' and '.join(SPLITS)}")
    talks = load_cases(CASES_DIR / "conversations.jsonl")
    single = load_cases(CASES_DIR / f"{split}.jsonl")
    return single + [case for case in talks if case.split == split]


def read_record(record: dict[str, Any]) -> Iterator[Case]:
    """Yield the case of a record, or the cases of a conversation's turns.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: It is neither.
    """
    if "turns" not in record:
        yield _case(record)
        return
    earlier: list[dict[Language, str]] = []
    for number, turn in enumerate(record["turns"], start=1):
        case = _case(
            {
                "kind": CONVERSATION,
                **turn,
                "id": f"{record['id']}.{number}",
                "split": record["split"],
            },
            history={
                Language(code): tuple(questions[Language(code)] for questions in earlier)
                for code in turn["questions"]
            },
        )
        yield case
        earlier.append(dict(case.questions))


def _case(
    record: dict[str, Any], history: Mapping[Language, tuple[str, ...]] | None = None
) -> Case:
    facts = tuple(
        Fact({Language(code): tuple(forms) for code, forms in fact.items()})
        for fact in record["facts"]
    )
    if not all(form.strip() for fact in facts for forms in fact.forms.values() for form in forms):
        raise ValueError("a fact has an empty form; any reply would hold it")
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
            Span(
                span["doc_id"],
                span["quote"],
                span.get("row", ""),
                span.get("column", ""),
                span.get("page", record.get("page")),
            )
            for span in record["evidence"]
        ),
        polarity=record.get("polarity", ""),
        note=record.get("note", ""),
        history=history or {},
    )
