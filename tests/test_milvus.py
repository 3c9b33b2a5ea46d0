"""A Milvus collection beside the embedded store: hits, filters, commits, and text that looks like syntax."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.errors import EmbedderMismatchError, InputError, StoreBusyError, StoreError
from index.fusion import CANDIDATES
from index.milvus import MilvusIndex
from index.milvus_rows import PASSAGES, Connection
from index.milvus_writing import BATCH
from index.passage_index import Entry, PassageIndex
from index.records import Article, Filters, Hit
from index.retriever import Retriever
from index.store import Store
from index.updating import update
from tests.tiny import TinyEmbedder, article, entry, rare_articles, unrelated

pytest.importorskip("pymilvus", reason="pip install 'wence[milvus]'")
pytest.importorskip("milvus_lite", reason="pip install 'wence[milvus]'")

EMBEDDER = TinyEmbedder()
RARE = rare_articles()
UNPLACED = [replace(article(312), region="全国"), replace(article(313), region="")]
CORPUS = [*map(unrelated, range(120)), *map(article, range(60)), *RARE, *UNPLACED]
QUERIES = [
    "301号办法的奖励",
    "嘉兴市301号办法的奖励有多少",
    "奖励办法",
    "对符合条件的企业给予多少奖励",
    "养老托育工作每年检查两次",
    "渔业管理的责任",
    "電梯安全由誰負責",
    "３０１號獎勵辦法的圖書館",
    "17号办法",
    "火星移民政策",
    "？！",
    "企业" + "奖励办法" * 5000,
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(tmp_path_factory.mktemp("milvus") / "store", create=True) as opened:
        opened.add((entry(one, EMBEDDER, 60) for one in CORPUS), EMBEDDER.name)
        yield opened


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusIndex]:
    index = MilvusIndex(str(tmp_path_factory.mktemp("milvus") / "full.db"))
    index.add((entry(one, EMBEDDER, 60) for one in CORPUS), EMBEDDER.name)
    yield index
    index.close()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("milvus") / "small.db"


@pytest.fixture
def index(small: Path) -> Iterator[MilvusIndex]:
    """Yield an index that is emptied afterwards: the client waits two seconds for each that is made."""
    opened = MilvusIndex(str(small))
    yield opened
    opened.remove(list(opened.fingerprints()))
    assert (opened.embedder, search(opened, "奖励")) == ("", [])
    opened.close()


def search(index: PassageIndex, query: str, k: int = 10, filters: Filters = Filters()) -> list[Hit]:  # noqa: B008
    return Retriever(index, EMBEDDER).search(query, k, filters)


def entries(*articles: Article) -> list[Entry]:
    return [entry(one, EMBEDDER) for one in articles]


def content(index: PassageIndex) -> tuple[dict[str, bytes], list[tuple[str, str, float, float]]]:
    """Return everything that can be found, with scores."""
    hits = search(index, "3号办法的奖励", 10_000)
    rows = [
        (hit.passage.id, hit.passage.text, round(hit.stages["lexical"], 4), round(hit.stages["dense"], 4))
        for hit in hits
    ]
    return index.fingerprints(), sorted(rows)


def embedded(path: Path, *articles: Article) -> Any:
    with Store.open(path, create=True) as store:
        store.add(entries(*articles), EMBEDDER.name)
        return content(store)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query[:12])
def test_agrees_with_the_embedded_store(full: MilvusIndex, store: Store, query: str) -> None:
    ours, theirs = search(full, query), search(store, query)
    assert [hit.passage for hit in ours] == [hit.passage for hit in theirs]
    for one, other in zip(ours, theirs, strict=True):
        assert one.score == pytest.approx(other.score, abs=1e-4)
        assert one.stages == pytest.approx(other.stages, abs=1e-5)


def test_more_hits_than_candidates(full: MilvusIndex, store: Store) -> None:
    hits = search(full, "奖励", 10_000)
    assert [hit.passage.id for hit in hits] == [hit.passage.id for hit in search(store, "奖励", 10_000)]
    assert len(hits) == store.info().passages


@pytest.mark.parametrize(
    "filters",
    [
        Filters(region="浙江省嘉兴市"),
        Filters(region="浙江省"),
        Filters(region="浙江省杭州市"),
        Filters(since=date(2024, 3, 1)),
        Filters(since=date(2024, 3, 2), until=date(2024, 3, 2)),
        Filters(until=date(2024, 3, 2)),
        Filters(since=date(2025, 1, 1)),
        Filters(publisher="嘉兴市科学技术局"),
        Filters(publisher="科学技术局"),
        Filters(publisher="没有这个局"),
        Filters(publisher="市%局"),
        Filters(publisher="科學技術局"),
        Filters(publisher="嘉兴市人民政府"),
        Filters(kind="通知"),
        Filters(kind="通知", as_of=date(2024, 3, 2)),
        Filters(as_of=date(2024, 3, 11)),
        Filters(as_of=date(2010, 1, 1)),
        Filters(status="已修改"),
        Filters(status="现行有效"),
        Filters(region="浙江省", kind="通知", until=date(2024, 3, 1)),
    ],
)
def test_filters_are_inside_the_search(full: MilvusIndex, store: Store, filters: Filters) -> None:
    query = "养老托育工作每年检查两次"
    ours, theirs = search(full, query, 500, filters), search(store, query, 500, filters)
    assert [hit.passage.id for hit in ours] == [hit.passage.id for hit in theirs]
    assert len(search(full, query, 1, filters)) == min(1, len(theirs))
    assert [hit.score for hit in ours] == pytest.approx([hit.score for hit in theirs], abs=1e-4)


def test_a_collection_that_kept_less_of_an_article_says_to_build_anew(tmp_path: Path) -> None:
    connection = Connection(str(tmp_path / "old.db"), "", "wence")
    less = {field: kind for field, kind in PASSAGES.items() if field != "status"}
    connection.create(connection.rows(EMBEDDER.dimension), less, EMBEDDER.dimension)
    with pytest.raises(StoreError, match=r"没有 status.*重新建立"):
        MilvusIndex(str(tmp_path / "old.db")).add(entries(article(1)), EMBEDDER.name)
    connection.close()


def test_chinese_terms_hit_without_any_help_of_vectors(full: MilvusIndex) -> None:
    """With a vector that knows nothing, only the sparse leg can find the right ones among so many."""
    nothing = np.zeros(EMBEDDER.dimension, np.float32)
    assert len(full.search("奖", nothing, 10_000, Filters())) > CANDIDATES + 50
    for query, word, count in (
        ("与奖励无关", "与奖励无关", len(RARE)),
        ("渔业要紧", "渔业", 6),
        ("59号", "59号", 1),
    ):
        found = full.search(query, nothing, count, Filters())
        assert len(found) == count
        assert all(word in hit.passage.search_text + hit.passage.heading for hit in found)


def test_an_empty_index(small: Path) -> None:
    index = MilvusIndex(str(small), collection="empty")
    assert (index.embedder, index.fingerprints(), search(index, "奖励")) == ("", {}, [])
    index.add([], EMBEDDER.name)
    assert (index.embedder, index.fingerprints(), search(index, "奖励")) == ("", {}, [])
    with pytest.raises(InputError, match="没有编号为「x」"):
        index.remove(["x"])


def test_history_leaves_no_trace(index: MilvusIndex, tmp_path: Path) -> None:
    """Adding, replacing and removing give what the embedded store gives for what is left."""
    index.add(entries(*map(article, range(8))), EMBEDDER.name)
    index.add(entries(article(3, "短。"), replace(article(4), text="删短了"), article(20)), EMBEDDER.name)
    assert index.remove(["article-0005", "article-0001", "article-0005"]) == ["article-0005", "article-0001"]
    index.add(entries(article(5, "又来了。")), EMBEDDER.name)
    index.add(entries(article(6, "改了。")), EMBEDDER.name)
    left = [article(0), article(2), article(3, "短。"), replace(article(4), text="删短了")]
    left += [article(5, "又来了。"), article(6, "改了。"), article(7), article(20)]
    assert content(index) == embedded(tmp_path / "store", *left)
    rows = index._milvus.call(
        "query", index._milvus.rows(EMBEDDER.dimension), filter="born > 0", output_fields=["id"]
    )
    assert sorted(row["id"] for row in rows) == sorted(hit[0] for hit in content(index)[1])


def test_copies_of_one_text_are_found_once(index: MilvusIndex) -> None:
    one = article(1)
    copies = [replace(one, id=f"copy-{n}") for n in range(3)]
    index.add([entry(each, EMBEDDER) for each in (one, *copies, article(2))], EMBEDDER.name)
    hits = search(index, "1号奖励办法", 20)
    assert {hit.passage.article_id for hit in hits} == {one.id, "article-0002"}


def test_removing_an_unknown_article_removes_nothing(index: MilvusIndex) -> None:
    index.add(entries(article(1), article(2)), EMBEDDER.name)
    before = content(index)
    with pytest.raises(InputError, match="没有编号为「x」「y」"):
        index.remove(["article-0001", "x", "y"])
    assert content(index) == before


def test_another_embedder_is_an_error_that_names_both(index: MilvusIndex) -> None:
    index.add(entries(article(1)), EMBEDDER.name)
    other = TinyEmbedder("other", 32)
    with pytest.raises(EmbedderMismatchError, match=r"tiny.*other"):
        index.add([entry(article(2), other)], other.name)
    with pytest.raises(EmbedderMismatchError, match=r"tiny.*other"):
        Retriever(index, other)
    index.remove(["article-0001"])
    index.add([entry(article(2), other)], other.name)  # nothing is left of the first
    assert index.embedder == "other"
    assert [hit.passage.article_id for hit in Retriever(index, other).search("奖励", 5)] == ["article-0002"]


HOSTILE = [
    'a"b',
    "a'b",
    "a\\",
    '\\"',
    "a\nb",
    "%",
    "_",
    '" or born >= 0 or key == "',
    "〔2024〕1号",
    "a\tb\r",
]


def test_text_is_never_syntax(index: MilvusIndex) -> None:
    """Ids, publishers and kinds with quotes, backslashes and whole expressions mean only themselves."""
    sources = [
        replace(article(n), id=text, publisher=f"甲{text}乙", kind=text) for n, text in enumerate(HOSTILE)
    ]
    index.add(entries(*sources), EMBEDDER.name)
    assert set(index.fingerprints()) == set(HOSTILE)
    for text in HOSTILE:
        for filters in (Filters(publisher=f"甲{text}"), Filters(kind=text)):
            found = {hit.passage.article_id for hit in search(index, f"奖励 {text}", 50, filters)}
            assert found == {text}
        search(index, "奖励", 5, Filters(region=text))
    for text in HOSTILE[:-1]:
        assert index.remove([text]) == [text]
    assert (
        set(index.fingerprints())
        == {HOSTILE[-1]}
        == {h.passage.article_id for h in search(index, "奖励", 50)}
    )


def test_an_exception_leaves_the_index_as_it_was(index: MilvusIndex, tmp_path: Path) -> None:
    index.add(entries(*map(article, range(5))), EMBEDDER.name)
    before = content(index)

    def failing() -> Iterator[Entry]:
        yield from entries(article(1, "改了。"), *map(article, range(10, 10 + BATCH)))
        raise InputError("坏了")

    with pytest.raises(InputError, match="坏了"):
        index.add(failing(), EMBEDDER.name)
    assert content(index) == before
    index.add(entries(article(9)), EMBEDDER.name)
    assert content(index) == embedded(tmp_path / "store", *map(article, range(5)), article(9))


def test_a_write_that_dies_at_any_call_is_whole_or_not_at_all(index: MilvusIndex, tmp_path: Path) -> None:
    """Each call to Milvus in turn is the last one; what is found is the old or the new commit."""
    old, change = [article(n) for n in range(3)], [article(1, "改了。"), article(7)]
    before = embedded(tmp_path / "old", *old)
    after = embedded(tmp_path / "new", old[0], change[0], old[2], change[1])
    index.add(entries(*old), EMBEDDER.name)
    whole = index._milvus.call
    outcomes: list[int] = []
    dead = True
    while dead:
        left = [len(outcomes)]

        def mortal(*arguments: Any, left: list[int] = left, **options: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise StoreError("断线")
            return whole(*arguments, **options)

        index._milvus.call = mortal  # type: ignore[method-assign]
        try:
            index.add(entries(*change), EMBEDDER.name)
            dead = False
        except StoreError:
            dead = True
        index._milvus.call = whole  # type: ignore[method-assign]
        outcomes.append((before, after).index(content(index)))
        if outcomes[-1]:
            index.remove(["article-0007"])
        index.add(entries(old[1]), EMBEDDER.name)  # first clears away what was left
        assert content(index) == before
    assert outcomes == sorted(outcomes)
    assert set(outcomes) == {0, 1}


DYING = """
import os, sys
from index.milvus import MilvusIndex
from tests.test_milvus import BATCH, EMBEDDER, article, entries

