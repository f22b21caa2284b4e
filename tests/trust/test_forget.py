"""Privacy: a forgotten document leaves no trace in the files, and nothing is sent anywhere."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from corpus.errors import DocumentError
from index.build import add_documents
from index.encoder import HashEncoder
from index.search import Index
from index.store import open_store
from rag.__main__ import main
from rag.forget import FEEDBACK_NAME, forget_document
from rag.traces import pieces_of, search_files

ROOT = Path(__file__).resolve().parents[2]
SECRET = (
    "蜂鸟科技2024年营收为7.7亿元，同比增长十二个百分点，主要来自海外客户。\n\n"
    "Hummingbird opened a plant in Ghent that employs four hundred people.\n"
)


@pytest.fixture
def uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "uploads"
    (folder / "a1b2").mkdir(parents=True)
    (folder / "a1b2" / "mine.txt").write_bytes(SECRET.encode())
    (folder / "a1b2" / "other.txt").write_bytes(b"Another upload.")
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(folder))
    return folder


@pytest.fixture
def used(index_dir: Path, encoder: HashEncoder) -> Path:
    """An index with a secret report, its searches on disk, and votes."""
    add_documents([("mine.txt", SECRET.encode())], index_dir, encoder)
    Index.open(index_dir, encoder).close()
    votes = [
        {"question": "a", "answer": "x", "citations": [{"doc_id": "mine"}]},
        {"question": "Who opened a plant in Ghent that employs many?", "citations": []},
        {"question": "b", "answer": "y", "citations": [{"doc_id": "en_chips"}]},
    ]
    lines = "".join(json.dumps(vote) + "\n" for vote in votes)
    (index_dir / FEEDBACK_NAME).write_text(lines + "no json\n", encoding="utf-8")
    return index_dir


def test_the_search_finds_a_document_that_is_there(used: Path, encoder: HashEncoder) -> None:
    with closing(open_store(used)) as store:
        vectors = store.views(dim=encoder.dim, documents=["mine"])[1]
        others = [store.document("en_chips").text]
    rows = [row.astype("<f4").tobytes() for row in vectors]
    pieces = pieces_of([SECRET], rows, SECRET.encode(), others)
    kinds = {trace.kind for trace in search_files([used], pieces)[0]}
    assert kinds == {"text", "vector", "file"}


def test_a_forgotten_document_leaves_no_trace(
    used: Path, uploads: Path, documents_dir: Path, encoder: HashEncoder
) -> None:
    forgotten = forget_document("mine", used, documents_dir)
    assert forgotten.traces == ()
    assert forgotten.num_pieces > 15
    assert forgotten.num_files > 4
    assert [path.name for path in uploads.rglob("*.txt")] == ["other.txt"]
    everything = b"".join(path.read_bytes() for path in used.rglob("*") if path.is_file())
    for word in ("蜂鸟科技", "Hummingbird"):
        assert word.encode() not in everything
        assert json.dumps(word)[1:-1].encode() not in everything
    votes = (used / FEEDBACK_NAME).read_text(encoding="utf-8").splitlines()
    assert len(votes) == 2
    assert "en_chips" in votes[0]
    found = Index.open(used, encoder).search("Heron 4 price", top_k=1)
    assert found[0].chunk.doc_id == "en_chips"


def test_what_is_left_elsewhere_is_named(
    used: Path, uploads: Path, documents_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (documents_dir / "mine.txt").write_text(SECRET, encoding="utf-8")
    arguments = ["forget", "mine", "--index", str(used), "--documents", str(documents_dir)]
    assert main(arguments) == 1
    assert str(documents_dir / "mine.txt") in capsys.readouterr().out


def test_an_open_index_is_said_to_keep_its_log(
    used: Path, uploads: Path, documents_dir: Path, encoder: HashEncoder
) -> None:
    reader = Index.open(used, encoder)
    said = "\n".join(forget_document("mine", used, documents_dir).done)
    assert "another program has the index open" in said
    reader.close()


def test_an_unknown_document_is_an_error(used: Path, documents_dir: Path) -> None:
    with pytest.raises(DocumentError, match=r"'nowhere'.*en_chips"):
        forget_document("nowhere", used, documents_dir)
