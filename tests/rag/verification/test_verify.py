"""The checks on one sentence, each with what must pass beside what must not."""

import pytest

from corpus.schema import Language
from index.term_table import TermTable
from rag.verification.sources import Source, Statement
from rag.verification.verify import Refusal, check_sentence
from rag.verification.vocabulary import Translate, translator

MARKET = "2020年市场规模达453亿元，艾瑞预测2025年将超900亿元，占比约14%。"
PRICES = "标准版每月30美元，高级版每月60美元；免费版不支持商用。"
GROWTH = "2023年出货量同比增长42%，价格下降5%，但Midjourney仍未公布参数量。"


@pytest.fixture(scope="module")
def translate() -> Translate:
    return translator(TermTable.load())


def refusal(claim: str, evidence: str, translate: Translate, context: str = "") -> Refusal:
    language = Language.ZH if any("\u4e00" <= c <= "\u9fff" for c in claim) else Language.EN
    around = (Statement(context),) if context else ()
    source = Source((Statement(evidence),), around)
    return check_sentence(claim, [source], language, translate).refusal


TRUE = [
    ("市场规模在2020年达到453亿元。", MARKET),
    ("The market was worth RMB 45.3 billion in 2020.", MARKET),
    ("预计2025年将超过900亿元。", MARKET),
    ("The market is expected to exceed RMB 90 billion in 2025.", MARKET),
    ("占比大约是14%。", MARKET),
    ("高级版的价格是每月60美元，标准版是每月30美元。", PRICES),
    ("免费版不能商用。", PRICES),
    ("出货量在2023年增长了42%。", GROWTH),
    ("Midjourney还没有公布参数量。", GROWTH),
    ("Midjourney has not published its parameter count.", GROWTH),
    ("Prices fell 5%.", GROWTH),
]


@pytest.mark.parametrize(("claim", "evidence"), TRUE)
def test_what_the_evidence_says_passes(claim: str, evidence: str, translate: Translate) -> None:
    assert refusal(claim, evidence, translate) is Refusal.NONE


WRONG = [
    ("市场规模在2020年达到454亿元。", MARKET, {"figure"}),
    ("市场规模在2020年达到453万元。", MARKET, {"figure"}),
    ("市场规模在2020年达到453亿美元。", MARKET, {"figure"}),
    ("The market was worth RMB 45.3 million in 2020.", MARKET, {"figure"}),
    ("市场规模在2021年达到453亿元。", MARKET, {"figure"}),
    ("市场规模在2025年达到453亿元。", MARKET, {"period", "place"}),
    ("预计2025年将达到900亿元。", MARKET, {"figure"}),
    ("预计2025年将不足900亿元。", MARKET, {"figure"}),
    ("占比是14个百分点。", MARKET, {"figure"}),
    ("高级版的价格是每月30美元，标准版是每月60美元。", PRICES, {"place"}),
    ("标准版每年30美元，高级版每月60英镑。", PRICES, {"figure"}),
    ("免费版支持商用。", PRICES, {"contrary"}),
    ("高级版不支持每月60美元。", PRICES, {"contrary"}),
    ("出货量在2023年下降了42%。", GROWTH, {"contrary"}),
    ("Midjourney已经公布参数量。", GROWTH, {"contrary"}),
    ("Runway仍未公布参数量。", GROWTH, {"name"}),
    ("海康威视仍未公布参数量。", GROWTH, {"name"}),
    ("Pelican has not published its parameter count.", GROWTH, {"name"}),
    ("温州的公司仍未公布参数量。", GROWTH, {"name"}),
    ("今天天气很好，适合出门散步。", GROWTH, {"unrelated"}),
    ("Die Preise fielen im Jahr um 5% und stiegen danach wieder.", GROWTH, {"language", "name"}),
    ("参数量见https://example.com/x，仍未公布。", GROWTH, {"link"}),
]


@pytest.mark.parametrize(("claim", "evidence", "reasons"), WRONG)
def test_what_the_evidence_does_not_say_is_refused(
    claim: str, evidence: str, reasons: set[str], translate: Translate
) -> None:
    assert refusal(claim, evidence, translate).value in reasons


def test_a_name_of_the_heading_may_be_what_a_sentence_is_about(translate: Translate) -> None:
    evidence = "其年收入已超过1亿美金。"
    claim = "Midjourney的年收入已超过1亿美元。"
    assert refusal(claim, evidence, translate, "3.2 Midjourney的商业模式") is Refusal.NONE
    assert refusal(claim, evidence, translate) is Refusal.NAME


def test_a_name_of_the_heading_does_not_replace_one_of_the_sentence(translate: Translate) -> None:
    evidence = "海康威视的年收入已超过900亿元。"
    claim = "大华股份的年收入已超过900亿元。"
    assert refusal(claim, evidence, translate, "大华股份与海康威视") is Refusal.NAME


def test_the_unit_of_a_table_is_part_of_its_figures(translate: Translate) -> None:
    source = Source((Statement("蓝隼 A5 售价: 31.5", ("表 1：售价（单位：万元）",)),), ())
    for claim, reason in (
        ("蓝隼 A5 的售价为31.5万元。", Refusal.NONE),
        ("蓝隼 A5 的售价为31.5亿元。", Refusal.FIGURE),
        ("蓝隼 A5 的售价为31.5万美元。", Refusal.FIGURE),
    ):
        assert check_sentence(claim, [source], Language.ZH, translate).refusal is reason


def test_each_source_may_carry_a_part(translate: Translate) -> None:
    sources = [Source((Statement(text),), ()) for text in (MARKET, GROWTH)]
    claim = "2020年市场规模达453亿元，2023年出货量同比增长42%。"
    assert check_sentence(claim, sources, Language.ZH, translate).passed
    assert not check_sentence(claim, sources[:1], Language.ZH, translate).passed


@pytest.mark.parametrize("claim", ["", "。", "[", "9" * 400, "长" * 4000, "\u202e\x00", "%s{}\\"])
def test_odd_sentences_are_judged_and_never_fail(claim: str, translate: Translate) -> None:
    source = Source((Statement(MARKET),), ())
    for language in Language:
        check_sentence(claim, [source], language, translate)
