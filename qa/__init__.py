"""问策 Wence: answers questions over Chinese policy articles, every sentence traced to the source.

    from qa import PolicyQA
    with PolicyQA.open("store") as qa:
        print(qa.ask("天津市智能工厂累计有多少家？").text)

Importing this package is quick; what searches and answers is imported with the first use of PolicyQA.
"""

from typing import TYPE_CHECKING, Any

from index.errors import (
    EmbedderMismatchError,
    GenerationError,
    InputError,
    ModelError,
    ReadError,
    StoreBusyError,
    StoreError,
    WenceError,
)
from index.records import Article, Filters, Hit, Passage
from qa.records import Answer, Citation, Cited, Claim, Done, Found, Stated, Token

if TYPE_CHECKING:
    from qa.bundle import AnswerBundle
    from qa.engine import PolicyQA

__all__ = [
    "Answer",
    "AnswerBundle",
    "Article",
    "Citation",
    "Cited",
    "Claim",
    "Done",
    "EmbedderMismatchError",
    "Filters",
    "Found",
    "GenerationError",
    "Hit",
    "InputError",
    "ModelError",
    "Passage",
    "PolicyQA",
    "ReadError",
    "Stated",
    "StoreBusyError",
    "StoreError",
    "Token",
    "WenceError",
]

if not TYPE_CHECKING:  # a type checker must still see a name that does not exist

    def __getattr__(name: str) -> Any:
        """Import the engine, and numpy with it, at the first use of PolicyQA or AnswerBundle."""
        if name == "PolicyQA":
            from qa.engine import PolicyQA

            return PolicyQA
        if name == "AnswerBundle":
            from qa.bundle import AnswerBundle

            return AnswerBundle
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
