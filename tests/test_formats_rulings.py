from hypothesis import given
from hypothesis import strategies as st

from index.formats.rulings import Ruling, grids, ruling


def box(x0: float, y0: float, x1: float, y1: float) -> list[Ruling]:
    return [
        Ruling(True, y0, x0, x1),
        Ruling(True, y1, x0, x1),
        Ruling(False, x0, y0, y1),
        Ruling(False, x1, y0, y1),
    ]


def test_only_straight_lines_of_some_length_are_rulings() -> None:
    assert ruling(0, 5, 100, 5.4) == Ruling(True, 5.2, 0, 100)
    assert ruling(7, 90, 7, 10) == Ruling(False, 7, 10, 90)
    assert ruling(0, 0, 50, 50) is None
    assert ruling(0, 0, 2, 0) is None


def test_a_grid_knows_the_cell_of_a_place() -> None:
    drawn = [Ruling(True, y, 0, 90) for y in (0, 20, 40)] + [Ruling(False, x, 0, 40) for x in (0, 30, 60, 90)]
    (grid,) = grids(drawn)
    assert (grid.xs, grid.ys, grid.merged) == ([0, 30, 60, 90], [0, 20, 40], [])
    assert grid.cell(45, 10) == (0, 1)
    assert grid.cell(89, 39) == (1, 2)
    assert grid.cell(200, 10) is None


def test_boxes_drawn_side_by_side_are_one_grid() -> None:
    drawn = [r for x in (0, 30) for y in (0, 20) for r in box(x, y, x + 30, y + 20)]
    (grid,) = grids(drawn)
    assert (grid.xs, grid.ys) == ([0, 30, 60], [0, 20, 40])


def test_cells_without_a_line_between_them_are_merged() -> None:
    drawn = [*box(0, 0, 90, 60), Ruling(True, 20, 0, 90), Ruling(True, 40, 30, 90), Ruling(False, 30, 0, 60)]
    drawn.append(Ruling(False, 60, 20, 60))
    (grid,) = grids(drawn)
    assert sorted(grid.merged) == [(0, 1, 0, 2), (1, 0, 2, 0)]
    assert grid.cell(10, 50) == (1, 0)
    assert grid.cell(80, 10) == (0, 1)


def test_a_table_may_be_open_at_its_sides() -> None:
    drawn = [Ruling(True, y, 0, 90) for y in (0, 20, 40)] + [Ruling(False, 50, 0, 40)]
    (grid,) = grids(drawn)
    assert grid.xs == [0, 50, 90]


def test_a_frame_or_a_single_line_is_no_table() -> None:
    assert grids(box(0, 0, 500, 700)) == []
    assert grids([*box(0, 0, 500, 700), Ruling(True, 30, 0, 500)]) == []
    assert grids([Ruling(True, 30, 0, 500)]) == []
    assert grids([]) == []


def test_two_tables_are_two_grids() -> None:
    one = [Ruling(True, y, 0, 60) for y in (0, 20, 40)] + [Ruling(False, x, 0, 40) for x in (0, 30, 60)]
    two = [
        Ruling(r.level, r.at + 100, r.start, r.end) if r.level else Ruling(False, r.at, 100, 140) for r in one
    ]
    assert len(grids([*one, *two])) == 2


@given(
    st.lists(
        st.tuples(st.booleans(), st.integers(0, 60), st.integers(0, 60), st.integers(6, 60)), max_size=25
    ),
    st.integers(0, 120),
    st.integers(0, 120),
)
def test_any_rulings_give_whole_grids(drawn: list[tuple[bool, int, int, int]], x: int, y: int) -> None:
    for grid in grids([Ruling(level, at, start, start + length) for level, at, start, length in drawn]):
        assert grid.xs == sorted(grid.xs)
        assert len(grid.xs) > 2
        assert len(grid.ys) > 1
        if place := grid.cell(x, y):
            assert 0 <= place[0] < len(grid.ys) - 1
            assert 0 <= place[1] < len(grid.xs) - 1
