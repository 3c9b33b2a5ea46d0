"""Layout: what stands on a page, as characters with their places, becomes lines in the order of reading."""

import heapq
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import numpy as np

MAX_ORDERED = 2_000
"""Lines of a page that are put in order; a page with more keeps the order of its file."""

_OVERLAP = 0.5
"""Share of the lower of two heights that they share where they are on one line."""
_WIDE_SPACE, _MIXED_SPACE, _WORD_SPACE, _STATED_SPACE = 0.8, 0.5, 0.18, 0.1
"""Ems that read as a space between two Chinese characters, beside one, between others, where a file has one.
Typesetting widens the gaps between Chinese and Latin characters, and whole lines of Chinese."""

_SPREAD = 4
"""Characters of a line from which on equal gaps between them say nothing."""
_EQUAL = 0.2
ALONE = 0.01
"""The em of a line that neither goes on nor is gone on with."""

HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
WIDE = HAN + "\u3000-\u303f\u30a0-\u30ff\u2018-\u201d\u2026\u2014\uff00-\uffef"
"""Characters between which no space is written, as the inside of a class of a regular expression."""
_WIDE = re.compile(f"[{WIDE}]")
_HAN = re.compile(f"[{HAN}]")
_LETTER = re.compile("[a-z]")
_NEARBY = 20
"""Characters before a number that tell whether it stands in a Chinese sentence."""


class Glyph(NamedTuple):
    """A character and the box it fills, right of and below the page's corner."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page; `size` is its em."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a page: its rows, and its columns' edges."""

    rows: list[list[str]]
    edges: list[float]
    top: float
    bottom: float

    @property
    def x0(self) -> float:
        """The left edge."""
        return self.edges[0]

    @property
    def x1(self) -> float:
        """The right edge."""
        return self.edges[-1]


@dataclass(frozen=True, slots=True)
class Page:
    """What a page holds, in the order of reading."""

    width: float
    height: float
    items: Sequence[Line | Table]


def lines(glyphs: Sequence[Glyph]) -> Iterator[Line]:
    """The lines that characters form, in the characters' order: each goes on to the right on one height."""
    group: list[Glyph] = []
    for glyph in glyphs:
        if group and not _goes_on(group, glyph):
            yield from _line(group)
            group = []
        group.append(glyph)
    yield from _line(group)


def _goes_on(group: Sequence[Glyph], glyph: Glyph) -> bool:
    last = group[-1]
    shared = min(last.bottom, glyph.bottom) - max(last.top, glyph.top)
    lower = min(last.bottom - last.top, glyph.bottom - glyph.top)
    return shared >= _OVERLAP * lower and glyph.x0 >= last.x0  # one sign may be two characters


def _line(group: Sequence[Glyph]) -> Iterator[Line]:
    inked = [glyph for glyph in group if not glyph.text.isspace()]
    if not inked:
        return
    wide = [glyph.x1 - glyph.x0 for glyph in inked if _WIDE.match(glyph.text)]
    size = max(median(wide) if wide else 0.85 * median(g.bottom - g.top for g in inked), 1.0)
    spread = _is_spread(inked, size)
    parts: list[str] = []
    last: Glyph | None = None
    spaced = False
    for glyph in group:
        if glyph.text.isspace():
            spaced = True
            continue
        if last and not spread and glyph.x0 - last.x1 > _space(last.text, glyph.text, spaced=spaced) * size:
            parts.append(" ")
        parts.append(glyph.text)
        last, spaced = glyph, False
    yield Line(
        "".join(parts),
        min(glyph.x0 for glyph in inked),
        max(glyph.x1 for glyph in inked),
        min(glyph.top for glyph in inked),
        max(glyph.bottom for glyph in inked),
        size,
    )


def _is_spread(inked: Sequence[Glyph], size: float) -> bool:
    """Whether a line of Chinese characters is spread over a width: a name, a title, with equal gaps."""
    if len(inked) < _SPREAD or not all(_WIDE.match(glyph.text) for glyph in inked):
        return False
    gaps = [(after.x0 - glyph.x1) / size for glyph, after in pairwise(inked)]
    return min(gaps) > _STATED_SPACE and max(gaps) - min(gaps) < _EQUAL


def _space(before: str, after: str, *, spaced: bool) -> float:
    """Ems between two characters that read as a space; fewer where the file has one."""
    if spaced:
        return _STATED_SPACE
    wide = [_WIDE.match(before), _WIDE.match(after)]
    return _WIDE_SPACE if all(wide) else _MIXED_SPACE if any(wide) else _WORD_SPACE


def join(text: str, below: str) -> str:
    """Two lines as one: no space between Chinese characters, no hyphen where a word was parted."""
    if not text or not below:
        return text + below
    last, first = text[-1], below[0]
    if last == "\u00ad" or (last in "-\u2010" and _LETTER.match(text[-2:-1]) and first.islower()):
        return text[:-1] + below
    if _WIDE.match(last) or _WIDE.match(first) or last in "-\u2010/":
        return text + below
    if last.isdigit() and first.isdigit() and _HAN.search(text[-_NEARBY:]):
        return text + below  # a number that its line broke
    return f"{text} {below}"


def in_order(items: Sequence[Line | Table]) -> list[Line | Table]:
    """The items in the order of their file, but nothing before what stands above it in the same column."""
    count = len(items)
    tops = [item.top for item in items]
    if count > MAX_ORDERED or tops == sorted(tops):
        return list(items)
    x0, x1, top, bottom = np.array(
        [[item.x0, item.x1, item.top, item.bottom] for item in items], dtype=float
    ).T.copy()
    middle = (top + bottom) / 2
    beside = np.minimum(x1[:, None], x1) - np.maximum(x0[:, None], x0) > 1
    above = beside & (bottom[:, None] <= middle) & (middle[:, None] < top)
    waiting = above.sum(axis=0)
    ready = [place for place in range(count) if not waiting[place]]
    ordered = []
    while ready:
        place = heapq.heappop(ready)
        ordered.append(items[place])
        for below in np.flatnonzero(above[place]).tolist():
            waiting[below] -= 1
            if not waiting[below]:
                heapq.heappush(ready, below)
    return ordered
