"""Updating: articles into passages, vectors and an index; what did not change costs nothing."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass, replace
from hashlib import blake2b

import numpy as np

from index.chunking import chunk
from index.embedders import Embedder
from index.errors import InputError
from index.folding import fold
from index.passage_index import Entry, FloatArray, PassageIndex
from index.readers import ReadFailure
from index.records import Article, Passage
from index.recurring import marked

PIPELINE = 5
"""Raised when cleaning, folding, chunking or `embedding_text` change: an update then renews every article."""

BATCH = 512
"""Passages embedded at once."""


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """What an update did."""

    added: int
    changed: int
    unchanged: int
    failures: tuple[ReadFailure, ...]
    passages: int
    """Passages written by this update."""


@dataclass(slots=True)
class _Tally:
    seen: set[str]
    failures: list[ReadFailure]
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    passages: int = 0


def update(
    index: PassageIndex,
    articles: Iterable[Article | ReadFailure],
    embedder: Embedder,
    progress: Callable[[int], None] | None = None,
) -> UpdateReport:
    """Add new articles and replace changed ones in one commit; an exception leaves the index as it was.

    `progress` is told how many more articles have been read. Two articles with one id are an InputError.
    """
    tally = _Tally(set(), [])
    index.add(_entries(index, articles, embedder, progress, tally), embedder.name)
    return UpdateReport(tally.added, tally.changed, tally.unchanged, tuple(tally.failures), tally.passages)


def fingerprint(article: Article) -> bytes:
    """16 bytes that change when the article, its metadata or the pipeline does.

    What recurs on its site is left out: an article that did not change keeps what was found with it.
    """
    fields = json.dumps([PIPELINE, *astuple(replace(article, recurring=()))], ensure_ascii=False, default=str)
    return blake2b(fields.encode(), digest_size=16).digest()


def embedding_text(passage: Passage) -> str:
    """What is embedded of a passage: its folded heading and its search text."""
    return f"{fold(passage.heading)}\n{passage.search_text}"


def _entries(
    index: PassageIndex,
    articles: Iterable[Article | ReadFailure],
    embedder: Embedder,
    progress: Callable[[int], None] | None,
    tally: _Tally,
) -> Iterator[Entry]:
    """Embedded entries of the articles that are not in the index as they are."""
    known = index.fingerprints()
    pending: list[tuple[Article, list[Passage], bytes]] = []
    waiting = 0
    for article in marked(_told(articles, progress)):
        if isinstance(article, ReadFailure):
            tally.failures.append(article)
            continue
        if article.id in tally.seen:
            raise InputError(f"有两篇文章的编号都是「{article.id}」；请改掉其中一个")
        tally.seen.add(article.id)
        try:
            mark = fingerprint(article)
        except UnicodeEncodeError:
            tally.failures.append(ReadFailure(ascii(article.id), "含有无法编码的字符；请检查原文件"))
            continue
        if known.get(article.id) == mark:
            tally.unchanged += 1
            continue
        if article.id in known:
            tally.changed += 1
        else:
            tally.added += 1
        passages = chunk(article)
        tally.passages += len(passages)
        pending.append((article, passages, mark))
        waiting += len(passages)
        if waiting >= BATCH:
            yield from _embedded(pending, embedder)
            pending, waiting = [], 0
    yield from _embedded(pending, embedder)


def _told(
    articles: Iterable[Article | ReadFailure], progress: Callable[[int], None] | None
) -> Iterator[Article | ReadFailure]:
    for article in articles:
        if progress:
            progress(1)
        yield article


def _embedded(pending: list[tuple[Article, list[Passage], bytes]], embedder: Embedder) -> Iterator[Entry]:
    texts = [embedding_text(passage) for _, passages, _ in pending for passage in passages]
    batches: list[FloatArray] = [np.empty((0, embedder.dimension), np.float32)]
    batches += [embedder.encode_documents(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
    vectors = np.concatenate(batches)
    done = 0
    for article, passages, mark in pending:
        yield Entry(article, passages, vectors[done : done + len(passages)], mark)
        done += len(passages)
