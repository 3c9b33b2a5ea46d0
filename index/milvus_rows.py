"""The rows of a Milvus index: their fields, the connection that reads and sends them, their terms as numbers.

Collection `{name}_{dimension}` has a row for each passage: its record, what filters ask of its article, its
vector, and the BM25 impacts of its terms as a sparse vector. `{name}_catalogue` has a row for each article
(its fingerprint), each term (its document frequencies), each region and list of names, and for the state.

Every row names the commit that it was born in, the catalogue's keep their value before. Those values are
lists; an empty one is as good as none.
"""

import logging
import zlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from index.errors import StoreError
from index.folding import fold
from index.lexical import HEADING_WEIGHT, K1, B, terms

TIMEOUT = 60.0
"""Seconds after which a call to Milvus has failed."""

EVERY = 2**32 - 2
"""A sparse dimension of no term: Milvus Lite refuses a vector without any."""

RECORD = ["id", "article_id", "start", "end", "text", "heading", "search_text", "offsets"]
"""The fields of a passage's row that make its record."""

VALUE = ["key", "kind", "value", "before", "born"]
"""The fields of a row of the catalogue."""

_STRINGS = "key id article article_id text heading search_text region names kind status"
PASSAGES = (
    dict.fromkeys(_STRINGS.split(), "VARCHAR")
    | dict.fromkeys(["start", "end", "published", "first_day", "last_day", "born"], "INT64")
    | {"offsets": "JSON", "dense": "FLOAT_VECTOR", "sparse": "SPARSE_FLOAT_VECTOR"}
)
"""The fields of a collection of passages, and their types."""

CATALOGUE = {
    "key": "VARCHAR",
    "kind": "VARCHAR",
    "value": "JSON",
    "before": "JSON",
    "born": "INT64",
    "dense": "FLOAT_VECTOR",  # Milvus wants a vector in every row
}
"""The fields of the catalogue, and their types."""

_WEIGHTS = (1.0, HEADING_WEIGHT)
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


@dataclass(frozen=True, slots=True)
class State:
    """The newest commit; `body` and `heading` count the terms of all passages."""

    generation: int = 0
    embedder: str = ""
    dimension: int = 0
    passages: int = 0
    body: int = 0
    heading: int = 0


