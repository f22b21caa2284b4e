"""Quotes found in documents, and answers judged by what they cite."""

from dataclasses import replace

import pytest

from corpus.schema import Rendering
from eval.cases import Span
from eval.grounding import evidence_scores, grounding_scores, is_carried, split_statements
from eval.places import Place, Sources
from tests.eval.made import DECLINED, DOCUMENT, QUOTE, SOURCES, case, cite, reply
from tests.tiny_corpus import NASTY_TEXTS


def text_at(place: Place) -> str:
    return DOCUMENT.text[place.start : place.end]


def test_a_quote_is_found_whatever_its_spaces_and_widths() -> None:
    (place,) = SOURCES.places(Span("d", "２０２３年 市场规模 达到187 亿元"))
    assert text_at(place) == QUOTE


def test_a_quote_is_found_everywhere_it_stands_and_a_row_label_chooses() -> None:
    assert len(SOURCES.places(Span("d", "9小时"))) == 2
    (place,) = SOURCES.places(Span("d", "9小时", row="蓝隼 A5"))
    assert DOCUMENT.text.rindex("9小时") == place.start


def test_what_is_nowhere_has_no_place() -> None:
    assert SOURCES.places(Span("d", "188亿元")) == []
    assert SOURCES.places(Span("unknown", QUOTE)) == []
    assert SOURCES.places(Span("d", "")) == []


@pytest.mark.parametrize("text", NASTY_TEXTS.values(), ids=NASTY_TEXTS.keys())
def test_a_place_is_where_the_characters_are(text: str) -> None:
    document = replace(DOCUMENT, text=text, blocks=())
    for quote in {text[:3], text[-3:], text[len(text) // 2 :][:4]}:
        for place in Sources({"d": document}.__getitem__).places(Span("d", quote)):
            assert 0 <= place.start < place.end <= len(text)


@pytest.mark.parametrize(
    ("text", "markers"),
    [
        ("规模为187亿元 [1]", [(1,)]),
        ("规模为187亿元。[1]需求来自电商。[2]", [(1,), (2,)]),
        ("A grew. [1] B fell [2][3]. C too.", [(1,), (2, 3), ()]),
        ("规模为187亿元。需求来自电商 [1]。", [(1,), (1,)]),
        ("- 甲 [1]\n- 乙 [2]", [(1,), (2,)]),
        ("甲 [1]\n（引用的报告没有中文译文，故引原文。）", [(1,)]),
        ("(This is the offline answer.)", []),
        ("(甲为乙) [1]", [(1,)]),
        ("[1]", []),
        ("", []),
    ],
)
def test_statements_have_the_markers_behind_them(text: str, markers: list[tuple[int, ...]]) -> None:
    assert [statement.markers for statement in split_statements(text)] == markers


def test_evidence_carries_what_it_says_and_no_other_figure() -> None:
    assert is_carried("市场规模达到187亿元", f"{QUOTE}，同比增长26%。")
    assert not is_carried("市场规模达到188亿元", QUOTE)
    assert not is_carried("市场规模达到187亿元，由海外订单驱动，利润率显著改善", QUOTE)
    assert not is_carried("市场规模达到187亿元", "")


def test_an_answer_in_the_words_of_its_report_is_grounded() -> None:
    scores = grounding_scores(reply(f"{QUOTE} [1]"), SOURCES)
    assert scores == {
        "citation_recall": 1.0,
        "citation_precision": 1.0,
        "number_support": 1.0,
        "quotes_exact": 1.0,
        "labels_true": 1.0,
    }


def test_a_figure_that_no_citation_has_is_not_supported() -> None:
    scores = grounding_scores(reply("2023年市场规模达到999亿元 [1]"), SOURCES)
    assert scores["number_support"] == 1 / 2  # the year is there
    assert scores["citation_recall"] == 0.0
    assert scores["citation_precision"] == 0.0


def test_a_citation_that_is_not_needed_costs_precision() -> None:
    extra = cite(2, "需求来自电商")
    scores = grounding_scores(reply(f"{QUOTE} [1][2]", cite(1, QUOTE), extra), SOURCES)
    assert scores["citation_recall"] == 1.0
    assert scores["citation_precision"] == 1 / 2


def test_a_cell_is_read_with_its_labels_and_its_rendering() -> None:
    cell = cite(1, "31.5")
    assert (
        grounding_scores(reply("蓝隼 A5 · 售价：31.5 [1]", cell), SOURCES)["citation_recall"] == 1
    )
    start = DOCUMENT.text.index("31.5")
    rendered = Sources(
        {"d": DOCUMENT}.__getitem__,
        lambda _: [Rendering(start, start + 4, "thirty one and a half")],
    )
    scores = grounding_scores(reply("thirty one and a half [1]", cell), rendered)
    assert scores["citation_recall"] == 1.0


def test_false_quotes_and_labels_are_found() -> None:
    false = replace(cite(1, QUOTE), quote=QUOTE.replace("187", "188"))
    assert grounding_scores(reply("x [1]", false), SOURCES)["quotes_exact"] == 0.0
    moved = replace(cite(1, QUOTE), section="产品")
    assert grounding_scores(reply("x [1]", moved), SOURCES)["labels_true"] == 0.0
    paged = replace(cite(1, QUOTE), page=7)
    assert grounding_scores(reply("x [1]", paged), SOURCES)["labels_true"] == 0.0


def test_citations_are_judged_by_where_they_stand() -> None:
    scores = evidence_scores(case("187亿"), reply("x", cite(1, QUOTE), cite(2, "电商")), SOURCES)
    assert scores["cited"] == 1.0
    assert scores["evidence_precision"] == 1 / 2
    assert scores["evidence_recall"] == 1.0
    assert scores["right_section"] == 1.0
    assert scores["right_page"] is None  # the report has no pages


def test_the_same_figure_in_another_row_is_not_the_evidence() -> None:
    asked = case("9小时", evidence=[Span("d", "9小时", row="蓝隼 A5")])
    assert evidence_scores(asked, reply("x", cite(1, "9小时", nth=1)), SOURCES)["cited"] == 1.0
    assert evidence_scores(asked, reply("x", cite(1, "9小时", nth=0)), SOURCES)["cited"] == 0.0


def test_another_sentence_that_states_the_facts_counts() -> None:
    asked = case("电商", evidence=[Span("d", QUOTE)])
    scores = evidence_scores(asked, reply("x", cite(1, "需求来自电商")), SOURCES)
    assert (scores["cited"], scores["evidence_recall"]) == (1.0, 1.0)


def test_a_declined_question_cites_nothing() -> None:
    scores = evidence_scores(case("187亿"), DECLINED, SOURCES)
    assert (scores["cited"], scores["evidence_precision"], scores["evidence_recall"]) == (0, 0, 0)


def test_the_page_that_a_case_names_is_the_right_one() -> None:
    asked = case("187亿", evidence=[Span("d", QUOTE, page=3)])
    assert evidence_scores(asked, reply("x", cite(1, QUOTE)), SOURCES)["right_page"] == 0.0
    paged = replace(cite(1, QUOTE), page=3)
    assert evidence_scores(asked, reply("x", paged), SOURCES)["right_page"] == 1.0
