"""Documents as HTML: the quote is marked exactly, in text and in tables, and nothing is a tag."""

import re
from html import unescape

import pytest

from corpus.loaders import read_document
from corpus.schema import Document, Rendering
from web.document_view import (
    Span,
    block_at,
    blocks_html,
    marked,
    outline,
    pairs_html,
    section_blocks,
)

TEXT = """# 行业报告

## 1 市场

市场规模达到453亿元。增速放缓。

## 2 价格

表：收费

| 方案 | Pro |
| --- | --- |
| 月度 | $60 |

<script>alert(1)</script> & done
"""


@pytest.fixture
def document() -> Document:
    return read_document(TEXT.encode(), "report.md")


def span_of(document: Document, text: str) -> Span:
    start = document.text.index(text)
    return Span(start, start + len(text))


def marks(html: str) -> list[str]:
    return [unescape(text) for text in re.findall(r"<mark>(.*?)</mark>", html)]


@pytest.mark.parametrize("quote", ["453亿元", "市场规模达到453亿元。", "$60", "Pro", "& done"])
def test_exactly_the_quote_is_marked(document: Document, quote: str) -> None:
    assert marks(blocks_html(document, document.blocks, span_of(document, quote))) == [quote]


def test_no_span_marks_nothing_and_no_text_is_lost(document: Document) -> None:
    html = blocks_html(document, document.blocks)
    assert marks(html) == []
    shown = re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>", "", html)))
    assert shown == re.sub(r"\s+", "", document.text)


def test_report_text_is_escaped() -> None:
    document = read_document("毛利率 5 < 6 & onerror 7 > 3".encode(), "a.txt")
    html = blocks_html(document, document.blocks, span_of(document, "onerror"))
    assert "5 &lt; 6 &amp; <mark>onerror</mark> 7 &gt; 3" in html


@pytest.mark.parametrize(("start", "end"), [(0, 0), (2, 2), (0, 3), (1, 9), (-5, 1), (5, 2)])
def test_marking_keeps_the_text(start: int, end: int) -> None:
    text = "a<b>&"
    assert unescape(re.sub(r"</?mark>", "", marked(text, 0, 5, Span(start, end)))) == text


def test_the_cell_of_a_quote_stands_out_in_its_table(document: Document) -> None:
    html = blocks_html(document, document.blocks, span_of(document, "$60"))
    assert re.findall(r'<td class="quoted short"><mark>(.*?)</mark>', html) == ["$60"]
    assert html.count('class="quoted-row"') == 1
    assert '<th scope="col" class="short">Pro</th>' in html


def test_the_section_around_a_quote_is_shown(document: Document) -> None:
    shown = section_blocks(document, span_of(document, "453"))
    texts = [document.block_text(block) for block in shown]
    assert any("453亿元" in text for text in texts)
    assert not any("done" in text for text in texts)


def test_a_long_section_is_cut_around_the_quote() -> None:
    items = "\n".join(f"- 第{number}项。{'字' * 200}" for number in range(60))
    long = read_document(f"# 题\n\n{items}\n".encode(), "a.md")
    assert len(long.blocks) > 60
    shown = section_blocks(long, span_of(long, "第30项。"), max_chars=1000)
    assert 0 < sum(block.end - block.start for block in shown) <= 1000
    assert any("第30项。" in long.block_text(block) for block in shown)


def test_a_rendering_is_marked_where_its_original_is_quoted(document: Document) -> None:
    first, second = span_of(document, "市场规模达到453亿元。"), span_of(document, "增速放缓。")
    renderings = [
        Rendering(first.start, first.end, "The market is <RMB 45.3bn>."),
        Rendering(second.start, second.end, "Growth slows."),
    ]
    block = block_at(document, first.start)
    assert block is not None
    html = pairs_html(document, [block], renderings, first)
    assert marks(html) == ["市场规模达到453亿元。", "The market is <RMB 45.3bn>."]
    assert "Growth slows." in html


def test_the_outline_is_the_headings_in_order(document: Document) -> None:
    found = list(outline(document))
    assert [text for _, _, text in found] == ["行业报告", "1 市场", "2 价格"]
    assert all(document.block_text(document.blocks[ordinal]) == text for ordinal, _, text in found)
