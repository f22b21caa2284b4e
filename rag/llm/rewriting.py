"""A follow-up question → one that can be understood alone, worded by a model, checked by code."""

import json
import re
from collections.abc import Sequence

from corpus.chat.client import StreamingModel
from corpus.chat.errors import ModelError
from corpus.language import question_language
from corpus.quantities import missing_quantities
from corpus.schema import Language
from index.terms import analyze
from rag.llm.prompts import instructions

_MAX_EARLIER = 4
_LONGEST = 300
_JOINING = frozenset(
    analyze("多少 什么 哪些 如何 怎么 是否 为什么 是 的 和 与 年 有 what which how why is of")
)
_MARKUP = re.compile(r"^[\"'“”‘’`\s]+|[\"'“”‘’`\s]+$")


def rewritten(
    model: StreamingModel,
    question: str,
    history: Sequence[str],
    language: Language,
    deadline_s: float,
) -> str:
    """Return the question completed from the earlier ones, or "" when the model does not do it.

    It may only use words, names and figures of the questions: what the model adds of its own would
    be asked as if the user had.
    """
    earlier = list(history[-_MAX_EARLIER:])
    request = json.dumps({"earlier": earlier, "question": question}, ensure_ascii=False)
    try:
        text = "".join(
            model.stream(instructions("rewrite", language), request, deadline_s=deadline_s)
        )
    except ModelError:
        return ""
    completed = _MARKUP.sub("", text)
    return completed if _is_faithful(completed, question, earlier) else ""


def _is_faithful(completed: str, question: str, earlier: Sequence[str]) -> bool:
    if not completed or "\n" in completed or len(completed) > _LONGEST:
        return False
    if question_language(completed) is not question_language(question):
        return False
    asked = "\n".join([question, *earlier])
    if missing_quantities(completed, asked) or missing_quantities(question, completed):
        return False
    return not set(analyze(completed)) - set(analyze(asked)) - _JOINING
