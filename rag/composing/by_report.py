"""Questions that ask one report this and another that: "X市值多少（浙商）？东吴又怎么看它？".

Each part that names one report is asked of that report alone, with the names of the part before where
it has none of its own.
"""

import re
from collections.abc import Collection

from index.terms import analyze
from rag.composing.draft import Composed, Draft, Statement
from rag.composing.extractive import compose
from rag.composing.ratings import answer_ratings
from rag.composing.reports import said_by_report, silent_note
from rag.evidence.abstain import decide
from rag.evidence.finding import Finder
from rag.evidence.scoring import ScoredEvidence
from rag.questions.asking import only_asks
from rag.questions.issuers import without_issuers
from rag.questions.naming import name_terms, names_written
from rag.questions.question import Question, parse_question

_PARTS = re.compile(
    r"[，,；;？?。：:]|\s(?:and|while|whereas|but)\s|(?<=[\u4e00-\u9fff）)”」\"])(?:和|而|又)(?=[\u4e00-\u9fff])"
)
# What is asked of all parts stands behind the last: "A的“减持”和B的“卖出”分别是多少？"
_OF_ALL = re.compile(r"(?:分别|各自)(?P<tail>[^，。？?]{2,})")
_LEAST_CONFIDENCE = 0.3  # a part that names its report is sure of where to look
_MOST_PARTS = 3


def answer_by_report(
    question: Question, finder: Finder, documents: Collection[str] | None
) -> Composed | None:
    """Return what each report says to its own part of a question, in the order asked.

    None for a question that asks all reports the same, or where no part is answered.
    """
    if len(question.documents or ()) < 2:
        return None
    parts = _parts(question, finder)
    if not 2 <= len(parts) <= _MOST_PARTS:
        return None
    index, language = finder.index, question.language
    statements: list[Statement] = []
    evidence: list[ScoredEvidence] = []
    silent: list[str] = []
    for part in parts:
        allowed = [d for d in part.documents or () if documents is None or d in documents]
        composed = _answered(part, finder, allowed)
        if composed is None:
            silent += allowed
            continue
        first, *rest = composed.draft.evidence
        statements.append(said_by_report(first, index, language, rest))
        evidence += composed.evidence
    if not statements:
        return None
    return Composed(
        Draft(tuple(statements), notes=silent_note(silent, index, language)), tuple(evidence)
    )


def _answered(part: Question, finder: Finder, allowed: Collection[str]) -> Composed | None:
    """Return what one report says to a part of a question; None where nothing is likely enough."""
    if rated := answer_ratings(part, finder, allowed):
        return rated
    ranked = finder.score(part, finder.search(part, allowed)) if allowed else []
    verdict = decide(ranked, part.kind)
    if verdict.confidence < _LEAST_CONFIDENCE:
        return None
    weights = {term: finder.weight(term) for term in part.terms}
    return Composed(compose(part, verdict.evidence, finder.index, weights), verdict.evidence)


def _parts(question: Question, finder: Finder) -> list[Question]:
    """Return the parts that name one report each and ask something; [] where they do not come apart."""
    found: list[tuple[str, tuple[str, ...]]] = []
    before = ""
    for text in filter(None, (part.strip() for part in _PARTS.split(question.text))):
        named = parse_question(text, issuers=finder.issuers).documents or ()
        if not named:
            if found:
                # What follows a part belongs to it.
                found[-1] = (f"{found[-1][0]}，{text}", found[-1][1])
            else:
                before = f"{before} {text}".strip()
        elif len(named) == 1:
            found.append((text, named))
        else:
            return []
    if len({named for _, named in found}) < len(found):
        return []
    subject = before
    of_all = _OF_ALL.search(found[-1][0]) if found else None
    tail = of_all["tail"] if of_all else ""
    parts: list[Question] = []
    for text, _ in found:
        own = without_issuers(text, finder.issuers)
        if not _says_something(own):
            return []
        if tail and tail not in text:
            text = f"{text}{tail}"
        if not name_terms(own) and subject:
            text = f"{subject} {text}"
        subject = subject or names_written(own)
        parts.append(parse_question(text, language=question.language, issuers=finder.issuers))
    return parts


def _says_something(text: str) -> bool:
    return any(not only_asks(term) for term in analyze(text))
