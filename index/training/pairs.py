"""Pairs of a query and a passage for training the static embedder, cut at random from articles.

A query is a title or first sentence, the first half of a passage, or a few words of one of its sentences,
often with a question word added; the words may be missing from the passage. Where documents come with
questions, a share of the pairs are a question and a passage around the sentence that answers it.
Everything is sampled with arrays: a thousand pairs take some ten milliseconds.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

Numbers: TypeAlias = npt.NDArray[np.int64]

_SENTENCE = re.compile(r"[^。!?;\n]*[。!?;\n]+|[^。!?;\n]+$")
_MARKUP = re.compile(r"<!--.*?-->|[#*|]+", re.DOTALL)
_QUESTION_WORDS = re.findall(
    r"\w+",
    "什么 哪些 哪个 哪一 哪里 谁 多少 何时 什么时候 为什么 怎么 如何 怎样 是什么 有哪些 "
    "是多少 是谁 在哪里 几个 吗 呢 的 是否 哪年 哪一年 哪位 什么样的 可以 需要 应当 "
    "由谁负责 规定 条件 标准 要求 主要 最高 最多 具体 分别 叫什么 多久 多长时间 多大 ",
)
_TITLES, _HALVES = 0.08, 0.05
"""Shares of pairs whose query is a title or first sentence, and the first half of the passage."""
_HIDDEN = 0.25
"""Share of the other pairs whose passage lacks the sentence that the query's words come from."""
_TITLED = 0.5
"""Share of passages of titled articles that carry the title, as they do in an index."""
_ASKED = 0.2
"""Share of pairs that are a real question and its passage."""
_TOGETHER = 4
"""So many passages of a batch come from one article: telling them apart is what finds the right paragraph."""
_SHORTEST, _LONGEST = 60, 400
_WORDS = (3, 20)
"""A query takes so many successive pieces of a sentence, and then leaves some of them out."""


@dataclass(frozen=True, slots=True)
class Document:
    """A folded article; those of one `group` are never each other's negatives."""

    title: str
    text: str
    group: int
    questions: tuple[tuple[str, str], ...] = ()
    """Folded questions that it answers, each with its answer as the text has it."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents as piece numbers: `pieces[at[s]:at[s + 1]]` is sentence s, without what is unknown."""

    pieces: npt.NDArray[np.int32]
    at: Numbers
    characters: Numbers
    """Where each sentence begins, in characters of all."""
    document: Numbers
    """The document of each sentence."""
    first: Numbers
    """The first sentence of each document, and one more at the end."""
    title: Numbers
    """Where each document's title, else first sentence, begins in `pieces`, and one more at the end."""
    titled: npt.NDArray[np.bool_]
    group: Numbers
    frequency: Numbers
    """In how many stretches of 400 characters each piece occurs."""
    stretches: int
    question: Numbers
    """Where each question begins in `pieces`, and one more at the end; a document's follow each other."""
    asked: Numbers
    """The document of each question."""
    answered: Numbers
    """The sentence that answers each question."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Pieces (`columns`) of texts (`rows`): query i is row i, its passage is row `size` + i."""

    size: int
    rows: Numbers
    columns: Numbers
    document: Numbers
    """The document of each pair."""
    neutral: npt.NDArray[np.bool_]
    """Whether query i and passage j, though not a pair, may belong together: they are no negatives."""


