"""Decoding: turns the bytes of a text file into text, whatever usual encoding they are in."""

import codecs
import unicodedata
from collections import Counter

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ENCODINGS = ("utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
"""Of two that are equally plausible, the first wins."""
_BROKEN = "\ufffd"
_SAMPLE = 200_000
"""Characters that are looked at to tell encodings apart."""
_SHORT = 200
_PLAUSIBLE = 0.6
_BROKEN_WEIGHT = 4
_MAX_BROKEN = 0.05


def decode(data: bytes) -> str:
    """The text of `data`, line breaks untouched: UTF-8, UTF-16, UTF-32 (by its mark), GB18030 or Big5.

    A few bytes that are broken become U+FFFD. Raises ValueError where the data is no text.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _checked(_read(data[len(bom) :], encoding))
    if b"\x00" not in data:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    # without a NUL, which every line break has, UTF-16 is at most a title
    encodings = _ENCODINGS if b"\x00" in data or len(data) <= _SHORT else _ENCODINGS[:-2]
    texts = {encoding: _read(data, encoding) for encoding in encodings}
    scores = {encoding: _plausibility(text[:_SAMPLE], encoding) for encoding, text in texts.items()}
    best = max(encodings, key=lambda encoding: scores[encoding])
    if scores[best] < _PLAUSIBLE:
        raise ValueError("unknown encoding")
    return _checked(texts[best])


def _read(data: bytes, encoding: str) -> str:
    return data.decode(encoding, "replace").replace("\x00", _BROKEN)


def _checked(text: str) -> str:
    if text.count(_BROKEN) > max(2, _MAX_BROKEN * len(text)) or text == _BROKEN:
        raise ValueError("not a text")
    return text


def _plausibility(text: str, encoding: str) -> float:
    """The share of characters that every Chinese text is full of, among those outside ASCII; 1.0 at best."""
    counts = Counter(text)
    broken = counts.pop(_BROKEN, 0)
    others = {character: count for character, count in counts.items() if character >= "\x80"}
    total = sum(others.values()) + broken
    if not total:
        return 1.0
    # what UTF-8 does read is right: no other encoding looks like it
    common = sum(n for character, n in others.items() if encoding == "utf-8" or _is_common(character))
    return (common - _BROKEN_WEIGHT * broken) / total


def _is_common(character: str) -> bool:
    if "\u4e00" <= character <= "\u9fff":
        return any(
            _is_first_level(character, *level) for level in (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6))
        )
    return "\uff00" < character < "\uff5f" or unicodedata.category(character).startswith("P")


def _is_first_level(character: str, codec: str, first: int, last: int) -> bool:
    try:
        return first <= character.encode(codec)[0] <= last
    except UnicodeEncodeError:
        return False
