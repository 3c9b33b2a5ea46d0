"""The retriever over a real store: filters inside the search, scores that mean the same for every query."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.errors import InputError
from index.fusion import CANDIDATES, STAGES, calibrate, fuse
from index.lexical import query_terms, terms
from index.records import Filters, Hit
from index.retriever import Retriever, split
from index.store import Store
from tests.tiny import TinyEmbedder, article, entry, rare_articles, unrelated

EMBEDDER = TinyEmbedder()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Build three hundred articles; twelve are of one region, month, body and kind, about something else."""
    national = replace(article(312), region="全国")
    undated = replace(article(313), region="")
    with Store.open(tmp_path_factory.mktemp("retriever") / "store", create=True) as opened:
        everything = [*map(unrelated, range(300)), *rare_articles(), national, undated]
        opened.add((entry(one, EMBEDDER, 400) for one in everything), EMBEDDER.name)
        yield opened


@pytest.fixture
def retriever(store: Store) -> Retriever:
    return Retriever(store, EMBEDDER)


RARE = {f"article-{n:04}" for n in range(300, 312)}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(region="浙江省嘉兴市"), RARE | {"article-0312", "article-0313"}),
        (Filters(region="浙江省"), RARE | {"article-0312", "article-0313"}),
        (Filters(region="浙江省杭州市"), {"article-0312", "article-0313"}),
        (Filters(since=date(2024, 3, 1)), RARE),
        (Filters(since=date(2024, 3, 11)), {"article-0310", "article-0311"}),
        (Filters(since=date(2024, 3, 2), until=date(2024, 3, 2)), {"article-0301"}),
        (Filters(since=date(2025, 1, 1)), set()),
        (Filters(publisher="嘉兴市科学技术局"), RARE),
        (Filters(publisher="科学技术局"), RARE),
        (Filters(publisher="科學技術局"), RARE),
        (Filters(publisher="嘉兴市人民政府"), {"article-0300"}),
        (Filters(kind="通知"), RARE),
        (Filters(kind="通知", as_of=date(2024, 3, 2)), {"article-0300", "article-0301"}),
        (Filters(kind="通知", as_of=date(2024, 3, 11)), RARE - {"article-0300", "article-0311"}),
        (Filters(status="已修改"), {"article-0301"}),
        (Filters(status="已修改", region="天津市"), set()),
        (Filters(status="现行有效"), set()),
        (Filters(region="浙江省", as_of=date(2024, 2, 29)), set()),
        (Filters(region="浙江省", kind="通知", until=date(2024, 3, 1)), {"article-0300"}),
    ],
)
def test_filters_are_inside_the_search(retriever: Retriever, filters: Filters, expected: set[str]) -> None:
    """A query whose best passages are all elsewhere still finds every passage that the filters allow."""
    query = "养老托育工作每年检查两次"
    assert all(hit.passage.article_id.startswith("other") for hit in retriever.search(query, 20))
    hits = retriever.search(query, 50, filters)
    assert {hit.passage.article_id for hit in hits} == expected
    assert len(retriever.search(query, 1, filters)) == min(1, len(expected))


def test_a_filter_changes_no_score(retriever: Retriever) -> None:
    everywhere = {hit.passage.id: hit for hit in retriever.search("301号办法的奖励", 20)}
    for hit in retriever.search("301号办法的奖励", 5, Filters(region="浙江省")):
        assert hit.score == pytest.approx(everywhere[hit.passage.id].score, abs=1e-5)


def test_until_without_since_leaves_out_what_has_no_date(retriever: Retriever) -> None:
    hits = retriever.search("奖励办法", 1000, Filters(until=date(2030, 1, 1)))
    assert len(hits) == 312
    assert {"article-0312", "article-0313"}.isdisjoint(hit.passage.article_id for hit in hits)


def test_scores_are_the_fused_stages(retriever: Retriever, store: Store) -> None:
    """Both legs' scores of every hit, whichever leg found it, equal those computed for it alone."""
    query = "嘉兴市301号办法的奖励有多少"
    vector = EMBEDDER.encode_queries([query])[0]
    for hit in retriever.search(query, 50):
        fused = calibrate(fuse(*(np.array([hit.stages[stage]]) for stage in STAGES)))
        assert hit.score == pytest.approx(fused[0], abs=1e-4)
        source = store.article(hit.passage.article_id)
        own = entry(source, EMBEDDER, 400).vectors[0]
        assert hit.stages["dense"] == pytest.approx(float(own @ vector), abs=1e-3)
        shared = set(terms(hit.passage.search_text)) | set(terms(hit.passage.heading))
        assert (hit.stages["lexical"] > 0) == bool(shared & set(query_terms(query)))


def test_what_a_search_leaves_unasked_for_speed_is_never_a_hits(retriever: Retriever) -> None:
    for query in ("嘉兴市301号办法的奖励有多少", "养老托育", "17号", "渔业管理由谁负责"):
        everything = {hit.passage.id: hit.stages for hit in retriever.search(query, 1000)}
        for hit in retriever.search(query, 10):
            assert hit.stages == pytest.approx(everything[hit.passage.id], abs=1e-6)


