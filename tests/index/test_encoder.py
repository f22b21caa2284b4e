"""Encoders: one contract, the shipped model, and the adapters."""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pytest

from index.encoder import (
    MODEL_PATH,
    EndpointEncoder,
    HashEncoder,
    SentenceTransformerEncoder,
    StaticEncoder,
    folder_hash,
    load_encoder,
    unit_rows,
)
from index.errors import EncoderError

TEXTS = [
    "What price is Midjourney's Pro plan?",
    "万兴科技发布天幕多媒体大模型，2023年收入增长25.5%。",
    "Diffusion 模型 vs. GAN：DALL·E 3",
    "",
    "א ב ג",
    "数据" * 3000,
]


@pytest.fixture(scope="module")
def shipped():
    return load_encoder("default")


@pytest.fixture(params=["shipped", "hash"])
def encoder(request):
    return load_encoder({"shipped": "", "hash": "hash"}[request.param])


def test_rows_are_unit_length_or_zero_and_aligned(encoder):
    vectors = encoder.encode_documents(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dim)
    assert vectors.dtype == np.float32
    norms = np.linalg.norm(vectors, axis=1)
    assert norms[3] == 0.0
    np.testing.assert_allclose(norms[:3], 1.0, atol=1e-5)
    alone = encoder.encode_documents([TEXTS[1]])[0]
    np.testing.assert_allclose(vectors[1], alone, atol=1e-6)


def test_no_texts_give_no_rows(encoder):
    assert encoder.encode_documents([]).shape == (0, encoder.dim)
    assert encoder.encode_queries([]).shape == (0, encoder.dim)


def test_two_loads_have_one_name_and_equal_vectors(encoder):
    again = load_encoder("hash" if encoder.name.startswith("hash") else "")
    assert again.name == encoder.name
    assert np.array_equal(again.encode_queries(TEXTS[:3]), encoder.encode_queries(TEXTS[:3]))


def test_text_of_unknown_script_is_zero(shipped):
    assert not shipped.encode_documents(["א ב ג", "😀"]).any()


@pytest.mark.parametrize(
    ("question", "near", "far"),
    [
        ("net profit growth of the bank", "这家银行的净利润同比增长", "他们在公园里踢足球"),
        ("银行的净利润增长", "the bank's net profit rose", "they played football in the park"),
        ("文生图模型", "图像生成的扩散模型", "白酒行业的库存"),
        ("price of the subscription", "monthly plan costs ten dollars", "the cat sat on a mat"),
    ],
    ids=["en-zh", "zh-en", "zh-zh", "en-en"],
)
def test_meaning_carries_within_and_across_languages(shipped, question, near, far):
    query = shipped.encode_queries([question])[0]
    first, second = shipped.encode_documents([near, far]) @ query
    assert first > second + 0.1


def test_traditional_text_has_nearly_the_vector_of_the_simplified(shipped):
    pairs = [
        "開放世界遊戲的市場規模",
        "开放世界游戏的市场规模",
        "英偉達發布新晶片",
        "英伟达发布新晶片",
    ]
    vectors = shipped.encode_documents(pairs)
    assert vectors[0] @ vectors[1] > 0.95
    assert vectors[2] @ vectors[3] > 0.95


def test_shipped_model_gives_the_vectors_of_sentence_transformers(shipped):
    reference = SentenceTransformerEncoder(str(MODEL_PATH))
    np.testing.assert_allclose(
        shipped.encode_documents(TEXTS), reference.encode_documents(TEXTS), atol=1e-5
    )
    assert reference.name == shipped.name


def test_shipped_model_loads_without_torch():
    import subprocess

    code = (
        "import sys; from index.encoder import load_encoder; "
        "load_encoder('').encode_queries(['价格']); "
        "sys.exit(any(name in sys.modules for name in ('torch', 'sentence_transformers')))"
    )
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


def test_shipped_model_is_safetensors_and_json_only_and_fits():
    suffixes = {path.suffix for path in MODEL_PATH.rglob("*") if path.is_file()}
    assert suffixes <= {".safetensors", ".json", ".md"}
    assert sum(path.stat().st_size for path in MODEL_PATH.rglob("*")) < 60e6


def test_missing_or_damaged_model_says_where(tmp_path):
    with pytest.raises(EncoderError, match="no static encoder"):
        StaticEncoder(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"damaged")
    with pytest.raises(EncoderError, match="no static encoder"):
        StaticEncoder(tmp_path)


