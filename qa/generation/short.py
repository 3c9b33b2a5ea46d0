"""The short answer in front: the figure, date, place or name alone, with its region and day in 〔 〕."""

import re
from collections.abc import Sequence
from datetime import date

from index.dates import find_periods
from index.figures import find_figures
from index.reading import clean_span
from index.regions import find_regions
from index.scripts import to_simplified
from qa.citations import character_pairs, support
from qa.evidence import Evidence, is_goal
from qa.features import fits_unit
from qa.generation.explicit import dated
from qa.question import Kind, Question

_LONGEST = 40
"""Code points; what is longer is no short answer."""
_SURE = 0.5
"""Below this probability that the sentence answers, nothing is put in front of it."""
_HALF_WIDTH = str.maketrans("０１２３４５６７８９．％，", "0123456789.%,")
_CLAUSE = re.compile(r"(?:[^，；：。！？,;:!?\n]|[,:](?=\d))+")
_BEFORE = re.compile(
    r"(?:不(?:得|应)?(?:低于|少于|高于|超过|小于|大于|足)|超过|突破|达到|至少|最[高多低少长短][\u4e00-\u9fff]{0,4}|至多|近|约|大约|共计?|每[\u4e00-\u9fff]{1,2})$"
)
_BEHIND = re.compile(r"(?:余|多)?(?:以上|以下|以内|左右|上下)?")
_OLD = re.compile(r"(?:从|由|原来?|此前|之前|原先|以前)[^，；。\d]{0,8}$")
_NUMBER = re.compile(
    r"\w{1,12}[〔\[［(（]\s*[12１２][\d０-９]{3}\s*[〕\]］)）]\s*(?:第\s*)?[\d０-９]{1,4}\s*号"
)
_TITLE = re.compile(r"《[^《》]+》(?:[（(][^（()）]*\d{4}[^（()）]*[)）])?")
_ASKS_NUMBER = re.compile(r"文号|发文字号")
_ASKS_TITLE = re.compile(
    r"(?:文件|法规|条例|办法|政策|方案|规划)的?(?:全名|全称|名称|名字|叫什么)|哪[部个份](?:文件|法规|条例|办法|方案|规划|法律)|什么文件"
)
_PRECISION = (
    (re.compile(r"哪一?[天日]|几[号日]|何日|哪个?日"), "日号"),
    (re.compile(r"哪个?月|几月"), "月"),
    (re.compile(r"哪一?年|几年"), "年"),
)
"""Which part of a date is asked for."""
_ACTS = re.compile(
    "施行|实施|执行|生效|公布|发布|印发|出台|通过|截止|结束|开始|启动|召开|举行|举办|成立|受理|申报|开工|竣工|投产|开业"
)
_ACT_WITHIN = 10
"""Code points behind a date within which stands what happened then."""
_BEFORE_NOW = re.compile(r"原来|此前|之前|以前|过去")
_TOTAL = re.compile(r"累计|一共|总共|合计|总数|总量|总额|共有|共建成|目前|现在|现有|已有")
_EACH = re.compile(r"每[家个户人名月年天孩台辆亩平招]|单[个台套项家]|人均|户均")
_NEW = re.compile(r"新增|新培育|新认定|新建|新设|新注册|当年|增加")
"""What is new this year is not what there is, unless it is asked for."""
_OPPOSED = (
    (_TOTAL, re.compile(r"新增|新培育|新认定|新建|当年|同比|环比|增长|力争|争取|计划")),
    (re.compile(r"累计|一共|总共|合计|总额"), _EACH),
    (_EACH, re.compile(r"累计|合计|总额|一共|共计")),
)
"""What a question asks for, and what near a figure says that it is something else."""
_STOCK = re.compile(r"累计|总数|总量|已有|现有|共有|目前|截至|保有|建成|眼下")

_SOME_DAY = date(2000, 1, 1)
"""Dates without a year are dates too."""

_UNTIL = re.compile(r"截[至止](?:\d{4}|[二〇○零一三四五六七八九]{4})年(?:\d{1,2}月)?(?:\d{1,2}日|[底末])?")

Span = tuple[int, int]


def short_answer(question: Question, first: Evidence) -> str:
    """Return the short answer that stands in the first sentence, "" without a sure one.

    It is the one figure, date or name that the question's words stand around; where they do not tell, the
    one that the reader points at. A reader alone is not trusted with it.
    """
    if first.score < _SURE:
        return ""
    reading = to_simplified(first.reading)
    spans = _found(question, reading)
    if len(spans) != question.wanted:
        found = spans if question.wanted == 1 else []
        spans = _closest(question, reading, found) or _read(first, reading, found)
    text = "、".join(reading[a:b] for a, b in spans).translate(_HALF_WIDTH)
    if not text or len(text) > _LONGEST or len(text) > 0.8 * len(first.reading):
        return ""
    answer = f"{dated(first, text)}〔{_scope(first)}〕"
    # What a goal or a forecast says is not to be said without its words.
    return answer if support(answer, [first])[1] else ""


