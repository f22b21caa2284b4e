import re
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.quantities import (
    Bound,
    DateParts,
    Quantity,
    QuantityKind,
    missing_quantities,
    parse_quantities,
    render_quantity,
    same_quantity,
    supports,
)
from corpus.quantities.numerals import fold_width
from corpus.schema import Language
from tests.corpus.quantity_pairs import PAIRS

K = QuantityKind
CORPUS = Path(__file__).parents[2] / "corpus" / "documents"


def one(text: str) -> Quantity:
    found = parse_quantities(text)
    assert len(found) == 1, (text, found)
    return found[0]


# --- what is read ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "low", "high", "unit", "bound"),
    [
        ("453亿元", K.MONEY, 453 * 10**8, None, "CNY", Bound.EXACT),
        ("RMB45.3bn", K.MONEY, 453 * 10**8, None, "CNY", Bound.EXACT),
        ("RMB 45.3 billion yuan", K.MONEY, 453 * 10**8, None, "CNY", Bound.EXACT),
        ("４５３亿元", K.MONEY, 453 * 10**8, None, "CNY", Bound.EXACT),
        ("453億元", K.MONEY, 453 * 10**8, None, "CNY", Bound.EXACT),
        ("3亿5000万美元", K.MONEY, 35 * 10**7, None, "USD", Bound.EXACT),
        ("2.76 万亿港币", K.MONEY, 276 * 10**10, None, "HKD", Bound.EXACT),
        ("$5m", K.MONEY, 5 * 10**6, None, "USD", Bound.EXACT),
        ("\\$1152", K.MONEY, 1152, None, "USD", Bound.EXACT),
        ("US\\$15–95", K.MONEY, 15, 95, "USD", Bound.EXACT),
        ("15~95美金", K.MONEY, 15, 95, "USD", Bound.EXACT),
        ("200-500元左右", K.MONEY, 200, 500, "CNY", Bound.ABOUT),
        ("3-5亿元", K.MONEY, 3 * 10**8, 5 * 10**8, "CNY", Bound.EXACT),
        ("5000-2万元", K.MONEY, 5000, 20000, "CNY", Bound.EXACT),
        ("HK$1.5 to 2 billion", K.MONEY, 15 * 10**8, 2 * 10**9, "HKD", Bound.EXACT),
        ("突破万亿元", K.MONEY, 10**12, None, "CNY", Bound.OVER),
        ("十余家", K.COUNT, 10, None, "", Bound.OVER),
        ("20余万人", K.COUNT, 200000, None, "person", Bound.OVER),
        ("超过 150 万", K.NUMBER, 1500000, None, "", Bound.OVER),
        ("近200次", K.COUNT, 200, None, "time", Bound.ABOUT),
        ("nearly 200 times", K.MULTIPLE, 200, None, "x", Bound.ABOUT),
        ("近百家", K.COUNT, 100, None, "", Bound.ABOUT),
        ("万倍以上", K.MULTIPLE, 10000, None, "x", Bound.OVER),
        ("两三家", K.COUNT, 2, 3, "", Bound.EXACT),
        ("三百五十种", K.COUNT, 350, None, "", Bound.EXACT),
        ("一万二千张", K.COUNT, 12000, None, "", Bound.EXACT),
        ("two hundred and fifty users", K.COUNT, 250, None, "", Bound.EXACT),
        ("twenty-five million", K.NUMBER, 25 * 10**6, None, "", Bound.EXACT),
        ("12,345.6", K.NUMBER, Decimal("12345.6"), None, "", Bound.EXACT),
        ("at least 5 companies", K.COUNT, 5, None, "", Bound.OVER),
        ("不超过 10 家", K.COUNT, 10, None, "", Bound.UNDER),
        ("50% 以上", K.PERCENT, 50, None, "%", Bound.OVER),
        ("10%或以上", K.PERCENT, 10, None, "%", Bound.OVER),
        ("-5%与5%之间", K.PERCENT, -5, 5, "%", Bound.EXACT),
        ("between 5% and 10%", K.PERCENT, 5, 10, "%", Bound.EXACT),
        ("-10%~+10%", K.PERCENT, -10, 10, "%", Bound.EXACT),
        ("百分之五十", K.PERCENT, 50, None, "%", Bound.EXACT),
        ("三成", K.PERCENT, 30, None, "%", Bound.EXACT),
        ("5 per cent", K.PERCENT, 5, None, "%", Bound.EXACT),
        ("2.3pct", K.POINTS, Decimal("2.3"), None, "pp", Bound.EXACT),
        ("30bps", K.POINTS, Decimal("0.3"), None, "pp", Bound.EXACT),
        ("三倍以上", K.MULTIPLE, 3, None, "x", Bound.OVER),
        ("25.5x", K.MULTIPLE, Decimal("25.5"), None, "x", Bound.EXACT),
        ("twice", K.MULTIPLE, 2, None, "x", Bound.EXACT),
        ("37万个小时", K.DURATION, 370000, None, "hour", Bound.EXACT),
        ("6至12个月", K.DURATION, 6, 12, "month", Bound.EXACT),
        ("12-month", K.DURATION, 12, None, "month", Bound.EXACT),
        ("近两年", K.DURATION, 2, None, "year", Bound.EXACT),
        ("未来10年", K.DURATION, 10, None, "year", Bound.EXACT),
        ("一分钟", K.DURATION, 1, None, "minute", Bound.EXACT),
        ("每秒8帧", K.MEASURE, 8, None, "fps", Bound.EXACT),
        ("8 frames per second", K.MEASURE, 8, None, "fps", Bound.EXACT),
        ("720p", K.MEASURE, 720, None, "p", Bound.EXACT),
        ("512 x 896", K.MEASURE, 512, 896, "px", Bound.EXACT),
        ("768x448", K.MEASURE, 768, 448, "px", Bound.EXACT),
        ("3千克", K.MEASURE, 3, None, "kg", Bound.EXACT),
        ("三分之二", K.NUMBER, 2, None, "/3", Bound.EXACT),
        ("第50", K.NUMBER, 50, None, "", Bound.EXACT),
        ("(002415，买入)", K.CODE, 0, None, "002415", Bound.EXACT),
        ("SZ300624", K.CODE, 0, None, "300624.SZ", Bound.EXACT),
        ("S0600516070001", K.CODE, 0, None, "S0600516070001", Bound.EXACT),
        ("021-20655588", K.CODE, 0, None, "021-20655588", Bound.EXACT),
    ],
)  # fmt: skip
def test_amount_is_read(text, kind, low, high, unit, bound):
    quantity = one(text)
    high = low if high is None else high
    assert (quantity.kind, quantity.low, quantity.high, quantity.unit, quantity.bound) == (
        kind, Decimal(low), Decimal(high), unit, bound,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2023年12月18日", DateParts(2023, 12, 18)),
        ("2023/12/18", DateParts(2023, 12, 18)),
        ("2023-12-18", DateParts(2023, 12, 18)),
        ("2022.11.13", DateParts(2022, 11, 13)),
        ("December 18, 2023", DateParts(2023, 12, 18)),
        ("18 Dec. 2023", DateParts(2023, 12, 18)),
        ("23/12/13", DateParts(2023, 12, 13)),
        ("23年9月", DateParts(2023, 9)),
        ("2022/10", DateParts(2022, 10)),
        ("(2023. 3)", DateParts(2023, 3)),
        ("（23/3）", DateParts(2023, 3)),
        ("May 2023", DateParts(2023, 5)),
        ("二〇二三年十二月", DateParts(2023, 12)),
        ("12月12日", DateParts(month=12, day=12)),
        ("2021年", DateParts(2021)),
        ("23年以来", DateParts(2023)),
        ("in 2023", DateParts(2023)),
        ("FY24", DateParts(2024, fiscal=True)),
        ("2024财年", DateParts(2024, fiscal=True)),
        ("1Q25", DateParts(2025, quarter=1)),
        ("2Q 2024", DateParts(2024, quarter=2)),
        ("Q2'2023", DateParts(2023, quarter=2)),
        ("Q2, 2023", DateParts(2023, quarter=2)),
        ("FY2023Q1", DateParts(2023, quarter=1, fiscal=True)),
        ("FY23 H1", DateParts(2023, half=1, fiscal=True)),
        ("23年Q3", DateParts(2023, quarter=3)),
        ("Q3'23", DateParts(2023, quarter=3)),
        ("2023年第三季度", DateParts(2023, quarter=3)),
        ("third quarter of 2023", DateParts(2023, quarter=3)),
        ("2023年上半年", DateParts(2023, half=1)),
        ("first half of 2023", DateParts(2023, half=1)),
        ("2H23", DateParts(2023, half=2)),
        ("1950s", DateParts(decade=1950)),
        ("1950年代", DateParts(decade=1950)),
        ("80 年代", DateParts(decade=1980)),
        ("20世纪80年代", DateParts(decade=1980)),
    ],
)
def test_date_is_read(text, parts):
    quantity = one(text)
    assert (quantity.kind, quantity.date, quantity.date_end) == (K.DATE, parts, None)


