"""What the form of a piece of evidence says: figures, periods, definitions, lists, causes."""

import re
from decimal import Decimal
from functools import lru_cache

from corpus.glossary import names_in
from corpus.language import HAN
from corpus.quantities import Quantity, QuantityKind
from rag.evidence.amounts import (
    CAPTION,
    UNIT_OF_CAPTION,
    VAGUE,
    answering_amounts,
    any_amount,
    dates_in,
    is_asked,
    period_fit,
)
from rag.evidence.cell_units import measured
from rag.evidence.contraries import is_contrary
from rag.evidence.evidence import Evidence, text_quantities, text_terms
from rag.evidence.frequency import frequency_fit, is_seldom_paid
from rag.evidence.holding import spelled
from rag.questions.kinds import QuestionKind
from rag.questions.question import Question

SOURCE = re.compile(
    r"^\s*(?:资料|数据|图片)?来源\s*[：:]|^\s*(?:data )?sources?\s*[：:]", re.IGNORECASE
)
"""What the line below a figure begins with that says where it is from."""
_ASKSSOURCE = re.compile(
    r"来源|来自|出处|出自|引自|哪里来|\b(?:source|sourced|come|comes|from|cite|cited|origin)\b",
    re.IGNORECASE,
)
_FEW_WORDS = 3
_OF_AN_EVENT = frozenset({QuestionKind.DATE, QuestionKind.CAUSE})
_LIST_MARK = re.compile(r"、|；|;|(?:^|\s)[(（]?\d[)）]|(?:,[^,]{1,60}){2}")
_CAUSE = re.compile(
    r"由于|因此|因为|原因|导致|受益于|驱动|有望|使得|从而|以便|because|due to|owing to|as a result|"
    r"therefore|driven by|thanks to|lead(?:s|ing)? to|since\b|so that",
    re.IGNORECASE,
)
# What follows a term that is being defined, at most a few words on: words that only a definition
# has, and words that often introduce one.
_DEFINES = re.compile(
    r"[^，。；,.;]{0,12}?(?:\s*[—–：:]|，?(?:是一[种类个款]|是指|指的是|多?指|即|全称|也?被?称为|又称|简称|定义为)|\s*[（(])|"
    r"[^,.;]{0,24}?(?:\bis an?\b|\brefers? to\b|\bmeans?\b|\bdefined as\b|\balso (?:known|called)\b|"
    r"\bstands? for\b|\bdenotes?\b|\s*\()"
)
_LONGEST_HEAD, _LEAST_HEAD = 60, 2  # characters, terms
_MAY_DEFINE = re.compile(r"[^，。；,.;]{0,12}?，?是|[^,.;]{0,24}?\b(?:is|are)\b")
_DEFINES_BY_VERB = re.compile(r"是指|指的是|多?指|是一[种类个款]|refers? to|means|is an?\b|即")
_LATIN_NAME = re.compile(
    rf"《[^》]+》|(?<![a-z])[A-Z][A-Za-z0-9·.-]+|[{HAN}]{{2,}}(?:公司|证券|集团|科技|股份)"
)
# What a column may hold and a question may ask for, one type a line.
_TYPES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"公司|企业|厂商|机构|团队|玩家|开发者|\b(?:compan(?:y|ies)|firms?|vendors?|players?|developers?|teams?|makers?)\b",
        r"案例|例子|实例|个案|举例|\b(?:examples?|cases?|instances?)\b",
        r"产品|应用(?!方式|场景)|软件|\b(?:products?|apps?|applications?)\b",
        r"方式|方法|途径|路径|\b(?:ways?|methods?|means|approach(?:es)?|how)\b",
        r"场景|领域|\b(?:scenarios?|scenes?|fields?|areas?)\b",
    )
)
_NEGATION = re.compile(
    r"[不未没无非]|禁止|缺乏|难以|\b(?:not?|never|without|lacks?|cannot|unable|hardly|nor)\b|n't\b",
    re.IGNORECASE,
)


