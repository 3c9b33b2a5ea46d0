"""One write to a store: the lock, the order in which files change, the one commit point, the tidying.

1. tantivy: new passages are added and committed; none that the last generation needs is deleted.
2. FAISS: if it is time to merge, a new file beside the old one.
3. SQLite: the generation row that names both, in the transaction that holds all else. This is the commit.
4. Tidying: what the new generation does not need is deleted. Readers that were still opening it start again.

A death before 3 leaves the last generation as it was, with passages in tantivy that no generation knows and
that readers ignore; a death in 4 leaves the new one. The next write tidies what either left.
"""

import json
import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from index import database, dense, shelf
from index.damage import DamagedIndexError
from index.database import Generation
from index.errors import StoreError
from index.folding import fold
from index.lexical import LexicalIndex, LexicalWriter
from index.passage_index import Entry, check_embedder
from index.reprints import Reprints
from index.sketches import sketch

MERGE_SHARE = 0.2
MERGE_COUNT = 10_000
"""FAISS' file is written anew once this share of it is dead, or this share or this many are beside it."""

STALE_SHARE = 0.1
SMALL = 1_000
"""tantivy's statistics count deleted passages until it merges them away. Its folder is built anew when
they are more than this share; always up to `SMALL` passages, which so score as if none was ever deleted."""

_log = logging.getLogger(__name__)


@contextmanager
def writing(path: Path) -> "Iterator[Writing]":
    """The one write that a store allows at a time, else StoreBusyError. Nothing stays without `commit`."""
    with database.write_lock(path):
        connection = database.connect(path)
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield Writing(path, connection)
        finally:
            connection.close()  # rolls back what was not committed


