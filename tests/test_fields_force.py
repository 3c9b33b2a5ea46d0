"""Force: days of effect and status, as a rule says them of itself."""

from datetime import date

import pytest

from index.fields.adoption import find_events
from index.fields.force import read_days, read_status
from index.fields.lines import read_lines

PUBLISHED = date(2024, 3, 5)


@pytest.mark.parametrize(
    ("clause", "first", "last"),
    [
        ("本条例自2024年5月1日起施行。", date(2024, 5, 1), None),
        ("本办法自二〇二四年五月一日起施行。", date(2024, 5, 1), None),
        ("第九条 本规定从2024年5月1日开始实施。", date(2024, 5, 1), None),
        ("本通知自公布之日起施行。", PUBLISHED, None),
        ("本通知自印发之日起30日后施行，有效期5年。", date(2024, 4, 4), date(2029, 4, 3)),
        ("本办法自2024年5月1日起施行，有效期五年。", date(2024, 5, 1), date(2029, 4, 30)),
        ("本办法自2024年5月1日起施行，有效期至2026年12月31日。", date(2024, 5, 1), date(2026, 12, 31)),
        ("本办法自2024年5月1日起试行，试行期两年。", date(2024, 5, 1), date(2026, 4, 30)),
        ("自2024年5月1日起施行，有效期6个月。", date(2024, 5, 1), date(2024, 10, 31)),
        # the end of another document is not this one's
        ("本条例自2024年5月1日起施行。2001年1月1日起施行的《旧条例》同时废止。", date(2024, 5, 1), None),
        ("本条例自2024年5月1日起施行，《旧条例》自2024年4月30日起废止。", date(2024, 5, 1), None),
        ("本办法自2026年1月1日起废止。", None, date(2025, 12, 31)),
        ("许可证有效期五年。", None, None),
        ("《新条例》自2024年5月1日起施行。", None, None),
        ("按照2020年1月1日起施行的标准执行。", None, None),
    ],
)
def test_days(clause: str, first: date | None, last: date | None) -> None:
    text = f"海滨市某办法\n第一条 为了规范管理，制定本办法。\n{clause}"
    lines = read_lines(text)
    found = read_days(text, lines, find_events(lines), PUBLISHED)
    assert tuple(reading.value if reading else None for reading in found) == (first, last)
    for reading in found:
        assert reading is None or text[reading.start : reading.end]


def test_a_day_of_effect_in_the_note() -> None:
    text = "某办法\n2024年3月5日 某部令第3号公布\n2024年5月1日 施行\n第一条 为了管理。"
    lines = read_lines(text)
    first, last = read_days(text, lines, find_events(lines), PUBLISHED)
    assert first is not None
    assert (first.value, first.place, last) == (date(2024, 5, 1), "题注", None)


@pytest.mark.parametrize(
    ("text", "title", "status"),
    [
        ("题", "奖励办法（征求意见稿）", "征求意见稿"),
        ("题", "关于公开征求奖励办法意见的公告", "征求意见稿"),
        ("题", "奖励办法（已废止）", "已废止"),
        ("题", "奖励办法（2021年3月1日废止）", "已废止"),
        ("题", "关于废止奖励办法的决定", ""),
        ("时效性：现行有效\n题", "题", "现行有效"),
        ("| 有效性 | 失效 |\n题", "题", "已废止"),
        ("效力状态：尚未施行\n题", "题", "尚未施行"),
        ("时效性：已被修改\n题", "题", "已修改"),
        ("题\n原办法已废止，执行新办法。", "题", ""),
    ],
)
def test_status(text: str, title: str, status: str) -> None:
    found = read_status(title, read_lines(text))
    assert (found.value if found else "") == status
