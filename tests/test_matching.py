import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.matching import holds, normalise, satisfies, strip_markers


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("總數已到３５０家", "总数已到350家"),
        ("GDP 增长 8.7％", "gdp增长8.7%"),
        ("1,234,567 元", "1234567元"),
        ("１，０００万元", "1000万元"),
        ("10，20和30", "10,20和30"),
        ("2023,500", "2023,500"),
        ("甲，乙", "甲,乙"),
        ("三　百\n五\t十", "三百五十"),
    ],
)
def test_normal_form(text: str, normal: str) -> None:
    assert normalise(text) == normal


@pytest.mark.parametrize(
    ("text", "wanted", "expected"),
    [
        ("累计350家。", "350家", True),
        ("累计 350 家。", "350家", True),
        ("累计1350家。", "350家", False),
        ("共3500", "350", False),
        ("共350", "350", True),
        ("1350家，350家", "350家", True),
        ("增长12.5%", "12.5%", True),
        ("增长112.5%", "12.5%", False),
        ("最高２０００萬元", "2000万元", True),
        ("最高2,000万元", "2000万元", True),
        ("最高2000万元", "2,000万元", True),
        ("到2027年", "027年", False),
        ("第四百家", "四百家", True),
        ("第四百家", "家四百", False),
        ("任何文字", " ", False),
    ],
)
def test_digits_end_where_the_alternative_ends(text: str, wanted: str, expected: bool) -> None:
    assert holds(normalise(text), wanted) is expected


def test_special_characters_of_patterns_are_plain_text() -> None:
    assert holds(normalise("按(1)类+C++"), "c++")
    assert not holds(normalise("甲乙"), "甲.")


def test_every_group_needs_one_alternative() -> None:
    must = [["350家"], ["400家", "四百家"]]
    assert satisfies("由350家增至四百家", must)
    assert not satisfies("由350家起", must)
    assert not satisfies("增至400家", must)


def test_only_markers_of_citations_are_taken_out() -> None:
    assert strip_markers("共350家[1][12]，见津政[2023]5号[2]", {1, 2, 12}) == "共350家，见津政[2023]5号"


@given(
    st.text("0123456789家个,. ", max_size=12),
    st.text("0123456789家个", min_size=1, max_size=4),
)
def test_holds_agrees_with_a_search_by_hand(text: str, wanted: str) -> None:
    normal = normalise(text)
    digits = set("0123456789")
    expected = False
    for at in range(len(normal) - len(wanted) + 1):
        before, after = normal[:at][-1:], normal[at + len(wanted) :][:1]
        expected |= (
            normal[at : at + len(wanted)] == wanted
            and not (wanted[0] in digits and before in digits)
            and not (wanted[-1] in digits and after in digits)
        )
    assert holds(normal, wanted) is expected


@given(st.text("市級財政補助一二三百家", min_size=1), st.text("甲乙丙 ，。"), st.text("甲乙丙 ，。"))
def test_an_alternative_without_digits_is_found_wherever_it_stands(
    wanted: str, before: str, after: str
) -> None:
    assert satisfies(before + wanted + after, [[wanted]])
