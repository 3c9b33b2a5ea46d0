"""A snapshot: one generation of a store, searched as it was committed whatever is written meanwhile."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index import database
from index.closeness import match, wanted
from index.damage import DamagedIndexError, detecting
from index.database import Generation
from index.dense import DenseIndex
from index.folding import fold
from index.fusion import CANDIDATES, SHORTLIST, STAGES, calibrate, first_sum, fuse, shortlist
from index.lexical import LexicalIndex, query_terms
from index.naming import meant
from index.passage_index import FloatArray
from index.records import Article, Filters, Hit, Passage
from index.regions import related
from index.reprints import with_sources

Keys = npt.NDArray[np.int64]


class Catalogue:
    """Which passages a generation has, and what filters ask about their articles."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        rows = connection.execute("SELECT key, article FROM passages ORDER BY key").fetchall()
        table = np.array(rows, dtype=np.int64).reshape(len(rows), 2)
        self.keys: Keys = np.ascontiguousarray(table[:, 0])
        self._owners: Keys = np.ascontiguousarray(table[:, 1])
        self._articles = connection.execute(
            "SELECT coalesce(reprint_of, key), region, published, names, kind, first_day, last_day,"
            " version_key, json_extract(facts, '$.status')"
            " FROM articles"  # one is allowed where any of its reprints is
        ).fetchall()
        self._allowed: dict[Filters, tuple[list[int], Keys]] = {}

    def allowed(self, filters: Filters) -> tuple[list[int], Keys]:
        """Keys of the articles that the filters allow, and of their passages, ascending."""
        if filters not in self._allowed:
            if len(self._allowed) >= 64:
                self._allowed.clear()
            since = filters.since.isoformat() if filters.since else ""
            until = filters.until.isoformat() if filters.until else "9999-12-31"
            day = filters.as_of.isoformat() if filters.as_of else ""
            name = fold(filters.publisher)
            newest = self._newest(day) if day else {}
            regions = {row[1] for row in self._articles}
            matching = {r for r in regions if not r or not filters.region or related(r, filters.region)}
            articles = {
                key
                for key, region, published, names, kind, first, last, version, status in self._articles
                if region in matching
                and (published is not None or not (filters.since or filters.until))
                and since <= (published or since) <= until
                and name in names
                and filters.kind in ("", kind)
                and filters.status in ("", status)
                and (not day or (first is not None and first <= day <= last))
                and (kind != "法规" or first == newest.get(version, first))
            }
            allowed = sorted(articles)
            keys = self.keys[np.isin(self._owners, np.array(allowed, dtype=np.int64))]
            self._allowed[filters] = allowed, keys
        return self._allowed[filters]

    def _newest(self, day: str) -> dict[str, str]:
        """When the last version of each regulation took effect by that day: it replaced those before it.

        A notice does not replace last year's of the same title.
        """
        newest: dict[str, str] = {}
        for *_, kind, first, _, version, _ in self._articles:
            if version and kind == "法规" and first is not None and first <= day:
                newest[version] = max(first, newest.get(version, first))
        return newest


class Indexes:
    """The opened files of one generation, shared by its snapshots."""

    def __init__(self, path: Path, connection: sqlite3.Connection, generation: Generation) -> None:
        """Open them; DamagedIndexError if they are missing or are not those of the generation."""
        self.generation = generation
        self.lexical = LexicalIndex(path / "lexical" / generation.lexical)
        dense = path / "dense" / generation.dense if generation.dense else None
        if dense is not None:
            with detecting():
                size = dense.stat().st_size
            # A mapped file that was cut short may open well and kill the process later.
            if size != generation.dense_bytes:
                raise DamagedIndexError(f"{dense.name} has {size} bytes instead of {generation.dense_bytes}")
        new = list(database.vectors_after(connection, generation.dense_last, generation.dimension))
        keys = np.concatenate([np.empty(0, np.int64), *(batch for batch, _ in new)])
        nothing = np.empty((0, generation.dimension), np.float16)
        self.dense = DenseIndex(dense, keys, np.concatenate([nothing, *(rows for _, rows in new)]))
        if self.lexical.opstamp < generation.opstamp or self.lexical.count < generation.passages:
            raise DamagedIndexError(f"lexical/{generation.lexical} is older than its generation")
        if self.dense.base_count != generation.dense_count or self.dense.count < generation.passages:
            raise DamagedIndexError(f"dense/{generation.dense} does not have its generation's vectors")
        if dense is not None and self.dense.dimension != generation.dimension:
            raise DamagedIndexError(f"dense/{generation.dense} has another dimension")
        self._catalogue: Catalogue | None = None

    def catalogue(self, connection: sqlite3.Connection) -> Catalogue:
        """The generation's passages and articles, read through a connection that sees it, once."""
        if self._catalogue is None:
            self._catalogue = Catalogue(connection)
        return self._catalogue


