"""Cleaning: finds what a scraped page carries that the article does not say, and leaves the text untouched.

Every finding is an `Edit`: annotations, images, tags and invisible characters within a line, damaged bytes
(see `index/mojibake.py`), and whole lines of the page around the article (see `index/furniture.py`). It errs
on the side of keeping: a line of the page that stays costs little, a sentence that goes is lost.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from index.folding import Edit
from index.furniture import BLOCK_REASONS, find_blocks
from index.mojibake import find_mojibake
from index.tables import RULE

__all__ = ["BLOCK_REASONS", "find_edits", "find_inline_edits"]

_IDEOGRAPH = "\u3007\u3400-\u4dbf\u4e00-\u9fff\ue000-\uf8ff\uf900-\ufaff\U00020000-\U0003ffff"
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ\u0300\u0301\u0304\u030c"
_VOWEL = f"(?:[{_TONED[:-4]}]|[aeiouüv][{_TONED[-4:]}])"
_SYLLABLE = rf"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?[aeiouü]{{0,2}}{_VOWEL}[aeiouü]{{0,2}}(?:ng|n|r)?)"
_PINYIN = rf"{_SYLLABLE}(?:[ '’·-]?(?:{_SYLLABLE}|zi|de|le|men|me|zhe|ma|ba|ne|tou)){{0,7}}"
_ZHUYIN = r"[ㄅ-ㄯ˙][ㄅ-ㄯˉˊˇˋ˙ 　]{0,30}"
_ANNOTATION = rf"[(（][ 　]?(?:{_PINYIN}|{_ZHUYIN})[ 　]?[)）]"
_TAGS = (
    "a|abbr|article|b|big|blockquote|body|br|button|caption|center|code|col|colgroup|dd|div|dl|dt|em|figcaption"
    "|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|label|li|link|main|mark|meta|nav"
    "|nobr|o:p|ol|option|p|pre|s|script|section|select|small|source|span|strike|strong|style|sub|sup|svg|table"
    "|tbody|td|tfoot|th|thead|title|tr|u|ul|video|wbr"
)
_ENTITIES = (
    "nbsp|ensp|emsp|thinsp|amp|lt|gt|quot|apos|ldquo|rdquo|lsquo|rsquo|hellip|mdash|ndash|middot|times|yen"
)

# (reason, what a text must hold to be worth the pattern's time, pattern); the first wins where two overlap
_INLINE: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (reason, re.compile(sign), re.compile(pattern, re.IGNORECASE | re.MULTILINE))
    for reason, sign, pattern in (
        ("网页注释", "<!--", r"<!--[\s\S]{0,3000}?-->"),
        ("图片", r"!\[", r"!\[[^\]\n]{0,500}\]\([^)\n]{0,2000}\)"),
        (
            "网页标签",
            "<[A-Za-z/]",
            r"<(?:script|style)\b[^<>]{0,500}>[\s\S]{0,9000}?</(?:script|style)>"
            rf"|</?(?:{_TAGS})(?:\s[^<>\n]{{0,2000}})?/?>",
        ),
        ("网页字符", "&", rf"&(?:{_ENTITIES}|#\d{{1,6}}|#x[0-9a-f]{{1,5}});"),
        ("表格线", r"\|[ \t]*:?-{3}", RULE.pattern),
        ("强调标记", r"\*\*", r"(?<!\*)\*\*(?!\*)"),
        ("拼音注音", f"[{_TONED}ㄅ-ㄯ]", rf"(?<=[{_IDEOGRAPH}]){_ANNOTATION}"),
        (
            "零宽字符",
            "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]",
            "[\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+"
            "|(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d",  # a joiner within an emoji stays
        ),
        (
            "控制字符",
            "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]",
            "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]+",
        ),
    )
)
_ANNOTATION_HERE = re.compile(_ANNOTATION, re.IGNORECASE)


def find_edits(text: str) -> tuple[Edit, ...]:
    """All spans of `text` that reading removes or repairs, sorted, not overlapping; see `BLOCK_REASONS`."""
    inline = find_inline_edits(text)
    return _apart([*find_blocks(text, inline), *inline])


def find_inline_edits(text: str) -> tuple[Edit, ...]:
    """Of these, those within lines, wherever the lines stand: lines of the page are read with them too."""
    inline = _apart(
        edit for reason, sign, pattern in _INLINE for edit in _matches(text, reason, sign, pattern)
    )
    return _apart([*_repairs(text, inline), *inline])


def _matches(text: str, reason: str, sign: re.Pattern[str], pattern: re.Pattern[str]) -> Iterator[Edit]:
    if sign.search(text):
        for match in pattern.finditer(text):
            replacement = html.unescape(match[0]) if reason == "网页字符" else ""
            yield Edit(match.start(), match.end(), replacement, reason)


def _repairs(text: str, inline: Sequence[Edit]) -> Iterator[Edit]:
    """Repairs of damaged bytes; annotations that were written into the damage since are looked through."""
    starts: list[int] = []  # of the stretches between annotations, in the text
    stretches: list[str] = []
    position = 0
    for edit in [*(e for e in inline if e.reason in ("拼音注音", "零宽字符", "控制字符")), None]:
        end = len(text) if edit is None else edit.start
        starts.append(position)
        stretches.append(text[position:end])
        position = end if edit is None else edit.end
    read = list(accumulate(map(len, stretches), initial=0))[:-1]

    def place(index: int) -> int:
        stretch = bisect_right(read, index) - 1
        return starts[stretch] + index - read[stretch]

    for repair in find_mojibake("".join(stretches)):
        end = place(repair.end - 1) + 1
        yield Edit(place(repair.start), end, repair.replacement, "错位编码")
        if annotation := _ANNOTATION_HERE.match(
            text, end
        ):  # of a last character that stands there as a letter
            yield Edit(end, annotation.end(), "", "拼音注音")


def _apart(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The edits sorted by place; of two that overlap, the one given first stays."""
    kept: list[tuple[int, Edit]] = []
    for rank, edit in sorted(enumerate(edits), key=lambda item: (item[1].start, item[0])):
        if kept and edit.start < kept[-1][1].end:
            if rank > kept[-1][0]:
                continue
            kept.pop()
        kept.append((rank, edit))
    return tuple(edit for _, edit in kept)
