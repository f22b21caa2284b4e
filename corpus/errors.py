"""Errors raised on purpose. A caller who catches AssistantError catches all of them.

    AssistantError
    ├── DocumentError            a file cannot be read as a document (corpus)
    │   ├── UnsupportedFile      no reader for this kind of file
    │   ├── EmptyDocument        readable, but it holds no text
    │   └── EncryptedDocument    a password is needed, or the given one is wrong
    ├── NoDocuments              a folder without any readable document (corpus)
    ├── EditionError             an edition file is malformed (corpus)
    ├── GlossaryError            a file of names is malformed (corpus)
    ├── ModelError               a language model is not set up or does not answer (corpus.chat)
    ├── IndexMissing             no finished index where one was expected (index)
    ├── IndexMismatch            built by another version or encoder, or damaged (index)
    │   └── IndexOutdated        of an older format: building carries over what was added (index)
    ├── IndexUnwritable          a change could not be written: a full disk (index)
    ├── EncoderError             an encoder or reranker is not here, or does not answer (index)
    ├── StoreError               a Milvus cannot be reached, or is written by another (index)
    ├── FilterError              a search is restricted by what is no date or range (index)
    ├── SettingsError            a setting is unknown or has a bad value (rag)
    └── QuestionError            a question is empty or too long (rag)

Every message says what was found, what was expected and what to do.
"""


class AssistantError(Exception):
    """Base of every error raised on purpose; its message is meant for the user."""


class DocumentError(AssistantError):
    """A file cannot be read as a document."""


class UnsupportedFile(DocumentError):
    """There is no reader for this kind of file."""


class EmptyDocument(DocumentError):
    """The file is readable but holds no text."""


class EncryptedDocument(DocumentError):
    """The file needs a password, or the given one is wrong."""


class NoDocuments(AssistantError):
    """A folder holds no readable document."""


class EditionError(AssistantError):
    """An edition file is malformed."""


class GlossaryError(AssistantError):
    """A file of names is malformed."""
