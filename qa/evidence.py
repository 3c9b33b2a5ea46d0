"""Finds the sentences that answer, puts them in order and says how probable it is that they do.

Both are linear models over the features of `qa/features.py`; their weights stand in `evidence.json`, fitted
by `python -m eval.fit` on questions that no report uses.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from index.reading import clean_span
from index.records import Article, Hit, Passage
from index.words import Words
from qa.features import FEATURES, TYPED, Features, measure_hits
from qa.question import Question
from qa.scope import Mismatch, mismatch, years_of

_GOAL = re.compile(
    r"目标|力争|争取|计划|规划|预计|预期|将[要会达突建新]|[到至]20\d\d年|未来|今后|下一步|[要拟](?:达到|建成|新增)"
)
_RESULT = re.compile(r"已|累计|完成|截至|实现了|达到了|目前|建成了|新增了|获得了")
_GOAL_BEHIND = 3.0
"""What a goal loses in the order where the question does not ask for one."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of an article and the probability that it answers the question."""

    article: Article
    passage: Passage
    start: int
    end: int
    """Code points in the article's text, half open."""
    reading: str
    """The clean reading of the sentence, in the article's script."""
    folded: str
    context: str
    """The clean reading of its passage."""
    years: frozenset[int]
    """The years it speaks of; empty where it names none."""
    order: float
    """A larger one stands further ahead; comparable within one question only."""
    score: float
    """The probability that it answers, comparable between questions."""
    features: tuple[float, ...]
    """What `measure` gave, in the order of `FEATURES`."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """The weights of both models in the order of `FEATURES`, and the least probability of an answer."""

    order: Features
    probability: Features
    bias: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Selection:
    """The sentences, best first, and the best that was set aside for each mismatch."""

    evidence: tuple[Evidence, ...]
    set_aside: dict[Mismatch, Evidence]


def select(
    question: Question, hits: Sequence[Hit], article_of: Callable[[str], Article], words: Words
) -> Selection:
    """Score every sentence of the hits' passages; those that contradict the question are set aside."""
    model = fitted()
    kept: list[Evidence] = []
    set_aside: dict[Mismatch, Evidence] = {}
    seen: set[tuple[str, int]] = set()
    for measured in measure_hits(question, hits, article_of, words):
        article, passage = measured.article, measured.hit.passage
        texts, rows = measured.texts, measured.rows
        context = clean_span(passage, article.text, passage.start, passage.end)
        orders = ranked(rows, model.order)
        scores = probable(rows, model.probability, model.bias)
        if not _GOAL.search(question.folded):
            # A goal is not what was reached: it may be named, but behind any result.
            orders -= np.array([_GOAL_BEHIND * _is_goal(text) for text in texts], dtype=np.float32)
        for i, (start, end) in enumerate(measured.spans):
            if (article.id, start) in seen or not texts[i]:
                continue
            seen.add((article.id, start))
            before = "".join(texts[:i])
            evidence = Evidence(
                article=article,
                passage=passage,
                start=start,
                end=end,
                reading=clean_span(passage, article.text, start, end),
                folded=texts[i],
                context=context,
                years=years_of(article, texts[i], before, measured.heading),
                order=float(orders[i]),
                score=float(scores[i]),
                features=tuple(rows[i].tolist()),
            )
            reason = mismatch(question, article, texts[i], before, measured.heading)
            if reason is None:
                kept.append(evidence)
            elif reason not in set_aside or set_aside[reason].order < evidence.order:
                set_aside[reason] = evidence
    kept.sort(key=lambda e: -e.order)
    return Selection(tuple(kept), set_aside)


def _is_goal(sentence: str) -> bool:
    """Tell whether a sentence speaks of a goal alone (力争新增900家), not also of what was reached."""
    return bool(_GOAL.search(sentence)) and not _RESULT.search(sentence)


def ranked(rows: Features, order: Features) -> Features:
    """Return what sentences are ordered by: without the wanted kind of answer, behind all others."""
    return rows @ order + np.where(rows[:, TYPED] > 0, 100, 0).astype(np.float32)


def probable(rows: Features, weights: Features, bias: float) -> Features:
    """Return the probabilities that sentences answer; one that lacks the wanted kind of answer has none."""
    return np.where(rows[:, TYPED] > 0, 1 / (1 + np.exp(-(rows @ weights + bias))), 0).astype(np.float32)


@cache
def fitted() -> Fitted:
    """Return the models as `evidence.json` holds them."""
    values = json.loads(resources.files("qa").joinpath("evidence.json").read_text(encoding="utf-8"))

    def weights(name: str) -> Features:
        return np.array([values[name][feature] for feature in FEATURES], dtype=np.float32)

    return Fitted(weights("order"), weights("probability"), values["bias"], values["threshold"])
