"""The day of publication: of the credit line, of the note below the title, of the signature."""

import re
from collections.abc import Sequence
from datetime import date

from index.dates import parse_date
from index.fields.adoption import PLACE, Event
from index.fields.labels import labelled
from index.fields.lines import Lines, Reading

_PUBLISHED = (
    "发布时间",
    "发布日期",
    "发表时间",
    "发稿时间",
    "公布日期",
    "刊发时间",
    "发布于",
    "更新时间",
    "时间",
    "日期",
)
_MADE = ("成文日期", "成文时间", "印发日期", "发文日期", "生成日期")
_CREDIT = re.compile(r"(?:来源|发布)\s*:")
_STAMP = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:\s[^。]{0,60})?"
    r"|\d{4}年\d{1,2}月\d{1,2}日(?:\s*\d{1,2}:\d{2}.{0,40}|\s(?:来源|作者|浏览|点击).{0,60})"
)
_BYLINE = re.compile(
    r"[\u4e00-\u9fff·]{2,16}?(?:记者)?\s+\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?"
)
_TITLE_DATE = re.compile(r"[(（][^()（）]*\d{4}[^()（）]*[)）]\s*$")
_SIGNED = re.compile(
    r"[(]?(?:[12]\d{3}|[一二][〇零○o0九][〇零○o0一二三四五六七八九]{2})\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*[\d一二三四五六七八九十]{1,3}\s*日[)]?"
    r"(?:\s*(?:印发|发布|公布))?"
)
_WIRE = re.compile(r"^[^。]{0,60}?((?:19|20)\d{2}年\d{1,2}月\d{1,2}日)(?:电|讯|消息)[\s,:)]?")


def read_published(lines: Lines, title: str, events: Sequence[Event]) -> Reading[date] | None:
    """The day of a credit line, of the note, of the title, of the signature, in this order; a full date."""
    for names in (_PUBLISHED, _MADE):
        for found in labelled(lines, *names):
            if day := parse_date(found.value):
                return Reading(day, found.place, found.start, found.end)
    for line in lines.outer:
        if (
            _STAMP.fullmatch(line.folded) or _BYLINE.fullmatch(line.folded) or _CREDIT.search(line.folded)
        ) and (day := parse_date(line.text)):
            return Reading(day, "信息栏", line.start, line.end)
    noted = [event for event in events if event.publishes]
    if noted:
        last = max(noted, key=lambda event: event.day)
        return Reading(last.day, PLACE, last.line.start, last.line.end)
    if (match := _TITLE_DATE.search(title)) and (day := parse_date(match[0])):
        return Reading(day, "标题")
    for line in (*reversed(lines.tail), *reversed(lines.body)):
        if _SIGNED.fullmatch(line.folded) and (day := parse_date(line.text)):
            return Reading(day, "落款", line.start, line.end)
    if (match := _WIRE.match(lines.opening)) and (day := parse_date(match[1])):
        return Reading(day, "电头")
    return None
