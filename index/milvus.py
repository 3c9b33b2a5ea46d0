"""A Milvus collection as a passage index: Milvus Lite in a file, a server or a cluster, through one client.

Collection `{name}_{dimension}` has a row for each passage: its record, what filters ask of its article, its
vector, and the BM25 impacts of its terms as a sparse vector. `{name}_catalogue` has a row for each article
(its fingerprint), each term (its document frequencies), each region and publisher, and for the state.

Milvus proposes candidates, the best of either vector among those that the filters allow; the scores are
computed here from their texts and vectors, so they are the embedded store's. (The stored impacts assume
typical lengths of passages, which can only move passages at the end of the candidates.)

Milvus has no transactions: every row names the commit that it was born in, the catalogue's keep their value
before, and the state row, written last, names the commit that counts. A passage counts if it was born with
its article's row. A write that dies is never seen, and the next one clears it away. Nor has Milvus locks: a
write that finds a later one begun fails, but looks only once a batch, so let one process write.
"""

import logging
import math
import uuid
import zlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from hashlib import blake2b
from typing import Any

import numpy as np

from index.errors import InputError, StoreBusyError, StoreError
from index.folding import fold
from index.fusion import CANDIDATES, calibrate, fuse
from index.lexical import HEADING_WEIGHT, K1, MAX_QUERY_TERMS, B, terms
from index.passage_index import Entry, FloatArray, check_embedder
from index.records import Filters, Hit, Passage
from index.regions import related

BATCH = 500
"""Passages sent at once."""

TIMEOUT = 60.0
"""Seconds after which a call to Milvus has failed."""

_MOST = 16_384  # Milvus returns no more from one search
_EVERY = 2**32 - 2  # a sparse dimension of no term: Milvus Lite refuses a vector without any
_WEIGHTS = (1.0, HEADING_WEIGHT)
_TYPICAL = (300.0, 40.0)  # terms in a body and in a heading
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"})
_RECORD = ["id", "article_id", "start", "end", "text", "heading", "search_text", "offsets"]
_VALUE = ["key", "kind", "value", "before", "born"]
_STRINGS = "key id article article_id text heading search_text region publisher kind"
_PASSAGES = (
    dict.fromkeys(_STRINGS.split(), "VARCHAR")
    | dict.fromkeys(["start", "end", "published", "born"], "INT64")
    | {"offsets": "JSON", "dense": "FLOAT_VECTOR", "sparse": "SPARSE_FLOAT_VECTOR"}
)
_CATALOGUE = {"key": "VARCHAR", "kind": "VARCHAR", "value": "JSON", "before": "JSON", "born": "INT64"}
_CATALOGUE |= {"dense": "FLOAT_VECTOR"}  # Milvus wants a vector in every row


@dataclass(frozen=True, slots=True)
class _State:
    """The newest commit; `body` and `heading` count the terms of all passages."""

    generation: int = 0
    embedder: str = ""
    dimension: int = 0
    passages: int = 0
    body: int = 0
    heading: int = 0


