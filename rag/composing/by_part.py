"""Questions that ask several things of one subject: "who built it, and when?".

Each part that asks is answered on its own, with the names of the part before where it has none. Only if all
parts are answered, and by different evidence; else the question is read as one.
"""

import re
from collections.abc import Collection

from corpus.language import question_language
from corpus.schema import Language
from index.terms import analyze, simplify
from rag.composing.draft import Composed, Draft, Statement
from rag.composing.extractive import compose, wording
from rag.evidence.abstain import decide
from rag.evidence.evidence import Evidence
from rag.evidence.finding import Finder
from rag.evidence.holding import is_named
from rag.evidence.qualifiers import one_of_several
from rag.evidence.scoring import ScoredEvidence
from rag.questions.asking import only_asks
from rag.questions.issuers import common
from rag.questions.kinds import QuestionKind
from rag.questions.naming import name_terms, names_written
from rag.questions.question import Question, parse_question

_OF_ONE = frozenset(
    {
        QuestionKind.NUMBER,
        QuestionKind.DATE,
        QuestionKind.ENTITY,
        QuestionKind.OTHER,
        QuestionKind.DEFINITION,
        QuestionKind.LIST,
    }
)
CUT_ZH = re.compile(
    r"[，,；;、？?。]|以及|还有|(?<=[\u4e00-\u9fff])和(?=[\u4e00-\u9fff]{1,8}(?:是多少|是什么|是谁|几))"
)
"""Where a Chinese question may go on to another thing that it asks."""
_CUT_EN = re.compile(
    r"[?;:]|,? and (?=(?:(?:in|at|on|by|from|for) )?(?:what|who|whose|when|where|which|how)\b)|"
    r"[.,] (?=(?:what|who|when|where|which|how)\b)",
    re.IGNORECASE,
)
ASKS = re.compile(
    r"什么|多少|谁|哪|几|多[大长高快久]|如何|怎|\b(?:what|which|who|whose|when|where|how)\b",
    re.IGNORECASE,
)
"""What asks in a part of a question."""
_OWNER = re.compile(r"(?P<owner>[\u4e00-\u9fff]{2,10}?)的")
_MOST_PARTS = 3


def answer_by_part(
    question: Question, finder: Finder, documents: Collection[str] | None
) -> Composed | None:
    """Return an answer to each part of a question, in order; None where it is one question."""
    if question.kind not in _OF_ONE or question.recalled:
        return None  # what the conversation completes holds the question before, which is no part
    texts = _parts(question.text)
    if not 2 <= len(texts) <= _MOST_PARTS:
        return None
    statements: list[Statement] = []
    evidence: list[ScoredEvidence] = []
    for text in texts:
        part = parse_question(text, language=question.language, issuers=finder.issuers)
        limit = common(part.documents, documents)
        ranked = finder.score(part, finder.search(part, limit))
        verdict = decide(ranked, part.kind)
        if not verdict.answerable or part.kind not in _OF_ONE:
            return None
        weights = {term: finder.weight(term) for term in part.terms}
        first = compose(part, verdict.evidence, finder.index, weights).evidence[0]
        if any(
            (first.doc_id, first.start) == (e.evidence.doc_id, e.evidence.start) for e in statements
        ):
            return None
        if statements and not _is_of_same(first, statements[0].evidence, question):
            return None
        statements.append(Statement(wording(first), first))
        evidence += verdict.evidence
    return Composed(Draft(tuple(statements)), tuple(evidence))


def _is_of_same(evidence: Evidence, first: Evidence, question: Question) -> bool:
    """Say whether evidence is of the subject of the first: in its block or row, or with its names."""
    if (evidence.doc_id, evidence.block) == (first.doc_id, first.block):
        return not first.is_cell or evidence.row == first.row or evidence.column == first.column
    return any(is_named(term, question, evidence.nearby) for term in question.names)


def _parts(text: str) -> list[str]:
    """Return the parts of a question that ask, each with the subject that they share; [] for one part.

    >>> _parts("奥飞数据的市值是多少、做什么业务？")
    ['奥飞数据的市值是多少', '奥飞数据 做什么业务']
    >>> _parts("国内和国外哪边的毛利率更高，分别是多少？")
    []
    """
    text = simplify(text)
    cut = CUT_ZH if question_language(text) is Language.ZH else _CUT_EN
    pieces = [piece.strip() for piece in cut.split(text) if piece and piece.strip()]
    subject, before = "", ""
    parts: list[str] = []
    for piece in pieces:
        if not ASKS.search(piece):
            before = f"{before} {piece}".strip()
            continue
        if all(only_asks(term) for term in analyze(piece)):
            if parts:
                continue  # "…, and how much is each?" asks the same of what stands before
            return []
        own = (
            piece
            if name_terms(piece) or not (subject or before)
            else f"{subject or before} {piece}"
        )
        told = f"{before} {piece}"
        named = (
            f"{names_written(told)} {one_of_several(told)}"
            if told.isascii()
            else names_written(told)
        )
        subject = subject or named.strip() or before or _owner_in(piece)
        parts.append(own)
    return parts if len(parts) > 1 else []


def _owner_in(piece: str) -> str:
    """Return whose something is: 奥飞数据的市值 → 奥飞数据; "" where nobody's."""
    match = _OWNER.match(piece)
    return match["owner"] if match else ""