def _found(question: Question, reading: str) -> list[Span]:
    """Return what the sentence states of the wanted kind, outside quoted titles."""
    if _ASKS_NUMBER.search(question.folded):
        return [m.span() for m in _NUMBER.finditer(reading)]
    if _ASKS_TITLE.search(question.folded):
        return [m.span() for m in _TITLE.finditer(reading)]
    spans: list[Span] = []
    if question.kind is Kind.FIGURE and question.units:
        own = {(f.low, f.high, f.unit) for f in find_figures(question.folded)}
        spans = [
            _qualified(reading, f.start, f.end)
            for f in find_figures(reading)
            if (f.low, f.high, f.unit) not in own and fits_unit(question, f)
        ]
    elif question.kind is Kind.DATE:
        part = next((part for pattern, part in _PRECISION if pattern.search(question.folded)), "年月日号")
        spans = [
            (p.text_start, p.text_end)
            for p in find_periods(reading, _SOME_DAY)
            if any(mark in reading[p.text_start : p.text_end] for mark in part)
        ]
    elif question.kind is Kind.PLACE:
        spans = [(m.start, m.end) for m in find_regions(reading)]
    titles = [m.span() for m in _TITLE.finditer(reading)]
    return [(a, b) for a, b in spans if not any(left <= a < right for left, right in titles)]


def _read(first: Evidence, reading: str, spans: Sequence[Span]) -> list[Span]:
    """Return the one span that the reader's likeliest answer is or lies in; nothing without a clear one."""
    if first.answer is None:
        return []
    said = to_simplified(clean_span(first.passage, first.article.text, *first.answer))
    meant = [(a, b) for a, b in spans if said and (said in reading[a:b] or reading[a:b] in said)]
    return meant if len(meant) == 1 else []


def _closest(question: Question, reading: str, spans: Sequence[Span]) -> list[Span]:
    """Return the span that the question's words stand around most; nothing where that is not clear.

    Of 从50万元提高到70万元 the last counts, unless the question asks for what was before; a total is no
    increase, and an amount for each no total.
    """
    if not _BEFORE_NOW.search(question.folded):
        spans = [(a, b) for a, b in spans if not _OLD.search(reading[:a])]
    if spans and question.kind is Kind.DATE and (acts := _ACTS.findall(question.folded)):
        ends = [a for a, _ in spans[1:]] + [len(reading)]
        spans = [
            (a, b)
            for (a, b), end in zip(spans, ends, strict=True)
            if any(act in reading[b : min(end, b + _ACT_WITHIN)] for act in acts)
        ] or spans
        if len(spans) == 1:
            return list(spans)
    content = [run for run in question.content if not any(run in title for title in question.titles)]
    asked = character_pairs("".join(content))
    bounds = [0, *(b for _, b in spans)]
    around = []
    for i, (a, b) in enumerate(spans):
        ahead = reading[bounds[i] : a]
        behind = _CLAUSE.match(reading, b) if b < len(reading) else None
        own = _CLAUSE.findall(ahead)[-1:]
        near = "".join(own) + reading[a:b] + (behind.group() if behind else "")
        if any(
            bool(pattern.search(question.folded)) and opposite.search(near) for pattern, opposite in _OPPOSED
        ):
            continue
        shared = len(asked & character_pairs(near)), len(asked & character_pairs(ahead))
        around.append((shared, (a, b), bool(_NEW.search(near))))
    if not _NEW.search(question.folded):
        around = [item for item in around if not item[2]] or around
    around.sort(reverse=True)
    if len(around) == 1 < len(spans):
        return [around[0][1]]
    if not around or around[0][0] == (0, 0) or (len(around) > 1 and around[0][0][0] == around[1][0][0]):
        return []
    return [around[0][1]]


def _qualified(reading: str, start: int, end: int) -> Span:
    """Return a figure's span with the words that qualify it (不低于, 最高, 以上)."""
    if before := _BEFORE.search(reading, 0, start):
        start = before.start()
    behind = _BEHIND.match(reading, end)
    return start, behind.end() if behind else end


def _scope(e: Evidence) -> str:
    """Return region and day of a statement: the day to which a total counts, else that of publication."""
    place = re.sub(r"^.*(?:省|自治区)(?=.)", "", e.article.region)
    goal = "目标" if is_goal(e.folded) else ""
    day = ""
    if e.article.published:
        published = f"{e.article.published.year}年{e.article.published.month}月"
        total = _STOCK.search(e.folded) and not goal and not e.years - {e.article.published.year}
        day = f"截至{published}" if total else f"{published}发布"
    if until := _UNTIL.search(to_simplified(e.reading)):
        day = until.group()
    return "，".join(part for part in (place, goal, day) if part) or "日期不详"
