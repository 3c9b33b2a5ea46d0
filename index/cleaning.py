"""Cleaning: finds what a scraped page carries that the article does not say, and leaves the text untouched.

Every finding is an `Edit`: within a line what its steps below find (images, tags, annotations, damaged bytes
and so on), and whole lines of the page around the article (see `index/furniture.py`). It errs on the side
of keeping: a line of the page that stays costs little, a sentence that goes is lost.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate

from index.annotations import ANNOTATION, IDEOGRAPH, annotation_end, find_annotations
from index.folding import Edit
from index.furniture import BLOCK_REASONS, RECURRING, find_blocks
from index.mojibake import find_mojibake
from index.tables import RULE

__all__ = ["BLOCK_REASONS", "find_edits", "find_inline_edits"]

_Step = Callable[[str], Iterator[Edit]]

_TAGS = (
    "a|abbr|article|b|big|blockquote|body|br|button|caption|center|code|col|colgroup|dd|div|dl|dt|em|figcaption"
    "|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|label|li|link|main|mark|meta|nav"
    "|nobr|o:p|ol|option|p|pre|rb|rp|rt|ruby|s|script|section|select|small|source|span|strike|strong|style|sub|sup"
    "|svg|table|tbody|td|tfoot|th|thead|title|tr|u|ul|video|wbr"
)
_ENTITIES = (
    "nbsp|ensp|emsp|thinsp|amp|lt|gt|quot|apos|ldquo|rdquo|lsquo|rsquo|hellip|mdash|ndash|middot|times|yen"
    "|copy|reg|deg|sect|bull|laquo|raquo|plusmn|permil|zwnj|zwj|shy"
)
# None of these patterns reads a character more often than a few times, whatever the text: what may stand
# between an opening and its end never holds another opening, and its length is bounded.
_COMMENT = re.compile(r"<!--(?:(?!<!--|-->)[\s\S]){0,3000}-->")
_IMAGE = re.compile(r"!\[(?:[^\[\]\n]|\[[^\[\]\n]{0,100}\]){0,500}\]\([^()\n]{0,2000}\)")
_IMAGE_MARK = re.compile(r"[\[【](?:图片|圖片|视频|視頻|音频|音頻|动图|動圖|表情|图|圖)[\]】]")
_LINK = re.compile(
    r"(?<![!\]])(\[)[^\[\]\n]{1,200}"
    r"(\]\((?:(?:https?|ftp)://|mailto:|javascript:|www\.|[./#])[^()\s]{0,1000}(?:\s+\"[^\"\n]{0,200}\")?\s*\))"
)
_TAG = re.compile(
    r"<(?:script|style)\b[^<>]{0,500}>(?:(?!</?(?:script|style))[\s\S]){0,9000}</(?:script|style)>"
    r"|<r[tp]>[^<>\n]{0,40}</r[tp]>"
    rf"|</?(?:{_TAGS})(?:\s[^<>\n]{{0,2000}})?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(rf"&(?:amp;)?(?:(?:{_ENTITIES}|#\d{{1,6}}|#x[0-9a-f]{{1,5}});)", re.IGNORECASE)
# stars that stand for what is left out (张**, 津A**123) open no emphasis
_EMPHASIS = re.compile(r"(?<![^\s|>#])(\*\*)(?=[^\s*、，。])[^*\n]{1,200}(?<=\S)(\*\*)(?!\*)")
_NOTE_MARK = re.compile(
    rf"(?<=[{IDEOGRAPH}。，；：、！？”’》）)])(?:\[\^?\d{{1,2}}(?:[-–,，、]\d{{1,2}}){{0,3}}\](?!\()|(?<![米里升寸尺分])[¹²³⁰⁴-⁹]{{1,2}})"
)
_ICONS = re.compile(
    r"(?:(?<=\s)|(?<![\s\S]))[\ue000-\uf8ff]{1,20}(?=\s|$)|^[\ue000-\uf8ff]{1,20}", re.MULTILINE
)
_ZERO_WIDTH = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+"
    "|(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d"  # a joiner within an emoji stays
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]+")


def find_edits(text: str, recurring: Sequence[tuple[int, int]] = ()) -> tuple[Edit, ...]:
    """All spans of `text` that reading removes or repairs, sorted, not overlapping; see `BLOCK_REASONS`.

    `recurring`: spans that are the site's (`Article.recurring`), which the page is read without.
    """
    inline = find_inline_edits(text)
    if recurring:
        inline = _apart([*(Edit(start, end, "", RECURRING) for start, end in recurring), *inline])
    return _apart([*find_blocks(text, inline), *inline])


def find_inline_edits(text: str) -> tuple[Edit, ...]:
    """Of these, those within lines, wherever the lines stand: lines of the page are read with them too."""
    inline = _apart(edit for step in _STEPS for edit in step(text))
    return _apart([*_repairs(text, inline), *inline])


def _comments(text: str) -> Iterator[Edit]:
    return _removals(text, "<!--", _COMMENT, "网页注释")


def _images(text: str) -> Iterator[Edit]:
    """Images as Markdown writes them, with what they are called."""
    return _removals(text, "![", _IMAGE, "图片")


def _image_marks(text: str) -> Iterator[Edit]:
    """What a scrape left of an image: [图片]."""
    for match in _IMAGE_MARK.finditer(text):
        yield Edit(match.start(), match.end(), "", "图片")


def _links(text: str) -> Iterator[Edit]:
    """The signs and the address of a Markdown link; what it is called stays."""
    if "](" in text:
        for match in _LINK.finditer(text):
            for group in (1, 2):
                yield Edit(match.start(group), match.end(group), "", "链接")


def _tags(text: str) -> Iterator[Edit]:
    """HTML tags; scripts and styles with what they hold, and the annotations of ruby."""
    return _removals(text, "<", _TAG, "网页标签")


def _entities(text: str) -> Iterator[Edit]:
    if "&" in text:
        for match in _ENTITY.finditer(text):
            yield Edit(match.start(), match.end(), html.unescape(html.unescape(match[0])), "网页字符")


def _rules(text: str) -> Iterator[Edit]:
    """The line of dashes below the head of a Markdown table."""
    return _removals(text, "---", RULE, "表格线")


def _emphasis(text: str) -> Iterator[Edit]:
    if "**" in text:
        for match in _EMPHASIS.finditer(text):
            for group in (1, 2):
                yield Edit(match.start(group), match.end(group), "", "强调标记")


def _note_marks(text: str) -> Iterator[Edit]:
    """Marks of notes behind a word, in a text that has a first one and a second one."""
    marks = list(_NOTE_MARK.finditer(text))
    if {"1", "2"} <= {str(int(digits[0])) for mark in marks if (digits := re.findall(r"\d+", mark[0]))}:
        for mark in marks:
            yield Edit(mark.start(), mark.end(), "", "注释标记")


def _icons(text: str) -> Iterator[Edit]:
    """Private-use characters that stand alone or before a line: a font of the page shows icons there."""
    for match in _ICONS.finditer(text):
        yield Edit(match.start(), match.end(), "", "图标字符")


def _zero_width(text: str) -> Iterator[Edit]:
    return _removals(text, "", _ZERO_WIDTH, "零宽字符")


def _controls(text: str) -> Iterator[Edit]:
    return _removals(text, "", _CONTROL, "控制字符")


_STEPS: tuple[_Step, ...] = (
    _comments,
    _images,
    _image_marks,
    _links,
    _tags,
    _entities,
    _rules,
    _emphasis,
    find_annotations,
    _note_marks,
    _icons,
    _zero_width,
    _controls,
)
"""In order: the finding of the first wins where two overlap."""


def _removals(text: str, sign: str, pattern: re.Pattern[str], reason: str) -> Iterator[Edit]:
    """The edits that remove what `pattern` finds in a text that holds `sign`."""
    if sign in text:
        for match in pattern.finditer(text):
            yield Edit(match.start(), match.end(), "", reason)


def _repairs(text: str, inline: Sequence[Edit]) -> Iterator[Edit]:
    """Repairs of damaged bytes; annotations that were written into the damage since are looked through."""
    starts: list[int] = []  # of the stretches between annotations, in the text
    stretches: list[str] = []
    position = 0
    for edit in [*(e for e in inline if e.reason in (ANNOTATION, "零宽字符", "控制字符")), None]:
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
        # of a last character that stands there as a letter
        if (annotated := annotation_end(text, end)) > end:
            yield Edit(end, annotated, "", ANNOTATION)


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
