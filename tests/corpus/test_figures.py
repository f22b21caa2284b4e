import random
import re

import pytest

from corpus.editions.edition import EDITIONS_DIR, edition_name, load_edition
from corpus.editions.figures import check_figures, compare_figures
from corpus.loaders import list_files, read_document
from corpus.schema import Rendering

DOCUMENTS_DIR = EDITIONS_DIR.parent / "documents"
REPORTS = [path.name for path in list_files(DOCUMENTS_DIR)]


def read_shipped(name):
    document = read_document((DOCUMENTS_DIR / name).read_bytes(), name)
    edition = load_edition(
        document, EDITIONS_DIR / edition_name(document.doc_id, document.language)
    )
    assert edition is not None
    return document, edition


@pytest.fixture(scope="module")
def shipped():
    return [read_shipped(name) for name in REPORTS]


SAME = [
    ("2020年市场规模达453亿元", "The market reached RMB 45.3 billion in 2020"),
    ("预计2025年规模超900亿元", "It is expected to exceed RMB 90 billion in 2025"),
    ("市场规模（亿元）及增速", "Market size (RMB 100 million) and growth"),
    ("收入（百万美元）", "Revenue (US$ in millions)"),
    ("单位：万人", "Unit: 10,000 people"),
    ("升幅%", "Gain (%)"),
    ("价格（美元/月）", "Price (USD/month)"),
    ("DALLE3与GPT4V", "DALL·E 3 and GPT-4V"),
    ("双塔模型", "Two-tower models"),
    ("两个模型都是开源模型", "Both models are open-source"),
    ("三维化", "Becoming three-dimensional"),
    ("第一类受规管活动", "Type 1 regulated activities"),
    ("单人一年收费600美元", "USD 600 per person per year"),
    ("数量会增加十倍", "the amount would increase tenfold"),
    ("用户翻倍", "users grew to twice the number"),
    ("9折3张", "3 cards at 10% off"),
    ("8.5折", "at 85% of the price"),
    ("相对基准-5%与5%", "between -5% and 5% relative to the benchmark"),
    (
        "从22年的14篇增至23年前10个月的103篇",
        "from 14 in 2022 to 103 in the first 10 months of 2023",
    ),
    ("亿级数据集", "a dataset on the scale of 100 million"),
    ("上亿规模的数据集", "datasets on the scale of a hundred million or more"),
    ("数百万甚至数十亿个图文对", "millions or even billions of image-text pairs"),
    ("数百万美元天使轮融资", "angel-round financing of several million US dollars"),
    ("几千张图像", "several thousand images"),
    ("谷歌Gemini有万亿参数", "Google's Gemini has a trillion-scale parameter count"),
    ("970M文本-图像对", "970 million text-image pairs"),
    ("2.1.2 视频生成", "2.1.2 Video generation"),
    ("图 3：规模", "Figure 3: Size"),
    ("海康威视(002415，买入)", "Hikvision (002415, Buy)"),
    ("2019-2021年", "2019-2021"),
    ("净利润为12.6/15.3/18.9亿元", "net profit of RMB 1.26/1.53/1.89 billion"),
    ("对应PE为25/20/16倍", "implying P/E of 25x/20x/16x"),
    ("约占销售额的8%", "roughly 8% of sales"),
    ("将2025财年每股收益预测下调5%", "cut FY25E EPS by 5%"),
    ("未来12个月市盈率15倍", "15x NTM P/E"),
    ("十四五期间", "During the 14th Five-Year Plan period"),
    ("无数字", "No figures at all"),
    ("", ""),
]


@pytest.mark.parametrize(("zh", "en"), SAME)
def test_same_figures_have_no_difference_in_either_direction(zh, en):
    assert compare_figures(zh, en) == ((), ())
    assert compare_figures(en, zh) == ((), ())


OTHER = [
    ("453亿元", "RMB 45.4 billion", "digit"),
    ("453亿元", "RMB 4.53 billion", "scale"),
    ("453亿元", "US$45.3 billion", "currency"),
    ("453亿元", "45.3 billion", "no currency"),
    ("（亿元）", "(RMB million)", "scale of a label"),
    ("（亿元）", "(US$ 100 million)", "currency of a label"),
    ("市场规模（亿元）", "Market size", "label left out"),
    ("市场规模", "Market size (RMB 100 million)", "label added"),
    ("升幅%", "Gain", "percent sign left out"),
    ("2023年12月", "December 2024", "year"),
    ("2023年12月", "2023", "month left out"),
    ("提高3个百分点", "up 3%", "points"),
    ("3小时", "3 minutes", "unit"),
    ("超过20万", "200,000", "hedge left out"),
    ("约20万", "over 200,000", "hedge turned round"),
    ("2025年预计", "2025 and 2026", "year added"),
    ("300418.SZ", "300148.SZ", "ticker"),
    ("GPT-4", "GPT-3", "digit of a name"),
    ("净利润为12.6/15.3/18.9亿元", "RMB 1.26/15.3/1.89 billion", "one of a list"),
    ("占销售额的8%", "roughly 8% of sales", "hedge added"),
    ("约有20家，占销售额的8%", "about 20, roughly 8% of sales", "hedge of another figure"),
    ("上亿规模", "a billion or more", "order of magnitude"),
    ("数百万美元", "several billion US dollars", "order of magnitude of money"),
    ("970M文本", "970B texts", "letter scale"),
    ("2.1.2 视频", "2.1.3 Video", "numbering"),
    ("9折", "20% off", "discount"),
    ("一年", "two years", "word"),
    ("双塔", "three-tower", "word"),
    ("-5%与5%", "between -5% and 15%", "end of a range"),
    ("5%、5%", "5%", "one of two"),
    ("23年的", "in 2024", "short year"),
]