class Snapshot:
    """Everything that a store held at one commit. Made by `Store.snapshot`; one thread at a time."""

    def __init__(self, connection: sqlite3.Connection, indexes: Indexes | None) -> None:
        self._connection = connection
        self._indexes = indexes

    @property
    def generation(self) -> Generation | None:
        """The commit that is seen, None before the first."""
        return self._indexes.generation if self._indexes else None

    def article(self, article_id: str) -> Article:
        """An article with its text; InputError if there is none of this id."""
        return with_sources(self._connection, database.article(self._connection, article_id))

    def passages(self, article_id: str) -> list[Passage]:
        """An article's passages in the order of its text; InputError if there is none of this id."""
        return database.passages_of(self._connection, article_id)

    def search(self, query: str, vector: FloatArray, k: int, filters: Filters) -> list[Hit]:
        """The best `k` passages for the folded query and its vector that the filters allow, best first."""
        if self._indexes is None:
            return []
        asked = query_terms(query)
        lexical, dense = self.candidates(asked, vector, k, filters)
        keys = list(dense)
        shares = np.array([lexical.get(key, 0.0) for key in keys])
        cosines = np.array([dense[key] for key in keys])
        best = shortlist(shares, cosines, k)
        keys, shares, cosines = [keys[i] for i in best], shares[best], cosines[best]
        weights = wanted(self._indexes.lexical.idfs(asked))
        texts = database.search_texts(self._connection, keys)
        matches = np.array([match(weights, *texts[key][2:]) for key in keys]).reshape(len(keys), 3)
        named = meant(query, [texts[key][2] for key in keys], [texts[key][3] for key in keys])
        measured = np.stack([shares, cosines, *matches.T, np.array(named, float)], axis=1)
        totals = np.round(fuse(*measured.T), 4)
        scores = calibrate(totals)
        # Equal sums are told apart by article and place.
        ranked = sorted(range(len(keys)), key=lambda i: (-totals[i], *texts[keys[i]][:2], keys[i]))[:k]
        passages = database.passages(self._connection, [keys[i] for i in ranked])
        return [
            Hit(passages[keys[i]], float(scores[i]), dict(zip(STAGES, measured[i].tolist(), strict=True)))
            for i in ranked
        ]

    def candidates(
        self, query: Sequence[str], vector: FloatArray, k: int, filters: Filters
    ) -> tuple[dict[int, float], dict[int, float]]:
        """Shares and cosines by key of the best of either leg for a query and its vector.

        All have a cosine; those have no share that hold no term, or cannot come into the shortlist for it.
        """
        limit = max(CANDIDATES, k)
        indexes = self._indexes
        if indexes is None:
            return {}, {}
        articles: list[int] | None = None
        only: Keys | None = None
        # What tantivy holds beyond the generation: of a write that died or is not finished, or deleted.
        strangers = indexes.lexical.count - indexes.generation.passages
        if filters != Filters():
            articles, only = indexes.catalogue(self._connection).allowed(filters)
        elif strangers or indexes.dense.count > indexes.generation.passages:
            only = indexes.catalogue(self._connection).keys
        lexical = indexes.lexical.search(query, limit + strangers, articles)
        if strangers:
            known = set(indexes.catalogue(self._connection).keys.tolist())
            lexical = {key: share for key, share in lexical.items() if key in known}
            lexical = dict(list(lexical.items())[:limit])
        dense = indexes.dense.search(vector, limit, only)
        missing = {key: cosine for key, cosine in dense.items() if key not in lexical}
        dense.update(indexes.dense.cosines(vector, [key for key in lexical if key not in dense]))
        # What the lexical leg passed over has no larger share than its last: mostly too little to matter.
        most = min(lexical.values()) if len(lexical) == limit else 1.0
        sums = sorted((first_sum(share, dense[key]) for key, share in lexical.items()), reverse=True)
        size = max(SHORTLIST, k)
        least = sums[size - 1] if len(sums) >= size else -1.0
        hopeful = [key for key, cosine in missing.items() if first_sum(most, cosine) >= least - 1e-6]
        lexical.update(indexes.lexical.shares(query, hopeful))
        return lexical, dense
