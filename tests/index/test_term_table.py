"""The learned table, the glossaries, and the query they make of a question."""

import numpy as np
import pytest

from corpus.schema import Language
from index.errors import IndexMismatch
from index.lexical import build_lexical
from index.phrases import read_phrases
from index.term_table import GLOSSARY_PATH, PART_WEIGHT, TermTable
from index.terms import analyze
from index.training.train_term_table import learn, pack
from index.translations import Translations, save_translations


@pytest.fixture(scope="module")
def shipped():
    return TermTable.load()


@pytest.mark.parametrize(
    ("term", "translation"),
    [("价格", "price"), ("模型", "model"), ("增长", "growth"), ("price", "价格"), ("bank", "银行")],
)
def test_shipped_table_knows_common_terms_in_both_directions(shipped, term, translation):
    names = [name for name, _ in shipped.translate(analyze(term)[-1])]
    assert analyze(translation)[-1] in names[:5]


def test_translations_are_best_first_probabilities(shipped):
    found = shipped.translate("价格")
    probabilities = [probability for _, probability in found]
    assert probabilities == sorted(probabilities, reverse=True)
    assert 0 < sum(probabilities) <= 1.05  # rounded to bytes
    assert all(0 < probability <= 1 for probability in probabilities)


@pytest.mark.parametrize("term", ["2023", "", "qqqzzzxxx", "龘龘龘"])
def test_unknown_term_translates_to_nothing(shipped, term):
    assert shipped.translate(term) == ()


@pytest.mark.parametrize(
    ("question", "chunk"),
    [
        ("What did Wondershare release?", "万兴科技发布天幕大模型"),
        ("万兴科技发布了什么", "Wondershare released a model"),
        ("Zheshang Securities rating", "浙商证券维持评级"),
        ("Can ERNIE-ViLG draw?", "文心一格可以作画"),
        ("通用人工智能", "Artificial general intelligence"),
    ],
)
def test_names_and_set_phrases_cross_the_languages(shipped, question, chunk):
    index = build_lexical([analyze(chunk), analyze("无关 other text"), analyze("足球 x")])
    scores = index.bm25_scores(shipped.expand(analyze(question)))
    assert scores[0] > 2 * max(scores[1], scores[2])


def test_expanded_query_keeps_every_term_once_with_itself_first(shipped):
    terms = analyze("revenue growth revenue 2023")
    query = shipped.expand(terms)
    firsts = [term.alternatives[0] for term in query][: len(set(terms))]
    assert firsts == [(term, 1.0) for term in dict.fromkeys(terms)]
    for term in query:
        names = [name for name, _ in term.alternatives]
        assert len(names) == len(set(names))


def test_phrase_translations_weigh_as_much_as_the_phrase():
    table = TermTable("t", phrases=read_phrases(["文心一格\tERNIE-ViLG|Wenxin Yige"]))
    extra = table.expand(analyze("Wenxin Yige"))[2:]
    assert {term.alternatives[0][0] for term in extra} == set(analyze("文心一格"))
    assert sum(term.weight for term in extra) == pytest.approx(2.0)


def test_longest_phrase_wins():
    table = TermTable("t", phrases=read_phrases(["腾讯\tTencent", "腾讯音乐\tTMEX"]))
    names = [term.alternatives[0][0] for term in table.expand(analyze("腾讯音乐"))]
    assert "tmex" in names
    assert "tencent" not in names


def test_users_glossary_is_added_to_the_shipped_one(tmp_path):
    path = tmp_path / "mine.tsv"
    path.write_text("\ufeff# mine\n青蓝科技\tQinglan Tech\r\n", encoding="utf-8")
    table = TermTable.load(glossaries=[path])
    assert tuple(analyze("青蓝科技")) in table.phrases
    assert tuple(analyze("浙商证券")) in table.phrases
    assert table.name != TermTable.load().name


def test_malformed_glossary_lines_are_passed_over():
    assert (
        read_phrases(["", "只有中文", "# comment\tx", "zh\ten\tkind", "！\t?", "same\tsame"]) == {}
    )


def test_missing_glossary_is_an_error(tmp_path):
    with pytest.raises(IndexMismatch, match="cannot be read"):
        TermTable.load(glossaries=[tmp_path / "none.tsv"])


def test_shipped_glossary_is_well_formed_and_broad():
    lines = GLOSSARY_PATH.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    assert rows[0] == ["zh", "en", "kind", "other"]
    assert all(3 <= len(row) <= 4 and all(row) for row in rows)
    assert len({row[0] for row in rows}) == len(rows) > 1500
    assert all(analyze(name) for row in rows[1:] for name in row[1].split("|"))


