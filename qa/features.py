"""Measures how a sentence covers a question: words by their rarity, figures and dates of the wanted kind."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.dates import find_periods
from index.figures import Figure, find_figures
from index.folding import fold
from index.reading import passage_sentences, search_span, whole_text
from index.records import Article, Hit
from index.regions import find_regions
from index.words import Word, Words
from qa.question import Kind, Question

FEATURES = (
    "exact",
    "soft",
    "near",
    "missing",
    "absent",
    "clause",
    "focus",
    "cosine",
    "run",
    "lexical",
    "dense",
    "typed",
    "words",
)
"""What `measure` gives for one sentence, in this order; each in [0, 1] but `cosine` and `dense`, in [-1, 1].

exact    share of the question's words (by rarity) that stand in the sentence
soft     the same, a word that stands there in part or by one of like meaning counting in part
near     the same, counting neighbours, heading and title in part
missing  rarity share of the rarest word that stands neither there nor right before nor in the heading
absent   share of the words that stand nowhere in the article
clause   share of the words in the clauses around a figure or date of the wanted kind
focus    share of the words at the asking word that stand in the sentence or the one before
cosine   of the static vectors of question and sentence
run      longest run of characters that question and sentence share, by the question's length
lexical  score of the passage in the lexical leg
dense    score of the passage in the dense leg
typed    1 where the sentence holds an answer of the wanted kind, 0 where not, 1/2 where that cannot be told
words    1 - 1/n for n words in the question
"""

TYPED = FEATURES.index("typed")
Features = NDArray[np.float32]


def question_words(question: Question, words: Words) -> list[Word]:
    """Return the question's words that carry meaning, each once."""
    found = {
        word.text: word for run in question.content for word in words.split(run) if word.text not in _STOP
    }
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Measured:
    """A hit with its sentences: their spans in the article's text, folded texts, and rows of `FEATURES`."""

    hit: Hit
    article: Article
    heading: str
    spans: list[tuple[int, int]]
    texts: list[str]
    rows: Features


def measure_hits(
    question: Question, hits: Sequence[Hit], article_of: Callable[[str], Article], words: Words
) -> Iterator[Measured]:
    """Yield each hit with its sentences measured."""
    asked = question_words(question, words)
    for hit in hits:
        article = article_of(hit.passage.article_id)
        heading = fold(hit.passage.heading)
        spans = passage_sentences(hit.passage, article.text)
        texts = [search_span(hit.passage, start, end) for start, end in spans]
        rows = measure(question, asked, texts, heading, hit, article, words)
        yield Measured(hit, article, heading, spans, texts, rows)


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
    exact, match = _matches(asked, sentences, words)
    title = np.array([word.text in heading for word in asked] or [False], dtype=np.float32)[:, None]
    before = np.concatenate([np.zeros_like(match[:, :1]), match[:, :-1]], axis=1)
    near = np.maximum(np.maximum(match, 0.85 * before), 0.85 * title)
    missing = (weight[:, None] * (1 - near)).max(axis=0)
    near = np.maximum(near, 0.6 * match.max(axis=1, keepdims=True))
    whole = whole_text(article)
    absent = float(weight @ np.array([word.text not in whole for word in asked] or [False], dtype=np.float32))
    focus = _focus_words(question, asked, words) * weight
    there = np.maximum(match, 0.5 * before)
    question_vector = _sum(words.matrix(question.folded))
    for i, sentence in enumerate(sentences):
        spans = anchors(question, sentence, article)
        rows[i] = (
            weight @ exact[:, i],
            weight @ match[:, i],
            weight @ near[:, i],
            missing[i],
            absent,
            _clause_share(sentence, asked, weight, spans) if spans else 0.0,
            float(focus @ there[:, i] / focus.sum()) if focus.any() else float(weight @ match[:, i]),
            float(question_vector @ _sum(words.matrix(sentence))),
            _longest_run(question, sentence),
            hit.stages.get("lexical", 0.0),
            hit.stages.get("dense", 0.0),
            0.5 if spans is None else float(bool(spans)),
            1 - 1 / (1 + len(asked)),
        )
    return rows


_FUNCTION_WORDS = """
的 了 在 是 有 和 与 及 对 为 以 于 到 从 由 被 把 将 就 也 都 还 又 很 更 最 其 该 此 这 那 之 而 或 但 并 等
个 家 项 一 不 能 会 要 可 让 使 给 上 下 中 里 内 外 前 后 时 人 年 月 日 元 我 你 他 她 它 们 请 问 说 看 做
用 拿 算 来 去 出 过 着 吧 啊 哪 谁 些 每 各 多 少 大 小 高 低 所 者 地 得 再 才 只 已 曾 吗 呢 %
达 达到 属于 属 包括 规定 情况 方面 问题 具体 相关 有关 怎样 如果 我们 你们 他们 这个 那个 这些 哪些 时候 主要
"""
_STOP = frozenset(_FUNCTION_WORDS.split())
_CLAUSE = re.compile(r"[^,;:。!?，；：！？]+")
_LIST_MARK = re.compile(r"、|;|；|[一二三四五六七八九]是|\([一二三四五六七八九十]+\)|\d\.")
_REASON = re.compile(r"因为|由于|因此|为了|为解决|原因|旨在|以便|目的")


