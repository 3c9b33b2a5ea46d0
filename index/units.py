"""Units of figures: how text writes them and their normal form."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as folded text writes it; its normal form is `factor` times `normal` (公里 = 1000 米)."""

    written: str
    normal: str
    factor: Decimal
    kind: str
    """`measure` (元, 年, 米), `counter` (家, 项), or `arabic`: a counter behind Arabic digits only, since
    behind a Chinese numeral it names things (三级医院, 一方)."""
    not_before: str
    """Characters that, right behind it, make another word (支持, 部门, 条件)."""


def read_unit(folded: str, at: int) -> Unit | None:
    """Return the longest unit that stands at `at`, None if none does."""
    match = _pattern().match(folded, at)
    return _units()[match[0]] if match else None


@cache
def _units() -> dict[str, Unit]:
    table = files("index").joinpath("data/units.tsv").read_text(encoding="utf-8")
    units = {}
    for line in table.splitlines()[1:]:
        written, normal, factor, kind, not_before = [*line.split("\t"), ""][:5]
        units[written] = Unit(written, normal, Decimal(factor), kind, not_before)
    return units


@cache
def _pattern() -> re.Pattern[str]:
    longest_first: Iterable[Unit] = sorted(_units().values(), key=lambda unit: -len(unit.written))
    return re.compile(
        "|".join(
            re.escape(unit.written) + (f"(?![{unit.not_before}])" if unit.not_before else "")
            for unit in longest_first
        )
    )
