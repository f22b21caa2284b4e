"""How evidence becomes the text of an answer: units, labels, what it is cut to and read on."""

import pytest

from corpus.schema import BlockKind, Language, Role
from rag.composing.extractive import wording
from rag.composing.parts import repeats
from rag.composing.trim import is_thin
from rag.evidence.amounts import period_fit
from rag.evidence.evidence import Evidence
from rag.evidence.frequency import frequency_fit
from rag.pipeline import Pipeline
from rag.questions.issuers import issuer_names
from rag.questions.question import parse_question


def cell(text: str, row: str, column: str, unit: str = "", title: str = "") -> Evidence:
    return Evidence(
        doc_id="d", block=0, start=0, end=len(text), quote=text, text=text, language=Language.ZH,
        role=Role.CONTENT, section=(), page=None, around=((title, 0.4),), row=row, column=column,
        unit=unit, kind=BlockKind.TABLE,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "row", "unit", "worded"),
    [
        ("32.51", "冷冻设备", "元", "冷冻设备 · 2019：32.51元"),
        ("32.51", "毛利率（%）", "元", "毛利率（%） · 2019：32.51"),
        ("1.25", "Diluted earnings per share", "$ in millions, except per share amounts",
         "Diluted earnings per share · 2019：1.25"),
        ("2,763", "Total", "$ in millions", "Total · 2019：2,763 million ($ in millions)"),
        ("$35", "高级版", "1个积分=0.01美元", "高级版 · 2019：$35"),
        ("未披露", "市值", "亿元", "市值 · 2019：未披露"),
    ],
)  # fmt: skip
def test_a_figure_has_its_own_unit_and_no_other(
    text: str, row: str, unit: str, worded: str
) -> None:
    assert wording(cell(text, row, "2019", unit)) == worded


@pytest.mark.parametrize(
    ("question", "row", "text", "fits"),
    [
        ("每月多少钱？", "月度", "$60", True),
        ("每月多少钱？", "年度", "$576 ($48/月)", False),
        ("How much a year?", "年度", "$576 ($48/月)", True),
        ("多少钱？", "月度", "$60", None),
        ("每月多少钱？", "价格", "$60", None),
    ],
)
def test_a_price_is_for_the_time_asked_about(
    question: str, row: str, text: str, fits: bool | None
) -> None:
    assert frequency_fit(parse_question(question), cell(text, row, "Pro")) is fits


def test_a_report_of_a_year_speaks_of_that_year() -> None:
    question = parse_question("2019年的毛利率是多少？")
    assert period_fit(question, cell("32.51", "毛利率", "", title="2019 年年度报告")) is True
    assert period_fit(question, cell("32.51", "毛利率", "", title="2018 年年度报告")) is None
    assert period_fit(question, cell("32.51", "毛利率", "2018年")) is False


def test_an_announcement_is_thin_and_a_figure_is_not() -> None:
    question = parse_question("单塔模型的例子是谁？")
    line = cell("单塔模型：深层语义交互。", "", "")
    sentence = Evidence(**{**_fields(line), "kind": BlockKind.PARAGRAPH})
    assert is_thin(question, sentence)
    assert not is_thin(question, line)  # a cell is whole


def _fields(evidence: Evidence) -> dict[str, object]:
    return {name: getattr(evidence, name) for name in Evidence.__dataclass_fields__}


def test_two_cells_with_one_text_are_not_one() -> None:
    first, second = cell("5", "甲", "2019"), cell("5", "乙", "2019")
    assert repeats(first, [first])
    assert not repeats(second, [Evidence(**{**_fields(first), "start": 7, "end": 8})])


def test_houses_limit_a_question_and_companies_do_not(pipeline: Pipeline) -> None:
    names = issuer_names(pipeline.index)
    assert {"海岳证券", "海岳", "Northgate"} <= names.keys()
    assert all("Norvik" not in name for name in names)
