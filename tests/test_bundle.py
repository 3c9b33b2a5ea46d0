"""A kept answer: saved and read back whole, verified against its articles, whatever is changed is noticed."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.errors import InputError
from qa import AnswerBundle, PolicyQA
from tests.conftest import JIAXING_2021, TIANJIN_2024, TRADITIONAL_2023

COUNTED = "天津累计建成多少家智能工厂和数字化车间？"
QUESTIONS = [COUNTED, "嘉兴申请育儿补贴应当符合哪些条件？", "天津人才公寓的建筑面积不超过多少平方米？"]


@pytest.fixture
def saved(small: PolicyQA, tmp_path: Path) -> Path:
    path = tmp_path / "answer.json"
    AnswerBundle.of(small.ask(COUNTED), small).save(path)
    return path


@pytest.mark.parametrize("question", [*QUESTIONS, "上海二孩家庭一次性发放的育儿补贴是多少元？"])
def test_it_is_read_back_whole_and_verified(small: PolicyQA, tmp_path: Path, question: str) -> None:
    answer = small.ask(question)
    bundle = AnswerBundle.of(answer, small)
    bundle.save(tmp_path / "answer.json")
    again = AnswerBundle.load(tmp_path / "answer.json")
    assert again == bundle
    assert again.answer == replace(answer, hits=(), seconds={})
    assert set(again.hashes) == {citation.article_id for citation in answer.citations}
    assert again.verify(small) == []


def test_an_article_that_changed_is_noticed(small: PolicyQA, saved: Path) -> None:
    bundle = AnswerBundle.load(saved)
    small.add([replace(TIANJIN_2024, text=TIANJIN_2024.text + "另有说明。\n")])
    assert bundle.verify(small) == ["[1] tianjin-2024：文章在回答之后变过"]
    small.add([replace(TIANJIN_2024, text=TIANJIN_2024.text.replace("450", "999"))])
    problems = bundle.verify(small)
    assert any("引文与原文不一致" in problem for problem in problems)
    assert any("450家" in problem for problem in problems)


def test_an_article_that_is_gone_is_noticed(small: PolicyQA, saved: Path) -> None:
    small.remove(["tianjin-2024"])
    assert "[1] tianjin-2024：文章已不在库中" in AnswerBundle.load(saved).verify(small)


def test_other_articles_do_not_matter(small: PolicyQA, saved: Path) -> None:
    small.remove([JIAXING_2021.id, TRADITIONAL_2023.id])
    assert AnswerBundle.load(saved).verify(small) == []


@pytest.mark.parametrize(
    ("change", "noticed"),
    [
        (lambda v: v["answer"]["claims"][0].update(text="共建成950家。"), "950家"),
        (lambda v: v["answer"]["claims"][0].update(citations=[]), "没有出处"),
        (lambda v: v["answer"]["claims"][0].update(citations=[9]), "不见于引文"),
        (lambda v: v["answer"].update(text="共建成450家。[1]"), "不一致"),
        (lambda v: v["answer"]["citations"][0].update(quote="共950家"), "引文与原文不一致"),
        (lambda v: v["answer"]["citations"][0].update(start=0), "引文与原文不一致"),
        (lambda v: v["articles"][0].update(sha256="0" * 64), "变过"),
        (lambda v: v["articles"].clear(), "变过"),
    ],
)
def test_what_was_changed_in_the_file_is_noticed(
    small: PolicyQA, saved: Path, change: Any, noticed: str
) -> None:
    value = json.loads(saved.read_text("utf-8"))
    change(value)
    saved.write_text(json.dumps(value), "utf-8")
    assert any(noticed in problem for problem in AnswerBundle.load(saved).verify(small))


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "{}", '{"wence_answer": 2}', '{"wence_answer": 1, "answer": {}, "articles": []}'],
)
def test_any_other_file_is_a_clear_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content, "utf-8")
    with pytest.raises(InputError, match=r"x\.json"):
        AnswerBundle.load(path)


def test_a_place_that_cannot_be_is_a_clear_error(small: PolicyQA, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="写不了"):
        AnswerBundle.of(small.ask(COUNTED), small).save(tmp_path / "no" / "x.json")
    with pytest.raises(InputError, match="读不了"):
        AnswerBundle.load(tmp_path / "no.json")
