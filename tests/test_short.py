"""The short answer in front: which figure, date or name, with which scope, and when there is none."""

from dataclasses import replace
from datetime import date

import pytest

from index.records import Article
from qa.evidence import Evidence
from qa.generation.short import short_answer
from qa.question import understand
from tests.conftest import evidence_of

ARTICLE = Article(
    "factories",
    "今年以来新认定数字车间30家，总数已到210家，力争年底前达到300家。\n"
    "贷款上限从40万元提高到65万元。\n"
    "《临海市机器人奖励办法》（临工信〔2023〕7号）于2023年4月3日印发，2023年5月1日起施行。\n"
    "２０２３年上半年补贴合计１２．５万元，３４０个家庭受益。\n"
    "租金不得超过每月800元，也可以一年一付，一年9000元。\n"
    "今年8月，机器人奖励开始受理。\n",
    title="临海市机器人产业通报",
    published=date(2023, 9, 1),
    region="浙江省台州市临海市",
)


def _of(part: str, score: float = 0.9) -> Evidence:
    line = next(line for line in ARTICLE.text.splitlines() if part in line)
    return evidence_of(ARTICLE, line, score)


@pytest.mark.parametrize(
    ("question", "part", "expected"),
    [
        ("目前累计有多少家数字车间？", "新认定", "210家〔台州市临海市，截至2023年9月〕"),
        ("贷款上限是多少万元？", "上限", "65万元〔台州市临海市，2023年9月发布〕"),
        ("机器人奖励办法的文号是什么？", "印发", "临工信〔2023〕7号〔台州市临海市，2023年9月发布〕"),
        ("机器人奖励办法从哪天起施行？", "印发", "2023年5月1日〔台州市临海市，2023年9月发布〕"),
        ("发了多少元补贴，多少个家庭受益？", "合计", "12.5万元、340个〔台州市临海市，2023年9月发布〕"),
        ("机器人奖励哪个月开始受理？", "受理", "今年〔2023年〕8月〔台州市临海市，2023年9月发布〕"),
    ],
)
def test_the_one_that_the_words_stand_around(question: str, part: str, expected: str) -> None:
    assert short_answer(understand(question), _of(part)) == expected


def test_what_bounds_a_figure_stays_with_it() -> None:
    only = Article("rent", "租金不得超过800元，面积不限，申请人应当在本市工作。", region="天津市")
    answer = short_answer(understand("租金是多少元？"), evidence_of(only, only.text))
    assert answer == "不得超过800元〔天津市〕"


@pytest.mark.parametrize(("question", "part"), [("收多少元？", "租金"), ("为什么要奖励机器人？", "受理")])
def test_none_where_it_is_not_sure(question: str, part: str) -> None:
    assert short_answer(understand(question), _of(part)) == ""


def test_none_where_the_sentence_hardly_answers() -> None:
    assert short_answer(understand("贷款上限是多少万元？"), _of("上限", score=0.3)) == ""


def test_a_reader_decides_between_figures_and_is_not_trusted_alone() -> None:
    start = ARTICLE.text.index("一年9000元")
    read = replace(_of("租金"), answer=(start, start + len("一年9000元")))
    assert short_answer(understand("收多少元？"), read) == "9000元〔台州市临海市，2023年9月发布〕"
    assert short_answer(understand("为什么要收？"), read) == ""
