"""The store's public face: opening, what it gives back, snapshots, threads; history leaves no trace."""

import sqlite3
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import EmbedderMismatchError, InputError, StoreError
from index.fusion import CANDIDATES, STAGES
from index.records import Article, Filters, Hit, Origin, Source
from index.retriever import Retriever
from index.store import Store
from tests.tiny import TinyEmbedder, article, entry

EMBEDDER = TinyEmbedder()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store", create=True) as opened:
        opened.add((entry(article(n), EMBEDDER) for n in range(30)), EMBEDDER.name)
        yield opened


def search(store: Store, query: str, k: int = 5) -> list[Hit]:
    return Retriever(store, EMBEDDER).search(query, k)


def found(store: Store, query: str, k: int = CANDIDATES) -> list[tuple[str, float]]:
    return [(hit.passage.id, round(hit.score, 5)) for hit in search(store, query, k)]


def test_what_goes_in_comes_out(store: Store) -> None:
    full = replace(
        article(99, "𠮷㎡\u200b\r\n\x00　末"),
        published=date(2024, 2, 29),
        url="https://example.com/?a=1",
        document_number="津政发〔2024〕1号",
        status="现行有效",
        sources=(Source("乙/1.html", "乙网", "https://example.org/1", date(2024, 3, 1)), Source("丙")),
        author="甲",
        issuer="天津市人民政府",
        effective=date(2024, 3, 1),
        expires=date(2029, 2, 28),
        pages=(0, 4),
        origins=(Origin("title", "标题行", 0, 3), Origin("url", "文件")),
    )
    given = entry(full, EMBEDDER)
    store.add([given], EMBEDDER.name)
    assert store.article(full.id) == full
    assert store.passages(full.id) == given.passages
    info = next(one for one in store.list_articles() if one.id == full.id)
    assert (info.title, info.published, info.issuer, info.length) == (
        full.title,
        full.published,
        full.issuer,
        len(full.text),
    )
    assert [one.id for one in store.list_articles()] == sorted(one.id for one in store.list_articles())


def test_a_hit_is_a_passage_of_its_article(store: Store) -> None:
    hits = search(store, "17号奖励办法")
    assert hits[0].passage.article_id == "article-0017"
    for hit in hits:
        text = store.article(hit.passage.article_id).text
        assert hit.passage.text == text[hit.passage.start : hit.passage.end]
        assert 0 <= hit.score <= 1
        assert tuple(hit.stages) == STAGES
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_info(store: Store) -> None:
    info = store.info()
    assert (info.articles, info.generation, info.embedder, info.newest) == (30, 1, "tiny", None)
    assert info.passages == sum(len(store.passages(one.id)) for one in store.list_articles())
    assert info.bytes > 50_000
    store.add([entry(article(31, published=date(2023, 5, 1)), EMBEDDER)], EMBEDDER.name)
    assert store.info().newest == date(2023, 5, 1)


def test_an_empty_store_finds_nothing(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store", create=True) as empty:
        assert search(empty, "奖励") == []
        assert (empty.info().articles, empty.info().generation, empty.embedder) == (0, 0, "")
        assert empty.verify() == []
        assert empty.remove([]) == []
        empty.rebuild()


def test_a_store_can_be_emptied_and_filled_by_another_embedder(store: Store) -> None:
    store.remove([one.id for one in store.list_articles()])
    assert search(store, "奖励") == []
    assert store.embedder == ""
    other = TinyEmbedder("other", 32)
    store.add([entry(article(1), other)], other.name)
    assert len(Retriever(store, other).search("奖励")) == len(store.passages("article-0001"))
    assert store.verify() == []


def test_replacing_and_removing(store: Store) -> None:
    changed = replace(article(3), text="苹果种植技术推广方案，面向全体果农。")
    store.add([entry(changed, EMBEDDER)], EMBEDDER.name)
    assert search(store, "苹果种植技术")[0].passage.article_id == changed.id
    assert store.info().articles == 30
    assert store.remove([changed.id, "article-0004", changed.id]) == [changed.id, "article-0004"]
    assert all(
        hit.passage.article_id not in (changed.id, "article-0004") for hit in search(store, "苹果", 100)
    )
    assert store.info().articles == 28
    assert store.verify() == []


def test_unknown_ids_are_named_and_nothing_is_removed(store: Store) -> None:
    with pytest.raises(InputError, match="不在此"):
        store.remove(["article-0001", "不在此"])
    assert store.info().articles == 30
    for read in (store.article, store.passages):
        with pytest.raises(InputError, match="不在此"):
            read("不在此")


def test_another_embedder_is_an_error_that_names_both(store: Store) -> None:
    other = TinyEmbedder("other")
    with pytest.raises(EmbedderMismatchError, match=r"tiny.*other"):
        Retriever(store, other)
    with pytest.raises(EmbedderMismatchError, match=r"tiny.*other"):
        store.add([entry(article(50), other)], other.name)
    assert store.info().generation == 1


def test_opening_what_is_not_a_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="wence index"):
        Store.open(tmp_path / "missing")
    assert not (tmp_path / "missing").exists()
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("mine")
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "wence.db").write_text("not a database " * 100)
    (tmp_path / "other").mkdir()
    with sqlite3.connect(tmp_path / "other" / "wence.db") as connection:
        connection.execute("CREATE TABLE t (a)")
    connection.close()
    for name in ("notes", "notes/a.txt", "text", "other"):
        for create in (False, True):
            with pytest.raises(StoreError):
                Store.open(tmp_path / name, create=create)
    assert (tmp_path / "notes" / "a.txt").read_text() == "mine"


