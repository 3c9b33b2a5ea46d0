"""The shelf of a store's database: where the passages of reprints wait, and the sketches that find them."""

import sqlite3

from index.sketches import Sketch


def insert_sketch(connection: sqlite3.Connection, article: int, sketch: Sketch) -> None:
    """Add what finds an article among others."""
    connection.execute("INSERT INTO sketches VALUES (?, ?, ?)", (article, sketch.pieces, sketch.figures))
    connection.executemany(
        "INSERT OR IGNORE INTO bands VALUES (?, ?)", ((band, article) for band in sketch.bands)
    )


def shelve(connection: sqlite3.Connection) -> list[int]:
    """Take the passages of reprints out of the index, onto the shelf; their keys."""
    keys = [
        key
        for (key,) in connection.execute(
            "SELECT passages.key FROM articles JOIN passages ON article = articles.key"
            " WHERE reprint_of IS NOT NULL"
        )
    ]
    for key in keys:
        connection.execute(
            "INSERT INTO shelf SELECT article, id, start, end, heading, search_text, offsets, vector"
            " FROM passages JOIN vectors ON passage = key WHERE key = ?",
            (key,),
        )
        connection.execute("DELETE FROM vectors WHERE passage = ?", (key,))
        connection.execute("DELETE FROM passages WHERE key = ?", (key,))
    return keys


def unshelve(connection: sqlite3.Connection, first_key: int) -> int:
    """Put the passages of articles that are reprints no more into the index; how many."""
    rows = connection.execute(
        "SELECT shelf.rowid FROM shelf JOIN articles ON article = key WHERE reprint_of IS NULL"
        " ORDER BY article, start"
    ).fetchall()
    for key, (row,) in enumerate(rows, first_key):
        connection.execute(
            "INSERT INTO passages SELECT ?, article, id, start, end, heading, search_text, offsets"
            " FROM shelf WHERE rowid = ?",
            (key, row),
        )
        connection.execute("INSERT INTO vectors SELECT ?, vector FROM shelf WHERE rowid = ?", (key, row))
        connection.execute("DELETE FROM shelf WHERE rowid = ?", (row,))
    return len(rows)


def search_texts(connection: sqlite3.Connection, key: int) -> list[str]:
    """The search texts of an article's passages, indexed or on the shelf, in their order."""
    rows = connection.execute(
        "SELECT start, search_text FROM passages WHERE article = :key"
        " UNION ALL SELECT start, search_text FROM shelf WHERE article = :key ORDER BY 1",
        {"key": key},
    )
    return [text for _, text in rows]
