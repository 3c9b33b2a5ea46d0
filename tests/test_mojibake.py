"""Mojibake: damage made as programs make it is recovered exactly, and other text stays as it is."""

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


@given(st.text("?？!！年市區業發展ABc的一是，。\n", max_size=60))
def test_ordinary_characters_are_never_damage(text: str) -> None:
    assert find_mojibake(text) == []