def build_corpus(documents: Sequence[Document], tokenizer: Tokenizer) -> Corpus:
    """Return the documents as piece numbers; a document of no sentence gives no pairs."""
    sentences: list[str] = []
    first, titles = [0], []
    questions: list[str] = []
    asked: list[int] = []
    answered: list[int] = []
    for number, document in enumerate(documents):
        own = [s for s in _SENTENCE.findall(_MARKUP.sub("", document.text)) if len(s) > 1]
        for question, answer in document.questions:
            place = next((n for n, sentence in enumerate(own) if answer in sentence), None)
            if place is not None:  # an answer across sentences is left out
                questions.append(question)
                asked.append(number)
                answered.append(len(sentences) + place)
        sentences += own
        first.append(len(sentences))
        titles.append(document.title or (own[0] if own else ""))
    body, lengths = _encode(sentences, tokenizer)
    heads, head_lengths = _encode(titles, tokenizer)
    asking, question_lengths = _encode(questions, tokenizer)
    characters = _ends(np.array([len(s) for s in sentences], dtype=np.int64))
    stretch = np.repeat(characters[:-1] // _LONGEST, lengths)
    seen = np.unique((stretch << 20) | body) & 0xFFFFF
    return Corpus(
        pieces=np.concatenate([body, heads, asking]),
        at=_ends(lengths),
        characters=characters,
        document=np.repeat(np.arange(len(documents)), np.diff(first)),
        first=np.array(first),
        title=len(body) + _ends(head_lengths),
        titled=np.array([bool(document.title) for document in documents]),
        group=np.array([document.group for document in documents]),
        frequency=np.bincount(seen, minlength=tokenizer.get_vocab_size()),
        stretches=int(characters[-1] // _LONGEST) + 1,
        question=len(body) + len(heads) + _ends(question_lengths),
        asked=np.array(asked, dtype=np.int64),
        answered=np.array(answered, dtype=np.int64),
    )


def question_words(tokenizer: Tokenizer) -> Numbers:
    """Return the pieces of each question word, one row each, filled up with -1."""
    pieces = [[number for number in tokenizer.encode(word).ids if number] for word in _QUESTION_WORDS]
    width = max(map(len, pieces))
    return np.array([row + [-1] * (width - len(row)) for row in pieces], dtype=np.int64)


def sample(corpus: Corpus, words: Numbers, size: int, random: np.random.Generator) -> Batch:
    """Return `size` pairs; `words` are question words."""
    drawn = corpus.document[random.integers(0, len(corpus.document), -(-size // _TOGETHER))]
    document = np.repeat(drawn, _TOGETHER)[:size]
    sentences = corpus.first[document + 1] - corpus.first[document]
    start = corpus.first[document] + (random.random(size) * sentences).astype(np.int64)
    wanted = corpus.characters[start] + random.integers(_SHORTEST, _LONGEST + 1, size)
    end = np.maximum(np.searchsorted(corpus.characters, wanted, "right") - 1, start + 1)
    end = np.minimum(end, corpus.first[document + 1])
    question = _draw_questions(corpus, size, random)
    real = question >= 0
    if real.any():
        number = question[real]
        document[real] = corpus.asked[number]
        start[real], end[real] = _around(corpus, corpus.answered[number], document[real], random)
    middle, chosen = (start + end) // 2, start + (random.random(size) * (end - start)).astype(np.int64)

    draw, several = random.random(size), end - start > 1
    is_lead = ~corpus.titled[document] & (start == corpus.first[document])
    title = (draw < _TITLES) & ~is_lead & ~real
    half = (draw >= _TITLES) & (draw < _TITLES + _HALVES) & several & ~real
    words_of = ~title & ~half & ~real

    at, titles = corpus.at, corpus.title
    query_from = np.where(title, titles[document], at[np.where(half, start, chosen)])
    query_to = np.where(title, titles[document + 1], at[np.where(half, middle, chosen + 1)])
    query_from[real], query_to[real] = corpus.question[question[real]], corpus.question[question[real] + 1]
    length = query_to - query_from
    width = np.where(words_of, np.minimum(random.integers(*_WORDS, size), length), length)
    query_from_word = query_from + (random.random(size) * (length - width + 1)).astype(np.int64)
    rows, places = _spans(query_from_word, query_from_word + width)
    kept = np.where(half | real, 1.0, random.uniform(0.3, 1.0, size))
    keep = random.random(len(rows)) < kept[rows]
    rows, columns = rows[keep], corpus.pieces[places[keep]]
    asked = np.where(
        (random.random((size, 1)) < 0.5) & ~real[:, None], words[random.integers(0, len(words), size)], -1
    )
    asked_rows, asked_columns = np.nonzero(asked >= 0)

    passage_rows, passage_places = _spans(at[np.where(half, middle, start)], at[end])
    hidden = words_of & several & (random.random(size) < _HIDDEN)
    inside = (passage_places >= query_from[passage_rows]) & (passage_places < query_to[passage_rows])
    shown = ~(hidden[passage_rows] & inside)
    heading = np.flatnonzero(corpus.titled[document] & ~title & (random.random(size) < _TITLED))
    heading_rows, heading_places = _spans(titles[document[heading]], titles[document[heading] + 1])
    return Batch(
        size,
        np.concatenate([rows, asked_rows, size + passage_rows[shown], size + heading[heading_rows]]),
        np.concatenate(
            [
                columns,
                asked[asked_rows, asked_columns],
                corpus.pieces[passage_places[shown]],
                corpus.pieces[heading_places],
            ]
        ),
        document,
        _neutral(document, corpus.group[document], start, end, title),
    )


def _draw_questions(corpus: Corpus, size: int, random: np.random.Generator) -> Numbers:
    """The question of each pair, -1 for none; successive ones stand together: most are of one article."""
    if not len(corpus.asked):
        return np.full(size, -1, dtype=np.int64)
    groups = -(-size // _TOGETHER)
    begin = random.integers(0, len(corpus.asked), groups)
    drawn = (begin[:, None] + np.arange(_TOGETHER)) % len(corpus.asked)
    drawn[random.random(groups) >= _ASKED] = -1
    return drawn.ravel()[:size]


def _around(
    corpus: Corpus, sentence: Numbers, document: Numbers, random: np.random.Generator
) -> tuple[Numbers, Numbers]:
    """A stretch of sentences around each sentence, within its document."""
    wanted = random.integers(_SHORTEST, _LONGEST + 1, len(sentence))
    own = corpus.characters[sentence + 1] - corpus.characters[sentence]
    before = (random.random(len(sentence)) * np.maximum(wanted - own, 0)).astype(np.int64)
    begin = corpus.characters[sentence] - before
    start = np.clip(np.searchsorted(corpus.characters, begin, "left"), corpus.first[document], sentence)
    last = np.searchsorted(corpus.characters, begin + wanted, "right") - 1
    return start, np.clip(last, sentence + 1, corpus.first[document + 1])


def _neutral(
    document: Numbers, group: Numbers, start: Numbers, end: Numbers, title: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Pairs of one group are neutral, but words of a passage and another one of its article are negatives."""
    apart = (end[:, None] <= start) | (start[:, None] >= end)
    negative = (document[:, None] == document) & apart & ~title[:, None]
    neutral: npt.NDArray[np.bool_] = (group[:, None] == group) & ~negative
    np.fill_diagonal(neutral, False)
    return neutral


def _encode(texts: Sequence[str], tokenizer: Tokenizer) -> tuple[npt.NDArray[np.int32], Numbers]:
    """Return the known pieces of all texts, and how many each has."""
    pieces, lengths = [np.zeros(0, dtype=np.int32)], []
    for start in range(0, len(texts), 5000):
        for encoding in tokenizer.encode_batch_fast(texts[start : start + 5000]):
            numbers = np.array(encoding.ids, dtype=np.int32)
            pieces.append(numbers[numbers != 0])
            lengths.append(len(pieces[-1]))
    return np.concatenate(pieces), np.array(lengths, dtype=np.int64)


def _ends(lengths: Numbers) -> Numbers:
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])


def _spans(start: Numbers, end: Numbers) -> tuple[Numbers, Numbers]:
    """Return for every place in the half-open spans the number of its span, and the place."""
    lengths = end - start
    rows = np.repeat(np.arange(len(start)), lengths)
    within = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return rows, np.repeat(start, lengths) + within


def group_titles(titles: Iterable[str]) -> list[int]:
    """Return one number for each title, the same for equal titles; articles without a title stand alone."""
    numbers: dict[str, int] = {}
    groups = []
    for position, title in enumerate(titles):
        groups.append(numbers.setdefault(title, position) if title else position)
    return groups