@pytest.mark.parametrize(
    ("text", "first", "last", "forecast"),
    [
        ("2021-2025年", DateParts(2021), DateParts(2025), False),
        ("2020-2025E", DateParts(2020), DateParts(2025), True),
        ("2021 to 2025", DateParts(2021), DateParts(2025), False),
        ("20-21 年", DateParts(2020), DateParts(2021), False),
        ("2020-21", DateParts(2020), DateParts(2021), False),
        ("2023年1-3月", DateParts(2023, 1), DateParts(2023, 3), False),
        ("March to May 2023", DateParts(2023, 3), DateParts(2023, 5), False),
        ("1950~1970s", DateParts(decade=1950), DateParts(decade=1970), False),
    ],
)
def test_range_of_dates_is_read(text, first, last, forecast):
    quantity = one(text)
    assert (quantity.date, quantity.date_end, quantity.forecast) == (first, last, forecast)


@pytest.mark.parametrize(
    "text",
    [
        "GPT-4", "H100", "Gen-2", "LAION-400M", "HD-VILA", "W.A.L.T", "3D", "2D", "6pen",
        "PIKA1.0", "DALL-E·3", "T5-XXL", "一些", "一方面", "统一", "万兴科技", "千问", "百度",
        "三人行", "三维化", "二次元", "新三板", "一个模型", "one of the models", "third-party",
        "第三方", "（亿元）", "数百万", "几千张", "十四五规划", "（1）", "2) ", "[12]",
        "2.1.3 视频", "千行百业", "上亿规模", "https://example.com/2023/12/18?id=45", "第一",
        "may", "a second-hand car", "1. 价格",
    ],
)  # fmt: skip
def test_names_idioms_and_labels_are_not_quantities(text):
    assert parse_quantities(text) == ()


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("$96 ($8/月)", ["$96", "$8"]),
        ("LAION-400M 4亿", ["4亿"]),
        ("DALL·E 3", ["3"]),  # cannot be told from a count: kept, so that a change is noticed
        ("从10%到20%", ["10%", "20%"]),
        ("from 10% to 20%", ["10%", "20%"]),
        ("44/48 kHz", ["44", "48 kHz"]),
        ("23年前10个月的103篇", ["23年前10个月", "103篇"]),
        ("the first six months of 2022", ["first six months of 2022"]),
        ("in the first ten months of 2023", ["first ten months of 2023"]),
        ("2023年前三季度, Jan-Sep 2023", ["2023年前三季度", "Jan-Sep 2023"]),
        ("23年前发布, the first 12 months", ["23年", "12 months"]),
        ("<b>5</b>", ["5"]),
        ("2000 users in 2,000 days", ["2000 users", "2,000 days"]),
        ("签约30家", ["30家"]),
        ("图1：结构", ["1"]),
        ("loss of affiliates 1 (3) - (12)", ["1", "3", "12"]),
        ("（1）2023年 (2) price", ["2023年"]),
        ("a row 1.8 - 10 and 10 - 20%", ["1.8", "10", "10 - 20%"]),
        ("2021 - 2025", ["2021 - 2025"]),
        ("405-50", ["405", "50"]),
        ("5日元 500日元", ["5日元", "500日元"]),
    ],
)
def test_spans_of_a_text(text, printed):
    assert [text[q.start : q.end] for q in parse_quantities(text)] == printed


