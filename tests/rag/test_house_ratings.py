"""What ratings mean, where each house defines them in its own way, in both languages."""

import pytest

from corpus.schema import Role
from rag.composing.across import _of_ratings
from rag.evidence.scoring import ScoredEvidence
from rag.questions.question import parse_question
from rag.schema import AnswerStatus
from tests.rag.conftest import Ask
from tests.rag.evidence_of import sentence

_STOCKS = "证券的投资评级：以报告日后的6个月内，证券相对于沪深300指数的涨跌幅为标准，定义如下："
_SECTORS = "行业的投资评级：以报告日后的6个月内，行业相对于沪深300指数的涨跌幅为标准，定义如下："
_RELATIVE = (
    "Our stock ratings are relative to the expected return of the Stoxx 600 index over the next "
    "9 months:"
)


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("海岳证券的“买入”评级代表什么？", "买入：相对强于市场表现20％以上；"),
        ("海岳证券的「買入」評級是什麼意思？", "买入：相对强于市场表现20％以上；"),
        ("海岳证券的“卖出”意味着什么？", "卖出：相对弱于市场表现5％以下。"),
        ("海岳的“看好”评级是什么含义？", "看好：行业超越整体市场表现；"),
        ("海岳证券“看好”的标准是什么？", "看好：行业超越整体市场表现；"),
        (
            "远岚证券的“买入”评级是什么意思？",
            "买入：预期未来12个月内股价相对中证500指数的涨幅在15%以上；",
        ),
        (
            "远岚证券的“减持”评级对应的跌幅是多少？",
            "减持：预期未来12个月内股价相对中证500指数的跌幅在10%以上；",
        ),
        (
            "远岚证券的“领先大市”是什么意思？",
            "领先大市：预期未来6个月内行业指数领先市场指数10%以上；",
        ),
        (
            "远岚的“A”级风险代表什么？",
            "A：正常风险，未来6个月投资收益率的波动小于等于市场指数波动；",
        ),
        (
            "What does a Buy rating mean at Northgate?",
            "Buy: expected to outperform the index by more than 12%;",
        ),
        (
            "What does Northgate's Hold rating require?",
            "Hold: expected to perform within 5% of the index;",
        ),
        (
            'What does Northgate mean by "Sell"?',
            "Sell: expected to underperform the index by more than 8%.",
        ),
        # Of a Chinese house in English, by the rating of either language.
        ("What does 海岳证券's 看好 rating mean?", "看好：行业超越整体市场表现；"),
        ("What does a Sell rating mean at 海岳证券?", "卖出：相对弱于市场表现5％以下。"),
        # And of an English house in Chinese.
        ("Northgate的“卖出”评级是什么意思？", "Sell: expected to underperform the index by more than 8%."),
    ],
)  # fmt: skip
def test_a_rating_is_read_where_its_house_defines_it(question: str, quote: str, ask: Ask) -> None:
    reply = ask(question)
    assert reply.status is AnswerStatus.ANSWERED
    assert [citation.quote for citation in reply.citations] == [quote]


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        ("海岳证券评级的期限是多长？", [_STOCKS]),
        ("海岳证券的评级标准是什么？", [_STOCKS]),
        ("海岳证券的“买入”以什么指数为基准？", [_STOCKS, "买入：相对强于市场表现20％以上；"]),
        ("海岳证券行业评级的基准是什么指数？", [_SECTORS, "看好：行业超越整体市场表现；"]),
        # Where the definition itself says how long, nothing else is quoted.
        (
            "远岚证券的“买入”评级期限是多长？",
            ["买入：预期未来12个月内股价相对中证500指数的涨幅在15%以上；"],
        ),
        ("What benchmark does Northgate use for its ratings?", [_RELATIVE]),
        (
            "Over what horizon is a Hold at Northgate rated?",
            [_RELATIVE, "Hold: expected to perform within 5% of the index;"],
        ),
    ],
)
def test_horizon_and_benchmark_stand_above_the_definitions(
    question: str, quotes: list[str], ask: Ask
) -> None:
    assert [citation.quote for citation in ask(question).citations] == quotes


@pytest.mark.parametrize(
    "question",
    [
        "海岳证券的“超配”是什么意思？",
        "远岚证券的“看淡”是什么意思？",
        "远岚证券的“卖出”评级是什么意思？",
        "What does an Accumulate rating mean at Northgate?",
    ],
)
def test_a_rating_that_the_house_does_not_define_is_not_lent_by_another(
    question: str, ask: Ask
) -> None:
    assert ask(question).status is AnswerStatus.NOT_IN_CORPUS


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        (
            "海岳的“增持”和远岚的“减持”分别是多少？",
            {
                "haiyue": "增持：相对强于市场表现5％～20％；",
                "yuanlan": "减持：预期未来12个月内股价相对中证500指数的跌幅在10%以上；",
            },
        ),
        (
            "海岳的“买入”和远岚的“买入”分别意味着什么？",
            {
                "haiyue": "买入：相对强于市场表现20％以上；",
                "yuanlan": "买入：预期未来12个月内股价相对中证500指数的涨幅在15%以上；",
            },
        ),
        (
            "海岳证券、远岚证券和Northgate的“买入”评级含义是什么？",
            {
                "haiyue": "买入：相对强于市场表现20％以上；",
                "yuanlan": "买入：预期未来12个月内股价相对中证500指数的涨幅在15%以上；",
                "northgate": "Buy: expected to outperform the index by more than 12%;",
            },
        ),
        (
            "各家券商的“买入”评级定义有什么不同？",  # stands with the disclaimers, and is read there
            {
                "haiyue": "买入：相对强于市场表现20％以上；",
                "yuanlan": "买入：预期未来12个月内股价相对中证500指数的涨幅在15%以上；",
                "northgate": "Buy: expected to outperform the index by more than 12%;",
            },
        ),
    ],
)
def test_each_house_has_its_own_definition(question: str, quotes: dict[str, str], ask: Ask) -> None:
    reply = ask(question)
    assert {citation.doc_id: citation.quote for citation in reply.citations} == quotes
    for house in ("海岳证券", "远岚证券"):
        assert house in reply.text


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("远岚给出的行业评级是什么？", "行业评级：领先大市"),
        ("海岳证券给行业什么评级？", "行业评级：看好(维持)"),
        ("What industry rating does 海岳证券 give?", "行业评级：看好(维持)"),
    ],
)
def test_the_rating_that_is_given_stands_on_the_cover(question: str, quote: str, ask: Ask) -> None:
    assert [citation.quote for citation in ask(question).citations] == [quote]


@pytest.mark.parametrize(
    ("question", "role", "quoted_missing", "of_ratings"),
    [
        ("“买入”是什么意思？", Role.BOILERPLATE, 0.0, True),
        ("买入评级的定义", Role.BOILERPLATE, 0.0, True),
        ("What does a Buy mean?", Role.BOILERPLATE, 0.0, True),
        ("“买入”是什么意思？", Role.BOILERPLATE, 1.0, False),  # defines another one
        ("“买入”是什么意思？", Role.CONTENT, 0.0, False),
        ("市场表现如何？", Role.BOILERPLATE, 0.0, False),  # asks of no rating
    ],
)
def test_disclaimers_are_read_for_ratings_only(
    question: str, role: Role, quoted_missing: float, of_ratings: bool
) -> None:
    evidence = sentence("买入：相对强于市场表现20％以上；", role=role)
    item = ScoredEvidence(evidence, 1.0, {"quoted_missing": quoted_missing}, ())
    assert _of_ratings(parse_question(question), item) is of_ratings
