"""The liar: lies as it is told, and the table counts what of it gets through."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from eval import liar
from eval.liar import HONEST, LIES, Liar, Truth, measure
from eval.questions import EvalQuestion
from index.figures import find_figures
from qa import PolicyQA
from qa.evidence import Evidence

PROMPT = """资料：

[1]
> 《甲市情况》，甲市
> 截至2024年底，全市累计建成智能工厂450家，其中新增60家，力争明年达到900家。

[2]
> 《乙市办法》
> 对每家工厂应当奖励最高200万元。
> 另有智能工厂300家；共计智能工厂310家。

资料结束。
"""
QUESTIONS = [
    EvalQuestion(
        id="1",
        question="天津2024年累计建成多少家智能工厂和数字化车间？",
        answerable=True,
        must=(("450家",),),
        article="tianjin-2024",
        evidence="450家",
    )
]


def _say(name: str, prompt: str = PROMPT) -> str:
    told = Liar(name, LIES[name])
    return "".join(told.stream([{"role": "user", "content": prompt}], 99))


@pytest.mark.parametrize("name", LIES)
def test_every_lie_can_be_told_and_is_none_of_the_sentences(name: str) -> None:
    said = _say(name)
    assert said != "资料不足"
    marked = said.replace("[1]", "").replace("[2]", "").rstrip("。")
    assert marked not in PROMPT or "编号" in name


def test_without_evidence_it_refuses() -> None:
    assert _say("改一位数字", "资料：\n\n资料结束。") == "资料不足"


def test_an_honest_model_gets_through_and_a_liar_does_not(
    small: PolicyQA, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(liar, "LIES", {name: LIES[name] for name in ("改一位数字", "编造资料编号")})
    tallies, report = measure(small.info().path, QUESTIONS, lambda _: None)
    assert {name: (tally.told, len(tally.reached)) for name, tally in tallies.items()} == {
        "改一位数字": (3, 0),
        "编造资料编号": (2, 0),
        HONEST: (2, 1),  # a figure of another indicator is true and yet no answer
    }
    assert len(report.rows) == 2
    assert report.metrics.accuracy == 1  # the articles are quoted instead


def test_what_gets_through_is_counted(small: PolicyQA, monkeypatch: pytest.MonkeyPatch) -> None:
    def credulous(_: str, candidates: Sequence[Evidence]) -> tuple[list[Evidence], bool]:
        return list(candidates[:1]), True

    monkeypatch.setattr(liar, "LIES", {"改一位数字": LIES["改一位数字"]})
    monkeypatch.setattr("qa.engine.support", credulous)
    tallies, _ = measure(small.info().path, QUESTIONS, lambda _: None)
    assert len(tallies["改一位数字"].reached) == 3
    assert tallies["改一位数字"].unverified >= 1


def test_a_truth_knows_its_figure() -> None:
    text = "共450家。"
    truth = Truth(text, 3, find_figures(text)[0])
    assert truth.figure.low == Decimal(450)
    assert truth.marked(truth.with_figure("7家")) == "共7家[3]。"
