"""Fusion against a hand calculation."""

import math

import numpy as np
import pytest

from index import fusion
from index.fusion import SHORTLIST, STAGES, calibrate, fuse, shortlist


def test_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    constants = {
        "LEXICAL": 10.0,
        "DENSE": 2.5,
        "COVERAGE": 2.0,
        "CLOSENESS": 1.0,
        "OPENING": 0.8,
        "NAMED": 0.6,
        "OFFSET": -4.0,
    }
    for name, value in constants.items():
        monkeypatch.setattr(fusion, name, value)
    measured = [[0.3, 0.4, 0.0, 0.0, 0.0, 0.0], [0.0, 0.8, 0.5, 0.0, 0.5, 1.0]]
    totals = fuse(*np.array(measured).T)
    assert totals == pytest.approx([0.0, 0.0])  # 3 + 1 - 4; 2 + 1 + 0.4 + 0.6 - 4
    assert calibrate(totals + np.array([0.0, -2.0])) == pytest.approx([0.5, 1 / (1 + math.exp(2))])


def test_scores_rise_with_every_measure_and_stay_in_bounds() -> None:
    grid = np.meshgrid(*[np.linspace(0, 1, 6)] * len(STAGES), indexing="ij")
    scores = calibrate(fuse(*grid))
    for axis in range(len(STAGES)):
        assert (np.diff(scores, axis=axis) > 0).all()
    assert ((scores >= 0) & (scores <= 1)).all()


def test_a_score_does_not_depend_on_the_other_hits() -> None:
    alone = calibrate(fuse(*(np.array([value]) for value in (0.2, 0.5, 0.6, 0.1, 0.2, 0.0))))
    among = calibrate(fuse(*(np.array([value, 0.9]) for value in (0.2, 0.5, 0.6, 0.1, 0.2, 0.0))))
    assert among[0] == alone[0]


def test_the_shortlist_holds_the_best_of_the_first_sum_and_all_that_tie_with_its_last() -> None:
    lexical = np.arange(100.0)
    assert shortlist(lexical, np.zeros(100), 5).tolist() == list(range(100 - SHORTLIST, 100))
    assert shortlist(lexical, np.zeros(100), 60).tolist() == list(range(40, 100))
    assert len(shortlist(np.zeros(100), np.zeros(100), 5)) == 100
    assert shortlist(lexical[:3], np.zeros(3), 5).tolist() == [0, 1, 2]
