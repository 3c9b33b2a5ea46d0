"""Enumerations: which style, which items, and what is none."""

import pytest

from qa.enumerations import items_around


def _items(text: str, sentence: str) -> list[str]:
    start = text.index(sentence)
    return [text[item.start : item.end].strip() for item in items_around(text, start, start + len(sentence))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("三点：一是建机制。二是抓项目。三是保要素。", ["一是建机制。", "二是抓项目。", "三是保要素。"]),
        ("條件：（一）在本市注册；（二）无失信记录。", ["（一）在本市注册；", "（二）无失信记录。"]),
        ("材料：\n1.申请表\n2.身份证\n", ["1.申请表", "2.身份证"]),
        ("步骤：第一，登记。第二，审核。", ["第一，登记。", "第二，审核。"]),
        ("十项，十是。一是甲。二是乙。", ["一是甲。", "二是乙。"]),
    ],
)
def test_each_style_is_found_from_any_of_its_items(text: str, expected: list[str]) -> None:
    for sentence in (text[:3], *expected):
        assert _items(text, sentence) == expected


@pytest.mark.parametrize(
    "text",
    ["这一是非问题没有列举。", "增长3.5%，比去年2.1%高。", "一是只有一项。", "二是没有第一项。三是也没有。"],
)
def test_what_does_not_count_from_one_is_no_enumeration(text: str) -> None:
    assert items_around(text, 0, len(text)) == []


def test_an_enumeration_further_on_does_not_belong_to_the_sentence() -> None:
    text = "全市有工厂三百家。" + "另有说明。" * 40 + "一是甲。二是乙。"
    assert items_around(text, 0, 9) == []
