import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from corpus.chunks import MAX_CHUNK_COLUMNS, split_document
from corpus.errors import AssistantError
from corpus.loaders import read_document
from corpus.reading.structure import display_columns
from corpus.schema import BlockKind, Chunk, Document, Role
from tests.tiny_corpus import NASTY_TEXTS, TINY_CORPUS, ZH_WAREHOUSE


def assert_cover(document: Document, chunks: list[Chunk]) -> None:
    """Check that chunks are exact, in order, apart, and leave out headings and nothing else."""
    taken = [0] * len(document.text)
    position = 0
    for ordinal, chunk in enumerate(chunks):
        assert chunk.chunk_id == f"{document.doc_id}#{ordinal:04d}"
        assert document.text[chunk.start : chunk.end] == chunk.text
        assert position <= chunk.start < chunk.end
        assert chunk.text.strip()
        position = chunk.end
        for place in range(chunk.start, chunk.end):
            taken[place] += 1
        for block in document.blocks[chunk.first_block : chunk.last_block + 1]:
            assert block.section == chunk.section
            assert block.role is chunk.role
    for block in document.blocks:
        for place in range(block.start, block.end):
            if document.text[place].isspace():
                continue
            # Headings are left out: every chunk below one names it in `section`.
            assert taken[place] == (0 if block.kind is BlockKind.HEADING else 1)


@pytest.mark.parametrize("name", TINY_CORPUS)
def test_the_tiny_corpus_is_covered_exactly_once(name: str) -> None:
    document = read_document(TINY_CORPUS[name].encode(), name)
    assert_cover(document, split_document(document))


def test_the_shipped_reports_are_covered_exactly_once(shipped: dict[str, Document]) -> None:
    for document in shipped.values():
        assert_cover(document, split_document(document))


@pytest.mark.parametrize("name", NASTY_TEXTS)
def test_nasty_texts_are_covered_exactly_once(name: str) -> None:
    try:
        document = read_document(NASTY_TEXTS[name].encode(), "nasty.txt")
    except AssistantError:
        return
    assert_cover(document, split_document(document))


@hypothesis_settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=60),
            st.sampled_from(
                ["# 标题\n", "\n\n", "a\tb\nc\td\n", "| x | y |\n", "- 项目\n", "很长。" * 200]
            ),
        ),
        max_size=12,
    ).map("".join)
)
def test_any_document_is_covered_exactly_once(text: str) -> None:
    try:
        document = read_document(text.encode("utf-8", errors="ignore"), "any.txt")
    except AssistantError:
        return
    assert_cover(document, split_document(document))


def test_chunks_are_no_longer_than_one_paragraph(shipped: dict[str, Document]) -> None:
    for document in shipped.values():
        for chunk in split_document(document):
            one_unit = chunk.kind is BlockKind.TABLE or "。" not in chunk.text.strip("。")
            assert one_unit or display_columns(chunk.text) <= MAX_CHUNK_COLUMNS * 2


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    sentence = "市场在第{}年继续增长，主要由于海外需求的扩张和新产品的放量带动。"
    text = "".join(sentence.format(year) for year in range(40))
    chunks = split_document(read_document(text.encode(), "long.txt"))
    assert len(chunks) > 3
    assert all(chunk.text.endswith("。") for chunk in chunks)
    assert "".join(chunk.text for chunk in chunks) == text


def test_a_long_table_is_cut_between_rows_and_each_part_knows_its_header() -> None:
    rows = "".join(f"产品{n}\t{n}.5\t用于第{n}号生产线的机器人\n" for n in range(60))
    text = f"表 1：全部产品（单位：万元）\n名称\t售价\t用途\n{rows}"
    document = read_document(text.encode(), "table.txt")
    chunks = [chunk for chunk in split_document(document) if chunk.kind is BlockKind.TABLE]
    assert len(chunks) > 2
    assert all("名称\t售价\t用途" in chunk.context for chunk in chunks[1:])
    assert all("全部产品" in chunk.context for chunk in chunks)
    assert "名称\t售价\t用途" not in chunks[0].context  # it is in the text itself
    lines = [line for chunk in chunks for line in chunk.text.split("\n")]
    assert len(lines) == 61


def test_sections_roles_and_tables_are_not_mixed() -> None:
    document = read_document(ZH_WAREHOUSE.encode(), "zh.md")
    chunks = split_document(document)
    by_text = {
        said: next(c for c in chunks if said in c.text)
        for said in ("187亿元", "锂价上涨", "蓝隼 A5")
    }
    assert by_text["187亿元"].section[-1] == "1 市场规模"
    assert by_text["锂价上涨"].section[-1] == "4 风险提示"
    assert by_text["蓝隼 A5"].kind is BlockKind.TABLE
    assert {chunk.role for chunk in chunks} >= {Role.FRONT, Role.CONTENT, Role.BOILERPLATE}


def test_the_context_holds_title_and_headings() -> None:
    document = read_document(ZH_WAREHOUSE.encode(), "zh.md")
    chunk = next(c for c in split_document(document) if "187亿元" in c.text)
    assert "仓储机器人：需求拐点已至" in chunk.context
    assert "1 市场规模" in chunk.context
