import random

import pytest

from rag.verification.drafts import DraftReader, parse_markers, split_draft, without_markers

DRAFT = (
    "2023年规模为187亿元。[1] 同比增长26%【2】。\n"
    "- 冷链占14%［1、3］；电商更高 [2-4].\n"
    "1. It grew 3.5% in 2023 [1, 2]. Then it fell! [3] No marker here\n"
    "**结论**：需求上升[12]。"
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[1]", (1,)),
        ("【12】", (12,)),
        ("［３］", (3,)),
        ("[1, 2]", (1, 2)),
        ("[1、2；3]", (1, 2, 3)),
        ("[2-4]", (2, 3, 4)),
        ("[^5]", (5,)),
        ("[来源：6]", (6,)),
        ("[Source 7]", (7,)),
        ("[1][2] [1]", (1, 2)),
        ("[1-9999]", ()),
        ("[see above]", ()),
        ("(3)", ()),
        ("[12,000台]", ()),
    ],
)
def test_markers_are_read_in_every_spelling(text: str, found: tuple[int, ...]) -> None:
    assert parse_markers(f"文本{text}。") == found


def test_a_marker_in_a_wide_range_does_not_make_thousands() -> None:
    assert len(parse_markers("[1-999]")) <= 21


def test_a_draft_becomes_sentences_with_their_markers() -> None:
    sentences = split_draft(DRAFT)
    assert [(s.text, s.markers) for s in sentences] == [
        ("2023年规模为187亿元。", (1,)),
        ("同比增长26%。", (2,)),
        ("冷链占14%；", (1, 3)),
        ("电商更高.", (2, 3, 4)),
        ("It grew 3.5% in 2023.", (1, 2)),
        ("Then it fell!", (3,)),
        ("No marker here", ()),
        ("结论：需求上升。", (12,)),
    ]
    assert [s.starts_item for s in sentences] == [
        False,
        False,
        True,
        False,
        True,
        False,
        False,
        False,
    ]


def test_markup_and_markers_leave_the_text() -> None:
    assert without_markers("`x` **y** [3]。") == "x y。"


@pytest.mark.parametrize("seed", range(20))
def test_a_draft_read_in_pieces_has_the_same_sentences(seed: int) -> None:
    choice = random.Random(seed)
    reader, found, rest = DraftReader(), [], DRAFT
    while rest:
        size = choice.randint(1, 9)
        found += reader.feed(rest[:size])
        rest = rest[size:]
    found += reader.finish()
    assert found == split_draft(DRAFT)


def test_a_sentence_is_given_out_only_when_its_marker_cannot_follow() -> None:
    reader = DraftReader()
    assert reader.feed("规模为187亿元。") == []
    assert reader.feed(" [") == []
    assert reader.feed("1] ") == []
    (sentence,) = reader.feed("同")
    assert sentence.markers == (1,)
    assert reader.pending == " 同" or reader.pending == "同"


def test_the_last_sentence_of_a_cut_draft_is_left_out() -> None:
    reader = DraftReader()
    given = reader.feed("规模为187亿元[1]。而且增")
    assert [s.text for s in given] == ["规模为187亿元。"]
    assert reader.finish(cut=True) == []
