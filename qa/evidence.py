"""Finds the sentences that answer: measures how each covers the question, and how likely it is the answer.

Two linear models over a few readable features: one puts the sentences in order, the other says how probable it
is that a sentence answers. Their weights stand in `evidence.json`, fitted by `python -m eval.fit` on questions
that no report uses.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from index.dates import find_periods
from index.figures import find_figures
from index.folding import fold
from index.reading import clean_span, search_span
from index.records import Article, Hit, Passage
from index.regions import find_regions
from index.sentences import sentence_spans
from index.words import Word, Words
from qa.question import Kind, Question
from qa.scope import Mismatch, mismatch, years_of

FEATURES = (
    "exact",
    "soft",
    "near",
    "missing",
    "clause",
    "cosine",
    "run",
    "lexical",
    "dense",
    "typed",
    "untyped",
    "words",
)
"""What `measure` gives for one sentence, in this order; each in [0, 1] but `cosine` and `dense`, in [-1, 1].

exact    share of the question's words (by rarity) that stand in the sentence
soft     the same, a word of like meaning counting in part
near     the same, counting neighbours, heading and title in part
missing  rarity share of the rarest word that is not even near
clause   share of the words in the clauses around a figure or date of the wanted kind
cosine   of the static vectors of question and sentence
run      longest run of characters that question and sentence share, by the question's length
lexical  score of the passage in the lexical leg
dense    score of the passage in the dense leg
typed    1 where the sentence holds an answer of the wanted kind
untyped  1 where it does not although the kind can be told
words    1 - 1/n for n words in the question
"""

Features = NDArray[np.float32]


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
    asked = question_words(question, words)
    model = fitted()
    kept: list[Evidence] = []
    set_aside: dict[Mismatch, Evidence] = {}
    seen: set[tuple[str, int]] = set()
    for hit in hits:
        article = article_of(hit.passage.article_id)
        heading = fold(hit.passage.heading)
        spans = sentence_spans(article.text, hit.passage.start, hit.passage.end)
        texts = [search_span(hit.passage, start, end) for start, end in spans]
        rows = measure(question, asked, texts, heading, hit, article, words)
        orders = rows @ model.order
        scores = 1 / (1 + np.exp(-(rows @ model.probability + model.bias)))
        for i, (start, end) in enumerate(spans):
            if (article.id, start) in seen or not texts[i]:
                continue
            seen.add((article.id, start))
            before = "".join(texts[:i])
            evidence = Evidence(
                article=article,
                passage=hit.passage,
                start=start,
                end=end,
                reading=clean_span(hit.passage, article.text, start, end),
                folded=texts[i],
                context=clean_span(hit.passage, article.text, hit.passage.start, hit.passage.end),
                years=years_of(article, texts[i], before, heading),
                order=float(orders[i]),
                score=float(scores[i]),
            )
            reason = mismatch(question, article, texts[i], before, heading)
            if reason is None:
                kept.append(evidence)
            elif reason not in set_aside or set_aside[reason].order < evidence.order:
                set_aside[reason] = evidence
    kept.sort(key=lambda e: -e.order)
    return Selection(tuple(kept), set_aside)


def question_words(question: Question, words: Words) -> list[Word]:
    """Return the question's words that carry meaning, each once."""
    found = {word.text: word for run in question.content for word in words.split(run) if word.text not in _STOP}
    return list(found.values())


def measure(
    question: Question,
    asked: Sequence[Word],
    sentences: Sequence[str],
    heading: str,
    hit: Hit,
    article: Article,
    words: Words,
) -> Features:
    """Return one row of `FEATURES` for each folded sentence of a passage, shape (n, len(FEATURES))."""
    rows = np.zeros((len(sentences), len(FEATURES)), dtype=np.float32)
    if not sentences:
        return rows
    weight = np.array([word.weight for word in asked] or [1.0], dtype=np.float32)
    weight /= weight.sum()
    exact = np.zeros((len(weight), len(sentences)), dtype=np.float32)
    for a, word in enumerate(asked):
        exact[a] = [word.text in sentence for sentence in sentences]
    vectors = [words.matrix(sentence) for sentence in sentences]
    question_vectors = np.stack([word.vector for word in asked]) if asked else words.matrix(question.folded)
    title = np.array([word.text in heading for word in asked] or [0.0], dtype=np.float32)
    soft = np.zeros_like(exact)
    if asked:
        for i, matrix in enumerate(vectors):
            if len(matrix):
                soft[:, i] = (question_vectors @ matrix.T).max(axis=1)
    # A cosine below 0.4 between two words says nothing; above, likeness counts for part of a match.
    match = np.maximum(exact, np.clip((soft - 0.4) / 0.6, 0, 1) * 0.8)
    near = np.maximum(match, 0.6 * match.max(axis=1, keepdims=True))
    near[:, 1:] = np.maximum(near[:, 1:], 0.85 * match[:, :-1])
    near = np.maximum(near, 0.85 * title[:, None])
    question_vector = _unit(question_vectors.sum(axis=0))
    for i, sentence in enumerate(sentences):
        anchors = _anchors(question, sentence, article)
        rows[i] = (
            weight @ exact[:, i],
            weight @ match[:, i],
            weight @ near[:, i],
            float((weight * (1 - near[:, i])).max()),
            _clause_share(sentence, asked, weight, anchors) if anchors else 0.0,
            float(question_vector @ _unit(vectors[i].sum(axis=0))) if len(vectors[i]) else 0.0,
            _longest_run(question, sentence),
            hit.stages.get("lexical", 0.0),
            hit.stages.get("dense", 0.0),
            float(bool(anchors)),
            float(anchors is not None and not anchors),
            1 - 1 / (1 + len(asked)),
        )
    return rows


