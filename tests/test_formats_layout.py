from hypothesis import given
from hypothesis import strategies as st

from index.formats.layout import Glyph, Line, Table, in_order, join, lines


def glyphs(text: str, x: float = 0, top: float = 0, gap: float = 0) -> list[Glyph]:
    """Characters of ten points, half as wide where they are ASCII, `gap` points apart."""
    found = []
    for character in text:
        width = 5 if character.isascii() else 10
        found.append(Glyph(character, x, x + width, top, top + 10))
        x += width + gap
    return found


def texts(found: list[Glyph]) -> list[str]:
    return [line.text for line in lines(found)]


def test_a_line_goes_on_to_the_right_on_one_height() -> None:
    found = list(lines([*glyphs("一二"), *glyphs("三", 20, 2), *glyphs("四", 0, 15)]))
    assert [line.text for line in found] == ["一二三", "四"]
    assert (found[0].x0, found[0].x1, found[0].top, found[0].bottom, found[0].size) == (0, 30, 0, 12, 10)


def test_signs_set_into_each_other_are_of_one_line() -> None:
    assert texts([*glyphs("《水法》"), *glyphs("《森林法》", 34)]) == ["《水法》《森林法》"]
    assert texts([*glyphs("一—"), *glyphs("—二", 10)]) == ["一——二"]


def test_a_line_does_not_go_back_to_the_left() -> None:
    assert texts([*glyphs("右栏", 100), *glyphs("左栏", 0)]) == ["右栏", "左栏"]


def test_gaps_are_spaces_where_they_are_wide_enough_for_their_script() -> None:
    assert texts(glyphs("通知", gap=3)) == ["通知"]
    assert texts(glyphs("通知", gap=9)) == ["通 知"]
    assert texts([*glyphs("共"), *glyphs("30", 12.5)]) == ["共30"]
    assert texts([*glyphs("to"), *glyphs("be", 13)]) == ["to be"]


def test_spaces_of_the_file_stay_where_they_take_room() -> None:
    assert texts(glyphs("第十条 符合")) == ["第十条 符合"]
    assert texts([*glyphs("第"), Glyph(" ", 10, 10, 0, 10), *glyphs("条", 10)]) == ["第条"]
    assert texts(glyphs("  一  ")) == ["一"]
    assert texts(glyphs(" ")) == []


def test_a_line_that_is_spread_over_its_width_has_no_spaces() -> None:
    assert texts(glyphs("海滨市人民政府", gap=12)) == ["海滨市人民政府"]
    assert texts([*glyphs("海滨市", gap=12), *glyphs("政府", 100)]) == ["海 滨 市 政府"]


def test_two_lines_become_one() -> None:
    assert join("促进企业", "发展") == "促进企业发展"
    assert join("the city", "offers") == "the city offers"
    assert join("develop-", "ment") == "development"
    assert join("the WTO-", "China") == "the WTO-China"
    assert join("奖励30", "0万元") == "奖励300万元"
    assert join("in 2023", "2024") == "in 2023 2024"
    assert join("通过 CMMI", "认证") == "通过 CMMI认证"
    assert join("", "一") == "一"


def line(text: str, x0: float, top: float, width: float = 100) -> Line:
    return Line(text, x0, x0 + width, top, top + 10, 10)


def test_what_stands_above_comes_first_whatever_the_order_of_the_file() -> None:
    footer, title = line("脚", 0, 700, 300), line("题", 0, 0, 300)
    left, right = [line("左一", 0, 20), line("左二", 0, 40)], [line("右一", 150, 20), line("右二", 150, 40)]
    assert in_order([footer, *left, *right, title]) == [title, *left, *right, footer]


def test_a_table_has_its_place_among_lines() -> None:
    table = Table([["甲"]], [0, 100], 20, 60)
    above, below = line("上", 0, 0), line("下", 0, 80)
    assert in_order([below, table, above]) == [above, table, below]


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 700), st.integers(1, 300)), max_size=30))
def test_order_loses_nothing(places: list[tuple[int, int, int]]) -> None:
    items = [line(str(number), x, y, width) for number, (x, y, width) in enumerate(places)]
    assert sorted(in_order(items), key=id) == sorted(items, key=id)


@given(
    st.text(st.characters(min_codepoint=33), max_size=10),
    st.text(st.characters(min_codepoint=33), max_size=10),
)
def test_joining_keeps_all_but_a_hyphen(first: str, second: str) -> None:
    kept = "".join(join(first, second).split())
    assert kept in ("".join((first + second).split()), "".join((first[:-1] + second).split()))
