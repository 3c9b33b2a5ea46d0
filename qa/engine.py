"""PolicyQA: opens or builds a store, searches it, and answers questions with verified citations."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial
from itertools import chain, zip_longest
from pathlib import Path
from types import TracebackType
from typing import Self

from index.database import ArticleInfo
from index.embedders import load_embedder
from index.errors import GenerationError, InputError, ReadError
from index.naming import quoted_titles, title_of
from index.reader import Reader
from index.reader_models import load_reader
from index.readers import ReadFailure, read_all
from index.records import Article, Filters, Hit
from index.rerankers import load_reranker
from index.retriever import Retriever
from index.store import Store, StoreInfo
from index.updating import UpdateReport
from index.versions import bare_title
from index.words import bundled_words
from qa.book import Book
from qa.citations import support
from qa.dialogue import leans, separate, standing_alone
from qa.evidence import Evidence, Selection, select
from qa.generation import Limits, Writer, load_generator
from qa.generation.choosing import change_of, parallel
from qa.generation.extractive import ExtractiveGenerator
from qa.generation.model import ModelGenerator
from qa.generation.rewriting import rewritten
from qa.notes import notes_on
from qa.question import Question, understand
from qa.records import Answer, Done, Event, Found, Token, text_of
from qa.refusal import Refusal, refuse, unverified
from qa.scope import NATION

PASSAGES = 10
"""Passages that a question is answered from and that an answer names."""

Progress = Callable[[int], None]
Source = Article | Path | str


class PolicyQA:
    """Answers questions over one store; safe to share between threads, and a context manager."""

    def __init__(
        self,
        store: Store,
        retriever: Retriever,
        generator: Writer,
        embedder: str | None,
        reader: Reader | None,
    ) -> None:
        self._reader = reader
        self._store = store
        self._retriever = retriever
        self._generator = generator
        self._embedder = embedder
        # Kept by generation: this and other processes may replace an article at any time.
        self._article = lru_cache(maxsize=128)(self._article_of)

    @classmethod
    def open(
        cls,
        store: Path | str,
        *,
        embedder: str | None = None,
        reranker: str | None = None,
        reader: str | None = None,
        generator: str = "extractive",
        api_base: str = "",
        api_key: str = "",
    ) -> Self:
        """Open an existing store.

        `embedder` is None for the bundled one, or the path or hub id the store was built with; `reranker`
        puts the first passages in order: None for none, `reader` for the bundled reader, or the path or hub
        id of a CrossEncoder; `reader` is None for the bundled one, `rules` for none, or the path or hub id of
        one; `generator` is `extractive`, `local:MODEL` or `remote:MODEL`, the last with the server's
        `api_base` and `api_key`.
        Raises StoreError, EmbedderMismatchError, ModelError or InputError.
        """
        opened = Store.open(Path(store))
        try:
            writer = load_generator(generator, api_base=api_base, api_key=api_key)
            judge = load_reranker(reranker) if reranker else None
            retriever = Retriever(opened, load_embedder(embedder), judge)
            return cls(opened, retriever, writer, embedder, load_reader(reader))
        except BaseException:
            opened.close()
            raise

    @classmethod
    def build(
        cls,
        articles: Iterable[Source],
        store: Path | str,
        *,
        embedder: str | None = None,
        progress: Progress | None = None,
    ) -> Self:
        """Add articles, or the files and folders that hold them, to the store (made where absent); open it.

        Raises ReadError that names the first file that cannot be read: use `add` to index the rest.
        """
        made = Store.open(Path(store), create=True)
        try:
            report = made.update(_articles(articles), load_embedder(embedder), progress=progress)
        finally:
            made.close()
        if report.failures:
            failure = report.failures[0]
            raise ReadError(f"未能读取 {failure.path}：{failure.message}")
        return cls.open(store, embedder=embedder)

    def add(self, articles: Iterable[Source], *, progress: Progress | None = None) -> UpdateReport:
        """Add or replace articles; the report names the files that could not be read."""
        return self._store.update(_articles(articles), load_embedder(self._embedder), progress=progress)

    def remove(self, ids: Sequence[str]) -> list[str]:
        """Remove articles by id; raises InputError that names an unknown one, and then removes none."""
        return self._store.remove(ids)

    def article(self, article_id: str) -> Article:
        """Return one article with its text; raises InputError for an unknown id."""
        return self._store.article(article_id)

    def articles(self) -> list[ArticleInfo]:
        """Return all articles without their texts, newest first."""
        return sorted(self._store.list_articles(), key=lambda a: str(a.published or ""), reverse=True)

    def info(self) -> StoreInfo:
        """Return what the store holds."""
        return self._store.info()

    def search(self, query: str, k: int = PASSAGES, filters: Filters = Filters()) -> list[Hit]:  # noqa: B008 - frozen
        """Return the best `k` passages, best first."""
        return self._retriever.search(query, k, filters)

    def ask(
        self,
        question: str,
        *,
        earlier: Sequence[str] = (),
        filters: Filters = Filters(),  # noqa: B008 - frozen
        max_chars: int = Limits().characters,
        max_sentences: int = Limits().sentences,
    ) -> Answer:
        """Answer a question; a refusal is an answer too. Raises InputError for an unusable question.

        `earlier` are the questions that were asked before it, oldest first: 那嘉兴呢 is understood by them.
        """
        for event in self.stream(
            question, earlier=earlier, filters=filters, max_chars=max_chars, max_sentences=max_sentences
        ):
            if isinstance(event, Done):
                return event.answer
        raise AssertionError("a stream ends with Done")

    def stream(
        self,
        question: str,
        *,
        earlier: Sequence[str] = (),
        filters: Filters = Filters(),  # noqa: B008 - frozen
        max_chars: int = Limits().characters,
        max_sentences: int = Limits().sentences,
    ) -> Generator[Event, None, None]:
        """Yield Found; each verified claim as soon as it is known, its new citations first; then Done.

        A language model's words come as Token while it writes: they are not verified; while it rewrites a
        follow-up, empty ones come before Found. Closing the stream stops the model.
        """
        if max_chars < 1 or max_sentences < 1:
            raise InputError("回答的字数和句数上限必须是正数：请改大 --max-chars")
        clock = _Clock()
        whole = Book()
        alone = yield from self._alone(question, earlier, whole)
        parts = separate(alone)
        gathered = [self._gather(part, filters, clock) for part in parts]
        hits = _together([found for found, _ in gathered])
        yield Found(tuple(hits))
        if alone != question.strip():
            whole.notes.append(f"按上文理解为：{alone}")
        refusals: list[Refusal] = []
        for place, (part, (found, selection)) in enumerate(zip(parts, gathered, strict=True)):
            whole.notes += _not_there(part, found)
            limits = whole.left(Limits(max_chars, max_sentences), len(parts) - place)
            if limits is None:
                whole.notes.append(f"「{part.text}」没有写进来：请改大 --max-chars")
                continue
            refusal = yield from self._part(part, selection, limits, whole)
            if refusal is not None:
                refusals.append(refusal)
                if len(parts) > 1:
                    whole.notes.append(f"「{part.row or part.text}」没有找到依据")
        clock.lap("write")
        refused = refusals[0] if refusals and not whole.claims else None
        limits = Limits(max_chars, max_sentences)
        yield Done(_answer(question.strip(), whole, refused, limits, hits, clock.done()))

    async def aask(
        self,
        question: str,
        *,
        earlier: Sequence[str] = (),
        filters: Filters = Filters(),  # noqa: B008 - frozen
        max_chars: int = Limits().characters,
        max_sentences: int = Limits().sentences,
    ) -> Answer:
        """Answer as `ask` does, without holding up the event loop; cancelling the task stops the model."""
        events = self.astream(
            question, earlier=earlier, filters=filters, max_chars=max_chars, max_sentences=max_sentences
        )
        async for event in events:
            if isinstance(event, Done):
                return event.answer
        raise AssertionError("a stream ends with Done")

    async def astream(
        self,
        question: str,
        *,
        earlier: Sequence[str] = (),
        filters: Filters = Filters(),  # noqa: B008 - frozen
        max_chars: int = Limits().characters,
        max_sentences: int = Limits().sentences,
    ) -> AsyncIterator[Event]:
        """Yield what `stream` does; the work is done in threads, one step at a time.

        Closing the iterator or cancelling its task stops the model within half a second.
        """
        events = self.stream(
            question, earlier=earlier, filters=filters, max_chars=max_chars, max_sentences=max_sentences
        )
        step: asyncio.Future[Event | None] | None = None
        try:
            while True:
                step = asyncio.ensure_future(asyncio.to_thread(next, events, None))
                event = await asyncio.shield(step)
                if event is None:
                    return
                yield event
        finally:
            if step is not None:  # a step that nobody waits for any more still ends before the stream can
                await asyncio.wait([step])
            await asyncio.to_thread(events.close)

    def select(self, question: str, filters: Filters = Filters()) -> Selection:  # noqa: B008 - frozen
        """Return the sentences that an answer would be written from, with their scores."""
        return self._gather(understand(question), filters, _Clock())[1]

    def _alone(self, question: str, earlier: Sequence[str], whole: Book) -> Generator[Event, None, str]:
        """Return a follow-up as a question of its own: by rule, else by the language model if any."""
        alone = standing_alone(question, earlier)
        if not earlier or alone != question.strip() or not leans(alone):
            return alone
        if isinstance(self._generator, ModelGenerator):
            try:
                return (yield from rewritten(self._generator.chat, earlier, alone))
            except GenerationError as error:
                whole.notes.append(f"追问没有改写成完整的问题（{error}），按原话查找")
        return alone

    def _gather(self, asked: Question, filters: Filters, clock: "_Clock") -> tuple[list[Hit], Selection]:
        """Search and select within one commit: again where a write came between a passage and its article."""
        while True:
            generation = self._store.generation
            hits, pool = self._retrieve(asked, filters)
            clock.lap("retrieve")
            try:
                selection = select(
                    asked, pool, partial(self._article, generation), bundled_words(), self._reader
                )
            except InputError:  # an article that a hit names is gone
                if self._store.generation == generation:
                    raise
                continue
            clock.lap("select")
            if self._store.generation == generation:
                return hits, selection

    def _retrieve(self, asked: Question, filters: Filters) -> tuple[list[Hit], list[Hit]]:
        """Return the hits that an answer names, and the pool of evidence.

        Where the question names one region, its hits are those that may speak for it; articles of other
        regions stay in the pool: a sentence of theirs may name the region, and a refusal names the nearest.
        """
        everywhere = self._retriever.search(asked.text, PASSAGES, filters)
        regions = [region.full_name for region in asked.regions if region.full_name != NATION]
        if len(regions) != 1 or filters.region:
            return everywhere, everywhere
        within = replace(filters, region=regions[0])
        fitting = self._retriever.search(asked.text, PASSAGES, within)
        known = {hit.passage.id for hit in fitting}
        return fitting, fitting + [hit for hit in everywhere if hit.passage.id not in known]

    def _part(
        self, asked: Question, selection: Selection, limits: Limits, whole: Book
    ) -> Generator[Event, None, Refusal | None]:
        """Write the answer to one of the questions of a text; return the refusal where there is none."""
        refusal = refuse(asked, selection)
        if refusal is not None:
            return refusal
        book = whole.page()
        yield from self._write(asked, selection, limits, book)
        cited = {number for claim in book.claims for number in claim.citations}
        citations = [c for c in book.citations.values() if c.number in cited]
        whole.claims += book.claims
        notes = [*book.notes, *notes_on(asked, selection, citations, date.today())]
        whole.notes += [note for note in notes if note not in whole.notes]
        return None if book.claims else unverified(asked, selection)

    def _write(self, asked: Question, selection: Selection, limits: Limits, book: Book) -> Iterator[Event]:
        """Yield the verified claims of the generator, or of the extractive one where the model fails."""
        usable = [e for e in selection.evidence if e.score >= selection.threshold / 2]
        failure = ""
        # A model reads whole passages, so each of their sentences may carry what it writes.
        shown = {e.passage.id for e in usable}
        beside = [e for e in selection.evidence if e.passage.id in shown and e not in usable]
        # Where several things are asked for, what says the rest is part of the same sentence or list.
        quotable = usable + [e for e in beside if asked.several and parallel(usable[0], e)]
        # That a figure was changed since is said in words that may resemble the question little.
        change = change_of(asked, usable[0], selection.evidence)
        quotable += [change] if change and change not in quotable else []
        extractive = isinstance(self._generator, ExtractiveGenerator)
        readable = quotable if extractive else usable + beside
        try:
            yield from self._verified(self._generator, asked, readable, limits, book)
        except GenerationError as error:
            failure = f"语言模型没有完成回答（{error}）"
        if book.claims:
            if failure:
                book.notes.append(f"{failure}，已写出的句子均已核实，但回答可能不全")
        elif not extractive:
            book.notes.append(f"{failure or '语言模型没有给出可核实的回答'}，改为摘录原文")
            yield from self._verified(ExtractiveGenerator(), asked, quotable, limits, book)

    def _verified(
        self,
        generator: Writer,
        asked: Question,
        evidence: Sequence[Evidence],
        limits: Limits,
        book: Book,
    ) -> Iterator[Event]:
        """Yield each drafted sentence whose cited text states all that it states; count the others."""
        dropped = 0
        room = limits.characters
        for draft in generator.write(asked, evidence, limits):
            if isinstance(draft, Token):
                yield draft
                continue
            carriers, carried = support(draft.text, draft.evidence) if draft.evidence else ([], False)
            size = len(draft.text) + bool(book.claims)  # and the line break between two claims
            if not carried:
                dropped += 1
            elif size <= room:
                room -= size
                yield from book.enter(draft.text, carriers)
                if len(book.claims) == limits.sentences:
                    break  # which stops a model that goes on
        if dropped:
            book.notes.append(f"有 {dropped} 句在原文中没有依据，已删去")

    def _article_of(self, generation: int, article_id: str) -> Article:  # noqa: ARG002 - the cache's key
        return self._store.article(article_id)

    def close(self) -> None:
        """Close the store; the object is not usable afterwards."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Clock:
    """Seconds of each stage."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._seconds: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self._seconds[stage] = self._seconds.get(stage, 0.0) + now - self._last
        self._last = now

    def done(self) -> dict[str, float]:
        return {**self._seconds, "total": self._last - self._start}


def _articles(sources: Iterable[Source]) -> Iterator[Article | ReadFailure]:
    """Yield articles as they are and those of files and folders."""
    paths: list[Path] = []
    for source in sources:
        if isinstance(source, Article):
            yield source
        else:
            paths.append(Path(source))
    if paths:
        yield from read_all(paths)


def _not_there(asked: Question, hits: Sequence[Hit]) -> list[str]:
    """Return a note on each quoted title that none of the articles found has."""
    found = {title_of(hit.passage.heading) for hit in hits}
    wanted = [(title, bare_title(title)) for title in quoted_titles(asked.text)]
    return [
        f"没有找到题为《{title}》的文章"
        for title, bare in wanted
        if bare and not any(bare in one for one in found)
    ]


def _together(found: Sequence[Sequence[Hit]]) -> list[Hit]:
    """Return the best hits of several searches in turn, each passage once, as many as an answer names."""
    if len(found) == 1:
        return list(found[0])
    turns = chain.from_iterable(zip_longest(*found))
    return list({hit.passage.id: hit for hit in turns if hit is not None}.values())[:PASSAGES]


def _answer(
    asked: str,
    book: Book,
    refusal: Refusal | None,
    limits: Limits,
    hits: Sequence[Hit],
    seconds: dict[str, float],
) -> Answer:
    return Answer(
        question=asked,
        text=refusal.text(limits.characters) if refusal else text_of(book.claims),
        claims=tuple(book.claims),
        citations=tuple(book.citations.values()),
        refusal=refusal.reason if refusal else None,
        hits=tuple(hits),
        seconds=seconds,
        notes=tuple(book.notes),
    )
