"""A Milvus collection as a passage index: Milvus Lite in a file, a server or a cluster, through one client.

Milvus proposes candidates, the best of either vector among those that the filters allow; the scores are
computed here from their texts and vectors, so they are the embedded store's. (The stored impacts assume
typical lengths of passages, which can only move passages at the end of the candidates.)

Let one process write; `milvus_writing` says why, `milvus_rows` what is kept.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from index.closeness import match, wanted
from index.errors import InputError
from index.folding import fold
from index.fusion import CANDIDATES, STAGES, calibrate, fuse, shortlist
from index.lexical import MAX_QUERY_TERMS, query_terms
from index.milvus_rows import (
    RECORD,
    Connection,
    State,
    among,
    count_terms,
    key_of,
    sparse_dimension,
    term_impacts,
)
from index.milvus_writing import Write
from index.naming import meant
from index.passage_index import Entry, FloatArray, check_embedder
from index.records import Filters, Hit, Passage
from index.regions import related

_MOST = 16_384  # Milvus returns no more from one search


class MilvusIndex:
    """A `PassageIndex` in Milvus. Any number of threads may search; each search sees one commit."""

    def __init__(self, uri: str, *, token: str = "", collection: str = "wence") -> None:
        """Connect to a server (`http://…`) or a local file (`….db`); StoreError if that fails."""
        self._milvus = Connection(uri, token, collection)
        self._names: dict[str, tuple[int, list[str]]] = {}

    def close(self) -> None:
        """Let go of the connection; a local file stays with the process until it ends."""
        self._milvus.close()

    @property
    def embedder(self) -> str:
        """The name of the model whose vectors are held, empty if there are none."""
        state = self._milvus.state()
        return state.embedder if state.passages else ""

    def fingerprints(self) -> dict[str, bytes]:
        """The fingerprint of every article, by its id."""
        values = self._milvus.of_kind("article", self._milvus.state())
        return {value[0]: bytes.fromhex(value[1]) for value in values}

    def add(self, entries: Iterable[Entry], embedder: str) -> None:
        """Add or replace articles, all in one commit; an exception leaves what is found as it was."""
        check_embedder(self.embedder, embedder)
        write = Write(self._milvus)
        for entry in entries:
            write.put(entry)
        write.commit(embedder)

    def remove(self, article_ids: Sequence[str]) -> list[str]:
        """Remove articles; their ids. InputError for an unknown id, and nothing is removed."""
        wanted = {key_of("article", one): one for one in article_ids}
        state = self._milvus.state()
        known = self._milvus.read(list(wanted), state.generation) if state.generation else {}
        if unknown := [one for key, one in wanted.items() if not known.get(key)]:
            names = "」「".join(unknown)
            raise InputError(f"索引里没有编号为「{names}」的文章，未移除任何文章；用 wence info 查看")
        if wanted:
            write = Write(self._milvus)
            write.drop(list(wanted))
            write.commit(state.embedder)
        return list(wanted.values())

    def search(self, query: str, vector: FloatArray, k: int, filters: Filters) -> list[Hit]:
        """The best `k` passages for the folded query and its vector that the filters allow, best first.

        Neither leg proposes more than 16,384 passages.
        """
        while True:
            state = self._milvus.state()
            hits = self._search(state, query, vector, k, filters) if state.passages else []
            if self._milvus.state() == state:  # else a commit may have deleted what was being read
                return hits

    def _search(self, state: State, query: str, vector: FloatArray, k: int, filters: Filters) -> list[Hit]:
        idfs = self._idfs(state, list(dict.fromkeys(query_terms(query)))[:MAX_QUERY_TERMS])
        rows = self._candidates(state, idfs, vector, max(CANDIDATES, k), filters)
        means = (max(1.0, state.body / state.passages), max(1.0, state.heading / state.passages))
        bound = sum(idfs.values()) or 1.0
        shares = np.zeros(len(rows))
        cosines = np.zeros(len(rows))
        for place, row in enumerate(rows):
            impacts = term_impacts(count_terms(row), means, idfs.keys())
            shares[place] = min(1.0, sum(idfs[term] * impact for term, impact in impacts.items()) / bound)
            cosines[place] = np.asarray(row["dense"], np.float32) @ vector
        best = shortlist(shares, cosines, k)
        rows, shares, cosines = [rows[i] for i in best], shares[best], cosines[best]
        weights = wanted(idfs)
        matches = np.array(
            [match(weights, fold(row["heading"]), row["search_text"]) for row in rows]
        ).reshape(len(rows), 3)
        named = meant(query, [fold(row["heading"]) for row in rows], [row["search_text"] for row in rows])
        measured = np.stack([shares, cosines, *matches.T, np.array(named, float)], axis=1)
        totals = np.round(fuse(*measured.T), 4)
        scores = calibrate(totals)
        ranked = sorted(range(len(rows)), key=lambda i: (-totals[i], rows[i]["article_id"], rows[i]["start"]))
        # Copies of one text: of equal passages under equal headings the first stands for all.
        first: dict[tuple[str, str], str] = {}
        distinct = [
            i
            for i in ranked
            if first.setdefault((rows[i]["heading"], rows[i]["search_text"]), rows[i]["article_id"])
            == rows[i]["article_id"]
        ]
        stages = [dict(zip(STAGES, row, strict=True)) for row in measured.tolist()]
        return [Hit(_passage(rows[i]), float(scores[i]), stages[i]) for i in distinct[:k]]

    def _candidates(
        self, state: State, idfs: Mapping[str, float], vector: FloatArray, limit: int, filters: Filters
    ) -> list[Any]:
        """The rows that are best in either leg."""
        name = self._milvus.rows(state.dimension)
        options = {"filter": self._expression(state, filters), "limit": min(limit, _MOST)}
        search = partial(self._milvus.call, "search", name, **options)
        found = search(data=[vector.tolist()], anns_field="dense")[0]
        if idfs:
            weights: dict[int, float] = defaultdict(float)
            for term, idf in idfs.items():
                weights[sparse_dimension(term)] += idf
            found += search(data=[dict(weights)], anns_field="sparse")[0]
        keys = list({hit["key"] for hit in found})
        rows = self._milvus.query(name, "key", keys, [*RECORD, "article", "born", "dense"])
        owners = self._milvus.read(list({row["article"] for row in rows}), state.generation)
        return [row for row in rows if (owners[row["article"]] or [0])[-1] == row["born"]]

    def _idfs(self, state: State, query: Sequence[str]) -> dict[str, float]:
        """The terms' inverse document frequencies, each in the field where it is more frequent."""
        keys = {term: key_of("term", term) for term in query}
        known = self._milvus.read(list(keys.values()), state.generation)
        counts = {term: max(known.get(key) or [0]) for term, key in keys.items()}
        return {term: math.log(1 + (state.passages - n + 0.5) / (n + 0.5)) for term, n in counts.items()}

    def _expression(self, state: State, filters: Filters) -> str:
        """What a passage must satisfy, made of numbers and quoted text."""
        parts = [f"born <= {state.generation}"]
        if filters.region:
            names = self._known_names("region", state)
            parts.append(among("region", [n for n in names if not n or related(n, filters.region)]))
        if filters.publisher:  # not by LIKE: Milvus Lite cannot escape its wildcards
            name = fold(filters.publisher)
            parts.append(among("names", [n for n in self._known_names("names", state) if name in n]))
        if filters.kind:
            parts.append(among("kind", [filters.kind]))
        if filters.status:
            self._milvus.check_fields(self._milvus.rows(state.dimension))
            parts.append(among("status", [filters.status]))
        if filters.since or filters.until:
            parts.append(f"published >= {filters.since.toordinal() if filters.since else 1}")
        if filters.until:
            parts.append(f"published <= {filters.until.toordinal()}")
        if filters.as_of:
            day = filters.as_of.toordinal()
            parts.append(f"first_day > 0 and first_day <= {day} and last_day >= {day}")
        return " and ".join(parts)

    def _known_names(self, kind: str, state: State) -> list[str]:
        """All regions or lists of publishers that ever were in the index."""
        generation, names = self._names.get(kind, (0, []))
        if generation != state.generation:
            names = [value[0] for value in self._milvus.of_kind(kind, state)]
            self._names[kind] = state.generation, names
        return names


def _passage(row: Mapping[str, Any]) -> Passage:
    offsets = tuple((int(a), int(b), int(c), int(d)) for a, b, c, d in row["offsets"])
    return Passage(**{name: row[name] for name in RECORD[:-1]}, offsets=offsets)
