"""Reprints: the same text from several places is one article with several sources.

Of the articles with one text the first to be published is kept; the others are its reprints. A reprint stays
in the database with its passages and vectors, on a shelf that no search sees, and takes its place in the
index when what it repeats goes. Which are kept depends on the articles alone, not on when they came: taken by
their day and their id (their place), an article is a reprint if one that is kept before it has its text.
"""

import heapq
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from index import database, shelf
from index.records import Article, Source
from index.regions import related
from index.sketches import Likeness, likeness, pieces
from index.versions import bare_title

SAME_SHARED = 0.9
SAME_CONTAINED = 0.97
"""Two texts are the same if they share so many of their pieces, nearly all of the shorter one's, and if all
their figures agree: what else one has is credits, captions or advertisements that cleaning did not know."""

LIKE_SHARED = 0.8
"""From here on two articles are near-duplicates: linked, never merged."""

_OFFICIAL = ("法规", "政策文件")


@dataclass(frozen=True, slots=True)
class Relative:
    """Another article that has to do with one."""

    article_id: str
    title: str
    published: str
    """As `YYYY-MM-DD`, empty if unknown."""


@dataclass(frozen=True, slots=True)
class Relations:
    """What other articles have to do with one."""

    reprint_of: Relative | None = None
    """The article that is searched in its place."""
    near: tuple[tuple[Relative, float], ...] = ()
    """Near-duplicates that are no reprints, with the share of their pieces in common; the nearest first."""
    older: tuple[Relative, ...] = ()
    newer: tuple[Relative, ...] = ()
    """Other versions of the regulation or policy, in the order of their days."""


def is_same(one: Article, other: Article, texts: Likeness) -> bool:
    """Whether one of two articles with the same figures reprints the other.

    Regulations and policies must be one by title, day and number too: their versions, and those of two
    cities, may differ in few words.
    """
    if texts.shared < SAME_SHARED or texts.contained < SAME_CONTAINED:
        return False
    if one.region and other.region and not related(one.region, other.region):
        return False
    if one.kind not in _OFFICIAL and other.kind not in _OFFICIAL:
        return True
    facts = (
        (one.published, other.published),
        (one.document_number, other.document_number),
        (one.region, other.region),
        (bare_title(one.title), bare_title(other.title)),
    )
    return all(not a or not b or a == b for a, b in facts)