# --- what is the same, and what carries what ------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("453亿元", "RMB 45.3 billion"), ("3亿", "300 million"), ("三家", "3 companies"),
        ("200次", "200 times"), ("2023年12月", "December 2023"), ("23年", "2023"),
        ("0.5美分", "US$0.005"), ("5公里", "5 km"), ("30个基点", "0.3 percentage points"),
        ("300624", "300624.SZ"), ("1.50亿", "150,000,000"), ("2000家", "2000"), ("第三代", "third"),
        ("2,000个", "2000"),
    ],
)  # fmt: skip
def test_same_quantity_across_languages_and_scales(a, b):
    assert same_quantity(one(a), one(b))
    assert same_quantity(one(b), one(a))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("453亿元", "453亿美元"), ("453亿元", "453万元"), ("10%", "10个百分点"), ("3倍", "3家"),
        ("12个月", "12年"), ("24kHz", "24GHz"), ("2025E", "2025"), ("FY24", "2024年"),
        ("512x896", "896x512"), ("三分之二", "四分之二"), ("200-500元", "200-501元"),
        ("300624.SZ", "300624.SH"), ("超45亿元", "45亿元"), ("约45亿元", "45亿元"),
    ],
)  # fmt: skip
def test_different_quantities_are_not_the_same(a, b):
    assert not same_quantity(one(a), one(b))
    assert not supports(one(a), one(b))
    assert not supports(one(b), one(a))


