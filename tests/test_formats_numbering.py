import pytest
from lxml import etree

from index.formats.numbering import Numbering

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def numbering(*levels: tuple[str, str], more: str = "") -> Numbering:
    """One list, 1, of levels by the format of their numbers and their text; `more` follows it."""
    shown = "".join(
        f'<w:lvl w:ilvl="{place}"><w:numFmt w:val="{shown}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for place, (shown, text) in enumerate(levels)
    )
    return Numbering(
        etree.fromstring(
            f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">{shown}</w:abstractNum>'
            f'<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{more}</w:numbering>'
        )
    )


def test_levels_count_for_themselves_and_begin_again_below_the_next_of_a_higher_one() -> None:
    listed = numbering(("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
    asked = [0, 1, 1, 2, 2, 0, 1, 2]
    assert [listed.label("1", level) for level in asked] == [
        "一、", "（一）", "（二）", "1. ", "2. ", "二、", "（一）", "1. ",
    ]  # fmt: skip


def test_a_label_may_name_the_levels_above() -> None:
    listed = numbering(("chineseCounting", "第%1章"), ("decimal", "%1.%2"))
    assert [listed.label("1", level) for level in (0, 1, 1)] == ["第一章 ", "一.1 ", "一.2 "]
    assert numbering(("decimal", "%1"), ("decimal", "%1.%2")).label("1", 1) == "1.1 "


@pytest.mark.parametrize(
    ("shown", "count", "label"),
    [
        ("decimal", 12, "12"),
        ("chineseCounting", 10, "十"),
        ("chineseCounting", 11, "十一"),
        ("chineseCountingThousand", 20, "二十"),
        ("japaneseCounting", 105, "一百零五"),
        ("taiwaneseCountingThousand", 110, "一百一十"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("ideographTraditional", 3, "丙"),
        ("ideographZodiac", 12, "亥"),
        ("ideographTraditional", 11, "11"),
        ("decimalEnclosedCircle", 3, "③"),
        ("decimalEnclosedCircle", 21, "㉑"),
        ("upperRoman", 4, "IV"),
        ("lowerLetter", 27, "aa"),
        ("upperLetter", 2, "B"),
        ("decimalZero", 7, "07"),
        ("ideographDigital", 10, "一〇"),
        ("unheardOf", 5, "5"),
    ],
)
def test_numbers_are_shown_as_their_format_says(shown: str, count: int, label: str) -> None:
    listed = numbering((shown, "%1、"))
    for _ in range(count):
        last = listed.label("1", 0)
    assert last == f"{label}、"


def test_bullets_are_all_alike_and_none_is_nothing() -> None:
    assert numbering(("bullet", "\uf0b7")).label("1", 0) == "• "
    assert numbering(("none", "%1")).label("1", 0) == ""


def test_lists_of_one_kind_count_on_unless_one_begins_anew() -> None:
    more = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="0"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    listed = numbering(("decimal", "%1、"), more=more)
    assert [listed.label(name, 0) for name in "12333"] == ["1、", "2、", "1、", "2、", "3、"]


def test_what_is_no_list_has_no_label() -> None:
    listed = numbering(("decimal", "%1、"))
    assert [listed.label("0", 0), listed.label("", 0), listed.label("1", 99)] == ["", "", ""]
    assert Numbering(None).label("1", 0) == ""
