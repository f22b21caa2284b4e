"""Errors of the answer engine; the tree is drawn in `corpus/errors.py`."""

from corpus.errors import AssistantError


class SettingsError(AssistantError):
    """A setting is unknown or has a value it cannot have."""


class QuestionError(AssistantError):
    """A question is empty or too long."""