class Connection:
    """The collections of one index, through one client."""

    def __init__(self, uri: str, token: str, collection: str) -> None:
        """Connect to a server (`http://…`) or a local file (`….db`); StoreError if that fails."""
        try:
            import pymilvus

            if uri.endswith(".db"):
                import milvus_lite  # noqa: F401 - whether it is installed
        except ImportError as error:
            raise StoreError(f"使用 Milvus 需要 {error.name}；请运行 pip install 'wence[milvus]'") from error
        for library in ("pymilvus", "milvus_lite"):  # what they log, with tracebacks, is in our exceptions
            logging.getLogger(library).setLevel(logging.CRITICAL)
        self._collection = collection
        self.catalogue = f"{collection}_catalogue"
        self.lite = uri.endswith(".db")
        self.place = uri.rpartition("@")[2]  # without a password
        self._failure = pymilvus.MilvusException
        self._loaded = False
        try:
            self._client: Any = pymilvus.MilvusClient(uri, token=token, timeout=TIMEOUT)
        except pymilvus.MilvusException as error:
            raise StoreError(
                f"无法连接 Milvus {self.place}（{error.message}）；请检查令牌、服务和地址："
                "http://主机:端口，或以 .db 结尾的本地文件（只能由一个进程打开）"
            ) from error

    def close(self) -> None:
        """Let go of the connection; a local file stays with the process until it ends."""
        self._client.close()

    def rows(self, dimension: int) -> str:
        """The collection of the passages whose vectors have this dimension."""
        return f"{self._collection}_{dimension}"

    def state(self) -> State:
        """The newest commit."""
        if not self._loaded and not self.call("has_collection", self.catalogue):
            return State()
        if not self._loaded:
            self.call("load_collection", self.catalogue)
        state = State(*self.read(["state"], 0).get("state", []))
        if not self._loaded and state.dimension:
            self.call("load_collection", self.rows(state.dimension))
        self._loaded = True
        return state

    def read(self, keys: Sequence[str], generation: int) -> dict[str, list[Any]]:
        """The values that these keys had at a commit."""
        rows = self.query(self.catalogue, "key", keys, VALUE)
        return {row["key"]: row["value" if row["born"] <= generation else "before"] for row in rows}

    def of_kind(self, kind: str, state: State) -> Iterator[list[Any]]:
        """All values of a kind at a commit."""
        for row in self.pages(among("kind", [kind])) if state.generation else ():
            if value := row["value" if row["born"] <= state.generation else "before"]:
                yield value

    def pages(self, chosen: str) -> Iterator[Any]:
        """The rows of the catalogue that an expression chooses, however many."""
        pages = self.call("query_iterator", self.catalogue, filter=chosen, output_fields=VALUE)
        while rows := pages.next():
            yield from rows
        pages.close()

    def query(self, name: str, field: str, values: Sequence[str], fields: list[str]) -> list[Any]:
        """The rows whose field has one of these values."""
        rows: list[Any] = []
        for some in batches(values, 1000):
            rows += self.call("query", name, filter=among(field, some), output_fields=fields)
        return rows

    def call(self, method: str, *arguments: Any, **options: Any) -> Any:
        """Call the client; its exceptions become StoreError."""
        try:
            return getattr(self._client, method)(*arguments, timeout=TIMEOUT, **options)
        except self._failure as error:
            raise StoreError(
                f"Milvus {self.place} 未能完成 {method}（{error.message}）；请检查服务后再试"
            ) from error

    def check_fields(self, name: str) -> None:
        """Raise StoreError if the collection was made by a version that kept less of an article."""
        held = {field["name"] for field in self.call("describe_collection", name)["fields"]}
        if missing := PASSAGES.keys() - held:
            raise StoreError(
                f"Milvus {self.place} 的 {name} 由较早版本的问策建立（没有 {'、'.join(sorted(missing))}）；"
                "请换一个 collection 名重新建立索引"
            )

    def create(self, name: str, fields: Mapping[str, str], dimension: int) -> None:
        """Create a collection of these fields."""
        from pymilvus import DataType, MilvusClient

        schema = MilvusClient.create_schema(auto_id=False)
        options = {"VARCHAR": {"max_length": 65_535}, "FLOAT_VECTOR": {"dim": dimension}}
        for field, kind in fields.items():
            schema.add_field(field, DataType[kind], is_primary=field == "key", **options.get(kind, {}))
        indexes = MilvusClient.prepare_index_params()
        # Milvus Lite's automatic index is a graph that filters tear apart; a server's knows when to avoid it.
        indexes.add_index("dense", index_type="FLAT" if self.lite else "AUTOINDEX", metric_type="IP")
        if "sparse" in fields:
            indexes.add_index("sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
            indexes.add_index("article", index_type="INVERTED")
        shape = {"schema": schema, "index_params": indexes, "consistency_level": "Strong"}
        self.call("create_collection", name, **shape)


def count_terms(row: Mapping[str, Any]) -> tuple[Counter[str], Counter[str]]:
    """How often each term stands in a passage's body and in its heading."""
    return Counter(terms(row["search_text"])), Counter(terms(fold(row["heading"])))


def term_impacts(
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


def sparse_dimension(term: str) -> int:
    """A term's sparse dimension; two that share one only propose each other's passages."""
    return zlib.crc32(term.encode()) % EVERY


def key_of(kind: str, name: str) -> str:
    """A catalogue key for any name, of harmless characters."""
    return f"{kind}:{blake2b(name.encode(errors='surrogatepass'), digest_size=16).hexdigest()}"


def among(field: str, values: Iterable[str]) -> str:
    """An expression that a field has one of these values, whatever stands in them."""
    quoted = ", ".join(f'"{value.translate(_ESCAPES)}"' for value in values)
    return f"{field} in [{quoted}]"


def batches(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """The items in order, at most `size` at once."""
    return (items[at : at + size] for at in range(0, len(items), size))
