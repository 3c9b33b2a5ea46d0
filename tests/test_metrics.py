import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import (
    CitationCheck,
    Outcome,
    Ranking,
    TagScore,
    bootstrap_interval,
    hit_at,
    mean_reciprocal_rank,
    percentile,
    share,
    summarise,
)

RIGHT = CitationCheck(right_article=True, right=True, exact=True)
ASTRAY = CitationCheck(right_article=True, right=False, exact=True)
FOREIGN = CitationCheck(right_article=False, right=False, exact=True)
FORGED = CitationCheck(right_article=True, right=True, exact=False)


def test_a_share_of_nothing_is_none() -> None:
    assert share([]) is None
    assert hit_at([], 1) is None
    assert mean_reciprocal_rank([]) is None
    assert percentile([], 50) is None
    assert bootstrap_interval([]) is None
    assert share([True, False, False, True]) == 0.5


def test_ranks_by_hand() -> None:
    ranks = [1, 2, None, 5, 6, 11]
    assert hit_at(ranks, 1) == pytest.approx(1 / 6)
    assert hit_at(ranks, 5) == pytest.approx(3 / 6)
    assert mean_reciprocal_rank(ranks) == pytest.approx((1 + 1 / 2 + 0 + 1 / 5 + 1 / 6 + 0) / 6)


@given(st.lists(st.one_of(st.none(), st.integers(1, 20)), min_size=1))
def test_reciprocal_rank_lies_between_hit_at_1_and_hit_at_10(ranks: list[int | None]) -> None:
    first, ten, reciprocal = hit_at(ranks, 1), hit_at(ranks, 10), mean_reciprocal_rank(ranks)
    assert first is not None
    assert ten is not None
    assert reciprocal is not None
    assert first - 1e-9 <= reciprocal <= ten + 1e-9


def test_percentiles_are_interpolated() -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], 50) == pytest.approx(2.5)
    assert percentile([0.0, 10.0], 95) == pytest.approx(9.5)


def test_interval_agrees_with_resampling_one_by_one() -> None:
    outcomes = [True] * 30 + [False] * 10
    generator = np.random.default_rng(1)
    means = generator.choice(np.array(outcomes), (10_000, 40), replace=True).mean(axis=1)
    expected = np.percentile(means, [2.5, 97.5])
    interval = bootstrap_interval(outcomes)
    assert interval == pytest.approx(tuple(expected), abs=0.03)
    assert interval == bootstrap_interval(outcomes)
    assert bootstrap_interval([True] * 5) == (1.0, 1.0)


OUTCOMES = [
    # answered rightly, cited rightly
    Outcome(
        True, "direct", correct=True, rank=1, article_rank=1, citations=(RIGHT,), figures=(True,), seconds=1
    ),
    # answered rightly, but one of three quotes is not verbatim
    Outcome(
        True,
        "direct",
        correct=True,
        rank=2,
        article_rank=1,
        citations=(ASTRAY, FORGED, RIGHT),
        figures=(True, False),
        seconds=2,
    ),
    # answered wrongly from another article
    Outcome(True, "list", article_rank=3, citations=(FOREIGN,), figures=(True,), seconds=3),
    # answered wrongly without a citation
    Outcome(True, "list", seconds=4),
    # refused though there is an answer
    Outcome(True, "list", refused=True, rank=4, article_rank=4, seconds=5),
    # failed
    Outcome(True, "list", failed=True, seconds=6),
    # refused as it should be, twice; answered though there is no answer; failed
    Outcome(False, "wrong-year", refused=True, correct=True, seconds=7),
    Outcome(False, "wrong-year", refused=True, correct=True, seconds=8),
    Outcome(False, "wrong-year", citations=(FOREIGN,), figures=(False,), seconds=9),
    Outcome(False, "list", failed=True, seconds=10),
]


def test_all_metrics_by_hand() -> None:
    metrics = summarise(OUTCOMES)
    assert (metrics.questions, metrics.answerable, metrics.unanswerable, metrics.failed) == (10, 6, 4, 2)
    assert metrics.passage == Ranking(1 / 6, 3 / 6, (1 + 1 / 2 + 1 / 4) / 6)
    assert metrics.article == Ranking(2 / 6, 4 / 6, (1 + 1 + 1 / 3 + 1 / 4) / 6)
    assert metrics.accuracy == pytest.approx(2 / 6)
    assert metrics.grounded_accuracy == pytest.approx(1 / 6)
    assert metrics.citation_precision == pytest.approx(3 / 5)  # of answered answerable questions only
    assert metrics.first_citation_article == pytest.approx(2 / 4)  # four were answered, one without citation
    assert metrics.quote_exactness == pytest.approx(5 / 6)
    assert metrics.figure_accuracy == pytest.approx(3 / 5)
    assert metrics.refusal_precision == pytest.approx(2 / 3)
    assert metrics.refusal_recall == pytest.approx(2 / 4)  # a failure is no refusal
    assert metrics.p50_seconds == pytest.approx(5.5)
    assert metrics.p95_seconds == pytest.approx(9.55)
    assert metrics.accuracy_interval is not None
    assert metrics.accuracy_interval[0] < 2 / 6 < metrics.accuracy_interval[1]
    assert metrics.by_tag == (
        TagScore("direct", True, 2, 1.0, 0.5),
        TagScore("list", True, 4, 0.0, 0.0),
        TagScore("list", False, 1, 0.0, None),
        TagScore("wrong-year", False, 3, 2 / 3, None),
    )


def test_no_questions_at_all() -> None:
    metrics = summarise([])
    assert metrics.questions == 0
    assert metrics.accuracy is None
    assert metrics.by_tag == ()
