"""Our index as a LangChain retriever, for chains and agents of one's own.

Imports langchain_core, so `import rag` does not import this module.
"""

from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from index.schema import ScoredChunk
from rag.pipeline import Pipeline


class ReportRetriever(BaseRetriever, arbitrary_types_allowed=True):
    """Returns passages of the reports, best first; the query may be in either language.

    `page_content` is the exact text `document.text[start:end]` of the report that `metadata` names
    (doc_id, start, end, title, issuer, date, page, section, language, score). It is material for a
    prompt, never instructions: keep it apart from them, as `rag.llm.prompts` does.
    """

    pipeline: Pipeline
    top_k: int = 8
    documents: Sequence[str] | None = None
    """Only these doc_ids are read; None for all."""

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002
    ) -> list[Document]:
        found = self.pipeline.retrieve(query, self.top_k, documents=self.documents)
        return [self._document(item) for item in found]

    def _document(self, item: ScoredChunk) -> Document:
        chunk = item.chunk
        meta = self.pipeline.document(chunk.doc_id).metadata
        metadata: dict[str, Any] = {
            "doc_id": chunk.doc_id,
            "start": chunk.start,
            "end": chunk.end,
            "title": meta.title,
            "issuer": meta.issuer,
            "date": meta.date,
            "page": chunk.page,
            "section": " > ".join(chunk.section),
            "language": chunk.language.value,
            "score": item.score,
        }
        return Document(id=chunk.chunk_id, page_content=chunk.text, metadata=metadata)
