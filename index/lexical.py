"""The lexical leg: character terms, a tantivy index of them, BM25 as a share of what a query can reach.

A query is an OR of term queries built in code; its text is never parsed. A term has one idf, that of the
field where it is more frequent: else common words that are rare in headings would decide. The share divides
BM25 by the most that the query's terms could reach, sum of idf * (k1 + 1), so it means the same for all.
"""

import json
import math
import re
import zlib
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from index.damage import detecting

if TYPE_CHECKING:
    import tantivy

K1 = 1.2  # tantivy's constants, fixed in its source
B = 0.75

HEADING_WEIGHT = 1.0
"""What a term in the heading counts, relative to one in the body; chosen on a development set."""

MAX_QUERY_TERMS = 200

_HAN = "々〇\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(
    rf"(?P<han>[{_HAN}]+)|(?P<grouped>\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?)|\d+(?:\.\d+)+|[^\W_{_HAN}]+"
)
_COMMON = frozenset("的是在了有和不与为中上这一以对而等及或于之其也将并从到被由他她它们个着就都")
_ASKING = re.compile(
    "请问|请教|想问|为什么|什么(?:时候|时间|地方|样)?|多少|多[大高长久远快]|怎么[样办]?|怎样|如何|是否|能否|可否|"
    "是不是|能不能|可不可以|有没有|分别|哪(?:[一二两几]?[些个家里儿年天月日位项部种款座类次届所名支])?|谁|"
    "几(?![何乎率十百千万经]|内亚)|[为因]何|(?<=有)何|(?<![任几])何(?:时|处|地|人|者|种|物|事|故|年|月|日|国|名|(?=\\W|$))|[吗呢吧么](?=\\W|$)"
)


def terms(text: str) -> list[str]:
    """The terms of folded text, in its order: characters and character pairs of Han runs, other runs whole.

    A number keeps its decimal point and loses the commas of its thousands.
    """
    found: list[str] = []
    for match in _RUN.finditer(text):
        run = match[0]
        if match["han"]:
            for left, right in pairwise(run):
                found.append(left)
                found.append(left + right)
            found.append(run[-1])
        else:
            found.append(run.replace(",", "") if match["grouped"] else run)
    return found


def query_terms(text: str) -> list[str]:
    """The terms of a folded query, without the words that ask: they would find other questions.

    Characters that nearly every passage has count in pairs only: alone they tell little and cost the most. A
    query of nothing else keeps it all.
    """
    found = [term for term in terms(_ASKING.sub(" ", text)) if term not in _COMMON]
    return found or terms(text)


class LexicalIndex:
    """One state of a tantivy directory, unmoved by later commits. Keys are the store's passage keys."""

    def __init__(self, path: Path) -> None:
        """Open the directory's newest commit; DamagedIndexError if it is missing or damaged."""
        # What a query needs is asked for up to three times while it runs.
        self._clauses = lru_cache(maxsize=64)(self._clauses_of)
        import tantivy

        with detecting():
            self.opstamp, self.deleted = _commit_of(path)
            index = tantivy.Index.open(str(path))
            index.config_reader("manual")
            index.reload()
            self._schema = index.schema
            self._searcher = index.searcher()
            self.count: int = self._searcher.num_docs

    def keys(self) -> npt.NDArray[np.int64]:
        """All passage keys in the index, ascending."""
        import tantivy

        if not self.count:
            return np.empty(0, np.int64)
        with detecting():
            found = self._searcher.search(tantivy.Query.all_query(), self.count, count=False).hits
            return np.sort(np.array(self._keys_of(found), dtype=np.int64))

    def search(
        self, query: Sequence[str], limit: int, articles: Sequence[int] | None = None
    ) -> dict[int, float]:
        """The best `limit` passages for the query's terms, of these articles: key to share, best first."""
        return self._run(query, limit, None if articles is None else ("article", articles))

    def shares(self, query: Sequence[str], keys: Sequence[int]) -> dict[int, float]:
        """The shares of these passages; one that holds no term is absent."""
        return self._run(query, len(keys), ("key", keys))

    def idfs(self, query: Sequence[str]) -> dict[str, float]:
        """The inverse document frequency of each of the query's terms, in the field where it is frequent."""
        return self._clauses(tuple(query))[2] if query else {}

    def _run(
        self, query: Sequence[str], limit: int, only: tuple[str, Sequence[int]] | None
    ) -> dict[int, float]:
        import tantivy

        clauses, bound, _ = self._clauses(tuple(query))
        if not clauses or not self.count or limit <= 0:
            return {}
        wanted = tantivy.Query.boolean_query(clauses)
        if only is not None:
            field, values = only
            allowed = tantivy.Query.term_set_query(self._schema, field, list(values))
            must = tantivy.Occur.Must
            wanted = tantivy.Query.boolean_query(
                [(must, wanted), (must, tantivy.Query.const_score_query(allowed, 0.0))]
            )
        with detecting():
            hits = self._searcher.search(wanted, limit, count=False).hits
            keys = self._keys_of(hits)
        return {key: min(1.0, score / bound) for key, (score, _) in zip(keys, hits, strict=True)}

    def _clauses_of(
        self, query: tuple[str, ...]
    ) -> "tuple[list[tuple[tantivy.Occur, tantivy.Query]], float, dict[str, float]]":
        """The term queries, the highest BM25 that they can reach together, and the terms' idfs."""
        import tantivy

        total = self._searcher.doc_freq("every", "1")  # with the deleted ones, as tantivy itself counts
        clauses: list[tuple[tantivy.Occur, tantivy.Query]] = []
        bound = 0.0
        idfs: dict[str, float] = {}
        for term in list(dict.fromkeys(query))[:MAX_QUERY_TERMS]:
            counts = {field: self._searcher.doc_freq(field, term) for field in ("body", "heading")}
            weight = idfs[term] = _idf(max(counts.values()), total)
            bound += weight * (K1 + 1) * (1 + HEADING_WEIGHT)
            for field, count in counts.items():
                if count:
                    boost = weight / _idf(count, total) * (HEADING_WEIGHT if field == "heading" else 1.0)
                    one = tantivy.Query.term_query(self._schema, field, term, "freq")
                    clauses.append((tantivy.Occur.Should, tantivy.Query.boost_query(one, boost)))
        return clauses, bound, idfs

    def _keys_of(self, hits: "list[tuple[float, tantivy.DocAddress]]") -> list[int]:
        values = self._searcher.fast_field_values("key", [address for _, address in hits])
        return [int(value) for value in values if value is not None]


