"""The reader's training, stage by stage, each a command.

    python -m index.training.candidates --data ../shared/data --out build/reader-data
    python -m index.training.cloze --data ../shared/data --out build/reader-data/cloze.jsonl
    python -m index.training.recipe middle --start build/reader-encoder --out build/reader-middle
    python -m index.training.recipe folds --start build/reader-middle --out build/reader-folds
    python -m index.training.recipe final --start build/reader-middle --out build/reader-final

The recipe is unfinished: no reader is shipped yet. What it came to, first sentence / first two with the
answer (`python -m eval.reader`, int8, pre-trained on 36 million characters):

                                    CMRC             DRCD             AUROC of "not answered here"
    rules, fold 0                   0.670 / 0.761    0.799 / 0.867
    middle, 250 questions a set     0.624 / 0.748    0.780 / 0.856    0.906 / 0.939
    1.5 epochs of folds, fold 0     0.716 / 0.824    0.831 / 0.914    0.933 / 0.947
    4 epochs of folds, fold 0       0.744 / 0.841    0.837 / 0.915    0.933 / 0.948

`middle` learns from made-up questions and CRUD's; `folds` makes five readers, each from four fifths of the
articles of CMRC and DRCD, to be measured on the fifth (`python -m eval.reader`); `final` learns from all.
"""

import argparse
import hashlib
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from index.reader import Alphabet, read_alphabet
from index.training.candidates import Candidates, load
from index.training.reader import Settings, train

FOLDS = 5
MIDDLE = Settings(epochs=0.6, passages=2, rate=6e-4, warm_up=100)
CRUD_TIMES = 2
"""How often a question of CRUD's stands among the made-up ones."""
TUNE = Settings(epochs=4.0, passages=2, rate=3e-4)


def fold_of(article: str) -> int:
    """The fold in which an article of a question set is held out."""
    return int.from_bytes(hashlib.sha256(article.encode()).digest()[:8], "big") % FOLDS


def save(model: Any, start: Path, out: Path) -> None:
    """Write the reader with its tokenizer: an ordinary `transformers` folder."""
    model.save_pretrained(out)
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt"):
        shutil.copy(start / name, out / name)


def read_sets(data: Path) -> list[Candidates]:
    """The questions of CMRC and DRCD."""
    return load(data / "cmrc.jsonl") + load(data / "drcd.jsonl")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("stage", choices=["middle", "folds", "final"])
    parser.add_argument(
        "--start", type=Path, required=True, help="folder of the encoder or reader to go on from"
    )
    parser.add_argument("--data", type=Path, default=Path("build/reader-data"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--fold", type=int, choices=range(FOLDS), help="only this one")
    given = parser.parse_args()
    if given.threads:
        import torch

        torch.set_num_threads(given.threads)
    alphabet: Alphabet = read_alphabet(given.start)
    if given.stage == "middle":
        questions = load(given.data / "cloze.jsonl") + load(given.data / "crud.jsonl") * CRUD_TIMES
        model = train(
            given.start, alphabet, questions, MIDDLE, lambda model: save(model, given.start, given.out)
        )
        save(model, given.start, given.out)
    elif given.stage == "folds":
        for fold in range(FOLDS) if given.fold is None else [given.fold]:
            questions = [q for q in read_sets(given.data) if fold_of(q.article) != fold]
            model = train(given.start, alphabet, questions, replace(TUNE, seed=TUNE.seed + fold))
            save(model, given.start, given.out / str(fold))
    else:
        save(train(given.start, alphabet, read_sets(given.data), TUNE), given.start, given.out)


if __name__ == "__main__":
    main()
