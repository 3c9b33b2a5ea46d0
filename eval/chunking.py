"""Compares sizes and overlaps of passages on development sets: `python -m eval.chunking`

For each size and overlap the articles are cut, embedded and indexed as the product does it, and the questions
searched. Counted is how often the gold evidence lies whole in one of the first 1, 3, 5 or 10 passages, and in
the first 1,000 or 2,000 characters that are read of them: larger passages hold more, so only an equal reading
budget compares them fairly.

300 questions a set (147 over news); evidence in the first 1 / 10 passages / 1,000 characters, percent:

    limit, overlap      regulations          news                 DRCD                 CMRC
    200, none           64.7 / 97.0 / 94.0   34.7 / 52.4 / 50.3   88.3 / 99.0 / 97.7   76.0 / 95.0 / 93.7
    300, none           67.0 / 98.7 / 94.3   38.8 / 59.9 / 53.1   88.7 / 99.3 / 97.3   82.0 / 95.3 / 94.7
    400, none           67.0 / 99.0 / 90.0   40.8 / 61.9 / 55.8   90.7 / 99.3 / 98.7   88.0 / 98.3 / 97.3
    400, one sentence   68.0 / 98.7 / 89.7   44.2 / 62.6 / 56.5   89.0 / 99.3 / 98.0   88.3 / 98.7 / 97.7
    400, 20 %           68.7 / 98.3 / 90.7   42.2 / 63.3 / 55.1   90.0 / 99.7 / 98.3   88.0 / 98.3 / 97.7

So 400 without overlap: ten passages are read, an index of 400 is a third smaller than one of 200, and an
overlap gains little and costs space. Only regulations read by the first 1,000 characters favour smaller ones.
"""

import json
import lzma
import math
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from index.chunking import chunk
from index.cleaning import find_edits
from index.embedders import Embedder, load_embedder
from index.folding import fold_article
from index.passage_index import Entry
from index.records import Article, Passage
from index.retriever import Retriever
from index.sentences import sentence_spans
from index.store import Store
from index.updating import embedding_text
from index.versions import bare_title

LIMITS = (200, 300, 400)
OVERLAPS = ("无", "一句", "20%")
TOPS = (1, 3, 5, 10)
BUDGETS = (1000, 2000)
QUESTIONS = 300
DISTRACTORS = 2000
REGULATIONS = 150
SHORTEST_FACT = 8
"""Code points of a key fact that tells which article a question was asked about."""
JOINED = 6
"""Paragraphs of DRCD or CMRC that make one article."""

