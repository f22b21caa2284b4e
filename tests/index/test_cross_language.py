"""A question as a query for text in the other language."""

import pytest

from index.cross_language import translated_query
from index.lexical import build_lexical
from index.names import build_name_index
from index.numerals import months_in, number_alternatives
from index.term_table import TermTable
from index.terms import analyze


@pytest.fixture(scope="module")
def table():
    return TermTable.load()


def best(question, passages, table):
    """Return the row of the passage that answers best, and its lead over the next."""
    lexical = build_lexical([analyze(passage) for passage in passages])
    query = translated_query(question, table, lexical, build_name_index(passages))
    scores = lexical.bm25_scores(query).tolist()
    row = max(range(len(scores)), key=lambda number: scores[number])
    return row, scores[row] - max(scores[:row] + scores[row + 1 :])


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who was Abe Shigetsugu?", "阿部重次是武藏国岩槻藩第2代藩主。"),
        ("What did Tokugawa Ieyasu found?", "德川家康建立了幕府。"),
        ("When did Li Ka-shing retire?", "李嘉诚宣布退休。"),
        ("Which company does Moon Jae-in visit?", "文在寅参观了工厂。"),
        ("Where does Ngo Dinh Diem live?", "吴廷琰住在这里。"),
    ],
)
def test_names_are_found_as_they_are_read_at_home(question, answer, table):
    others = ["这家银行的净利润增长。", "公司宣布了新的计划。", "他住在乡下的房子里。"]
    row, lead = best(question, [*others, answer], table)
    assert row == len(others)
    assert lead > 0


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("三星有多少员工？", "samsung"),
        ("安倍晋三是谁？", "shinzo"),
        ("丰田卖了多少辆车？", "toyota"),
    ],
)
def test_a_chinese_question_finds_how_a_name_is_written_there(question, term, table):
    row, lead = best(question, ["The bank grew.", f"A text about {term}."], table)
    assert row == 1
    assert lead > 0


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        ("Which of the four Vedas is oldest?", "四部吠陀", "吠陀"),
        ("What happened in the 19th century?", "十九世纪", "十八世纪"),
        ("What happened in December?", "2020年12月", "2020年5月"),
        ("四个季度", "Four quarters", "Three quarters"),
        ("12月发生了什么？", "In December", "In July"),
    ],
)
def test_a_number_is_found_as_the_other_language_writes_it(question, right, wrong, table):
    row, lead = best(question, [wrong, right], table)
    assert row == 1
    assert lead > 0


def test_names_of_a_number_lead_to_each_other():
    assert {"4", "四", "四部"} <= dict(number_alternatives("four")).keys()
    assert {"4", "four"} <= dict(number_alternatives("四部")).keys()
    assert {"19", "十九"} <= dict(number_alternatives(analyze("nineteenth")[0])).keys()
    assert number_alternatives("bank") == ()
    assert number_alternatives("一") == ()


def test_months_are_read_from_chinese_questions_only_where_they_are_months():
    assert list(months_in("2020年12月和3月")) == [analyze("December")[0], analyze("March")[0]]
    assert list(months_in("13月、2012月、月")) == []


def test_every_month_of_a_question_is_looked_for_but_may():
    assert [len(list(months_in(f"{number}月"))) for number in range(1, 13)] == [1] * 4 + [0] + [
        1
    ] * 7
