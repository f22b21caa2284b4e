"""The inverted index: what it counts, and what survives the disk."""

import numpy as np
import pytest

from index.errors import IndexMismatch
from index.inverted import build_inverted_index, load_inverted_index, term_hash
from index.lexical import Lexical, QueryTerm

DOCUMENTS = [["price", "plan", "price"], ["plan"], ["价格", "模型"], []]
QUERY = [QueryTerm(((term, 1.0),)) for term in ("price", "模型")]


def test_terms_have_their_documents_and_counts():
    index = build_inverted_index(DOCUMENTS)
    assert index.terms == ("plan", "price", "价格", "模型")
    hashes = np.array([term_hash(term) for term in ("price", "plan", "none")], dtype=np.uint64)
    price, plan, none = index.rows_of(hashes).tolist()
    assert [values.tolist() for values in index.postings(price)] == [[0], [2]]
    assert [values.tolist() for values in index.postings(plan)] == [[0, 1], [1, 1]]
    assert none == -1
    assert index.lengths.tolist() == [3, 1, 2, 0]


@pytest.mark.parametrize("documents", [[], [[]], [[], []]], ids=["none", "one empty", "two empty"])
def test_index_without_terms_scores_zero_and_survives_the_disk(documents, tmp_path):
    build_inverted_index(documents).save(tmp_path)
    scores = Lexical((load_inverted_index(tmp_path),), (None,)).bm25_scores(QUERY)
    assert scores.tolist() == [0.0] * len(documents)


def test_loaded_index_scores_as_the_saved_one(tmp_path):
    index = build_inverted_index(DOCUMENTS)
    index.save(tmp_path)
    before, after = (
        Lexical((found,), (None,)).bm25_scores(QUERY)
        for found in (index, load_inverted_index(tmp_path))
    )
    assert before.tolist() == after.tolist()
    assert after.max() > 0


@pytest.mark.parametrize(
    "name", ["spelled", "hashes", "hashed", "offsets", "documents", "counts", "lengths"]
)
def test_missing_or_cut_file_is_refused(name, tmp_path):
    build_inverted_index(DOCUMENTS).save(tmp_path)
    path = tmp_path / f"lexical_{name}.npy"
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(IndexMismatch):
        load_inverted_index(tmp_path)
    path.unlink()
    with pytest.raises(IndexMismatch):
        load_inverted_index(tmp_path)


def test_files_of_two_indexes_are_refused(tmp_path):
    build_inverted_index(DOCUMENTS).save(tmp_path)
    np.save(tmp_path / "lexical_counts.npy", np.ones(2, dtype=np.uint16), allow_pickle=False)
    with pytest.raises(IndexMismatch, match="do not belong together"):
        load_inverted_index(tmp_path)
