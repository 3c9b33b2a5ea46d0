"""What the reader learns to read: questions with the passages that a search finds for them, sentences marked.

    python -m index.training.candidates --data ../shared/data --public build/public --out build/reader-data

Each question set comes out as JSON lines, its paragraphs searched among 20,000 passages of news; and CRUD's
questions over all the news articles they were asked about. All texts are folded. CMRC 2018 (trial) and DRCD
(dev) are what the reader is measured on: articles of other sets that share a title or a run of text with
theirs are left out.

`--public` holds the files of PUBLIC, fetched from where README.md of index/models/reader says.
"""

import argparse
import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from index.chunking import chunk
from index.embedders import bundled_embedder
from index.errors import InputError
from index.folding import fold
from index.reading import passage_sentences, search_range
from index.records import Article, Passage
from index.retriever import Retriever
from index.store import Store
from index.training.measuring import read_records

SETS = {"cmrc": "cmrc2018_trial.json", "drcd": "drcd_dev.json"}
"""What is measured on, never trained on."""
PUBLIC = {
    "cmrc2018_train.json": "5497aa2f81908e31d6b0e27d99b1f90ab63a8f58fa92fffe5d17cf62eba0c212",
    "cmrc2018_dev.json": "e9ff74231f05c230c6fa88b84441ee334d97234cbb610991cd94b82db00c7f1f",
    "DRCD_test.json": "d9de0b4d247a8391ac8daee6c02c2c8272b75562a1e2377b50ae04ecc09a7438",
    "xquad.zh.json": "691d0b3359bc6b8faa8de931dfdfe21d50a65861ae348e32a0d1a0190b0c8835",
    "dev-v2.0-zh.json": "3754c015f04ab09ac3f65f90f89ac88871405264550ef444df75e1787c517562",
}
"""What is trained on, with the SHA-256 of each file."""
_RUN = 30
"""Characters that two articles share in one run only where one was copied from the other's source."""
NEWS_PASSAGES = 20_000
HITS = 10
_LONGEST_ANSWER = 60
_KEY_SHARE = 0.6
"""How much of a CRUD question's key facts its article must hold, by pairs of characters."""
_HELD = 0.8
"""How much of the answer a sentence must hold to answer."""
_IN_PART = 0.4
"""A sentence that holds more than this of the answer may answer in part: it is neither right nor wrong."""


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


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a set."""

    article: str
    """What is split into folds."""
    paragraph: str
    """The id of the paragraph, an article of the store."""
    question: str
    answers: tuple[str, ...]
    """Squeezed; none where the paragraph does not answer."""
    gold: tuple[int, int]
    """Where the first answer stands in the paragraph's text; NOWHERE where there is none."""


NOWHERE = (-1, -1)
Row: TypeAlias = tuple[Article, list[Asked]]
"""A paragraph of a question set with its questions."""


def squad(path: Path) -> Iterator[Row]:
    """The paragraphs of a SQuAD-format file as articles, with their questions; CMRC has one without words."""
    for place, entry in enumerate(json.loads(path.read_text("utf-8"))["data"]):
        article = f"{path.stem}/{entry.get('id', place)}"
        for number, paragraph in enumerate(entry["paragraphs"]):
            name = f"{article}/{number}"
            asked = []
            for row in paragraph["qas"]:
                texts = [answer["text"] for answer in row["answers"]]
                gold = NOWHERE
                if texts:
                    start = row["answers"][0]["answer_start"]
                    gold = (start, start + len(texts[0]))
                if squeeze(row["question"]):
                    asked.append(Asked(article, name, row["question"], tuple(map(squeeze, texts)), gold))
            yield Article(id=name, title=entry.get("title", ""), text=paragraph["context"]), asked


def runs(text: str) -> set[int]:
    """The runs of _RUN characters of squeezed text, every one, as hashes."""
    whole = squeeze(text)
    return {hash(whole[n : n + _RUN]) for n in range(len(whole) - _RUN + 1)}


def apart(rows: Sequence[Row], kept: Sequence[Row]) -> list[Row]:
    """The rows of articles that share neither title nor a run of text with those of `kept`."""
    titles = {squeeze(article.title) for article, _ in kept} - {""}
    theirs = set[int]().union(*(runs(article.text) for article, _ in kept))
    parents = {article.id: article.id.rpartition("/")[0] for article, _ in rows}
    copied = {
        parents[article.id]
        for article, _ in rows
        if squeeze(article.title) in titles or runs(article.text) & theirs
    }
    return [row for row in rows if parents[row[0].id] not in copied]