_CLAUSE = re.compile(
    r"^第[一二三四五六七八九十百]+条[\s　].*(?:\n+(?!第[一二三四五六七八九十百]+[章节条]|#).*)*", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and where its answer stands."""

    question: str
    article_id: str
    start: int
    end: int


def main() -> int:
    """Measure all sets and print a table; return the exit code."""
    shared = Path(os.environ.get("WENCE_SHARED", "../shared"))
    if not (shared / "data").is_dir():
        sys.stderr.write(f"没有开发集 {shared / 'data'}：请设置 WENCE_SHARED\n")
        return 2
    embedder = load_embedder(None)
    names = [*(f"前 {n} 段" for n in TOPS), *(f"前 {n} 字" for n in BUDGETS)]
    print("| 题集 | 上限 | 重叠 | " + " | ".join(names) + " | 段数 | MB | 秒 |")
    print("|---" * (len(names) + 6) + "|")
    for name, articles, asked in _sets(shared / "data"):
        for limit in LIMITS:
            for overlap in OVERLAPS:
                measured = measure(articles, asked, embedder, limit, overlap)
                print(f"| {name} {len(asked)} 题 | {limit} | {overlap} | {measured} |", flush=True)
    return 0


def measure(
    articles: Sequence[Article], asked: Sequence[Asked], embedder: Embedder, limit: int, overlap: str
) -> str:
    """Return the cells of one line: shares in percent, passages, megabytes on disk, seconds to build."""
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "store", create=True) as store:
        began = time.process_time()
        store.add(_entries(articles, embedder, limit, overlap), embedder.name)
        seconds = time.process_time() - began
        retriever = Retriever(store, embedder)
        found = [_found(one, [hit.passage for hit in retriever.search(one.question, 30)]) for one in asked]
        info = store.info()
    shares = [100 * sum(column) / len(found) for column in zip(*found, strict=True)]
    cells = [f"{share:.1f}" for share in shares]
    return " | ".join([*cells, str(info.passages), f"{info.bytes / 1e6:.1f}", f"{seconds:.0f}"])


def overlapping(article: Article, passages: Sequence[Passage], limit: int, overlap: str) -> Iterator[Passage]:
    """Yield the passages, each begun earlier by the last sentences of the one before under its heading."""
    edits = find_edits(article.text)
    before: Passage | None = None
    for passage in passages:
        start = passage.start
        if overlap != OVERLAPS[0] and before and before.heading == passage.heading:
            spans = sentence_spans(article.text, before.start, before.end)
            room = limit // 5 if overlap == OVERLAPS[2] else before.end - spans[-1][0]
            start = next((at for at, _ in spans if before.end - at <= room), start)
        before = passage
        if start == passage.start:
            yield passage
            continue
        folded = fold_article(article.text, start, passage.end, edits)
        text = article.text[start : passage.end]
        yield replace(passage, start=start, text=text, search_text=folded.text, offsets=folded.offsets)


def _entries(articles: Iterable[Article], embedder: Embedder, limit: int, overlap: str) -> Iterator[Entry]:
    for article in articles:
        passages = list(overlapping(article, chunk(article, limit), limit, overlap))
        vectors = embedder.encode_documents([embedding_text(passage) for passage in passages])
        yield Entry(article, passages, vectors, b"")


def _found(asked: Asked, passages: Sequence[Passage]) -> list[bool]:
    """Return for each number of passages and of characters whether the evidence is in the first ones."""

    def holds(passage: Passage, end: int) -> bool:
        return passage.article_id == asked.article_id and passage.start <= asked.start and asked.end <= end

    rank = next((n for n, one in enumerate(passages, 1) if holds(one, one.end)), math.inf)
    found = [rank <= top for top in TOPS]
    for budget in BUDGETS:
        read = 0
        within = False
        for one in passages:
            within |= holds(one, min(one.end, one.start + budget - read))
            read += one.end - one.start
            if read >= budget:
                break
        found.append(within)
    return found


def _sets(data: Path) -> Iterator[tuple[str, list[Article], list[Asked]]]:
    dice = random.Random(1)
    yield "法规", *_regulations(data, dice)
    yield "新闻 CRUD", *_news(data, dice)
    for name, file in (("DRCD", "drcd_dev.json"), ("CMRC", "cmrc2018_trial.json")):
        yield name, *_squad(data / file, dice)


def _news(data: Path, dice: random.Random) -> tuple[list[Article], list[Asked]]:
    """Questions over news: the longest of their key facts is the evidence, if one article alone has it."""
    texts = {row["id"]: row["text"] for row in _rows(data / "news.jsonl.xz")}
    asked: list[Asked] = []
    for row in dice.sample(json.loads((data / "crud_questions.json").read_text("utf-8")), 4 * QUESTIONS):
        evidence = max(row["key_info"], key=len)
        if len(evidence) < SHORTEST_FACT:
            continue
        homes = list(islice((name for name, text in texts.items() if evidence in text), 2))
        if len(homes) == 1 and len(asked) < QUESTIONS:
            start = texts[homes[0]].index(evidence)
            asked.append(Asked(row["question"], homes[0], start, start + len(evidence)))
    names = {one.article_id for one in asked} | set(dice.sample(sorted(texts), DISTRACTORS))
    return [Article(name, texts[name]) for name in sorted(names)], asked


def _regulations(data: Path, dice: random.Random) -> tuple[list[Article], list[Asked]]:
    """Questions made of a title, how an article of law begins, and a phrase of one of its later sentences."""
    rows = dice.sample(list(_rows(data / "regulations.jsonl.xz")), REGULATIONS)
    articles = [Article(row["id"], row["text"], title=row["title"]) for row in rows]
    asked: list[Asked] = []
    while len(asked) < QUESTIONS:
        article = dice.choice(articles)
        clauses = [match.span() for match in _CLAUSE.finditer(article.text)]
        if not clauses:
            continue
        spans = sentence_spans(article.text, *dice.choice(clauses))
        start, end = dice.choice(spans)
        opening = article.text[spans[0][0] : spans[0][1]].split()[-1][:10]
        if end - start >= 15:
            phrase = article.text[start + 4 : start + 14]
            asked.append(
                Asked(
                    f"{bare_title(article.title)}中，{opening}，{phrase}有什么规定？", article.id, start, end
                )
            )
    return articles, asked


def _squad(file: Path, dice: random.Random) -> tuple[list[Article], list[Asked]]:
    """Questions over paragraphs, several of which are joined into an article."""
    entries: list[dict[str, Any]] = json.loads(file.read_text("utf-8"))["data"]
    paragraphs = [paragraph for entry in entries for paragraph in entry["paragraphs"]]
    articles: list[Article] = []
    asked: list[Asked] = []
    for at in range(0, len(paragraphs), JOINED):
        text = ""
        for paragraph in paragraphs[at : at + JOINED]:
            for question in paragraph["qas"]:
                answer, at_answer = question["answers"][0]["text"], question["answers"][0]["answer_start"]
                if question["question"].strip() and paragraph["context"].startswith(answer, at_answer):
                    start = len(text) + at_answer
                    asked.append(Asked(question["question"], str(at), start, start + len(answer)))
            text += paragraph["context"] + "\n"
        articles.append(Article(str(at), text))
    return articles, dice.sample(asked, min(QUESTIONS, len(asked)))


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with lzma.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


if __name__ == "__main__":
    raise SystemExit(main())