def anchors(question: Question, sentence: str, article: Article) -> list[tuple[int, int]] | None:
    """Return the spans of answers of the wanted kind; None where that cannot be told."""
    if question.kind is Kind.FIGURE:
        own = _own_figures(question.folded)
        found = [
            (f.start, f.end)
            for f in find_figures(sentence)
            if (f.low, f.high, f.unit) not in own and fits_unit(question, f)
        ]
        return found or [match.span() for match in _counted(question.units).finditer(sentence)]
    if question.kind is Kind.DATE:
        own_dates = {(p.start, p.end) for p in question.periods}
        found = [
            (p.text_start, p.text_end)
            for p in find_periods(sentence, article.published)
            if (p.start, p.end) not in own_dates
        ]
        found += [(f.start, f.end) for f in find_figures(sentence) if f.unit in _DURATIONS]
        return found or [match.span() for match in _TIME.finditer(sentence)]
    if question.kind is Kind.PLACE:
        return [(m.start, m.end) for m in find_regions(sentence)] or None
    if question.kind is Kind.LIST:
        return [match.span() for match in _LIST_MARK.finditer(sentence)] or None
    if question.kind is Kind.REASON:
        return [match.span() for match in _REASON.finditer(sentence)] or None
    return None


@lru_cache(maxsize=256)
def _own_figures(folded: str) -> frozenset[tuple[Decimal, Decimal, str]]:
    """Return the figures of a question, which do not answer it."""
    return frozenset((f.low, f.high, f.unit) for f in find_figures(folded))


@lru_cache(maxsize=256)
def _counted(units: tuple[str, ...]) -> re.Pattern[str]:
    """Return what reads as a count though `find_figures` leaves it (四个, 1:7); nothing for open units."""
    if not units:
        return re.compile(r"(?!)")
    ratio = r"|\d+:\d+" if "%" in units else ""
    return re.compile(rf"[〇零一二两三四五六七八九十百千万亿]+(?:{'|'.join(map(re.escape, units))}){ratio}")


_TIME = re.compile(
    r"\d+(?:月|日|号|世纪)|[一二三四五六七八九十]+(?:月|日|世纪)|当[日天年月]|次年|元年|年间|时期|年代|至今|期间"
)
_DURATIONS = frozenset({"年", "个月", "日", "个工作日", "工作日", "小时", "分钟", "周"})


def fits_unit(question: Question, figure: Figure) -> bool:
    """Tell whether a figure has a unit that the question asks for; 2000万 without 元 fits any."""
    return (
        not question.units or figure.unit in question.units or (not figure.unit and figure.text[-1] in "万亿")
    )


def _focus_words(question: Question, asked: Sequence[Word], words: Words) -> NDArray[np.float32]:
    """Return 1 for each asked word that belongs to the focus, at most the last three of it, else 0."""
    focus = [word.text for word in words.split(question.focus) if word.text not in _STOP][-3:]
    return np.array([word.text in focus for word in asked] or [False], dtype=np.float32)


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
                best = max(
                    best, sum(float(w) for word, w in zip(asked, weight, strict=False) if word.text in text)
                )
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


def _matches(asked: Sequence[Word], sentences: Sequence[str], words: Words) -> tuple[Features, Features]:
    """Return for each word and sentence whether the word stands there, and how far: shape (words, sentences).

    A longer word counts by the character pairs of it that stand there, and any word by its likeness to the
    most similar one: a cosine below 0.4 says nothing. Neither makes more than 0.8 of a match.
    """
    exact = np.zeros((max(1, len(asked)), len(sentences)), dtype=np.float32)
    if not asked:
        return exact, exact.copy()
    pairs = np.zeros_like(exact)
    alike = np.zeros_like(exact)
    vectors = np.stack([word.vector for word in asked])
    for i, sentence in enumerate(sentences):
        exact[:, i] = [word.text in sentence for word in asked]
        pairs[:, i] = [_pair_share(word.text, sentence) for word in asked]
        matrix = words.matrix(sentence)
        if len(matrix):
            alike[:, i] = (vectors @ matrix.T).max(axis=1)
    return exact, np.maximum(exact, 0.8 * np.maximum(pairs, np.clip((alike - 0.4) / 0.6, 0, 1)))


def _pair_share(word: str, sentence: str) -> float:
    """Return the share of a longer word's character pairs that stand in the sentence."""
    if len(word) < 3:
        return 0.0
    return sum(word[i : i + 2] in sentence for i in range(len(word) - 1)) / (len(word) - 1)


def _sum(matrix: Features) -> Features:
    """Return the unit sum of rows; zeros for none."""
    vector: Features = matrix.sum(axis=0)
    norm = float(np.linalg.norm(vector))
    return vector / norm if norm else vector
