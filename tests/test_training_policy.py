"""Questions about policies: answers stand where they say, none is about what samples are made from."""

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import InputError
from index.readers import read_all
from index.records import Article
from index.training import policy
from index.training.candidates import NOWHERE, Asked, Row
from index.training.policy import INVENTED, QUESTIONS, may_answer, policy_rows

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


def _invented() -> list[dict[str, str]]:
    return [json.loads(line) for line in INVENTED.read_text("utf-8").splitlines()]


def test_invented_articles_come_in_families_and_each_is_asked_about() -> None:
    articles = _invented()
    assert len({article["id"] for article in articles}) == len(articles)
    families = Counter(article["family"] for article in articles)
    assert min(families.values()) >= 3
    assert {article["id"] for article in articles} <= {str(line["article"]) for line in _lines()}


def test_no_invented_article_is_about_a_place_that_a_sample_article_is_about() -> None:
    samples = [one for one in read_all([SOURCES.parent / "articles"]) if isinstance(one, Article)]
    places = {re.sub("[省市]$", "", re.split("[省市]", one.region.rstrip("省市"))[-1]) for one in samples}
    places.discard("")
    assert len(places) > 10
    assert not [a["title"] for a in _invented() for place in places if place in a["title"]]


def test_what_another_invented_article_says_is_no_wrong_answer_where_no_place_is_named() -> None:
    def row(name: str, family: str) -> Row:
        asked = Asked(family, name, "每月多少", ("50元",), (2, 5))
        return Article(id=name, title="", text="每月50元。"), [asked]

    rows = [row("扬州", "津贴"), row("泰州", "津贴"), row("吉安", "补助"), row("news-1", "news-1")]
    tell = may_answer(rows)
    (asked,) = rows[0][1]
    assert tell(asked, "泰州")
    assert tell(asked, "吉安")
    assert not tell(asked, "扬州")
    assert not tell(asked, "news-1")
    assert not tell(replace(asked, question="扬州市每月多少"), "泰州")
    assert not tell(rows[3][1][0], "泰州")
