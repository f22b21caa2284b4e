"""How a question is answered; the front door of the assistant.

from rag import answer
answer("2025年中国AI+安防市场规模预计是多少？").text
"""

from functools import lru_cache

from corpus.errors import AssistantError
from corpus.schema import Language
from rag.pipeline import Pipeline, encoder_of, ensure_index
from rag.schema import Answer, AnswerStatus, Citation
from rag.settings import Settings

__all__ = [
    "Answer",
    "AnswerStatus",
    "AssistantError",
    "Citation",
    "Language",
    "Pipeline",
    "Settings",
    "answer",
]


def answer(question: str) -> Answer:
    """Answer one question from the default index, which is built on first use.

    Settings come from the environment (`RAG_…`), see `Settings`.
    """
    return _default_pipeline().answer(question)


@lru_cache(maxsize=1)
def _default_pipeline() -> Pipeline:
    import os

    settings = Settings.from_env(os.environ)
    encoder = encoder_of(settings)
    ensure_index(settings, encoder)
    return Pipeline.load(settings, encoder=encoder)
