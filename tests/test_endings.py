"""Endings: what closes a page is told from the article's last words."""

import pytest

from index.endings import glued_ending, is_ending
from index.folding import fold

SENTENCE = "申报从下个月开始，由各区初审。"


@pytest.mark.parametrize(
    "ending",
    [
        "（完）",
        "(某某新闻编辑张三)",
        "【编辑:李四】",
        "（责任编辑：王五 AB012）",
        "返回某网，查看更多责任编辑：",
        "（完）返回某网，查看更多 责任编辑：",
        "来源：某某日报",
        "来源丨某某日报 责编丨张三",
        "编辑 张小三 校对 李小四",
        "更多精彩内容请进入国内新闻",
        "分享让更多人看到",
        "（记者 张三 通讯员 李四）",
        "声明：本文版权归原作者所有，如有侵权请联系删除。",
        "未经授权不得转载。",
        "本文不构成投资建议，投资需谨慎。",
    ],
)
def test_ending_is_told_in_both_places(ending: str) -> None:
    assert is_ending(fold(ending))
    assert glued_ending(fold(SENTENCE + ending)) == len(SENTENCE)


@pytest.mark.parametrize(
    "line",
    [
        "特别提示：请登录市人社局网站申报。",
        "联系方式：022-00000000",
        "责任编辑制度应当健全。",
        "（含中央驻津单位）",
        "更多企业受益。",
        "审核 公示",
        "来源于财政资金的部分，由市财政局核定。",
        "声明：我们反对这种做法。",
        "（不含编辑、校对人员）",
        "（一）材料完整",
        SENTENCE,
    ],
)
def test_other_lines_are_the_article_s(line: str) -> None:
    assert not is_ending(fold(line))
    assert glued_ending(fold(SENTENCE + line)) == len(SENTENCE + line)


def test_ending_that_cannot_be_mistaken_needs_no_full_stop_before_it() -> None:
    assert glued_ending("没有句号的末句返回某网,查看更多") == len("没有句号的末句")
    assert glued_ending("没有句号的末句来源:某报") == len("没有句号的末句来源:某报")