@pytest.mark.parametrize(("zh", "en"), [row[:2] for row in OTHER], ids=[row[2] for row in OTHER])
def test_other_figures_are_reported_in_either_direction(zh, en):
    assert compare_figures(zh, en) != ((), ())
    missing, added = compare_figures(en, zh)
    assert (missing, added) != ((), ())


def test_differences_are_given_as_printed():
    missing, added = compare_figures(
        "2020年达 453亿元，增10%", "In 2020 it was RMB 45.4 billion, up 10%"
    )
    assert missing == ("453亿元",)
    assert added == ("RMB 45.4 billion",)


TABLE = """# 收入

表1：主要公司收入（亿元）

| 公司 | 2023年收入（亿元） |
| --- | --- |
| 甲公司 | 453（预测） |
| 乙公司 | 12 |
"""


def table_renderings(document, cell_text):
    cells = [
        cell
        for block in document.blocks
        if block.table
        for row in block.table.rows
        for cell in row
        if document.cell_text(cell).startswith("453")
    ]
    assert cells
    return [Rendering(cell.start, cell.end, cell_text) for cell in cells]


def test_a_cell_may_print_the_unit_of_its_column():
    document = read_document(TABLE.encode(), "table.md")
    plain = table_renderings(document, "453 (forecast)")
    written_out = table_renderings(document, "RMB 45.3 billion (forecast)")
    wrong = table_renderings(document, "RMB 453 billion (forecast)")
    assert check_figures(document, plain) == ()
    assert check_figures(document, written_out) == ()
    (difference,) = check_figures(document, wrong)
    assert difference.original == "453（预测）"
    assert "453" in document.block_text(document.blocks[difference.block])
    assert "453" in difference.describe()


@pytest.mark.parametrize("name", REPORTS)
def test_shipped_editions_are_complete_and_clean(name):
    _, edition = read_shipped(name)
    assert edition.differences == ()
    assert edition.missing == ()
    assert edition.stale == ()


MUTATIONS = {
    "digit": [(r"\d", lambda m: str((int(m.group()) + 3) % 10))],
    "year": [(r"\b20[0-3]\d\b", lambda m: str(int(m.group()) + 1))],
    "scale": [
        (r"\bbillion\b", "million"),
        (r"\bmillion\b", "billion"),
        (r"\btrillion\b", "billion"),
    ],
    "currency": [
        (r"\bRMB (?=\d)", "US$"),
        (r"\bUSD (?=\d)", "RMB "),
        (r"\$(?=\d)", "RMB "),
        (r"\bHKD (?=\d)", "RMB "),
        (r"\bGBP (?=\d)", "EUR "),
        (r"\bRMB (?=\d)", ""),
    ],
    "percent": [
        (r"^[^%]*\d%[^%]*$", lambda m: m.group().replace("%", "")),
        (r"(?<=\d)%", " percentage points"),
    ],
    "unit": [
        (r"(?<=\d )hours?\b", "minutes"),
        (r"(?<=\d )minutes?\b", "seconds"),
        (r"(?<=\d )seconds?\b", "hours"),
        (r"(?<=\d )months?\b", "years"),
        (r"(?<=\d )years?\b", "months"),
        (r"\bkHz\b", "MHz"),
    ],
    "ticker": [(r"(?<=\()(\d{5})(\d)(?=\.S[ZH])", lambda m: m[1] + str((int(m[2]) + 1) % 10))],
    "hedge": [
        (r"\b(?:about|over|nearly) (?=(?:RMB |USD |US\$)?[\d.,]+(?![\dKMB]))", ""),
        (r"\bmore than (?=(?:RMB |USD |US\$)?\d)", "less than "),
    ],
}
PER_KIND = 60


def seeded_errors(shipped, kind):
    """Yield (document, good rendering, rendering with one figure changed), drawn by chance."""
    chance = random.Random(f"figures {kind}")
    errors = []
    for document, edition in shipped:
        for item in edition.renderings:
            for pattern, replacement in MUTATIONS[kind]:
                for match in re.finditer(pattern, item.text):
                    changed = replacement(match) if callable(replacement) else replacement
                    text = item.text[: match.start()] + changed + item.text[match.end() :]
                    errors.append((document, Rendering(item.start, item.end, text)))
    return chance.sample(errors, min(PER_KIND, len(errors)))


def survivors(shipped, kind):
    errors = seeded_errors(shipped, kind)
    return len(errors), [item.text for doc, item in errors if not check_figures(doc, [item])]


def test_seeded_errors_are_many(shipped):
    assert sum(len(seeded_errors(shipped, kind)) for kind in MUTATIONS) >= 200


@pytest.mark.parametrize("kind", MUTATIONS)
def test_every_seeded_error_is_caught(shipped, kind):
    count, missed = survivors(shipped, kind)
    assert count > 0
    assert missed == []
