"""Questions about policies: answers stand where they say, none is about what samples are made from."""

import json
import re
from pathlib import Path

import pytest

from index.errors import InputError
from index.training import policy
from index.training.candidates import NOWHERE
from index.training.policy import QUESTIONS, policy_rows

SOURCES = Path(__file__).parent.parent / "eval" / "data" / "SOURCES.md"


def _lines() -> list[dict[str, object]]:
    return [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]


def test_no_question_is_about_an_article_that_a_sample_article_is_made_from() -> None:
    sources = set(re.findall(r"(?:news|reg)-\d+", SOURCES.read_text("utf-8")))
    assert sources
    assert not sources & {str(line["article"]) for line in _lines()}


def test_questions_are_asked_once_and_many_have_no_answer() -> None:
    asked = [(line["article"], line["question"]) for line in _lines()]
    assert len(set(asked)) == len(asked)
    without = sum(line["answer"] is None for line in _lines())
    assert 0.3 < without / len(asked) < 0.5


def test_answers_stand_where_they_say(shared: Path) -> None:
    rows = list(policy_rows(shared / "data"))
    questions = [one for _, asked in rows for one in asked]
    assert len(questions) == len(_lines())
    for article, asked in rows:
        for one in asked:
            words = article.text[slice(*one.gold)] if one.answers else ""
            assert words == words.strip(), (article.id, one.question)
            assert bool(words) == (one.gold != NOWHERE)


def test_another_edition_of_the_corpora_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "read_records", lambda path: iter(()))
    with pytest.raises(InputError, match="不是同一版本"):
        list(policy_rows(tmp_path))
