"""Finds the items of an enumeration (一是…二是…, (一)(二), 1. 2., 第一…第二…, bullets) around a sentence."""

import re
from dataclasses import dataclass
from itertools import pairwise

_DIGITS = {c: n for n, c in enumerate("一二三四五六七八九十", start=1)}
_NUMBER = r"([一二三四五六七八九十]{1,3}|\d{1,2})"
# One pattern a style; group 1 is the ordinal. Styles do not mix within one enumeration.
_STYLES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![\w]){_NUMBER}是",
        rf"[(（]{_NUMBER}[)）]",
        rf"第{_NUMBER}(?=[，,、:：])",
        rf"其{_NUMBER}(?=[，,、:：])",
        rf"(?m)(?<=^){_NUMBER}[.．、](?!\d)",
        rf"(?<=[：:；;，,。])\s*{_NUMBER}[.．](?!\d)",
    )
)
_BULLET = re.compile(r"(?m)^[-*•·●]\s*(?=\S)")
_REACH = 3000
"""Code points before and after the sentence that are searched for items."""
_LEAD = 120
"""An enumeration may begin this many code points behind the sentence that announces it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item: its marker's start and the end of the item, in code points of the text."""

    start: int
    end: int


def items_around(text: str, start: int, end: int) -> list[Item]:
    """Return the items of the enumeration that text[start:end] belongs to or announces, else nothing."""
    left, right = max(0, start - _REACH), min(len(text), end + _REACH)
    best: list[Item] = []
    runs = [_bulleted(text, left, right)]
    for style in _STYLES:
        marks = [(match.start(), _ordinal(match.group(1))) for match in style.finditer(text, left, right)]
        runs.append(_runs(marks))
    for style_runs in runs:
        for run in style_runs:
            items = _items(text, run)
            inside = items[0].start < end and start < items[-1].end
            announced = end <= items[0].start <= end + _LEAD
            if (inside or announced) and len(items) > len(best):
                best = items
    return best


def _runs(marks: list[tuple[int, int]]) -> list[list[int]]:
    """Split marks into runs that count 1, 2, 3 …; only runs of two or more are enumerations."""
    runs: list[list[int]] = []
    for position, number in marks:
        if number == 1:
            runs.append([position])
        elif runs and number == len(runs[-1]) + 1:
            runs[-1].append(position)
    return [run for run in runs if len(run) > 1]


def _bulleted(text: str, left: int, right: int) -> list[list[int]]:
    """Return the starts of bullets in runs whose lines follow one another."""
    runs: list[list[int]] = []
    for match in _BULLET.finditer(text, left, right):
        if runs and not text[runs[-1][-1] : match.start()].rstrip("\r\n").count("\n"):
            runs[-1].append(match.start())
        else:
            runs.append([match.start()])
    return [run for run in runs if len(run) > 1]


def _items(text: str, starts: list[int]) -> list[Item]:
    """Cut the text at the marks; the last item ends with its line."""
    last = starts[-1]
    stop = text.find("\n", last)
    bounds = [*starts, len(text) if stop < 0 else stop]
    return [Item(a, b) for a, b in pairwise(bounds)]


def _ordinal(number: str) -> int:
    if number.isdigit():
        return int(number)
    tens, _, ones = number.rpartition("十")
    if "十" not in number:
        return _DIGITS[number] if len(number) == 1 else 0
    return 10 * (_DIGITS.get(tens, 1) if tens else 1) + (_DIGITS.get(ones, 0) if ones else 0)
