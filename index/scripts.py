"""Scripts: Traditional and Simplified characters, each written in the other, and which a text is in."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path


@cache
def _converter(configuration: str) -> Callable[[str], str]:
    import opencc

    convert: Callable[[str], str] = opencc.OpenCC(configuration).convert
    return convert


@cache
def variants() -> dict[str, str]:
    """The table of characters that are read as another one."""
    table = (Path(__file__).parent / "data" / "variants.txt").read_text("utf-8")
    pairs = [pair for line in table.splitlines() if line[:1] != "#" for pair in line.split()]
    return {pair[0]: pair[1] for pair in pairs}


def simplified(character: str) -> str:
    """The Simplified form of a character alone, be it Traditional, Japanese, old, or converted wrongly."""
    if "\ud800" <= character <= "\udfff":  # half a character, which is none
        return character
    form = _converter("t2s")(character)
    if not _encodes(form, "gb2312"):  # those of GB2312 are Chinese, though Japanese uses some for others
        other = _converter("t2s")(_converter("jp2t")(form))
        form = other if _encodes(other, "gb2312") else form
    return variants().get(form, form)


# 升 and 才 as machines that convert character by character write them
_MISCONVERTED = (
    (re.compile("昇(?=[級级至到高降溫温值學学規规])|(?<=[提回上攀躍跃晉晋轉转直飆飙抬爬拉推])昇"), "升"),
    (re.compile("纔"), "才"),
    (re.compile("橕"), "撐"),
)


def to_traditional(text: str) -> str:
    """The text in Traditional characters as Taiwan writes them (為, 裡, 臺), converted by phrases."""
    text = _converter("s2tw")(text)
    for wrong, right in _MISCONVERTED:
        text = wrong.sub(right, text)
    return text


def to_simplified(text: str) -> str:
    """The text in Simplified characters, converted by phrases; rare forms as what they are read as."""
    return "".join(map(_plain, _converter("t2s")(text)))


@cache
def _plain(character: str) -> str:
    return character if _encodes(character, "gb2312") else simplified(character)


def is_traditional(text: str) -> bool:
    """Whether more characters are in Big5 only (Traditional) than in GB2312 only (Simplified)."""
    scripts = [_script(character) for character in text if "\u4e00" <= character <= "\u9fff"]
    return scripts.count("traditional") > scripts.count("simplified")


@cache
def _script(character: str) -> str:
    in_big5, in_gb2312 = (_encodes(character, codec) for codec in ("big5", "gb2312"))
    if in_big5 == in_gb2312:
        return "both"
    return "traditional" if in_big5 else "simplified"


def _encodes(character: str, codec: str) -> bool:
    try:
        character.encode(codec)
    except UnicodeEncodeError:
        return False
    return True
