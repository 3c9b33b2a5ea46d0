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
        twin = dice.uniform(0, 0.5, (6, len(FEATURES))).astype(np.float32)
        twin[:, TYPED] = 0.5
        cases.append(Case(rows, right, twin))
    return cases


def test_the_order_learns_what_tells_the_answer() -> None:
    order = fit_order(_cases())
    assert first_right(_cases(), order) > 0.95
    assert order[EXACT] == order.max()


def test_the_probability_tells_answers_from_twins() -> None:
    cases = _cases()
    tuning = [(case.rows[int(np.argmax(case.right))], True) for case in cases[:10]]
    tuning += [(case.twin[0], False) for case in cases[:10]]
    weights, bias = fit_probability(cases, fit_order(cases), tuning)
    there = probable(np.stack([case.rows[int(np.argmax(case.right))] for case in cases]), weights, bias)
    gone = probable(np.stack([case.twin[0] for case in cases]), weights, bias)
    assert there.min() > gone.max()


def test_what_ships_was_fitted_on_the_tuning_half() -> None:
    shipped = json.loads((Path(__file__).parent.parent / "qa" / "evidence.json").read_text(encoding="utf-8"))
    assert set(shipped["order"]) == set(shipped["probability"]) == set(FEATURES)
    assert 0 < shipped["threshold"] < 1
    assert shipped["fitted"]["tuning"]["refusal_recall"] > 0.8