class Writing:
    """Changes of one write, in memory of none: rows go to SQLite's open transaction at once."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.base = database.newest_generation(connection)
        self.changed = False
        self._path = path
        self._connection = connection
        self._lexical, self._indexed = self._open_lexical()
        # A write that died may have left more keys in tantivy than the last generation has.
        self._base_last = max([self.base.last_key if self.base else 0, *self._indexed[-1:].tolist()])
        self._last_key = self._base_last
        self._dimension = self.base.dimension if self.base else 0
        self._dropped: list[int] = []
        self._reprints = Reprints(connection)

    def check(self, embedder: str) -> None:
        """EmbedderMismatchError if the store holds another embedder's vectors."""
        if self.base and self.base.passages:
            check_embedder(self.base.embedder, embedder)

    def put(self, entry: Entry) -> None:
        """Add an article, or replace the one with its id."""
        self.drop(entry.article.id)
        rows, width = entry.vectors.shape
        if rows != len(entry.passages) or not np.isfinite(entry.vectors).all():
            raise StoreError(f"文章「{entry.article.id}」的向量无效（{rows} 行）；请检查向量模型")
        key = database.insert_article(self._connection, entry.article, entry.fingerprint)
        database.insert_passages(self._connection, key, self._last_key + 1, entry.passages, entry.vectors)
        shelf.insert_sketch(self._connection, key, sketch(entry.passages))
        self._reprints.touch(key)
        self._last_key += rows
        self._dimension = width
        self.changed = True

    def drop(self, article_id: str) -> bool:
        """Remove an article; whether there was one."""
        self._reprints.leave(article_id)
        keys = database.delete_article(self._connection, article_id)
        if keys is None:
            return False
        self._dropped += keys
        self.changed = True
        return True

    def commit(self, embedder: str, *, fresh: bool = False) -> Generation:
        """Make the write count, then tidy. `fresh` builds tantivy's and FAISS' files anew from SQLite."""
        self._reprints.settle()
        self._dropped += shelf.shelve(self._connection)
        self._last_key += shelf.unshelve(self._connection, self._last_key + 1)
        number = self.base.number + 1 if self.base else 1
        count = "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM passages)"
        articles, passages = self._connection.execute(count).fetchone()
        try:
            lexical, opstamp = self._write_lexical(number, passages, fresh)
            vectors = self._write_dense(number, fresh)
        except sqlite3.Error:
            raise
        except Exception as error:
            raise StoreError(
                f"无法写入 {self._path} 中的检索文件（{error}）；原有索引未变，请检查磁盘空间后再试"
            ) from error
        created = datetime.now(UTC).isoformat(timespec="seconds")
        generation = Generation(
            number,
            created,
            embedder,
            self._dimension,
            articles,
            passages,
            self._last_key,
            lexical,
            opstamp,
            *vectors,
        )
        database.insert_generation(self._connection, generation)
        self._connection.execute("COMMIT")
        self._tidy(generation)
        return generation

    def _open_lexical(self) -> tuple[LexicalIndex | None, dense.Keys]:
        """The last generation's folder and the keys in it; None if there is none to go on with."""
        nothing = np.empty(0, np.int64)
        if self.base is None:
            return None, nothing
        try:
            index = LexicalIndex(self._path / "lexical" / self.base.lexical)
            return index, index.keys()
        except DamagedIndexError as damage:
            _log.warning("%s 的全文索引丢失或损坏（%s），将从数据库重建", self._path, damage)
            return None, nothing

    def _write_lexical(self, number: int, passages: int, fresh: bool) -> tuple[str, int]:
        """Index the new passages; the folder and its opstamp."""
        if self.base and not fresh and (leftovers := self._leftovers(self.base, passages)) is not None:
            folder = self._path / "lexical" / self.base.lexical
            return folder.name, self._index_after(folder, self._base_last, leftovers)
        folder = self._path / "lexical" / f"{number:06}"
        shutil.rmtree(folder, ignore_errors=True)  # of a write that died
        return folder.name, self._index_after(folder, 0, [])

    def _leftovers(self, base: Generation, passages: int) -> list[int] | None:
        """Passages in tantivy that the last generation does not know; None if it must be built anew."""
        lexical = self._lexical
        if lexical is None or lexical.opstamp < base.opstamp:
            return None
        known = [key for (key,) in self._connection.execute("SELECT key FROM passages")] + self._dropped
        leftovers: list[int] = np.setdiff1d(self._indexed, np.array(known, dtype=np.int64)).tolist()
        worn = lexical.deleted + len(leftovers) + len(self._dropped)
        if len(self._indexed) - len(leftovers) != base.passages or worn > STALE_SHARE * passages:
            return None
        return None if worn and passages <= SMALL else leftovers

    def _index_after(self, folder: Path, key: int, leftovers: list[int]) -> int:
        rows = self._connection.execute(
            "SELECT key, article, heading, search_text FROM passages WHERE key > ? ORDER BY key", (key,)
        )
        with LexicalWriter(folder) as writer:
            writer.delete(leftovers)
            heading, folded = "", ""
            for passage, article, title, body in rows:
                if title != heading:  # the passages of a section share theirs
                    heading, folded = title, fold(title)
                writer.add(passage, article, folded, body)
            return writer.commit()

    def _write_dense(self, number: int, fresh: bool) -> tuple[str, int, int, int]:
        """Merge the vectors into a new file if it is time to; the file, its size, count and last key."""
        base = self.base
        last = base.dense_last if base else 0
        held = base.dense_count if base else 0
        count = "SELECT count(*) FILTER (WHERE key <= ?), count(*) FILTER (WHERE key > ?) FROM passages"
        alive, new = self._connection.execute(count, (last, last)).fetchone()
        if alive + new == 0:
            return "", 0, 0, 0
        if base and not fresh and base.dimension == self._dimension and self._is_whole(base):
            worn = new > min(MERGE_COUNT, MERGE_SHARE * held) or held - alive > MERGE_SHARE * held
            if not worn:
                return base.dense, base.dense_bytes, base.dense_count, base.dense_last
        file = self._path / "dense" / f"{number:06}.faiss"
        size = dense.write_base(
            file, self._dimension, database.vectors_after(self._connection, 0, self._dimension)
        )
        return file.name, size, alive + new, self._last_key

    def _is_whole(self, base: Generation) -> bool:
        file = self._path / "dense" / base.dense
        return file.is_file() and file.stat().st_size == base.dense_bytes

    def _tidy(self, generation: Generation) -> None:
        """Delete what the new generation does not need. The commit stands whatever happens here."""
        try:
            if self.base and self.base.lexical == generation.lexical and self._dropped:
                with LexicalWriter(self._path / "lexical" / generation.lexical) as writer:
                    writer.delete(self._dropped)
                    writer.commit()
            for folder, kept in (("lexical", generation.lexical), ("dense", generation.dense)):
                for old in (self._path / folder).glob("*"):
                    if old.name != kept:
                        shutil.rmtree(old, ignore_errors=True) if old.is_dir() else old.unlink(
                            missing_ok=True
                        )
            self._connection.execute("PRAGMA busy_timeout = 0")  # a reader may stay: the log is emptied later
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            draft = self._path / "manifest.json.draft"
            draft.write_text(_manifest(generation), "utf-8")
            draft.replace(self._path / "manifest.json")
        except Exception as error:
            _log.warning("%s 已写入，但旧文件未能清理（%s），下次写入时再清理", self._path, error)


def _manifest(generation: Generation) -> str:
    """What people see who look into the folder."""
    shown = {
        "what": "问策 (Wence) 的索引；wence.db 是全部数据，lexical/ 与 dense/ 可由它重建",
        "format": database.FORMAT_VERSION,
        "generation": generation.number,
        "created": generation.created,
        "embedder": generation.embedder,
        "articles": generation.articles,
        "passages": generation.passages,
    }
    return json.dumps(shown, ensure_ascii=False, indent=2) + "\n"
