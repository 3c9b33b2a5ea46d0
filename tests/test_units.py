"""Units: the longest one counts, words that begin like one do not."""

from decimal import Decimal

import pytest

from index.folding import fold
from index.units import _units, read_unit


@pytest.mark.parametrize(
    ("text", "normal", "factor"),
    [
        ("个工作日内", "工作日", 1),
        ("个百分点", "百分点", 1),
        ("公里长", "米", 1000),
        ("平方公里", "平方米", 1_000_000),
        ("千瓦时", "瓦时", 1000),
        ("名代表", "人", 1),
        ("天内", "日", 1),
        ("人次以上", "人次", 1),
    ],
)
def test_normal_forms(text: str, normal: str, factor: int) -> None:
    unit = read_unit(text, 0)
    assert unit is not None
    assert (unit.normal, unit.factor) == (normal, Decimal(factor))


@pytest.mark.parametrize("text", ["支持", "条件", "元素", "台湾", "名单", "目标", "kmh", ""])
def test_words_that_begin_like_a_unit(text: str) -> None:
    assert read_unit(text, 0) is None


def test_the_table_is_written_as_folded_text_has_it() -> None:
    # ㎡ and ℃ fold to two characters each, so raw text keeps them
    assert [unit for unit in _units() if fold(unit) != unit] == ["㎡", "℃"]
