"""Reprints: one article is kept of a text, whatever comes and goes, in whatever order."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.records import Article, Filters, Source
from index.reprints import Relations, is_same
from index.retriever import Retriever
from index.sketches import Likeness
from index.store import Store
from tests.tiny import TinyEmbedder, article, entry

EMBEDDER = TinyEmbedder()
BODY = "".join(f"第{n}项工作由第{n * 7 % 31}个部门负责，完成时限是{n * 13 % 29}天。" for n in range(30))


def news(name: str, text: str = BODY, day: int = 0, **facts: Any) -> Article:
    published = date(2024, 3, day) if day else None
    return replace(Article(name, text, "海滨市部署重点工作", published, kind="新闻"), **facts)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store", create=True) as opened:
        yield opened


def add(store: Store, *articles: Article) -> None:
    store.add([entry(one, EMBEDDER) for one in articles], EMBEDDER.name)


def found(store: Store, filters: Filters = Filters()) -> set[str]:  # noqa: B008 - frozen
    hits = Retriever(store, EMBEDDER).search("完成时限", 200, filters)
    return {hit.passage.article_id for hit in hits}


def kept(store: Store, articles: Iterable[Article]) -> dict[str, str]:
    originals = {one.id: store.relations(one.id).reprint_of for one in articles}
    return {name: original.article_id for name, original in originals.items() if original}


def test_reprint_is_a_source_of_the_first_published(store: Store) -> None:
    add(
        store,
        news("b", f"{BODY}责任编辑：某人", 5, publisher="海滨日报", url="https://a.cn/b"),
        news("a", day=7),
    )
    add(store, news("c", day=3, publisher="海滨市政府"))
    assert found(store) == {"c"}
    assert store.article("c").sources == (
        Source("b", "海滨日报", "https://a.cn/b", date(2024, 3, 5)),
        Source("a", "", "", date(2024, 3, 7)),
    )
    assert [source.article_id for source in store.article("a").sources] == ["c", "b"]
    assert store.info().reprints == 2
    assert store.info().articles == 3
    assert len(store.passages("a")) > 1
    assert store.verify() == []


def test_filters_find_an_article_by_any_of_its_sources(store: Store) -> None:
    add(store, news("a", day=3, publisher="海滨市政府"), news("b", day=9, publisher="海滨日报"))
    assert found(store, Filters(publisher="海滨日报")) == {"a"}
    assert found(store, Filters(since=date(2024, 3, 8))) == {"a"}
    assert found(store, Filters(since=date(2024, 3, 10))) == set()


def test_another_takes_the_place_of_one_that_goes(store: Store) -> None:
    add(store, news("a", day=3), news("b", day=5), news("c", day=7), article(1))
    store.remove(["a"])
    assert found(store) >= {"b"}
    assert not found(store) & {"a", "c"}
    assert store.passages("b") == entry(news("b", day=5), EMBEDDER).passages
    assert store.verify() == []
    add(store, news("b", "改成了完全不同的内容，讲的是完成时限以外的事情。" * 9, day=5))
    assert found(store) >= {"b", "c"}
    assert store.info().reprints == 0
    assert store.verify() == []


def test_figures_make_another_article(store: Store) -> None:
    add(store, news("a", f"{BODY}共奖励50家。"), news("b", f"{BODY}共奖励51家。"))
    assert found(store) == {"a", "b"}
    ((near, share),) = store.relations("a").near
    assert near.article_id == "b"
    assert share > 0.9


def regulation(name: str, day: int, title: str = "海滨市奖励条例", **facts: Any) -> Article:
    return replace(news(name, day=day), **{"title": title, "kind": "法规", "region": "天津市", **facts})


def test_versions_of_a_regulation_are_linked_not_merged(store: Store) -> None:
    first, second = regulation("v1", 1, "海滨市奖励条例（试行）"), regulation("v2", 9)
    other = regulation("other", 5, issuer="乙局")
    add(store, second, first, replace(other, title="海滨市处罚条例"))
    assert found(store) == {"v1", "v2", "other"}
    assert [one.article_id for one in store.relations("v1").newer] == ["v2"]
    assert [one.article_id for one in store.relations("v2").older] == ["v1"]
    assert store.relations("other").older == store.relations("other").newer == ()
    store.remove(["v1"])
    assert store.relations("v2").older == ()


def test_versions_are_of_one_body(store: Store) -> None:
    add(store, regulation("a", 1, issuer="甲局"), regulation("b", 2, issuer="乙局"), regulation("c", 3))
    assert [one.article_id for one in store.relations("a").newer] == ["c"]


SAME = Likeness(0.99, 1.0)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (news("a", region="天津市"), news("b", region="上海市")),
        (regulation("a", 1), regulation("b", 2)),
        (regulation("a", 1), regulation("b", 1, title="海滨市处罚条例")),
        (regulation("a", 1, region="浙江省"), regulation("b", 1, region="浙江省嘉兴市")),
        (regulation("a", 1, document_number="1号"), regulation("b", 1, document_number="2号")),
    ],
)
def test_facts_that_contradict(one: Article, other: Article) -> None:
    assert not is_same(one, other, SAME)


def test_texts_that_are_same() -> None:
    assert is_same(news("a", region="天津市"), news("b", day=2), SAME)
    assert is_same(regulation("a", 1), regulation("b", 0), SAME)
    assert not is_same(news("a"), news("b"), Likeness(0.89, 1.0))
    assert not is_same(news("a"), news("b"), Likeness(0.95, 0.96))


def test_the_order_of_coming_does_not_matter(tmp_path: Path) -> None:
    dice = random.Random(1)
    # Neighbours are the same, those further apart are not: no order of merging is forced by the texts.
    tails = ["".join(dice.choice("天地玄黄宇宙洪荒日月盈昃") for _ in range(30)) for _ in range(7)]
    chain = [news(f"n{n}", BODY + "".join(tails[:n]), day=1 + n * 5 % 7) for n in range(7)]
    states = set()
    for turn in range(5):
        order = dice.sample(chain, len(chain))
        with Store.open(tmp_path / f"{turn}", create=True) as store:
            add(store, *order[:3], news("gone", day=1), news("also gone", day=28))
            for one in order[3:]:
                add(store, one)
            store.remove(["gone", "also gone"])
            states.add((frozenset(kept(store, chain).items()), frozenset(found(store))))
            assert store.verify() == []
    assert len(states) == 1
    assert 0 < len(next(iter(states))[0]) < len(chain) - 1


def test_all_in_one_write_or_one_by_one(tmp_path: Path) -> None:
    copies = [news(f"n{n}", day=1 + n) for n in range(5)]
    results: list[object] = []
    for batches in ([copies], [[one] for one in copies], [[one] for one in reversed(copies)]):
        with Store.open(tmp_path / str(len(results)), create=True) as store:
            for batch in batches:
                add(store, *batch)
            results.append((kept(store, copies), found(store)))
    assert results == [(dict.fromkeys(["n1", "n2", "n3", "n4"], "n0"), {"n0"})] * 3


def test_an_article_alone_has_no_relations(store: Store) -> None:
    add(store, article(1))
    assert store.relations("article-0001") == Relations()
