"""Understanding a question: kind, units, region, period, titles, script, and the words that are left."""

from datetime import date

import pytest

from index.errors import InputError
from qa.question import MAX_QUESTION, Kind, understand


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("天津市智能工厂有多少家？", Kind.FIGURE),
        ("育儿补贴的比例是多大？", Kind.FIGURE),
        ("全国排名第几？", Kind.FIGURE),
        ("办法从什么时候开始施行？", Kind.DATE),
        ("哪天截止申报？", Kind.DATE),
        ("由谁负责认定？", Kind.NAME),
        ("在哪里办理？", Kind.PLACE),
        ("支持方向有哪些？", Kind.LIST),
        ("申请要满足哪四个条件？", Kind.LIST),
        ("为什么要出台这个方案？", Kind.REASON),
        ("怎么申请贷款？", Kind.PROCEDURE),
        ("外地人能不能申请？", Kind.YES_NO),
        ("可以提前领取吗？", Kind.YES_NO),
        ("数字化车间是什么？", Kind.OTHER),
    ],
)
def test_kind_of_answer(text: str, kind: Kind) -> None:
    assert understand(text).kind is kind


@pytest.mark.parametrize(
    ("text", "among", "not_among"),
    [
        ("有多少家工厂？", {"家", "个"}, {"元", "%", "人"}),
        ("一共要花多少钱？", {"元"}, {"%", "家"}),
        ("最高奖励多少钱？", {"元", "%"}, {"家"}),
        ("能得到多少支持？", {"元", "%"}, {"家"}),
        ("按什么比例支持？", {"%"}, {"家"}),
        ("每年能请几天假？", {"日", "个月"}, {"元"}),
    ],
)
def test_units_of_the_asked_figure(text: str, among: set[str], not_among: set[str]) -> None:
    units = set(understand(text).units)
    assert among <= units
    assert not not_among & units


@pytest.mark.parametrize("text", ["有多少家庭受益？", "最多能提多少？", "多少人才引进来了？"])
def test_a_figure_of_any_unit(text: str) -> None:
    assert understand(text).units == ()


def test_several_units_are_all_kept() -> None:
    assert {"%", "元"} <= set(understand("按总投资多大比例支持，最高多少钱？").units)


def test_a_city_whose_name_is_a_word_counts_where_a_place_stands() -> None:
    assert [r.full_name for r in understand("安康公积金能贷多少？").regions] == ["陕西省安康市"]
    assert [r.full_name for r in understand("我在中山买房能贷多少？").regions] == ["广东省中山市"]
    assert [r.full_name for r in understand("2022年太仓机器人收入多少？").regions] == ["江苏省苏州市太仓市"]
    assert understand("灯塔工厂有几家？").regions == ()
    assert understand("祝老人安康的活动有多少人参加？").regions == ()


def test_region_period_title_and_content() -> None:
    question = understand("《海河行动方案》里，天津2027年的数控化率是多少？")
    assert [region.full_name for region in question.regions] == ["天津市"]
    assert [(p.start, p.end) for p in question.periods] == [(date(2027, 1, 1), date(2027, 12, 31))]
    assert question.titles == ("海河行动方案",)
    assert "数控化率" in "".join(question.content)
    assert not any("天津" in run or "2027" in run or "多少" in run for run in question.content)


def test_relative_years_count_from_today() -> None:
    assert understand("去年新增多少家？", today=date(2024, 5, 1)).periods[0].start == date(2023, 1, 1)


def test_traditional_script_changes_only_the_script() -> None:
    traditional, simplified = understand("天津數字化車間有多少家？"), understand("天津数字化车间有多少家？")
    assert traditional.traditional
    assert not simplified.traditional
    assert (traditional.folded, traditional.kind, traditional.units, traditional.content) == (
        simplified.folded,
        simplified.kind,
        simplified.units,
        simplified.content,
    )


def test_words_are_not_torn_by_function_words() -> None:
    assert "智能工厂" in understand("智能工厂有多少家？").content[0]
    assert "申请" in "".join(understand("怎么申请？").content)


@pytest.mark.parametrize("text", ["", "  \n", "问" * (MAX_QUESTION + 1)])
def test_an_unusable_question_is_a_clear_error(text: str) -> None:
    with pytest.raises(InputError, match="请"):
        understand(text)


@pytest.mark.parametrize("text", ["你好，在吗？", "谢谢你", "你觉得我怎么样？", "给我讲个笑话吧"])
def test_small_talk_is_told(text: str) -> None:
    assert understand(text).chat


@pytest.mark.parametrize(
    "text", ["你好，天津智能工厂有多少家？", "你们单位的《人才办法》怎么申请？", "感谢信要交多少份？"]
)
def test_a_question_in_kind_words_is_a_question(text: str) -> None:
    assert not understand(text).chat


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("智能工厂有多少家？", 1),
        ("申请要满足哪四个条件？", 4),
        ("利率是多少，贴息多少？", 2),
        ("从哪天到哪天申报？", 2),
        ("三档各是多少？", 3),
        ("企业和个人分别罚多少？", 2),
    ],
)
def test_how_many_things_are_asked_for(text: str, wanted: int) -> None:
    assert understand(text).wanted == wanted
