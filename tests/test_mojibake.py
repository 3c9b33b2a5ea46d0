"""Mojibake: damage made as programs make it is recovered exactly, and other text stays as it is."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.mojibake import find_mojibake

COMMON = (
    "年市區業發展國家經濟學會產機動車網絡實現項與個進關優質標轉領導應數據聯強勢運達務點级"
    "的一是在不了有和人这中大为上我以要他时来用们生到作地于出就分对成可主"
)


def damage(text: str) -> str | None:
    """`text` as read one byte late, its first byte lost, up to where it is in step; None if it never is."""
    data = text.encode("gb18030")
    read = "?"
    position = 1
    while position < len(data):
        if data[position] < 0x80:
            return read + chr(data[position]) + data[position + 1 :].decode("gb18030")
        try:
            read += data[position : position + 2].decode("gb18030")
        except UnicodeDecodeError:
            return None
        position += 2
    return None


def repaired(text: str) -> str:
    for repair in reversed(find_mojibake(text)):
        text = text[: repair.start] + repair.replacement + text[repair.end :]
    return text


@pytest.mark.parametrize("half_width", [False, True])
def test_known_damage(half_width: bool) -> None:
    text = "工廠?！皟苫\ue1fd诤稀卑l展"
    text = text.replace("！", "!") if half_width else text
    assert repaired(text) == "工廠。“兩化融合”發展"
    (repair,) = find_mojibake(text)
    assert text[repair.start : repair.end] == text[2:-1]


def test_run_to_the_end_of_the_line_loses_its_last_character() -> None:
    data = "。“智能制造是发展的主攻方向".encode("gb18030")[1:-1].decode("gb18030")
    assert repaired(f"甲?{data}\n乙") == "甲。“智能制造是发展的主攻方\n乙"


@given(st.sampled_from("，。”“："), st.text(st.sampled_from(COMMON), min_size=4, max_size=20))
def test_generated_damage_is_recovered_or_left(mark: str, text: str) -> None:
    damaged = damage(mark + text + "與發展")
    if damaged is None:
        return
    # never read as something else; recovered wherever the run holds a character that no text holds
    assert repaired("前文" + damaged) in ("前文" + damaged, "前文" + mark + text + "與發展")


@pytest.mark.parametrize(
    "text", ["。“兩化融合”發展", "，機器人產業聯盟與高校", "。”楊正華說", "：實現數字經濟發展目標，力爭"]
)
def test_damage_is_recovered(text: str) -> None:
    damaged = damage(text)
    assert damaged is not None
    assert damaged != text
    assert repaired(damaged) == text


@pytest.mark.parametrize(
    "text",
    [
        "是吗?我们用App申报",
        "什么是PPP?答案是Public",
        "行吗?!真的可以吗\n",
        "哪些企业可以申报?\n在本市注册的企业。",
        "見?α粒子A",
        "看好?珅A股",
        "為什麼?因為濱海新區是A級",
        "?",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert find_mojibake(text) == []


PHRASES = (
    *(
        "機器人產業聯盟",
        "數字經濟發展",
        "開展試點示範",
        "國家級實驗室",
        "兩化融合",
        "企業轉型升級",
        "關鍵領域",
    ),
    *(
        "楊正華說",
        "“綠色工廠”",
        "《實施意見》",
        "創新驅動",
        "區縣財政",
        "，",
        "、",
        "。”",
        "：",
        "與",
        "補貼20萬元",
        "A類",
    ),
)


@given(
    st.sampled_from(["，", "。", "。“", "。”", "，“", "：", "；", "、", "？", "！", "（", "》", "」"]),
    st.lists(st.sampled_from(PHRASES), min_size=1, max_size=8).map("".join),
    st.sampled_from(["前文", "【前文", "第一句。第二句說"]),
)
def test_policy_text_damaged_in_the_same_way_is_recovered_or_left(mark: str, said: str, before: str) -> None:
    damaged = damage(mark + said + "的發展規劃Z。")
    if damaged is None or damaged == mark + said + "的發展規劃Z。":
        return
    if "【" in before and mark == "？":  # told from 】 by nothing else
        return
    assert repaired(before + damaged) in (before + damaged, before + mark + said + "的發展規劃Z。")


def test_most_of_what_is_damaged_is_recovered() -> None:
    draw = random.Random(2026)
    recovered = possible = 0
    for _ in range(400):
        phrases = "".join(draw.choices(PHRASES, k=draw.randint(2, 8)))
        said = draw.choice("，。：；”、") + phrases + "的發展規劃"
        if (damaged := damage(said)) is None or damaged == said:
            continue
        possible += 1
        recovered += repaired("前文" + damaged) == "前文" + said
    assert possible > 100
    assert recovered > 0.75 * possible


@pytest.mark.parametrize("mark", ["】", "？"])
def test_closing_bracket_needs_an_opening_one(mark: str) -> None:
    damaged = damage(mark + "有沒有申報條件與標準")
    assert damaged is not None
    assert repaired("规律" + damaged) in ("规律" + damaged, "规律？有沒有申報條件與標準")
    assert repaired("【规律" + damaged) in ("【规律" + damaged, "【规律】有沒有申報條件與標準")


@given(st.text("?？!！年市區業發展ABc的一是，。\n", max_size=60))
def test_ordinary_characters_are_never_damage(text: str) -> None:
    assert find_mojibake(text) == []
