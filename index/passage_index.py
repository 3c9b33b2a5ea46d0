"""PassageIndex: the small interface between search and the place where passages are kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.errors import EmbedderMismatchError
from index.records import Article, Filters, Hit, Passage

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as an index takes it in."""

    article: Article
    passages: Sequence[Passage]
    vectors: FloatArray
    """Unit rows, one for each passage, shape (len(passages), dimension)."""
    fingerprint: bytes
    """Changes when the article does; see `updating.fingerprint`."""


class PassageIndex(Protocol):
    """Keeps passages and finds them."""

    @property
    def embedder(self) -> str:
        """The name of the model whose vectors are held, empty before the first."""
        ...

    def fingerprints(self) -> dict[str, bytes]:
        """The fingerprint of every article, by its id."""
        ...

    def add(self, entries: Iterable[Entry], embedder: str) -> None:
        """Add or replace articles, all in one commit; `entries` is read only once writing is safe."""
        ...

    def remove(self, article_ids: Sequence[str]) -> list[str]:
        """Remove articles; their ids. InputError for an unknown id, and nothing is removed."""
        ...

    def search(self, query: str, vector: FloatArray, k: int, filters: Filters) -> list[Hit]:
        """The best `k` passages for the folded query and its vector that the filters allow, best first."""
        ...


def check_embedder(built_with: str, used: str) -> None:
    """EmbedderMismatchError unless the names are equal or nothing was built yet."""
    if built_with and built_with != used:
        raise EmbedderMismatchError(
            f"索引是用向量模型「{built_with}」建立的，现在用的是「{used}」；"
            "请改用原来的模型，或用 --store 另选目录重新 wence index"
        )
