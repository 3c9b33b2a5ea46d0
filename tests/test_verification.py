"""Verification: each kind of damage is found and said; a sound store is silent."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index.store import Store
from tests.tiny import TinyEmbedder, article, entry

EMBEDDER = TinyEmbedder()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store", create=True) as opened:
        opened.add((entry(article(n), EMBEDDER) for n in range(20)), EMBEDDER.name)
        yield opened


def test_a_sound_store(store: Store) -> None:
    assert store.verify() == []


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE articles SET text = replace(text, '0', '1') WHERE id = 'article-0000'", "article-0000"),
        (
            "UPDATE articles SET facts = json_set(facts, '$.url', '改') WHERE id = 'article-0003'",
            "article-0003",
        ),
        ("UPDATE articles SET region = '上海市' WHERE id = 'article-0006'", "article-0006"),
        ("UPDATE passages SET end = end + 1000 WHERE id = 'article-0004#0'", "article-0004#0"),
        ("UPDATE passages SET search_text = '' WHERE id = 'article-0005#0'", "article-0005#0"),
        ("DELETE FROM vectors WHERE passage = 7", "没有向量"),
        ("UPDATE vectors SET vector = zeroblob(128) WHERE passage = 7", "向量索引与数据库"),
        ("DELETE FROM passages WHERE key = 7", "个段落"),
    ],
)
def test_changes_behind_the_back(store: Store, statement: str, expected: str) -> None:
    with closing(sqlite3.connect(store.path / "wence.db")) as connection, connection:
        connection.execute(statement)
    assert any(expected in problem for problem in store.verify())


@pytest.mark.parametrize("pattern", ["dense/*", "lexical/*/*.idx", "lexical/*/*.term"])
def test_a_flipped_bit(store: Store, pattern: str) -> None:
    file = next(store.path.glob(pattern))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 4
    file.write_bytes(content)
    with Store.open(store.path) as reopened:
        problems = reopened.verify()
    assert problems
    assert "lexical" in problems[0]
    assert "自动重建" in problems[0]
