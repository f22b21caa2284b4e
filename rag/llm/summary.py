"""A whole report → its summary: section by section, then the key points put together.

Every sentence cites sentences of the report, in the first pass and in the second, and is checked
both times against them, not against what the model wrote in between.
"""

import json
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

from corpus.chat.client import StreamingModel
from corpus.chat.errors import Fault
from corpus.schema import BlockKind, Language, Role
from index.opened import OpenedIndex
from index.terms import analyze
from rag.composing.beside import evidence_of_block
from rag.evidence.evidence import Evidence
from rag.llm.drafting import Draft, draft_events
from rag.llm.request import MAX_PIECES, Request, build_request
from rag.llm.tokens import TokenCounter
from rag.llm.verifying import Verifier
from rag.messages import JOINING_SECTIONS, READING_SECTION, SECTIONS_MISSING
from rag.questions.kinds import QuestionKind
from rag.reading import Reading
from rag.schema import Event, EventKind
from rag.verification.drafts import DraftSentence
from rag.verification.vocabulary import Translate

MAX_PARTS = 30
"""Most requests for one report; a longer one is read in its first parts, and that is said."""

_MOST_MISSING = 1 / 3  # share of the parts that may fail
_MAX_POINTS = 8  # of a summary, when the key points could not be put together
# What a question about a whole report says besides its name, in analyzer form.
_WHOLE = frozenset(
    analyze(
        "主要 核心 观点 内容 要点 重点 全文 整份 整篇 整体 结论 看法 讲 说 什么 一 份 篇 文章 摘要 概要 "
        "main key core points point takeaways messages message arguments argument content contents "
        "conclusions overview gist whole entire full document paper piece article brief idea ideas "
        "views view findings nutshell up sum"
    )
)


def reports_of_summary(reading: Reading, index: OpenedIndex) -> list[str]:
    """Return the one report that a question wants summed up as a whole, or nothing.

    It must be the only one that is searched, and the question must name no topic within it.
    """
    question = reading.question
    if QuestionKind.SUMMARY not in question.kinds:
        return []
    documents = reading.documents
    if documents is None:
        documents = tuple(entry.doc_id for entry in index.shelf)
    if len(documents) != 1 or documents[0] not in {entry.doc_id for entry in index.shelf}:
        return []
    metadata = index.document(documents[0]).metadata
    title = set(analyze(f"{metadata.title} {metadata.issuer}"))
    return list(documents) if not set(question.terms) - _WHOLE - title else []


@dataclass(frozen=True, slots=True)
class _Part:
    """Sentences that are read together, and the heading they stand under."""

    heading: str
    pieces: tuple[Evidence, ...]


