"""Kinds of text; see also test_metadata."""

import pytest

from index.metadata import describe

CLAUSES = "\n".join(f"第{n}条 为了规范管理，作出规定。" for n in "一二三四五")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"海滨市奖励办法\n2024年3月5日 海滨市人民政府令第3号公布\n{CLAUSES}", "法规"),
        ("最高人民法院关于适用法律问题的批复\n你院请示收悉。经研究，答复如下。", "法规"),
        (
            f"关于印发奖励办法的通知\n海政发〔2024〕5号\n各区人民政府：\n现将办法印发给你们。\n{CLAUSES}",
            "政策文件",
        ),
        (f"奖励办法\n海政规〔2024〕5号\n{CLAUSES}", "政策文件"),
        ("加班费争议案\n## 基本案情\n甲入职。\n## 裁判要旨\n应当支付。\n## 典型意义\n维护权益。", "解读"),
        ("市长做客访谈谈奖励\n今天说说奖励。", "访谈"),
        ("近日，全市举行了一场活动，大家都很高兴，纷纷表示明年再来。", "新闻"),
    ],
)
def test_kind(text: str, kind: str) -> None:
    assert describe("x", text).kind == kind
