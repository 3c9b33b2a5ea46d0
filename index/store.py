"""The store on disk: a directory of articles, passages and vectors that is always a whole, committed one.

SQLite (`wence.db`) is the source of truth; tantivy's folder and FAISS' file are derived from it, named by
the newest generation row, and rebuilt from it when they are lost or damaged.
"""

import logging
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock

from index import database, reprints, updating, verification
from index.damage import DamagedIndexError
from index.database import ArticleInfo, Generation
from index.embedders import Embedder
from index.errors import InputError, StoreError
from index.passage_index import Entry, FloatArray
from index.readers import ReadFailure
from index.records import Article, Filters, Hit, Passage
from index.reprints import Relations
from index.snapshot import Indexes, Snapshot
from index.updating import UpdateReport
from index.writing import writing

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """What a store holds."""

    articles: int
    passages: int
    generation: int
    """Number of the newest commit, 0 before the first."""
    embedder: str
    newest: date | None
    """The latest day on which one of its articles was published."""
    path: Path
    bytes: int
    """Of all its files."""
    reprints: int = 0
    """Articles whose text is that of another, which is searched in their place."""


class Store:
    """The embedded `PassageIndex`. Any number of threads may use it; each search sees the newest commit."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        self._idle: list[sqlite3.Connection] = []
        self._indexes: Indexes | None = None
        self._closed = False

    @classmethod
    def open(cls, path: Path, *, create: bool = False) -> "Store":
        """Open a store; `create` makes one where there is nothing. StoreError if it cannot be used."""
        present = (path / database.FILE).is_file()
        if not present and path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise StoreError(f"{path} 不是问策的索引目录，里面另有文件；请用 --store 另选一个空目录")
        with database.translated(path):
            if present:
                connection = database.connect(path)
                try:
                    present = not database.is_blank(connection)
                    if present:
                        database.check_format(connection, path)
                finally:
                    connection.close()
            if not present:
                if not create:
                    raise StoreError(f"{path} 还没有索引；请先运行 wence index 文章目录 --store {path}")
                path.mkdir(parents=True, exist_ok=True)
                database.create(path)
        return cls(path)

    def close(self) -> None:
        """Let go of all files; a search that is running ends undisturbed."""
        with self._lock:
            self._closed = True
            idle, self._idle, self._indexes = self._idle, [], None
        for connection in idle:
            connection.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Reading

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """The newest commit, which stays as it is until the end of the `with` block."""
        with database.translated(self.path):
            connection, indexes = self._pin()
            try:
                yield Snapshot(connection, indexes)
            finally:
                self._give_back(connection)

    def search(self, query: str, vector: FloatArray, k: int, filters: Filters) -> list[Hit]:
        """The best `k` passages for the folded query and its vector that the filters allow, best first."""
        with self.snapshot() as snapshot:
            try:
                return snapshot.search(query, vector, k, filters)
            except DamagedIndexError as damage:  # inside the files, where opening them did not look
                found = damage
        self._repair(snapshot.generation, found)
        with self.snapshot() as snapshot:
            return snapshot.search(query, vector, k, filters)

    def article(self, article_id: str) -> Article:
        """An article with its text; InputError if there is none of this id."""
        with self._reading() as connection:
            return reprints.with_sources(connection, database.article(connection, article_id))

    def relations(self, article_id: str) -> Relations:
        """What other articles have to do with one; InputError if there is none of this id."""
        with self._reading() as connection:
            return reprints.relations(connection, article_id)

    def passages(self, article_id: str) -> list[Passage]:
        """An article's passages in the order of its text; InputError if there is none of this id."""
        with self._reading() as connection:
            return database.passages_of(connection, article_id)

    def list_articles(self) -> list[ArticleInfo]:
        """All articles by id, without their texts."""
        with self._reading() as connection:
            return database.list_articles(connection)

    def fingerprints(self) -> dict[str, bytes]:
        """The fingerprint of every article, by its id."""
        with self._reading() as connection:
            return dict(connection.execute("SELECT id, fingerprint FROM articles"))

    @property
    def embedder(self) -> str:
        """The name of the model whose vectors are held, empty if there are none."""
        generation = self._generation()
        return generation.embedder if generation and generation.passages else ""

    @property
    def generation(self) -> int:
        """Number of the newest commit, 0 before the first."""
        generation = self._generation()
        return generation.number if generation else 0

    def info(self) -> StoreInfo:
        """What the store holds."""
        with self._reading() as connection:
            generation = database.newest_generation(connection)
            count = "SELECT max(published), count(reprint_of) FROM articles"
            newest, copies = connection.execute(count).fetchone()
        size = sum(_size(Path(folder, name)) for folder, _, names in os.walk(self.path) for name in names)
        return StoreInfo(
            articles=generation.articles if generation else 0,
            passages=generation.passages if generation else 0,
            generation=generation.number if generation else 0,
            embedder=generation.embedder if generation else "",
            newest=date.fromisoformat(newest) if newest else None,
            path=self.path,
            bytes=size,
            reprints=copies,
        )

    def verify(self) -> list[str]:
        """What is wrong with the store, in sentences for people; empty if nothing is."""
        with self._reading() as connection:
            return verification.verify(self.path, connection)

    # Writing

    def update(
        self,
        articles: Iterable[Article | ReadFailure],
        embedder: Embedder,
        *,
        progress: Callable[[int], None] | None = None,
    ) -> UpdateReport:
        """Add new articles and replace changed ones; see `updating.update`."""
        return updating.update(self, articles, embedder, progress)

    def add(self, entries: Iterable[Entry], embedder: str) -> None:
        """Add or replace articles, all in one commit; an exception leaves the store as it was."""
        with database.translated(self.path), writing(self.path) as write:
            write.check(embedder)
            for entry in entries:
                write.put(entry)
            if write.changed:
                write.commit(embedder)

    def remove(self, article_ids: Sequence[str]) -> list[str]:
        """Remove articles; their ids. InputError for an unknown id, and nothing is removed."""
        wanted = list(dict.fromkeys(article_ids))
        with database.translated(self.path), writing(self.path) as write:
            unknown = [article_id for article_id in wanted if not write.drop(article_id)]
            if unknown:
                names = "」「".join(unknown)
                raise InputError(f"索引里没有编号为「{names}」的文章，未移除任何文章；用 wence info 查看")
            if write.changed and write.base:
                write.commit(write.base.embedder)
        return wanted

    def rebuild(self) -> None:
        """Build tantivy's and FAISS' files anew from SQLite; the old ones serve until then."""
        with database.translated(self.path), writing(self.path) as write:
            if write.base:
                write.commit(write.base.embedder, fresh=True)

    # Connections and the files of the newest generation

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one state of the database."""
        with database.translated(self.path):
            connection = self._take()
            try:
                yield connection
            finally:
                self._give_back(connection)

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._closed:
                raise StoreError(f"{self.path} 的索引已关闭；请重新打开")
            connection = self._idle.pop() if self._idle else None
        connection = connection or database.connect(self.path)
        connection.execute("BEGIN")
        return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        connection.rollback()
        with self._lock:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()

    def _generation(self) -> Generation | None:
        with self._reading() as connection:
            return database.newest_generation(connection)

    def _pin(self) -> tuple[sqlite3.Connection, Indexes | None]:
        """A connection that sees one generation, and the opened files of that generation."""
        repaired = False
        while True:
            connection = self._take()
            try:
                generation = database.newest_generation(connection)
                indexes = self._indexes
                if generation is None:
                    return connection, None
                if indexes is not None and indexes.generation == generation:
                    return connection, indexes
                damage: DamagedIndexError | None = None
                try:
                    indexes = Indexes(self.path, connection, generation)
                except DamagedIndexError as error:
                    damage = error
                # Files are deleted only behind a newer row; if there is none, these were this generation's.
                if self._generation() == generation:
                    if damage is None:
                        self._indexes = indexes
                        return connection, indexes
                    if repaired:
                        raise StoreError(
                            f"{self.path} 的检索文件已损坏且无法重建（{damage}）；请检查磁盘"
                        ) from damage
            except BaseException:  # an interrupt too must give the connection back
                self._give_back(connection)
                raise
            self._give_back(connection)
            if damage is not None:
                self._repair(generation, damage)
                repaired = True

    def _repair(self, generation: Generation | None, damage: DamagedIndexError) -> None:
        with writing(self.path) as write:
            if write.base and write.base == generation:  # else another process was faster
                _log.warning("%s 的检索文件丢失或损坏（%s），正在从数据库重建", self.path, damage)
                write.commit(write.base.embedder, fresh=True)


def _size(file: Path) -> int:
    """Bytes of a file; 0 of one that a writer has just deleted."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0
