"""Fitting the evidence model: a better order, a probability that separates."""

import json
from pathlib import Path

import numpy as np

from eval.fit import Case, first_right, fit_order, fit_probability
from qa.evidence import probable
from qa.features import FEATURES, TYPED

EXACT = FEATURES.index("exact")


def _cases() -> list[Case]:
    """Return cases in which the sentence that covers the question most is the right one."""
    dice = np.random.default_rng(7)
    cases = []
    for _ in range(60):
        rows = dice.uniform(0, 0.5, (6, len(FEATURES))).astype(np.float32)
        rows[:, TYPED] = 0.5
        right = np.zeros(6, dtype=np.bool_)
        right[dice.integers(6)] = True
        rows[right, EXACT] = 0.9
        cases.append(Case(rows, right))
    return cases


def test_the_order_learns_what_tells_the_answer() -> None:
    order = fit_order(_cases())
    assert first_right(_cases(), order) > 0.95
    assert order[EXACT] == order.max()


def test_the_probability_tells_answers_from_others() -> None:
    cases = _cases()
    right = np.stack([case.rows[int(np.argmax(case.right))] for case in cases])
    wrong = np.stack([case.rows[int(np.argmin(case.right))] for case in cases])
    weights, bias = fit_probability([(row, True) for row in right] + [(row, False) for row in wrong])
    assert probable(right, weights, bias).min() > probable(wrong, weights, bias).max()


def test_what_ships_was_fitted_on_questions_about_policies() -> None:
    shipped = json.loads((Path(__file__).parent.parent / "qa" / "evidence.json").read_text(encoding="utf-8"))
    assert set(shipped["order"]) == set(shipped["probability"]) == set(FEATURES)
    assert 0 < shipped["threshold"] < 1
    assert shipped["fitted"]["reader"]["policy"]["refusal_recall"] > 0.6
