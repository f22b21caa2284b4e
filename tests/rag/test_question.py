import pytest

from corpus.schema import Language
from rag.questions.question import QuestionKind, parse_question


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("2026年仓储机器人市场规模是多少？", QuestionKind.NUMBER),
        ("How much does the Heron 4 cost?", QuestionKind.NUMBER),
        ("第一艘电动渡轮是什么时候投入运营的？", QuestionKind.DATE),
        ("When did the first ferry enter service?", QuestionKind.DATE),
        ("报告提示了哪些风险？", QuestionKind.LIST),
        ("What risks does the report list?", QuestionKind.LIST),
        ("为什么工商业储能装机加速？", QuestionKind.CAUSE),
        ("Why did shipments rise?", QuestionKind.CAUSE),
        ("什么是虚拟电厂？", QuestionKind.DEFINITION),
        ("What is a virtual power plant?", QuestionKind.DEFINITION),
        ("总结一下这份报告的核心观点", QuestionKind.SUMMARY),
        ("Summarise the key points.", QuestionKind.SUMMARY),
        ("哪家公司交付了5,200台机器人？", QuestionKind.ENTITY),
        ("Who ordered the ferries?", QuestionKind.ENTITY),
        ("报告是否看好储能？", QuestionKind.YES_NO),
        ("Is the market growing?", QuestionKind.YES_NO),
    ],
)
def test_the_kind_of_a_question(text: str, kind: QuestionKind) -> None:
    assert parse_question(text).kind is kind


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("仓储机器人市场多大？", Language.ZH),
        ("倉儲機器人市場多大？", Language.ZH),
        ("How big is the market?", Language.EN),
        ("What does 领先大市 mean?", Language.EN),
        ("Heron 4 的价格是多少", Language.ZH),
        ("Midjourney Pro plan 多少钱", Language.ZH),
    ],
)
def test_the_language_of_a_question(text: str, language: Language) -> None:
    assert parse_question(text).language is language


@pytest.mark.parametrize("language", Language)
def test_the_language_can_be_asked_for(language: Language) -> None:
    assert parse_question("市场规模是多少？", language=language).language is language


def test_terms_are_the_subject_without_the_words_that_ask() -> None:
    terms = parse_question("请问仓储机器人的市场规模是多少？").terms
    assert "机器人" in terms
    assert not {"请问", "多少", "是多少", "？"} & set(terms)
    terms = parse_question("Please tell me how much the Heron 4 costs").terms
    assert any("heron" in term for term in terms)
    assert not {"please", "tell", "much"} & set(terms)
    assert len(terms) == len(set(terms))


@pytest.mark.parametrize("text", ["2023年市场规模是多少？", "What was the market size in 2023?"])
def test_the_period_of_a_question_is_found(text: str) -> None:
    assert len(parse_question(text).periods) == 1


ISSUERS = {"海岳证券": ("zh_warehouse",), "海岳": ("zh_warehouse",), "Northgate": ("en_chips",)}


@pytest.mark.parametrize(
    ("text", "documents"),
    [
        ("海岳证券怎么看市场规模？", ("zh_warehouse",)),
        ("What does Northgate's report say about prices?", ("en_chips",)),
        ("海岳和Northgate的观点有什么不同？", ("en_chips", "zh_warehouse")),
        ("市场规模是多少？", None),
        ("Is Northgateway a customer?", None),
    ],
)
def test_an_issuer_limits_the_question_to_its_reports(
    text: str, documents: tuple[str, ...] | None
) -> None:
    assert parse_question(text, issuers=ISSUERS).documents == documents


def test_an_issuer_is_no_term_of_the_question() -> None:
    assert "海岳" not in "".join(parse_question("海岳证券怎么看市场规模？", issuers=ISSUERS).terms)


@pytest.mark.parametrize(
    ("text", "previous"),
    [
        ("那2026年呢？", "2023年仓储机器人市场规模是多少？"),
        ("And the Heron 4?", "How much does the Heron 2 cost?"),
        ("它的总部在哪里？", "蓝隼智能2023年交付了多少台机器人？"),
    ],
)
def test_a_question_that_leaves_something_out_is_completed(text: str, previous: str) -> None:
    question = parse_question(text, history=[previous])
    assert question.text.startswith(text)
    assert previous in question.text
    assert question.recalled


def test_what_was_just_asked_outweighs_what_was_asked_before() -> None:
    question = parse_question("那2026年呢？", history=["2023年仓储机器人市场规模是多少？"])
    assert [period.low for period in question.periods] == [2026]
    assert question.kind is QuestionKind.NUMBER


@pytest.mark.parametrize(
    "text",
    ["2024年一季度浙江新增工商业储能装机的占比是多少？", "What is the GDP of France?"],
)
def test_a_question_that_stands_alone_is_left_alone(text: str) -> None:
    question = parse_question(text, history=["蓝隼 A5 的售价是多少？"])
    assert question.text == text
    assert not question.recalled


def test_without_a_conversation_nothing_is_completed() -> None:
    assert parse_question("那呢？").text == "那呢？"


@pytest.mark.parametrize(
    "text", ["?", "？？？", "🙂", "a", "1", "\u200b", "(((", "\\d+[", "%s {x}"]
)
def test_any_text_is_parsed(text: str) -> None:
    assert parse_question(text, issuers={"(": ("x",)}).text == text
