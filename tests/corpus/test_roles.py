import pytest

from corpus.loaders import read_document
from corpus.schema import Document, Role
from tests.tiny_corpus import EN_CHIPS, ZH_STORAGE, ZH_WAREHOUSE


def roles(text: str) -> dict[str, Role]:
    """Return the role of every block by its text."""
    document = read_document(text.encode(), "report.md")
    return {document.block_text(block): block.role for block in document.blocks}


def texts_with(role: Role, document: Document) -> list[str]:
    return [document.block_text(block) for block in document.blocks if block.role is role]


@pytest.mark.parametrize(
    "line",
    [
        "证券分析师：沈默言",
        "执业证书编号：S0990521000011",
        "研究助理：苏晓",
        "2024年3月5日",
        "行业评级：看好(维持)",
    ],
)
def test_cover_matter_is_front(line: str) -> None:
    assert roles(ZH_WAREHOUSE)[line] is Role.FRONT


@pytest.mark.parametrize("line", ["Analyst: Dana Whitfield", "14 May 2024"])
def test_english_cover_matter_is_front(line: str) -> None:
    assert roles(EN_CHIPS)[line] is Role.FRONT


def test_a_name_beside_a_title_is_front() -> None:
    found = roles("# 半导体月报\n\n林知远\n\n首席电子分析师\n\nlin@example.cn\n\n需求回升。\n")
    assert found["林知远"] is Role.FRONT
    assert found["需求回升。"] is Role.CONTENT


@pytest.mark.parametrize(
    "text",
    [
        "本报告由海岳证券股份有限公司制作，仅供海岳证券股份有限公司的客户使用。",
        "买入：未来6个月内股价相对基准涨幅在20%以上。",
    ],
)
def test_disclaimer_and_rating_definitions_are_boilerplate(text: str) -> None:
    assert roles(ZH_WAREHOUSE)[text] is Role.BOILERPLATE


def test_an_english_disclaimer_is_boilerplate() -> None:
    line = "This report was prepared by Northgate Securities Ltd. for its institutional clients."
    assert roles(EN_CHIPS)[line] is Role.BOILERPLATE


@pytest.mark.parametrize("text", [ZH_STORAGE, EN_CHIPS, ZH_WAREHOUSE], ids=["zh", "en", "zh md"])
def test_what_the_market_does_is_content(text: str) -> None:
    document = read_document(text.encode(), "report.md")
    content = " ".join(texts_with(Role.CONTENT, document))
    for said in ("187亿元", "虚拟电厂是指", "Export controls", "688999.SH"):
        assert (said in content) == (said in text)


def test_risk_warnings_of_the_report_are_content() -> None:
    assert roles(ZH_WAREHOUSE)["锂价上涨；冷链需求不及预期；海外认证进度慢于预期。"] is Role.CONTENT


def test_a_rating_on_the_cover_does_not_make_the_report_boilerplate() -> None:
    found = roles(
        "# 传媒周报\n\n投资评级 领先大市\n\n票房同比增长12%。\n\n版号创新高。\n\n广告回暖。\n"
    )
    assert found["票房同比增长12%。"] is Role.CONTENT
    assert found["广告回暖。"] is Role.CONTENT


@pytest.mark.parametrize(
    "contents",
    ["1 市场规模.....3\n2 风险提示.....7\n图 1: 增速......4\n", "1 市场规模\n\n2 风险提示\n"],
    ids=["dot leaders", "titles only"],
)
def test_a_table_of_contents_is_no_evidence(contents: str) -> None:
    body = "## 1 市场规模\n\n规模为10亿元。\n\n## 2 风险提示\n\n竞争加剧。\n"
    text = f"# 年度策略\n\n## 目录\n\n{contents}\n{body}"
    document = read_document(text.encode(), "report.md")
    listed = texts_with(Role.CONTENTS, document)
    assert {line[:6] for line in contents.split("\n") if line} <= {line[:6] for line in listed}
    content = texts_with(Role.CONTENT, document)
    assert "规模为10亿元。" in content
    assert "竞争加剧。" in content


def test_boilerplate_ends_at_the_next_numbered_chapter() -> None:
    body = "## 1 市场\n\n规模为10亿元。\n\n## 2 风险\n\n竞争。\n"
    found = roles(f"# 策略\n\n## 重要声明\n\n本报告仅供客户使用。\n\n{body}")
    assert found["本报告仅供客户使用。"] is Role.BOILERPLATE
    assert found["规模为10亿元。"] is Role.CONTENT


@pytest.mark.parametrize(
    ("doc_id", "role", "text"),
    [
        ("001_25a8d3a807c203b0", Role.FRONT, "证券分析师：张良卫"),
        (
            "001_25a8d3a807c203b0",
            Role.BOILERPLATE,
            "买入：预期未来6个月个股涨跌幅相对基准在15%以上",
        ),
        ("002_e256dbcac6dad0ec", Role.BOILERPLATE, "领先大市"),
        ("002_e256dbcac6dad0ec", Role.FRONT, "投资评级领先大市-A维持"),
        ("003_df9cf0c7894b652b", Role.BOILERPLATE, "浙商证券股份有限公司"),
        ("004_3fd27e89a47051d0", Role.BOILERPLATE, "“超配”"),
        ("004_3fd27e89a47051d0", Role.CONTENT, "62%的游戏工作室"),
        ("000_90584e6a91591ae2", Role.CONTENT, "453亿元"),
    ],
)
def test_roles_in_the_shipped_reports(
    doc_id: str, role: Role, text: str, shipped: dict[str, Document]
) -> None:
    assert any(text in line for line in texts_with(role, shipped[doc_id]))


def test_the_body_of_the_shipped_reports_is_content(shipped: dict[str, Document]) -> None:
    for doc_id in ("000_90584e6a91591ae2", "001_25a8d3a807c203b0", "003_df9cf0c7894b652b"):
        document = shipped[doc_id]
        assert sum(map(len, texts_with(Role.CONTENT, document))) > 0.8 * len(document.text)