def form_features(question: Question, evidence: Evidence) -> dict[str, float]:
    """Return what the form of the evidence says: a figure for "how much", a date for "when"."""
    kinds = question.kinds
    text = evidence.text
    wants_number = QuestionKind.NUMBER in kinds
    wants_date = QuestionKind.DATE in kinds
    amounts = answering_amounts(question, evidence)
    others = bool(amounts) or bool(VAGUE.search(text)) or any_amount(question, evidence)
    dates = [q for q in dates_in(text) if not is_asked(question, q)]
    fits = period_fit(question, evidence)
    names = new_names(question, evidence)
    often = frequency_fit(question, evidence)
    is_dated = bool(dates) or bool(dates_in(f"{evidence.row} {evidence.column}"))
    introduces = evidence.quote.rstrip().endswith(("：", ":"))
    return {
        "number_for_number": float(wants_number and bool(amounts)),
        "number_missing": float(wants_number and not amounts),
        "any_number_missing": float(wants_number and not others),
        "date_for_date": float(wants_date and bool(dates)),
        "date_missing": float(wants_date and not dates),
        "thin_caption": float(_is_thin_caption(question, evidence)),
        "any_date_missing": float(question.kind is QuestionKind.DATE and not is_dated),
        "name_for_entity": float(QuestionKind.ENTITY in kinds and names > 0),
        "names_for_list": float(QuestionKind.LIST in kinds) * min(1.0, names / 3),
        "list_for_list": float(QuestionKind.LIST in kinds and bool(_LIST_MARK.search(text))),
        "cause_for_cause": float(QuestionKind.CAUSE in kinds and bool(_CAUSE.search(text))),
        "definition_for_definition": _definition(question, evidence),
        "cell_for_definition": float(QuestionKind.DEFINITION in kinds and evidence.is_cell),
        "verb_for_definition": float(
            QuestionKind.DEFINITION in kinds and bool(_DEFINES_BY_VERB.search(text))
        ),
        "negation_differs": float(
            question.kind is QuestionKind.YES_NO
            and bool(_NEGATION.search(text)) != bool(_NEGATION.search(question.text))
        ),
        "figure_missing": float(not _figures_said(question, evidence)),
        "period_said": float(fits is True),
        "period_unsaid": float(fits is None and bool(question.periods)),
        "period_wrong": float(fits is False),
        # A figure of no period may be of any.
        "undated": float(
            fits is None and bool(question.periods) and question.kind is QuestionKind.NUMBER
        ),
        "introduces": float(introduces),
        "introduces_list": float(introduces and QuestionKind.LIST in kinds),
        "often_said": float(often is True),
        "often_wrong": float(
            often is False
            # The columns of a company's own report are of its periods; nothing is paid by them.
            or (
                often is None
                and evidence.is_cell
                and not evidence.is_own_report
                and is_seldom_paid(question)
            )
        ),
        "head_in_label": float(
            bool(question.heads) and question.heads <= text_terms(evidence.label)
        ),
        "type_in_column": float(evidence.is_cell and _is_of_type(question, evidence)),
        "contrary": float(is_contrary(question.text, f"{evidence.text} {evidence.label}")),
    }


def _is_of_type(question: Question, evidence: Evidence) -> bool:
    """Say whether a cell stands in a column of what is asked for: companies, examples, products."""
    asked = _types_in(question.text)
    return bool(asked) and not asked.isdisjoint(_types_in(evidence.column))


@lru_cache(maxsize=1 << 12)
def _types_in(text: str) -> frozenset[int]:
    return frozenset(number for number, words in enumerate(_TYPES) if words.search(text))


def _is_thin_caption(question: Question, evidence: Evidence) -> bool:
    """Say whether evidence is the title of a figure that says hardly more than the question.

    Nor does the source of a figure answer, unless one is asked for.
    """
    if SOURCE.match(evidence.quote):
        return not _ASKSSOURCE.search(question.text)
    if QuestionKind.DEFINITION in question.kinds or not CAPTION.match(evidence.quote):
        return False
    if question.kind is QuestionKind.LIST and not _LIST_MARK.search(evidence.text):
        return True  # "Figure 4: Eight factors" lists none of them
    title = UNIT_OF_CAPTION.sub(" ", CAPTION.sub("", evidence.text))
    new = text_terms(title) - frozenset(question.terms)
    return len(new) <= _FEW_WORDS and not any_amount(question, evidence)


