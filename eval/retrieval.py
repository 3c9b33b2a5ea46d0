"""Measures retrieval side by side: BM25 as bm25s has it, each leg, their fusions, rerankers, other embedders.

    python -m eval.retrieval --data ../shared/data --write docs/retrieval.md
    python -m eval.retrieval --set my_squad.json --embedder /models/bge-small-zh-v1.5 --passages 60000

The paragraphs of a question set in SQuAD's format (without their titles) are indexed as articles of their own
among passages of news; a question's rank is that of the first of ten passages from its own paragraph. All
systems see the same passages. Questions by title ask for the effective date, the issuing body or a fine of a
regulation; any version of it is right. Times are the processor's, of one query. A system is compared with the
product's, without and with the reader as its reranker, by McNemar's exact test on who has the right paragraph
first.
"""

import argparse
import math
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from eval.metrics import bootstrap_interval, hit_at, mean_reciprocal_rank
from eval.readme import replace_block
from index import database
from index.chunking import chunk
from index.embedders import Embedder, load_embedder
from index.folding import fold
from index.fusion import CANDIDATES
from index.lexical import query_terms, terms
from index.metadata import describe
from index.records import Article, Filters
from index.rerankers import READER, load_reranker
from index.retriever import Retriever
from index.store import Store
from index.training.candidates import SETS, squad
from index.training.measuring import read_records
from index.versions import bare_title

PASSAGES = 20_000
TITLES = 150
LATENCY = 100_000
_TOP = 10
_RRF = 60
"""The usual constant of reciprocal rank fusion."""
BEGIN, END = "<!-- retrieval:begin -->", "<!-- retrieval:end -->"
PRODUCT = "问策"
RERANKED = f"{PRODUCT}，重排 {READER}"
HEADS = (
    "题集",
    "系统",
    "hit@1（95%）",
    "hit@5",
    "hit@10",
    "MRR@10",
    "nDCG@10",
    "毫秒 p50",
    "p99",
    "与问策比 p",
    "与重排后比 p",
)

System = Callable[[str], Sequence[str]]
"""A question to the articles of the first ten passages, best first."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the articles that are right."""

    text: str
    right: frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """What a system came to on all questions of a set."""

    ranks: list[int | None]
    milliseconds: list[float]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--set", type=Path, action="append", help="a SQuAD-format file (default: both sets)")
    parser.add_argument("--passages", type=int, default=PASSAGES, help="so many passages of news")
    parser.add_argument("--embedder", action="append", default=[], help="another one, by path or hub id")
    parser.add_argument(
        "--reranker", action="append", default=[], help="a CrossEncoder, by path or hub id, beside the reader"
    )
    parser.add_argument("--limit", type=int, help="only so many questions of each set")
    parser.add_argument("--titles", type=int, default=TITLES, help="so many questions by title")
    parser.add_argument("--latency", type=int, default=LATENCY, help="passages for the times; 0: none")
    parser.add_argument("--write", type=Path, help="write the tables into this file, between its markers")
    given = parser.parse_args(arguments)
    news = list(read_records(given.data / "news.jsonl.xz"))
    distractors = draw(news, given.passages)
    lines = [f"| {' | '.join(HEADS)} |", "|---" * len(HEADS) + "|"]
    embedders = [load_embedder(name) for name in [None, *given.embedder]]
    for path in given.set or [given.data / name for name in SETS.values()]:
        rows = [(replace(article, title=""), asked) for article, asked in squad(path)]
        questions = [Question(one.question, frozenset([a.id])) for a, asked in rows for one in asked]
        order = np.random.default_rng(0).permutation(len(questions))[: given.limit]
        articles = [article for article, _ in rows] + distractors
        chosen = [questions[n] for n in order]
        lines += compare(path.stem, articles, chosen, embedders, [READER, *given.reranker])
    if given.titles:
        lines += by_title(given.data, distractors, given.titles)
    if given.latency:
        lines += ["", *latency(given.data, draw(news, given.latency))]
    print("\n".join(lines))
    if given.write:
        text = given.write.read_text("utf-8")
        block = "\n".join(["", *lines, ""])
        given.write.write_text(replace_block(text, block, given.write, (BEGIN, END)), "utf-8")


def draw(news: Sequence[Mapping[str, Any]], passages: int) -> list[Article]:
    """Articles of news in a seeded order, as many as have so many passages."""
    drawn: list[Article] = []
    count = 0
    for number in np.random.default_rng(0).permutation(len(news)):
        article = Article(id=news[number]["id"], text=news[number]["text"])
        count += len(chunk(article))
        if count > passages:
            break
        drawn.append(article)
    return drawn