def test_more_hits_than_candidates(retriever: Retriever, store: Store) -> None:
    hits = retriever.search("奖励", CANDIDATES * 2)
    assert len(hits) == CANDIDATES * 2
    assert len({hit.passage.id for hit in hits}) == len(hits)
    assert len(retriever.search("奖励", 10_000)) == store.info().passages


def test_scripts_and_widths_are_one(retriever: Retriever) -> None:
    plain = retriever.search("301号奖励办法的图书馆", 5)
    assert retriever.search("３０１號獎勵辦法的圖書館", 5) == plain


def test_a_query_without_terms_still_answers(retriever: Retriever) -> None:
    assert len(retriever.search("？！", 5)) == 5


def test_a_very_long_query(retriever: Retriever) -> None:
    assert len(retriever.search("企业" + "奖励办法" * 50_000, 5)) == 5


@pytest.mark.parametrize(("query", "k"), [("", 5), (" \n　", 5), ("奖励", 0), ("奖励", -1)])
def test_unusable_arguments(retriever: Retriever, query: str, k: int) -> None:
    with pytest.raises(InputError):
        retriever.search(query, k)


def test_a_score_moves_little_as_the_corpus_grows(tmp_path: Path) -> None:
    """A thousand unrelated articles beside three hundred move a share by less than 0.05."""
    queries = ["17号办法的奖励", "对符合条件的企业给予多少奖励", "渔业管理的责任", "火星移民政策"]
    with Store.open(tmp_path / "store", create=True) as store:
        first = [*map(article, range(30)), *map(unrelated, range(270))]
        store.add((entry(one, EMBEDDER, 400) for one in first), EMBEDDER.name)
        retriever = Retriever(store, EMBEDDER)
        before = [retriever.search(query, 1)[0] for query in queries]
        store.add((entry(unrelated(n), EMBEDDER, 400) for n in range(270, 1270)), EMBEDDER.name)
        after = [retriever.search(query, 1)[0] for query in queries]
    for old, new in zip(before, after, strict=True):
        assert abs(old.stages["lexical"] - new.stages["lexical"]) < 0.05
        assert abs(old.score - new.score) < 0.15


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("301号办法奖励多少?", []),
        ("301号办法奖励多少?由谁负责?", []),
        (
            "养老托育工作每年检查几次?17号办法的奖励有多少?",
            ["养老托育工作每年检查几次?", "17号办法的奖励有多少?"],
        ),
        ("海滨市出台了新的智能工厂奖励办法。最高奖励多少?", []),
        ("???", []),
    ],
)
def test_questions_of_a_query(query: str, expected: list[str]) -> None:
    assert split(query) == expected


def test_each_of_several_questions_is_searched_for(retriever: Retriever) -> None:
    first, second = "养老托育工作每年检查几次？", "浙江省嘉兴市301号奖励办法怎么规定？"
    best = {hit.passage.id: hit for one in (first, second) for hit in retriever.search(one, 3)}
    hits = retriever.search(first + second, 20)
    assert best.keys() <= {hit.passage.id for hit in hits}
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        if hit.passage.id in best:
            assert hit.score >= best[hit.passage.id].score


class Shortest:
    """Takes shorter passages for better ones."""

    depth = 20

    def score(self, query: str, hits: Sequence[Hit]) -> list[float]:
        assert query == "奖励办法"
        return [1 / len(hit.passage.text) for hit in hits]


def test_a_reranker_orders_the_first_hits(store: Store) -> None:
    plain = Retriever(store, EMBEDDER).search("獎勵辦法", 40)
    first = sorted(plain[: Shortest.depth], key=lambda hit: len(hit.passage.text))
    hits = Retriever(store, EMBEDDER, Shortest()).search("獎勵辦法", 40)
    assert [hit.passage.id for hit in hits] == [hit.passage.id for hit in [*first, *plain[Shortest.depth :]]]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits[0].score == hits[0].stages["reranker"] == 1 / len(hits[0].passage.text)
    assert "reranker" not in hits[-1].stages
    few = Retriever(store, EMBEDDER, Shortest()).search("獎勵辦法", 3)
    assert few == hits[:3]


def test_a_reranker_of_nothing(store: Store) -> None:
    nothing = Filters(since=date(2050, 1, 1))
    assert Retriever(store, EMBEDDER, Shortest()).search("奖励办法", 3, nothing) == []


def test_as_of_a_day_the_version_is_found_that_was_in_force(tmp_path: Path) -> None:
    rule = article(1, region="天津市", kind="法规")
    versions = [
        replace(rule, id="old", text=rule.text + "一", published=date(2015, 1, 1)),
        replace(
            rule, id="new", text=rule.text + "二", published=date(2020, 1, 1), effective=date(2020, 7, 1)
        ),
    ]
    with Store.open(tmp_path / "store", create=True) as store:
        store.add((entry(one, EMBEDDER, 400) for one in versions), EMBEDDER.name)
        retriever = Retriever(store, EMBEDDER)
        found = {
            day.year: {hit.passage.article_id for hit in retriever.search("奖励", 5, Filters(as_of=day))}
            for day in (date(2014, 1, 1), date(2020, 6, 30), date(2021, 1, 1))
        }
    assert found == {2014: set(), 2020: {"old"}, 2021: {"new"}}
