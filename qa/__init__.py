"""问策 Wence: answers questions over Chinese policy articles, every sentence traced to the source.

    from qa import PolicyQA
    with PolicyQA.open("store") as qa:
        print(qa.ask("天津市智能工厂累计有多少家？").text)
"""

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
from qa.engine import PolicyQA
from qa.records import Answer, Citation, Claim, Done, Found, Stated

__all__ = [
    "Answer",
    "Article",
    "Citation",
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
    "WenceError",
]