def compare(
    name: str,
    articles: Sequence[Article],
    questions: Sequence[Question],
    embedders: Sequence[Embedder],
    rerankers: Sequence[str],
) -> list[str]:
    """The lines of a set: every system on the same articles and questions."""
    found: dict[str, Found] = {}
    notes = []
    for number, embedder in enumerate(embedders):
        with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder), create=True) as store:
            began = time.process_time()
            store.update(articles, embedder)
            notes.append(f"{embedder.name} 建立索引 {time.process_time() - began:.0f} 秒")
            for label, system in systems(store, embedder, rerankers, first=number == 0):
                print(f"{name} {label}", file=sys.stderr, flush=True)
                found[label] = run(system, questions)
            passages = store.info().passages
    notes[:0] = [f"{len(questions)} 题，{passages} 段"]
    products = found[PRODUCT], found[RERANKED]
    lines = [row(name, label, result, products) for label, result in found.items()]
    return [*lines, f"| {name} | {'；'.join(notes)} |" + " |" * (len(HEADS) - 2)]


def systems(
    store: Store, embedder: Embedder, rerankers: Sequence[str], first: bool
) -> Iterator[tuple[str, System]]:
    """Every system over one store; those that do not look at its vectors only for the first."""
    connection = database.connect(store.path)
    try:
        keys = [key for (key,) in connection.execute("SELECT key FROM passages ORDER BY key")]
        rows = database.search_texts(connection, keys)
    finally:
        connection.close()
    owner = {key: rows[key][0] for key in keys}

    def legs(question: str) -> tuple[list[int], list[int], dict[int, float]]:
        """Keys by share and by cosine, best first, and the plain weighted sums."""
        folded = fold(question)
        vector = embedder.encode_queries([folded])[0]
        with store.snapshot() as snapshot:
            shares, cosines = snapshot.candidates(query_terms(folded), vector, _TOP, Filters())
        lexical = sorted(shares, key=lambda key: -shares[key])
        dense = sorted(cosines, key=lambda key: -cosines[key])
        sums = {key: shares.get(key, 0.0) + 0.1 * cosine for key, cosine in cosines.items()}
        return lexical[:CANDIDATES], dense[:CANDIDATES], sums

    def fused(question: str) -> list[str]:
        lexical, dense, _ = legs(question)
        ranks: dict[int, float] = {}
        for leg in (lexical, dense):
            for rank, key in enumerate(leg, 1):
                ranks[key] = ranks.get(key, 0.0) + 1 / (_RRF + rank)
        return [owner[key] for key in sorted(ranks, key=lambda key: -ranks[key])[:_TOP]]

    def summed(question: str) -> list[str]:
        sums = legs(question)[2]
        return [owner[key] for key in sorted(sums, key=lambda key: -sums[key])[:_TOP]]

    if first:
        yield "BM25（bm25s）", bm25([terms(f"{rows[key][2]}\n{rows[key][3]}") for key in keys], owner, keys)
        yield "词项", lambda question: [owner[key] for key in legs(question)[0][:_TOP]]
    mark = "" if first else f"，{embedder.name}"
    yield f"向量{mark}", lambda question: [owner[key] for key in legs(question)[1][:_TOP]]
    yield f"名次倒数相加{mark}", fused
    yield f"加权相加{mark}", summed
    yield f"{PRODUCT}{mark}", searching(Retriever(store, embedder))
    for model in rerankers:
        reranked = Retriever(store, embedder, load_reranker(model))
        yield f"{PRODUCT}{mark}，重排 {Path(model).name}", searching(reranked)


def searching(retriever: Retriever) -> System:
    """The product's own search."""
    return lambda question: [hit.passage.article_id for hit in retriever.search(question, _TOP)]


def bm25(passages: Sequence[Sequence[str]], owner: Mapping[int, str], keys: Sequence[int]) -> System:
    """bm25s with its own constants over the terms of the passages, asked with all terms of the question."""
    import bm25s

    index = bm25s.BM25()
    index.index(list(passages), show_progress=False)

    def search(question: str) -> list[str]:
        asked = [term for term in terms(fold(question)) if term in index.vocab_dict]
        if not asked:
            return []
        places, _ = index.retrieve([asked], k=min(_TOP, len(keys)), show_progress=False)
        return [owner[keys[int(place)]] for place in places[0]]

    return search


def run(
    system: System, questions: Sequence[Question], clock: Callable[[], float] = time.process_time
) -> Found:
    """The rank of each question's right article, and the time, by default the processor's."""
    for question in questions[:10]:  # what is loaded late is loaded now
        system(question.text)
    ranks: list[int | None] = []
    milliseconds = []
    for question in questions:
        began = clock()
        articles = system(question.text)
        milliseconds.append(1000 * (clock() - began))
        ranks.append(next((n for n, one in enumerate(articles, 1) if one in question.right), None))
    return Found(ranks, milliseconds)


