"""What the reader learns to read: questions with the passages that a search finds for them, sentences marked.

    python -m index.training.candidates --data ../shared/data --out build/reader-data

Three sets come out as JSON lines: CMRC 2018 (trial) and DRCD (dev), each set's paragraphs among passages of
20,000 news articles' worth, and CRUD's questions over all the news articles they were asked about. All texts
are folded.
"""

import argparse
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.chunking import chunk
from index.embedders import bundled_embedder
from index.folding import fold
from index.reading import passage_sentences, search_range
from index.records import Article, Passage
from index.retriever import Retriever
from index.sentences import MAX_SENTENCE
from index.store import Store
from index.training.measuring import read_records

SETS = {"cmrc": "cmrc2018_trial.json", "drcd": "drcd_dev.json"}
NEWS_PASSAGES = 20_000
HITS = 10
_MIN_ANSWER = 1
_KEY_SHARE = 0.6
"""How much of a CRUD question's key facts its article must hold, by pairs of characters."""
_HELD = 0.8
"""How much of the answer a sentence must hold to answer."""


@dataclass(frozen=True, slots=True)
class Read:
    """A passage as the reader sees it; spans are positions in `text`."""

    heading: str
    text: str
    sentences: list[list[int]]
    labels: list[int]
    """Of each sentence: 1 holds the answer where it was asked, 0 does not hold it, -1 holds its words too."""
    answer: list[int] | None
    """The span of the answer, where it is known."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """A question with its passages, best hit first."""

    article: str
    question: str
    answers: list[str]
    passages: list[Read]
    extra: Read | None
    """The passage that answers, where the search did not find it."""


def squeeze(text: str) -> str:
    """Folded text without white space: how answers are compared."""
    return re.sub(r"\s+", "", fold(text))


def read_passage(passage: Passage, text: str, heading: str, answers: Sequence[str], gold: tuple[int, int] | None) -> Read:
    """A passage of `text` with its sentences labelled; `gold` is the answer's span in `text`."""
    spans, labels = [], []
    for start, end in passage_sentences(passage, text):
        low, high = search_range(passage, start, end)
        spans.append([low, high])
        held = squeeze(passage.search_text[low:high])
        if gold and start < gold[1] and gold[0] < end:
            labels.append(1)
        else:
            labels.append(-1 if any(answer in held for answer in answers) else 0)
    span = None
    if gold and passage.start <= gold[0] and gold[1] <= passage.end:
        span = list(search_range(passage, *gold))
    return Read(fold(heading), passage.search_text, spans, labels, span)


def squad(path: Path) -> Iterator[tuple[Article, list[tuple[str, list[str], int]]]]:
    """The paragraphs of a SQuAD-format file as articles; questions with their answers and the first's place."""
    for entry in json.loads(path.read_text("utf-8"))["data"]:
        for number, paragraph in enumerate(entry["paragraphs"]):
            asked = []
            for row in paragraph["qas"]:
                texts = [answer["text"] for answer in row["answers"]]
                asked.append((row["question"], texts, row["answers"][0]["answer_start"]))
            name = f"{path.stem}/{entry['id']}/{number}"
            yield Article(id=name, title=entry.get("title", ""), text=paragraph["context"]), asked