class LexicalWriter:
    """Changes one tantivy directory, as a context manager; nothing counts before `commit`."""

    def __init__(self, path: Path) -> None:
        """Open the directory for writing, or make it."""
        import tantivy

        path.mkdir(parents=True, exist_ok=True)
        # One thread: the order of passages, and so of equal scores, is the same in every build.
        self._writer = tantivy.Index(_schema(), str(path)).writer(heap_size=128_000_000, num_threads=1)

    def add(self, key: int, article: int, heading: str, body: str) -> None:
        """Add a passage by its keys and its folded heading and body."""
        import tantivy

        document = tantivy.Document()
        document.add_unsigned("key", key)
        document.add_unsigned("article", article)
        document.add_text("every", "1")
        document.add_text("heading", _joined(heading))
        document.add_text("body", " ".join(terms(body)))
        self._writer.add_document(document)

    def delete(self, keys: Iterable[int]) -> None:
        """Delete passages that were added before this call."""
        import tantivy

        # By query: `delete_documents_by_term` takes its number for a signed one and finds nothing.
        self._writer.delete_documents_by_query(
            tantivy.Query.term_set_query(_schema(), "key", [int(key) for key in keys])
        )

    def commit(self) -> int:
        """Make everything durable at once; the opstamp of this commit."""
        return int(self._writer.commit())

    def __enter__(self) -> "LexicalWriter":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Drop what was not committed, finish merges, and release tantivy's own lock."""
        if kind is not None:
            self._writer.rollback()
        self._writer.wait_merging_threads()


def find_damage(path: Path) -> list[str]:
    """Names of the directory's files whose content is not what tantivy wrote (their own CRC-32 says so)."""
    damaged = []
    for file in sorted(path.iterdir()):
        if file.suffix in {".json", ".lock"} or file.name.startswith("."):
            continue
        content = file.read_bytes()
        try:
            size = int.from_bytes(content[-8:-4], "little")  # of the JSON footer, before two u32: size, magic
            written = json.loads(content[-8 - size : -8])["crc"]
            sound = zlib.crc32(content[: -8 - size]) == written
        except (ValueError, KeyError, TypeError):
            sound = False
        if not sound:
            damaged.append(file.name)
    return damaged


def _idf(count: int, total: int) -> float:
    """tantivy's inverse document frequency."""
    return math.log(1 + (total - count + 0.5) / (count + 0.5))


def _commit_of(path: Path) -> tuple[int, int]:
    """The opstamp of the last commit and the number of deleted documents that its segments still hold."""
    meta = json.loads((path / "meta.json").read_text("utf-8"))
    deleted = sum((segment["deletes"] or {}).get("num_deleted_docs", 0) for segment in meta["segments"])
    return int(meta["opstamp"]), deleted


@lru_cache(maxsize=1024)
def _joined(heading: str) -> str:
    return " ".join(terms(heading))  # the passages of a section share their heading


@cache
def _schema() -> "tantivy.Schema":
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("key", indexed=True, fast=True)
    builder.add_unsigned_field("article", indexed=True)
    # One term that every passage has: its document frequency is the total that tantivy's idf uses.
    builder.add_text_field("every", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("heading", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
    return builder.build()
