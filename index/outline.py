"""Outline: which lines of an article are headings, articles of law, questions, items of a list."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Literal

from index.folding import fold

LineKind = Literal["heading", "clause", "question", "item", "text"]

_NUMBER = "[一二三四五六七八九十百千零〇两0-9]+"
_MARKDOWN = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
_CHAPTER = re.compile(rf"第{_NUMBER}([编分篇部章节])(?:分)?(?:[\s　、:：]+\S.{{0,40}}|\S{{0,12}})")
_CLAUSE = re.compile(rf"(?:\*\*)?第\s?{_NUMBER}\s?条(?:之{_NUMBER})?(?:\*\*)?(?:[\s　:：【(（]|$)")
# One scale for all notations: Markdown's own levels, then these, as official texts nest them.
_LEVELS = {"编": 11, "篇": 11, "部": 11, "分": 12, "章": 13, "节": 14}
_ORDINAL = re.compile(
    r"(?:(?P<l15>[一二三四五六七八九十]+[、.．])"
    r"|(?P<l16>[(（][一二三四五六七八九十]+[)）]、?)"
    r"|(?P<l18>\d{1,2}[.．]\d{1,2}(?:[.．]\d{1,2})*[、.．\s]\s*(?=\D))"
    r"|(?P<l17>\d{1,2}(?:[.．、](?!\d)|\s+(?=[^\W\d])(?![年月日时分点亿万个家名人项])))"
    r"|(?P<l19>[(（]\d{1,2}[)）]|\d{1,2}[)）])"
    r"|(?P<l20>[①-⑳])|(?P<l21>[-*•●◆■▪·]\s))\s*(?=\S)"
)
_BULLET_LEVEL = 21
_BARE_LEVEL = 22
_TITLE_LEVEL = 0
_HEADING_LENGTH = 50
_FULL_STOPS = "。！？!?”」』…"
_SENTENCE_ENDS = tuple("。；：！？;:!?，,、…")

_ASKER = r"(?:主持人|记者|网民|网友|市民|观众|听众|提问|问|q)"
_ASKER_LINE = re.compile(rf"{_ASKER}[^:。,，]{{0,10}}:", re.IGNORECASE)
_QUESTION_MARK = re.compile(r"(?:问题?|q)\s?[一二三四五六七八九十\d]{0,3}[、.:]", re.IGNORECASE)
_ANSWER_LINE = re.compile(r"(?:答|a)[^:。,，]{0,4}:", re.IGNORECASE)
_SPEAKER_LINE = re.compile(r"([^\s:。,;!?、《》\"“]{1,24}):.")
_QUESTION_LENGTH = 80
_TURN_LENGTH = 16
"""What an asker says without asking is a turn only if it is longer: 记者：张三 is a credit."""
_LISTED_QUESTIONS = 3
"""So many questions on lines of their own make a list of questions with their answers."""

_BARE_LENGTHS = range(4, 31)
_PARAGRAPH_LENGTH = 30
# What stands alone on a line and is no heading: credits, dates, captions that name a body or a person.
_NO_BARE = re.compile(
    r".*(?:记者|通讯员|来源|作者|编辑|责编|图片|资料图|视频|附件|[图摄文]$|[\d〇零一二三四五六七八九十]日$)|[\W\d]*$"
    r"|(?:图|表|注|附|抄送|联系)|.*[-—]$"
    r"|.*(?:公司|集团|企业|工厂|车间|园区|学院|学校|大学|医院|中心|基地|现场|政府|委员会|[局厅部委院办]"
    r"|先生|女士|书记|[市省县区局厅处部院校科]长|主任|主席|董事长|总经理|教授|院士)$"
)


@dataclass(frozen=True, slots=True)
class LineOutline:
    """What one line is; the smaller level of a heading or an item holds the larger."""

    kind: LineKind
    level: int = 0
    heading: str = ""
    stays: bool = False
    """Of a heading: it stands in the text too, since it states a figure or may be none."""
    opens: bool = False
    """Of a question: all that follows up to the next one answers it, not the next line alone."""


_TEXT = LineOutline("text")


def outline(lines: Sequence[str], title: str) -> list[LineOutline]:
    """What each line is, given its clean reading without white space around it, and the article's title.

    A heading with nothing of its own below it is text: what it says would be lost otherwise.
    """
    title = fold(title)
    askers = _askers(lines)
    found = [_line(line, title, number, askers) for number, line in enumerate(lines)]
    found = [
        _below(above) if above.kind == "heading" and (below is None or _is_beside(below, above)) else above
        for above, below in zip_longest(found, found[1:])
    ]
    if sum(about.kind == "question" for about in found) >= _LISTED_QUESTIONS:
        found = [replace(about, opens=about.kind == "question") for about in found]
    if not any(about.kind == "clause" or about.opens for about in found):
        for number in range(1, len(lines) - 1):
            if _is_bare_heading(lines, found, number):
                found[number] = LineOutline("heading", _BARE_LEVEL, lines[number], stays=True)
    return found


def _is_beside(below: LineOutline, above: LineOutline) -> bool:
    """Whether what is below a heading stands beside it, a heading or an item with such a number."""
    return below.kind in ("heading", "item") and below.level <= above.level


def _below(heading: LineOutline) -> LineOutline:
    """What a heading is that has nothing below it."""
    return LineOutline("item", heading.level) if heading.level > max(_LEVELS.values()) else _TEXT


def _line(line: str, title: str, number: int, askers: frozenset[str]) -> LineOutline:
    if number < 3 and len(line) <= len(title) + 8 and title and fold(line.lstrip("# ")) == title:
        return LineOutline("heading", _TITLE_LEVEL, line.lstrip("# "))
    if line[:1] == "#" and (match := _MARKDOWN.fullmatch(line)):
        return _heading(len(match[1]), match[2], match[2]) if match[2] else _TEXT
    if line[:1] in "第*" and _CLAUSE.match(line):
        return LineOutline("clause")
    ordinal = _ORDINAL.match(line)
    level = int(ordinal.lastgroup[1:]) if ordinal and ordinal.lastgroup else 0
    if len(line) <= _HEADING_LENGTH and not line.endswith(_SENTENCE_ENDS):
        if line[0] == "第" and (match := _CHAPTER.fullmatch(line)):
            return LineOutline("heading", _LEVELS[match[1]], " ".join(line.split()))
        if ordinal and level < _BULLET_LEVEL and len(line) - ordinal.end() >= 2:
            return _heading(level, line, line[ordinal.end() :])
    if (question := _question(line, askers, ordinal is not None)) is not None:
        return question
    return LineOutline("item", level) if ordinal else _TEXT


def _heading(level: int, heading: str, says: str) -> LineOutline:
    states_figure = any(character.isdigit() for character in says)
    return LineOutline("heading", level, " ".join(heading.split()), stays=states_figure)


def _askers(lines: Sequence[str]) -> frozenset[str]:
    """Who asks in this article: speakers of several lines, at least half of which are questions."""
    spoken: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for line in lines:
        if speaker := _SPEAKER_LINE.match(fold(line[:30])):
            spoken[speaker[1]] += 1
            asked[speaker[1]] += line[-1] in "?？"
    return frozenset(name for name, times in spoken.items() if times > 1 and 2 * asked[name] >= times)


def _question(line: str, askers: frozenset[str], numbered: bool) -> LineOutline | None:
    asks = line[-1] in "?？"
    start = fold(line[:30])
    if _ANSWER_LINE.match(start):
        return None
    speaker = _SPEAKER_LINE.match(start)
    if (speaker and speaker[1] in askers) or (
        _ASKER_LINE.match(start) and (asks or len(line) >= _TURN_LENGTH)
    ):
        return LineOutline("question", opens=True)
    if asks and _QUESTION_MARK.match(start):
        return LineOutline("question", opens=True)
    return LineOutline("question", opens=numbered) if asks and len(line) <= _QUESTION_LENGTH else None


def _is_bare_heading(lines: Sequence[str], found: Sequence[LineOutline], number: int) -> bool:
    """Whether a line without a number is a heading: short, no sentence, between whole paragraphs."""
    above, line, below = lines[number - 1 : number + 2]
    return (
        found[number].kind == "text"
        and len(line) in _BARE_LENGTHS
        and not line.endswith(_SENTENCE_ENDS)
        and (found[number - 1].kind == "heading" or above[-1] in _FULL_STOPS)
        and found[number + 1].kind == "text"
        and len(below) >= _PARAGRAPH_LENGTH
        and below[-1] in _FULL_STOPS
        and not _NO_BARE.match(fold(line))
    )