class MilvusIndex:
    """A `PassageIndex` in Milvus. Any number of threads may search; each search sees one commit."""

    def __init__(self, uri: str, *, token: str = "", collection: str = "wence") -> None:
        """Connect to a server (`http://…`) or a local file (`….db`); StoreError if that fails."""
        try:
            import pymilvus

            if uri.endswith(".db"):
                import milvus_lite  # type: ignore[import-untyped,unused-ignore]  # noqa: F401
        except ImportError as error:
            raise StoreError(f"使用 Milvus 需要 {error.name}；请运行 pip install 'wence[milvus]'") from error
        for library in ("pymilvus", "milvus_lite"):  # what they log, with tracebacks, is in our exceptions
            logging.getLogger(library).setLevel(logging.CRITICAL)
        self._collection = collection
        self._catalogue = f"{collection}_catalogue"
        self._lite = uri.endswith(".db")
        self._place = uri.rpartition("@")[2]  # without a password
        self._failure = pymilvus.MilvusException
        self._loaded = False
        self._names: dict[str, tuple[int, list[str]]] = {}
        try:
            self._client: Any = pymilvus.MilvusClient(uri, token=token, timeout=TIMEOUT)
        except pymilvus.MilvusException as error:
            raise StoreError(
                f"无法连接 Milvus {self._place}（{error.message}）；请检查令牌、服务和地址："
                "http://主机:端口，或以 .db 结尾的本地文件（只能由一个进程打开）"
            ) from error

    def close(self) -> None:
        """Let go of the connection; a local file stays with the process until it ends."""
        self._client.close()

    @property
    def embedder(self) -> str:
        """The name of the model whose vectors are held, empty if there are none."""
        state = self._state()
        return state.embedder if state.passages else ""

    def fingerprints(self) -> dict[str, bytes]:
        """The fingerprint of every article, by its id."""
        return {value[0]: bytes.fromhex(value[1]) for value in self._of_kind("article", self._state())}

    def add(self, entries: Iterable[Entry], embedder: str) -> None:
        """Add or replace articles, all in one commit; an exception leaves what is found as it was."""
        check_embedder(self.embedder, embedder)
        write = _Write(self)
        for entry in entries:
            write.put(entry)
        write.commit(embedder)

    def remove(self, article_ids: Sequence[str]) -> list[str]:
        """Remove articles; their ids. InputError for an unknown id, and nothing is removed."""
        wanted = {_key("article", one): one for one in article_ids}
        state = self._state()
        known = self._read(list(wanted), state.generation) if state.generation else {}
        if unknown := [one for key, one in wanted.items() if not known.get(key)]:
            names = "」「".join(unknown)
            raise InputError(f"索引里没有编号为「{names}」的文章，未移除任何文章；用 wence info 查看")
        if wanted:
            write = _Write(self)
            write.drop(list(wanted))
            write.commit(state.embedder)
        return list(wanted.values())

    def search(self, query: str, vector: FloatArray, k: int, filters: Filters) -> list[Hit]:
        """The best `k` passages for the folded query and its vector that the filters allow, best first.

        Neither leg proposes more than 16,384 passages.
        """
        while True:
            state = self._state()
            hits = self._search(state, query, vector, k, filters) if state.passages else []
            if self._state() == state:  # else a commit may have deleted what was being read
                return hits

    def _search(self, state: _State, query: str, vector: FloatArray, k: int, filters: Filters) -> list[Hit]:
        idfs = self._idfs(state, list(dict.fromkeys(terms(query)))[:MAX_QUERY_TERMS])
        rows = self._candidates(state, idfs, vector, max(CANDIDATES, k), filters)
        means = (max(1.0, state.body / state.passages), max(1.0, state.heading / state.passages))
        bound = sum(idfs.values()) or 1.0
        shares = np.zeros(len(rows))
        cosines = np.zeros(len(rows))
        for place, row in enumerate(rows):
            impacts = _impacts(_counts(row), means, idfs.keys())
            shares[place] = min(1.0, sum(idfs[term] * impact for term, impact in impacts.items()) / bound)
            cosines[place] = np.asarray(row["dense"], np.float32) @ vector
        totals = np.round(fuse(shares, cosines), 6)
        scores = calibrate(totals)
        ranked = sorted(range(len(rows)), key=lambda i: (-totals[i], rows[i]["article_id"], rows[i]["start"]))
        stages = [{"lexical": float(s), "dense": float(c)} for s, c in zip(shares, cosines, strict=True)]
        return [Hit(_passage(rows[i]), float(scores[i]), stages[i]) for i in ranked[:k]]

    def _candidates(
        self, state: _State, idfs: Mapping[str, float], vector: FloatArray, limit: int, filters: Filters
    ) -> list[Any]:
        """The rows that are best in either leg."""
        name = self._rows(state.dimension)
        options = {"filter": self._expression(state, filters), "limit": min(limit, _MOST)}
        found = self._call("search", name, data=[vector.tolist()], anns_field="dense", **options)[0]
        if idfs:
            weights: dict[int, float] = defaultdict(float)
            for term, idf in idfs.items():
                weights[_dimension(term)] += idf
            found += self._call("search", name, data=[dict(weights)], anns_field="sparse", **options)[0]
        keys = list({hit["key"] for hit in found})
        rows = self._query(name, "key", keys, [*_RECORD, "article", "born", "dense"])
        owners = self._read(list({row["article"] for row in rows}), state.generation)
        return [row for row in rows if (owners[row["article"]] or [0])[-1] == row["born"]]

    def _idfs(self, state: _State, query: Sequence[str]) -> dict[str, float]:
        """The terms' inverse document frequencies, each in the field where it is more frequent."""
        keys = {term: _key("term", term) for term in query}
        known = self._read(list(keys.values()), state.generation)
        counts = {term: max(known.get(key) or [0]) for term, key in keys.items()}
        return {term: math.log(1 + (state.passages - n + 0.5) / (n + 0.5)) for term, n in counts.items()}

    def _expression(self, state: _State, filters: Filters) -> str:
        """What a passage must satisfy, made of numbers and quoted text."""
        parts = [f"born <= {state.generation}"]
        if filters.region:
            names = self._known_names("region", state)
            parts.append(_among("region", [n for n in names if not n or related(n, filters.region)]))
        if filters.publisher:  # not by LIKE: Milvus Lite cannot escape its wildcards
            names = self._known_names("publisher", state)
            parts.append(_among("publisher", [n for n in names if filters.publisher in n]))
        if filters.kind:
            parts.append(_among("kind", [filters.kind]))
        if filters.since or filters.until:
            parts.append(f"published >= {filters.since.toordinal() if filters.since else 1}")
        if filters.until:
            parts.append(f"published <= {filters.until.toordinal()}")
        return " and ".join(parts)

    def _known_names(self, kind: str, state: _State) -> list[str]:
        """All regions or publishers that ever were in the index."""
        generation, names = self._names.get(kind, (0, []))
        if generation != state.generation:
            names = [value[0] for value in self._of_kind(kind, state)]
            self._names[kind] = state.generation, names
        return names

    # Rows. The values of the catalogue are lists; an empty one is as good as none.

    def _rows(self, dimension: int) -> str:
        return f"{self._collection}_{dimension}"

    def _state(self) -> _State:
        if not self._loaded and not self._call("has_collection", self._catalogue):
            return _State()
        if not self._loaded:
            self._call("load_collection", self._catalogue)
        state = _State(*self._read(["state"], 0).get("state", []))
        if not self._loaded and state.dimension:
            self._call("load_collection", self._rows(state.dimension))
        self._loaded = True
        return state

    def _read(self, keys: Sequence[str], generation: int) -> dict[str, list[Any]]:
        """The values that these keys had at a commit."""
        rows = self._query(self._catalogue, "key", keys, _VALUE)
        return {row["key"]: row["value" if row["born"] <= generation else "before"] for row in rows}

    def _of_kind(self, kind: str, state: _State) -> Iterator[list[Any]]:
        """All values of a kind at a commit."""
        for row in self._pages(_among("kind", [kind])) if state.generation else ():
            if value := row["value" if row["born"] <= state.generation else "before"]:
                yield value

    def _pages(self, chosen: str) -> Iterator[Any]:
        """The rows of the catalogue that an expression chooses, however many."""
        pages = self._call("query_iterator", self._catalogue, filter=chosen, output_fields=_VALUE)
        while rows := pages.next():
            yield from rows
        pages.close()

    def _query(self, name: str, field: str, values: Sequence[str], fields: list[str]) -> list[Any]:
        """The rows whose field has one of these values."""
        rows: list[Any] = []
        for some in _batches(values, 1000):
            rows += self._call("query", name, filter=_among(field, some), output_fields=fields)
        return rows

    def _call(self, method: str, *arguments: Any, **options: Any) -> Any:
        """Call the client; its exceptions become StoreError."""
        try:
            return getattr(self._client, method)(*arguments, timeout=TIMEOUT, **options)
        except self._failure as error:
            raise StoreError(
                f"Milvus {self._place} 未能完成 {method}（{error.message}）；请检查服务后再试"
            ) from error

    def _create(self, name: str, fields: Mapping[str, str], dimension: int) -> None:
        from pymilvus import DataType, MilvusClient

        schema = MilvusClient.create_schema(auto_id=False)
        options = {"VARCHAR": {"max_length": 65_535}, "FLOAT_VECTOR": {"dim": dimension}}
        for field, kind in fields.items():
            schema.add_field(field, DataType[kind], is_primary=field == "key", **options.get(kind, {}))
        indexes = MilvusClient.prepare_index_params()
        # Milvus Lite's automatic index is a graph that filters tear apart; a server's knows when to avoid it.
        indexes.add_index("dense", index_type="FLAT" if self._lite else "AUTOINDEX", metric_type="IP")
        if "sparse" in fields:
            indexes.add_index("sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
            indexes.add_index("article", index_type="INVERTED")
        shape = {"schema": schema, "index_params": indexes, "consistency_level": "Strong"}
        self._call("create_collection", name, **shape)


class _Write:
    """One write: nothing of it is seen before `commit`."""

    def __init__(self, index: MilvusIndex) -> None:
        self._index = index
        self._base = index._state()
        self._number = self._base.generation + 1
        self._writer = [uuid.uuid4().hex]
        self._name = ""
        self._dimension = 0
        self._waiting: dict[str, Entry] = {}
        self._values: dict[str, tuple[str, list[Any]]] = {}
        self._frequencies: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        self._sums = [0, 0, 0]  # as in the state
        if not index._call("has_collection", index._catalogue):
            index._create(index._catalogue, _CATALOGUE, 2)
        self._put_values([("writer", "writer", self._writer, [], 0)])
        for rows in _batches(list(index._pages(f"born > {self._base.generation}")), 4000):
            self._put_values([(row["key"], row["kind"], row["before"], [], 0) for row in rows])
        if self._base.dimension:
            self._open(self._base.dimension)

    def _open(self, dimension: int) -> None:
        """Choose the collection of passages and clear away what does not count."""
        index, last = self._index, self._base.generation
        self._name, self._dimension = index._rows(dimension), dimension
        if not index._call("has_collection", self._name):
            index._create(self._name, _PASSAGES, dimension)
        index._call("delete", self._name, filter=f"born > {last}")
        self._tidy(last)

    def _tidy(self, generation: int) -> None:
        """Delete the passages that a commit replaced."""
        changed = self._index._pages(f'kind == "article" and born == {generation}')
        for keys in _batches([row["key"] for row in changed if row["before"]], 1000):
            old = f"born < {generation} and {_among('article', keys)}"
            self._index._call("delete", self._name, filter=old)

    def put(self, entry: Entry) -> None:
        """Add an article, or replace the one with its id; InputError if it was put before."""
        rows, width = entry.vectors.shape
        key = _key("article", entry.article.id)
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
        if self._index._read(["writer"], 0)["writer"] != self._writer:
            raise StoreBusyError(
                f"另一个进程正在写入 Milvus {self._index._place}；本次写入未生效，请等它结束后再试"
            )
        for row in self._index._query(self._name, "article", articles, ["heading", "search_text"]):
            self._count(_counts(row), -1)
        self._values.update((key, ("article", [])) for key in articles)

    def commit(self, embedder: str) -> None:
        """Make the write count, then delete what it replaced."""
        self._flush()
        if not self._values:
            return
        for term, added in self._frequencies.items():
            if any(added):
                self._values[_key("term", term)] = ("term", added)
        for keys in _batches(list(self._values), 4000):
            old = self._index._read(keys, self._base.generation)
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
        if self._index._lite:  # else every search would index anew what is still in its memory
            self._index._call("flush", self._name)

    def _flush(self) -> None:
        """Send the waiting articles."""
        self.drop(list(self._waiting))
        rows = []
        for key, entry in self._waiting.items():
            article = entry.article
            self._values[key] = ("article", [article.id, entry.fingerprint.hex(), self._number])
            shared = {"article": key, "kind": article.kind, "born": self._number}
            shared["published"] = article.published.toordinal() if article.published else 0
            for kind, name in (("region", article.region), ("publisher", article.publisher)):
                self._values[_key(kind, name)] = (kind, [name])
                shared[kind] = name
            vectors = entry.vectors.astype(np.float16).astype(np.float32)  # as the embedded store keeps them
            for place, (passage, vector) in enumerate(zip(entry.passages, vectors, strict=True)):
                row = shared | {name: getattr(passage, name) for name in _RECORD}
                counts = _counts(row)
                self._count(counts, 1)
                sparse: dict[int, float] = defaultdict(float, {_EVERY: 1e-6})
                for term, impact in _impacts(counts, _TYPICAL, counts[0].keys() | counts[1].keys()).items():
                    sparse[_dimension(term)] += impact
                row |= {
                    "key": f"{key}/{place}/{self._number}",
                    "dense": vector.tolist(),
                    "sparse": dict(sparse),
                }
                rows.append(row)
        for some in _batches(rows, BATCH):
            self._index._call("upsert", self._name, list(some))
        self._waiting = {}

    def _count(self, counts: tuple[Counter[str], Counter[str]], sign: int) -> None:
        self._sums[0] += sign
        for field, counter in enumerate(counts):
            self._sums[1 + field] += sign * counter.total()
            for term in counter:
                self._frequencies[term][field] += sign

    def _put_values(self, rows: Iterable[tuple[str, str, list[Any], list[Any], int]]) -> None:
        data = [{**dict(zip(_VALUE, row, strict=True)), "dense": [0.0, 0.0]} for row in rows]
        self._index._call("upsert", self._index._catalogue, data)


def _counts(row: Mapping[str, Any]) -> tuple[Counter[str], Counter[str]]:
    """How often each term stands in a passage's body and in its heading."""
    return Counter(terms(row["search_text"])), Counter(terms(fold(row["heading"])))


def _impacts(
    counts: tuple[Counter[str], Counter[str]], means: tuple[float, float], wanted: Collection[str]
) -> dict[str, float]:
    """The wanted terms' BM25 without idf, as shares of the most that it can be."""
    impacts: dict[str, float] = defaultdict(float)
    for counter, mean, weight in zip(counts, means, _WEIGHTS, strict=True):
        norm = K1 * (1 - B + B * _rounded(counter.total()) / mean)
        for term in counter.keys() & wanted:
            impacts[term] += weight * counter[term] / (counter[term] + norm) / sum(_WEIGHTS)
    return impacts


def _rounded(length: int) -> int:
    """The length as tantivy keeps it: in a byte, exact below 40, with four significant bits above."""
    shift = max(0, (length - 24).bit_length() - 4)
    return 24 + ((length - 24) >> shift << shift) if length >= 24 else length


def _dimension(term: str) -> int:
    """A term's sparse dimension; two that share one only propose each other's passages."""
    return zlib.crc32(term.encode()) % _EVERY


def _key(kind: str, name: str) -> str:
    """A catalogue key for any name, of harmless characters."""
    return f"{kind}:{blake2b(name.encode(errors='surrogatepass'), digest_size=16).hexdigest()}"


def _among(field: str, values: Iterable[str]) -> str:
    """An expression that a field has one of these values, whatever stands in them."""
    quoted = ", ".join(f'"{value.translate(_ESCAPES)}"' for value in values)
    return f"{field} in [{quoted}]"


def _batches(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (items[at : at + size] for at in range(0, len(items), size))


def _passage(row: Mapping[str, Any]) -> Passage:
    offsets = tuple((int(a), int(b), int(c), int(d)) for a, b, c, d in row["offsets"])
    return Passage(**{name: row[name] for name in _RECORD[:-1]}, offsets=offsets)
