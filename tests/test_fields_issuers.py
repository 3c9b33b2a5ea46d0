"""Issuers: from the label, the title, the note, the order, the signature."""

import pytest

from index.fields.adoption import find_events
from index.fields.issuers import read_issuer
from index.fields.lines import read_lines

CLAUSE = "第一条 为了规范管理，制定本条例。"


@pytest.mark.parametrize(
    ("title", "text", "issuer"),
    [
        ("", "发文机关：海滨市人民政府\n题\n各区：", "海滨市人民政府"),
        ("", "【发布单位】商务部 海关总署\n题\n公告如下。", "商务部、海关总署"),
        ("国务院办公厅关于转发财政部意见的通知", "正文", "国务院办公厅"),
        ("最高人民法院、最高人民检察院关于办理案件的解释", "正文", "最高人民法院、最高人民检察院"),
        ("海滨市印发新政", "正文", ""),
        # the body that passed it, not the one that approved it
        (
            "海滨市某条例",
            "海滨市某条例\n2020年4月30日 海滨市第二届人民代表大会常务委员会第一次会议通过\n"
            f"2020年6月3日 河南省第一届人民代表大会常务委员会批准\n{CLAUSE}",
            "海滨市人民代表大会常务委员会",
        ),
        ("某办法", f"某办法\n1998年2月2日 国务院批准\n1998年4月7日 林业部令第8号发布\n{CLAUSE}", "林业部"),
        ("某条例", f"某条例\n1998年2月2日 国务院批准\n{CLAUSE}", "国务院"),
        ("某办法", f"海滨市人民政府令\n第12号\n某办法\n{CLAUSE}", "海滨市人民政府"),
        (
            "关于奖励的通知",
            "关于奖励的通知\n各区：给予奖励，请执行。\n海滨市财政局\n海滨市商务局\n2024年3月5日",
            "海滨市财政局、海滨市商务局",
        ),
        ("某条例", f"某条例\n{CLAUSE}", ""),
    ],
)
def test_issuer(title: str, text: str, issuer: str) -> None:
    lines = read_lines(text)
    found = read_issuer(title, lines, find_events(lines))
    assert (found.value if found else "") == issuer
