"""What the training scripts learn from a few lines."""

from index.names import build_name_index
from index.spellings import Spellings
from index.training.sources import EXCLUDED, Kind, Pair
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
