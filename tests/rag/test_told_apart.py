"""What tells evidence apart that has nearly the same words: names alone, pay, parties, reasons."""

from dataclasses import replace

import pytest

from corpus.quantities import QuantityKind
from index.background import rarity
from rag.composing.same_row import _pieces
from rag.evidence.cell_units import table_unit_of
from rag.evidence.counted import counts_another
from rag.evidence.events import supposes_against
from rag.evidence.fiscal import Calendar
from rag.evidence.name_checks import is_no_reason, lacks_party, only_a_name
from rag.evidence.own_period import OwnPeriod
from rag.evidence.periods import When
from rag.evidence.qualifiers import lacks_person
from rag.evidence.subjects import lacks_name
from rag.questions.kinds import QuestionKind, kinds_of, unit_kinds_of
from rag.questions.naming import name_terms
from rag.questions.plain import in_plain_words
from rag.questions.question import parse_question
from tests.rag.evidence_of import cell, sentence

OWN = OwnPeriod(When((), frozenset()), Calendar(12, 0, 2019, 12))


@pytest.mark.parametrize(
    ("question", "only"),
    [
        ("What was the carrying amount of SQTEG machinery?", True),
        ("SQTEG的机器设备账面价值是多少？", True),
        ("What is the name of SQTEG?", False),
    ],
)
def test_a_row_of_names_answers_only_who_asks_for_names(question: str, only: bool) -> None:
    row = replace(sentence("公司代码：603339"), own=OWN)
    # Without the code, which only the glossary of an open index knows, nothing but labels is left.
    row = replace(row, text="公司的外文名称：", quote="公司的外文名称：")
    asked = parse_question(question)
    missing = [term for term in asked.terms if term not in asked.names]
    assert only_a_name(asked, row, missing) is only
    assert not only_a_name(asked, replace(row, own=None), missing)


@pytest.mark.parametrize("question", ["她去年拿了多少税前报酬？", "What is her salary?"])
def test_pay_is_money(question: str) -> None:
    assert QuantityKind.MONEY in unit_kinds_of(question)
    assert QuantityKind.COUNT not in unit_kinds_of(question)


@pytest.mark.parametrize(("label", "unit"), [("年末持股数", "股"), ("年龄", ""), ("股东名称", "")])
def test_shares_are_the_unit_of_shares_only(label: str, unit: str) -> None:
    assert table_unit_of("股", label) == unit


@pytest.mark.parametrize(
    ("text", "row", "column", "bare"),
    [
        ("Layoff Permanent", "Norvik Lines", "Event", True),
        ("Layoff Permanent", "Norvik Lines", "Reason", False),
        ("Weak demand for freight on all northern routes since the winter", "Norvik", "Event", False),
    ],
)  # fmt: skip
def test_a_bare_value_is_no_reason(text: str, row: str, column: str, bare: bool) -> None:
    asked = parse_question("Why did Norvik Lines lay off staff?")
    assert is_no_reason(asked, cell(text, row, column)) is bare
    assert not is_no_reason(parse_question("What happened at Norvik?"), cell(text, row, column))


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("In June we sold our subsidiary in the south.", True),
        ("In June we sold our subsidiary to Brightwater Holdings.", False),
    ],
)
def test_to_whom_wants_a_name(text: str, lacks: bool) -> None:
    assert lacks_party(parse_question("子公司卖给了谁？"), sentence(text)) is lacks


def test_a_noun_that_is_counted_must_be_there() -> None:
    asked = parse_question("公司有多少注册用户？")
    assert counts_another(asked, sentence("公司有 40 个奖项。"), asked.terms)
    assert not counts_another(asked, sentence("注册用户达到 40 万人。"), ())


def test_a_joined_name_has_its_parts() -> None:
    asked = parse_question("What score does the TERNA-News model reach?")
    whole = {"terna", "news", "ternanew"} & asked.names
    assert "ternanew" in whole
    assert not lacks_name(asked, sentence("TERNANews reaches 40.7."), whole - {"ternanew"})
    assert lacks_name(asked, sentence("It reaches 40.7."), whole)


def test_an_unknown_first_word_is_a_name() -> None:
    assert rarity("norvik") > 0.95
    assert "norvik" in name_terms("Norvik can carry grain. What is its tonnage?")
    assert name_terms("Summarise the market. What is its size?") == frozenset()
    assert name_terms("Ticker for the company?") == frozenset()


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("市场增速会慢下来吗？", QuestionKind.YES_NO),
        ("Did its growth slow?", QuestionKind.YES_NO),
        ("你知道增速是多少吗？", QuestionKind.NUMBER),
        ("If A is better, why will B stay?", QuestionKind.CAUSE),
        ("What are its annual sales?", QuestionKind.NUMBER),
    ],
)
def test_what_a_question_wants(question: str, kind: QuestionKind) -> None:
    assert kinds_of(question)[0] is kind


@pytest.mark.parametrize(
    ("question", "against"),
    [
        ("Why has the house dropped its recommendation on Norvik?", True),
        ("为什么把行业评级下调？", True),
        ("Why did costs drop at Best Buy?", False),
        ("为什么推荐这只股票？", False),
    ],
)
def test_a_turn_against_a_stock_is_seen(question: str, against: bool) -> None:
    assert supposes_against(parse_question(question)) is against


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Why won't CNNs last?", "Why will not CNN last?"),
        ("over one per cent", "over one percent"),
        ("How large does it get?", "How large does it?"),
    ],
)
def test_forms_of_words_are_made_plain(text: str, plain: str) -> None:
    assert in_plain_words(text) == plain


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("预算多少，累计投入的比例是多少？", 2),
        ("What is the total cost, and the cost per crane?", 2),
        ("按专业构成，技术人员有多少？", 0),
        ("How many staff do the company and its main subsidiaries in the north of the country have?", 0),
    ],
)  # fmt: skip
def test_parts_are_told_from_what_only_stands_before(text: str, pieces: int) -> None:
    assert len(_pieces(text)) == pieces


@pytest.mark.parametrize(
    ("question", "office", "lacks"),
    [
        ("Who is Halden's chief executive officer?", "chief financial officer", True),
        ("Who is Halden's chief executive officer?", "CEO", False),
        ("哈尔登的首席执行官是谁？", "Chief Financial Officer", True),
        ("Who is the chair of Halden?", "Chairman", False),
    ],
)
def test_one_office_is_not_another(question: str, office: str, lacks: bool) -> None:
    held = sentence(f"Mr. Tom Weir joined the company in 2013 and is its {office} Tom Weir.")
    assert lacks_person(parse_question(question), held) is lacks


@pytest.mark.parametrize(
    ("row", "unit"),
    [
        ("公司研发人员的数量", ""),
        ("研发投入合计", "元"),
        ("Number of employees", ""),
        ("应付员工薪酬 Employees", "元"),
    ],
)
def test_what_is_counted_has_no_currency(row: str, unit: str) -> None:
    assert table_unit_of("元", row) == unit
