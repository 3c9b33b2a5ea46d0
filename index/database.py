"""The SQLite file of a store: its schema, its connections, and how records become rows.

Keys (whole numbers) name articles and passages inside a store. They are never used again, so what tantivy or
FAISS still hold of a passage that is gone, or of a write that died, cannot be taken for another passage.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.errors import InputError, StoreBusyError, StoreError
from index.filtering import days_in_force, names_of
from index.folding import fold
from index.records import Article, Origin, Passage, Run, Source
from index.versions import version_key

FILE = "wence.db"
FORMAT_VERSION = 3
APPLICATION_ID = 0x57656E63  # "Wenc", in the header of the file

_DAYS = ("published", "effective", "expires")

_SCHEMA = f"""
CREATE TABLE generations (
    number INTEGER PRIMARY KEY, created TEXT NOT NULL,
    embedder TEXT NOT NULL, dimension INTEGER NOT NULL, articles INTEGER NOT NULL, passages INTEGER NOT NULL,
    last_key INTEGER NOT NULL, lexical TEXT NOT NULL, opstamp INTEGER NOT NULL,
    dense TEXT NOT NULL, dense_bytes INTEGER NOT NULL, dense_count INTEGER NOT NULL,
    dense_last INTEGER NOT NULL
);
CREATE TABLE articles (
    key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, fingerprint BLOB NOT NULL,
    region TEXT NOT NULL, published TEXT, names TEXT NOT NULL, kind TEXT NOT NULL,
    first_day TEXT, last_day TEXT, facts TEXT NOT NULL, length INTEGER NOT NULL, text TEXT NOT NULL,
    version_key TEXT NOT NULL, reprint_of INTEGER,
    place TEXT GENERATED ALWAYS AS (coalesce(published, '9999') || ' ' || id) VIRTUAL
);
CREATE INDEX articles_of_version ON articles (version_key) WHERE version_key <> '';
CREATE INDEX reprints_of_article ON articles (reprint_of) WHERE reprint_of IS NOT NULL;
CREATE TABLE sketches (
    article INTEGER PRIMARY KEY REFERENCES articles (key) ON DELETE CASCADE,
    pieces INTEGER NOT NULL, figures BLOB NOT NULL
);
CREATE TABLE bands (
    band INTEGER NOT NULL, article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
    PRIMARY KEY (band, article)
) WITHOUT ROWID;
CREATE INDEX bands_of_article ON bands (article);
CREATE TABLE passages (
    key INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles (key), id TEXT NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, heading TEXT NOT NULL, search_text TEXT NOT NULL,
    offsets BLOB NOT NULL
);
CREATE INDEX passages_of_article ON passages (article);
CREATE TABLE vectors (passage INTEGER PRIMARY KEY REFERENCES passages (key), vector BLOB NOT NULL);
CREATE TABLE shelf (
    article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE, id TEXT NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, heading TEXT NOT NULL, search_text TEXT NOT NULL,
    offsets BLOB NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX shelf_of_article ON shelf (article);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {FORMAT_VERSION};
"""


@dataclass(frozen=True, slots=True)
class Generation:
    """One commit: what was in the store, and in which derived files it is indexed. A row of `generations`."""

    number: int
    created: str
    embedder: str
    dimension: int
    articles: int
    passages: int
    last_key: int
    """No passage of this generation has a larger key."""
    lexical: str
    """Folder under `lexical/`."""
    opstamp: int
    dense: str
    """File under `dense/`, empty while there is nothing to hold."""
    dense_bytes: int
    dense_count: int
    dense_last: int
    """Passages with larger keys are not in the file: their vectors are read from here."""


@dataclass(frozen=True, slots=True)
class ArticleInfo:
    """What a list of articles shows: an article without its text."""

    id: str
    title: str
    published: date | None
    publisher: str
    region: str
    url: str
    document_number: str
    status: str
    kind: str
    issuer: str
    length: int
    """Code points of the text."""


def connect(path: Path) -> sqlite3.Connection:
    """A connection in autocommit mode that any thread may use, one at a time."""
    connection = sqlite3.connect(path / FILE, timeout=10, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def create(path: Path) -> None:
    """Make the schema in a fresh database; harmless if another process was faster."""
    connection = connect(path)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        if is_blank(connection):
            for statement in _SCHEMA.split(";"):
                connection.execute(statement)
        connection.execute("COMMIT")
    finally:
        connection.close()


def is_blank(connection: sqlite3.Connection) -> bool:
    """Whether the database holds nothing at all: its creation was never finished."""
    tables: int = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    return tables == 0 and connection.execute("PRAGMA application_id").fetchone()[0] == 0


def check_format(connection: sqlite3.Connection, path: Path) -> None:
    """Raise StoreError for a database that is not a store's, or of another version."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise StoreError(f"{path / FILE} 不是问策的索引；请用 --store 另选目录")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > FORMAT_VERSION:
        raise StoreError(
            f"{path} 的索引由较新版本的问策建立（格式 {version}，本程序为 {FORMAT_VERSION}）；请升级 wence"
        )
    if version < FORMAT_VERSION:
        raise StoreError(
            f"{path} 的索引是旧格式（{version}，现为 {FORMAT_VERSION}）；请用 wence index 在新目录重新建立"
        )


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into StoreError."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorname in {"SQLITE_BUSY", "SQLITE_LOCKED"}:
            raise StoreBusyError(f"{path} 正在被另一个进程写入；请等它结束后再试") from error
        raise StoreError(
            f"{path / FILE} 无法读写（{error}）；请检查磁盘，或删去该目录后重新运行 wence index"
        ) from error


@contextmanager
def write_lock(path: Path) -> Iterator[None]:
    """Hold the store's one write lock, StoreBusyError if it is taken; a killed process lets go of it."""
    connection = sqlite3.connect(path / "write.lock", timeout=0, isolation_level=None)
    try:
        with translated(path):
            connection.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        connection.close()


def newest_generation(connection: sqlite3.Connection) -> Generation | None:
    """The last commit, None before the first."""
    row = connection.execute("SELECT * FROM generations ORDER BY number DESC LIMIT 1").fetchone()
    return None if row is None else Generation(*row)


def insert_generation(connection: sqlite3.Connection, generation: Generation) -> None:
    """Add the row that makes a write count."""
    insert = "INSERT INTO generations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    connection.execute(insert, astuple(generation))


def asked(article: Article) -> tuple[str | None, ...]:
    """What filters ask of an article: its columns region, published, names, kind, first_day and last_day."""
    first, last = days_in_force(article) or (None, None)
    published = _iso(article.published)
    return article.region, published, names_of(article), article.kind, _iso(first), _iso(last)


def insert_article(connection: sqlite3.Connection, article: Article, fingerprint: bytes) -> int:
    """Add an article; its key."""
    facts = asdict(article)
    text = facts.pop("text")
    cursor = connection.execute(
        "INSERT INTO articles (id, fingerprint, region, published, names, kind, first_day, last_day, facts,"
        " length, text, version_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING key",
        (
            article.id,
            fingerprint,
            *asked(article),
            json.dumps(facts, ensure_ascii=False, default=str),
            len(text),
            text,
            version_key(article),
        ),
    )
    key: int = cursor.fetchone()[0]
    return key


def insert_passages(
    connection: sqlite3.Connection,
    article: int,
    first_key: int,
    passages: Sequence[Passage],
    vectors: npt.NDArray[np.float32],
) -> None:
    """Add an article's passages with the keys from `first_key` on, and their vectors."""
    connection.executemany(
        "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (key, article, p.id, p.start, p.end, p.heading, p.search_text, _pack(p.offsets))
            for key, p in enumerate(passages, first_key)
        ),
    )
    connection.executemany(
        "INSERT INTO vectors VALUES (?, ?)",
        ((key, row.tobytes()) for key, row in enumerate(vectors.astype("<f2"), first_key)),
    )