def test_learned_table_prefers_the_translation_that_recurs():
    pairs = [
        ("猫 睡觉", "cat sleeps"),
        ("猫 吃饭", "cat eats"),
        ("狗 睡觉", "dog sleeps"),
        ("狗 吃饭", "dog eats"),
    ] * 3
    sides = [(zh.split(), en.split()) for zh, en in pairs]
    tables = learn(sides, [False] * len(sides))
    table = TermTable("t", tables)
    for zh, en in [("猫", "cat"), ("狗", "dog"), ("睡觉", "sleeps"), ("吃饭", "eats")]:
        assert table.translate(zh)[0][0] == en
        assert table.translate(en)[0][0] == zh


def test_dictionary_alone_teaches_a_rare_word():
    sides = [(["价格"], ["price"])] * 5 + [(["饕餮"], ["glutton"])]
    table = TermTable("t", learn(sides, [False] * 5 + [True]))
    assert table.translate("饕餮")[0][0] == "glutton"


def test_table_survives_the_disk(tmp_path):
    tables = pack({Language.ZH: {"价格": {"price": 3.0, "cost": 1.0}}, Language.EN: {}})
    save_translations(tmp_path / "terms.npz", tables)
    table = TermTable.load(tmp_path / "terms.npz")
    names, probabilities = zip(*table.translate("价格"), strict=True)
    assert names == ("price", "cost")
    np.testing.assert_allclose(probabilities, (0.75, 0.25), atol=0.003)
    assert table.translate("price") == ()


def test_damaged_or_foreign_table_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "terms.npz"
    path.write_bytes(b"not a table")
    with pytest.raises(IndexMismatch, match="no term table"):
        TermTable.load(path)
    monkeypatch.setattr("index.translations.TABLE_VERSION", 99)
    save_translations(path, pack({language: {} for language in Language}))
    monkeypatch.undo()
    with pytest.raises(IndexMismatch, match="version"):
        TermTable.load(path)


def test_a_word_inside_a_longer_one_of_the_question_counts_half(shipped):
    weights = {term.alternatives[0][0]: term.weight for term in shipped.expand(analyze("外交部长"))}
    assert weights["外交部长"] == 1.0
    assert weights["外交"] == weights["部长"] == PART_WEIGHT
    assert all(term.weight == 1.0 for term in shipped.expand(["art", "party"]))


def test_empty_table_leaves_a_question_as_it_is():
    query = TermTable("empty", {language: EMPTY for language in Language}).expand(["price", "价格"])
    assert [term.alternatives for term in query] == [(("price", 1.0),), (("价格", 1.0),)]


EMPTY = Translations((), np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.uint8))


def two_way_table():
    """`city` has 市 only; 县城 has `city` as its sure translation, 村 as an unlikely one."""
    return TermTable(
        "t",
        translations=pack(
            {
                Language.EN: {"citi": {"市": 1.0}, "town": {"县城": 0.5, "市": 0.5}},
                Language.ZH: {
                    "市": {"citi": 1.0},
                    "县城": {"citi": 0.81, "town": 0.19},
                    "村": {"citi": 0.01, "town": 0.99},
                },
            }
        ),
    )


def test_either_direction_is_evidence_for_an_alternative():
    found = dict(two_way_table().alternatives("citi"))
    assert found["市"] == pytest.approx(1.0)
    assert found["县城"] == pytest.approx(0.9, abs=0.01)  # the root of 0.81
    assert "村" not in found  # less than MIN_BACKWARD


def test_both_directions_together_are_a_noisy_or():
    found = dict(two_way_table().alternatives("town"))
    forward, backward = 0.5**0.5, 0.19**0.5
    assert found["县城"] == pytest.approx(1 - (1 - forward) * (1 - backward), abs=0.01)
    assert found["市"] == pytest.approx(forward, abs=0.01)


@pytest.mark.parametrize("term", ["2023", "", "unknownterm", "未知词"])
def test_a_term_outside_the_table_has_no_alternatives(term):
    assert two_way_table().alternatives(term) == ()


def test_other_names_of_a_glossary_line_are_names_too():
    phrases = read_phrases(["贵州茅台\tKweichow Moutai\tcompany\t600519.SH"])
    ticker, english = tuple(analyze("600519.SH")), tuple(analyze("Kweichow Moutai"))
    assert english in phrases[ticker]
    assert tuple(analyze("贵州茅台")) in phrases[ticker]
    assert ticker in phrases[english]


def test_names_that_companies_give_lead_to_each_other() -> None:
    names = ("东湖机床", "LAKESIDE TOOLS", "600123")
    table = TermTable.load(companies=[names])
    assert ("600123",) in table.phrases[tuple(analyze("Lakeside Tools"))]
    assert tuple(analyze("lakeside tools")) in table.phrases[tuple(analyze("东湖机床"))]
    assert TermTable.load(companies=[names]) is table
    assert TermTable.load().name != table.name
