"""Compares an answer with what it must say: script, width, spaces and thousands separators do not count."""

import re
from collections.abc import Collection, Sequence

from index.folding import fold

_THOUSANDS = re.compile(r"(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)")
_SPACE = re.compile(r"\s+")
_MARKER = re.compile(r"\[(\d+)\]")


def normalise(text: str) -> str:
    """Return the form in which answers are compared: folded, without white space and commas inside numbers.

    Only a comma that separates thousands is inside a number: 「10，20和30」 stays three numbers.
    """
    text = _THOUSANDS.sub(lambda match: match.group().replace(",", ""), fold(text))
    return _SPACE.sub("", text)


def holds(normal: str, wanted: str) -> bool:
    """Tell whether `wanted` stands in a text that `normalise` gave.

    Where `wanted` begins or ends with a digit, the text must not go on with another digit there: 「50家」
    does not stand in 「350家」.
    """
    wanted = normalise(wanted)
    if not wanted:
        return False
    before = r"(?<!\d)" if wanted[0].isdecimal() else ""
    after = r"(?!\d)" if wanted[-1].isdecimal() else ""
    return re.search(f"{before}{re.escape(wanted)}{after}", normal) is not None


def satisfies(text: str, must: Sequence[Sequence[str]]) -> bool:
    """Tell whether every group of `must` has an alternative in the text."""
    normal = normalise(text)
    return all(any(holds(normal, alternative) for alternative in group) for group in must)


def strip_markers(text: str, numbers: Collection[int]) -> str:
    """Take the markers of the given citations out, [1]; other numbers in brackets are the answer's words."""
    return _MARKER.sub(lambda match: "" if int(match[1]) in numbers else match[0], text)
