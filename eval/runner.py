"""Asks every question of a set and gathers what came of each into one report."""

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Protocol

from eval.judging import Library, Originals, judge
from eval.metrics import Metrics, Outcome, summarise
from eval.questions import EvalQuestion
from index.store import StoreInfo
from qa.records import Answer


class Listed(Protocol):
    """An article in a list of articles, with or without its text."""

    @property
    def id(self) -> str:
        """The article's id."""


class Answerer(Library, Protocol):
    """What is evaluated: a `PolicyQA`, or anything that answers as it does."""

    def ask(self, question: str, *, max_chars: int) -> Answer:
        """Answer one question."""

    def articles(self) -> Sequence[Listed]:
        """Return all articles."""

    def info(self) -> StoreInfo:
        """Return what the store holds."""


@dataclass(frozen=True, slots=True)
class Row:
    """One question, what it was answered, and the verdict."""

    question: EvalQuestion
    answer: Answer | None
    """None where asking failed; `error` then says how."""
    error: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Report:
    """What a run came to, with what is needed to compare it with another."""

    rows: tuple[Row, ...]
    metrics: Metrics
    configuration: dict[str, Any]
    """How was asked, and of what: values that JSON can hold."""
    fingerprint: str
    """Of the index: the same for the same articles, number of passages and embedder."""
    warnings: tuple[str, ...]
    """What is wrong with the question set itself, in Chinese."""


def evaluate(
    qa: Answerer,
    questions: Sequence[EvalQuestion],
    *,
    max_chars: int = 200,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Ask every question through `qa.ask` and return the report; `progress` hears how many are done.

    A question whose asking raises is a failed row with the error's message; the others are asked even so.
    """
    originals = Originals(qa)
    catalogue = _Catalogue(article.id for article in qa.articles())
    info = qa.info()
    rows: list[Row] = []
    for question in questions:
        rows.append(_ask(qa, question, catalogue.find(question.article), originals, max_chars))
        if progress is not None:
            progress(len(rows))
    return Report(
        rows=tuple(rows),
        metrics=summarise([row.outcome for row in rows]),
        configuration={
            "max_chars": max_chars,
            "articles": info.articles,
            "passages": info.passages,
            "embedder": info.embedder,
        },
        fingerprint=_fingerprint(qa, info, catalogue.ids),
        warnings=tuple(_warnings(questions, catalogue, originals)),
    )


def _ask(
    qa: Answerer, question: EvalQuestion, article_ids: frozenset[str], originals: Originals, max_chars: int
) -> Row:
    start = time.perf_counter()
    try:
        answer = qa.ask(question.question, max_chars=max_chars)
    except Exception as error:  # whatever fails is a failed row: a run of hours must not end with it
        seconds = time.perf_counter() - start
        failed = Outcome(question.answerable, question.tag, failed=True, seconds=seconds)
        return Row(question, None, f"{type(error).__name__}: {error}", failed)
    seconds = time.perf_counter() - start
    return Row(question, answer, "", judge(question, answer, article_ids, originals, seconds))


class _Catalogue:
    """Finds articles by what a question calls them: an id, or the stem of the file that an id names."""

    def __init__(self, article_ids: Iterable[str]) -> None:
        self.ids = frozenset(article_ids)
        self._stems: dict[str, set[str]] = {}
        for article_id in self.ids:
            self._stems.setdefault(_stem(article_id), set()).add(article_id)

    def find(self, name: str) -> frozenset[str]:
        """Return the article of this id, else all those of this stem; empty where there is none."""
        return frozenset({name}) if name in self.ids else frozenset(self._stems.get(name, ()))


def _fingerprint(library: Library, info: StoreInfo, article_ids: Iterable[str]) -> str:
    """Return a digest of the embedder's name, the number of passages, and every article."""
    digest = hashlib.sha256(f"{info.embedder}\n{info.passages}".encode())
    for article_id in sorted(article_ids):
        article = library.article(article_id)
        content = repr((article.id, article.title, article.published, article.region, article.text))
        digest.update(hashlib.sha256(content.encode("utf-8", "backslashreplace")).digest())
    return digest.hexdigest()[:16]


def _stem(article_id: str) -> str:
    """Return a file's name without folders and suffix; that of a compressed file without both suffixes."""
    path = PurePosixPath(article_id)
    return PurePosixPath(path.stem).stem if path.suffix in (".gz", ".xz") else path.stem


def _warnings(
    questions: Sequence[EvalQuestion], catalogue: _Catalogue, originals: Originals
) -> Iterable[str]:
    """Yield what makes a question unfair: its article is missing or ambiguous, its evidence is not in it."""
    for question in questions:
        if not question.answerable:
            continue
        article_ids = catalogue.find(question.article)
        if not article_ids:
            yield f"题 {question.id}：索引里没有文章「{question.article}」，请先用 wence index 加入"
        elif not any(question.evidence in originals.text(article_id) for article_id in article_ids):
            yield f"题 {question.id}：evidence 不在文章「{question.article}」的原文里，请改成原文的原样片段"
        elif len(article_ids) > 1:
            yield f"题 {question.id}：有 {len(article_ids)} 篇文章都叫「{question.article}」，请写完整的编号"
