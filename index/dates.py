"""Dates and periods: reads the day, month, year or range of years that a text names."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from index.numerals import fold_aligned, parse_numeral


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `start` to `end`, both included, named in `text[text_start:text_end]`."""

    start: date
    end: date
    text_start: int
    text_end: int


def parse_date(text: str) -> date | None:
    """Return the first full date in `text`, None without one.

    2023-07-28 16：40, 2023/7/28, 20230728, 2023年7月28日, 二〇二三年七月二十八日.
    """
    for match in _FULL_DATE.finditer(fold_aligned(text)):
        month, day = match["m1"] or match["m2"] or match["m3"], match["d1"] or match["d2"] or match["d3"]
        found = _days(_number(match["y"]), _number(month), _number(day))
        if found:
            return found[0]
    return None


def find_periods(text: str, reference: date | None = None) -> list[Period]:
    """Return the periods named in `text`, in order, not overlapping; text may be raw or folded.

    Years, months, days, halves and quarters of a year, ranges (2024-2027年), decades and five-year plans
    (“十四五”); 截至2021年底 and 2021年前 give the whole year. 今年, 去年 ... and months without a year
    count only with a `reference`, whose year they are read in.
    """
    return [
        Period(*span, match.start(), match.end())
        for match in _PERIOD.finditer(fold_aligned(text))
        if (span := _read(match, reference))
    ]


