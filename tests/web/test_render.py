"""Answers become HTML in which nothing but our own tags is a tag."""

import re
from html.parser import HTMLParser

import pytest

from corpus.schema import Language
from rag.schema import Answer, AnswerStatus, Citation, Nearest
from web.conversation import Turn
from web.render import citation_line, formatted, transcript_html
from web.texts import Texts, UiLanguage

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](http://evil.example/a.png)",
    "[click](javascript:alert(1))",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "<a href='http://evil.example'>x</a>",
    "${alert(1)} {{constructor.constructor('alert(1)')()}}",
    "<style>body{background:url(http://evil.example)}</style>",
    "**<b>bold</b>** - <li> [1]<i>",
]
ALLOWED = {
    *("div", "article", "span", "p", "br", "ul", "ol", "li", "strong", "button", "h3", "input"),
}


class Tags(HTMLParser):
    """Collects tags and attribute names."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def citation(marker: int = 1, text: str = "quote") -> Citation:
    return Citation(marker, text, text, text, text, text, 3, text, 0, len(text), text)


def answered(text: str, *citations: Citation) -> Answer:
    return Answer(text, text, Language.EN, AnswerStatus.ANSWERED, citations or (citation(),))


@pytest.mark.parametrize("language", UiLanguage)
@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_report_or_question_becomes_a_tag(text: str, language: UiLanguage) -> None:
    nearest = Nearest(text, text, text, text, None, 0, 1)
    abstained = Answer(text, text, Language.ZH, AnswerStatus.NOT_IN_CORPUS, nearest=(nearest,))
    turns = [Turn(text, answered(text, citation(1, text))), Turn(text, abstained), Turn(text)]
    turns.append(Turn(text, problem=text))
    html = transcript_html(turns, Texts(language), pending=text)
    found = Tags(html)
    assert found.tags <= ALLOWED
    assert not {
        name for name in found.attributes if name.startswith("on") or name in ("href", "src")
    }


def test_markers_with_a_citation_are_buttons_and_others_stay_text() -> None:
    html = formatted("Grew 5% [1], fell [2].", {1}, 4, Texts(UiLanguage.EN))
    assert re.findall(r'data-turn="(\d+)" data-marker="(\d+)"', html) == [("4", "1")]
    assert "fell [2]." in html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
        ("a\nb\n\nc", "<p>a<br>b</p><p>c</p>"),
        ("**市场** 2.5%", "<p><strong>市场</strong> 2.5%</p>"),
        ("2.5 亿元", "<p>2.5 亿元</p>"),
        ("", ""),
    ],
)
def test_lists_bold_and_paragraphs_are_all_of_markdown(text: str, html: str) -> None:
    assert formatted(text, (), 0, Texts(UiLanguage.EN)) == html


def test_only_the_last_turn_can_be_asked_again_or_edited() -> None:
    turns = [Turn("a", answered("x [1]")), Turn("b", answered("y [1]"))]
    html = transcript_html(turns, Texts(UiLanguage.EN))
    assert re.findall(r'data-event="(?:retry|edit)" data-turn="(\d)"', html) == ["1", "1"]


def test_a_citation_line_names_everything_once() -> None:
    line = citation_line(Citation(2, "a\n b", "d", "T", "I", "2024-01-02", 7, "S > T", 0, 4))
    assert line == "[2] I, 《T》, 2024-01-02, p. 7, S > T: “a b”"


def test_an_abstention_is_written_in_the_readers_characters() -> None:
    said = Answer("问", "报告中没有找到", Language.ZH, AnswerStatus.NOT_IN_CORPUS)
    html = transcript_html([Turn("问", said)], Texts(UiLanguage.ZH_TW))
    assert "報告中沒有找到" in html


def test_of_a_long_conversation_the_end_is_shown_with_a_button_for_the_rest() -> None:
    texts = Texts(UiLanguage.EN)
    turns = [Turn(f"question {number}", answered("x [1]")) for number in range(50)]
    html = transcript_html(turns, texts, shown=20)
    assert "question 29<" not in html
    assert 'data-turn="30"' in html
    assert 'data-event="earlier"' in html
    assert "Show 30 earlier" in html
    assert "earlier" not in transcript_html(turns, texts, shown=50)