def row(name: str, label: str, found: Found, products: Sequence[Found]) -> str:
    """One line of the table, which compares with the product without and with its reranker."""
    first = [rank == 1 for rank in found.ranks]
    low, high = bootstrap_interval(first) or (0.0, 0.0)
    p50, p99 = np.percentile(found.milliseconds, [50, 99])
    values = (
        hit_at(found.ranks, 5),
        hit_at(found.ranks, 10),
        mean_reciprocal_rank(found.ranks),
        ndcg(found.ranks),
    )
    cells = [name, label, f"{np.mean(first):.3f}（{low:.3f} 至 {high:.3f}）"]
    cells += [f"{value:.3f}" for value in values] + [f"{p50:.1f}", f"{p99:.1f}"]
    cells += [
        "" if found is product else f"{mcnemar(first, [rank == 1 for rank in product.ranks]):.2g}"
        for product in products
    ]
    return f"| {' | '.join(cells)} |"


def ndcg(ranks: Sequence[int | None]) -> float:
    """The mean nDCG@10 where one article is right: the discount at its rank."""
    return sum(1 / math.log2(rank + 1) for rank in ranks if rank) / len(ranks)


def mcnemar(one: Sequence[bool], other: Sequence[bool]) -> float:
    """The two-sided exact p that two systems are right equally often, by the questions that only one has."""
    gained = sum(b and not a for a, b in zip(one, other, strict=True))
    lost = sum(a and not b for a, b in zip(one, other, strict=True))
    fewer, both = min(gained, lost), gained + lost
    ways = 2 * sum(math.comb(both, n) for n in range(fewer + 1))
    return float(min(1.0, ways / 2**both))


def title_questions(regulations: Sequence[Article], count: int, seed: int = 0) -> list[Question]:
    """Questions that name a regulation: when it took effect, who made it, what fine it threatens, in turn.

    All versions of it are right. Half of the titles stand in 《》.
    """
    versions: dict[tuple[str, str], set[str]] = {}
    for one in regulations:
        versions.setdefault((bare_title(one.title), one.region), set()).add(one.id)
    forms: tuple[tuple[Callable[[Article], bool], str], ...] = (
        (lambda one: one.effective is not None, "{}从什么时候开始施行？"),
        (lambda one: bool(one.issuer), "{}是由哪个机关制定的？"),
        (lambda one: "罚款" in one.text, "违反{}最高罚款多少钱？"),
    )
    questions: list[Question] = []
    shuffled = random.Random(seed).sample(list(regulations), len(regulations))
    for one in shuffled:
        fits, form = forms[len(questions) % len(forms)]
        if len(questions) < count and one.kind == "法规" and len(bare_title(one.title)) >= 6 and fits(one):
            title = one.title.partition("(")[0]
            named = f"《{title}》" if len(questions) % 2 else title
            right = frozenset(versions[bare_title(one.title), one.region])
            questions.append(Question(form.format(named), right))
    return questions


def by_title(data: Path, news: Sequence[Article], count: int) -> list[str]:
    """The line of the questions by title, over all regulations and the news."""
    regulations = [
        describe(r["id"], r["text"], title=r["title"], published=r["date"] or "", category=r["category"])
        for r in read_records(data / "regulations.jsonl.xz")
    ]
    questions = title_questions(regulations, count)
    embedder = load_embedder(None)
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder), create=True) as store:
        store.update([*regulations, *news], embedder)
        retrievers = Retriever(store, embedder), Retriever(store, embedder, load_reranker(READER))
        products = [run(searching(retriever), questions) for retriever in retrievers]
        passages = store.info().passages
    name = "按标题问法规"
    return [
        *(row(name, label, one, products) for label, one in zip((PRODUCT, RERANKED), products, strict=True)),
        f"| {name} | {len(questions)} 题，{passages} 段 |" + " |" * (len(HEADS) - 2),
    ]


def latency(data: Path, news: Sequence[Article]) -> list[str]:
    """A sentence on the times of queries over so many passages of news, without and with the reranker."""
    asked = [one.question for path in SETS.values() for _, rows in squad(data / path) for one in rows]
    questions = [Question(text, frozenset()) for text in random.Random(0).sample(asked, 500)]
    embedder = load_embedder(None)
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder), create=True) as store:
        store.update(news, embedder)
        times = []
        for reranker in (None, load_reranker(READER)):
            # A person waits by the wall's clock; the reader computes on all cores.
            found = run(searching(Retriever(store, embedder, reranker)), questions, time.perf_counter)
            p50, p99 = np.percentile(found.milliseconds, [50, 99])
            times.append(f"p50 {p50:.1f} 毫秒，p99 {p99:.1f} 毫秒")
        return [f"在 {store.info().passages} 段上检索一次：{times[0]}；由阅读模型重排：{times[1]}。"]


if __name__ == "__main__":
    main()
