"""Titles: the headline of an article, from its heading, a line 标题：…, or its first line."""

import re

from index.fields.bodies import is_body
from index.fields.labels import labelled
from index.fields.lines import Line, Lines, Reading
from index.fields.numbers import NUMBER

_LENGTH = 80
_PLACE = "标题行"
_MARKDOWN = re.compile(r"#\s+(\S.*?)\s*#*")
_LABELS = ("原文标题", "文章标题", "原标题", "标题", "公文名称", "文件名称")
_NO_TITLE = re.compile(
    r"\||.*[。;,、:]$|.*。|[一二三四五六七八九十]+、|[(][一二三四五六七八九十]|第[一二三四五六七八九十]+[章条]|\d+[、.]"
)
_BEFORE = re.compile(
    rf"[(]?{NUMBER}[)]?|第\s?\S{{1,6}}\s?号|[^,。]{{2,24}}[府委会厅局部署院室](?:文件|令|公告)"
    r"|(?:索\s*引\s*号|发文|文号|来源|时间|日期|当前位置|字号|编号)[^。]*|[\d\-/:年月日.\s]+"
)
# 《某办法》已经某会议通过，现予公布: an order names what it makes known
_ORDERED = re.compile(
    r"(?:现将|现公布)?《(?P<title>[^《》]{4,60})》(?:已经?|业经|经)[^。]{2,80}(?:通过|批准|同意|公布|施行)"
)


def read_title(lines: Lines) -> Reading[str] | None:
    """The title as the article writes it; a name of a body on a line above 关于… belongs to it."""
    for line in lines.head:
        if match := _MARKDOWN.fullmatch(line.folded):
            return lines.read(line, *match.span(1), _PLACE)
    for found in labelled(lines, *_LABELS):
        if 4 <= len(found.value) <= _LENGTH:
            return found
    for number, line in enumerate(lines.body[:6]):
        following = lines.body[number + 1] if number + 1 < len(lines.body) else None
        if (
            following
            and following.folded.startswith("关于")
            and is_body(line.folded)
            and _is_title(following)
        ):
            return Reading(line.text + following.text, _PLACE, line.start, following.end)
        if match := _ORDERED.match(line.folded):
            return lines.read(line, *match.span("title"), "公布令")
        if not _BEFORE.fullmatch(line.folded):
            return lines.read(line, 0, len(line.text), _PLACE) if _is_title(line) else None
    return None


def _is_title(line: Line) -> bool:
    return len(line.text) <= _LENGTH and not _NO_TITLE.match(line.folded)