class Reprints:
    """Keeps the reprints of a database right while articles come and go, within one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._pieces = lru_cache(maxsize=4096)(self._read_pieces)
        self._article = lru_cache(maxsize=4096)(self._read_article)
        self._queue: list[tuple[str, int]] = []

    def touch(self, key: int) -> None:
        """Note that an article is new."""
        place = self._connection.execute("SELECT place FROM articles WHERE key = ?", (key,)).fetchone()[0]
        heapq.heappush(self._queue, (place, key))

    def leave(self, article_id: str) -> None:
        """Note that an article is about to go: its reprints are no longer its."""
        query = "SELECT key FROM articles WHERE reprint_of = (SELECT key FROM articles WHERE id = ?)"
        for (key,) in self._connection.execute(query, (article_id,)).fetchall():
            self._connection.execute("UPDATE articles SET reprint_of = NULL WHERE key = ?", (key,))
            self.touch(key)

    def settle(self) -> None:
        """Decide again for all that was noted, and for those that this concerns."""
        previous = None
        while self._queue:
            place, key = heapq.heappop(self._queue)
            exists = self._connection.execute("SELECT 1 FROM articles WHERE key = ?", (key,)).fetchone()
            if key == previous or not exists:  # it was noted twice, or dropped since
                continue
            previous = key
            candidates = self._candidates(key)
            kept_before = (other for at, other, of in candidates if at < place and of is None)
            original = next((other for other in kept_before if self._is_same(key, other)), None)
            self._connection.execute("UPDATE articles SET reprint_of = ? WHERE key = ?", (original, key))
            for at, other, of in candidates:
                if at > place and (of == key or (original is None and self._is_same(key, other))):
                    heapq.heappush(self._queue, (at, other))

    def _candidates(self, key: int) -> list[tuple[str, int, int | None]]:
        """Articles that may have the text of one: their places, ascending, keys, and what they reprint."""
        return self._connection.execute(
            "SELECT DISTINCT place, key, reprint_of FROM bands AS own JOIN bands AS other USING (band)"
            " JOIN articles ON key = other.article"
            " JOIN sketches AS a ON a.article = own.article JOIN sketches AS b ON b.article = other.article"
            " WHERE own.article = :key AND other.article <> :key AND a.figures = b.figures"
            " AND min(a.pieces, b.pieces) >= :share * max(a.pieces, b.pieces) ORDER BY place",
            {"key": key, "share": SAME_SHARED},
        ).fetchall()

    def _is_same(self, key: int, other: int) -> bool:
        texts = likeness(self._pieces(key), self._pieces(other))
        return is_same(self._article(key), self._article(other), texts)

    def _read_pieces(self, key: int) -> frozenset[str]:
        return pieces("\n".join(shelf.search_texts(self._connection, key)))

    def _read_article(self, key: int) -> Article:
        return database.article_of_key(self._connection, key)


def with_sources(connection: sqlite3.Connection, article: Article) -> Article:
    """The article with the others that have its text among its sources, in order."""
    key, group = connection.execute(
        "SELECT key, coalesce(reprint_of, key) FROM articles WHERE id = ?", (article.id,)
    ).fetchone()
    rows = connection.execute(
        "SELECT key FROM articles WHERE (key = :group OR reprint_of = :group) AND key <> :key ORDER BY place",
        {"key": key, "group": group},
    )
    found = [database.article_of_key(connection, key) for (key,) in rows.fetchall()]
    known = {source.article_id for source in article.sources}
    added = (Source(o.id, o.publisher, o.url, o.published) for o in found if o.id not in known)
    return replace(article, sources=(*article.sources, *added))


def relations(connection: sqlite3.Connection, article_id: str) -> Relations:
    """What other articles have to do with one; InputError if there is none of this id."""
    article = database.article(connection, article_id)
    key, original = connection.execute(
        "SELECT key, reprint_of FROM articles WHERE id = ?", (article_id,)
    ).fetchone()
    older, newer = _versions(connection, article)
    return Relations(
        reprint_of=None if original is None else _relative(database.article_of_key(connection, original)),
        near=tuple(_near(connection, key, original or key)),
        older=older,
        newer=newer,
    )


def _near(connection: sqlite3.Connection, key: int, group: int) -> Iterator[tuple[Relative, float]]:
    """The near-duplicates of an article outside its group of reprints, the nearest first."""
    rows = connection.execute(
        "SELECT DISTINCT key FROM bands AS own JOIN bands AS other USING (band)"
        " JOIN articles ON key = other.article"
        " WHERE own.article = ? AND coalesce(reprint_of, key) <> ?",
        (key, group),
    )
    own = pieces("\n".join(shelf.search_texts(connection, key)))
    found = []
    for (other,) in rows.fetchall():
        texts = likeness(own, pieces("\n".join(shelf.search_texts(connection, other))))
        if texts.shared >= LIKE_SHARED:
            found.append((_relative(database.article_of_key(connection, other)), round(texts.shared, 3)))
    yield from sorted(found, key=lambda item: (-item[1], item[0].article_id))


def _versions(
    connection: sqlite3.Connection, article: Article
) -> tuple[tuple[Relative, ...], tuple[Relative, ...]]:
    """The versions before and behind an article's own day; none without a day."""
    keys = connection.execute(
        "SELECT key FROM articles WHERE version_key = (SELECT version_key FROM articles WHERE id = ?)"
        " AND version_key <> '' AND reprint_of IS NULL AND id <> ?",
        (article.id, article.id),
    )
    others = [database.article_of_key(connection, key) for (key,) in keys.fetchall()]
    day = _day(article)
    fitting = sorted(
        (_day(other), other.id, other.title)
        for other in others
        if not (article.issuer and other.issuer) or article.issuer == other.issuer
    )
    found = [(Relative(identity, title, when), when) for when, identity, title in fitting if when and day]
    older = tuple(relative for relative, when in found if when < day)
    return older, tuple(relative for relative, when in found if when > day)


def _day(article: Article) -> str:
    return str(article.published or article.effective or "")


def _relative(article: Article) -> Relative:
    return Relative(article.id, article.title, str(article.published or ""))
