"""What the training scripts learn from a few lines."""

import json
import lzma
import sqlite3

import pytest

from index.names import build_name_index
from index.spellings import Spellings, load_readings, save_readings
from index.term_table import TermTable
from index.training import train_term_table
from index.training.alignment import align
from index.training.companies import read_companies
from index.training.places import read_places
from index.training.romanise import cantonese, hepburn, korean
from index.training.sources import EXCLUDED, Kind, Pair, read_pairs, weight_of
from index.training.train_readings import from_unihan, japanese, vietnamese
from index.training.train_spellings import learn, name_pairs

READINGS = {
    "路": ("lu",), "德": ("de", "te"), "罗": ("luo", "lo"), "斯": ("si", "ssu"), "特": ("te",),
    "拉": ("la",), "银": ("yin",), "行": ("xing", "hang"), "约": ("yue",), "翰": ("han",),
}  # fmt: skip


def gloss(left, right):
    return Pair(left, right, "dict_test", Kind.DICTIONARY)


def test_names_are_parts_of_headwords_with_capitalised_words_of_their_glosses():
    pairs = [
        gloss("马丁·路德", "Martin Luther (1483-1546), founder of Protestantism"),
        gloss("银行", "bank"),
        Pair("路德写信", "Luther wrote", "tatoeba", Kind.PARALLEL),
    ]
    found = name_pairs(pairs)
    assert ("路德", "luther") in found
    assert ("马丁", "martin") in found
    assert all(name != "bank" for _, name in found)
    assert all(characters != "路德写信" for characters, _ in found)


def test_letters_are_shared_out_in_order_and_words_that_are_no_spelling_are_left_out():
    candidates = [
        ("特斯拉", "tesla"), ("罗斯", "ross"), ("罗德", "rhode"), ("拉德", "rad"),
        ("斯特拉", "stella"), ("银行", "capital"),
    ]  # fmt: skip
    weights = learn(candidates, READINGS)
    assert max(weights["斯"], key=lambda letters: weights["斯"][letters]).startswith("s")
    assert weights["拉"].get("la", 0.0) > 0.1
    assert all(abs(sum(row.values()) - 1.0) < 0.05 for row in weights.values())
    assert set(weights["行"]) <= {"xing", "hang"}  # in no name: its readings only
    assert not any("capital".startswith(letters) for letters in weights["银"] if letters != "")


def test_what_was_learned_finds_a_name_that_was_not_among_the_examples():
    candidates = [("特斯拉", "tesla"), ("罗斯", "ross"), ("拉德", "rad"), ("罗德", "rod")]
    index = build_name_index(["特拉在唱歌", "银行"])
    views, _ = index.find("tela", Spellings(learn(candidates, READINGS)))
    assert views.tolist() == [0]


def test_no_file_under_the_gpl_is_trained_on():
    assert {"ui_finance_business", "doc_dl500", "qa_interview_tech", "dict_qwerty"} <= EXCLUDED


def test_sections_of_text_that_is_left_out_are_left_out_too(tmp_path):
    segment = (
        "标量表示一个单独的数，它不同于线性代数中研究的其他大部分对象。",
        "A scalar is a number.",
    )
    sections = [
        ("数学基础：标量", f"先看例子。{segment[0]}我们用斜体表示标量。"),
        ("安装：步骤", "运行安装程序，然后按照屏幕上的说明完成各项设置。"),
    ]
    for name, rows in (("doc_dl500", [segment]), ("qa_dochead_zh", sections)):
        with lzma.open(tmp_path / f"{name}.tsv.xz", "wt", encoding="utf-8") as file:
            file.writelines(f"{left}\t{right}\n" for left, right in rows)
    assert [pair.left for pair in read_pairs(tmp_path)] == ["安装：步骤"]


def test_a_pair_that_counts_more_decides_what_a_word_means():
    sides = [(["球场"], ["court"])] * 3 + [(["法院"], ["court"])] * 2
    by_number = TermTable("t", train_term_table.learn(sides, [False] * 5))
    weighted = train_term_table.learn(sides, [False] * 5, [1.0] * 3 + [4.0] * 2)
    assert by_number.translate("court")[0][0] == "球场"
    assert TermTable("t", weighted).translate("court")[0][0] == "法院"


def test_general_text_outweighs_documentation():
    assert weight_of("tatoeba") > weight_of("dict_cedict") > weight_of("doc_k8s_docs") > 0


