"""Yes or no: does the evidence say what a question asks whether it is so, or something else?

Said only when it is sure. The words of the question must stand in one clause of the evidence, its
names too; then the clause says yes, unless it gives another figure, another date, a denial or the
opposite, when it says no. A word that limits or weighs (only, all, most, may) and stands on one
side alone leaves it open, and the quote has to speak for itself.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from corpus.quantities import Bound, Quantity, QuantityKind, same_quantity, supports
from index.terms import analyze
from rag.clauses import clause_spans
from rag.contraries import contrary_words
from rag.evidence import Evidence, text_quantities, text_terms
from rag.forms import frequency_fit, new_names, period_fit
from rag.naming import holds_alias
from rag.question import Question
from rag.scoring import ScoredEvidence
from rag.trim import cut_evidence, is_long

_LOOKED_AT = 16  # pieces of evidence, best first
_NEGLIGIBLE = 0.02  # weight of a term that says nothing
_WHOLE_SHARE = 0.75  # of a factual answer's length
_MOST_BEFORE = 0.5  # of the weight of the question may stand before the clause: its subject
_NEAR = Decimal("0.1")  # of a figure that is "about" another
_NOT_ADMITTED = ("version_missing", "all_names_nowhere", "is_caption")

# Words that make a claim say more: what has none of them does not bear it out.
_CLAIMS_MORE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"所有|全部|任何|一切|每[个家款一]|都(?!市)|\ball\b|\bevery\b|\bany\b|\beach\b|\bboth\b",
        r"完全|彻底|\b(?:completely|entirely|fully|wholly)\b",
        r"首[个家次款]|第一|最早|率先|\bfirst\b|\bearliest\b",
        r"最(?!近|新|终|后)|\b(?:most|least|best|worst)\b|\b(?:large|high|low|great|small|long|fast)est\b",
        r"一定|必须|必然|\b(?:must|always|never|necessarily)\b",
        r"普遍|主要|大多|多数|\b(?:mainly|mostly|usually|generally|often)\b",
        r"[只仅](?!要)|唯一|\bonly\b|\bsole(?:ly)?\b|\bexclusively\b",
    )
)
# Words that make a text say less than a claim without them.
_SAYS_LESS = re.compile(
    r"[只仅](?!要)|唯一|部分|有些|有的|一些|少数|主要|大多|多数|如果|若[非是]?(?!干)|除非|一旦|"
    r"\bonly\b|\bsome\b|\bfew\b|\bpartly\b|\bmainly\b|\bmostly\b|\bif\b|\bunless\b",
    re.IGNORECASE,
)
# A claim about what is to come or what may be is not one of what is.
_OPEN = re.compile(
    r"可能|或[许将]|有望|或(?=[^者])|拟|计划|争取|尝试|假设|据传|传闻|质疑|"
    r"\b(?:may|might|could|would|plans?|aims?|hopes?|allegedly|reportedly|rumou?red|perhaps|possibly|potential)\b",
    re.IGNORECASE,
)
_FORECAST = re.compile(
    r"预[计期测]|将|会|\b(?:will|expect\w*|forecast\w*|project\w*|estimate\w*|by 20\d\d)\b", re.IGNORECASE
)
_NEGATION = re.compile(
    r"不(?!断|少|同|仅|只|但|久|过|乏|论|妨|错|管|限于|可或缺)|没有|没(?=[能见])|未(?!来|必)|无(?!论|人|疑|线|形|数|限|缝|监督)|"
    r"非(?!常|卡口|洲|均|遗|线性)|禁止|"
    r"\b(?:not(?! only)|no(?!\. ?[0-9])|never|neither|nor|cannot|none|without|forbid\w*|unable)\b|n['’]t\b",
    re.IGNORECASE,
)
ASKS_WHETHER = re.compile(
    r"吗[?？。！!\s]*$|是否|是不是|能不能|会不会|有没有|可不可以|能否|可否|对不对[?？]?$|"
    r"^\s*(?:is|are|was|were|do|does|did|has|have|had|can|will)\b",
    re.IGNORECASE,
)
"""What a question that wants a yes or a no looks like."""
# What makes a question of a claim.
_CLAIM = re.compile(
    r"吗|是不是|有没有|可不可以|对不对|是否|请问|[（(][^（）()]*[)）]|(?<=能)不能|(?<=会)不会|[?？]", re.IGNORECASE
)
_BRACKETS = re.compile(r"（[^（）]*）|\([^()]*\)")
# What happens once: its date is part of the claim, not of its frame.
_EVENT = re.compile(
    r"成立|创立|创办|提出|发布|推出|上线|问世|诞生|开源|收购|上市|"
    r"\b(?:founded|established|proposed|released|launched|published|introduced|acquired|listed|born)\b",
    re.IGNORECASE,
)
_FIGURE_WORDS = frozenset(
    ["万", "亿", "万亿", "元", "美元", "美金", "港元", "港币", "人民币", "个", "年", "月", "日", "分钟", "秒", "倍", "billion", "million", "trillion", "rmb", "usd", "hkd", "dollar", "yuan", "percent", "%", "$"]
)
_WHICH = re.compile(r"还是|\bor\b|什么|哪|多少|\b(?:what|which|how|who|why|when|where)\b", re.IGNORECASE)
_COMPARES = re.compile(
    r"(?:相比(?:于|之下)?|相较于?|(?<![占对])比|优于|强于|弱于|不如|领先于?|落后于?|"
    r"\b(?:than|compared (?:with|to)|versus|relative to|ahead of|behind|beats?)\b)(?!\s*[约近超]?\d)",
    re.IGNORECASE,
)
# Words of a question that a claim is made with; they need not stand in the evidence.
_COPULAS = frozenset(
    ["是", "为", "有", "能", "会", "可以", "能够", "吗", "属于", "算", "达", "达到", "具有", "拥有", "采用", "使用", "用", "get", "have", "has", "be", "make", "do", "count", "use", "显示", "表明", "指出", "认为", "调查", "show", "survei", "find", "实现", "由", "come", "超过", "超", "达", "不足", "约", "近", "over", "exce", "reach", "surpass", "than"]
)
# A sentence that begins so speaks of what the one before it names.
_REFERS = re.compile(
    r"[其它该此]|上述|前者|公司|\b(?:it|its|they|their|this|these|the (?:company|model|product|team))\b", re.IGNORECASE
)
_SUBJECT = 5  # characters
_OPENING = 12  # characters
_OFTEN = frozenset(["每年", "每月", "年", "月", "按月", "按年", "一年", "year", "month", "annual", "monthli", "yearli"])


@dataclass(frozen=True, slots=True)
class Ruling:
    """A yes or no, and the evidence that says it, cut to the clause."""

    is_so: bool
    evidence: Evidence
    item: ScoredEvidence  # as it was found
    by_figure: bool = False  # a no, because the report gives another figure


def rule_on(
    question: Question, ranked: Sequence[ScoredEvidence], weights: Mapping[str, float]
) -> Ruling | None:
    """Return whether what a question asks is so; None when the evidence does not settle it.

    Args:
        question: Any; only one that asks whether something is so is ruled on.
        ranked: Best first; also what the decision excludes for lack of the question's figures.
        weights: How much each term of the question says.
    """
    claim = _CLAIM.sub("", question.text)
    if not ASKS_WHETHER.search(question.text) or _WHICH.search(claim):
        return None
    if _OPEN.search(claim):
        return None
    rulings = []
    for item in ranked[:_LOOKED_AT]:
        readable = item.evidence.language is question.language
        if readable and not any(item.features.get(name) for name in _NOT_ADMITTED):
            rulings += _rulings(question, item, weights)
    if not rulings or len({ruling.is_so for ruling in rulings}) > 1:
        return None
    return rulings[0]


def _rulings(
    question: Question, item: ScoredEvidence, weights: Mapping[str, float]
) -> list[Ruling]:
    """Return what one piece of evidence says, in the fewest of its clauses that say it."""
    evidence = item.evidence
    if evidence.is_cell:
        label = f"{evidence.row} {evidence.column}"
        ruling = _ruling(question, item, f"{label}：{evidence.text}{evidence.unit}", weights)
        return [ruling] if ruling else []
    spans = clause_spans(evidence.text)
    for width in (1, 2, 3):
        found = []
        for first in range(len(spans) - width + 1):
            start, end = spans[first][0], spans[first + width - 1][1]
            if ruling := _ruling(question, item, evidence.text[start:end], weights):
                # A short sentence is quoted whole, of a long one the clauses that say it.
                is_whole = not is_long(evidence.text, share=_WHOLE_SHARE)
                start = min(start, _start_of_subject(question, evidence.text))
                cut = evidence if is_whole else cut_evidence(evidence, start, end)
                found.append(replace(ruling, evidence=cut))
        if found:
            return found
    return []


def _ruling(
    question: Question, item: ScoredEvidence, clause: str, weights: Mapping[str, float]
) -> Ruling | None:
    evidence = item.evidence
    claim = _CLAIM.sub("", question.text)
    plain = _BRACKETS.sub(" ", clause)
    turned = contrary_words(claim, plain)
    turned_terms = {term for word in turned for term in analyze(word)}
    if not _says(question, evidence, plain, weights, turned_terms):
        return None
    if any(more.search(claim) and not more.search(plain) for more in _CLAIMS_MORE):
        return None
    if _SAYS_LESS.search(plain) and not _SAYS_LESS.search(claim):
        return None
    if _OPEN.search(plain) or (_FORECAST.search(plain) and not _FORECAST.search(claim)):
        return None
    if _object(claim) != _object(plain):
        return None
    agrees = _agrees(question, evidence, clause)
    if agrees is None:
        return None
    asked, said = len(_NEGATION.findall(claim)), len(_NEGATION.findall(plain))
    if asked:
        # "Is it not so?" is answered by yes where the same is denied, and else left open.
        is_same = asked == said and not turned
        return Ruling(agrees, evidence, item, by_figure=not agrees) if is_same else None
    denials = said + len(turned)
    if denials > 1 or (denials and not agrees):
        return None
    return Ruling(agrees and not denials, evidence, item, by_figure=not agrees)


def _says(
    question: Question,
    evidence: Evidence,
    clause: str,
    weights: Mapping[str, float],
    turned: Collection[str],
) -> bool:
    """Say whether a clause has all words of the question, and no name in place of the question's."""
    missing = _missing(question, clause, evidence) - set(turned)
    content = [term for term in question.terms if term not in question.names]
    lacking = [term for term in content if term in missing and weights[term] > _NEGLIGIBLE]
    total = sum(weights[term] for term in content) or 1.0
    if sum(weights[term] for term in lacking) > _MOST_BEFORE * total:
        return False
    content_said = [term for term in content if _is_said(term)]
    if not evidence.is_cell and not any(term not in missing for term in content_said):
        return False  # two names in one clause say nothing of what one does to the other
    is_crowded = not evidence.is_cell and new_names(question, replace(evidence, text=clause)) > 0
    if is_crowded and _num_names(question) > 1:
        return False
    before = _before(evidence, clause)
    if missing & question.names or lacking:
        if _missing(question, f"{before} {clause}", evidence) & {*lacking, *question.names}:
            return False
        # What is said before must be the subject: it comes first in the question too.
        order = {term: place for place, term in enumerate(question.terms)}
        held = [order[term] for term in content if term not in missing]
        if lacking and (not held or max(order[term] for term in lacking) > min(held)):
            return False
        if question.figures and lacking and content_said[-1] in missing:
            return False  # a figure is of the word before it
        # A clause that begins with another word of the question has a subject of its own.
        opening = text_terms(clause.strip()[:_SUBJECT])
        is_own = not lacking and not opening.isdisjoint(content_said)
        return not is_crowded and (evidence.is_cell or not is_own)
    return True


