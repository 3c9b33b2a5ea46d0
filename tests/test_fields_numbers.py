"""Document numbers in every kind of brackets."""

import pytest

from index.fields.adoption import find_events
from index.fields.lines import read_lines
from index.fields.numbers import read_number


@pytest.mark.parametrize(
    "number",
    [
        *(
            "国发〔2024〕5号",
            "津政办发[2020] 12号",
            "国办发（2024）5号",
            "沪府规【2024】5号",
            "发改财金规﹝2024﹞5号",
        ),
        *(
            "人薪发［1995］32号",
            "法释〔2022〕17号",
            "国务院令第705号",
            "商务部公告2024年第3号",
            "公告〔2024〕3号",
        ),
        *("中华人民共和国主席令第二十四号", "第705号令", "海政规字〔2024〕第5号"),
    ],
)
def test_a_line_of_its_own(number: str) -> None:
    lines = read_lines(f"关于奖励的通知\n{number}\n各区人民政府：根据国发〔2023〕1号文件，通知如下。")
    found = read_number(lines, find_events(lines))
    assert found is not None
    assert found.value == number
    assert lines.article[found.start : found.end] == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("文号：国发〔2024〕5号\n题", "国发〔2024〕5号"),
        ("| 发文字号 | 国发〔2024〕5号 | 主题 | 财政 |\n题", "国发〔2024〕5号"),
        ("关于奖励的通知（国发〔2024〕5号）\n正文", "国发〔2024〕5号"),
        ("某条例\n2011年6月26日 国务院令第597号公布\n第一条 为了管理。", "国务院令第597号"),
        ("海滨市人民政府令\n第 12 号\n《某办法》已经通过，现予公布。", "海滨市人民政府令第 12 号"),
        ("商务部公告2024年第3号 关于管制的公告\n正文", "公告2024年第3号"),
        ("【发布文号】公告2024年第3号\n题", "公告2024年第3号"),
        ("某条例\n根据国发〔2024〕5号文件，通知如下。", ""),
    ],
)
def test_other_places(text: str, number: str) -> None:
    lines = read_lines(text)
    found = read_number(lines, find_events(lines))
    assert (found.value if found else "") == number
