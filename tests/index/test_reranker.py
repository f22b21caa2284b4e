"""The reranker: loading by name, order, what it does to a search."""

from pathlib import Path

import numpy as np
import pytest

from index.encoder import HashEncoder
from index.errors import EncoderError
from index.reranker import CrossEncoderReranker, load_reranker
from index.search import Index


class ByLength:
    """Scores a text by its length, the shortest best."""

    def score(self, query, texts):
        return np.array([-len(text) for text in texts], dtype=np.float32)


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder of random weights, made here."""
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder = tmp_path_factory.mktemp("cross-encoder")
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghij", "市", "场"]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
        num_labels=1,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def test_a_cross_encoder_scores_every_text(tiny_model: Path) -> None:
    reranker = CrossEncoderReranker(str(tiny_model), batch_size=2)
    scores = reranker.score("a b", ["a b c", "市场", "j i h"])
    assert scores.shape == (3,)
    assert np.isfinite(scores).all()
    assert reranker.score("a b", ["市场"])[0] == pytest.approx(float(scores[1]), abs=1e-5)
    assert reranker.score("a b", []).shape == (0,)


def test_no_setting_is_no_reranker_and_an_unknown_one_says_what_to_do(tmp_path: Path) -> None:
    assert load_reranker("") is None
    with pytest.raises(EncoderError, match="RAG_RERANKER"):
        load_reranker(str(tmp_path / "none"))


def test_a_search_comes_back_in_the_order_of_the_reranker(
    index_dir: Path, encoder: HashEncoder
) -> None:
    plain = Index.open(index_dir, encoder)
    reranked = Index.open(index_dir, encoder, reranker=ByLength())
    query = "市场规模 market size"
    before, after = plain.search(query, top_k=50), reranked.search(query, top_k=50)
    assert {item.chunk.chunk_id for item in before} == {item.chunk.chunk_id for item in after}
    lengths = [len(item.chunk.text) for item in after[:30]]
    assert lengths == sorted(lengths)
    assert lengths != [len(item.chunk.text) for item in before[:30]]
    scores = [item.score for item in after]
    assert scores == sorted(scores, reverse=True)
    assert reranked.search(query, top_k=3) == after[:3]
