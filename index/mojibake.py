"""Mojibake: finds GBK text that was decoded one byte out of step, and recovers what it said.

GBK writes a Chinese character as two bytes. Where a careless program replaces one leading byte by `?`, every
later pair is read across two characters: 。“兩化融合”發 (A1A3 A1B0 83C9 ...) becomes ? + A3A1 B083 C9BB ... =
?！皟苫..., until a second byte below 80, which is a letter by itself, brings the reader into step again. The
leading byte is always lost; it is known only where a punctuation mark was hit, as the second byte then tells
which. Full-width marks may have been written at half width since, so they are read as full width here.
"""

import re
from functools import cache
from typing import NamedTuple

from index.folding import fold

MAX_RUN = 100
"""Code points; a longer run is not looked at."""

_LOST = "?？\ufffd"
_WIDE = str.maketrans("!,.:;?()", "！，．：；？（）")
# without 『』, whose second bytes are those of ： and ；
_PUNCTUATION = frozenset("。，、；：？！“”‘’《》（）…—·【】「」")
# a pair out of step is an ideograph, a sign of the double-byte rows, or private use (the free rows of GBK)
_PAIRS = "\u00a4-\u04ff\u2010-\u33ff\u4e00-\u9fff\ue000-\uf8ff\ufe30-\ufe4f\uff01-\uffe5!,.:;()"
_RUN = re.compile(
    rf"[{_LOST}](?P<pairs>[{_PAIRS}]{{1,{MAX_RUN}}})(?:(?P<letter>[@-~])|(?P<lost>[?\ufffd])?(?=[\r\n]|\Z))"
)
_LONG = 8
"""Code points; a shorter run must become wholly plausible."""


class Repair(NamedTuple):
    """`text[start:end]` stands for `replacement`."""

    start: int
    end: int
    replacement: str


def find_mojibake(text: str) -> list[Repair]:
    """The runs of `text` that were decoded one byte out of step, with what they said; doubtful ones stay."""
    repairs = []
    position = 0
    while match := _RUN.search(text, position):
        before = text[max(0, match.start() - MAX_RUN) : match.start()]
        opened = before.rfind("【") > before.rfind("】")
        following = text[match.end() : match.end() + 1]
        replacement = _repair(match["pairs"], match["letter"] or "", following, opened)
        if replacement is None:
            position = match.start() + 1
            continue
        position = match.end()
        repairs.append(Repair(match.start(), position, replacement + (match["lost"] or "")))
    return repairs


def _repair(pairs: str, letter: str, following: str, opened: bool) -> str | None:
    """What a run said, read in step from a lost punctuation byte on; None where that is not plausible.

    `opened`: whether a 【 is open before it; what may be 】 or ？ is the former then, else the latter.
    """
    alone = len(pairs) == 1 and letter and _is_ideograph(pairs) and _is_ideograph(following)
    alone_by_sign = alone and letter in "^_`"  # which stand between no two ideographs, however common
    known_at_most = 0.75 if letter or len(pairs) >= _LONG else 0.5
    if not alone_by_sign and not _is_suspicious(pairs, known_at_most, 1 if alone else 2):
        return None
    try:
        data = pairs.translate(_WIDE).encode("gb18030")
    except UnicodeEncodeError:
        return None
    if len(data) != 2 * len(pairs):
        return None
    # without a letter the last character's second byte is lost as well
    data = data + letter.encode("ascii") if letter else data[:-1]
    for lead in (b"\xa1", b"\xa3"):
        try:
            said = (lead + data).decode("gb18030")
        except UnicodeDecodeError:
            continue
        if said[0] in _PUNCTUATION and (opened or said[0] != "】") and _is_plausible(said):
            return said
    return None


def _is_ideograph(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _is_suspicious(pairs: str, known_at_most: float, at_least: int) -> bool:
    """Whether a run holds private-use characters, or a larger share of strange ones than other text."""
    signs = [c for c in pairs if c.translate(_WIDE) not in _PUNCTUATION]
    if any("\ue000" <= c <= "\uf8ff" for c in signs):
        return True
    known = sum(map(_is_common, signs))
    return len(signs) >= at_least and known <= known_at_most * len(signs)


def _is_plausible(said: str) -> bool:
    """Whether a text is made of characters that most readers know; of a run out of step half are others."""
    signs = [c for c in said if c not in _PUNCTUATION]
    known = sum(map(_is_common, signs))
    return bool(signs) and known >= (0.85 if len(signs) >= _LONG else 1.0) * len(signs)


@cache
def _is_common(character: str) -> bool:
    """Whether it is, in Simplified form, one of the 3,755 common characters: the first level of GB2312."""
    try:
        code = fold(character).encode("gb2312")
    except UnicodeEncodeError:
        return False
    return len(code) == 2 and 0xB0 <= code[0] <= 0xD7
