"""A conversation: what a follow-up stands for, and what a sentence with several questions asks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.dialogue import leans, separate, standing_alone
from qa.question import Kind

ALLOWANCE = "嘉兴二孩的育儿补贴是多少元？"


@pytest.mark.parametrize(
    ("earlier", "text", "alone"),
    [
        ([ALLOWANCE], "那杭州呢？", "杭州二孩的育儿补贴是多少元？"),
        ([ALLOWANCE], "三孩呢？", "嘉兴三孩的育儿补贴是多少元？"),
        ([ALLOWANCE, "那杭州呢？"], "三孩呢？", "杭州三孩的育儿补贴是多少元？"),
        (["2024年天津有多少家智能工厂？"], "那2020年呢？", "2020年天津有多少家智能工厂？"),
        (["天津有多少家智能工厂？"], "去年呢", "去年天津有多少家智能工厂？"),
        (["天津有多少家智能工厂？"], "数字化车间呢？", "天津有多少家数字化车间？"),
        ([ALLOWANCE], "申请条件是什么？", "嘉兴二孩的育儿补贴的申请条件是什么？"),
        ([ALLOWANCE], "怎么申请？", "嘉兴二孩的育儿补贴怎么申请？"),
        (["《育儿补贴办法》的文号是什么？"], "它从哪天起施行？", "《育儿补贴办法》从哪天起施行？"),
        ([ALLOWANCE], "申请材料呢？", "嘉兴二孩的育儿补贴的申请材料是什么？"),
        ([ALLOWANCE], "最高呢？", "嘉兴二孩的育儿补贴最高是多少元？"),
        (["技改的补贴比例是多少？"], "申请材料呢？", "技改的申请材料是什么？"),
        (["技改补贴比例是多少？"], "那奖励标准呢？", "技改补贴的奖励标准是多少？"),
        (["企业技改补贴比例是多少？"], "那中小企业呢？", "中小企业技改补贴比例是多少？"),
        (["天津对大型企业奖励多少？"], "那中小企业呢？", "天津对中小企业奖励多少？"),
        (["天津技改补贴是多少？"], "那中小企业呢？", "天津中小企业技改补贴是多少？"),
        (["企业最低奖励多少？"], "最高呢？", "企业最高奖励多少？"),
        (["《育儿补贴办法》的文号是什么？"], "那施行时间呢？", "《育儿补贴办法》的施行时间是什么？"),
        (["嘉興二孩的育兒補貼是多少元？"], "申請條件是什麼？", "嘉興二孩的育兒補貼的申請條件是什麼？"),
    ],
)
def test_a_follow_up_is_asked_in_full(earlier: list[str], text: str, alone: str) -> None:
    assert standing_alone(text, earlier) == alone


@pytest.mark.parametrize(
    "text", ["天津技改投资增长了多少？", "智能工厂有多少家？", "《人才办法》从哪天起施行？", "谢谢"]
)
def test_a_question_of_its_own_is_left_as_it_is(text: str) -> None:
    assert standing_alone(text, [ALLOWANCE]) == text
    assert standing_alone(text, []) == text


@given(
    st.lists(st.text(alphabet="那嘉兴呢天津2020年多少家的它，？《》 ", max_size=12), max_size=3),
    st.text(max_size=12),
)
def test_whatever_is_said_there_is_an_answer(earlier: list[str], text: str) -> None:
    assert standing_alone(text, []) == text.strip()
    assert isinstance(standing_alone(text, earlier), str)


def test_a_comparison_is_one_question_for_each_region() -> None:
    rows = separate("天津和嘉兴的智能工厂各有多少家？")
    assert [(q.row, q.kind, [r.name for r in q.regions]) for q in rows] == [
        ("天津", Kind.FIGURE, ["天津市"]),
        ("嘉兴", Kind.FIGURE, ["嘉兴市"]),
    ]


def test_a_comparison_is_one_question_for_each_year() -> None:
    rows = separate("天津2020年和2024年分别有多少家智能工厂？")
    assert [q.row for q in rows] == ["2020年", "2024年"]
    assert all(len(q.periods) == 1 for q in rows)


def test_questions_in_a_row_are_taken_apart_and_completed() -> None:
    assert [q.text for q in separate("嘉兴二孩的育儿补贴是多少元？怎么申请？")] == [
        "嘉兴二孩的育儿补贴是多少元？",
        "嘉兴二孩的育儿补贴怎么申请？",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2021年到2024年天津增加了多少家？",
        "杭州到宁波的高铁有多少公里？",
        "天津有多少家绿色制造单位，其中国家级多少家？",
        "企业和个人分别罚多少？",
        "天津和北京有什么区别？",
    ],
)
def test_one_question_stays_one(text: str) -> None:
    assert [(q.text, q.row) for q in separate(text)] == [(text, "")]


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("这个跟去年那个比有什么变化？", True),
        ("两者能同时享受吗？", True),
        ("天津应该补贴的企业有多少家？", False),
        ("天津有多少家绿色制造单位，其中国家级多少家？", False),
        ("《人才办法》从哪天起施行？", False),
    ],
)
def test_only_what_leans_on_the_questions_before_needs_a_model(text: str, needs: bool) -> None:
    assert leans(text) is needs


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("2019年无锡诊断了多少家企业？完成任务的百分之多少？", "2019年无锡完成任务的百分之多少？"),
        ("天津有多少家智能工厂？贷款利率是多少？", "天津贷款利率是多少？"),
        ("2019年天津补贴多少钱？现在补贴多少钱？", "天津现在补贴多少钱？"),
        ("天津2020年补贴多少钱？2024年补贴多少钱？", "天津2024年补贴多少钱？"),
        ("2024年天津补贴多少钱？上海补贴多少钱？", "上海补贴多少钱？"),
    ],
)
def test_a_second_question_keeps_the_region_and_year_of_the_first(text: str, second: str) -> None:
    assert separate(text)[1].text == second
