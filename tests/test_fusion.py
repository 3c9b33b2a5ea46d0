"""Fusion against a hand calculation."""

import math

import numpy as np
import pytest

from index import fusion
from index.fusion import calibrate, fuse


def test_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    constants = {"LEXICAL_WEIGHT": 1.0, "DENSE_WEIGHT": 0.25, "STEEPNESS": 10.0, "MIDPOINT": 0.4}
    for name, value in constants.items():
        monkeypatch.setattr(fusion, name, value)
    totals = fuse(np.array([0.3, 0.0]), np.array([0.4, 0.8]))
    assert totals == pytest.approx([0.4, 0.2])  # 0.3 + 0.25 * 0.4; 0.25 * 0.8
    assert calibrate(totals) == pytest.approx([0.5, 1 / (1 + math.exp(2))])


def test_scores_rise_with_either_leg_and_stay_in_bounds() -> None:
    shares, cosines = np.meshgrid(np.linspace(0, 1, 21), np.linspace(-1, 1, 21))
    scores = calibrate(fuse(shares, cosines))
    assert (np.diff(scores, axis=0) > 0).all()
    assert (np.diff(scores, axis=1) > 0).all()
    assert ((scores >= 0) & (scores <= 1)).all()


def test_a_score_does_not_depend_on_the_other_hits() -> None:
    alone = calibrate(fuse(np.array([0.2]), np.array([0.5])))
    among = calibrate(fuse(np.array([0.2, 0.9]), np.array([0.5, 0.9])))
    assert among[0] == alone[0]
