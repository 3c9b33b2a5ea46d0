"""What held-out questions find, how probably it answers them, and what a threshold makes of that."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.reader import Reader
from index.retriever import Retriever
from index.store import Store
from index.training.candidates import Asked, never
from qa.engine import PolicyQA
from qa.evidence import Evidence, Together, beside_reader, fitted, probable, together
from qa.features import FEATURES
from qa.generation.extractive import ExtractiveGenerator

SEED = 2026
MOST = 1500
"""Questions of a set that the reader is asked, chosen by chance: each takes it a third of a second."""

Rows = NDArray[np.float32]
Mask = NDArray[np.bool_]
Opened: TypeAlias = tuple[Store, Retriever, list[Asked]]
"""A question set's paragraphs among passages of news, searched, and its questions."""


def some(opened: Opened) -> Opened:
    """The same with no more than `MOST` of its questions."""
    store, retriever, questions = opened
    return store, retriever, random.Random(SEED).sample(questions, min(MOST, len(questions)))


def absent(others: Opened, policy: Opened) -> Opened:
    """The questions about policies that have an answer, asked where no article is about them."""
    store, retriever, _ = others
    known = store.fingerprints()
    asked = [replace(q, answers=()) for q in policy[2] if q.answers and q.paragraph not in known]
    return store, retriever, asked


@dataclass(frozen=True, slots=True)
class Found:
    """The sentences that a question finds: what rules and reader make of each, and which answers."""

    answerable: bool
    rows: Rows
    """`qa.features.FEATURES` of each sentence."""
    rules: Rows
    """What the rules order by."""
    reader: Rows
    """The reader's logits; zeros without a reader."""
    right: Mask

    def order(self, weight: float) -> Rows:
        """What rules and reader order by, where the reader weighs so much."""
        return self.rules + np.float32(weight) * self.reader


class First(NamedTuple):
    """The likeliest sentence that a question finds."""

    answerable: bool
    right: bool


def first_of(found: Found, order: Rows) -> First:
    """The sentence that an order puts first."""
    return First(found.answerable, bool(len(order) and found.right[order.argmax()]))


def leading(found: Found, order: Rows) -> tuple[float, float]:
    """The rules' probability and the reader's logit of the first sentence in an order; 0 without one."""
    if not len(order):
        return 0.0, 0.0
    n, model = int(order.argmax()), fitted()
    chances = probable(found.rows[n : n + 1], model.probability, model.bias)
    return float(chances[0]), float(found.reader[n])


def chance(found: Found, beside: Together) -> float:
    """The probability that rules and reader give to the first sentence."""
    rules, read = leading(found, found.order(beside.order))
    return beside_reader(rules, read, beside)


def find(
    opened: Opened, reader: Reader | None, may_answer: Callable[[Asked, str], bool] = never
) -> Iterator[Found]:
    """Yield what each question of a set finds among its paragraphs and passages of news.

    What `may_answer` tells of other paragraphs counts as little as in training (`build_squad`).
    """
    store, retriever, questions = opened
    qa = PolicyQA(store, retriever, ExtractiveGenerator(), None, reader)
    weight = together().order if reader else 0.0
    for asked in questions:
        selected = qa.select(asked.question).evidence
        evidence = [e for e in selected if not may_answer(asked, e.article.id)]
        read = np.array([e.reader or 0.0 for e in evidence], dtype=np.float32)
        yield Found(
            answerable=bool(asked.answers),
            rows=np.array([e.features for e in evidence], dtype=np.float32).reshape(-1, len(FEATURES)),
            rules=np.array([e.order for e in evidence], dtype=np.float32) - np.float32(weight) * read,
            reader=read,
            right=np.array([answers(e, asked) for e in evidence], dtype=np.bool_),
        )


def answers(evidence: Evidence, asked: Asked) -> bool:
    """Whether a sentence stands where the answer does."""
    here = evidence.article.id == asked.paragraph
    return here and evidence.start < asked.gold[1] and asked.gold[0] < evidence.end


def shares_at(cut: float, firsts: Sequence[First], scores: Sequence[float]) -> dict[str, float]:
    """Return what a threshold does: how many first sentences answer and are given, how many are refused."""
    told = list(zip(firsts, scores, strict=True))
    return {
        "accuracy": mean([first.right and score >= cut for first, score in told if first.answerable]),
        "refusal_recall": mean([score < cut for first, score in told if not first.answerable]),
    }


def risk_coverage(firsts: Sequence[First], scores: Sequence[float]) -> list[dict[str, float]]:
    """Return for thresholds from 0 to 0.9 the share of questions answered, and of these the share wrong.

    The risk-coverage curve of selective prediction (El-Yaniv and Wiener 2010).
    """
    points = []
    for cut in np.arange(0, 1, 0.1).round(1).tolist():
        answered = [first.right for first, score in zip(firsts, scores, strict=True) if score >= cut]
        risk = round(1 - sum(answered) / len(answered), 4) if answered else 0.0
        points.append({"threshold": cut, "coverage": round(len(answered) / len(firsts), 4), "risk": risk})
    return points


def choose_threshold(firsts: Sequence[First], scores: Sequence[float]) -> float:
    """Return the probability under which an answer is refused.

    It serves right answers and refusals alike (the harmonic mean of both shares is highest: neither is given
    up for the other). Of cuts that serve alike it is the highest: silence costs less than a wrong answer.
    """

    def balance(cut: float) -> float:
        right, refused = shares_at(cut, firsts, scores).values()
        return 2 * right * refused / (right + refused) if right + refused else 0.0

    return max({round(score, 3) for score in scores}, key=lambda cut: (balance(cut), cut))


def mean(values: Sequence[bool]) -> float:
    """Return the share that is true, to four places."""
    return round(sum(values) / len(values), 4)
