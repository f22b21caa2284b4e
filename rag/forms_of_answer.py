"""Answers that one search does not find: those over several reports, and summaries."""

from collections.abc import Collection

from rag.across import answer_across
from rag.draft import Composed
from rag.finding import Finder
from rag.question import Question
from rag.summing import answer_summary


def compose_over(
    question: Question, finder: Finder, documents: Collection[str] | None
) -> Composed | None:
    """Return an answer across reports or a summary; None for other questions, or without any."""
    return answer_summary(question, finder, documents) or answer_across(
        question, finder, documents
    )
