"""The source panel: the right place, the exact boxes on a PDF page, and honesty when it is gone."""

from corpus.schema import Box, Document, Language, Metadata, Origin
from rag.schema import AnswerStatus
from web.document_view import Span
from web.handlers import Desk
from web.source import cited_place, nearest_place, quote_boxes, source_html
from web.texts import Texts, UiLanguage

EN = Texts(UiLanguage.EN)


def document_with(*origins: Origin, text: str = "0123456789") -> Document:
    return Document("d", "d.pdf", "", Language.EN, Metadata("T"), text, (), origins=origins)


def test_the_boxes_of_a_line_are_joined_and_cut_to_the_quote() -> None:
    line = Origin(0, 4, box=Box(1, 10, 100, 50, 112))
    rest = Origin(4, 6, box=Box(1, 50, 101, 70, 112))
    below = Origin(6, 10, box=Box(2, 10, 120, 50, 132))
    document = document_with(line, rest, below)
    assert quote_boxes(document, Span(1, 8)) == [
        Box(1, 20, 100, 70, 112),  # the first character's share of the width is left out
        Box(2, 10, 120, 30, 132),
    ]


def test_a_chinese_character_is_as_wide_as_two_digits() -> None:
    line = Origin(0, 6, box=Box(1, 10, 100, 90, 112))
    document = document_with(line, text="2026年底")  # 4 × 10 and 2 × 20 wide
    assert quote_boxes(document, Span(0, 4)) == [Box(1, 10, 100, 50, 112)]
    assert quote_boxes(document, Span(5, 6)) == [Box(1, 70, 100, 90, 112)]


def test_columns_side_by_side_are_two_boxes() -> None:
    left = Origin(0, 5, box=Box(1, 10, 100, 50, 112))
    right = Origin(5, 9, box=Box(1, 300, 100, 340, 112))
    assert len(quote_boxes(document_with(left, right), Span(0, 9))) == 2


def test_text_without_a_place_has_no_box() -> None:
    assert quote_boxes(document_with(Origin(0, 9, source=0)), Span(0, 9)) == []


def test_every_citation_opens_at_its_quote(desk: Desk) -> None:
    answer = desk.assistant.answer("2023年国内仓储机器人市场规模是多少？")
    assert answer.status is AnswerStatus.ANSWERED
    for citation in answer.citations:
        html = source_html(cited_place(citation), desk.assistant, EN, answer=answer)
        assert "<mark>" in html
        assert citation.title in html
        assert "problem" not in html


def test_a_removed_report_is_said_to_be_gone(desk: Desk) -> None:
    answer = desk.assistant.answer("2023年国内仓储机器人市场规模是多少？")
    desk.assistant.remove(answer.citations[0].doc_id)
    html = source_html(cited_place(answer.citations[0]), desk.assistant, EN)
    assert EN("quote_gone") in html
    assert "<mark>" not in html


def test_a_nearest_passage_opens_too(desk: Desk) -> None:
    answer = desk.assistant.answer("蓝隼智能有多少项专利？")
    assert answer.nearest
    html = source_html(nearest_place(answer.nearest[0], desk.assistant), desk.assistant, EN)
    assert "<mark>" in html
