"""Averages the weights of readers of one training: often better than each, at the cost of one.

python -m index.training.average build/reader-first build/reader-second --out build/reader

Model soups, Wortsman et al. 2022.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from index.training.reader import build_reader
from index.training.recipe import save


def average(readers: Sequence[Path], out: Path) -> None:
    """Write the reader whose weights are the mean of those of `readers`, which go back to one encoder."""
    import torch

    models = [build_reader(reader) for reader in readers]
    states = [model.state_dict() for model in models]
    mean = {name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]}
    models[0].load_state_dict(mean)
    save(models[0], readers[0], out)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("readers", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    average(given.readers, given.out)


if __name__ == "__main__":
    main()
