"""The reader's training: from a pre-trained encoder to the reader that is shipped.

    python -m index.training.candidates --data ../shared/data --public build/public --out build/reader-data
    python -m index.training.policy --data ../shared/data --out build/reader-data/policy.jsonl
    python -m index.training.cloze --data ../shared/data --out build/reader-data/cloze.jsonl --count 3000
    python -m index.training.recipe --start build/reader-encoder --out build/reader-first
    python -m index.training.recipe --start build/reader-first --out build/reader-second --rate 3e-4
    python -m index.training.average build/reader-first build/reader-second --out build/reader
    python -m index.training.recipe --start build/reader --out build/reader-last --last

The last command goes on from the shipped reader; what came of it is not shipped, as its card says.

No article of CMRC 2018 (trial) and DRCD (dev) is learned from: the shipped reader is the one that
`python -m eval.reader` measures on them. A fifth of the articles of HELD_OUT's sets is not learned from
either: progress is told on them, and the weights of rules and reader are fitted on them.
"""

import argparse
import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from index.reader import Alphabet, read_alphabet
from index.training.candidates import Candidates, load
from index.training.reader import Settings, make_batch, run, sentence_scores, train

FOLDS = 5
TIMES = {
    "cmrc2018_train": 2,
    "cmrc2018_dev": 2,
    "DRCD_test": 2,
    "xquad.zh": 1,
    "crud": 1,
    "dev-v2.0-zh": 1,
    "cloze": 1,
    "policy": 3,
}
"""How often the questions of each set stand in the pool of which `epochs` is read."""
LAST = {
    "policy": 0.8,
    "cmrc2018_dev": 0.4,
    "DRCD_test": 0.5,
    "xquad.zh": 0.4,
    "crud": 0.15,
    "dev-v2.0-zh": 0.15,
    "cloze": 0.1,
}
"""The same in the last run, about policies: with a part of the other sets, lest they be forgotten."""
HELD_OUT = ("cmrc2018_dev", "policy")
SETTINGS = Settings(epochs=0.8, passages=2, rate=6e-4, warm_up=200)
LAST_SETTINGS = Settings(epochs=1.0, passages=2, alone=0.4, rate=3e-4, warm_up=60)
_PROGRESS = 200
"""Held-out questions that progress is told on."""


def fold_of(article: str) -> int:
    """The fold in which an article of a question set is held out."""
    return int.from_bytes(hashlib.sha256(article.encode()).digest()[:8], "big") % FOLDS


def pool(sets: Mapping[str, Sequence[Candidates]], times: Mapping[str, float]) -> list[Candidates]:
    """The questions of every set so many times; of a part of a set, some that are chosen by chance."""
    questions: list[Candidates] = []
    for name, count in times.items():
        own = sets[name]
        part = np.random.default_rng(0).permutation(len(own))[: round(count % 1 * len(own))]
        questions += [*own] * int(count) + [own[n] for n in part]
    return questions


def save(model: Any, start: Path, out: Path) -> None:
    """Write the reader with its tokenizer: an ordinary `transformers` folder."""
    model.save_pretrained(out)
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt"):
        shutil.copy(start / name, out / name)


def first_right(model: Any, alphabet: Alphabet, questions: Sequence[Candidates]) -> float:
    """The share of questions whose best sentence in the first three passages answers."""
    import torch

    right = 0
    questions = [question for question in questions if question.answers]
    for question in questions:
        batch = make_batch(alphabet, [(question.question, question.passages[:3])])
        with torch.no_grad():
            scores = sentence_scores(run(model, batch), torch.from_numpy(batch.sentences))
        right += int(batch.labels[int(scores.argmax())]) == 1
    return right / len(questions)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--start", type=Path, required=True, help="folder of the encoder or reader to go on from"
    )
    parser.add_argument("--data", type=Path, default=Path("build/reader-data"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rate", type=float, help="less where a reader goes on")
    parser.add_argument("--last", action="store_true", help="the last run: mostly questions about policies")
    parser.add_argument("--threads", type=int)
    given = parser.parse_args()
    if given.threads:
        import torch

        torch.set_num_threads(given.threads)
    alphabet = read_alphabet(given.start)
    times, settings = (LAST, LAST_SETTINGS) if given.last else (TIMES, SETTINGS)
    if given.rate:
        settings = replace(settings, rate=given.rate)
    sets = {name: load(given.data / f"{name}.jsonl") for name in times}
    watched: dict[str, list[Candidates]] = {}
    for name in HELD_OUT:
        held = [q for q in sets[name] if fold_of(q.article) == 0]
        order = np.random.default_rng(0).permutation(len(held))[:_PROGRESS]
        watched[name] = [held[n] for n in order]
        sets[name] = [q for q in sets[name] if fold_of(q.article) != 0]

    def keep(model: Any) -> None:
        save(model, given.start, given.out)
        for name, held in watched.items():
            right = first_right(model, alphabet, held)
            print(f"held out of {name}: first sentence right {right:.3f}", flush=True)

    keep(train(given.start, alphabet, pool(sets, times), settings, keep))


if __name__ == "__main__":
    main()
