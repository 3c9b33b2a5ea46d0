"""Document numbers: 国发〔2024〕5号 in every kind of brackets, 令第705号, 2024年第3号公告."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.fields.adoption import PLACE, Event
from index.fields.labels import labelled
from index.fields.lines import Line, Lines, Reading
from index.numerals import fold_aligned

_COUNT = r"[\d〇零一二三四五六七八九十百]{1,6}"
_YEAR = r"[〔\[【(（﹝〈<{][12]\d{3}年?[〕\]】)）﹞〉>}]"
_NUMBERED = rf"(?:第\s?{_COUNT}\s?号|{_YEAR}\s?第?\s?\d{{1,4}}\s?号|[12]\d{{3}}年\s?第?\s?{_COUNT}\s?号)"
NUMBER = (
    rf"(?:[\u4e00-\u9fff]{{1,16}}(?:\([\u4e00-\u9fff]{{1,6}}\))?{_YEAR}\s?(?:第)?\s?\d{{1,5}}(?:-\d+)?\s?号"
    rf"|(?:[\u4e00-\u9fff]{{2,24}}?)?(?:令|公告|通告)\s?{_NUMBERED}"
    rf"|(?:[\u4e00-\u9fff]{{2,24}}?)?[12]\d{{3}}年第\s?{_COUNT}\s?号(?:令|公告)?|第\s?{_COUNT}\s?号令)"
)
_LABELS = (
    "发文字号",
    "发文文号",
    "发布文号",
    "文件编号",
    "公文编号",
    "文件字号",
    "文件文号",
    "文号",
    "文件号",
    "字号",
)
_LINE = re.compile(
    rf"[(《]?(?:[^()。]{{0,40}}\s)??(?P<number>{NUMBER})[)》]?(?:\s*(?:各|签发|公布).{{0,40}})?"
)
_IN_TITLE = re.compile(rf"[(](?P<number>{NUMBER})[)]\s*$")
_TITLED = re.compile(rf"[\u4e00-\u9fff\s]{{2,40}}?(?P<number>公告{_NUMBERED})(?=\s|关于|$)")
_ORDER = re.compile(r"[\u4e00-\u9fff\s]{3,40}(?:令|公告)")
_ORDERED = re.compile(rf"[(]?{_NUMBERED}[)]?")
_IN_NOTE = re.compile(rf"(?P<number>{NUMBER})")


def read_number(lines: Lines, events: Sequence[Event]) -> Reading[str] | None:
    """The number that the document itself bears, as it is written."""
    for found in labelled(lines, *_LABELS):
        if match := re.search(NUMBER, fold_aligned(found.value)):
            return found.part(*match.span())
    for above, line in pairwise(lines.body[:8]):
        if _ORDER.fullmatch(above.folded) and _ORDERED.fullmatch(line.folded):
            return Reading(above.text + line.text, "文头", above.start, line.end)
    for line in _own(lines):
        if match := _LINE.fullmatch(line.folded) or (
            (_IN_TITLE.search(line.folded) or _TITLED.match(line.folded)) if len(line.text) <= 100 else None
        ):
            return lines.read(line, *match.span("number"), "文号行")
    for event in events:
        if event.publishes and (match := _IN_NOTE.search(event.line.folded)):
            return lines.read(event.line, *match.span("number"), PLACE)
    return None


def _own(lines: Lines) -> Iterator[Line]:
    yield from lines.body[:12]
    yield from lines.head
    yield from lines.tail
