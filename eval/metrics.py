"""Metrics: pure functions from what each question came to, to shares, ranks and intervals.

A share of nothing is None, never 0. A failed question counts as asked, not answered, not refused, not found;
its time counts. The metrics:

- hit@1, hit@5, MRR@10: over answerable questions, by the rank of the first passage of the right article that
  holds the whole evidence (`passage`), and by the first passage of the right article (`article`).
- `accuracy`: answerable questions answered with every `must` group in the answer.
- `grounded_accuracy`: those of them that have a right citation, and whose quotes are all verbatim.
- `citation_precision`: right citations among all citations of answered answerable questions; a citation is
  right if it is from the right article and its quote carries the evidence or the answer (`eval.judging`).
- `first_citation_article`: answered answerable questions whose first citation is from the right article.
- `quote_exactness`: citations of all answers whose quote is the article's text at its offsets.
- `figure_accuracy`: figures in the claims of all answers that stand in a quote which the claim cites.
- `refusal_precision`: unanswerable among refused questions; `refusal_recall`: refused among unanswerable.
- `p50_seconds`, `p95_seconds`: wall-clock time of a question, interpolated linearly between neighbours.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

BOOTSTRAP_SAMPLES = 10_000
BOOTSTRAP_SEED = 20_240_815


@dataclass(frozen=True, slots=True)
class CitationCheck:
    """What one citation was found to be."""

    right_article: bool
    right: bool
    """From the right article, and its quote holds the evidence or the answer."""
    exact: bool
    """The quote is the article's text at its offsets."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one question came to: all that the metrics count."""

    answerable: bool
    tag: str = ""
    failed: bool = False
    refused: bool = False
    correct: bool = False
    """Answerable: answered with everything it must say; unanswerable: refused."""
    rank: int | None = None
    article_rank: int | None = None
    citations: tuple[CitationCheck, ...] = ()
    figures: tuple[bool, ...] = ()
    """For every figure in a claim, whether a quote that the claim cites states it."""
    seconds: float = 0.0

    @property
    def answered(self) -> bool:
        """Neither refused nor failed."""
        return not self.refused and not self.failed

    @property
    def grounded(self) -> bool:
        """Correct, rightly cited at least once, and every quote verbatim."""
        return (
            self.correct
            and any(citation.right for citation in self.citations)
            and all(citation.exact for citation in self.citations)
        )


@dataclass(frozen=True, slots=True)
class Ranking:
    """How well the right passage (or article) is ranked."""

    hit_1: float | None
    hit_5: float | None
    mrr_10: float | None


@dataclass(frozen=True, slots=True)
class TagScore:
    """The share of right outcomes among the questions of one tag; answerable and unanswerable ones apart."""

    tag: str
    answerable: bool
    questions: int
    right: float
    hit_1: float | None
    """By `rank`; None for unanswerable questions."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """All figures of one run; shares in [0, 1], None where there was nothing to count."""

    questions: int
    answerable: int
    unanswerable: int
    failed: int
    passage: Ranking
    article: Ranking
    accuracy: float | None
    accuracy_interval: tuple[float, float] | None
    grounded_accuracy: float | None
    citation_precision: float | None
    first_citation_article: float | None
    quote_exactness: float | None
    figure_accuracy: float | None
    refusal_precision: float | None
    refusal_recall: float | None
    refusal_recall_interval: tuple[float, float] | None
    p50_seconds: float | None
    p95_seconds: float | None
    by_tag: tuple[TagScore, ...]


def share(outcomes: Iterable[bool]) -> float | None:
    """Return the share of true values, None of no values."""
    values = list(outcomes)
    return sum(values) / len(values) if values else None


def hit_at(ranks: Sequence[int | None], k: int) -> float | None:
    """Return the share of 1-based ranks that are at most `k`; None in `ranks` is not found."""
    return share(rank is not None and rank <= k for rank in ranks)


def mean_reciprocal_rank(ranks: Sequence[int | None], k: int = 10) -> float | None:
    """Return the mean of 1/rank, where a rank beyond `k` or not found counts 0."""
    if not ranks:
        return None
    return sum(1 / rank for rank in ranks if rank is not None and rank <= k) / len(ranks)


def percentile(values: Sequence[float], percent: float) -> float | None:
    """Return the value below which `percent` of the values lie, interpolated linearly between neighbours."""
    return float(np.percentile(values, percent)) if values else None


def bootstrap_interval(outcomes: Sequence[bool]) -> tuple[float, float] | None:
    """Return the percentile bootstrap's 95 % interval of the share of true values; the same at every call.

    The number of true values in a resample, drawn with replacement, is binomial: it is drawn directly.
    """
    if not outcomes:
        return None
    generator = np.random.default_rng(BOOTSTRAP_SEED)
    counts = generator.binomial(len(outcomes), sum(outcomes) / len(outcomes), BOOTSTRAP_SAMPLES)
    low, high = np.percentile(counts / len(outcomes), [2.5, 97.5])
    return float(low), float(high)


def ranking(ranks: Sequence[int | None]) -> Ranking:
    """Return hit@1, hit@5 and MRR@10 of the ranks."""
    return Ranking(hit_at(ranks, 1), hit_at(ranks, 5), mean_reciprocal_rank(ranks))


def summarise(outcomes: Sequence[Outcome]) -> Metrics:
    """Return all metrics of a run; the module's docstring defines them."""
    answerable = [outcome for outcome in outcomes if outcome.answerable]
    unanswerable = [outcome for outcome in outcomes if not outcome.answerable]
    answered = [outcome for outcome in answerable if outcome.answered]
    seconds = [outcome.seconds for outcome in outcomes]
    correct = [outcome.correct for outcome in answerable]
    refused = [outcome.refused for outcome in unanswerable]
    return Metrics(
        questions=len(outcomes),
        answerable=len(answerable),
        unanswerable=len(unanswerable),
        failed=sum(outcome.failed for outcome in outcomes),
        passage=ranking([outcome.rank for outcome in answerable]),
        article=ranking([outcome.article_rank for outcome in answerable]),
        accuracy=share(correct),
        accuracy_interval=bootstrap_interval(correct),
        grounded_accuracy=share(outcome.grounded for outcome in answerable),
        citation_precision=share(
            citation.right for citation in chain.from_iterable(outcome.citations for outcome in answered)
        ),
        first_citation_article=share(
            bool(outcome.citations) and outcome.citations[0].right_article for outcome in answered
        ),
        quote_exactness=share(citation.exact for outcome in outcomes for citation in outcome.citations),
        figure_accuracy=share(stated for outcome in outcomes for stated in outcome.figures),
        refusal_precision=share(not outcome.answerable for outcome in outcomes if outcome.refused),
        refusal_recall=share(refused),
        refusal_recall_interval=bootstrap_interval(refused),
        p50_seconds=percentile(seconds, 50),
        p95_seconds=percentile(seconds, 95),
        by_tag=tag_scores(outcomes),
    )


def tag_scores(outcomes: Sequence[Outcome]) -> tuple[TagScore, ...]:
    """Return one score for each tag, answerable ones first, by name."""
    groups: dict[tuple[bool, str], list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault((not outcome.answerable, outcome.tag), []).append(outcome)
    return tuple(
        TagScore(
            tag=tag,
            answerable=not unanswerable,
            questions=len(group),
            right=sum(outcome.correct for outcome in group) / len(group),
            hit_1=None if unanswerable else hit_at([outcome.rank for outcome in group], 1),
        )
        for (unanswerable, tag), group in sorted(groups.items())
    )
