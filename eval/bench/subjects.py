"""What is compared: this assistant, LangChain's standard recipe, and txtai, one class each.

All three read the same files, use the same encoder and run in processes of their own
(`eval.bench.subject`). LangChain's recipe is built from its parts, because its community package is
no longer maintained: the text or pypdf's text of each page (TextLoader, PyPDFLoader),
RecursiveCharacterTextSplitter, SentenceTransformer.encode (HuggingFaceEmbeddings), a flat FAISS index
with the texts beside it. The texts are kept as JSON, not pickled as its wrapper does.
"""

import json
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from eval.baselines import CHUNK_CHARS, OVERLAP_CHARS

NUM_RETRIEVED = 4  # LangChain's default

Ask = Callable[[str], object]
"""Question → an answer, or what was retrieved for it."""


class Subject(Protocol):
    """A way to ask files questions."""

    def build(self, files: Sequence[Path], folder: Path) -> int:
        """Index files into an empty folder; return the number of chunks."""

    def open(self, folder: Path) -> Ask:
        """Open what `build` made, ready for the first question."""


class OurSearch:
    """This assistant as a retriever: `Pipeline.retrieve`."""

    def __init__(self) -> None:
        import index.build
        import rag.pipeline
        from rag.settings import Settings

        self._build = index.build
        self._pipeline = rag.pipeline
        self._settings = Settings()
        self._encoder = rag.pipeline.encoder_of(self._settings)

    def build(self, files: Sequence[Path], folder: Path) -> int:
        """Index files with everything that an answer needs: structure, tables, editions, terms."""
        pairs = [(path.name, path.read_bytes()) for path in files]
        summary = self._build.add_documents(pairs, folder, self._encoder)
        self._load(folder)  # makes the derived files
        return summary.num_chunks

    def open(self, folder: Path) -> Ask:
        """Open an index for searching."""
        pipeline = self._load(folder)
        return lambda question: pipeline.retrieve(question, NUM_RETRIEVED)

    def _load(self, folder: Path) -> Any:  # noqa: ANN401
        from dataclasses import replace

        settings = replace(self._settings, index_dir=folder)
        return self._pipeline.Pipeline.load(settings, encoder=self._encoder)


class OurAnswer(OurSearch):
    """This assistant as it is used: `Pipeline.answer`, with evidence, citations and checks."""

    def open(self, folder: Path) -> Ask:
        """Open an index for answering."""
        pipeline = self._load(folder)
        return lambda question: pipeline.answer(question)


def _page_texts(path: Path) -> list[str]:
    if path.suffix.lower() != ".pdf":
        return [path.read_text(encoding="utf-8", errors="replace")]
    from pypdf import PdfReader

    return [page.extract_text() for page in PdfReader(path).pages]


def _pieces(files: Sequence[Path]) -> list[str]:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_CHARS, chunk_overlap=OVERLAP_CHARS)
    return [
        piece for path in files for text in _page_texts(path) for piece in splitter.split_text(text)
    ]


def _model_path() -> str:
    from index.encoder import MODEL_PATH

    return str(MODEL_PATH)


class LangChainRecipe:
    """LangChain's retrieval tutorial, as far as the retriever."""

    def __init__(self) -> None:
        import faiss
        import langchain_text_splitters  # noqa: F401  (its import is part of the recipe's start)
        from sentence_transformers import SentenceTransformer

        self._faiss: Any = faiss
        self._model = SentenceTransformer(_model_path(), device="cpu", local_files_only=True)

    def build(self, files: Sequence[Path], folder: Path) -> int:
        """Load, split, embed, and save."""
        pieces = _pieces(files)
        vectors = self._model.encode(pieces, show_progress_bar=False)
        index = self._faiss.IndexFlatL2(vectors.shape[1])
        index.add(vectors)
        self._faiss.write_index(index, str(folder / "index.faiss"))
        texts = json.dumps(pieces, ensure_ascii=False)
        (folder / "docstore.json").write_text(texts, encoding="utf-8")
        return len(pieces)

    def open(self, folder: Path) -> Ask:
        """Open the saved index as a retriever."""
        index = self._faiss.read_index(str(folder / "index.faiss"))
        pieces = json.loads((folder / "docstore.json").read_text(encoding="utf-8"))

        def ask(question: str) -> object:
            vector = self._model.encode([question], show_progress_bar=False)
            _, rows = index.search(vector, NUM_RETRIEVED)
            return [pieces[row] for row in rows[0] if row >= 0]

        return ask


class Txtai:
    """txtai's embeddings database with its content store, over the recipe's pieces."""

    def __init__(self) -> None:
        txtai: Any = import_module("txtai")  # not a requirement of ours
        self._new = partial(
            txtai.Embeddings, path=_model_path(), method="sentence-transformers", content=True
        )

    def build(self, files: Sequence[Path], folder: Path) -> int:
        """Index the pieces and save."""
        pieces = _pieces(files)
        embeddings = self._new()
        embeddings.index(list(enumerate(pieces)))
        embeddings.save(str(folder / "txtai"))
        return len(pieces)

    def open(self, folder: Path) -> Ask:
        """Load the saved index."""
        embeddings = self._new()
        embeddings.load(str(folder / "txtai"))
        return lambda question: embeddings.search(question, NUM_RETRIEVED)


SUBJECTS: dict[str, Callable[[], Subject]] = {
    "ours: answer": OurAnswer,
    "ours: search": OurSearch,
    "LangChain's recipe": LangChainRecipe,
    "txtai": Txtai,
}
