"""What programs call: the endpoints and MCP tools `answer`, `search` and `list_reports`."""

from typing import Any

from gradio.events import api

from rag.schema import Answer
from web.service import Assistant

_MAX_TOP_K = 50
_Json = dict[str, Any]


def add_endpoints(assistant: Assistant) -> None:
    """Add the endpoints to the Blocks that is being built.

    Their docstrings and annotations are what an MCP client shows to its model.
    """

    def answer(question: str, language: str = "", documents: list[str] | None = None) -> _Json:
        """Answer a question from the research reports with exact quotes, or abstain.

        Args:
            question: In Chinese or English.
            language: Of the answer, "zh" or "en"; empty for the question's own.
            documents: Only these doc_ids are read; empty for all (see list_reports).
        """
        reply = assistant.answer(question, language=language or None, documents=documents or None)
        return answer_fields(reply)

    def search(query: str, top_k: int = 10) -> list[_Json]:
        """Return the passages of the research reports nearest to a query, best first.

        Args:
            query: In Chinese or English.
            top_k: How many, at most 50.
        """
        found = assistant.search(query, max(1, min(int(top_k), _MAX_TOP_K)))
        return [
            {
                "doc_id": item.chunk.doc_id,
                "text": item.chunk.text,
                "section": " > ".join(item.chunk.section),
                "page": item.chunk.page,
                "start": item.chunk.start,
                "end": item.chunk.end,
                "score": round(item.score, 4),
            }
            for item in found
        ]

    def list_reports() -> list[_Json]:
        """List the research reports that answers come from."""
        return [
            {
                "doc_id": entry.doc_id,
                "title": entry.title,
                "issuer": entry.issuer,
                "date": entry.date,
                "language": entry.language.value,
                "pages": entry.num_pages,
            }
            for entry in assistant.shelf()
        ]

    for endpoint in (answer, search, list_reports):
        api(endpoint, api_name=endpoint.__name__)


def answer_fields(answer: Answer) -> _Json:
    """Return an answer as JSON values, with all that ties it to its sources."""
    return {
        "text": answer.text,
        "status": answer.status.value,
        "language": answer.language.value,
        "engine": answer.engine,
        "citations": [
            {
                "marker": c.marker,
                "quote": c.quote,
                "doc_id": c.doc_id,
                "title": c.title,
                "issuer": c.issuer,
                "date": c.date,
                "page": c.page,
                "section": c.section,
                "start": c.start,
                "end": c.end,
                "translation": c.translation,
            }
            for c in answer.citations
        ],
        "nearest": [
            {
                "doc_id": n.doc_id,
                "title": n.title,
                "section": n.section,
                "text": n.text,
                "page": n.page,
                "start": n.start,
                "end": n.end,
            }
            for n in answer.nearest
        ],
    }
