"""Kinds: whether an article is 法规, 政策文件, 解读, 新闻 or 访谈."""

import re
from collections.abc import Sequence

from index.fields.adoption import PLACE, Event
from index.fields.lines import Lines, Reading
from index.fields.publishers import is_wire
from index.numerals import fold_aligned

_LENGTH = 20_000
_SPEAKERS = 3
"""Lines that a speaker opens, from which on an article is an interview."""
_CLAUSES = 3
"""Articles of law (第一条), from which on a text without a policy document's title is a rule."""

_CLAUSE = re.compile(r"^[^\S\n]*(?:\*\*)?第[一二三四五六七八九十百千零〇\d]+条[\s　（(:：]", re.MULTILINE)
_SPEAKER = re.compile(
    r"^[^\S\n]*(?:\*\*)?(?:主持人|记者|記者|问|問|网民|網民|网友|網友)[^\n：:]{0,10}[：:]", re.MULTILINE
)
_INTERVIEW = re.compile("访谈|专访|答记者问|对话[^框]")
_READING = re.compile(r"解读|图解|一图读懂|政策问答|热点问答|问答$|释义|释法|典型案例|指导性?案例")
_CASE = re.compile(
    r"^[^\S\n]*(?:#+\s*)?[【(（]?(?:基本案情|简要案情|案情简介|裁判要[旨点]|裁判结果|典型意义|案例分析|裁判理由)[】)）]?\s*$",
    re.MULTILINE,
)
_LAW = re.compile(
    r"(?:法|法典|条例|规定|办法|细则|规则|解释|决定|决议|批复|规程|章程|宪法|修正案|标准|规范)(?:\([^()]*\))*$"
)
_STATUTE = re.compile(r"(?:(?<!办)法|法典|条例|规定|规则|解释)(?:\([^()]*\))*$")
_POLICY = re.compile(
    r"(?:通知|意见|方案|措施|规划|计划|公告|通告|决定|纲要|要点|指南|政策|批复|函|办法|细则|目录|清单|通报|公报|报告|命令|令)(?:\([^()]*\))*$"
)
_NOTICE = re.compile(r"(?:通知|意见|公告|通告|函|通报|方案|规划|要点)(?:\([^()]*\))*$")
_COURT = re.compile(r"最高人民(?:法院|检察院)")
_TOP = re.compile("国务院(?!办公厅)|全国人民代表大会|中华人民共和国")
_OWN_NAME = re.compile("本(?:法|条例|规定|办法|细则|规则|解释|标准|规范|章程|决定)")
_ORDER = re.compile(r"法释|高检发释字|令|公告")
_CATEGORY = re.compile("法规|法律|司法解释|宪法|规章|民法|刑法|行政法|经济法|社会法|诉讼")
_ADDRESSEES = re.compile(r"^各[^。]{2,120}[:：]\s*$", re.MULTILINE)
_NEWS = re.compile(
    "记者|近日|日前|据悉|报道|讯|责任?编辑?:|当地时间|原标题|本报|通讯员|[(]完[)]|[0-9]{1,2}月[0-9]{1,2}日|[昨今][日天]"
)
"""Words of reports; one of them is enough."""
_PROSE = re.compile(
    "据了解|消息|当日|来源|编辑|表示|介绍|图[为/]|图文|摄|转自|指出|强调|出席|举行|举办|召开|开展|发布|宣布|网友|今年|去年|目前|同比"
)
"""Words that stand in reports and elsewhere; so many different ones are enough."""
_SIGNS = 2
_CREDIT = re.compile(
    r"(?:^|[\s|(【])(?:(?:信息|文章|稿件)?来源|发布时间|责任编辑|编辑|主办)\s*[:|]|主办(?:\s|$)"
)


def read_kind(
    text: str, title: str, category: str, number: str, lines: Lines, events: Sequence[Event]
) -> Reading[str] | None:
    """The kind, None where nothing tells; `category` is what the file calls it.

    A case (案例) explains how a rule is applied: it is a 解读.
    """
    title, category, number = fold_aligned(title), fold_aligned(category), fold_aligned(number)
    sample = text[:_LENGTH]
    if _INTERVIEW.search(title) or len(_SPEAKER.findall(sample)) >= _SPEAKERS:
        return Reading("访谈", "标题" if _INTERVIEW.search(title) else "问答形式")
    if _READING.search(title):
        return Reading("解读", "标题")
    if "案例" in category or len(_CASE.findall(sample)) >= 2:
        return Reading("解读", "正文体例")
    clauses = len(_CLAUSE.findall(sample))
    adopted = [event for event in events if event.publishes]
    if _CATEGORY.search(category):
        return Reading("法规", "文件")
    numbered = bool(number) and not _ORDER.search(number)
    notice = bool(_NOTICE.search(title)) or (numbered and not _STATUTE.search(title))
    if _COURT.match(title) or (adopted and not notice):
        return Reading("法规", PLACE if adopted else "标题")
    if not notice and _LAW.search(title) and (clauses or _TOP.match(title) or _OWN_NAME.search(sample)):
        return Reading("法规", "正文体例")
    if not notice and clauses > _CLAUSES:
        return Reading("法规", "正文体例")
    if number or _POLICY.search(title) or _ADDRESSEES.search(text[:2000]):
        return Reading("政策文件", "文号" if number else "标题")
    if any(is_wire(line) for line in lines.body[:3]):
        return Reading("新闻", "电头")
    if any(_CREDIT.search(line.folded) for line in lines.outer):
        return Reading("新闻", "信息栏")
    folded = fold_aligned(sample)
    if _NEWS.search(folded) or len({match[0] for match in _PROSE.finditer(folded)}) >= _SIGNS:
        return Reading("新闻", "正文体例")
    return None
