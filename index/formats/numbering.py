"""Numbering: the numbers of list paragraphs, which Word files state as rules, counted as Word counts them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.formats.package import attribute, local

if TYPE_CHECKING:
    from lxml.etree import _Element

_LEVELS = 9
_MAX_LABEL = 40
_PLACE = re.compile(r"%([1-9])")
_ENDS_ITSELF = tuple("、，。：:；）)】〕」．　 ")
_BULLET = "•"

_DIGITS = "零一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"


def _chinese(number: int, digits: str = _DIGITS, units: str = "十百千") -> str:
    if not 0 < number < 10_000:
        return str(number)
    parts: list[str] = []
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            parts.append(digits[digit] + (units[power - 1] if power else ""))
        elif parts and parts[-1] != digits[0]:
            parts.append(digits[0])
    shown = "".join(parts).rstrip(digits[0])
    return shown.removeprefix(digits[1]) if digits is _DIGITS and number < 20 and number >= 10 else shown


def _roman(number: int) -> str:
    if not 0 < number < 4_000:
        return str(number)
    shown = ""
    for value, letters in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        count, number = divmod(number, value)
        shown += letters * count
    return shown


def _letters(number: int) -> str:
    """a to z, then aa to zz, as Word counts."""
    return chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 5) if number > 0 else str(number)


def _of(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if 0 < number <= len(signs) else str(number)


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": lambda number: str(number).translate(
        {48 + digit: 0xFF10 + digit for digit in range(10)}
    ),
    "decimalEnclosedCircle": _of("".join(map(chr, [*range(0x2460, 0x2474), *range(0x3251, 0x3260)]))),
    "decimalEnclosedCircleChinese": _of("".join(map(chr, range(0x2460, 0x2474)))),
    "decimalEnclosedParen": _of("".join(map(chr, range(0x2474, 0x2488)))),
    "ideographEnclosedCircle": _of("".join(map(chr, range(0x3280, 0x328A)))),
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperRoman": _roman,
    "ideographTraditional": _of(_STEMS),
    "ideographZodiac": _of(_BRANCHES),
    "chineseLegalSimplified": lambda number: _chinese(number, _LEGAL, "拾佰仟"),
    "ideographLegalTraditional": lambda number: _chinese(number, "零壹貳參肆伍陸柒捌玖", "拾佰仟"),
    "ideographDigital": lambda number: "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number)),
    **dict.fromkeys(
        [
            "chineseCounting",
            "chineseCountingThousand",
            "japaneseCounting",
            "taiwaneseCounting",
            "taiwaneseCountingThousand",
            "ideographDigitalThousand",
        ],
        _chinese,
    ),
}
"""How each format of numbers shows one; any other shows it in digits."""


@dataclass(slots=True)
class _Level:
    shown: str = "decimal"
    text: str = ""
    start: int = 1
    legal: bool = False
    """Whether the numbers of the levels above are shown in digits."""


@dataclass(slots=True)
class _List:
    levels: list[_Level]
    counts: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)


class Numbering:
    """The lists of a file; `label` counts, so paragraphs are asked in their order, each once."""

    def __init__(self, root: "_Element | None") -> None:
        lists: dict[str, _List] = {}
        self._lists: dict[str, _List] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        self._by_style: dict[str, tuple[str, int]] = {}
        for element in [] if root is None else root:
            if local(element) == "abstractNum":
                lists[attribute(element, "abstractNumId")] = _List(_levels(element))
            elif local(element) == "num":
                identifier = attribute(element, "numId")
                for child in element:
                    if local(child) == "abstractNumId" and (named := lists.get(attribute(child, "val"))):
                        self._lists[identifier] = named
                    elif local(child) == "lvlOverride":
                        self._override(identifier, child)

    def _override(self, identifier: str, element: "_Element") -> None:
        level = _whole(attribute(element, "ilvl"))
        for child in element:
            if local(child) == "startOverride":
                self._restarts.setdefault(identifier, {})[level] = _whole(attribute(child, "val"), 1)

    def label(self, identifier: str, level: int) -> str:
        """What stands before a paragraph of a list, with the space behind it; empty where nothing does."""
        listed = self._lists.get(identifier)
        if listed is None or not 0 <= level < len(listed.levels):
            return ""
        about = listed.levels[level]
        restart = self._restarts.get(identifier, {}).pop(level, None)
        count = listed.counts[level]
        following = about.start if count is None else count + 1
        count = following if restart is None else restart
        listed.counts[level] = count
        listed.counts[level + 1 :] = [None] * (_LEVELS - level - 1)
        if about.shown == "bullet":
            return f"{_BULLET} "
        if about.shown == "none":
            return ""

        def number(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            if place >= len(listed.levels):
                return ""
            other = listed.levels[place]
            value = listed.counts[place]
            show = str if about.legal else _FORMATS.get(other.shown, str)
            return show(other.start if value is None else value)

        shown = _PLACE.sub(number, about.text)[:_MAX_LABEL]
        return shown if not shown or shown.endswith(_ENDS_ITSELF) else f"{shown} "


def _levels(element: "_Element") -> list[_Level]:
    levels = [_Level() for _ in range(_LEVELS)]
    for child in element:
        place = _whole(attribute(child, "ilvl"))
        if local(child) != "lvl" or not 0 <= place < _LEVELS:
            continue
        level = levels[place]
        for about in child:
            value = attribute(about, "val")
            if local(about) == "numFmt":
                level.shown = value
            elif local(about) == "lvlText":
                level.text = value
            elif local(about) == "start":
                level.start = _whole(value, 1)
            elif local(about) == "isLgl":
                level.legal = value not in ("0", "false")
    return levels


def _whole(text: str, other: int = 0) -> int:
    return int(text) if re.fullmatch(r"\d{1,6}", text) else other
