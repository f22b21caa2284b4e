"""What is taken off a question before it is read, and what its words and the lines of forms are."""

import pytest

from rag.evidence.form_lines import denies, is_form_line, is_unit_line
from rag.evidence.line_items import line_items_in
from rag.questions import companies
from rag.questions.asides import without_asides
from rag.questions.commands import without_command


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("请提供2019年四方科技应收账款的详细数据。", "2019年四方科技应收账款。"),
        ("我想知道四方科技2019年存货是多少元？", "四方科技2019年存货是多少元？"),
        ("请告诉我四方科技2019年的存货的具体数值", "四方科技2019年的存货"),
        ("四方科技2019年研发人员人数是什么？", "四方科技2019年研发人员人数是多少？"),
        ("四方科技2019年的商誉为多少元？", "四方科技2019年的商誉是多少元？"),
        ("四方科技聘任会计师事务所情况，请做简要分析。", "简要介绍四方科技聘任会计师事务所情况。"),
        ("请具体描述一下关键审计事项的情况。", "简要介绍关键审计事项的情况。"),
        ("描述一下四方科技存货的详细信息。", "四方科技存货。"),
        # no command: what is asked for is data itself
        ("训练数据有多少？", "训练数据有多少？"),
        ("合同金额是多少？", "合同金额是多少？"),
        ("什么是参数？", "什么是参数？"),
    ],
)
def test_the_words_of_a_command_are_taken_off(text: str, rest: str) -> None:
    assert without_command(text) == rest


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        (
            "We need to calculate a metric by using only the balance sheet. Please answer the following question: "
            "what is due?",
            "what is due?",
        ),
        ("Basing your judgments off of the balance sheet, what is due?", "what is due?"),
        ("What is due? Respond to the question by assuming an analyst's view.", "What is due?"),
        # whose data they are limits the question
        ("According to Moody's data, what is due?", "According to Moody's data, what is due?"),
    ],
)
def test_how_to_answer_is_no_part_of_the_question(text: str, rest: str) -> None:
    assert without_asides(text) == rest


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("2019年的营业外收入和营业收入", ["营业外收入", "营业收入"]),
        ("net income attributable to the company", ["net income attributable to the company"]),
        ("What is capex?", ["capex"]),
        ("a basic plan of the cashier", ["basic"]),
    ],
)
def test_of_lines_that_overlap_the_longest_is_named(text: str, names: list[str]) -> None:
    assert [item.name for item in line_items_in(text)] == names


def test_lines_of_forms_are_told_from_what_somebody_wrote() -> None:
    assert is_form_line("□适用 √不适用")
    assert denies("□适用 √不适用")
    assert not denies("√适用 □不适用")
    assert is_unit_line("单位：元 币种：人民币")
    assert is_unit_line("(in thousands)")
    assert not is_form_line("□本年度公司有重大诉讼 √本年度公司无重大诉讼")
    assert not is_form_line("单位：元，下同；除特别注明外")


_SHELF = (
    ("云川科技", "云川科技集团股份有限公司"),
    ("金泽股份", "金泽生物技术股份有限公司"),
    ("长河汽车", "长河汽车股份有限公司"),
    ("昌和汽车", "昌和汽车有限公司"),
    ("Tarn Foods", "Tarn Foods, Inc."),
)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("How many people work at Yunchuan Technology?", "How many people work at 云川科技?"),
        ("What was Yunchuan Technology Group Co., Ltd.'s revenue?", "What was 云川科技's revenue?"),
        ("Who owns Jinze Bio-technology?", "Who owns 金泽股份?"),
        # neither its name nor its trade alone is the company, nor another company's
        ("Who owns Yunchuan Media?", "Who owns Yunchuan Media?"),
        ("Who owns Sichuan Technology?", "Who owns Sichuan Technology?"),
        ("How is Edge Technology used?", "How is Edge Technology used?"),
        # spelled alike by two
        ("Who owns Changhe Automobile?", "Who owns Changhe Automobile?"),
        ("云川科技集团股份有限公司的存货", "云川科技的存货"),
    ],
)
def test_companies_of_the_shelf_are_called_by_their_short_names(
    monkeypatch: pytest.MonkeyPatch, text: str, rest: str
) -> None:
    monkeypatch.setattr(companies, "reporting_companies", lambda: _SHELF)
    assert companies.by_short_names(text) == rest
