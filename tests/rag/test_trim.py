"""Long sentences are cut to the clauses that answer, and never lose the figure."""

import pytest

from corpus.schema import Language, Role
from rag.composing.trim import clause_spans, trim_evidence
from rag.evidence.evidence import Evidence
from rag.questions.question import parse_question

ZH = (
    "2020年国内储能系统市场规模达453亿元，行业协会预测，2021-2025年市场进入结构调整期，市场增速将放缓，"
    "预计2025年规模超900亿元，应用开始向县域等下沉市场以及工商业用户等长尾领域渗透，发展模式由粗放扩张转变为精细运营。"
)
EN = (
    "The domestic storage market reached RMB 45.3 billion in 2020. The association expects the market "
    "to enter a period of adjustment in 2021-2025, with growth slowing, and the market size is "
    "expected to exceed RMB 90 billion in 2025. Applications have begun to reach counties and towns "
    "as well as industrial and commercial users, and the development model has changed."
)


def evidence(text: str, language: Language) -> Evidence:
    return Evidence(
        doc_id="d", block=0, start=10, end=10 + len(text), quote=text, text=text,
        language=language, role=Role.CONTENT, section=(), page=None, around=(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("question", "text", "language", "kept", "cut"),
    [
        ("2025年储能市场规模预计是多少？", ZH, Language.ZH, "超900亿元", "精细运营"),
        ("2020年储能市场规模是多少？", ZH, Language.ZH, "453亿元", "900亿元"),
        ("2025年储能市场前景如何？", ZH, Language.ZH, "超900亿元", "精细运营"),
        (
            "How large was the storage market in 2020?",
            EN,
            Language.EN,
            "45.3 billion",
            "90 billion",
        ),
        ("What will the storage market reach in 2025?", EN, Language.EN, "90 billion", "counties"),
    ],
)
def test_the_figure_of_the_period_asked_for_is_kept(
    question: str, text: str, language: Language, kept: str, cut: str
) -> None:
    parsed = parse_question(question)
    whole = evidence(text, language)
    trimmed = trim_evidence(parsed, whole, dict.fromkeys(parsed.terms, 1.0))
    assert kept in trimmed.text
    assert cut not in trimmed.text
    # The quote is cut with the text, and its offsets with the quote.
    assert trimmed.quote == trimmed.text
    assert text[trimmed.start - 10 : trimmed.end - 10] == trimmed.quote


def test_a_short_sentence_is_left_whole() -> None:
    parsed = parse_question("2020年市场规模是多少？")
    whole = evidence("2020年市场规模达453亿元，增速放缓。", Language.ZH)
    assert trim_evidence(parsed, whole, {}) is whole


@pytest.mark.parametrize("text", [ZH, EN, "", "，", "规模（约，但不限于）增长。", "(a, b, c"])
def test_clauses_cover_the_text(text: str) -> None:
    assert "".join(text[start:end] for start, end in clause_spans(text)) == text
