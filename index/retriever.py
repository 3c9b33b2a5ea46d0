"""The retriever: a query in, the best passages out."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Protocol

from index.embedders import Embedder
from index.errors import InputError
from index.folding import fold
from index.lexical import query_terms
from index.passage_index import PassageIndex, check_embedder
from index.records import Filters, Hit

NO_FILTERS = Filters()
_LEAST_TERMS = 10
"""A question of fewer terms (那有多少家?) leans on the one before it."""
_MOST_PARTS = 4


class Reranker(Protocol):
    """Judges passages by reading them together with the query."""

    @property
    def depth(self) -> int:
        """How many of the first hits it puts in order."""
        ...

    def score(self, query: str, hits: Sequence[Hit]) -> Sequence[float]:
        """Return a score in [0, 1] for each hit, larger for the better; `query` is folded."""
        ...


class Retriever:
    """Searches an index with the embedder that it was built with."""

    def __init__(self, index: PassageIndex, embedder: Embedder, reranker: Reranker | None = None) -> None:
        """EmbedderMismatchError if the index holds another embedder's vectors."""
        self._index = index
        self._embedder = embedder
        self._reranker = reranker
        check_embedder(index.embedder, embedder.name)

    def search(self, query: str, k: int = 10, filters: Filters = NO_FILTERS) -> list[Hit]:
        """The best `k` passages that the filters allow, best first; fewer only if there are fewer."""
        if k < 1:
            raise InputError(f"要找的段落数须是正整数，而不是 {k}")
        folded = fold(query)
        if not folded.strip():
            raise InputError("问题是空的；请写出要问的内容")
        check_embedder(self._index.embedder, self._embedder.name)  # it may have been filled anew since
        wanted = k if self._reranker is None else max(k, self._reranker.depth)
        hits = self._search_each([folded, *split(folded)], wanted, filters)
        return hits[:k] if self._reranker is None else rerank(self._reranker, folded, hits)[:k]

    def _search_each(self, queries: Sequence[str], k: int, filters: Filters) -> list[Hit]:
        """The best hits of all queries by turns; a passage that several find has its best score."""
        vectors = self._embedder.encode_queries(queries)
        found = [
            self._index.search(one, vector, k, filters) for one, vector in zip(queries, vectors, strict=True)
        ]
        if len(found) == 1:
            return found[0]
        best: dict[str, Hit] = {}
        chosen: dict[str, None] = {}
        for hit in (hit for round_ in zip_longest(*found) for hit in round_ if hit):
            key = hit.passage.id
            if key not in best or hit.score > best[key].score:
                best[key] = hit
            chosen.setdefault(key)
        return sorted((best[key] for key in list(chosen)[:k]), key=lambda hit: -hit.score)


def split(query: str) -> list[str]:
    """The questions of a folded query of several, [] for one; one too short to search goes with the last."""
    parts: list[str] = []
    for part in re.findall(r"[^?]+\??", query):
        if parts and (len(query_terms(part)) < _LEAST_TERMS or len(parts) == _MOST_PARTS):
            parts[-1] += part
        else:
            parts.append(part)
    return parts if len(parts) > 1 else []


def rerank(reranker: Reranker, query: str, hits: Sequence[Hit]) -> list[Hit]:
    """The first hits in the reranker's order, with its scores; the others follow and score no higher."""
    first, others = hits[: reranker.depth], hits[reranker.depth :]
    judged = [
        replace(hit, score=float(score), stages={**hit.stages, "reranker": float(score)})
        for hit, score in zip(first, reranker.score(query, first) if first else [], strict=True)
    ]
    judged.sort(key=lambda hit: -hit.score)
    lowest = judged[-1].score if judged else 1.0
    return judged + [replace(hit, score=min(hit.score, lowest)) for hit in others]
