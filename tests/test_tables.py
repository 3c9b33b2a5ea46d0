"""Tables: rows, their table's header, and lines that only look like rows."""

import pytest

from index.tables import RULE, Row, find_rows, is_piped


def rows(*lines: str, ruled: int = -1) -> list[Row | None]:
    return find_rows(lines, [number == ruled for number in range(len(lines))])


def test_header_is_the_row_above_the_rule() -> None:
    found = rows("说明：", "| 年份 2024 | 甲\\|乙 |", "| 3 | 4 |", "之后。", ruled=2)
    assert found == [None, Row(True, "年份 2024 甲|乙"), Row(False, "年份 2024 甲|乙"), None]


def test_header_without_a_rule_has_no_figure() -> None:
    assert rows("| 等级 | 万元 |", "| 甲 | 30 |") == [Row(True, "等级 万元"), Row(False, "等级 万元")]
    assert rows("| 甲 | 20 |", "| 乙 | 30 |") == [Row(True, ""), Row(False, "")]
    assert rows("| 甲 | 子 |", "| 乙 | 丑 |") == [Row(True, ""), Row(False, "")]


@pytest.mark.parametrize("gap", ["\t", "   ", "\u3000\u3000"])
def test_aligned_lines(gap: str) -> None:
    lines = [gap.join(cells) for cells in (("等级", "万元"), ("甲", "30"), ("乙", "20"))]
    assert rows(*lines) == [Row(True, "等级 万元"), Row(False, "等级 万元"), Row(False, "等级 万元")]
    assert rows(*lines[:2]) == [None, None]


def test_gaps_between_sentences_are_no_table() -> None:
    assert rows(*["字" * 50 + "\t" + "字" * 50] * 3) == [None] * 3


def test_piped() -> None:
    assert is_piped("| a | b |")
    assert not is_piped("| a")
    assert not is_piped("首页 | 新闻 |")


@pytest.mark.parametrize("line", ["|---|---|", "| :--- | ---: |", "--- | ---"])
def test_rule(line: str) -> None:
    assert RULE.search(f"a\n{line}\nb")


@pytest.mark.parametrize("line", ["---", "| - | - |", "| a | --- |"])
def test_no_rule(line: str) -> None:
    assert not RULE.search(f"a\n{line}\nb")
