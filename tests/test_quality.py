"""Quality does not fall: the reporting half against the stored baseline (`make figures` writes it)."""

import json

from eval.readme import BASELINE, DATA, GUARDED, measure

TOLERANCE = 0.02
"""Share of questions by which a metric may fall unnoticed."""


def test_no_metric_is_below_its_baseline() -> None:
    baseline = json.loads(BASELINE.read_text(encoding="utf-8"))
    metrics = measure(DATA).metrics
    fallen = {
        name: (baseline[name], getattr(metrics, name))
        for name in GUARDED
        if getattr(metrics, name) < baseline[name] - TOLERANCE
    }
    assert set(baseline) == set(GUARDED)
    assert not fallen, f"fell from the baseline: {fallen}; if that is meant, run `make figures`"
