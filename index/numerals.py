"""Numbers as Chinese text writes them: 2,000万, 两千余万, 三点五亿; and folding that keeps every offset."""

import re
from dataclasses import dataclass
from decimal import Decimal

from index.folding import fold

DIGITS: dict[str, int] = {
    **dict(zip("〇零一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)),
    **dict(zip("○壹贰叁肆伍陆柒捌玖两", (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 2), strict=True)),
}
SCALES: dict[str, int] = {
    "十": 10,
    "拾": 10,
    "百": 100,
    "佰": 100,
    "千": 1000,
    "仟": 1000,
    "万": 10**4,
    "亿": 10**8,
}
FORMAL = "[壹贰叁肆伍陆柒捌玖拾佰仟]"
"""Digits of contracts and invoices; most are ordinary characters too (大陆, 队伍, 收拾)."""
NUMERAL = f"(?:[〇零○一二两三四五六七八九十百千万亿]|{FORMAL}(?={FORMAL}|[零万亿]|[元圆整])|(?<={FORMAL})零)"

_D = "[一二两三四五六七八九壹贰叁肆伍陆柒捌玖]"
_SECTION = re.compile(
    f"(?P<thousands>{_D}?[千仟])?(?P<hundreds>[零〇]?{_D}[百佰]|^[百佰])?"
    f"(?P<tens>[零〇]?{_D}[十拾]|^[十拾])?(?P<ones>[零〇]?{_D}?)"
)
_LISTED = re.compile("[\u2460-\u24ff\u2776-\u2793\u3220-\u3229\u3280-\u3289]")
"""Circled and bracketed numbers mark the items of a list; folded they would read as amounts."""


class _AlignedTable(dict[int, str]):
    """The table of `fold_aligned`, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = fold(char)
        self[code] = char if len(folded) != 1 or _LISTED.match(char) else folded
        return self[code]


_ALIGNED = _AlignedTable()


def fold_aligned(text: str) -> str:
    """Return `text` folded, of the same length, so that every offset holds for both.

    A code point whose folded form is not one code point (㎡, ½, ①) stays as it is.
    """
    return text.translate(_ALIGNED)


def parse_numeral(text: str) -> int | None:
    """Return the value of a Chinese numeral (十二, 两千万, 二〇二四, 三万五), None if it is ill-formed."""
    if not text:
        return None
    if all(char in DIGITS for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    for mark in ("亿", "万"):
        head, found, tail = text.rpartition(mark)
        if found:
            high = parse_numeral(head) if head else 1
            low = _tail(tail, SCALES[mark])
            if high is None or low is None or (mark == "万" and high >= SCALES[mark]):
                return None
            return high * SCALES[mark] + low
    match = _SECTION.fullmatch(text)
    if match is None:
        return None
    total = last = 0
    for name, scale in (("thousands", 1000), ("hundreds", 100), ("tens", 10)):
        part = match[name]
        if part:
            total += scale * DIGITS.get(part.lstrip("零〇")[0], 1)
            last = scale
    return total + (_tail(match["ones"], last) or 0)


def _tail(text: str, scale: int) -> int | None:
    """The value of what stands behind a scale: 三万五 means 35000, 三万零五 means 30005."""
    if len(text) == 1 and scale >= 100 and DIGITS.get(text):
        return DIGITS[text] * scale // 10
    value = parse_numeral(text.lstrip("零〇")) if text.strip("零〇") else 0
    return value if value is None or value < scale else None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that ends at `end`; `scale` is the 万 or 亿 it ends with, which a range shares (5-10万)."""

    value: Decimal
    scale: int
    end: int
    approximate: bool
    arabic: bool


_SCALE = "[百千]?万?亿|[百千]?万|[百千]"
_ARABIC = re.compile(
    r"(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]{1,4}(?: 0000)+(?![0-9])"
    r"|[0-9]+(?:\.[0-9]+)?)"
    rf"(?:\s?(?P<more>[余多])?\s?(?P<scale>{_SCALE}))?(?P<more2>[余多])?"
)
_HAN = re.compile(
    rf"(?P<number>{NUMERAL}+)(?:点(?P<decimals>[〇零一二三四五六七八九]+))?"
    "(?P<more>[余多来](?=[万亿]))?(?P<scale>[万亿]*)(?P<more2>[余多来])?"
)


def read_quantity(folded: str, at: int) -> Quantity | None:
    """Return the well-formed number that begins at `at` of folded text, None if there is none."""
    match = _ARABIC.match(folded, at)
    if match:
        scale = _product(match["scale"] or "")
        value = Decimal(match["number"].replace(",", "").replace(" ", "")) * scale
        end, approximate = match.end(), bool(match["more"] or match["more2"])
        # 1亿2000万: a smaller scaled number follows at once
        rest = _ARABIC.match(folded, end) if scale > 1 and not approximate else None
        if rest and rest["scale"] and not rest["more"] and _product(rest["scale"]) < scale:
            value += Decimal(rest["number"].replace(",", "").replace(" ", "")) * _product(rest["scale"])
            end, approximate = rest.end(), bool(rest["more2"])
        return Quantity(value, scale, end, approximate, arabic=True)
    match = _HAN.match(folded, at)
    whole = parse_numeral(match["number"]) if match else None
    if match is None or whole is None:
        return None
    value = Decimal(whole)
    if match["decimals"]:
        value += Decimal("0." + "".join(str(DIGITS[char]) for char in match["decimals"]))
    scale = _product(match["scale"])
    last = match["number"].rstrip("万亿")
    shared = scale * _product(match["number"][len(last) :])
    return Quantity(value * scale, shared, match.end(), bool(match["more"] or match["more2"]), arabic=False)


def _product(scales: str) -> int:
    product = 1
    for char in scales:
        product *= SCALES[char]
    return product
