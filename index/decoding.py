"""Decoding: turns the bytes of a text file into text, whatever usual encoding they are in."""

import codecs
import unicodedata
from collections import Counter

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 20_000
"""Characters that are looked at to tell GB18030 from Big5."""


def decode(data: bytes) -> str:
    """The text of `data`, line breaks untouched: UTF-8, UTF-16 and UTF-32 by their marks, GB18030 or Big5.

    Raises ValueError where it is none of them.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding)
    if b"\x00" in data:
        raise ValueError("not a text")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    texts = []
    for encoding in ("gb18030", "big5hkscs"):
        try:
            texts.append(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    if not texts:
        raise ValueError("unknown encoding")
    return max(texts, key=_plausibility)  # GB18030 where both are equally plausible


def _plausibility(text: str) -> float:
    """The share of characters that every Chinese text is full of."""
    counts = Counter(text[:_SAMPLE])
    common = sum(count for character, count in counts.items() if _is_common(character))
    return common / max(1, counts.total())


def _is_common(character: str) -> bool:
    if "\u4e00" <= character <= "\u9fff":
        return any(
            _is_first_level(character, *level) for level in (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6))
        )
    return character < "\x80" or unicodedata.category(character).startswith("P")


def _is_first_level(character: str, codec: str, first: int, last: int) -> bool:
    try:
        return first <= character.encode(codec)[0] <= last
    except UnicodeEncodeError:
        return False