def _start_of_subject(question: Question, text: str) -> int:
    """Return where the clause begins that first has a name or a period of a question; or the end."""
    for start, end in clause_spans(text):
        clause = text[start:end]
        dates = [q for q in text_quantities(clause) if q.kind is QuantityKind.DATE]
        if question.names & text_terms(clause) or any(
            supports(date, period) for date in dates for period in question.periods
        ):
            return start
    return len(text)


def _num_names(question: Question) -> int:
    """Count the names of a question; terms of a name stand side by side."""
    marks = [term in question.names for term in question.terms]
    return sum(mark and not before for before, mark in pairwise([False, *marks]))


def _is_said(term: str) -> bool:
    """Say whether a term says something of a subject: no copula, no part of a figure."""
    return term not in _COPULAS and not figure_has(term)


def _before(evidence: Evidence, clause: str) -> str:
    """Return what stands before a clause and may be its subject."""
    if evidence.is_cell:
        return f"{evidence.label} {evidence.caption}"
    start = evidence.text.find(clause.strip())
    lead = evidence.lead if _REFERS.search(evidence.text[:_OPENING]) else ""
    return f"{evidence.text[: max(0, start)]} {lead} {evidence.label}"


def _missing(question: Question, text: str, evidence: Evidence) -> set[str]:
    """Return the terms of a question that a text does not hold in any form."""
    held, folded = text_terms(text), text.casefold()
    often = frequency_fit(question, evidence) is True
    return {
        term
        for term in question.terms
        if term not in held
        and term not in _COPULAS
        and not (often and term in _OFTEN)
        and not figure_has(term)
        and not (len(term) > 1 and not term.isascii() and term in folded)
        and not holds_alias(term, question.aliases, folded)
    }


