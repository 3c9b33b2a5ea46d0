"""Folding: one searchable form for Traditional and Simplified text, with every way back to the original.

`fold` works code point by code point and knows no context: `fold(a + b) == fold(a) + fold(b)`. That is what
makes offsets exact, and why it merges more than a converter may (著 and 着 become one). Its result is for
comparing, never for showing. Whoever compares with folded text folds his own keywords too.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from index.records import Run
from index.scripts import simplified


@dataclass(frozen=True, slots=True)
class Edit:
    """A span of `Article.text` (half open) that reading replaces; an empty `replacement` removes it."""

    start: int
    end: int
    replacement: str
    reason: str
    """Why, in Chinese: shown by `wence show`."""


@dataclass(frozen=True, slots=True)
class Folded:
    """Search text with its offsets: a run of equal lengths maps one to one, any other whole to whole."""

    text: str
    offsets: tuple[Run, ...]

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        """The original span of `text[start:end]`, rounded outward; ValueError outside the text."""
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"span {start}:{end} is outside a text of {len(self.text)} characters")
        if not self.offsets:
            return 0, 0
        if start == end:  # an empty span stands before the character that follows it
            if start == len(self.text):
                last = max(run[3] for run in self.offsets[-2:])
                return last, last
            first = self.to_original(start, start + 1)[0]
            return first, first
        low = bisect_right(self.offsets, start, key=_search_end)
        high = bisect_left(self.offsets, end, key=_search_start) - 1
        return _original(self.offsets[low], start, start)[0], _original(self.offsets[high], end, end)[1]


def _search_start(run: Run) -> int:
    return run[0]


def _search_end(run: Run) -> int:
    return run[1]


def _original(run: Run, start: int, end: int) -> tuple[int, int]:
    """The limits in the original of two positions within one run."""
    search_start, search_end, original_start, original_end = run
    if search_end - search_start != original_end - original_start:
        return original_start, original_end
    return original_start + start - search_start, original_start + end - search_start


_INVISIBLE = frozenset(
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\ufe0e\ufe0f\ufeff"
)
_FIRST_IDEOGRAPH = 0x2E80


class _FoldTable(dict[int, str]):
    """A table for `str.translate` that fills itself; `uneven`: characters whose form has another length."""

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        character = chr(code)
        form = "".join(map(self._step, character))
        while (again := "".join(map(self._step, form))) != form:  # a folded text folds to itself
            form = again
        self[code] = form
        if len(form) != 1:
            self.uneven.add(character)
        return form

    def _step(self, character: str) -> str:
        if character in _INVISIBLE:
            return ""
        if character < "\x80":
            return character.lower()
        form = unicodedata.normalize("NFKC", character).lower()
        if any(ord(c) >= _FIRST_IDEOGRAPH for c in form):
            form = "".join(map(simplified, form))
        return form


@cache
def _table() -> _FoldTable:
    return _FoldTable()


def fold(text: str) -> str:
    """The searchable form: NFKC, lower case, Simplified, no invisible characters; character by character."""
    return text.translate(_table())


class _Piece(NamedTuple):
    """A stretch of the original, and the text that stands for it where an edit replaces it."""

    start: int
    end: int
    replacement: str | None


def _pieces(start: int, end: int, edits: Sequence[Edit]) -> Iterator[_Piece]:
    """What is read of `start:end`; `edits` are sorted, apart; an edit across a limit is cut there."""
    position = start
    for number in range(bisect_right(edits, start, key=lambda e: e.end), len(edits)):
        edit = edits[number]
        if edit.start >= end:
            break
        if edit.start > position:
            yield _Piece(position, edit.start, None)
        position = min(edit.end, end)
        if edit.replacement and edit.start >= start:
            yield _Piece(edit.start, position, edit.replacement)
    if position < end:
        yield _Piece(position, end, None)


def fold_article(text: str, start: int, end: int, edits: Sequence[Edit]) -> Folded:
    """The search text of `text[start:end]` with the edits applied; its offsets are positions in `text`."""
    table = _table()
    parts: list[str] = []
    runs: list[Run] = []
    length = 0
    joinable = False  # whether the last run maps characters that no edit touched, one to one

    def add(form: str, original_start: int, original_end: int, even: bool) -> None:
        nonlocal length, joinable
        if not form:
            return
        joins, joinable = even and joinable, even
        first = length
        length += len(form)
        parts.append(form)
        if joins and runs[-1][3] == original_start:
            runs[-1] = (runs[-1][0], length, runs[-1][2], original_end)
            return
        if not even and 1 < len(form) == original_end - original_start:
            # equal lengths would read as one to one: two runs over the same original keep it whole
            runs.append((first, first + 1, original_start, original_end))
            first += 1
        runs.append((first, length, original_start, original_end))

    for piece in _pieces(start, end, edits):
        if piece.replacement is not None:
            add(piece.replacement.translate(table), piece.start, piece.end, False)
            continue
        segment = text[piece.start : piece.end]
        form = segment.translate(table)
        if table.uneven.isdisjoint(segment):
            add(form, piece.start, piece.end, True)
            continue
        position = piece.start
        for match in re.finditer(f"[{re.escape(''.join(table.uneven))}]", segment):
            odd = piece.start + match.start()
            add(text[position:odd].translate(table), position, odd, True)
            add(table[ord(match[0])], odd, odd + 1, False)
            position = odd + 1
        add(text[position : piece.end].translate(table), position, piece.end, True)
    return Folded("".join(parts), tuple(runs))


def clean_reading(text: str, start: int, end: int, edits: Sequence[Edit]) -> str:
    """`text[start:end]` with the edits applied and nothing folded: what an answer shows."""
    return "".join(
        text[piece.start : piece.end] if piece.replacement is None else piece.replacement
        for piece in _pieces(start, end, edits)
    )
