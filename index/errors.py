"""Errors of the index; the tree is drawn in `corpus/errors.py`."""

from corpus.errors import AssistantError


class IndexMissing(AssistantError):
    """There is no finished index where one was expected."""


class IndexMismatch(AssistantError):
    """An index, or a model it needs, was built by another version or encoder, or is damaged."""


class IndexOutdated(IndexMismatch):
    """An index is of an older format; building it again carries over what was added to it."""


class IndexUnwritable(AssistantError):
    """A change could not be written: the disk is full, or somebody else is writing."""


class EncoderError(AssistantError):
    """An encoder cannot be loaded, or does not answer."""


class FilterError(AssistantError):
    """A search is restricted by something that is no date or no range."""


class StoreError(AssistantError):
    """The place that the settings name is none, cannot be reached, or is written by another."""