def date_spans(folded: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of folded text that name a date, those without a year included (7月27日)."""
    for match in _PERIOD.finditer(folded):
        yield match.span()


_YEAR = "(?:(?:19|20)[0-9]{2}|[一二][〇零○o0九][〇零○o0一二三四五六七八九]{2})"
_MONTH = "(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九正元])"
_DAY = "(?:3[01]|[12][0-9]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_DASH = r"(?:\s?(?:[-—–―─~至到]|--|——)\s?)"
_PART = "上半年|下半年|前三个?季度|第?[一二三四1-4]季度|年?[初底末终]|年中"
_YEAR_END = r"(?:\s?年度?|(?![0-9a-z%.,\u4e00-\u9fff]))"
_NUMERIC = r"(?:1[0-2]|0?[1-9])", r"(?:3[01]|[12][0-9]|0?[1-9])"

_FULL_DATE = re.compile(
    rf"(?<![0-9])(?P<y>{_YEAR})\s?(?:年\s?(?P<m1>{_MONTH})\s?月\s?(?P<d1>{_DAY})\s?[日号]?"
    rf"|(?P<sep>[-/.])\s?(?P<m2>{_NUMERIC[0]})\s?(?P=sep)\s?(?P<d2>{_NUMERIC[1]})(?![0-9])"
    r"|(?P<m3>1[0-2]|0[1-9])(?P<d3>3[01]|[12][0-9]|0[1-9])(?![0-9]))"
)


def _tail(n: int) -> str:
    """Month, day or part of a year; a range may leave out 月 and 日 on its left side (1-6月, 28-29日)."""
    return (
        rf"(?:(?P<m{n}>{_MONTH})\s?(?:月份?|(?={_DASH}{_MONTH}\s?月))"
        rf"(?:\s?(?P<d{n}>{_DAY})\s?(?:[日号]|(?={_DASH}{_DAY}\s?[日号])))?|(?P<p{n}>{_PART}))"
    )


_RELATIVE = {"前年": -2, "去年": -1, "上年": -1, "今年": 0, "本年": 0, "明年": 1, "后年": 2}
_RELATIVE_YEAR = (
    "(?:(?<!如)今年(?![轻纪])|(?<!过)去年|(?<!清)明年|(?<![成资基])本年|(?<![以向])上年"
    # 目前年均, 达产后年产值: these two count only where a word can begin
    r"|(?:(?<![\u4e00-\u9fff])|(?<=[到在于至和或与比较从及]))(?:前年(?!满)|后年))度?"
)
_LEFT = (
    rf"(?:(?:(?P<y1>{_YEAR})\s?(?:年度?|(?={_DASH}{_YEAR}{_YEAR_END}|[上下]半年|[一二三四]季度))"
    rf"|(?P<s1>[0-4][0-9])年(?=\s?(?:{_MONTH}\s?月|[上下]半年))"
    rf"|(?P<r1>{_RELATIVE_YEAR}))(?:\s?的?{_tail(1)})?|(?P<lone>){_tail(9)})"
)
_RIGHT = (
    rf"(?:(?P<y2>{_YEAR}|[0-9]{{2}}(?=年)){_YEAR_END}(?:\s?{_tail(2)})?|{_tail(3)}|(?P<dd>{_DAY})\s?[日号])"
)
_COUNTED = (
    "〇零一二两三四五六七八九十百千万亿余多个家项名人次元台套件条户位吨米亩公平立克度"
    "种类所座场支批份间张只头栋株"
)
_PERIOD = re.compile(
    # 2023-07-28, 2023-07, 20世纪90年代, 十四五
    rf"(?<![0-9])(?P<ny>{_YEAR})(?P<sep>[-/.])(?P<nm>{_NUMERIC[0]})(?P=sep)(?P<nd>{_NUMERIC[1]})(?![0-9])"
    rf"|(?<![0-9])(?P<my>{_YEAR})[-/](?P<mm>0[1-9]|1[0-2])(?![-/0-9年])"
    r"|(?P<century>[0-9]{1,2}|二十一?|上)世纪(?P<decade>[0-9]0|[一二三四五六七八九]十)年代"
    r"|(?P<plan>十[一二三四五]五)(?!年)"
    rf"|(?<![0-9〇一二三四五六七八九十百千万亿第]){_LEFT}(?:{_DASH}{_RIGHT})?"
    # a year without 年: (2019), 〔2024〕5号, 2020世界大会
    rf"|(?<=[(\[〔])(?P<bare>{_YEAR})(?=[)\]〕])"
    rf"|(?<![0-9a-z.\-/])(?P<named>20(?:0[1-9]|[1-4][0-9]))(?=[\u4e00-\u9fff])(?![{_COUNTED}])"
)


def _read(match: re.Match[str], reference: date | None) -> tuple[date, date] | None:
    """The first and last day of what `_PERIOD` matched, None if it is no date or lacks its year."""
    got = match.groupdict()
    if got["plan"]:
        first = 2001 + 5 * (_number(got["plan"][1]) or 0)
        return date(first, 1, 1), date(first + 4, 12, 31)
    if got["decade"]:
        century = 20 if got["century"] == "上" else _number(got["century"])
        first = (century or 20) * 100 - 100 + (_number(got["decade"]) or 0)
        return date(first, 1, 1), date(first + 9, 12, 31)
    whole = got["ny"] or got["my"] or got["bare"] or got["named"]
    if whole:
        return _days(_number(whole), _number(got["nm"] or got["mm"]), _number(got["nd"]))
    return _read_range(got, reference)


def _read_range(got: dict[str, str | None], reference: date | None) -> tuple[date, date] | None:
    year = _number(got["y1"])
    if got["s1"]:
        year = 2000 + int(got["s1"])
    elif year is None and reference:
        year = reference.year + _RELATIVE.get((got["r1"] or "今年")[:2], 0)
    month, day, part = (
        _number(got["m1"] or got["m9"]),
        _number(got["d1"] or got["d9"]),
        got["p1"] or got["p9"],
    )
    if year is None or (got["lone"] is not None and part and "季度" not in part and "半年" not in part):
        return None
    left = _days(year, month, day, part)
    last_year = _number(got["y2"])
    if last_year is not None and last_year < 100:
        last_year += year // 100 * 100
    last_month, last_day = _number(got["m2"] or got["m3"]), _number(got["d2"] or got["d3"] or got["dd"])
    last_part = got["p2"] or got["p3"]
    if not left or not (last_year or last_month or last_day or last_part):
        return left
    if got["dd"]:
        last_month = month
    if last_year is None:
        last_year = year + (month is not None and last_month is not None and last_month < month)
    right = _days(last_year, last_month, last_day, last_part)
    return (left[0], right[1]) if right and left[0] <= right[1] else left


def _days(
    year: int | None, month: int | None, day: int | None, part: str | None = None
) -> tuple[date, date] | None:
    """The first and last day of a year, its part, a month or a day; None for a day that does not exist."""
    if year is None:
        return None
    first, last = 1, 12
    if month is not None:
        first = last = month
    elif part and "半年" in part:
        first, last = (1, 6) if part.startswith("上") else (7, 12)
    elif part and part.startswith("前"):
        last = 9
    elif part and "季度" in part:
        quarter = _number(part.lstrip("第")[0]) or 1
        first, last = quarter * 3 - 2, quarter * 3
    length = monthrange(year, last)[1]
    if day is not None and day > length:
        return None
    return date(year, first, day or 1), date(year, last, day or length)


def _number(text: str | None) -> int | None:
    if not text:
        return None
    text = text.replace("o", "0")
    return int(text) if text.isascii() else {"正": 1, "元": 1}.get(text) or parse_numeral(text)