def test_claim_may_be_a_less_precise_date_and_not_a_more_precise_one():
    day, month, year = one("2023年12月18日"), one("December 2023"), one("23年")
    assert supports(day, month)
    assert supports(day, year)
    assert supports(month, year)
    assert not supports(month, day)
    assert not supports(year, month)
    assert not supports(one("2021-2025年"), one("2023年"))


@pytest.mark.parametrize("bound", Bound)
@pytest.mark.parametrize("other", Bound)
def test_bound_may_be_neither_dropped_nor_added_nor_turned(bound, other):
    words = {Bound.EXACT: "", Bound.OVER: "over ", Bound.UNDER: "less than ", Bound.ABOUT: "about "}
    zh = {Bound.EXACT: "", Bound.OVER: "超过", Bound.UNDER: "不足", Bound.ABOUT: "约"}
    evidence, claim = one(f"{zh[bound]}45亿元"), one(f"{words[other]}RMB 4.5 billion")
    assert supports(evidence, claim) == (bound is other)


# --- checking a text against another --------------------------------------------------------


@pytest.mark.parametrize(("zh", "en"), PAIRS, ids=[en for _, en in PAIRS])
def test_translation_carries_the_same_figures(zh, en):
    assert parse_quantities(zh)
    assert missing_quantities(en, zh) == ()
    assert missing_quantities(zh, en) == ()


SENTENCES = [text for pair in PAIRS for text in pair]
SWAPS = [
    ("万亿", "亿"), ("亿", "万"), ("万", "亿"), ("trillion", "billion"), ("billion", "million"),
    ("million", "billion"), ("美元", "港元"), ("港元", "美元"), ("欧元", "英镑"), ("日元", "韩元"),
    ("英镑", "欧元"), ("亿元", "亿美元"), ("RMB", "US$"), ("US$", "HK$"), ("HK$", "RMB "),
    ("€", "£"), ("£", "€"), ("JPY", "KRW"), ("个百分点", "%"), (" percentage points", "%"),
    ("个基点", "个百分点"), ("kHz", "GHz"), ("GB", "TB"), ("分钟", "小时"), ("minutes", "hours"),
    ("个月", "年"), ("months", "years"), ("超过", ""), ("超", ""), ("over ", ""), ("约", ""),
    ("About ", "Over "), ("about ", ""), ("nearly ", "over "), ("不足", "超过"),
    ("less than", "more than"), ("以上", ""), ("more than ", ""), ("2025E", "2025"), ("三", "四"),
    ("四", "五"), ("两", "三"), ("八", "七"), ("Twenty-five", "Thirty-five"), ("four", "five"),
    ("Eight", "Nine"), ("two", "four"), ("October", "November"), ("August", "July"),
    ("first half", "second half"), ("上半年", "下半年"), ("Q1", "Q2"), ("December", "June"),
    ("FY", ""), (".SZ", ".SH"),
]  # fmt: skip


def test_there_are_forty_sentences_in_each_language():
    assert len(PAIRS) >= 40


@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_changed_digit_is_missed(sentence):
    for place in re.finditer("[0-9]", sentence):
        for step in (1, 3, 5, 7):
            digit = str((int(place.group()) + step) % 10)
            changed = sentence[: place.start()] + digit + sentence[place.end() :]
            assert missing_quantities(changed, sentence), changed


