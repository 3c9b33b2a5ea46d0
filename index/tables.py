"""Tables: which lines of an article are rows of a table, and what its header row says.

Pipe tables as Markdown writes them, and lines whose cells are set apart by tabs or by runs of spaces.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

CELL = re.compile(r"(?<!\\)\|")
"""What stands between the cells of a pipe table; `\\|` is a character of a cell."""

RULE = re.compile(r"^[ \t\u3000]*\|?(?:[ \t]*:?-{3,}:?[ \t]*\|)+(?:[ \t]*:?-{3,}:?)?[ \t]*$", re.MULTILINE)
"""The line behind a header row, which says nothing."""

_GAP = re.compile(r"\t+|[ \u3000]{2,}")
_ALIGNED_ROWS = 3
"""Aligned lines that make a table: two may be an accident of layout."""
_CELL_LENGTH = 40
"""A longer cell is a sentence: then the gaps are not those of a table."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table."""

    first: bool
    header: str
    """What the header row of its table says, empty where the first row is none."""


def is_piped(line: str) -> bool:
    """Whether a line is a row of a pipe table."""
    return line[:1] == "|" and CELL.search(line, 1) is not None


def find_rows(lines: Sequence[str], ruled: Sequence[bool]) -> list[Row | None]:
    """What each line is as a row, None if it is none.

    The lines have no white space around them; `ruled` says which have a rule right above them.
    """
    rows: list[Row | None] = [None] * len(lines)
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and is_piped(lines[end]):
            end += 1
        cells = [_piped(line) for line in lines[start:end]] or _aligned(lines, start)
        end = start + len(cells)
        if cells:
            header = ""
            if len(cells) > 1 and (ruled[start + 1] or _is_header(cells)):
                header = " ".join(cell for cell in cells[0] if cell)
            rows[start:end] = [Row(number == 0, header) for number in range(len(cells))]
        start = max(end, start + 1)
    return rows


def _piped(line: str) -> list[str]:
    cells = CELL.split(line)[1:]
    if cells and not cells[-1].strip():
        cells.pop()
    return [cell.strip().replace("\\|", "|") for cell in cells]


def _aligned(lines: Sequence[str], start: int) -> list[list[str]]:
    """The cells of the aligned lines from `start` on that make a table, none if they do not."""
    cells: list[list[str]] = []
    for number in range(start, len(lines)):
        found = _GAP.split(lines[number])
        if len(found) < 2 or (cells and len(found) != len(cells[0])) or max(map(len, found)) > _CELL_LENGTH:
            break
        cells.append(found)
    return cells if len(cells) >= _ALIGNED_ROWS else []


def _is_header(cells: Sequence[Sequence[str]]) -> bool:
    """Whether a first row without a rule is a header: it has no figure, and each row below has one."""
    return not any(map(_has_digit, cells[0])) and all(any(map(_has_digit, row)) for row in cells[1:])


def _has_digit(cell: str) -> bool:
    return any(character.isdigit() for character in cell)
