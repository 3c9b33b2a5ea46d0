"""Measures the reader: how often its first sentences hold the answer, beside the rules', and both together.

    python -m eval.reader --data ../shared/data

Each question of CMRC 2018 (trial) and DRCD (dev) is searched for among its set's paragraphs and 20,000
passages of news, and the sentences of its first three passages are put in order. The reader learned from no
article of these sets. What rules and reader weigh together is chosen on the articles of the other four folds.
A sentence holds an answer where it does without punctuation, white space and script; two sentences hold it
where either does, or where they stand side by side and do together. "Not answered here" is measured on the
best score of the same questions read with passages of other articles, and with the passage that answers
without the sentences that do.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.metrics import bootstrap_interval
from index.folding import fold
from index.reader import BUNDLED, OnnxReader, Reader, Source
from index.reading import search_range
from index.records import Hit
from index.store import Store
from index.training.candidates import SETS, Asked, open_set, read_passage, squad
from index.training.reader import cut_out
from index.training.recipe import fold_of
from index.words import bundled_words
from qa.evidence import fitted, ranked
from qa.features import measure_hits
from qa.question import understand

HITS = 3
_FOUND = 10
WEIGHTS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sentences:
    """What a question found: sentences in the order of hits and text."""

    fold: int
    answers: tuple[str, ...]
    texts: list[str]
    passages: list[int]
    rules: Scores
    reader: Scores
    absent: list[float]
    """The reader's best score wherever nothing answers."""


def plain(text: str) -> str:
    """The folded text without punctuation and white space."""
    return re.sub(r"[^\w%]+", "", fold(text))


def holds(text: str, answers: Sequence[str]) -> bool:
    """Whether a text holds one of the answers."""
    read = plain(text)
    return any(plain(answer) in read if plain(answer) else answer in text for answer in answers)


def first_two(found: Sentences, scores: Scores) -> tuple[bool, bool]:
    """Whether the first sentence holds the answer, and whether the first two do."""
    order = np.argsort(-scores, kind="stable")[:2].tolist()
    texts = [found.texts[n] for n in order]
    each = [holds(text, found.answers) for text in texts]
    low, high = min(order, default=0), max(order, default=0)
    if high - low == 1 and found.passages[low] == found.passages[high]:
        each.append(holds(found.texts[low] + found.texts[high], found.answers))
    return any(each[:1]), any(each)


def read_set(name: str, data: Path, reader: Reader, limit: int | None) -> Iterator[Sentences]:
    """What each question of a set found."""
    with open_set(list(squad(data / SETS[name])), data) as (store, retriever, questions):
        order = np.random.default_rng(0).permutation(len(questions))[:limit]
        for number, n in enumerate(order):
            if number % 200 == 0:
                print(f"{name} {number}/{len(order)}", file=sys.stderr, flush=True)
            asked = questions[n]
            hits = retriever.search(asked.question, _FOUND)
            yield read_question(asked, hits, store, reader)


def read_question(asked: Asked, hits: Sequence[Hit], store: Store, reader: Reader) -> Sentences:
    """What a question found among its first hits."""
    texts: list[str] = []
    passages: list[int] = []
    rules: list[float] = []
    scores: list[float] = []
    question = fold(asked.question)
    measured = list(measure_hits(understand(asked.question), hits[:HITS], store.article, bundled_words()))
    sources = [
        Source(m.heading, m.hit.passage.search_text, [search_range(m.hit.passage, *span) for span in m.spans])
        for m in measured
    ]
    readings = reader.read(question, sources)
    for number, (m, reading) in enumerate(zip(measured, readings, strict=True)):
        texts += m.texts
        passages += [number] * len(m.texts)
        rules += ranked(m.rows, fitted().order).tolist()
        scores += [sentence.score for sentence in reading.sentences]
    reads = [read_passage(hit.passage, store.article(hit.passage.article_id).text, asked) for hit in hits]
    without = [[read for read in reads if not any(read.labels)][:HITS]]
    without += [[cut_out(read)] for read in reads if 1 in read.labels]
    absent = []
    for group in without:
        cut = [Source(read.heading, read.text, [(a, b) for a, b in read.sentences]) for read in group]
        best = [s.score for reading in reader.read(question, cut) for s in reading.sentences]
        absent += [max(best)] if best else []
    return Sentences(
        fold_of(asked.article), asked.answers, texts, passages, np.array(rules), np.array(scores), absent
    )


def auroc(present: Sequence[float], absent: Sequence[float]) -> float:
    """The share of pairs in which the present one is larger; a tie counts half (Mann and Whitney)."""
    ordered = np.sort(np.array(absent))
    below = np.searchsorted(ordered, present, "left") + np.searchsorted(ordered, present, "right")
    return float(below.mean() / 2 / len(ordered))


def together(found: Sequence[Sentences]) -> list[Scores]:
    """Both scores of every question, the reader's with the weight that is best on the other folds."""
    folds = sorted({s.fold for s in found})

    def first(weight: float, fold: int) -> int:
        return sum(first_two(s, s.rules + weight * s.reader)[0] for s in found if s.fold == fold)

    right = {(w, fold): first(w, fold) for w in WEIGHTS for fold in folds}
    best = {
        own: max(WEIGHTS, key=lambda w: sum(right[w, fold] for fold in folds if fold != own)) for own in folds
    }
    return [s.rules + best[s.fold] * s.reader for s in found]


def show(name: str, found: Sequence[Sentences]) -> list[str]:
    """The lines of a set's table, in Markdown."""
    lines = []
    orders = {
        "规则": [s.rules for s in found],
        "阅读器": [s.reader for s in found],
        "两者合用": together(found),
    }
    for label, scores in orders.items():
        cells = []
        for place in (0, 1):
            outcomes = [first_two(s, order)[place] for s, order in zip(found, scores, strict=True)]
            low, high = bootstrap_interval(outcomes) or (0.0, 0.0)
            cells.append(f"{np.mean(outcomes):.3f}（{low:.3f} 至 {high:.3f}）")
        lines.append(f"| {name} | {label} | {cells[0]} | {cells[1]} |")
    held = [s for s in found if any(holds(text, s.answers) for text in s.texts)]
    absent = [score for s in found for score in s.absent]
    lines.append(f"| {name} | 上限：前三段里有答案的 | {len(held) / len(found):.3f} | |")
    rate = auroc([float(s.reader.max()) for s in held], absent)
    lines.append(f"| {name} | 「这里没有答案」的 AUROC | {rate:.3f} | |")
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--reader", type=Path, default=BUNDLED, help="folder of an exported reader")
    parser.add_argument("--set", choices=SETS, action="append", help="only this set")
    parser.add_argument("--limit", type=int, help="only so many questions of each set")
    given = parser.parse_args(arguments)
    reader = OnnxReader(given.reader)
    lines = ["| 题集 | 排序 | 第一句含答案 | 前两句含答案 |", "|---|---|---|---|"]
    for name in given.set or SETS:
        lines += show(name, list(read_set(name, given.data, reader, given.limit)))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