def figure_has(term: str) -> bool:
    """Say whether a term is a part of how a quantity is written: 亿, 900亿, billion."""
    return term in _FIGURE_WORDS or any(char.isdigit() for char in term)


def _agrees(question: Question, evidence: Evidence, clause: str) -> bool | None:
    """Say whether the figures and dates of a clause are those asked about; None when unclear."""
    text = f"{clause}{evidence.unit}" if evidence.is_cell else clause
    said = text_quantities(text)
    verdicts = [_figure_agrees(figure, said, question, is_cell=evidence.is_cell) for figure in question.figures]
    dates = [q for q in said if q.kind is QuantityKind.DATE]
    for period in question.periods:
        if any(supports(date, period) or supports(period, date) for date in dates):
            verdicts.append(True)
        elif len(dates) == 1 and _EVENT.search(question.text) and _same_parts(dates[0], period):
            verdicts.append(False)
        elif period_fit(question, evidence) is not True:
            return None
    if None in verdicts:
        return None
    return all(verdicts)


def _figure_agrees(
    asked: Quantity, said: Sequence[Quantity], question: Question, *, is_cell: bool
) -> bool | None:
    comparable = [q for q in said if _comparable(asked, q) and _is_of_period(q, said, question)]
    verdicts = {_holds(asked, q) for q in comparable}
    if True in verdicts and (asked.bound is Bound.EXACT or len(comparable) == 1):
        return True
    # Of several figures none need be the one that is asked about.
    is_alone = len(question.figures) == 1 and (len(comparable) == 1 or is_cell)
    return False if verdicts == {False} and is_alone else None


