"""Names across scripts: what is a name, which characters spell it, where it is found."""

import numpy as np
import pytest

from index.errors import IndexMismatch, IndexMissing
from index.latin import latin_words
from index.names import build_name_index, load_name_index
from index.spelled import latin_names, spelled_terms
from index.spellings import Spellings, letters_of, load_spellings, save_spellings

TEXTS = (
    "马丁·路德是德国神学家。",
    "这家银行的净利润增长。",
    "李日华，字君实，浙江嘉兴人。",
    "The bank grew.",
    "",
    "苏佩维埃尔生于乌拉圭。",
    "諾曼底在法國北部。",
)


@pytest.fixture(scope="module")
def index():
    return build_name_index(TEXTS)


@pytest.mark.parametrize(
    ("name", "row"),
    [("luther", 0), ("rihua", 2), ("lirihua", 2), ("supervielle", 5), ("normandy", 6)],
)
def test_a_name_is_found_in_the_text_that_spells_it_and_nowhere_else(index, name, row):
    views, strengths = index.find(name, load_spellings())
    assert views[np.argmax(strengths)] == row
    assert strengths.max() > 0.3
    assert all(
        strength < 0.5 for view, strength in zip(views, strengths, strict=True) if view != row
    )


@pytest.mark.parametrize("name", ["distribution", "quarterly", "zzzz", "xqxqxq"])
def test_words_that_nothing_sounds_like_are_not_found(index, name):
    assert len(index.find(name, load_spellings())[0]) == 0


def test_matches_are_ascending_distinct_probabilities(index):
    for name in ("luther", "normandy", "rihua", "yinhang"):
        views, strengths = index.find(name, load_spellings())
        assert np.all(np.diff(views) > 0)
        assert np.all((strengths > 0) & (strengths <= 1))


def test_a_name_does_not_run_over_the_end_of_a_text():
    index = build_name_index(["他叫路", "德国人"])
    assert len(index.find("luther", load_spellings())[0]) == 0


@pytest.mark.parametrize("texts", [(), ("",), ("only English",), ("路",)])
def test_an_index_without_pairs_finds_nothing(texts):
    index = build_name_index(texts)
    assert index.num_texts == len(texts)
    assert len(index.find("luther", load_spellings())[0]) == 0


def test_what_was_saved_finds_the_same(index, tmp_path):
    index.save(tmp_path)
    loaded = load_name_index(tmp_path)
    for name in ("luther", "lirihua", "normandy"):
        for before, after in zip(
            index.find(name, load_spellings()), loaded.find(name, load_spellings()), strict=True
        ):
            assert before.tolist() == after.tolist()


def test_missing_or_foreign_files_are_refused(index, tmp_path):
    with pytest.raises(IndexMismatch, match="build the index again"):
        load_name_index(tmp_path)
    index.save(tmp_path)
    np.save(tmp_path / "names_places.npy", np.zeros(1, np.int32))
    with pytest.raises(IndexMismatch, match="do not belong together"):
        load_name_index(tmp_path)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Where was Li Rihua born?", ["rihua", "lirihua"]),
        ("What did Martin Luther write?", ["martin", "luther", "martinluther"]),
        ("Luther, Calvin", ["luther", "calvin"]),
        ("Yeh Sheng-mao's school", ["yehshengmaos", "shengmaos"]),
        ("where is luther", ["luther"]),
        ("What is it?", []),
        ("路德是谁", []),
        ("", []),
    ],
)
def test_capitalised_words_are_names_alone_and_joined(question, names):
    assert sorted(latin_names(question)) == sorted(names)


def test_characters_spell_terms_of_the_index():
    terms = ["luther", "market", "supervi", "supply", "wood"]
    found = spelled_terms(
        "苏佩维埃尔和路德", latin_words(terms), load_spellings(), lambda word: False
    )
    assert {name for spelled in found for name in spelled} >= {"luther", "supervi"}
    assert all(0 < strength <= 1 for spelled in found for strength in spelled.values())


def test_known_words_are_not_spelled():
    assert spelled_terms("路德", latin_words(["luther"]), load_spellings(), lambda word: True) == []
    assert spelled_terms("路德", latin_words([]), load_spellings(), lambda word: False) == []


def test_spellings_survive_a_file(tmp_path):
    given = Spellings({"路": {"lu": 0.75, "ro": 0.25}, "德": {"": 0.1, "ther": 0.9}})
    save_spellings(tmp_path / "s.tsv.gz", given)
    assert load_spellings(tmp_path / "s.tsv.gz").by_character == given.by_character
    with pytest.raises(IndexMissing, match="git checkout"):
        load_spellings(tmp_path / "none.tsv.gz")


def test_pinyin_is_among_the_spellings_of_common_characters():
    rows = load_spellings().by_character
    for character, reading in zip(
        "严长寿李日华", ["yan", "chang", "shou", "li", "ri", "hua"], strict=True
    ):
        assert rows[character].get(reading, 0.0) > 0.01, (character, reading)
    assert letters_of("Lǘ-Shì O'Neill") == "lushioneill"