def build_squad(path: Path, data: Path, out: Path, k: int) -> None:
    """Write the candidates of one question set."""
    rows = list(squad(path))
    news = (Article(id=r["id"], text=r["text"]) for r in read_records(data / "news.jsonl.xz"))
    order = np.random.default_rng(0).permutation(68_798)
    chosen = set(order[: NEWS_PASSAGES // 2].tolist())  # two and a half passages each, cut off below
    distractors = [article for number, article in enumerate(news) if number in chosen]
    kept: list[Article] = []
    count = 0
    for article in distractors:
        count += len(chunk(article))
        if count > NEWS_PASSAGES:
            break
        kept.append(article)
    embedder = bundled_embedder()
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "store", create=True) as store:
        store.update([article for article, _ in rows] + kept, embedder)
        retriever = Retriever(store, embedder)
        with out.open("w", encoding="utf-8") as file:
            for article, asked in rows:
                own = {passage.id: passage for passage in store.passages(article.id)}
                for question, answers, start in asked:
                    if not squeeze(question):  # CMRC has one
                        continue
                    squeezed = [squeeze(answer) for answer in answers]
                    gold = (start, start + len(answers[0]))
                    reads, found = [], False
                    for hit in retriever.search(question, k):
                        passage = hit.passage
                        mine = passage.id in own
                        here = gold if mine and passage.start < gold[1] and gold[0] < passage.end else None
                        found |= here is not None
                        source = article if mine else store.article(passage.article_id)
                        reads.append(read_passage(passage, source.text, passage.heading, squeezed, here))
                    extra = None
                    if not found:
                        place = next(p for p in own.values() if p.start < gold[1] and gold[0] < p.end)
                        extra = read_passage(place, article.text, place.heading, squeezed, gold)
                    made = Candidates(article.id.rsplit("/", 1)[0], fold(question), squeezed, reads, extra)
                    file.write(json.dumps(asdict(made), ensure_ascii=False) + "\n")


def build_crud(data: Path, out: Path, k: int) -> None:
    """Write CRUD's questions with passages of the news; those whose article is not found for sure are left out."""
    embedder = bundled_embedder()
    asked = json.loads((data / "crud_questions.json").read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "store", create=True) as store:
        news = (Article(id=r["id"], text=r["text"]) for r in read_records(data / "news.jsonl.xz"))
        store.update(news, embedder)
        retriever = Retriever(store, embedder)
        with out.open("w", encoding="utf-8") as file:
            for row in asked:
                answer = squeeze(row["answer"]).rstrip("。.")
                keys = [squeeze(key) for key in row["key_info"]]
                if not _MIN_ANSWER <= len(answer) <= 60 or not squeeze(row["question"]):
                    continue
                texts: dict[str, str] = {}
                reads: list[Read] = []
                found = False
                for hit in retriever.search(row["question"], k):
                    passage = hit.passage
                    if passage.article_id not in texts:
                        texts[passage.article_id] = store.article(passage.article_id).text
                    text = texts[passage.article_id]
                    whole = squeeze(text)
                    least = _KEY_SHARE if row["docs"] == "1Doc" else _KEY_SHARE / int(row["docs"][0])
                    share = float(np.mean([coverage(key, whole) for key in keys])) if keys else 0.0
                    held = [
                        coverage(answer, squeeze(passage.search_text[slice(*search_range(passage, *span))]))
                        for span in passage_sentences(passage, text)
                    ]
                    read = read_passage(passage, text, passage.heading, [answer], None)
                    if share >= least and max(held, default=0.0) >= _HELD:
                        labels = [1 if h >= max(_HELD, max(held) - 1e-6) else -1 if h > 0.4 else 0 for h in held]
                        found = True
                        read = Read(read.heading, read.text, read.sentences, labels, locate(read, labels, answer))
                    reads.append(read)
                if found:
                    made = Candidates(row["group"], fold(row["question"]), [answer], reads, None)
                    file.write(json.dumps(asdict(made), ensure_ascii=False) + "\n")


def coverage(part: str, whole: str) -> float:
    """The share of a text's pairs of characters that stand in another; a short text stands there or not."""
    if len(part) < 4:
        return float(part in whole)
    pairs = {part[n : n + 2] for n in range(len(part) - 1)}
    return sum(pair in whole for pair in pairs) / len(pairs)


def locate(read: Read, labels: Sequence[int], answer: str) -> list[int] | None:
    """The span of the answer in the one sentence that holds it; None where several do, or it stands there twice."""
    if labels.count(1) != 1:
        return None
    start, end = read.sentences[labels.index(1)]
    pattern = r"\s*".join(map(re.escape, answer))
    places = [match.span() for match in re.finditer(pattern, read.text[start:end])]
    return [start + places[0][0], start + places[0][1]] if len(places) == 1 else None


def load(path: Path) -> list[Candidates]:
    """The candidates of a file."""

    def read(values: dict[str, Any] | None) -> Read | None:
        return Read(**values) if values else None

    made = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            values = json.loads(line)
            values["passages"] = [Read(**passage) for passage in values["passages"]]
            values["extra"] = read(values["extra"])
            made.append(Candidates(**values))
    return made


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("build/reader-data"))
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for name, file in SETS.items():
        if not (given.out / f"{name}.jsonl").exists():
            build_squad(given.data / file, given.data, given.out / f"{name}.jsonl", HITS)
    build_crud(given.data, given.out / "crud.jsonl", HITS)


if __name__ == "__main__":
    main()