@dataclass
class Summarising:
    """The work on one summary."""

    model: StreamingModel
    index: OpenedIndex
    counter: TokenCounter
    context_tokens: int
    deadline_s: float  # for each part
    translate: Translate
    language: Language
    note: str = ""
    _points: list[tuple[str, tuple[Evidence, ...]]] = field(default_factory=list)
    _drafts: list[str] = field(default_factory=list)

    def events(
        self, doc_id: str, question: str
    ) -> Generator[Event, None, tuple[Verifier, Draft, Request]]:
        """Yield the progress; return the checked summary, the drafts, and the last request."""
        parts = list(self._parts(doc_id))
        missing = 0
        for number, part in enumerate(parts[:MAX_PARTS], 1):
            shown = READING_SECTION[self.language].format(
                done=number, total=len(parts), section=part.heading
            )
            yield Event(EventKind.STATUS, shown)
            verifier, draft, request = self._read(part)
            self._drafts.append(draft.text)
            missing += bool(draft.fault)
            # A key that is refused will be refused again; a server that fails may recover.
            is_hopeless = draft.fault in _FATAL or missing > _MOST_MISSING * len(parts)
            if draft.fault and is_hopeless:
                return verifier, Draft(self._all_drafts(), draft.fault, draft.reason), request
        missing += max(0, len(parts) - MAX_PARTS)
        if missing:
            self.note = SECTIONS_MISSING[self.language].format(missing=missing, total=len(parts))
        yield Event(EventKind.STATUS, JOINING_SECTIONS[self.language])
        return self._join(question)

    def _read(self, part: _Part) -> tuple[Verifier, Draft, Request]:
        request = build_request(
            self.index, part.pieces, self.counter,
            budget_tokens=self.context_tokens, section=part.heading,
        )  # fmt: skip
        verifier = Verifier(self.index, self.language, self.translate, request.numbered())
        draft = _drained(draft_events(self.model, "section", request, verifier, self.deadline_s))
        if not draft.fault and not draft.declines:
            self._points += [
                (sentence.text, tuple(verifier.evidence[number] for number in ids))
                for sentence, ids in verifier.kept
            ]
        return verifier, draft, request

    def _join(self, question: str) -> tuple[Verifier, Draft, Request]:
        """Let the model order and merge the key points; each keeps the evidence it came with."""
        numbered = _numbered(self._points)
        numbers = {_key(evidence): number for number, evidence in numbered.items()}
        entries = [
            {"id": [numbers[_key(e)] for e in evidence], "text": text}
            for text, evidence in self._within_budget()
        ]
        text = json.dumps({"question": question, "evidence": entries}, ensure_ascii=False)
        request = Request(text, tuple(numbered.values()), self.counter.count(text), 0)
        verifier = Verifier(self.index, self.language, self.translate, numbered)
        draft = _drained(draft_events(self.model, "overview", request, verifier, self.deadline_s))
        self._drafts.append(draft.text)
        if draft.fault or verifier.num_refused > len(verifier.kept):
            verifier = self._points_as_they_are(numbered, numbers)
        return verifier, Draft(self._all_drafts()), request

    def _within_budget(self) -> Iterator[tuple[str, tuple[Evidence, ...]]]:
        used = 0
        for text, evidence in self._points:
            used += self.counter.count(text) + 12
            if used > self.context_tokens:
                return
            yield text, evidence

    def _points_as_they_are(
        self, numbered: dict[int, Evidence], numbers: dict[tuple[str, int, int], int]
    ) -> Verifier:
        """Return the first points of the sections, spread over the report, checked once more."""
        step = max(1, len(self._points) // _MAX_POINTS)
        verifier = Verifier(self.index, self.language, self.translate, numbered)
        for text, evidence in self._points[::step][:_MAX_POINTS]:
            ids = tuple(numbers[_key(item)] for item in evidence)
            verifier.take(DraftSentence(text, ids, starts_item=True, starts_line=True))
        return verifier

    def _all_drafts(self) -> str:
        return "\n\n".join(self._drafts)

    def _parts(self, doc_id: str) -> Iterator[_Part]:
        """Yield the content of a report in runs that one request holds, cut at headings."""
        heading, pieces, used = "", list[Evidence](), 0
        for evidence in self._sentences(doc_id):
            above = evidence.section[0] if evidence.section else ""
            cost = self.counter.count(evidence.text) + 40
            is_full = len(pieces) == MAX_PIECES or used + cost > self.context_tokens
            if pieces and (is_full or (above != heading and len(pieces) >= MAX_PIECES // 2)):
                yield _Part(heading, tuple(pieces))
                pieces, used = [], 0
            if not pieces:
                heading = above
            pieces.append(evidence)
            used += cost
        if pieces:
            yield _Part(heading, tuple(pieces))

    def _sentences(self, doc_id: str) -> Iterator[Evidence]:
        """Yield the sentences of a report's content; tables, captions and sources are left out."""
        prose = {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM}
        for block in self.index.document(doc_id).blocks:
            if block.role is Role.CONTENT and block.kind in prose:
                yield from evidence_of_block(self.index, doc_id, block.ordinal, self.language)


_FATAL = frozenset({Fault.KEY_REFUSED, Fault.NOT_FOUND, Fault.NOT_SET_UP, Fault.UNREACHABLE})


def _drained(events: Generator[Event, None, Draft]) -> Draft:
    """Return the draft; what was streamed of it is not shown."""
    while True:
        try:
            next(events)
        except StopIteration as stop:
            draft: Draft = stop.value
            return draft


def _key(evidence: Evidence) -> tuple[str, int, int]:
    return evidence.doc_id, evidence.start, evidence.end


def _numbered(points: list[tuple[str, tuple[Evidence, ...]]]) -> dict[int, Evidence]:
    """Return the evidence of all points, numbered from 1 in the order of the report."""
    found = {_key(item): item for _, evidence in points for item in evidence}
    return {number: found[key] for number, key in enumerate(sorted(found), 1)}
