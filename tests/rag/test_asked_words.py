"""Words of a question: those that only ask, count, measure, quote, or want both values."""

import pytest

from corpus.quantities import QuantityKind
from rag.composing.composing import _ASKS_FOR_BOTH
from rag.evidence.counted import counts_another
from rag.questions.asking import only_asks
from rag.questions.kinds import COUNTS, TIMES, QuestionKind, kinds_of, unit_kinds_of
from rag.questions.metrics import metrics_in
from rag.questions.question import parse_question
from rag.questions.thesaurus import _term_of
from tests.rag.evidence_of import cell, sentence


@pytest.mark.parametrize(
    ("term", "asks"),
    [
        ("几块", True),
        ("哪几家", True),
        ("那幅", True),
        ("怎么回事", True),
        ("意味着", True),
        ("besid", True),
        ("三维", False),
        ("三星", False),
        ("百灵", False),
        ("市值", False),
        ("songbird", False),
    ],
)
def test_pointing_and_asking_words_say_nothing_of_the_subject(term: str, asks: bool) -> None:
    assert only_asks(term) is asks


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("那幅画到底卖给了哪几家呀？", {"画", "卖"}),
        (
            "How much does the Solo plan cost besides the Team plan?",
            {"solo", "plan", "cost", "team"},
        ),
    ],
)
def test_what_only_asks_is_no_term(question: str, kept: set[str]) -> None:
    assert set(parse_question(question).terms) == kept


@pytest.mark.parametrize(
    ("question", "text", "another"),
    [
        ("百灵有多少层编码器？", "百灵支持三种模态。", True),
        ("百灵有多少层编码器？", "百灵共有24层编码器。", False),
        ("训练用了多少张显卡？", "训练用了512块显卡。", False),
        ("训练用了多少张显卡？", "训练用了2,000小时录音，覆盖40款产品。", True),
        ("公司有多少名员工？", "公司拥有员工640人。", False),
        ("公司有多少人？", "平台拥有300万用户。", False),
        ("用了多少张图片？", "用了数百张图片。", False),  # in words, which no counter marks
        ("How many layers does Songbird have?", "Songbird has 36 layers.", False),
        ("How many layers does Songbird have?", "Songbird has 85 voices.", True),
        # No things are counted: the question wants money, or any number.
        ("百灵的收入是多少？", "百灵支持三种模态。", False),
        ("How large is Songbird?", "Songbird has 85 voices.", False),
    ],
)
def test_figures_count_what_the_question_counts(question: str, text: str, another: bool) -> None:
    parsed, evidence = parse_question(question), sentence(text)
    missing = [term for term in parsed.terms if term not in evidence.terms]
    assert counts_another(parsed, evidence, missing) is another


@pytest.mark.parametrize("question", ["How many people work at Parrot Labs?", "公司有多少人？"])
def test_people_are_counted_under_any_word_for_them(question: str) -> None:
    parsed = parse_question(question)
    text = "Parrot Labs has 85 employees." if question.isascii() else "公司员工为85名。"
    evidence = sentence(text)
    missing = [term for term in parsed.terms if term not in evidence.terms]
    assert not counts_another(parsed, evidence, missing)


def test_a_cell_is_told_by_its_labels_not_by_its_counter() -> None:
    question = parse_question("百灵有多少层？")
    assert not counts_another(question, cell("24", "百灵", "层数"), [])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("员工数量", "a headcount of 640", True),
        ("参数量", "70 billion parameters", True),
        ("营业收入", "turnover rose", True),
        ("目标价", "our price target", True),
        ("电话", "hotline", True),
        ("执业证书", "licence", True),
        ("净利润", "revenue", False),
        ("电话", "licence number", False),
        ("样本量", "62% of the studios", False),
        ("市值", "market share", False),
        ("月活", "daily active users", False),
    ],
)
def test_metrics_are_the_same_in_both_languages(one: str, other: str, same: bool) -> None:
    assert metrics_in(one)
    assert metrics_in(other)
    assert bool(metrics_in(one) & metrics_in(other)) is same


