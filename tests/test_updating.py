"""Updating: what is embedded, what is skipped, what is reported."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index.errors import InputError
from index.readers import ReadFailure
from index.records import Article, Source
from index.retriever import Retriever
from index.store import Store
from index.updating import BATCH, embedding_text, fingerprint
from tests.tiny import TinyEmbedder, article


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store", create=True) as opened:
        yield opened


def test_unchanged_articles_cost_nothing(store: Store) -> None:
    embedder = TinyEmbedder()
    first = store.update(map(article, range(5)), embedder)
    assert (first.added, first.changed, first.unchanged) == (5, 0, 0)
    assert first.passages == store.info().passages == embedder.texts
    changed = article(2, "附则：本办法自发布之日起施行。")
    second = store.update([*map(article, range(2)), changed, article(9)], embedder)
    assert (second.added, second.changed, second.unchanged) == (1, 1, 2)
    assert embedder.texts == first.passages + second.passages
    assert store.article(changed.id) == changed
    assert store.info().generation == 2
    third = store.update([changed], embedder)
    assert (third.unchanged, third.passages, store.info().generation) == (1, 0, 2)
    assert store.verify() == []


@pytest.mark.parametrize(
    "other",
    [
        replace(article(1), title="另一标题"),
        replace(article(1), published=date(2024, 1, 1)),
        replace(article(1), region="天津市"),
        replace(article(1), sources=(Source("另一来源"),)),
        replace(article(1), text=article(1).text + " "),
    ],
)
def test_every_field_is_in_the_fingerprint(other: Article) -> None:
    assert fingerprint(other) != fingerprint(article(1))
    assert fingerprint(article(1)) == fingerprint(article(1))


def test_failures_are_reported_and_the_rest_goes_in(store: Store) -> None:
    unreadable = ReadFailure("b.txt", "无法识别编码")
    surrogate = Article("half", "半个字符\ud800")
    report = store.update([article(1), unreadable, surrogate, article(2)], TinyEmbedder())
    assert report.added == 2
    assert report.failures[0] == unreadable
    assert report.failures[1].path == "'half'"
    assert [one.id for one in store.list_articles()] == ["article-0001", "article-0002"]


def test_two_articles_with_one_id_change_nothing(store: Store) -> None:
    with pytest.raises(InputError, match="article-0001"):
        store.update([article(1), article(2), article(1)], TinyEmbedder())
    assert store.info().articles == 0


def test_an_article_without_passages_is_kept(store: Store) -> None:
    report = store.update([Article("empty", "")], TinyEmbedder())
    assert (report.added, report.passages) == (1, 0)
    assert store.article("empty").text == ""
    assert store.passages("empty") == []
    assert store.verify() == []


def test_progress_counts_what_was_read(store: Store) -> None:
    seen: list[int] = []
    store.update([article(1), ReadFailure("x", "坏"), article(2)], TinyEmbedder(), progress=seen.append)
    assert seen == [1, 1, 1]


def test_batches_cross_articles_and_split_long_ones(store: Store) -> None:
    """A vector must end up with its own passage, wherever the batches were cut."""
    line = "第{}条　企业应当在{}日内提交材料，逾期不予受理，由{}号窗口负责解释。\n"
    long = Article("long", "".join(line.format(n, n * 3, n * 7) * 6 for n in range(BATCH * 2)))
    store.update([article(1), long, *map(article, range(2, 40))], TinyEmbedder())
    assert len(store.passages("long")) > BATCH
    for source in (long, article(1), article(39)):
        passage = store.passages(source.id)[-1]
        hit = Retriever(store, TinyEmbedder()).search(embedding_text(passage), 1)[0]
        assert hit.passage == passage
        assert hit.stages["dense"] == pytest.approx(1, abs=1e-3)