def read_passage(passage: Passage, text: str, asked: Asked) -> Read:
    """A passage of an article's text with its sentences labelled for a question."""
    spans, labels = [], []
    mine = passage.article_id == asked.paragraph
    first, last = asked.gold if mine else NOWHERE
    for start, end in passage_sentences(passage, text):
        low, high = search_range(passage, start, end)
        spans.append([low, high])
        held = squeeze(passage.search_text[low:high])
        inside = any(answer in held for answer in asked.answers)
        labels.append(1 if start < last and first < end else -1 if inside else 0)
    whole = mine and passage.start <= first and last <= passage.end
    span = list(search_range(passage, first, last)) if whole else None
    return Read(fold(passage.heading), passage.search_text, spans, labels, span)


def no_title(_: str) -> str:
    """The title of an article of the news, which come without."""
    return ""


@contextmanager
def open_set(
    rows: Sequence[Row], data: Path, title: Callable[[str], str] = no_title
) -> Iterator[tuple[Store, Retriever, list[Asked]]]:
    """A store of a question set's paragraphs among NEWS_PASSAGES passages of news, and its questions.

    `title` makes the titles of the news from their texts.
    """
    own = {article.id for article, _ in rows}
    news = [record for record in read_records(data / "news.jsonl.xz") if record["id"] not in own]
    distractors: list[Article] = []
    count = 0
    for number in np.random.default_rng(0).permutation(len(news)):
        text = news[number]["text"]
        article = Article(id=news[number]["id"], title=title(text), text=text)
        count += len(chunk(article))
        if count > NEWS_PASSAGES:
            break
        distractors.append(article)
    embedder = bundled_embedder()
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "store", create=True) as store:
        store.update([article for article, _ in rows] + distractors, embedder)
        yield store, Retriever(store, embedder), [asked for _, questions in rows for asked in questions]


def never(_: Asked, __: str) -> bool:
    """No paragraph but its own answers a question: for sets whose questions are about one thing each."""
    return False


def build_squad(
    rows: Sequence[Row],
    data: Path,
    out: Path,
    k: int,
    title: Callable[[str], str] = no_title,
    may_answer: Callable[[Asked, str], bool] = never,
) -> None:
    """Write the candidates of one question set, among news with such titles.

    `may_answer` tells which other paragraphs answer a question as well: they are neither right nor wrong.
    """
    with (
        open_set(rows, data, title) as (store, retriever, questions),
        out.open("w", encoding="utf-8") as file,
    ):
        for asked in questions:
            reads, found = [], False
            for hit in retriever.search(asked.question, k):
                if may_answer(asked, hit.passage.article_id):
                    continue
                text = store.article(hit.passage.article_id).text
                read = read_passage(hit.passage, text, asked)
                found |= 1 in read.labels
                reads.append(read)
            extra = None
            if asked.answers and not found:
                own = store.passages(asked.paragraph)
                place = next((p for p in own if p.start < asked.gold[1] and asked.gold[0] < p.end), None)
                if place:
                    extra = read_passage(place, store.article(asked.paragraph).text, asked)
            made = Candidates(asked.article, fold(asked.question), list(asked.answers), reads, extra)
            file.write(json.dumps(asdict(made), ensure_ascii=False) + "\n")


def build_crud(data: Path, out: Path, k: int) -> None:
    """Write CRUD's questions with passages of the news; without those whose article is not found for sure."""
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
                if not 0 < len(answer) <= _LONGEST_ANSWER or not squeeze(row["question"]):
                    continue
                unplaced = Asked(row["group"], "", row["question"], (answer,), NOWHERE)
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
                    read = read_passage(passage, text, unplaced)
                    if share >= least and max(held, default=0.0) >= _HELD:
                        most = max(held)
                        labels = [1 if h == most else -1 if h > _IN_PART else 0 for h in held]
                        found = True
                        read = Read(
                            read.heading, read.text, read.sentences, labels, locate(read, labels, answer)
                        )
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
    """The span of the answer in the one sentence that holds it; None where several do, or it does twice."""
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
    parser.add_argument("--public", type=Path, default=Path("build/public"))
    parser.add_argument("--out", type=Path, default=Path("build/reader-data"))
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for name, digest in PUBLIC.items():
        path = given.public / name
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise InputError(f"{path} 不存在，或不是训练所用的版本：来源见 index/models/reader/README.md。")
    measured = [row for file in SETS.values() for row in squad(given.data / file)]
    for name in PUBLIC:
        rows = list(squad(given.public / name))
        kept = apart(rows, measured)
        print(f"{name}: {len(kept)} of {len(rows)} paragraphs kept", flush=True)
        build_squad(kept, given.data, given.out / name.replace(".json", ".jsonl"), HITS)
    build_crud(given.data, given.out / "crud.jsonl", HITS)


if __name__ == "__main__":
    main()