def delete_article(connection: sqlite3.Connection, article_id: str) -> list[int] | None:
    """Delete an article with its passages; their keys, None if there is no such article."""
    row = connection.execute("SELECT key FROM articles WHERE id = ?", (article_id,)).fetchone()
    if row is None:
        return None
    keys = [key for (key,) in connection.execute("SELECT key FROM passages WHERE article = ?", row)]
    connection.executemany("DELETE FROM vectors WHERE passage = ?", ((key,) for key in keys))
    connection.execute("DELETE FROM passages WHERE article = ?", row)
    connection.execute("DELETE FROM articles WHERE key = ?", row)
    return keys


def article(connection: sqlite3.Connection, article_id: str) -> Article:
    """An article with its text; InputError if there is none of this id."""
    row = connection.execute("SELECT facts, text FROM articles WHERE id = ?", (article_id,)).fetchone()
    if row is None:
        raise InputError(f"索引里没有编号为「{article_id}」的文章；用 wence info 查看已有文章")
    return Article(**_facts(row[0]), text=row[1])


def article_of_key(connection: sqlite3.Connection, key: int) -> Article:
    """The article of a key, without its text."""
    row = connection.execute("SELECT facts FROM articles WHERE key = ?", (key,)).fetchone()
    return Article(**_facts(row[0]), text="")


