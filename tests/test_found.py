"""What held-out questions find, and the threshold that is chosen by it."""

from pathlib import Path

import numpy as np
import pytest

from eval.found import (
    First,
    Found,
    choose_threshold,
    find,
    first_of,
    leading,
    risk_coverage,
    shares_at,
)
from index.embedders import bundled_embedder
from index.reader import bundled_reader
from index.records import Article
from index.retriever import Retriever
from index.store import Store
from index.training.candidates import NOWHERE, Asked
from qa.features import FEATURES


def test_the_threshold_serves_answers_and_refusals_alike() -> None:
    firsts = [First(True, True)] * 3 + [First(False, False)] * 3
    scores = [0.9, 0.8, 0.7, 0.75, 0.2, 0.1]
    assert choose_threshold(firsts, scores) == 0.8  # 0.7 serves as well, and answers a wrong one
    assert shares_at(0.7, firsts, scores) == {"accuracy": 1.0, "refusal_recall": 0.6667}
    points = {point["threshold"]: point for point in risk_coverage(firsts, scores)}
    assert points[0.0] == {"threshold": 0.0, "coverage": 1.0, "risk": 0.5}
    assert points[0.7] == {"threshold": 0.7, "coverage": 0.6667, "risk": 0.25}
    assert points[0.9] == {"threshold": 0.9, "coverage": 0.1667, "risk": 0.0}


def test_a_question_finds_the_sentence_that_answers_and_what_is_made_of_it(tmp_path: Path) -> None:
    texts = {"甲": "每户补贴5000元。申请到社区办理。", "乙": "停车每小时收费3元。夜间不收费。"}
    with Store.open(tmp_path / "store", create=True) as store:
        articles = [Article(id=name, title="", text=text) for name, text in texts.items()]
        store.update(articles, bundled_embedder())
        asked = [
            Asked("甲", "甲", "每户补贴多少元", ("5000元",), (4, 9)),
            Asked("甲", "甲", "医院有几家", (), NOWHERE),
        ]
        opened = (store, Retriever(store, bundled_embedder()), asked)
        money, hospital = find(opened, bundled_reader())
        by_rules, _ = find(opened, None)
    order = money.order(2.0)
    assert first_of(money, order) == First(answerable=True, right=True)
    assert not first_of(hospital, hospital.order(2.0)).right
    assert money.right.sum() == 1
    chances, read = leading(money, order)
    assert 0 < chances < 1
    assert read == money.reader[order.argmax()] > 0
    assert not by_rules.reader.any()
    assert sorted(by_rules.rules.tolist()) == pytest.approx(sorted(money.rules.tolist()), abs=1e-3)


def test_a_question_that_finds_nothing_has_no_chance() -> None:
    nothing = np.zeros(0, dtype=np.float32)
    found = Found(False, nothing.reshape(0, len(FEATURES)), nothing, nothing, nothing.astype(np.bool_))
    assert leading(found, found.order(1.0)) == (0.0, 0.0)
    assert first_of(found, found.order(1.0)) == First(answerable=False, right=False)


def test_what_may_answer_too_is_left_out(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store", create=True) as store:
        texts = {"甲": "每户补贴5000元。", "乙": "每户补贴6000元。"}
        articles = [Article(id=name, title="", text=text) for name, text in texts.items()]
        store.update(articles, bundled_embedder())
        asked = [Asked("类", "甲", "每户补贴多少元", ("5000元",), (4, 9))]
        opened = (store, Retriever(store, bundled_embedder()), asked)
        (both,) = find(opened, None)
        (own,) = find(opened, None, lambda _, other: other == "乙")
    assert len(both.right) == 2
    assert own.right.tolist() == [True]