def dying():
    yield from entries(article(1, "改了。"), *map(article, range(10, 10 + BATCH)))
    os._exit(7)

index = MilvusIndex(sys.argv[1])
index.add(entries(*map(article, range(3))), EMBEDDER.name)
index.add(dying(), EMBEDDER.name)
"""


def test_a_killed_process_leaves_the_last_commit(tmp_path: Path) -> None:
    path = str(tmp_path / "killed.db")
    process = subprocess.run(
        [sys.executable, "-c", DYING, path], cwd=Path(__file__).parent.parent, check=False
    )
    assert process.returncode == 7
    index = MilvusIndex(path)
    assert content(index) == embedded(tmp_path / "store", *map(article, range(3)))
    index.add(entries(article(1)), EMBEDDER.name)
    assert content(index) == embedded(tmp_path / "store", *map(article, range(3)))


def test_a_second_writer_stops_the_first(index: MilvusIndex, small: Path) -> None:
    index.add(entries(article(1)), EMBEDDER.name)
    second = MilvusIndex(str(small))

    def interrupted() -> Iterator[Entry]:
        yield from entries(article(2))
        second.add(entries(article(3)), EMBEDDER.name)

    with pytest.raises(StoreBusyError, match="另一个进程正在写入"):
        index.add(interrupted(), EMBEDDER.name)
    assert set(index.fingerprints()) == {"article-0001", "article-0003"} == set(second.fingerprints())
    assert {hit.passage.article_id for hit in search(index, "奖励")} == {"article-0001", "article-0003"}


def test_updates_cost_only_what_changed(index: MilvusIndex) -> None:
    embedder = TinyEmbedder()
    first = update(index, map(article, range(5)), embedder)
    again = update(index, [*map(article, range(4)), article(4, "改了。")], embedder)
    assert (first.added, again.unchanged, again.changed, again.added) == (5, 4, 1, 0)
    assert embedder.texts == first.passages + again.passages
    with pytest.raises(InputError, match="编号都是"):
        index.add(entries(article(1), article(1)), EMBEDDER.name)


def test_unusable_vectors(index: MilvusIndex) -> None:
    bad = entry(article(1), EMBEDDER)
    with pytest.raises(StoreError, match="向量无效"):
        index.add([replace(bad, vectors=bad.vectors * np.nan)], EMBEDDER.name)
    with pytest.raises(StoreError, match="向量无效"):
        index.add([replace(bad, vectors=bad.vectors[:0])], EMBEDDER.name)


def test_what_to_do_where_it_is_not_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for module in ("milvus_lite", "pymilvus"):
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(StoreError, match=r"pip install 'wence\[milvus\]'"):
            MilvusIndex(str(tmp_path / "x.db"))


def test_what_to_do_where_nothing_answers(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="请检查令牌、服务和地址") as failure:
        MilvusIndex("http://user:secret@127.0.0.1:1")
    assert "secret" not in str(failure.value)
    for uri in (str(tmp_path / "no" / "x.db"), str(tmp_path / "x")):
        with pytest.raises(StoreError, match="请检查令牌、服务和地址"):
            MilvusIndex(uri)