@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_changed_scale_currency_unit_bound_and_period_is_missed(sentence):
    for before, after in SWAPS:
        if before in sentence:
            changed = sentence.replace(before, after, 1)
            assert missing_quantities(changed, sentence), changed


def test_every_swap_is_used():
    assert [old for old, _ in SWAPS if not any(old in text for text in SENTENCES)] == []


@pytest.mark.parametrize(("zh", "en"), PAIRS, ids=[en for _, en in PAIRS])
def test_changed_digit_is_missed_across_languages(zh, en):
    for place in re.finditer("[0-9]", en):
        digit = str((int(place.group()) + 1) % 10)
        changed = en[: place.start()] + digit + en[place.end() :]
        assert missing_quantities(changed, zh), changed


# --- printing -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language", "printed"),
    [
        ("453亿元", Language.EN, "RMB 45.3 billion"),
        ("RMB 45.3 billion", Language.ZH, "453亿元"),
        ("超900亿元", Language.EN, "over RMB 90 billion"),
        ("US$15–95", Language.ZH, "15~95美元"),
        ("-5%与5%之间", Language.EN, "-5 to 5%"),
        ("123456789元", Language.EN, "RMB 123,456,789"),
        ("2023年12月18日", Language.EN, "December 18, 2023"),
        ("H1 2023", Language.ZH, "2023年上半年"),
        ("2021-2025年", Language.EN, "2021 to 2025"),
        ("30个基点", Language.EN, "0.3 percentage points"),
        ("12 months", Language.ZH, "12个月"),
        ("一分钟", Language.EN, "1 minute"),
        ("two-thirds", Language.ZH, "3分之2"),
        ("300624.SZ", Language.EN, "300624.SZ"),
    ],
)
def test_quantity_is_printed_as_a_report_would(text, language, printed):
    assert render_quantity(one(text), language) == printed


CURRENCIES = "CNY USD HKD GBP EUR JPY KRW TWD SGD AUD CAD CHF INR".split()  # noqa: SIM905
DURATIONS = "millisecond second minute hour day week month quarter year".split()  # noqa: SIM905
MEASURES = (  # noqa: SIM905
    "Hz kHz MHz GHz KB MB GB TB PB kbps Mbps Gbps fps frame pixel nm μm mm cm m km inch m² km² mu "
    "mg g kg t W kW MW GW kWh MWh GWh TWh mAh °C TOPS TFLOPS PFLOPS"
).split()
UNITS = (
    [(K.MONEY, unit) for unit in CURRENCIES]
    + [(K.DURATION, unit) for unit in DURATIONS]
    + [(K.MEASURE, unit) for unit in MEASURES]
    + [(K.PERCENT, "%"), (K.POINTS, "pp"), (K.MULTIPLE, "x"), (K.NUMBER, ""), (K.COUNT, "")]
    + [(K.COUNT, "person"), (K.COUNT, "time")]
)
VALUES = st.builds(
    lambda digits, places, scale: (Decimal(digits).scaleb(scale - places)),
    st.integers(1, 10**7), st.integers(0, 4), st.sampled_from([0, 2, 4, 6, 8, 9, 12]),
)  # fmt: skip
LANGUAGES = st.sampled_from(Language)


@given(st.sampled_from(UNITS), VALUES, VALUES, st.booleans(), st.sampled_from(Bound), LANGUAGES)
@settings(max_examples=600, deadline=None)
def test_printed_amount_is_read_back(unit, first, second, ranged, bound, language):
    low, high = sorted((first, second)) if ranged else (first, first)
    quantity = Quantity(0, 1, unit[0], low, high, unit[1], bound)
    assert_read_back(quantity, language)


PERIODS = st.one_of(
    st.builds(DateParts, st.integers(1900, 2099), fiscal=st.booleans()),
    st.builds(DateParts, st.integers(1900, 2099), st.integers(1, 12)),
    st.builds(DateParts, st.integers(1900, 2099), st.integers(1, 12), st.integers(1, 28)),
    st.builds(DateParts, st.integers(1900, 2099), quarter=st.integers(1, 4)),
    st.builds(DateParts, st.integers(1900, 2099), half=st.integers(1, 2)),
    st.builds(DateParts, st.none(), st.integers(1, 12), st.integers(1, 28)),
    st.builds(DateParts, st.none(), st.integers(1, 12)),
    st.builds(DateParts, quarter=st.integers(1, 4)),
    st.builds(DateParts, half=st.integers(1, 2)),
    st.builds(lambda tens: DateParts(decade=tens * 10), st.integers(190, 209)),
)


