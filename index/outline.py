"""Outline: which lines of an article are headings, which begin an article of law, which are questions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from index.folding import fold

LineKind = Literal["heading", "clause", "question", "text"]

_NUMBER = "[一二三四五六七八九十百千零〇两0-9]+"
_MARKDOWN = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
_CHAPTER = re.compile(rf"第{_NUMBER}([编分篇部章节])(?:分)?(?:[\s　、:：]+\S.{{0,40}}|\S{{0,12}})")
_NUMBERED = re.compile(
    r"(?:([一二三四五六七八九十]+[、.．])|([(（][一二三四五六七八九十]+[)）]))\s*\S.{1,40}"
)
_CLAUSE = re.compile(rf"(?:\*\*)?第{_NUMBER}条(?:之{_NUMBER})?(?:\*\*)?(?:[\s　:：【(（]|$)")
_SPEAKER = re.compile(r"(?:主持人|记者|网民|网友|市民|观众|听众|提问|问题?|q)[^:。,，]{0,10}:", re.IGNORECASE)
_SENTENCE_ENDS = tuple("。；：！？;:!?，,、…")
_QUESTION_LENGTH = 80
# One scale for all notations; Markdown's own levels come first.
_LEVELS = {"编": 11, "篇": 11, "部": 11, "分": 12, "章": 13, "节": 14}


@dataclass(frozen=True, slots=True)
class LineOutline:
    """What one line is; `level` and `heading` are those of a heading, the smaller level holds the larger."""

    kind: LineKind
    level: int = 0
    heading: str = ""


_TEXT = LineOutline("text")
_TITLE_LEVEL = 0


def outline(lines: Sequence[str], title: str) -> list[LineOutline]:
    """What each line is, given its clean reading without white space around it, and the article's title.

    A heading with nothing of its own below it is text: what it says would be lost otherwise.
    """
    title = fold(title)
    found = [_line(line, title, number) for number, line in enumerate(lines)]
    return [
        _TEXT if about.kind == "heading" and (below is None or _is_beside(below, about)) else about
        for about, below in zip_longest(found, found[1:])
    ]


def _is_beside(below: LineOutline, above: LineOutline) -> bool:
    """Whether a heading below another opens nothing within it."""
    return below.kind == "heading" and below.level <= above.level


def _line(line: str, title: str, number: int) -> LineOutline:
    if number < 3 and len(line) <= len(title) + 8 and title and fold(line.lstrip("# ")) == title:
        return LineOutline("heading", _TITLE_LEVEL, line.lstrip("# "))
    if line[:1] == "#" and (match := _MARKDOWN.fullmatch(line)):
        heading = " ".join(match[2].split())
        return LineOutline("heading", len(match[1]), heading) if heading else _TEXT
    if line[:1] in "第*" and _CLAUSE.match(line):
        return LineOutline("clause")
    if len(line) <= 50 and not line.endswith(_SENTENCE_ENDS):
        if line[0] == "第" and (match := _CHAPTER.fullmatch(line)):
            return LineOutline("heading", _LEVELS[match[1]], " ".join(line.split()))
        if match := _NUMBERED.fullmatch(line):
            return LineOutline("heading", 15 if match[1] else 16, " ".join(line.split()))
    if line[-1] in "?？" and (len(line) <= _QUESTION_LENGTH or _SPEAKER.match(fold(line[:20]))):
        return LineOutline("question")
    return _TEXT
