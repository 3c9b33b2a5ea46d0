"""Titles that are not the first line; see also test_metadata."""

import pytest

from index.fields.lines import read_lines
from index.fields.titles import read_title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "索引号：000014\n国发〔2024〕5号\n国务院关于支持创新的意见\n各省人民政府：",
            "国务院关于支持创新的意见",
        ),
        ("海滨市人民政府文件\n海政发〔2024〕5号\n关于支持创新的意见\n各区：", "关于支持创新的意见"),
        ("海滨市人民政府办公室\n关于支持创新的意见\n各区：", "海滨市人民政府办公室关于支持创新的意见"),
        ("第一条 为了规范管理，制定本办法。", ""),
        ("今天，全市开了会，说了很多事情。", ""),
    ],
)
def test_title(text: str, title: str) -> None:
    found = read_title(read_lines(text))
    assert (found.value if found else "") == title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "海滨市人民政府令\n第 12 号\n《海滨市某办法》已经市政府第1次常务会议通过，现予公布。",
            "海滨市某办法",
        ),
        (
            "关于某条例（草案）公开征求意见的公告\n为了听取意见，现公布草案。",
            "关于某条例（草案）公开征求意见的公告",
        ),
    ],
)
def test_orders_and_announcements(text: str, title: str) -> None:
    found = read_title(read_lines(text))
    assert found is not None
    assert found.value == title
