"""Quality does not fall: the reporting half against the stored baseline (`make figures` writes it)."""

import json
from pathlib import Path

from eval.questions import load_questions
from eval.readme import BASELINE, DATA, GUARDED, measure
from eval.runner import evaluate
from qa import PolicyQA

NEVER_ANSWERED = {"wrong-region", "false-premise", "small-talk", "out-of-domain"}
LEAST_ANSWERED = 0.6
"""Share of the twins that are answered rightly: whoever refuses everything has gained nothing."""

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


def test_what_no_article_answers_is_refused_and_its_twins_are_answered(sample_store: Path) -> None:
    questions = load_questions(DATA / "refusals.jsonl")
    with PolicyQA.open(sample_store) as qa:
        report = evaluate(qa, questions)
    classes = {row.question.tag for row in report.rows if not row.question.answerable}
    answered = [
        row.question.question
        for row in report.rows
        if not row.outcome.correct and not row.question.answerable
    ]
    assert classes == NEVER_ANSWERED
    assert answered == []
    assert not report.warnings
    assert sum(row.question.tag == "wrong-region" for row in report.rows) >= 60
    assert (report.metrics.accuracy or 0) >= LEAST_ANSWERED