@pytest.mark.parametrize("text", ["多少钱", "How much is it?", "有几款产品", "什么时候发布", ""])
def test_what_its_form_shows_is_no_metric(text: str) -> None:
    assert not metrics_in(text)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("共有多少层？", COUNTS),
        ("有多少用户？", COUNTS),
        ("How many models are there?", COUNTS),
        ("多少小时？", TIMES),
        ("How many hours does it take?", TIMES),
        ("多少钱？", {QuantityKind.MONEY}),
        ("多少亿？", set()),
        ("How many dollars?", {QuantityKind.MONEY}),
        ("多少百分点？", {QuantityKind.PERCENT, QuantityKind.POINTS, QuantityKind.MULTIPLE}),
    ],
)
def test_counting_is_told_from_paying_and_lasting(text: str, kinds: set[QuantityKind]) -> None:
    assert unit_kinds_of(text) == kinds


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("When was Songbird released?", QuestionKind.DATE),
        ("Songbird was released when?", QuestionKind.DATE),
        ("Since when has it been on sale?", QuestionKind.DATE),
        ("Why did it fail when the studio moved?", QuestionKind.CAUSE),
        ("Which studio is named when surveillance is described?", QuestionKind.ENTITY),
        ("Benefits of voice models?", QuestionKind.LIST),
        ("Main risks of voice cloning", QuestionKind.LIST),
        ("Techniques used in voice cloning", QuestionKind.LIST),
        ("声音克隆有哪几种做法？", QuestionKind.LIST),
        ("由哪几部分组成？", QuestionKind.LIST),
        ("Solo or Team, which costs less?", QuestionKind.COMPARISON),
        ("Price of Solo against Team, give both", QuestionKind.COMPARISON),
        ("Which one has more minutes?", QuestionKind.COMPARISON),
        ("基础会员和钻石会员相比差多少？", QuestionKind.COMPARISON),
        ("TTS的全称是什么？", QuestionKind.DEFINITION),
        ("What does TTS stand for?", QuestionKind.DEFINITION),
    ],
)
def test_the_form_of_an_answer_is_read_off_fragments_too(text: str, kind: QuestionKind) -> None:
    assert kinds_of(text)[0] is kind


def test_a_when_that_tells_a_case_asks_no_date() -> None:
    assert QuestionKind.DATE not in kinds_of(
        "Which model does the report name when it describes calls?"
    )
    assert QuestionKind.DATE in kinds_of("Which model won, and when?")


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("哪个更高，分别是多少？", True),
        ("哪个更贵？两者数值各是多少？", True),
        ("Which is higher, and what are the two values?", True),
        ("Which is cheaper, and how much is it?", True),
        ("哪个更高？", False),
        ("各国之中哪个更高？", False),
        ("Which is higher?", False),
    ],
)
def test_a_comparison_may_want_both_values(text: str, both: bool) -> None:
    assert bool(_ASKS_FOR_BOTH.search(text)) is both


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("从2021年到2025年渗透率如何变化？", {(2021, 2025), (2021, 2021), (2025, 2025)}),
        ("由2021年至2025年增长了多少？", {(2021, 2025), (2021, 2021), (2025, 2025)}),
        ("2021-2025年的复合增速是多少？", {(2021, 2025)}),
        ("How did it change from 2021 to 2025?", {(2021, 2021), (2025, 2025)}),
    ],
)
def test_a_change_is_between_two_dates(text: str, years: set[tuple[int, int]]) -> None:
    assert {(int(p.low), int(p.high)) for p in parse_question(text).periods} == years


@pytest.mark.parametrize(
    ("text", "num_periods"),
    [
        ("May the report be handed on?", 0),
        ("May I quote it?", 0),
        ("May 2024 sales?", 1),
        ("What was sold in May?", 1),
        ("May in the report: what was sold?", 1),
    ],
)
def test_may_is_a_month_only_where_it_asks_for_no_leave(text: str, num_periods: int) -> None:
    assert len(parse_question(text).periods) == num_periods


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("How is a Hold defined?", ("Hold",)),
        ("What does Equal-weight mean?", ("Equal-weight",)),
        ('What does "Hold" mean?', ("hold",)),  # in quotation marks, once
        ('What does "a Hold" mean?', ("a hold",)),
        ("它对「买入」和“看好”的定义", ("买入", "看好")),
        ("How do they hold the shares?", ()),
        ("Add the two figures.", ()),
    ],
)
def test_ratings_are_told_from_verbs_by_their_capital(text: str, quoted: tuple[str, ...]) -> None:
    assert parse_question(text).quoted == quoted


@pytest.mark.parametrize(
    ("word", "term"),
    [
        ("短板", "短板"),
        ("不付费", ""),
        ("大模型", ""),
        ("e-mail", "email"),
        ("drawbacks", "drawback"),
    ],
)
def test_a_part_of_a_word_does_not_mean_the_word(word: str, term: str) -> None:
    assert _term_of(word) == term