def list_articles(connection: sqlite3.Connection) -> list[ArticleInfo]:
    """All articles by id, without their texts."""
    rows = connection.execute("SELECT facts, length FROM articles ORDER BY id")
    return [_info(json.loads(facts), length) for facts, length in rows]


def passages_of(connection: sqlite3.Connection, article_id: str) -> list[Passage]:
    """An article's passages in the order of its text; InputError if there is none of this id."""
    text = article(connection, article_id).text
    key = connection.execute("SELECT key FROM articles WHERE id = ?", (article_id,)).fetchone()[0]
    rows = connection.execute(
        "SELECT id, start, end, heading, search_text, offsets FROM passages WHERE article = :key UNION ALL"
        " SELECT id, start, end, heading, search_text, offsets FROM shelf WHERE article = :key ORDER BY 2",
        {"key": key},
    )
    return [_passage(row, article_id, text) for row in rows]


def passages(connection: sqlite3.Connection, keys: Iterable[int]) -> dict[int, Passage]:
    """The passages with these keys; one that does not exist is absent."""
    found: dict[int, Passage] = {}
    owners: dict[int, tuple[str, str]] = {}
    for key in keys:
        row = connection.execute(
            "SELECT id, start, end, heading, search_text, offsets, article FROM passages WHERE key = ?",
            (key,),
        ).fetchone()
        if row is None:
            continue
        if row[6] not in owners:
            query = "SELECT id, text FROM articles WHERE key = ?"
            owners[row[6]] = connection.execute(query, (row[6],)).fetchone()
        found[key] = _passage(row[:6], *owners[row[6]])
    return found


def search_texts(connection: sqlite3.Connection, keys: Sequence[int]) -> dict[int, tuple[str, int, str, str]]:
    """The article's id, the start, the folded heading and the search text of the passages with these keys."""
    rows = connection.execute(
        "SELECT p.key, a.id, p.start, p.heading, p.search_text FROM passages p JOIN articles a"
        " ON a.key = p.article WHERE p.key IN (SELECT value FROM json_each(?))",
        (json.dumps(list(keys)),),
    )
    return {key: (name, start, _folded(heading), text) for key, name, start, heading, text in rows}


@lru_cache(maxsize=4096)
def _folded(heading: str) -> str:
    return fold(heading)  # the passages of a section share their heading


def vectors_after(
    connection: sqlite3.Connection, key: int, dimension: int, size: int = 4096
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.float16]]]:
    """Keys and vectors of the passages with larger keys than `key`, ascending, in batches."""
    rows = connection.execute(
        "SELECT passage, vector FROM vectors WHERE passage > ? ORDER BY passage", (key,)
    )
    while batch := rows.fetchmany(size):
        joined = np.frombuffer(b"".join(vector for _, vector in batch), dtype="<f2")
        yield np.array([k for k, _ in batch], np.int64), joined.reshape(len(batch), dimension)


def _passage(row: tuple[str, int, int, str, str, bytes], article_id: str, text: str) -> Passage:
    identity, start, end, heading, search_text, offsets = row
    return Passage(identity, article_id, start, end, text[start:end], heading, search_text, _unpack(offsets))


def _pack(offsets: Sequence[Run]) -> bytes:
    return np.array(offsets, dtype="<i4").tobytes()


def _unpack(packed: bytes) -> tuple[Run, ...]:
    runs = iter(np.frombuffer(packed, dtype="<i4").tolist())
    return tuple(zip(runs, runs, runs, runs, strict=True))


def _facts(stored: str) -> dict[str, Any]:
    """An article's fields without its text, of their own types again."""
    facts: dict[str, Any] = json.loads(stored)
    for name in _DAYS:
        facts[name] = _date(facts[name])
    facts["pages"] = tuple(facts["pages"])
    facts["recurring"] = tuple((start, end) for start, end in facts.get("recurring", ()))
    facts["origins"] = tuple(Origin(**origin) for origin in facts["origins"])
    facts["sources"] = tuple(
        Source(**source | {"published": _date(source["published"])}) for source in facts["sources"]
    )
    return facts


def _info(facts: dict[str, Any], length: int) -> ArticleInfo:
    shown = {name: facts[name] for name in ArticleInfo.__slots__ if name != "length"}
    return ArticleInfo(**shown | {"published": _date(facts["published"])}, length=length)


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
