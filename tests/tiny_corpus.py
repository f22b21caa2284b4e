"""The tiny corpus: four reports written for the tests, two in each language, and nasty texts.

Every figure in it is invented, so that a right answer can only have come from here.
"""

import re

from corpus.schema import Document

ZH_WAREHOUSE = """\
# 仓储机器人：需求拐点已至

证券分析师：沈默言
执业证书编号：S0990521000011
研究助理：苏晓
2024年3月5日

行业评级：看好(维持)

## 1 市场规模

2023年国内仓储机器人市场规模达到187亿元，同比增长26%。我们预计2026年市场规模将超过410亿元，\
复合增速约30%。

需求主要来自电商与冷链两个行业，其中冷链行业的占比为14%。

## 2 产品对比

表 1：主要产品参数（单位：万元）

| 产品 | 售价 | 续航 | 载重 |
| --- | --- | --- | --- |
| 蓝隼 A3 | 23.8 | 9小时 | 600kg |
| 蓝隼 A5 | 31.5 | 12小时 | 900kg |
| 驼峰 T1 | 18.2 | 7小时 | 450kg |

资料来源：公司公告，海岳证券研究所

## 3 投资建议

推荐蓝隼智能(688999.SH，买入)。蓝隼智能的总部位于合肥，2023年交付了5,200台机器人。

## 4 风险提示

锂价上涨；冷链需求不及预期；海外认证进度慢于预期。

## 免责声明

本报告由海岳证券股份有限公司制作，仅供海岳证券股份有限公司的客户使用。

## 投资评级说明

买入：未来6个月内股价相对基准涨幅在20%以上。
"""

ZH_STORAGE = """\
储能行业点评

工商业储能的盈利模型正在改善。峰谷价差扩大使得项目的回收期从8年缩短到5.5年，这是\
装机加速的主要原因。

2024年一季度全国新增工商业储能装机1.9GWh，其中浙江占比最高，达到31%。

地区\t新增装机（MWh）\t占比
浙江\t589\t31%
广东\t437\t23%
江苏\t361\t19%

我们认为，虚拟电厂是工商业储能的下一个增量市场。虚拟电厂是指把分散的储能、充电桩和可调负荷\
聚合起来统一调度的平台。
"""

EN_CHIPS = """\
# Edge AI chips: the next leg

Analyst: Dana Whitfield
14 May 2024

Northgate Securities raised its estimate of the edge AI chip market to US$36.4 billion in 2027, \
from US$9.8 billion in 2023.

## Products

Table 1: Chips compared

| Chip | Price | Power | Memory |
| --- | --- | --- | --- |
| Heron 2 | $149 | 8 W | 16 GB |
| Heron 4 | $289 | 15 W | 32 GB |
| Pelican | $95 | 5 W | 8 GB |

Source: company data, Northgate Securities

## Why demand grows

Shipments rose 42% in 2023 because factories moved inspection from the cloud to the camera. \
Heron Devices shipped 3.1 million units and employs 870 people in Dublin.

## Risks

Export controls may delay orders from Asia. Memory prices could rise.

## Disclaimer

This report was prepared by Northgate Securities Ltd. for its institutional clients.
"""

EN_FERRIES = """\
Electric ferries

Norvik Lines ordered twelve electric ferries in 2023. The first one entered service in August \
2024 on the Bergen route.

Each ferry carries 320 passengers and costs US$21.5 million. Charging takes 18 minutes.

The main risks are late delivery of batteries and a shortage of quay-side power.
"""

TINY_CORPUS = {
    "zh_warehouse.md": ZH_WAREHOUSE,
    "zh_storage.txt": ZH_STORAGE,
    "en_chips.md": EN_CHIPS,
    "en_ferries.txt": EN_FERRIES,
}

NASTY_TEXTS = {
    "one character": "a",
    "one ideograph": "字",
    "only punctuation": "。，；！？…—",
    "full width": "２０２３年，ＡＩ市场　规模为１００亿元。",
    "mixed": "OpenAI发布Sora，duration 60s；GPT-4o is 多模态。",
    "emoji and combining marks": "👩‍👩‍👧 naïve cafe\u0301 ☕️ 中文",
    "CRLF": "第一行\r\n\r\n第二行\r第三行\r\n",
    "unicode line breaks": "one\u2028two\u2029three\x0bfour\x0cfive\x85six",
    "long without a full stop": "市场规模" * 2500,
    "long without a space": "x" * 5000,
    "only headings": "# a\n## b\n### c\n",
    "empty heading": "# \n##\n#\t\n",
    "pipes": "|\n||\n| |\n|---|\n| a | b |\n|--|--|\n| c |\n",
    "tabs": "\t\n\ta\t\n a\tb\t\tc\n\t\t\t\n",
    "markup only": "**\n__\n<br>\n</li><li>\n$\n\\\n[]()\n![]()\n",
    "bullets only": "- \n* \n• \n1) \n（1）\n",
    "lone marks of a table": "表 1：\n图 2：\n资料来源：\n",
    "private use and zero width": "\ue000\u200b\u200d\ufeff文字\u00ad",
    "brackets": "[a](b)[c](d) <https://x.y> </b><b>" * 40,
    "right to left": "مرحبا 中文 שלום",
}


def assert_whole(document: Document, decoded: str | None = None) -> None:
    """Check the contract of Document: order, cover, cells and the way back to the file."""
    position = 0
    for ordinal, block in enumerate(document.blocks):
        assert block.ordinal == ordinal
        assert position <= block.start < block.end <= len(document.text)
        assert not document.text[position : block.start].strip()
        position = block.end
        if block.table is not None:
            assert len({len(row) for row in block.table.rows}) == 1
            for cell in (cell for row in block.table.rows for cell in row):
                assert block.start <= cell.start <= cell.end <= block.end
    assert not document.text[position:].strip()
    if decoded is not None:
        last = 0
        for origin in document.origins:
            assert last <= origin.start < origin.end
            last = origin.end
            assert origin.source is not None
            there = decoded[origin.source : origin.source + origin.end - origin.start]
            assert there == document.text[origin.start : origin.end]


def markers(text: str) -> set[int]:
    """Return the numbers of the citation markers in an answer."""
    return {int(number) for number in re.findall(r"\[(\d+)\]", text)}