def test_unknown_model_is_not_downloaded():
    with pytest.raises(EncoderError, match="cannot be loaded from this machine"):
        load_encoder("no-such-owner/no-such-model")


def tiny_model(folder: Path, prompts: dict[str, str]) -> Path:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = ["[UNK]", "price", "plan", "query", "passage", ":"]
    tokenizer = Tokenizer(
        models.WordLevel({word: row for row, word in enumerate(words)}, unk_token="[UNK]")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    weights = np.eye(len(words), 4, dtype=np.float32) + 0.1
    module = StaticEmbedding(tokenizer, embedding_weights=weights)
    SentenceTransformer(modules=[module], prompts=prompts, device="cpu").save(
        str(folder), create_model_card=False
    )
    return folder


def test_any_sentence_transformers_model_loads_with_its_prompts(tmp_path):
    plain = load_encoder(str(tiny_model(tmp_path / "plain", {})))
    prompted = load_encoder(
        str(tiny_model(tmp_path / "e5", {"query": "query: ", "document": "passage: "}))
    )
    texts = ["price plan"]
    np.testing.assert_allclose(
        prompted.encode_queries(texts), plain.encode_queries(["query: price plan"]), atol=1e-6
    )
    np.testing.assert_allclose(
        prompted.encode_documents(texts), plain.encode_documents(["passage: price plan"]), atol=1e-6
    )
    np.testing.assert_allclose(np.linalg.norm(plain.encode_queries(texts)), 1.0, atol=1e-6)
    assert plain.dim == 4
    assert plain.encode_documents([]).shape == (0, 4)


def test_name_changes_with_the_content_of_a_model(tmp_path):
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    before = folder_hash(tmp_path)
    (tmp_path / "README.md").write_text("words", encoding="utf-8")
    assert folder_hash(tmp_path) == before
    (tmp_path / "config.json").write_text('{"a": 1}', encoding="utf-8")
    assert folder_hash(tmp_path) != before


class Endpoint(BaseHTTPRequestHandler):
    """Answers as OpenAI does: vectors by length of text, entries in reverse order."""

    redirect_to = ""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.redirect_to:
            self.send_response(307)
            self.send_header("Location", self.redirect_to)
            self.end_headers()
            return
        entries = [
            {"index": i, "embedding": [float(len(text)), 1.0]}
            for i, text in enumerate(body["input"])
        ]
        reply = json.dumps({"data": entries[::-1]}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *args):
        """Keep the test's output clean."""


@pytest.fixture
def endpoint():
    server = HTTPServer(("127.0.0.1", 0), type("Fresh", (Endpoint,), {}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_endpoint_rows_follow_the_texts_and_empty_ones_are_zero(endpoint):
    url = f"http://127.0.0.1:{endpoint.server_port}/v1"
    encoder = EndpointEncoder("model", base_url=url, api_key="key", batch_size=2)
    vectors = encoder.encode_documents(["a", "", "bbb", "cc"])
    expected = unit_rows(np.array([[1, 1], [0, 0], [3, 1], [2, 1]], dtype=np.float32))
    np.testing.assert_allclose(vectors, expected, atol=1e-6)
    assert "key" not in encoder.name


def test_endpoint_redirect_is_refused(endpoint):
    endpoint.RequestHandlerClass.redirect_to = "http://127.0.0.1:9/steal"
    with pytest.raises(EncoderError, match="did not answer as expected"):
        EndpointEncoder("model", base_url=f"http://127.0.0.1:{endpoint.server_port}/v1")


def test_unit_rows_turns_what_is_not_finite_into_zeros():
    rows = unit_rows(np.array([[3, 4], [np.nan, 1], [np.inf, 0], [0, 0]], dtype=np.float32))
    np.testing.assert_allclose(rows, [[0.6, 0.8], [0, 0], [0, 0], [0, 0]])


def test_hash_encoder_is_the_same_on_every_machine():
    vector = HashEncoder(8).encode_documents(["price 价格"])[0]
    assert vector @ HashEncoder(8).encode_queries(["PRICE  价格"])[0] == pytest.approx(1.0)
    near, far = (
        HashEncoder().encode_documents(["the price plan", "数据中心"])
        @ (HashEncoder().encode_queries(["price plans"])[0])
    )
    assert near > far
