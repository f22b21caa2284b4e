"""Questions that ask one report this and another that: "X市值多少（浙商）？东吴又怎么看它？".

Each part that names one report is asked of that report alone, with the names of the part before where
it has none of its own.
"""

import re
from collections.abc import Collection

from corpus.schema import Language
from index.terms import analyze
from rag.composing.by_thing import answer_by_thing
from rag.composing.draft import Composed, Draft, Statement
from rag.composing.extractive import compose
from rag.composing.ratings import answer_ratings, asks_one_rating
from rag.composing.reports import said_by_report, silent_note
from rag.evidence.abstain import decide
from rag.evidence.finding import Finder
from rag.evidence.scoring import ScoredEvidence
from rag.questions.asking import only_asks
from rag.questions.issuers import without_issuers
from rag.questions.naming import name_terms, names_written
from rag.questions.question import Question, parse_question

_PARTS_ZH = re.compile(
    r"[，,；;？?。：:]|\s(?:and|while|whereas|but)\s|(?<=[\u4e00-\u9fff）)”」\"])(?:和|而|又)(?=[\u4e00-\u9fff])"
)
_PARTS_EN = re.compile(
    r"[;?:]|\.\s|,?\s(?:and|while|whereas|but)\s(?=(?:what|which|who|whose|how|when|where|why|is|are|does|do|did|has|"
    r"have|[A-Z])[\w’']*\b)|,\s",
)
# What is asked of all parts stands behind the last: "A的“减持”和B的“卖出”分别是多少？"
_OF_ALL = re.compile(r"(?:分别|各自)(?P<tail>[^，。？?]{2,})")
# "How does Soochow rate its model capability?" asks for the capability.
_HOW_IT_SEES = re.compile(
    r"\bhow (?:do|does|did) (?P<house>[^?,]{1,40}?) (?:rate|view|see|judge|assess|describe|characteri[sz]e)\b",
    re.IGNORECASE,
)
_LEAST_CONFIDENCE = 0.3  # a part that names its report is sure of where to look
_MOST_PARTS = 3


def answer_by_report(
    question: Question, finder: Finder, documents: Collection[str] | None
) -> Composed | None:
    """Return what each report says to its own part of a question, in the order asked.

    None for a question that asks all reports the same, or where no part is answered.
    """
    if len(question.documents or ()) < 2 or _names_together(question.text, finder.issuers):
        return None
    parts = _parts(question, finder)
    if asks_one_rating(question, parts) and (rated := answer_ratings(question, finder, documents)):
        return rated
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
    if both := answer_by_thing(part, ranked, finder, allowed, is_sure=True):
        return both
    verdict = decide(ranked, part.kind)
    if verdict.confidence < _LEAST_CONFIDENCE:
        return None
    weights = {term: finder.weight(term) for term in part.terms}
    return Composed(compose(part, verdict.evidence, finder.index, weights), verdict.evidence)


def _parts(question: Question, finder: Finder) -> list[Question]:
    """Return the parts that name one report each and ask something; [] where they do not come apart."""
    cuts = (_PARTS_EN, _PARTS_ZH) if question.language is Language.EN else (_PARTS_ZH,)
    pieces = (_pieces(question.text, cut, finder) for cut in cuts)
    before, found = next((piece for piece in pieces if len(piece[1]) > 1), ("", []))
    if len({named for _, named in found}) < len(found):
        return []
    # "I want a feel for Midjourney's margin. What does …": of what leads to the parts its names count.
    shared = names_written(before) or before
    subject = ""
    of_all = _OF_ALL.search(found[-1][0]) if found else None
    tail = of_all["tail"] if of_all else ""
    parts: list[Question] = []
    for text, _ in found:
        own = without_issuers(text, finder.issuers)
        if not _says_something(own):
            return []
        if tail and tail not in text:
            text = f"{text}{tail}"
        if not name_terms(own) and subject and not shared:
            text = f"{subject} {text}"
        subject = subject or names_written(own)
        text = _HOW_IT_SEES.sub(r"what of \g<house>", f"{shared} {text}".strip())
        parts.append(parse_question(text, language=question.language, issuers=finder.issuers))
    return parts


def _pieces(
    text: str, cut: re.Pattern[str], finder: Finder
) -> tuple[str, list[tuple[str, tuple[str, ...]]]]:
    """Return what leads to the parts of a question, and the parts, each with the report that it names."""
    found: list[tuple[str, tuple[str, ...]]] = []
    before = ""
    for piece in filter(None, (part.strip() for part in cut.split(text))):
        named = parse_question(piece, issuers=finder.issuers).documents or ()
        if len(named) > 1:
            return before, []
        if named:
            found.append((piece, named))
        elif found:
            # What follows a part belongs to it.
            found[-1] = (f"{found[-1][0]}，{piece}", found[-1][1])
        else:
            before = f"{before} {piece}".strip()
    return before, found


def _names_together(text: str, issuers: Collection[str]) -> bool:
    """Say whether a text names two houses in one breath, and so asks both the same.

    >>> houses = ["东吴", "浙商"]
    >>> _names_together("东吴和浙商的买入门槛？", houses), _names_together("东吴的买入和浙商的增持？", houses)
    (True, False)
    """
    house = "|".join(re.escape(name) for name in sorted(issuers, key=len, reverse=True))
    return bool(house) and (
        re.search(
            rf"(?:{house})(?:['’]s)?(?:\s*[和与跟、&]\s*|,? (?:and|or) |, )(?:{house})",
            text,
            re.IGNORECASE,
        )
        is not None
    )


def _says_something(text: str) -> bool:
    return any(not only_asks(term) for term in analyze(text))