_STOP = frozenset(
    "的 了 在 是 有 和 与 及 对 为 以 于 到 从 由 被 把 将 就 也 都 还 又 很 更 最 其 该 此 这 那 之 而 或 但 并 等 个 家 项 一 不 能 会 要 可 让 使 "
    "给 上 下 中 里 内 外 前 后 时 人 年 月 日 元 我 你 他 她 它 们 请 问 说 看 做 用 拿 算 来 去 出 过 着 吧 啊 哪 谁 些 每 各 多 少 大 小 高 低 "
    "所 者 地 得 又 再 才 只 已 曾 吗 呢 % 达 达到 属于 属 包括 规定 情况 方面 问题 具体 相关 有关 怎样 如果 我们 你们 他们 这个 那个 这些 哪些 时候 主要".split()
)
_CLAUSE = re.compile(r"[^,;:。!?，；：！？]+")
_LIST_MARK = re.compile(r"、|;|；|[一二三四五六七八九]是|\([一二三四五六七八九十]+\)|\d\.")
_REASON = re.compile(r"因为|由于|因此|为了|为解决|原因|旨在|以便|目的")


def _anchors(question: Question, sentence: str, article: Article) -> list[tuple[int, int]] | None:
    """Return the spans of answers of the wanted kind; None where the kind cannot be told from the text."""
    if question.kind is Kind.FIGURE:
        own = {(f.low, f.high, f.unit) for f in find_figures(question.folded)}
        return [
            (f.start, f.end)
            for f in find_figures(sentence)
            if (f.low, f.high, f.unit) not in own and (not question.units or f.unit in question.units)
        ]
    if question.kind is Kind.DATE:
        own_dates = {(p.start, p.end) for p in question.periods}
        found = [
            (p.text_start, p.text_end)
            for p in find_periods(sentence, article.published)
            if (p.start, p.end) not in own_dates
        ]
        return found or [(f.start, f.end) for f in find_figures(sentence) if f.unit in _DURATIONS]
    if question.kind is Kind.PLACE:
        return [(m.start, m.end) for m in find_regions(sentence)]
    if question.kind is Kind.LIST:
        return [match.span() for match in _LIST_MARK.finditer(sentence)]
    if question.kind is Kind.REASON:
        return [match.span() for match in _REASON.finditer(sentence)] or None
    return None


_DURATIONS = frozenset({"年", "个月", "日", "天", "个工作日", "工作日", "小时", "分钟", "周"})


def _clause_share(
    sentence: str, asked: Sequence[Word], weight: NDArray[np.float32], anchors: Sequence[tuple[int, int]]
) -> float:
    """Return the best share of the words in the clause of an anchor and the clause before it."""
    clauses = [match.span() for match in _CLAUSE.finditer(sentence)]
    best = 0.0
    for start, end in anchors:
        for c, (left, right) in enumerate(clauses):
            if left < end and start < right:
                text = sentence[clauses[max(0, c - 1)][0] : right]
                best = max(best, sum(float(w) for word, w in zip(asked, weight, strict=False) if word.text in text))
    return best


def _longest_run(question: Question, sentence: str) -> float:
    """Return the longest shared run of characters by the length of the question's content."""
    content = " ".join(question.content)
    longest = 0
    for start in range(len(content)):
        # Only a run longer than the best so far is of interest.
        while start + longest < len(content) and content[start : start + longest + 1] in sentence:
            longest += 1
    return min(1.0, longest / max(1, len(content)))


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    norm = float(np.linalg.norm(vector))
    return vector / norm if norm else vector


@cache
def fitted() -> Fitted:
    """Return the models as `evidence.json` holds them."""
    values = json.loads(resources.files("qa").joinpath("evidence.json").read_text(encoding="utf-8"))

    def weights(name: str) -> Features:
        return np.array([values[name][feature] for feature in FEATURES], dtype=np.float32)

    return Fitted(weights("order"), weights("probability"), values["bias"], values["threshold"])
