"""Removals: a list that people can read, however much was removed."""

from index.cleaning import find_edits
from qa.removals import removal_lines

BODY = "市科技局昨天公布了新的奖励办法，规定获得认定的企业一次性给予50万元。"


def listed(text: str) -> list[str]:
    return list(removal_lines(text, find_edits(text)))


def test_lines_of_the_page_stand_with_their_places() -> None:
    text = f"{BODY}\n{BODY}\n责任编辑：张三\n上一篇：甲\n"
    start = text.index("责任编辑")
    assert listed(text) == [
        f"  页面附加内容（1 处，共 {len(text) - start} 字）",
        f"    {start}-{len(text)} 责任编辑：张三 上一篇：甲",
    ]


def test_small_findings_are_counted_with_examples() -> None:
    text = "項(xiàng)目(mù)" * 50 + "與(yǔ)" + "科(kē)學(xué)實(shí)驗(yàn)標(biāo)準(zhǔn)"
    assert listed(text) == [
        "  拼音注音（107 处，共 585 字）",
        "    (xiàng) (mù) (yǔ) (kē) (xué) (shí) (yàn) (biāo) 等",
    ]


def test_what_is_read_in_another_way_is_shown_with_its_reading() -> None:
    (line,) = listed("工廠?！皟苫\ue1fd诤稀卑l展")
    assert line == "  2-11 错位编码：?！皟苫<E1FD>诤稀卑l 读作 。“兩化融合”發"


def test_invisible_and_long_quotes_stay_in_one_line() -> None:
    text = "零\u200b宽" + f"\n{BODY}\n" + "版权所有 " + "某" * 100
    lines = listed(text)
    assert "    <200B>" in lines
    assert all(len(line) < 100 and "\n" not in line for line in lines)