def date_quantity(first: DateParts, last: DateParts | None = None, forecast: bool = False):
    low, high = (parts.year or parts.decade or 0 for parts in (first, last or first))
    return Quantity(0, 1, K.DATE, Decimal(low), Decimal(high), forecast=forecast, date=first,
                    date_end=last)  # fmt: skip


@given(PERIODS, LANGUAGES)
@settings(max_examples=400, deadline=None)
def test_printed_date_is_read_back(parts, language):
    forecast = parts == DateParts(parts.year) or parts.quarter is not None
    assert_read_back(date_quantity(parts), language)
    if forecast:
        assert_read_back(date_quantity(parts, forecast=True), language)


@given(st.integers(1900, 2098), st.integers(1, 12), st.integers(1, 12), st.booleans(), LANGUAGES)
@settings(max_examples=200, deadline=None)
def test_printed_range_of_dates_is_read_back(year, month, other, months, language):
    first, last = DateParts(year), DateParts(year + 1)
    if months:
        first, last = DateParts(year, month), DateParts(year + 1, other)
    assert_read_back(date_quantity(first, last), language)


def assert_read_back(quantity: Quantity, language: Language) -> None:
    printed = render_quantity(quantity, language)
    found = parse_quantities(printed)
    assert len(found) == 1, (printed, found)
    assert same_quantity(found[0], quantity), (printed, found)
    assert (found[0].start, found[0].end) == (0, len(printed)), printed


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_quantity_of_a_sentence_is_read_back(sentence, language):
    for quantity in parse_quantities(sentence):
        assert_read_back(quantity, language)


# --- any text -------------------------------------------------------------------------------

ALPHABET = st.sampled_from(
    [
        *"0123456789.,，-~–+%￥$\\¥€()（）[] \t\n/一二三两十百千万亿多余几半个家人年月日第季度",
        *"上下元美港分之秒倍EKx😀①é２％\u2028",
        *[
            "超过",
            "约",
            "RMB",
            "US$",
            "Q3",
            "FY",
            "million",
            "bn",
            " to ",
            "and",
            "between ",
            "Dec",
        ],
        *["kHz", "百分之", "two", "hundred", "http://", "third", "2023", "年代", "GPT-4", "pct"],
    ]
)


def assert_spans_are_valid(text: str) -> None:
    end = 0
    for quantity in parse_quantities(text):
        assert end <= quantity.start < quantity.end <= len(text)
        if quantity.unit != "px":
            assert quantity.low <= quantity.high
        assert (quantity.kind is K.DATE) == (quantity.date is not None)
        for language in Language:
            render_quantity(quantity, language)
        end = quantity.end


@given(st.one_of(st.text(max_size=80), st.lists(ALPHABET, max_size=30).map("".join)))
@settings(max_examples=1500, deadline=None)
def test_any_text_is_parsed_without_error_and_with_valid_spans(text):
    assert_spans_are_valid(text)
    assert len(fold_width(text)) == len(text)
    assert missing_quantities(text, text) == ()


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.txt")), ids=lambda path: path.stem)
def test_spans_are_valid_on_the_reports(path):
    assert_spans_are_valid(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "unit",
    ["1", "1,234", "一", "万", "1.", "2023年", "3-", "12~", "1 ", "two ", "two hundred and ", "$",
     "(", "第", "1Q", "2023-", "5%到", "约", "1万", "a1", "1/2/", "百分之", " ", "超过", "1-", "a"],
)  # fmt: skip
def test_work_grows_with_the_length_of_the_text_only(unit):
    """Count Python calls instead of seconds: twice the text may cost at most twice as much."""
    short, long = (count_calls(unit * repeats) for repeats in (400, 800))
    assert long <= 2.2 * short + 200


def count_calls(text: str) -> int:
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    previous = sys.getprofile()
    sys.setprofile(count)
    try:
        parse_quantities(text)
    finally:
        sys.setprofile(previous)
    return calls
