"""What programs call: the endpoints and MCP tools `answer`, `search` and `list_reports`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gradio import Error
from gradio.events import api

from corpus.errors import AssistantError
from index.errors import FilterError
from index.filters import Filters
from rag.schema import Answer
from web.service import Assistant

_MAX_TOP_K = 50
_FILTERS: dict[str, type] = {"documents": list, "issuers": list, "date_from": str, "date_to": str}
_Json = dict[str, Any]


def add_endpoints(assistant: Assistant) -> None:
    """Add the endpoints to the Blocks that is being built.

    Their docstrings and annotations are what an MCP client shows to its model.
    """

    def answer(
        question: str,
        language: str = "",
        documents: list[str] | None = None,
        issuers: list[str] | None = None,
        date_from: str = "",
        date_to: str = "",
    ) -> _Json:
        """Answer a question from the research reports with exact quotes, or abstain.

        Args:
            question: In Chinese or English.
            language: Of the answer, "zh" or "en"; empty for the question's own.
            documents: Only these doc_ids are read; empty for all (see list_reports).
            issuers: Only reports of these brokers, by any of their names in either language.
            date_from: Only reports of this day or later, as 2023-12-18, 2023-12 or 2023.
            date_to: Only reports of this day or earlier.
        """
        with _told():
            chosen = assistant.chosen(_filters(documents, issuers, date_from, date_to))
            reply = assistant.answer(question, language=language or None, documents=chosen)
        return answer_fields(reply)

    def search(
        query: str,
        top_k: int = 10,
        documents: list[str] | None = None,
        issuers: list[str] | None = None,
        date_from: str = "",
        date_to: str = "",
    ) -> list[_Json]:
        """Return the passages of the research reports nearest to a query, best first.

        Args:
            query: In Chinese or English.
            top_k: How many, at most 50.
            documents: Only these doc_ids are searched; empty for all.
            issuers: Only reports of these brokers, by any of their names in either language.
            date_from: Only reports of this day or later, as 2023-12-18, 2023-12 or 2023.
            date_to: Only reports of this day or earlier.
        """
        with _told():
            filters = _filters(documents, issuers, date_from, date_to)
            found = assistant.search(query, max(1, min(int(top_k), _MAX_TOP_K)), filters)
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
        # Our own limit (`web.admission`) says who waits and who is told that it is busy. Without
        # Gradio's queue MCP calls the function itself, and not over HTTP without a password.
        api(endpoint, api_name=endpoint.__name__, queue=False)


@contextmanager
def _told() -> Iterator[None]:
    """Turn errors that are meant for the user into ones that Gradio passes on."""
    try:
        yield
    except AssistantError as error:
        raise Error(str(error), print_exception=False) from error


def _filters(
    documents: list[str] | None, issuers: list[str] | None, date_from: str, date_to: str
) -> Filters | None:
    given = {"documents": documents, "issuers": issuers, "date_from": date_from, "date_to": date_to}
    return filters_of({name: value for name, value in given.items() if value})


def filters_of(given: object) -> Filters | None:
    """Read filters as a program gives them; None for none.

    Raises:
        FilterError: A date is none, or a field is unknown or of another type.
    """
    if given is None or given == {}:
        return None
    if not isinstance(given, dict) or not given.keys() <= _FILTERS.keys():
        raise FilterError(f"filters must be an object with some of {sorted(_FILTERS)}")
    for name, value in given.items():
        items = value if isinstance(value, list) and _FILTERS[name] is list else [value]
        if not isinstance(value, _FILTERS[name]) or not all(isinstance(x, str) for x in items):
            wanted = "a list of texts" if _FILTERS[name] is list else "a text"
            raise FilterError(f"the filter {name} must be {wanted}")
    documents, issuers = given.get("documents"), given.get("issuers", ())
    return Filters(
        documents=None if documents is None else frozenset(documents),
        issuers=frozenset(issuers),
        date_from=given.get("date_from", ""),
        date_to=given.get("date_to", ""),
    )


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
