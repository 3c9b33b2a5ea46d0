"""Damage: files of tantivy or FAISS that are not what the store's database says; they are rebuilt from it."""

from collections.abc import Iterator
from contextlib import contextmanager


class DamagedIndexError(Exception):
    """tantivy's or FAISS' files are missing, damaged or of another generation."""


@contextmanager
def detecting() -> Iterator[None]:
    """Turn whatever goes wrong inside tantivy or FAISS into DamagedIndexError."""
    try:
        yield
    except (MemoryError, ImportError):
        raise
    except BaseException as error:
        # A panic inside tantivy derives from BaseException, and its class cannot be imported.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise DamagedIndexError(str(error)) from error
        raise
