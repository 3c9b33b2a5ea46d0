"""Rulings: the lines that are drawn on a page become the grids of its tables."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

MAX_RULINGS = 2_000
"""Of a page; one with more holds a drawing, no table."""
MAX_CELLS = 10_000

_NEAR = 3.0
"""Points within which two lines are one."""
_SHORT = 6.0
_COVERED = 0.6
"""Share of a cell's side that is drawn where the side parts two cells."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A line, level (at the height `at`, from left to right) or upright (at the distance `at`, downwards)."""

    level: bool
    at: float
    start: float
    end: float


@dataclass(slots=True)
class Grid:
    """A table's columns and rows by their edges, and the cells that cover several of them."""

    xs: list[float]
    ys: list[float]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Top row, left column, bottom row and right column of each, both ends included."""
    first: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    """For the row and column of each cell that is merged, those of the first."""

    def cell(self, x: float, y: float) -> tuple[int, int] | None:
        """The row and column of a place, those of its first cell where several are merged."""
        row, column = _place(self.ys, y), _place(self.xs, x)
        if row is None or column is None:
            return None
        return self.first.get((row, column), (row, column))


def ruling(x0: float, y0: float, x1: float, y1: float) -> Ruling | None:
    """The ruling between two points; None where it is slanted or short."""
    width, height = abs(x1 - x0), abs(y1 - y0)
    if height <= 1 and width >= _SHORT:
        return Ruling(True, (y0 + y1) / 2, min(x0, x1), max(x0, x1))
    if width <= 1 and height >= _SHORT:
        return Ruling(False, (x0 + x1) / 2, min(y0, y1), max(y0, y1))
    return None


def grids(rulings: Sequence[Ruling]) -> list[Grid]:
    """The grids of at least two columns that rulings form; one of a single row may go on on another page."""
    if len(rulings) > MAX_RULINGS:
        return []
    level, upright = _joined(r for r in rulings if r.level), _joined(r for r in rulings if not r.level)
    groups = list(range(len(level) + len(upright)))

    def group(place: int) -> int:
        while groups[place] != place:
            groups[place] = groups[groups[place]]
            place = groups[place]
        return place

    for across, row in enumerate(level):
        for down, column in enumerate(upright, len(level)):
            if _cross(row, column):
                groups[group(across)] = group(down)
    found = []
    for number in sorted({group(place) for place in range(len(groups))}):
        rows = [r for place, r in enumerate(level) if group(place) == number]
        columns = [r for place, r in enumerate(upright, len(level)) if group(place) == number]
        if rows and columns and (grid := _grid(rows, columns)):
            found.append(grid)
    return found


def _cross(row: Ruling, column: Ruling) -> bool:
    return (
        row.start - _NEAR <= column.at <= row.end + _NEAR
        and column.start - _NEAR <= row.at <= column.end + _NEAR
    )


def _joined(rulings: Iterable[Ruling]) -> list[Ruling]:
    """The rulings, those that go on in one line joined."""
    joined: list[Ruling] = []
    for one in sorted(rulings, key=lambda r: (round(r.at / _NEAR), r.start)):
        last = joined[-1] if joined else None
        if last and abs(last.at - one.at) <= _NEAR and one.start <= last.end + _NEAR:
            joined[-1] = Ruling(one.level, last.at, last.start, max(last.end, one.end))
        else:
            joined.append(one)
    return joined


def _grid(rows: Sequence[Ruling], columns: Sequence[Ruling]) -> Grid | None:
    xs = _edges([r.at for r in columns] + [r.start for r in rows] + [r.end for r in rows])
    ys = _edges([r.at for r in rows] + [r.start for r in columns] + [r.end for r in columns])
    across, down = len(xs) - 1, len(ys) - 1
    if across < 2 or across * down > MAX_CELLS:
        return None
    grid = Grid(xs, ys)
    at_x, at_y = (
        [[r for r in rulings if abs(r.at - edge) <= _NEAR] for edge in edges]
        for rulings, edges in ((columns, xs), (rows, ys))
    )
    taken: set[tuple[int, int]] = set()
    for row in range(down):
        for column in range(across):
            if (row, column) in taken:
                continue
            right = column
            while right + 1 < across and not _drawn(at_x[right + 1], ys[row], ys[row + 1]):
                right += 1
            bottom = row
            while bottom + 1 < down and not any(
                _drawn(at_y[bottom + 1], xs[place], xs[place + 1]) for place in range(column, right + 1)
            ):
                bottom += 1
            covered = [(r, c) for r in range(row, bottom + 1) for c in range(column, right + 1)]
            taken.update(covered)
            if len(covered) > 1:
                grid.merged.append((row, column, bottom, right))
                grid.first.update((place, (row, column)) for place in covered)
    return grid


def _edges(places: Sequence[float]) -> list[float]:
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > _NEAR:
            edges.append(place)
    return edges


def _drawn(rulings: Sequence[Ruling], start: float, end: float) -> bool:
    return any(min(r.end, end) - max(r.start, start) >= _COVERED * (end - start) for r in rulings)


def _place(edges: Sequence[float], at: float) -> int | None:
    place = bisect_right(edges, at) - 1
    return place if 0 <= place < len(edges) - 1 else None
