"""What `python -m rag --check-llm` says: which model is set up, and whether it answers."""

import os
import time
from collections.abc import Iterator

from corpus.chat.client import LangChainModel
from rag.llm.setup import load_counter, settings_of_model
from rag.settings import Settings

_TIMEOUT_S = 20.0


def check_model(settings: Settings) -> Iterator[str]:
    """Yield what is found, line by line; the key is never printed.

    Raises:
        ModelError: It is not set up, or does not answer.
    """
    if not settings.llm:
        yield "没有设置语言模型，回答是离线的 / no language model is set; answers are offline"
        yield "设置 / to set one: RAG_LLM=provider:model (RAG_LLM_BASE_URL=http://…/v1)"
        return
    chosen = settings_of_model(settings)
    yield f"模型 / model: {chosen.name}"
    yield f"地址 / address: {chosen.shown_address or '由 provider 的包决定 / the package decides'}"
    if chosen.key_variable:
        is_set = bool(os.environ.get(chosen.key_variable))
        state = "已设置 / set" if is_set else "未设置 / not set"
        yield f"密钥 / key: {chosen.key_variable} {state}"
    counter = load_counter(settings)
    how = "精确 / exact" if counter.exact else "估算 / estimated"
    yield f"token 计数 / tokens: {how} ({counter.name}), {settings.llm_context_tokens} / request"
    model = LangChainModel(chosen)
    started = time.monotonic()
    reply = "".join(
        model.stream(
            "Reply with the one word OK.",
            "OK?",
            deadline_s=min(_TIMEOUT_S, settings.llm_deadline_s),
        )
    ).strip()
    seconds = time.monotonic() - started
    yield f"回答 / it answered in {seconds:.1f} s: {' '.join(reply.split())[:60]!r}"
    if settings.llm_judge:
        judge = settings_of_model(settings, settings.llm_judge)
        LangChainModel(judge)
        yield f"复核模型 / judge: {judge.name}"
