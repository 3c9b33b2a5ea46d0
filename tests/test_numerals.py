"""Chinese numerals, scaled numbers, and folding that keeps every offset."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.folding import fold
from index.numerals import fold_aligned, parse_numeral, read_quantity


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百零五", 105),
        ("一百五", 150),
        ("两千", 2000),
        ("一千零二十", 1020),
        ("三万五", 35_000),
        ("三万零五", 30_005),
        ("两千万", 20_000_000),
        ("一亿二千万", 120_000_000),
        ("万亿", 10**12),
        ("百亿亿", 10**18),
        ("二〇二四", 2024),
        ("叁仟伍佰", 3500),
    ],
)
def test_parse_numeral(text: str, value: int) -> None:
    assert parse_numeral(text) == value


@pytest.mark.parametrize("text", ["", "十四五", "百千", "一万二万", "年"])
def test_ill_formed_numerals(text: str) -> None:
    assert parse_numeral(text) is None


@pytest.mark.parametrize(
    ("text", "value", "length", "approximate"),
    [
        ("2,000万元", 20_000_000, 6, False),
        ("2000余万元", 20_000_000, 6, True),
        ("两千多万元", 20_000_000, 4, True),
        ("1亿2000万元", 120_000_000, 7, False),
        ("3亿多元", 300_000_000, 3, True),
        ("三点五亿", 350_000_000, 4, False),
        ("1,23家", 1, 1, False),
    ],
)
def test_read_quantity(text: str, value: int, length: int, approximate: bool) -> None:
    quantity = read_quantity(text, 0)
    assert quantity is not None
    assert quantity.value == Decimal(value)
    assert (quantity.end, quantity.approximate) == (length, approximate)


def test_read_quantity_finds_none() -> None:
    assert read_quantity("家", 0) is None
    assert read_quantity("十四五", 0) is None


def test_marks_of_a_list_and_characters_that_fold_to_several_stay() -> None:
    assert fold_aligned("①支持５００㎡、½") == "①支持500㎡、½"


@given(st.text(max_size=30))
def test_folding_keeps_every_offset(text: str) -> None:
    aligned = fold_aligned(text)
    assert len(aligned) == len(text)
    assert all(a in (char, fold(char)) for a, char in zip(aligned, text, strict=True))
