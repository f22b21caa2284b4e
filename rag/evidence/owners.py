"""Names that only say whose another name is: Google's Parti, 百度文心一格, Wenxin Yige (Baidu).

Evidence about Parti need not name Google where the reports say elsewhere that the two belong together.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from corpus.glossary import names_in
from corpus.language import question_language
from corpus.schema import Language
from index.terms import analyze
from rag.evidence.clauses import clause_spans
from rag.evidence.evidence import Evidence
from rag.evidence.holding import is_named
from rag.questions.question import Question

_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9&.·+-]*(?: [A-Z0-9][A-Za-z0-9&.·+-]*)*")
# What may stand between the owner and what is its own.
_OF_ZH = re.compile(
    r"\s*(?:的|旗下的?|公司的?|家的?|自家的?|母公司|子公司|团队的?|研究院的?|(?:出|推出|发布|开发|研发|做|开源)的)?\s*[《“\"]?"
)
_CAPITALS = r"[A-Z][\w.&·-]*(?: (?:[A-Z][\w.&·-]*|\d+(?:\.\d+)*))*"
_OF_EN = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<owner>{_CAPITALS})['’]s (?:[a-z][\w-]* )?(?P<owned>{_CAPITALS})",
        rf"(?P<owned>{_CAPITALS}) (?:by|from|of) (?P<owner>{_CAPITALS})",
        rf"\b(?:does|did|do) (?P<owner>{_CAPITALS}) (?:charge|offer|price|sell|include|provide|give)\b[^?]*?"
        rf"\b(?:of|for|on|in|with) (?P<owned>{_CAPITALS})",
    )
)
# A name with another one of the same thing, or its owner, in brackets behind it.
_BRACKETS = re.compile(
    r"(?P<owned>[^\s()（），,、。？?]+(?: [A-Z][\w.&·-]*)*) ?[（(](?P<owner>[^()（）]+)[)）]"
)


def borne_names(question: Question, evidence: Sequence[Evidence]) -> frozenset[str]:
    """Return the names of a question that say whose another name is, where some evidence says so.

    Args:
        question: The analysed question.
        evidence: All that was gathered for it.
    """
    found: set[str] = set()
    for match in _BRACKETS.finditer(question.text):
        # Of two names for one thing either will do.
        if question.names & set(analyze(match["owned"])):
            found |= question.names & set(analyze(match["owner"]))
    for owner, owned in _pairs(question.text):
        owners = question.names & set(analyze(owner))
        own = question.names & set(analyze(owned)) - owners
        if owners and own and any(_says_both(question, owners, own, item) for item in evidence):
            found |= owners
    return frozenset(found)


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """Yield (owner, owned) as a question writes them."""
    if question_language(text) is Language.EN:
        for pattern in _OF_EN:
            yield from ((match["owner"], match["owned"]) for match in pattern.finditer(text))
        return
    folded = text.casefold()
    spans = {(m.start(), m.end()) for m in _LATIN.finditer(text)}
    spans |= {
        (m.start(), m.end())
        for name in names_in(text)
        for m in re.finditer(re.escape(name), folded)
    }
    for start, end in sorted(spans):
        behind = _OF_ZH.match(text, end)
        after = behind.end() if behind else end
        for other_start, other_end in spans:
            if other_start in (end, after):
                yield text[start:end], text[other_start:other_end]


def _says_both(
    question: Question, owners: Collection[str], own: Collection[str], evidence: Evidence
) -> bool:
    """Say whether one clause, or one row of a table, has both names."""
    if evidence.is_cell:
        texts = [" ".join((evidence.label, evidence.text, evidence.around[0][0]))]
    else:
        texts = [evidence.text[start:end] for start, end in clause_spans(evidence.text)]
    return any(all(is_named(term, question, text) for term in (*owners, *own)) for text in texts)