def test_a_newer_format_is_refused(store: Store) -> None:
    with sqlite3.connect(store.path / "wence.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="99"):
        Store.open(store.path)


def test_a_creation_that_died_is_not_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "wence.db").touch()
    with pytest.raises(StoreError, match="wence index"):
        Store.open(tmp_path)
    Store.open(tmp_path, create=True).close()
    Store.open(tmp_path).close()


def test_a_closed_store(store: Store) -> None:
    store.close()
    with pytest.raises(StoreError, match="已关闭"):
        store.info()


def test_a_snapshot_stays_as_it_was(store: Store) -> None:
    query, vector = "奖励办法", EMBEDDER.encode_queries(["奖励办法"])[0]
    with store.snapshot() as before:
        expected = before.search(query, vector, 100, Filters())
        store.remove([f"article-{n:04}" for n in range(20)])
        store.add([entry(article(n), EMBEDDER) for n in range(40, 60)], EMBEDDER.name)
        assert before.search(query, vector, 100, Filters()) == expected
        assert before.article("article-0001") == article(1)
        assert len(before.passages("article-0001")) > 0
    after = {hit.passage.article_id for hit in search(store, query, 100)}
    assert after <= {f"article-{n:04}" for n in (*range(20, 30), *range(40, 60))}


def test_another_process_sees_each_commit(store: Store) -> None:
    with Store.open(store.path) as reader:
        assert search(reader, "苹果")[0].stages["lexical"] == 0
        store.add([entry(replace(article(70), text="苹果"), EMBEDDER)], EMBEDDER.name)
        assert search(reader, "苹果")[0].passage.article_id == "article-0070"


def test_threads_search_while_one_updates(store: Store) -> None:
    """All articles change together, so every answer must come from one round only."""

    def rounds(number: int) -> list[Article]:
        return [replace(article(n), text=f"第{number}轮：奖励{n}万元。") for n in range(30)]

    def ask(_: int) -> set[str]:
        return {hit.passage.text.split("：")[0] for hit in search(store, "奖励", 30)}

    store.add([entry(one, EMBEDDER) for one in rounds(0)], EMBEDDER.name)
    with ThreadPoolExecutor(4) as threads:
        asked = threads.map(ask, range(200))
        for number in range(1, 8):
            store.add([entry(one, EMBEDDER) for one in rounds(number)], EMBEDDER.name)
        seen = list(asked)
    assert all(len(one) == 1 for one in seen)
    assert ask(0) == {"第7轮"}


articles = st.builds(article, st.integers(0, 6), st.text(alphabet="奖励补贴申报2024。", max_size=60))
operations = st.lists(
    st.one_of(st.lists(articles, max_size=4, unique_by=lambda one: one.id), st.integers(0, 6)), max_size=8
)


@settings(max_examples=10, deadline=None)
@given(operations)
def test_history_leaves_no_trace(steps: list[list[Article] | int]) -> None:
    """After any updates and removals, searches answer as in a store that was built at once."""
    with tempfile.TemporaryDirectory() as folder:
        held: dict[str, Article] = {}
        with Store.open(Path(folder) / "lived", create=True) as lived:
            for step in steps:
                if isinstance(step, list):
                    lived.add([entry(one, EMBEDDER) for one in step], EMBEDDER.name)
                    held |= {one.id: one for one in step}
                elif f"article-{step:04}" in held:
                    lived.remove([f"article-{step:04}"])
                    del held[f"article-{step:04}"]
            with Store.open(Path(folder) / "fresh", create=True) as fresh:
                fresh.add([entry(one, EMBEDDER) for one in held.values()], EMBEDDER.name)
                for query in ("3号奖励办法", "申报补贴2024", "不相干"):
                    assert found(lived, query) == found(fresh, query)
                assert [one.id for one in lived.list_articles()] == sorted(held)
                assert lived.verify() == []
