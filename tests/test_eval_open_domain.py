"""Answers in open retrieval are measured from end to end."""

from pathlib import Path

import pytest

from eval import open_domain
from index.training.candidates import SETS
from tests.test_training_candidates import write_data


def test_a_set_is_asked_from_end_to_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_data(tmp_path)
    name = next(iter(SETS))
    open_domain.main(["--data", str(tmp_path), "--reader", "rules", "--set", name])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("| 题集 |")
    assert lines[2].startswith(f"| {name} | 1 | 1.000（")
    assert "| 0.000 |" in lines[2]
