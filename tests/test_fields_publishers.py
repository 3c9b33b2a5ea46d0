"""Publishers, authors and addresses; see also test_metadata."""

import pytest

from index.fields.lines import read_lines
from index.fields.publishers import read_author, read_publisher, read_url

BODY = "市科技局公布了新的奖励办法，规定获得认定的企业一次性给予50万元，申报从下个月开始，由各区初审后上报。"


@pytest.mark.parametrize(
    ("text", "publisher"),
    [
        (f"题\n转载自：北方网\n{BODY}", "北方网"),
        (f"题\n{BODY}\n（来源：上海奉贤）", "上海奉贤"),
        (f"本文转自【央视新闻客户端】；{BODY}", "央视新闻客户端"),
        (f"{BODY}综合：甲、乙时报来源：中国新闻网返回搜狐，查看更多责任编辑：", "中国新闻网"),
        (f"荆楚网（湖北日报网）讯（记者 毛甲乙）{BODY}", "荆楚网"),
        (f"| 信息来源 | 某市政府办 |\n题\n{BODY}", "某市政府办"),
        (f"题\n来源：互联网\n{BODY}", ""),
        (f"题\n来源：2024-01-01\n{BODY}", ""),
        (f"图片来源：视觉中国\n{BODY}", ""),
        (f"{BODY}主要来源于视觉。", ""),
    ],
)
def test_publisher(text: str, publisher: str) -> None:
    found = read_publisher(read_lines(text))
    assert (found.value if found else "") == publisher


@pytest.mark.parametrize(
    ("text", "author"),
    [
        (f"题\n作者：张三 来源：某网\n{BODY}", "张三"),
        (f"题\n作者：张三、李四\n{BODY}", "张三、李四"),
        (f"某网讯（记者 毛甲乙 通讯员 许丙）{BODY}", "毛甲乙"),
        (f"{BODY}（记者 朱佩）", "朱佩"),
        (f"{BODY}某某晚报记者 郭剑", "郭剑"),
        (f"题\n某新闻记者 杨芮 摄影报道\n{BODY}", "杨芮"),
        (f"题\n文/王五\n{BODY}", "王五"),
        (f"题\n撰稿：王五\n{BODY}", "王五"),
        (f"题\n作者： 編輯:张三\n{BODY}", ""),
        (f"题\n记者从市科技局获悉，{BODY}", ""),
        (f"{BODY}\n责任编辑：张三", ""),
        (f"{BODY}某网记者 刘嘉一审 熊波", ""),
    ],
)
def test_author(text: str, author: str) -> None:
    found = read_author(read_lines(text))
    assert (found.value if found else "") == author


def test_url() -> None:
    found = read_url(read_lines(f"题\n{BODY}\n原文链接：https://example.cn/a.html?b=1"))
    assert found is not None
    assert found.value == "https://example.cn/a.html?b=1"
    assert read_url(read_lines(f"题\n{BODY}\n见 https://example.cn/")) is None
