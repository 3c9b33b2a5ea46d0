"""Refusals: when, why, and what they tell the reader."""

from dataclasses import replace

import pytest

from qa.evidence import Evidence, Selection
from qa.question import understand
from qa.refusal import NO_EVIDENCE, refuse, unverified
from qa.scope import Mismatch
from tests.conftest import JIAXING_2021, TIANJIN_2020, TIANJIN_2024, evidence_of

QUESTION = understand("2023年上海市有多少家智能工厂？")
THRESHOLD = 0.4
STRONG, WEAK = (THRESHOLD + 1) / 2, THRESHOLD / 2
COUNT = evidence_of(TIANJIN_2024, "截至2024年底，全市累计建成智能工厂和数字化车间450家，其中当年新增60家。")
OLD = evidence_of(TIANJIN_2020, "截至2020年底，全市累计建成智能工厂和数字化车间150家。")


def _with(evidence: Evidence, score: float) -> Evidence:
    return replace(evidence, score=score, order=score)


def _chosen(*evidence: Evidence, aside: dict[Mismatch, Evidence] | None = None) -> Selection:
    return Selection(evidence, aside or {}, THRESHOLD)


def test_strong_evidence_is_answered_from() -> None:
    assert refuse(QUESTION, _chosen(_with(COUNT, STRONG))) is None


def test_the_threshold_itself_is_enough() -> None:
    assert refuse(QUESTION, _chosen(_with(COUNT, THRESHOLD))) is None


def test_weak_evidence_is_refused_and_named() -> None:
    refusal = refuse(QUESTION, _chosen(_with(COUNT, WEAK)))
    assert refusal is not None
    assert refusal.reason == NO_EVIDENCE
    text = refusal.text(200)
    assert "没有找到" in text
    assert f"《{TIANJIN_2024.title}》（天津市，2024-12-30）" in text


def test_a_refusal_says_what_was_looked_for() -> None:
    refusal = refuse(QUESTION, _chosen())
    assert refusal is not None
    for part in ("上海市", "2023年", "智能工厂"):
        assert part in refusal.text(200)


@pytest.mark.parametrize("reason", list(Mismatch))
def test_what_answers_but_for_region_or_year_is_the_nearest(reason: Mismatch) -> None:
    selection = _chosen(_with(OLD, WEAK), aside={reason: _with(COUNT, STRONG)})
    refusal = refuse(QUESTION, selection)
    assert refusal is not None
    assert refusal.reason == reason.value
    assert TIANJIN_2024.title in refusal.text(200)
    assert reason.value in refusal.text(200)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (Mismatch.REGION, "说的是天津市，不是上海市"),
        (Mismatch.YEAR, "说的是2024年，不是2023年"),
        (Mismatch.BODY, "没有说到医疗保障等单位发布的内容"),
        (Mismatch.INDICATOR, "其中的数字不是所问的那一项"),
    ],
)
def test_a_refusal_says_what_is_missing_and_gives_no_figure(reason: Mismatch, said: str) -> None:
    asked = replace(QUESTION, issuers=frozenset(["医疗保障"]))
    refusal = refuse(asked, _chosen(aside={reason: _with(COUNT, STRONG)}))
    assert refusal is not None
    text = refusal.text(200)
    assert said in text
    assert "450" not in text


def test_of_two_set_aside_the_likelier_is_named() -> None:
    aside = {Mismatch.REGION: _with(COUNT, STRONG), Mismatch.YEAR: _with(OLD, STRONG - 0.01)}
    refusal = refuse(QUESTION, _chosen(aside=aside))
    assert refusal is not None
    assert (refusal.reason, TIANJIN_2024.title in refusal.text(200)) == ("地区不符", True)


def test_an_article_of_the_asked_region_is_nearer_than_one_of_another() -> None:
    asked = understand("2020年天津市有多少家智能工厂？")
    elsewhere = evidence_of(JIAXING_2021, "第二条 对生育二孩的本市户籍家庭，每孩一次性发放育儿补贴8000元。")
    aside = {Mismatch.REGION: _with(elsewhere, STRONG)}
    refusal = refuse(asked, _chosen(_with(OLD, WEAK), aside=aside))
    assert refusal is not None
    assert refusal.reason == NO_EVIDENCE
    assert TIANJIN_2020.title in refusal.text(200)
    aside[Mismatch.YEAR] = _with(COUNT, STRONG)
    refusal = refuse(asked, _chosen(_with(OLD, WEAK), aside=aside))
    assert refusal is not None
    assert refusal.reason == Mismatch.YEAR.value


def test_what_would_not_have_answered_anyway_gives_no_reason() -> None:
    selection = _chosen(_with(OLD, WEAK), aside={Mismatch.REGION: _with(COUNT, WEAK / 2)})
    refusal = refuse(QUESTION, selection)
    assert refusal is not None
    assert refusal.reason == NO_EVIDENCE


def test_an_article_without_title_region_or_date_is_named_by_its_id() -> None:
    bare = replace(
        evidence_of(JIAXING_2021, "第一条 为鼓励生育，制定本办法。"),
        article=replace(JIAXING_2021, title="", region="", published=None),
    )
    refusal = refuse(QUESTION, _chosen(_with(bare, WEAK)))
    assert refusal is not None
    assert "《jiaxing-2021》，" in refusal.text(200)


def test_an_answer_of_which_nothing_was_verified_is_refused() -> None:
    refusal = unverified(QUESTION, _chosen(_with(COUNT, STRONG)))
    assert refusal.reason == "无法核实"
    assert TIANJIN_2024.title in refusal.text(200)


def test_a_refusal_keeps_the_length_and_its_sentences_whole() -> None:
    refusal = refuse(understand("上海" + "智能工厂" * 100), _chosen(_with(COUNT, WEAK)))
    assert refusal is not None
    for characters in range(1, 600):
        text = refusal.text(characters)
        assert 0 < len(text) <= characters
        assert text.endswith("。") or characters < 7
    assert len(refusal.text(200)) > len(refusal.text(30))
