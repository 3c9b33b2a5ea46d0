"""Adoption: the events of the note below a title."""

from datetime import date

import pytest

from index.fields.adoption import find_events
from index.fields.lines import read_lines


@pytest.mark.parametrize(
    ("note", "events"),
    [
        (
            "（2019年5月14日海滨市第三届人大常委会第二次会议通过　2020年6月1日某省人大常委会批准）",
            [(date(2019, 5, 14), "通过"), (date(2020, 6, 1), "批准")],
        ),
        (
            "2011年11月17日 某会通过\n\n2020年5月14日 某会《关于修改〈某条例〉的决定》第一次修正",
            [(date(2011, 11, 17), "通过"), (date(2020, 5, 14), "修正")],
        ),
        # a date that a line break cuts
        ("2014年9月26\n\n日某会第二次会议批准", [(date(2014, 9, 26), "批准")]),
        ("国务院令第597号 2011年6月26日", [(date(2011, 6, 26), "公布")]),
        ("二〇一一年六月二十六日某部令第5号发布", [(date(2011, 6, 26), "发布")]),
        ("2022年3月15日 施行", [(date(2022, 3, 15), "施行")]),
        # prose below the title is no note
        ("2024年1月1日起，三轮车不能上路，也不能停放，这些车应当处置。", []),
        ("", []),
    ],
)
def test_events(note: str, events: list[tuple[date, str]]) -> None:
    text = f"海滨市某条例\n{note}\n第一条 为了规范管理，制定本条例。\n第二条 2001年1月1日公布的办法废止。"
    found = find_events(read_lines(text))
    assert [(event.day, event.actions) for event in found] == [
        (day, frozenset({action})) for day, action in events
    ]


def test_a_day_of_effect_does_not_publish() -> None:
    text = "某条例\n2022年1月15日 某会通过\n2022年3月15日 施行\n第一条 为了规范管理，制定本条例。"
    assert [event.publishes for event in find_events(read_lines(text))] == [True, False]
