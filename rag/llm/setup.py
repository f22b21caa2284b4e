"""Settings → a model that can be asked, or the one reason why there is none."""

import logging
import os
from functools import lru_cache

from corpus.chat.client import LangChainModel
from corpus.chat.errors import ModelError
from corpus.chat.settings import (
    ModelSettings,
    checked_url,
    parse_model_name,
    require_connection,
)
from rag.llm.tokens import TokenCounter, estimate_tokens, token_counter
from rag.settings import Settings

logger = logging.getLogger(__name__)

MAX_REPLY_CHARS = 20_000
_MAX_RETRIES = 2
_CONNECTION_WAIT_S = 2.0


def settings_of_model(settings: Settings, name: str = "") -> ModelSettings:
    """Return how a model is asked: the one that `RAG_LLM` names, or another of the same server.

    Raises:
        ModelError: The name is no provider:model, or the address is none.
    """
    provider, model = parse_model_name(name or settings.llm)
    return ModelSettings(
        provider,
        model,
        checked_url(settings.llm_base_url),
        timeout_s=settings.llm_timeout_s,
        deadline_s=settings.llm_deadline_s,
        max_retries=_MAX_RETRIES,
        max_reply_chars=MAX_REPLY_CHARS,
    )


def load_model(settings: Settings) -> LangChainModel | None:
    """Return the model that answers are worded with, None when there is none to be used.

    What is wrong is logged once, with its remedy; answers are the offline ones then. A server that
    does not listen yet is only warned of: it may be up when a question comes.
    """
    return _load(settings, os.environ.get(_key_variable(settings), "")) if settings.llm else None


def _key_variable(settings: Settings) -> str:
    return ModelSettings(settings.llm.partition(":")[0], "").key_variable or "RAG_LLM"


@lru_cache(maxsize=8)
def _load(settings: Settings, _key: str) -> LangChainModel | None:
    try:
        chosen = settings_of_model(settings)
        model = LangChainModel(chosen)
    except ModelError as error:
        logger.warning("离线回答，不用语言模型 / answering offline, without a model: %s", error)
        return None
    try:
        require_connection(chosen, _CONNECTION_WAIT_S)
    except ModelError as error:
        logger.warning("语言模型暂时连不上 / the model cannot be reached now: %s", error)
    return model


def load_judge(settings: Settings) -> LangChainModel | None:
    """Return the model of `RAG_LLM_JUDGE`; None, with a warning, when it cannot be used."""
    if not settings.llm_judge:
        return None
    try:
        return LangChainModel(settings_of_model(settings, settings.llm_judge))
    except ModelError as error:
        logger.warning("RAG_LLM_JUDGE 不可用 / cannot be used: %s", error)
        return None


def load_counter(settings: Settings) -> TokenCounter:
    """Return what counts the tokens of requests; a file that cannot be read is warned of."""
    provider, _, model = settings.llm.partition(":")
    try:
        return token_counter(provider, model, settings.llm_tokenizer)
    except ModelError as error:
        logger.warning("token 数按估算 / tokens are estimated: %s", error)
        return TokenCounter(estimate_tokens, exact=False, name="estimate")
