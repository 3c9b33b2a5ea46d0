"""The day of publication: which of the days that an article names it is; see also test_metadata."""

from datetime import date

import pytest

from index.fields.adoption import find_events
from index.fields.lines import read_lines
from index.fields.publication import read_published

BODY = "市科技局公布了新的奖励办法，规定获得认定的企业一次性给予50万元，申报从下个月开始，由各区初审后上报。"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (f"题\n发布日期：二〇二四年五月一日\n{BODY}", date(2024, 5, 1)),
        (f"题\n发布日期：2024.5.1 浏览次数：3\n{BODY}", date(2024, 5, 1)),
        # the day of publication before the day of signing
        (f"题\n成文日期：2024年4月1日 发布日期：2024年5月1日\n{BODY}", date(2024, 5, 1)),
        (f"题\n成文日期：2024年4月1日\n{BODY}", date(2024, 4, 1)),
        (f"关于奖励的通知\n{BODY}\n海滨市财政局\n2024年3月5日\n附件：表", date(2024, 3, 5)),
        (f"新华社北京2024年5月1日电 {BODY}", date(2024, 5, 1)),
        # not a full date, not a day of publication
        (f"新华社北京5月1日电 {BODY}", None),
        (f"题\n当地时间2023年8月15日，{BODY}", None),
        (f"题\n发布日期：2024年5月\n{BODY}", None),
        (f"2024年1月1日起施行\n{BODY}", None),
    ],
)
def test_published(text: str, day: date | None) -> None:
    lines = read_lines(text)
    found = read_published(lines, "题", find_events(lines))
    assert (found.value if found else None) == day
