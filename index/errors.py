"""The errors a caller may meet, one small tree; each message says what happened, where, and what to do.

    WenceError
    ├── InputError              an argument, option, question or path is not usable
    ├── ReadError               one file cannot be read as an article
    ├── StoreError              a store is missing, damaged or of another version
    │   └── StoreBusyError      another process is writing to it
    ├── ModelError              a model cannot be loaded
    │   └── EmbedderMismatchError   the store was built with another embedder
    └── GenerationError         a language model failed while answering

Messages are in Chinese: the command line and the page show them as they are.
"""


class WenceError(Exception):
    """Base of all errors that are the user's to mend; the message is one line with the remedy."""


class InputError(WenceError):
    """An argument, option, question or path is not usable."""


class ReadError(WenceError):
    """One file cannot be read as an article."""


class StoreError(WenceError):
    """A store is missing, damaged or of another version."""


class StoreBusyError(StoreError):
    """Another process is writing to the store."""


class ModelError(WenceError):
    """A model cannot be loaded."""


class EmbedderMismatchError(ModelError):
    """The store was built with another embedder than the one it is opened with."""


class GenerationError(WenceError):
    """A language model failed while answering."""
