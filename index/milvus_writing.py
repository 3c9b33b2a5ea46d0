"""One write to a Milvus index: clears away what died before it, sends rows, commits them by the state row.

Milvus has no transactions: every row names the commit that it was born in, the catalogue's keep their value
before, and the state row, written last, names the commit that counts. A passage counts if it was born with
its article's row. A write that dies is never seen, and the next one clears it away. Nor has Milvus locks: a
write that finds a later one begun fails, but looks only once a batch, so let one process write.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from typing import Any

import numpy as np

from index.errors import InputError, StoreBusyError, StoreError
from index.filtering import days_in_force, names_of
from index.milvus_rows import (
    CATALOGUE,
    EVERY,
    PASSAGES,
    RECORD,
    VALUE,
    Connection,
    among,
    batches,
    count_terms,
    key_of,
    sparse_dimension,
    term_impacts,
)
from index.passage_index import Entry

BATCH = 500
"""Passages sent at once."""

_NEVER = {"first_day": 0, "last_day": 0}
_TYPICAL = (300.0, 40.0)  # terms in a body and in a heading


class Write:
    """One write: nothing of it is seen before `commit`."""

    def __init__(self, milvus: Connection) -> None:
        self._milvus = milvus
        self._base = milvus.state()
        self._number = self._base.generation + 1
        self._writer = [uuid.uuid4().hex]
        self._name = ""
        self._dimension = 0
        self._waiting: dict[str, Entry] = {}
        self._values: dict[str, tuple[str, list[Any]]] = {}
        self._frequencies: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        self._sums = [0, 0, 0]  # as in the state
        if not milvus.call("has_collection", milvus.catalogue):
            milvus.create(milvus.catalogue, CATALOGUE, 2)
        self._put_values([("writer", "writer", self._writer, [], 0)])
        for rows in batches(list(milvus.pages(f"born > {self._base.generation}")), 4000):
            self._put_values([(row["key"], row["kind"], row["before"], [], 0) for row in rows])
        if self._base.dimension:
            self._open(self._base.dimension)

    def _open(self, dimension: int) -> None:
        """Choose the collection of passages and clear away what does not count."""
        milvus, last = self._milvus, self._base.generation
        self._name, self._dimension = milvus.rows(dimension), dimension
        if not milvus.call("has_collection", self._name):
            milvus.create(self._name, PASSAGES, dimension)
        milvus.check_fields(self._name)
        milvus.call("delete", self._name, filter=f"born > {last}")
        self._tidy(last)

    def _tidy(self, generation: int) -> None:
        """Delete the passages that a commit replaced."""
        changed = self._milvus.pages(f'kind == "article" and born == {generation}')
        for keys in batches([row["key"] for row in changed if row["before"]], 1000):
            old = f"born < {generation} and {among('article', keys)}"
            self._milvus.call("delete", self._name, filter=old)

    def put(self, entry: Entry) -> None:
        """Add an article, or replace the one with its id; InputError if it was put before."""
        rows, width = entry.vectors.shape
        key = key_of("article", entry.article.id)
        if rows != len(entry.passages) or not np.isfinite(entry.vectors).all():
            raise StoreError(f"文章「{entry.article.id}」的向量无效（{rows} 行）；请检查向量模型")
        if key in self._values or key in self._waiting:
            raise InputError(f"有两篇文章的编号都是「{entry.article.id}」；请改掉其中一个")
        if not self._name or (width != self._dimension and not self._base.passages):
            self._open(width)
        self._waiting[key] = entry
        if sum(len(one.passages) for one in self._waiting.values()) >= BATCH:
            self._flush()

    def drop(self, articles: Sequence[str]) -> None:
        """Remove articles, given by their keys."""
        if self._milvus.read(["writer"], 0)["writer"] != self._writer:
            raise StoreBusyError(
                f"另一个进程正在写入 Milvus {self._milvus.place}；本次写入未生效，请等它结束后再试"
            )
        for row in self._milvus.query(self._name, "article", articles, ["heading", "search_text"]):
            self._count(count_terms(row), -1)
        self._values.update((key, ("article", [])) for key in articles)

    def commit(self, embedder: str) -> None:
        """Make the write count, then delete what it replaced."""
        self._flush()
        if not self._values:
            return
        for term, added in self._frequencies.items():
            if any(added):
                self._values[key_of("term", term)] = ("term", added)
        for keys in batches(list(self._values), 4000):
            old = self._milvus.read(keys, self._base.generation)
            rows = []
            for key in keys:
                kind, value = self._values[key]
                before = old.get(key, [])
                if kind == "term":
                    value = [a + b for a, b in zip(value, before or [0, 0], strict=True)]
                rows.append((key, kind, value, before, self._number))
            self._put_values(rows)
        self.drop([])
        sums = [a + b for a, b in zip(self._sums, astuple(self._base)[3:], strict=True)]
        self._put_values([("state", "state", [self._number, embedder, self._dimension, *sums], [], 0)])
        self._tidy(self._number)
        if self._milvus.lite:  # else every search would index anew what is still in its memory
            self._milvus.call("flush", self._name)

    def _flush(self) -> None:
        """Send the waiting articles."""
        self.drop(list(self._waiting))
        rows = []
        for key, entry in self._waiting.items():
            article = entry.article
            self._values[key] = ("article", [article.id, entry.fingerprint.hex(), self._number])
            shared = {"article": key, "kind": article.kind, "status": article.status, "born": self._number}
            shared["published"] = article.published.toordinal() if article.published else 0
            days = days_in_force(article)
            shared |= {"first_day": days[0].toordinal(), "last_day": days[1].toordinal()} if days else _NEVER
            for kind, name in (("region", article.region), ("names", names_of(article))):
                self._values[key_of(kind, name)] = (kind, [name])
                shared[kind] = name
            vectors = entry.vectors.astype(np.float16).astype(np.float32)  # as the embedded store keeps them
            for place, (passage, vector) in enumerate(zip(entry.passages, vectors, strict=True)):
                row = shared | {name: getattr(passage, name) for name in RECORD}
                counts = count_terms(row)
                self._count(counts, 1)
                sparse: dict[int, float] = defaultdict(float, {EVERY: 1e-6})
                impacts = term_impacts(counts, _TYPICAL, counts[0].keys() | counts[1].keys())
                for term, impact in impacts.items():
                    sparse[sparse_dimension(term)] += impact
                row |= {
                    "key": f"{key}/{place}/{self._number}",
                    "dense": vector.tolist(),
                    "sparse": dict(sparse),
                }
                rows.append(row)
        for some in batches(rows, BATCH):
            self._milvus.call("upsert", self._name, list(some))
        self._waiting = {}

    def _count(self, counts: tuple[Counter[str], Counter[str]], sign: int) -> None:
        self._sums[0] += sign
        for field, counter in enumerate(counts):
            self._sums[1 + field] += sign * counter.total()
            for term in counter:
                self._frequencies[term][field] += sign

    def _put_values(self, rows: Iterable[tuple[str, str, list[Any], list[Any], int]]) -> None:
        data = [{**dict(zip(VALUE, row, strict=True)), "dense": [0.0, 0.0]} for row in rows]
        self._milvus.call("upsert", self._milvus.catalogue, data)
