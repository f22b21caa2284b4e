"""The forward index: which terms it reads of a document, and what survives the disk."""

import numpy as np
import pytest

from index.errors import IndexMismatch
from index.forward import analyze_sentences, build_forward_index, load_forward_index, short_hashes

TEXTS = ["Prices rose. The plan costs $60.", "", "……", "价格上涨。方案60美元。"]


def test_a_document_has_its_terms_by_sentence():
    index = build_forward_index(TEXTS)
    assert index.num_documents == len(TEXTS)
    for number, text in enumerate(TEXTS):
        sentences = analyze_sentences(text)
        hashes, lengths = index.sentences(number)
        terms = [term for terms in sentences for term in terms]
        assert hashes.tolist() == short_hashes(terms).tolist()
        assert lengths.tolist() == [len(terms) for terms in sentences]


def test_sentences_without_terms_are_left_out():
    assert analyze_sentences("Prices rose. The. 价格！！！上涨。") == [
        ["price", "rose"],
        ["价格"],
        ["上涨"],
    ]


@pytest.mark.parametrize("texts", [[], ["", ""], TEXTS], ids=["none", "two empty", "four"])
def test_the_index_survives_the_disk(texts, tmp_path):
    index = build_forward_index(texts)
    index.save(tmp_path)
    loaded = load_forward_index(tmp_path)
    for name in ("hashes", "lengths", "first_terms", "first_sentences"):
        np.testing.assert_array_equal(getattr(loaded, name), getattr(index, name))


@pytest.mark.parametrize("name", ["hashes", "lengths", "first_terms", "first_sentences"])
def test_missing_cut_or_foreign_file_is_refused(name, tmp_path):
    build_forward_index(TEXTS).save(tmp_path)
    path = tmp_path / f"forward_{name}.npy"
    whole = np.load(path)
    np.save(path, whole[:-1], allow_pickle=False)
    with pytest.raises(IndexMismatch, match="do not belong together"):
        load_forward_index(tmp_path)
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(IndexMismatch):
        load_forward_index(tmp_path)
    path.unlink()
    with pytest.raises(IndexMismatch):
        load_forward_index(tmp_path)