def test_words_in_the_same_place_are_linked_when_nothing_else_tells():
    alignment = align([([1, 2, 3], [11, 12, 13], 1.0)], diagonal=4.0)
    counts = dict(
        zip(zip(alignment.left, alignment.right, strict=True), alignment.counts, strict=True)
    )
    assert counts[1, 11] > counts[1, 12] > counts[1, 13]
    flat = align([([1, 2, 3], [11, 12, 13], 1.0)], diagonal=0.0)
    assert flat.counts == pytest.approx([flat.counts[0]] * 9)


def test_names_of_companies_are_glosses_without_their_legal_form(tmp_path):
    path = tmp_path / "entities.db"
    with sqlite3.connect(path) as names:
        names.execute("create table entities (id, name_cn, name_en)")
        rows = [
            (1, "万兴科技", "Wondershare Technology Group Co.,Ltd"),
            (2, "浙商证券", "浙商证券 Co., Ltd."),
            (3, "美的集团", "Midea Group Co., Ltd."),
            (4, "无名", None),
        ]
        names.executemany("insert into entities values (?, ?, ?)", rows)
    found = [(pair.left, pair.right) for pair in read_companies(path)]
    assert found == [("万兴科技", "Wondershare Technology"), ("美的集团", "Midea")]
    assert all(pair.kind is Kind.DICTIONARY for pair in read_companies(path))


def test_names_of_towns_are_glosses_in_chinese_characters_once(tmp_path):
    path = tmp_path / "cities500.json"
    towns = {
        "1": {"name": "Jacksonville", "alternatenames": ["JAX", "傑克遜維爾", "杰克逊维尔"]},
        "2": {"name": "Ōuda-yamaguchi", "alternatenames": ["大宇陀山口", "おおうだ"]},
        "3": {"name": "Nowhere", "alternatenames": []},
        "4": {"name": "6th of October City", "alternatenames": ["十月六日城"]},
    }
    path.write_text(json.dumps(towns, ensure_ascii=False), encoding="utf-8")
    found = list(read_places(path))
    assert [(pair.left, pair.right) for pair in found] == [
        ("杰克逊维尔", "Jacksonville"),
        ("大宇陀山口", "Ōuda-yamaguchi"),
    ]
    assert all(pair.kind is Kind.DICTIONARY for pair in found)


@pytest.mark.parametrize(
    ("spelled", "name"),
    [
        (hepburn("しげつぐ"), "shigetsugu"), (hepburn("とうきょう"), "tokyo"),
        (hepburn("はっとり"), "hattori"), (korean("문"), "moon"), (korean("경"), "kyung"),
        (cantonese("zoeng1"), "cheung"), (cantonese("jyun4"), "yuen"), (cantonese("ng4"), "ng"),
        (vietnamese("đình"), "dinh"),
    ],
)  # fmt: skip
def test_readings_are_spelled_as_people_write_their_names(spelled, name):
    assert name in spelled
    assert sum(spelled.values()) == pytest.approx(1.0, abs=0.01)


def test_japanese_names_teach_how_their_characters_are_read():
    names = [
        ("重次", "しげつぐ"), ("重信", "しげのぶ"), ("次郎", "じろう"), ("信次", "のぶつぐ"),
        ("德重", "のりしげ"), ("信郎", "のぶろう"),
    ]  # fmt: skip
    readings = japanese(names)
    assert max(readings["重"], key=lambda letters: readings["重"][letters]) == "shige"
    assert max(readings["信"], key=lambda letters: readings["信"][letters]) == "nobu"


def test_readings_of_unihan_belong_to_the_simplified_character():
    lines = ["U+912D\tkHangul\t정:0E", "U+912D\tkCantonese\tzeng6", "U+4E00\tkHangul\t일:0E"]
    assert "jeong" in from_unihan(lines, "kHangul", korean)["郑"]
    assert "鄭" not in from_unihan(lines, "kCantonese", cantonese)


def test_readings_survive_the_disk_and_say_what_they_may_spell(tmp_path):
    given = {
        "ja": Spellings({"重": {"shige": 0.6}, "次": {"tsugu": 0.3}}),
        "ko": Spellings({"文": {"moon": 0.4}}),
    }
    save_readings(tmp_path / "r.tsv.gz", given)
    found = load_readings(tmp_path / "r.tsv.gz")
    assert {name: table.by_character for name, table in found.items()} == {
        name: table.by_character for name, table in given.items()
    }
    assert found["ja"].may_spell("shigetsugu")
    assert not found["ja"].may_spell("shigetsug")


def test_shipped_readings_cover_four_languages():
    assert set(load_readings()) == {"ja", "ko", "vi", "yue"}
    assert all(len(table.by_character) > 2000 for table in load_readings().values())
