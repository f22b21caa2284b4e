"""Merged searches equal those that are made anew, whatever stays, goes and comes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.forward import ForwardIndex, build_forward_index
from index.inverted import InvertedIndex, build_inverted_index
from index.merging import merge_forward, merge_lexical, merge_names
from index.names import NameIndex, build_name_index
from index.terms import analyze

TEXTS = ("市场规模达453亿元。增长。", "cloud revenue rose", "马丁·路德 and 市场", "", "123 ... 云")
SHELVES = st.dictionaries(st.integers(0, 30), st.sampled_from(TEXTS), max_size=12)


def same_arrays(left: object, right: object, names: tuple[str, ...]) -> bool:
    pairs = [(getattr(left, name), getattr(right, name)) for name in names]
    return all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in pairs)


def same_lexical(left: InvertedIndex, right: InvertedIndex) -> bool:
    names = ("spelled", "hashes", "hashed", "offsets", "documents", "counts", "lengths")
    return same_arrays(left, right, names)


def same_names(left: NameIndex, right: NameIndex) -> bool:
    return same_arrays(left, right, ("characters", "starts", "keys", "offsets", "places"))


def same_forward(left: ForwardIndex, right: ForwardIndex) -> bool:
    return same_arrays(left, right, ("hashes", "lengths", "first_terms", "first_sentences"))


@given(one=SHELVES, two=SHELVES, gone=st.sets(st.integers(0, 30)))
def test_a_merged_index_is_the_one_made_anew(
    one: dict[int, str], two: dict[int, str], gone: set[int]
) -> None:
    two = {number: text for number, text in two.items() if number not in one}
    numbers = sorted((one.keys() | two.keys()) - gone)
    row = {number: place for place, number in enumerate(numbers)}
    texts = [(one | two)[number] for number in numbers]
    shelves = [[(number, shelf[number]) for number in sorted(shelf)] for shelf in (one, two)]
    moved = [np.array([row.get(n, -1) for n, _ in shelf], dtype=np.int64) for shelf in shelves]
    lexical = [build_inverted_index(analyze(text) for _, text in shelf) for shelf in shelves]
    merged = merge_lexical(list(zip(lexical, moved, strict=True)), len(texts))
    assert same_lexical(merged, build_inverted_index(analyze(text) for text in texts))
    forward = [build_forward_index(text for _, text in shelf) for shelf in shelves]
    merged_forward = merge_forward(list(zip(forward, moved, strict=True)), len(texts))
    assert same_forward(merged_forward, build_forward_index(texts))
    names = [build_name_index(text for _, text in shelf) for shelf in shelves]
    merged_names = merge_names(list(zip(names, moved, strict=True)), len(texts))
    assert same_names(merged_names, build_name_index(texts))