def new_names(question: Question, evidence: Evidence) -> int:
    """Return how many names a piece of evidence has that the question has not."""
    asked = question.text.casefold()
    return sum(name.casefold() not in asked for name in _names_of(evidence.text))


@lru_cache(maxsize=1 << 14)
def _names_of(text: str) -> frozenset[str]:
    """Return what looks like names in a text; a sentence's first word is none in English."""
    found = {m[0] for m in _LATIN_NAME.finditer(text) if m.start() > 0 or not m[0].istitle()}
    return frozenset(found | set(names_in(text)))


def names_something(question: Question, evidence: Evidence) -> bool:
    """Say whether the evidence has a name that the question has not."""
    return new_names(question, evidence) > 0


def defines(question: Question, evidence: Evidence) -> bool:
    """Say whether a definition is asked for and the evidence surely gives one."""
    return _definition(question, evidence) == 1.0


def _definition(question: Question, evidence: Evidence) -> float:
    if QuestionKind.DEFINITION not in question.kinds:
        return 0.0
    if not evidence.is_cell and _is_headed(question, evidence):
        return 1.0
    return max(_defines(question, evidence.text), _defines(question, evidence.quote))


def _is_headed(question: Question, evidence: Evidence) -> bool:
    """Say whether evidence stands right below a heading that is the term asked about, as in a glossary."""
    for line in (evidence.lead, *evidence.section[-1:]):
        head = text_terms(line) if 0 < len(line) <= _LONGEST_HEAD else frozenset()
        if head and len(head) >= _LEAST_HEAD and head <= frozenset(question.terms):
            return True
    return False


def _defines(question: Question, text: str) -> float:
    """Say how surely a text defines a term of the question: 1.0, 0.5 (it may) or 0.0."""
    folded = text.casefold()
    ends = [
        match.end()
        for term in question.terms
        for match in (
            spelled(term).finditer(text) if term.isascii() else re.finditer(re.escape(term), folded)
        )
    ]
    if any(_DEFINES.match(folded, end) for end in ends):
        return 1.0
    return 0.5 * any(_MAY_DEFINE.match(folded, end) for end in ends)


def _figures_said(question: Question, evidence: Evidence) -> bool:
    """Say whether every figure of the question stands in the evidence or around it.

    What is said of 16 tasks is not said of 9. In a label a figure may have any unit: 3M, 12-month.
    """
    if not question.figures:
        return True
    labels = f"{evidence.row} {evidence.column} {evidence.caption}"
    around = f"{labels} {evidence.lead}"
    if evidence.is_cell:
        # What stands beside it in its row tells which row it is of.
        row = evidence.around[0][0]
        counted = (measured(cell, evidence.unit, "", "") for cell in row.split())
        labels = f"{labels} {row}"
        around = f"{labels} {' '.join(counted)}"
    said = text_quantities(f"{evidence.text}\n{around}\n{' '.join(evidence.section)}")
    if evidence.own and question.kind in _OF_AN_EVENT:
        # What a release declares in one paragraph it dates in another.
        around = f"{around} {evidence.section_text}"
        said = (*said, *text_quantities(evidence.section_text))
    whole = f"{evidence.text} {evidence.quote} {around}"
    return all(
        figure.unit.casefold() in whole.casefold()
        if figure.kind is QuantityKind.CODE
        else any(_is_same_figure(figure, other) for other in said)
        or _stands_in(f"{figure.low:f}", labels)
        for figure in question.figures
    )


def _is_same_figure(asked: Quantity, said: Quantity) -> bool:
    """Say whether a figure is the asked one: a share may be asked for in whole percents, about 51%."""
    if asked.low == said.low and asked.high == said.high:
        return True
    if asked.kind is not QuantityKind.PERCENT or said.kind is not QuantityKind.PERCENT:
        return False
    exponent = asked.low.normalize().as_tuple().exponent
    places = min(0, exponent) if isinstance(exponent, int) else 0
    half = Decimal(1).scaleb(places) / 2
    return asked.low == asked.high and abs(asked.low - said.low) <= half and said.low == said.high


def _stands_in(digits: str, text: str) -> bool:
    return re.search(rf"(?<![\d.]){re.escape(digits)}(?!\.?\d)", text) is not None
