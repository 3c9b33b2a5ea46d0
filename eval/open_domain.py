"""Measures short answers in open retrieval: how often an answer of at most 120 characters holds the gold one.

    python -m eval.open_domain --data ../shared/data

Each question of CMRC 2018 (trial) and DRCD (dev) is asked of its set's paragraphs among 20,000 passages of
news. No model and no weight has learned from these sets. A refusal holds nothing. An answer is held where it
stands without punctuation, white space and script.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from eval.metrics import bootstrap_interval
from eval.reader import holds
from index.reader_models import load_reader
from index.training.candidates import SETS, open_set, squad
from qa.engine import PolicyQA
from qa.generation.extractive import ExtractiveGenerator

CHARACTERS = 120


def measure(name: str, data: Path, reader: str | None, limit: int | None) -> str:
    """The line of a set's table, in Markdown."""
    held, refused, seconds = [], [], []
    with open_set(list(squad(data / SETS[name])), data) as (store, retriever, questions):
        qa = PolicyQA(store, retriever, ExtractiveGenerator(), None, load_reader(reader))
        order = np.random.default_rng(0).permutation(len(questions))[:limit]
        for number, n in enumerate(order):
            if number % 200 == 0:
                print(f"{name} {number}/{len(order)}", file=sys.stderr, flush=True)
            answer = qa.ask(questions[n].question, max_chars=CHARACTERS)
            refused.append(answer.refusal is not None)
            held.append(answer.refusal is None and holds(answer.text, questions[n].answers))
            seconds.append(answer.seconds["total"])
    low, high = bootstrap_interval(held) or (0.0, 0.0)
    return (
        f"| {name} | {len(held)} | {np.mean(held):.3f}（{low:.3f} 至 {high:.3f}） | {np.mean(refused):.3f} "
        f"| {np.median(seconds) * 1000:.0f} |"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--reader", help="as `wence ask --reader`")
    parser.add_argument("--set", choices=SETS, action="append", help="only this set")
    parser.add_argument("--limit", type=int, help="only so many questions of each set")
    given = parser.parse_args(arguments)
    lines = [
        f"| 题集 | 题数 | 至多 {CHARACTERS} 字的回答含答案 | 未作答 | p50 毫秒 |",
        "|---|---|---|---|---|",
    ]
    lines += [measure(name, given.data, given.reader, given.limit) for name in given.set or SETS]
    print("\n".join(lines))


if __name__ == "__main__":
    main()