def _is_of_period(quantity: Quantity, said: Sequence[Quantity], question: Question) -> bool:
    """Say whether the date before a figure is one asked about, where any is."""
    before = [q for q in said if q.kind is QuantityKind.DATE and q.end <= quantity.start]
    if not question.periods or not before:
        return True
    return any(supports(before[-1], period) or supports(period, before[-1]) for period in question.periods)


def _comparable(a: Quantity, b: Quantity) -> bool:
    counts = {QuantityKind.NUMBER, QuantityKind.COUNT}
    if a.kind is not b.kind:
        return {a.kind, b.kind} == counts
    return a.kind is not QuantityKind.DATE and (a.unit == b.unit or not a.unit or not b.unit)


def _holds(asked: Quantity, said: Quantity) -> bool | None:
    """Say whether a figure bears out another: "over 100" is borne out by 120; None when unclear."""
    if same_quantity(asked, said):
        return True
    if said.low != said.high or asked.low != asked.high:
        return None
    value, limit = said.low, asked.low
    if asked.bound is Bound.OVER:
        if said.bound is Bound.UNDER:
            return False if value <= limit else None
        return True if value > limit else (False if said.bound is Bound.EXACT and value < limit else None)
    if asked.bound is Bound.UNDER:
        if said.bound is Bound.OVER:
            return False if value >= limit else None
        return True if value < limit else (False if value > limit else None)
    if value == limit:
        return True if said.bound in (Bound.EXACT, Bound.ABOUT) else None
    if said.bound is Bound.OVER and value < limit:
        return False if asked.bound is Bound.EXACT and limit >= 2 * value else None
    near = abs(value - limit) <= abs(limit) * _NEAR
    return None if near and asked.bound is Bound.ABOUT else False


def _same_parts(a: Quantity, b: Quantity) -> bool:
    """Say whether two single dates both give a year."""
    return all(q.date is not None and q.date.year is not None and q.date_end is None for q in (a, b))


@lru_cache(maxsize=1 << 12)
def _object(text: str) -> frozenset[str]:
    """Return the first term after a word that compares: what something is compared with."""
    match = _COMPARES.search(text)
    if match is None:
        return frozenset()
    return frozenset(analyze(text[match.end() :])[:1])
