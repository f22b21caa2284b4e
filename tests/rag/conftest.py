"""Fixtures: the three invented houses as a pipeline, asked with every quote checked."""

from collections.abc import Callable

import pytest

from rag.pipeline import Pipeline
from rag.schema import Answer
from tests.pipelines import pipeline_over
from tests.rag.houses import HOUSES
from tests.tiny_corpus import markers

Ask = Callable[[str], Answer]


@pytest.fixture(scope="session")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """A pipeline over the reports of the three houses, with the shipped encoder; read only."""
    return pipeline_over(tmp_path_factory, HOUSES)


@pytest.fixture(scope="session")
def ask(houses: Pipeline) -> Ask:
    """Return what asks the houses; every marker has its citation, and every quote is exact."""

    def asked(question: str) -> Answer:
        reply = houses.answer(question)
        assert markers(reply.text) == {citation.marker for citation in reply.citations}
        for citation in reply.citations:
            text = houses.document(citation.doc_id).text
            assert text[citation.start : citation.end] == citation.quote
        return reply

    return asked
