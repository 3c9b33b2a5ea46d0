"""The real articles, run by `make test-slow`: the seeds' questions, and the regulations by their titles."""

import json
import lzma
import random
import re
from collections import Counter
from pathlib import Path

import pytest

from eval.questions import load_questions
from eval.runner import evaluate
from qa import PolicyQA

pytestmark = pytest.mark.slow
QUESTIONS = Path(__file__).parent.parent / "eval" / "data" / "seeds_questions.jsonl"


def test_the_seeds_answer_their_questions_and_refuse_the_twins(shared: Path, tmp_path: Path) -> None:
    with PolicyQA.build([shared / "seeds"], tmp_path / "store") as qa:
        metrics = evaluate(qa, load_questions(QUESTIONS)).metrics
    assert metrics.grounded_accuracy is not None
    assert metrics.refusal_recall is not None
    assert metrics.grounded_accuracy >= 0.8
    assert metrics.refusal_recall >= 0.8
    assert metrics.quote_exactness == 1


def test_a_question_that_names_a_regulation_finds_it(shared: Path, tmp_path: Path) -> None:
    file = shared / "data" / "regulations.jsonl.xz"
    with lzma.open(file, "rt", encoding="utf-8") as lines:
        titles = {row["id"]: _plain(row["title"]) for row in map(json.loads, lines)}
    times = Counter(titles.values())
    alone = sorted(key for key, title in titles.items() if times[title] == 1)
    chosen = random.Random(2026).sample(alone, 150)
    with PolicyQA.build([file], tmp_path / "store") as qa:
        first = [
            qa.search(f"《{titles[key]}》从什么时候开始施行？", 1)[0].passage.article_id for key in chosen
        ]
        assert qa.info().articles == len(titles)
    assert sum(a == b for a, b in zip(first, chosen, strict=True)) >= 0.9 * len(chosen)


def _plain(title: str) -> str:
    """Return a title without the date behind it."""
    return re.sub(r"\(\d{4}-\d\d-\d\d\)$", "", title)
