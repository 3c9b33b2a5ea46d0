"""Numbers of a sheet as their number format shows them: 2024-05-01, 15%, 1,000.00, ¥20."""

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

BUILTIN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    14: "yyyy-mm-dd",
    15: "yyyy-mm-dd",
    16: "mm-dd",
    17: "yyyy-mm",
    18: "h:mm",
    19: "h:mm:ss",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy-mm-dd h:mm",
    27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"',
    29: 'm"月"d"日"',
    30: "yyyy-mm-dd",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"',
    37: "#,##0",
    38: "#,##0",
    39: "#,##0.00",
    40: "#,##0.00",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss",
    48: "0.0E+0",
    50: 'yyyy"年"m"月"',
    57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}
"""Number formats that files name by number alone; dates as China writes them."""

_DAY_ONE = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}
_LAST_DAY = 2_958_466
_MAX_DECIMALS = 30
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[(?P<elapsed>[hms]+)\]|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[[^\]]*\]'
    r"|(?P<half>AM/PM|A/P|上午/下午)|(?P<date>y+|m+|d+|h+|s+(?:\.0+)?|e(?![+-]))|(?P<number>[0#?][0#?,]*(?:\.[0#?]*)?|\.[0#?]+)"
    r"|(?P<power>E[+-]0+)|(?P<general>General|G/通用格式)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_FOREIGN_DAY = re.compile(r"(?:m{1,4}|d{1,4})([/.-])(?:m{1,4}|d{1,4})\1y+", re.IGNORECASE)
_Token = tuple[str, str]


def show(value: float, code: str, *, from_1904: bool = False) -> str:
    """A number as the format `code` shows it; a code that says nothing shows the number itself."""
    sections = _sections(code)
    section = sections[0]
    if value < 0 and len(sections) > 1:
        section, value = sections[1], -value
    elif value == 0 and len(sections) > 2:
        section = sections[2]
    kinds = {kind for kind, _ in section}
    if kinds & {"date", "elapsed"}:
        if 0 <= value < _LAST_DAY:
            return _date(value, section, from_1904)
        return plain(value)
    if "number" not in kinds:
        shown = "".join(
            plain(value) if kind == "general" else text for kind, text in section if kind != "other"
        )
        return shown if kinds & {"general", "quoted", "escaped"} else plain(value)
    return _number(value, section)


def plain(value: float) -> str:
    """A number without a format: all digits of a whole one, 15 significant ones of any other."""
    if value == int(value) and abs(value) < 1e16:
        return str(int(value))
    shown = f"{value:.15g}"
    return format(Decimal(shown), "f") if 1e-9 < abs(value) < 1e21 else shown


@lru_cache(1000)
def _sections(code: str) -> tuple[tuple[_Token, ...], ...]:
    """The parts for positive, negative and zero, as tokens of a kind and a text."""
    sections: list[list[_Token]] = [[]]
    for match in _TOKEN.finditer(_FOREIGN_DAY.sub("yyyy-mm-dd", code)):
        kind = match.lastgroup or ""
        if kind == "other" and match["other"] == ";":
            sections.append([])
        elif kind:
            sections[-1].append((kind, match[kind]))
    return tuple(tuple(section) for section in sections)


def _number(value: float, section: tuple[_Token, ...]) -> str:
    pattern = next(text for kind, text in section if kind == "number")
    if any(kind == "power" for kind, _ in section) or any(text == "/" for _, text in section):
        return plain(value)  # powers of ten and fractions
    whole, _, decimals = pattern.partition(".")
    number = Decimal(repr(value))
    number = number.scaleb(2 * sum(text == "%" for kind, text in section if kind == "other"))
    number = number.scaleb(-3 * (len(whole) - len(whole.rstrip(","))))
    wanted = decimals.count("0") + decimals.count("#") + decimals.count("?")
    try:
        number = number.quantize(Decimal(1).scaleb(-min(wanted, _MAX_DECIMALS)), ROUND_HALF_UP)
    except InvalidOperation:
        return plain(value)
    grouped = "," in whole.rstrip(",")
    shown = format(abs(number), ",f" if grouped else "f")
    if "." in shown:
        least = len(decimals.rstrip("#?"))
        head, _, tail = shown.partition(".")
        tail = tail[:least] + tail[least:].rstrip("0")
        shown = head + ("." + tail if tail else "")
    digits = whole.count("0")
    if not grouped and digits > 1:  # 0000: leading zeros
        head, dot, tail = shown.partition(".")
        shown = head.zfill(digits) + dot + tail
    parts = []
    for kind, text in section:
        if kind == "number":
            parts.append(shown if text == pattern else "")
            pattern = ""
        else:
            parts.append(text)
    return ("-" if number < 0 else "") + "".join(parts).strip()


def _date(value: float, section: tuple[_Token, ...], from_1904: bool) -> str:
    moment = _DAY_ONE[from_1904] + timedelta(seconds=round(value * 86_400))
    half = any(kind == "half" for kind, _ in section)
    hours_before = [False] * len(section)
    latest = ""
    for place, (kind, text) in enumerate(section):
        if kind in ("date", "elapsed"):
            hours_before[place] = latest in ("h", "s")
            latest = text[0].lower()
    parts = []
    for place, (kind, text) in enumerate(section):
        if kind == "half":
            parts.append("上午" if moment.hour < 12 else "下午")
        elif kind == "elapsed":
            parts.append(str(int(value * {"h": 24, "m": 1440, "s": 86_400}[text[0].lower()] + 1e-6)))
        elif kind == "date":
            following = next((t[0].lower() for k, t in section[place + 1 :] if k == "date"), "")
            minutes = text[0].lower() == "m" and (hours_before[place] or following == "s") and len(text) < 3
            parts.append(_date_part(moment, text.lower(), minutes, half))
        else:
            parts.append(text)
    return "".join(parts).strip()


def _date_part(moment: datetime, token: str, minutes: bool, half: bool) -> str:
    letter, length = token[0], len(token)
    if letter in "ye":
        return f"{moment.year:04d}" if length > 2 or letter == "e" else f"{moment.year % 100:02d}"
    if letter == "d" and length > 2:
        return ("星期" if length > 3 else "周") + "一二三四五六日"[moment.weekday()]
    if letter == "m" and not minutes:
        number = moment.month
    elif letter == "m":
        number = moment.minute
    elif letter == "d":
        number = moment.day
    elif letter == "h":
        number = (moment.hour + 11) % 12 + 1 if half else moment.hour
    else:
        number = moment.second
    return f"{number:02d}" if length > 1 else str(number)
