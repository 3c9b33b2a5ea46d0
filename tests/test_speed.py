"""Speed: every step is measured, on any articles; how fast they are is for the reader to judge."""

from pathlib import Path

import pytest

from eval.speed import STEPS, main, measure
from tests.conftest import ARTICLES


def test_every_step_has_a_speed() -> None:
    speeds = measure(ARTICLES)
    assert list(speeds) == list(STEPS)
    assert all(speed > 0 for speed in speeds.values())


def test_command_prints_a_line_a_step(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text(ARTICLES[0].text, encoding="utf-8")
    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out.count("MB/s") == len(STEPS)


def test_nothing_to_measure_is_a_users_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert "没有" in capsys.readouterr().err
