"""Force: from when until when a rule holds, and its status, as far as it says so of itself."""

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from index.dates import parse_date
from index.fields.adoption import PLACE, Event
from index.fields.labels import labelled
from index.fields.lines import Lines, Reading
from index.filtering import DRAFT, REPEALED
from index.numerals import fold_aligned, parse_numeral

_CLAUSE, _LABEL = "施行条款", "效力标注"
_COUNT = "[0-9一二两三四五六七八九十百]+"
_DAY = (
    r"(?:[12][0-9]{3}\s?年\s?[0-9]{1,2}\s?月\s?[0-9]{1,2}\s?日"
    r"|[一二][〇零○o0九][〇零○o0一二三四五六七八九]{2}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)"
)
_FORCE = "(?:起|开始|正式|之日){0,3}(?:施行|实施|执行|生效|试行)"
_SELF = (
    "本(?:实施)?(?:法典?|条例|办法|规定|细则|规则|通知|意见|方案|措施|政策|通告|公告|决定|解释|规范|标准|指南|准则"
    "|计划|规划|纲要|章程|制度|规程|文件)"
)
_OWN = re.compile(
    rf"(?:第{_COUNT}条|[{'一二三四五六七八九十'}]+、|[(（][^)）]{{1,4}}[)）]|\s)*(?:{_SELF}[^,。《》]{{0,12}}|以上[^,。《》]{{0,12}}|现[^。《》]{{0,12}})?,?"
    rf"(?:自|从|于|在|有效期|试行|施行|执行期|实施期|执行至|暂定|由[^。]{{2,20}}负责解释,)|[^。《》]{{0,60}}{_SELF},?(?:自|从|有效期|试行期)"
)
_STARTS = re.compile(rf"(?:自|从|于)?\s?(?P<day>{_DAY})\s?(?:零时|0时)?{_FORCE}")
_AT_ONCE = re.compile(
    rf"(?:公布|发布|印发|颁布|通过|发文|印制)(?:之日|后)(?:起)?(?:满?(?P<wait>{_COUNT})\s?(?P<unit>日|天|个月)后?)?(?:起)?{_FORCE}"
)
_TERM = re.compile(
    rf"(?:有效期|试行期|执行期|实施期|期限)限?(?:为|是|暂定)?\s?(?P<count>{_COUNT})\s?(?P<unit>年|个月)|试行(?P<trial>{_COUNT})年"
)
_UNTIL = re.compile(
    rf"(?:有效|执行|施行|实施|试行)(?:期限?)?(?:截止|截至|暂定|自{_DAY}起?)?\s?(?:至|到|止于)\s?(?P<day>{_DAY})"
)
_ENDS = re.compile(rf"{_SELF},?自?(?P<day>{_DAY})起?(?:自行|自动)?(?:废止|失效|停止执行)")
_HINT = re.compile("施行|实施|执行|生效|试行|有效期|废止|失效")
_LENGTH = 240
_SENTENCE = re.compile(rf"[^。;\n\r]{{1,{_LENGTH}}}(?=[。;\n\r]|$)")
_LOOKED = 1_000_000

_STATUS_LABELS = ("时效性", "有效性", "效力状态", "效力", "法规状态")
_STATUSES = (
    (REPEALED, re.compile("废止|失效|无效")),
    ("尚未施行", re.compile("尚未(?:施行|生效|实施)")),
    ("已修改", re.compile("已被?修[改订正]")),
    (DRAFT, re.compile("征求意见|草案")),
    ("现行有效", re.compile("现行|有效")),
)
_REPEALED_TITLE = re.compile(r"[(\[【](?:[^()]{0,20}(?:已|现已|日))?(?:废止|失效)[)\]】]")
_DRAFT_TITLE = re.compile(
    r"征求意见稿|公开征求意见|征求[^。]{0,20}意见的(?:公告|通知|函)|[(\[]草案[^)\]]{0,6}[)\]]|草案$"
)


def read_days(
    text: str, lines: Lines, events: Sequence[Event], published: date | None
) -> tuple[Reading[date] | None, Reading[date] | None]:
    """The first and the last day on which the rule holds; 自公布之日起 means `published`."""
    sentences = list(_own_sentences(text))
    first = _first(sentences, lines, events, published)
    last: Reading[date] | None = None
    for at, sentence in sentences:
        if (match := _ENDS.search(sentence)) and (day := parse_date(match["day"])):
            last = Reading(day - timedelta(days=1), _CLAUSE, at + match.start(), at + match.end())
        elif (match := _UNTIL.search(sentence)) and (day := parse_date(match["day"])):
            last = Reading(day, _CLAUSE, at + match.start(), at + match.end())
        elif (
            first
            and (match := _TERM.search(sentence))
            and (day := _later(first.value, match["count"] or match["trial"], match["unit"] or "年"))
        ):
            last = Reading(day - timedelta(days=1), _CLAUSE, at + match.start(), at + match.end())
    return first, last if last and (not first or first.value <= last.value) else None


def read_status(title: str, lines: Lines) -> Reading[str] | None:
    """What the page or the title states of the rule's validity; mostly nothing."""
    for found in labelled(lines, *_STATUS_LABELS):
        for status, pattern in _STATUSES:
            if pattern.search(fold_aligned(found.value)):
                return Reading(status, _LABEL, found.start, found.end)
    folded = fold_aligned(title)
    if _DRAFT_TITLE.search(folded):
        return Reading(DRAFT, "标题")
    if _REPEALED_TITLE.search(folded):
        return Reading(REPEALED, "标题")
    for line in lines.head:
        if match := _REPEALED_TITLE.search(line.folded):
            return Reading(REPEALED, _LABEL, line.start + match.start(), line.end)
    return None


def _own_sentences(text: str) -> Iterator[tuple[int, str]]:
    """The sentences that speak of this rule's own force, folded, with their places."""
    folded = fold_aligned(text[:_LOOKED])
    for hint in _HINT.finditer(folded):
        begin = max(0, hint.start() - _LENGTH)
        start = max(folded.rfind(mark, begin, hint.start()) for mark in "。;\n\r") + 1
        match = _SENTENCE.match(folded, start) if start or not begin else None
        if match and _OWN.match(match[0]):
            yield match.start(), match[0]


def _first(
    sentences: Sequence[tuple[int, str]], lines: Lines, events: Sequence[Event], published: date | None
) -> Reading[date] | None:
    for found in labelled(lines, "施行日期", "实施日期", "生效日期"):
        if day := parse_date(found.value):
            return Reading(day, found.place, found.start, found.end)
    for at, sentence in reversed(sentences):
        if (match := _STARTS.search(sentence)) and (day := parse_date(match["day"])):
            return Reading(day, _CLAUSE, at + match.start(), at + match.end())
    for event in events:
        if not event.publishes and event.actions & {"施行", "实施", "生效"}:
            return Reading(event.day, PLACE, event.line.start, event.line.end)
    for at, sentence in reversed(sentences):
        if published and (match := _AT_ONCE.search(sentence)):
            day = _later(published, match["wait"], match["unit"]) if match["wait"] else published
            return Reading(day, _CLAUSE, at + match.start(), at + match.end()) if day else None
    return None


def _later(day: date, count: str | None, unit: str) -> date | None:
    """The day that many years, months or days later; None where the count cannot be read."""
    number = int(count) if count and count.isascii() else parse_numeral(count or "")
    if number is None or number > 1000:
        return None
    if unit in ("日", "天"):
        return day + timedelta(days=number)
    months = day.month - 1 + number * (12 if unit == "年" else 1)
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
