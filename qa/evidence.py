"""Finds the sentences that answer, puts them in order and says how probable it is that they do.

The rules are linear models over the features of `qa/features.py`. A reader reads the passages that the rules
put first; what both say is weighed together. All weights stand in `evidence.json`, fitted by
`python -m eval.fit` on questions that no report uses.
"""

import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any, TypeAlias

import numpy as np

from index.folding import fold
from index.reader import Reader, Source
from index.reading import clean_span, search_range, source_span, whole_text
from index.records import Article, Hit, Passage
from index.words import Words
from qa.features import FEATURES, TYPED, Features, Measured, measure_hits
from qa.indicator import contradicts
from qa.instructions import order_spans, without_orders
from qa.question import Question
from qa.scope import Mismatch, mismatch, years_of

_GOAL = re.compile(
    r"目标|力争|争取|计划|规划|预计|预期|将[要会达突建新]|[到至]20\d\d年|未来|今后|下一步|[要拟](?:达到|建成|新增)"
)
_RESULT = re.compile(r"已|累计|完成|截至|实现了|达到了|目前|建成了|新增了|获得了")
_READ, _READ_ASIDE = 5, 2
"""Passages that the reader reads: of those that may answer, and of those that contradict the question."""
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
    reader: float | None = None
    """How far the reader thinks that it answers (a logit); None where it was not read."""
    answer: tuple[int, int] | None = None
    """The span in the article's text of the likeliest short answer within it; None where it was not read."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """The weights of the rules in the order of `FEATURES`, and the least probability of an answer."""

    order: Features
    probability: Features
    bias: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Together:
    """What the reader's logit weighs beside the rules, and the least probability of an answer."""

    order: float
    """Its weight in the order, where the rules' order weighs 1."""
    rules: float
    reader: float
    bias: float
    """The probability's logit is `rules` times the rules' logit, `reader` times the reader's, and `bias`."""
    threshold: float


@dataclass(frozen=True, slots=True)
class Selection:
    """The sentences, best first, and the best that was set aside for each mismatch."""

    evidence: tuple[Evidence, ...]
    set_aside: dict[Mismatch, Evidence]
    threshold: float
    """The least probability of an answer."""


Judged: TypeAlias = tuple[Evidence, Mismatch | None]
"""A sentence, and what of it contradicts the question."""


def select(
    question: Question,
    hits: Sequence[Hit],
    article_of: Callable[[str], Article],
    words: Words,
    reader: Reader | None = None,
) -> Selection:
    """Score every sentence of the hits' passages; those that contradict the question are set aside.

    With a reader, only sentences that it has read are evidence.
    """
    found: list[Judged] = []
    seen: set[tuple[str, int]] = set()
    for measured in measure_hits(question, hits, article_of, words):
        for evidence, reason in _by_rules(question, measured):
            if (evidence.article.id, evidence.start) not in seen:
                seen.add((evidence.article.id, evidence.start))
                found.append((evidence, reason))
    threshold = fitted().threshold
    if reader:
        found = _by_reader(question, reader, found)
        threshold = together().threshold
    found.sort(key=lambda judged: -judged[0].order)
    set_aside: dict[Mismatch, Evidence] = {}
    for evidence, reason in found:
        if reason is not None:
            set_aside.setdefault(reason, evidence)
    return Selection(tuple(e for e, reason in found if reason is None), set_aside, threshold)


def _by_rules(question: Question, measured: Measured) -> Iterator[Judged]:
    """Yield the sentences of a hit as the rules see them, and what of each contradicts the question.

    What gives orders to a language model is no evidence of anything.
    """
    model = fitted()
    article, passage = measured.article, measured.hit.passage
    texts, rows = measured.texts, measured.rows
    context = clean_span(passage, article.text, passage.start, passage.end)
    whole = whole_text(article)
    orders = ranked(rows, model.order)
    scores = probable(rows, model.probability, model.bias)
    if not _GOAL.search(question.folded):
        # A goal is not what was reached: it may be named, but behind any result.
        orders -= np.array([_GOAL_BEHIND * is_goal(text) for text in texts], dtype=np.float32)
    commands = order_spans(passage.search_text)
    for i, (start, end) in enumerate(measured.spans):
        low, high = search_range(passage, start, end)
        if not texts[i] or any(low < last and first < high for first, last in commands):
            continue
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
        if reason is None and contradicts(question, texts[i], before + measured.heading, whole):
            reason = Mismatch.INDICATOR
        yield evidence, reason


def _by_reader(question: Question, reader: Reader, found: Sequence[Judged]) -> list[Judged]:
    """Return the sentences of the passages that the reader reads, with what it makes of them."""
    chosen: dict[str, list[Judged]] = {}
    left = {False: _READ, True: _READ_ASIDE}
    for evidence, reason in sorted(found, key=lambda judged: -judged[0].order):
        if evidence.passage.id not in chosen:
            left[reason is not None] -= 1
            if left[reason is not None] < 0:
                continue
        chosen.setdefault(evidence.passage.id, []).append((evidence, reason))
    readings = reader.read(question.folded, [_source(judged) for judged in chosen.values()])
    model = together()
    read: list[Judged] = []
    for judged, reading in zip(chosen.values(), readings, strict=True):
        for (evidence, reason), sentence in zip(judged, reading.sentences, strict=True):
            weighed = replace(
                evidence,
                order=evidence.order + model.order * sentence.score,
                score=beside_reader(evidence.score, sentence.score, model),
                reader=sentence.score,
                answer=source_span(evidence.passage, sentence.start, sentence.end),
            )
            read.append((weighed, reason))
    return read


def _source(judged: Sequence[Judged]) -> Source:
    """Return what the reader reads of sentences of one passage: the passage, and where they stand in it."""
    passage = judged[0][0].passage
    spans = [search_range(passage, evidence.start, evidence.end) for evidence, _ in judged]
    return Source(fold(passage.heading), without_orders(passage.search_text), spans)


def beside_reader(score: float, reader: float, model: Together) -> float:
    """Return the probability that rules and reader give together; without the wanted kind of answer, none."""
    if not score:
        return 0.0
    rules = logit(score)
    return 1 / (1 + math.exp(-(model.rules * rules + model.reader * reader + model.bias)))


def logit(probability: float) -> float:
    """Return the logarithm of the odds of a probability in (0, 1]."""
    return math.log(probability) - math.log1p(-min(probability, 1 - 1e-6))


def is_goal(sentence: str) -> bool:
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
    """Return the rules' weights as `evidence.json` holds them."""
    values = _weights()

    def weights(name: str) -> Features:
        return np.array([values[name][feature] for feature in FEATURES], dtype=np.float32)

    return Fitted(weights("order"), weights("probability"), values["bias"], values["threshold"])


@cache
def together() -> Together:
    """Return the weights of rules and reader together as `evidence.json` holds them."""
    return Together(**_weights()["reader"])


def _weights() -> Any:
    return json.loads(resources.files("qa").joinpath("evidence.json").read_text(encoding="utf-8"))
