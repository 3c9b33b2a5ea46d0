"""Metadata: reads an article's title, date, publisher, number, kind and status from its text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from index.cleaning import find_inline_edits
from index.dates import parse_date
from index.folding import clean_reading, fold
from index.furniture import find_blocks
from index.localities import find_locality
from index.records import Article, Origin
from index.regions import find_regions

_HEAD_LINES = 15
_TAIL_LINES = 15
_BODY_LINES = 30
_HOST_LINES = 3
_TITLE_LENGTH = 80
_CREDIT_LENGTH = 120
_SPEAKERS = 3
"""Lines that a speaker opens, from which on an article is an interview."""
_KIND_LENGTH = 20_000

_LINE = re.compile(r"[^\r\n]*[^\s][^\r\n]*")

_MARKDOWN_TITLE = re.compile(r"#\s+(\S.*?)\s*#*")
_TITLE_LINE = re.compile(r"^[ \t　]*(?:原文)?(?:标题|標題)[ 　]*[:：][ 　]*(\S[^\r\n]*)", re.MULTILINE)
_NO_TITLE = re.compile(
    r".*[。；;，,、：:]$|.*。|[一二三四五六七八九十]+、|[(（][一二三四五六七八九十]|第[一二三四五六七八九十]+[章条]|\d+[、.]"
)
_LABEL = r"(?:^|[\s|丨(（【\[*])"
_CREDIT = re.compile(
    _LABEL + r"(?:(?:信息|文章|稿件)?(?:来源|來源)|(?:发布|發布|發佈)?(?:时间|時間|日期)|发布(?=[:：])"
    r"|发稿时间|更新时间"
    r"|成文日期|印发日期)\s*[:：]"
)
_STAMP = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:\s[^。]{0,60})?")
_ADOPTED = re.compile(r"[(（]?\d{4}年\d{1,2}月\d{1,2}日?.*(?:通过|公布|发布|修正|修订|施行|批准|印发)")
_SIGNED = re.compile(
    r"[(（]?[\d〇零○一二三四五六七八九十]{4}\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*[\d一二三四五六七八九十]{1,3}\s*日[)）]?"
)
_TITLE_DATE = re.compile(r"[(（][^()（）]*\d{4}[^()（）]*[)）]\s*$")

_PUBLISHER = re.compile(
    _LABEL
    + r"(?:(?:信息|文章|稿件)?(?:来源|來源)|稿源|(?:发布|發布)(?:机构|機構|单位|單位)|发文机关)\s*[:：][\s*]*"
    r"([^\s，。；：:|丨()（）】｜]{2,30})"
)
# 四川在线记者　2023年08月18日08:29: who wrote and when, on a line of their own, without a label
_BYLINE = re.compile(
    r"([\u4e00-\u9fff·]{2,16}?)(?:记者|記者)?\s+\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?"
)
_HOST = re.compile(r"([^\s，。：:]{2,20})(?:主办|主辦)(?:\s|$)")
_WIRE = re.compile(
    r"据?[【\[(（]?([\u4e00-\u9fff]{1,12}?(?:网|網|社|报|報|电视台|電視台|客户端|新闻))(?:记者)?[^，。:：]{0,12}?(?:讯|訊|电|電)[】\])）]?[\s:：,，(（]"
)
_NOBODY = frozenset(
    ["互联网", "网络", "本站", "本网", "本报", "原创", "转载", "综合", "网络综合", "网络整理", "未知", "其他"]
)

_NUMBER = (
    r"(?:[\u4e00-\u9fff]{1,14}[〔\[【(（﹝][12]\d{3}[〕\]】)）﹞]\s?(?:第)?\d{1,5}号"
    r"|(?:[\u4e00-\u9fff]{2,20})?令\s?(?:第\s?[\d〇零一二三四五六七八九十百]{1,6}\s?号|[〔\[(（][12]\d{3}[〕\])）]\s?第?\d{1,4}号))"
)
_NUMBER_LINE = re.compile(rf"[(（]?(?:(?:发文字号|文件编号|文号|文件号)\s*[:：]\s*)?({_NUMBER})[)）]?")

_CLAUSE = re.compile(r"^\s*(?:\*\*)?第[一二三四五六七八九十百千零〇\d]+条[\s　（(]", re.MULTILINE)
_SPEAKER = re.compile(r"^\s*(?:主持人|记者|記者|问|問|网民|網民|网友|網友)[^\n：:]{0,10}[：:]", re.MULTILINE)
_LAW = re.compile(r"(?:法|条例|规定|办法|细则|规则|解释|法典|决定|批复|案例)(?:\(.*\))?$")
_POLICY = re.compile(
    r"(?:通知|意见|方案|措施|规划|计划|公告|通告|决定|纲要|要点|指南|政策|批复|函|办法|细则)(?:\(.*\))?$"
)
_REPEALED = re.compile(
    r"[(\[【](?:已|现已)?(?:废止|失效)[)\]】]|(?:时效性|有效性|效力状态|状态)\s*:\s*(?:已)?(?:废止|失效)"
)
_DRAFT = re.compile(r"征求意见稿|公开征求意见|[(\[]草案[^)\]]{0,6}[)\]]|草案$")


@dataclass(frozen=True, slots=True)
class _Parts:
    """The readings of an article's lines, annotations and damage mended."""

    head: Sequence[str]
    """The first lines, those of the page included."""
    tail: Sequence[str]
    body: Sequence[str]
    """The first lines of the article itself."""
    stated_title: str
    """Of a line 标题：… in the head or among the page's own lines."""


def describe(
    id: str,
    text: str,
    *,
    title: str = "",
    published: str = "",
    publisher: str = "",
    author: str = "",
    url: str = "",
    category: str = "",
    pages: tuple[int, ...] = (),
) -> Article:
    """The article with what its file does not say (see `Document`) read from its text.

    What is uncertain stays empty.
    """
    stated = {"title": title, "published": published, "publisher": publisher, "author": author, "url": url}
    parts = _parts(text)
    title = title.strip() or _title(parts)
    publisher = publisher.strip() or _publisher(parts)
    head = fold("\n".join([title, *parts.head]))
    number = _document_number(parts)
    return Article(
        id=id,
        text=text,
        title=title,
        published=_given_date(published) or _published(parts, title),
        publisher=publisher,
        region=find_locality(title, number, publisher, parts.body),
        url=url.strip(),
        document_number=number,
        status="已废止" if _REPEALED.search(head) else "征求意见稿" if _DRAFT.search(fold(title)) else "",
        kind=_kind(text, fold(title), fold(category), parts),
        author=author.strip(),
        pages=pages,
        origins=tuple(Origin(field, "文件") for field, value in stated.items() if value.strip()),
    )


def _parts(text: str) -> _Parts:
    inline = find_inline_edits(text)
    blocks = find_blocks(text, inline)
    spans = [match.span() for match in _LINE.finditer(text)]

    def read(span: tuple[int, int]) -> str:
        return " ".join(clean_reading(text, *span, inline).split())

    own = (span for span in spans if not any(block.start <= span[0] < block.end for block in blocks))
    head_end = spans[:_HEAD_LINES][-1][1] if spans else 0
    stated = ""
    for match in _TITLE_LINE.finditer(text):
        if match.end() <= head_end or any(block.start <= match.start() < block.end for block in blocks):
            stated = read(match.span(1))
            break
    return _Parts(
        head=[read(span) for span in spans[:_HEAD_LINES]],
        tail=[read(span) for span in spans[-_TAIL_LINES:]],
        body=[read(span) for span in islice(own, _BODY_LINES)],
        stated_title=stated,
    )


def _title(parts: _Parts) -> str:
    for line in parts.head:
        if match := _MARKDOWN_TITLE.fullmatch(line):
            return match[1]
    if parts.stated_title:
        return parts.stated_title
    first = parts.body[0] if parts.body else ""
    return first if len(first) <= _TITLE_LENGTH and not _NO_TITLE.match(first) else ""


def _given_date(published: str) -> date | None:
    compact = re.fullmatch(r"\s*(\d{4})(\d{2})(\d{2})\s*", published)
    return parse_date("-".join(compact.groups()) if compact else published)


def _published(parts: _Parts, title: str) -> date | None:
    """The day of a credit line, of the title, of a law's last adoption, of the signature; in this order."""
    for line in (*parts.head, *parts.tail):
        if (
            (_CREDIT.search(line) or _STAMP.fullmatch(line) or _BYLINE.fullmatch(line))
            and len(line) <= _CREDIT_LENGTH
            and (day := parse_date(line))
        ):
            return day
    if (match := _TITLE_DATE.search(title)) and (day := parse_date(match[0])):
        return day
    adopted = [day for line in parts.head if _ADOPTED.match(line) and (day := parse_date(line))]
    if adopted:
        return max(adopted)
    for line in reversed(parts.tail):
        if _SIGNED.fullmatch(line) and (day := parse_date(line)):
            return day
    return None


def _publisher(parts: _Parts) -> str:
    for line in (*parts.head, *parts.tail):
        if (
            len(line) <= _CREDIT_LENGTH
            and (match := _PUBLISHER.search(line))
            and fold(match[1]) not in _NOBODY
        ):
            return match[1]
    for line in parts.head:
        if match := _BYLINE.fullmatch(line):
            return match[1]
    for line in parts.head[:_HOST_LINES]:
        if len(line) <= _CREDIT_LENGTH and (match := _HOST.search(line)):
            return match[1]
    for line in parts.body[:_HOST_LINES]:
        if (match := _WIRE.match(line)) and fold(match[1]) not in _NOBODY:
            return _without_region(match[1])
    return ""


def _without_region(name: str) -> str:
    """The name of a site without the region that is set before it (天津北方网), where a name is left."""
    mention = next(iter(find_regions(name)), None)
    rest = name[mention.end :] if mention and mention.start == 0 else ""
    return rest if len(rest) >= 3 and rest[-1] in "网網" else name


def _document_number(parts: _Parts) -> str:
    for line in (*parts.head, *parts.tail):
        if match := _NUMBER_LINE.fullmatch(line):
            return match[1]
    return ""


def _kind(text: str, title: str, category: str, parts: _Parts) -> str:
    """法规, 政策文件, 解读, 新闻, 访谈, or empty where nothing tells; `title` and `category` are folded."""
    clauses = len(_CLAUSE.findall(text, 0, _KIND_LENGTH))
    if re.search("访谈|专访|答记者问", title) or len(_SPEAKER.findall(text)) >= _SPEAKERS:
        return "访谈"
    if re.search("解读|图解|一图读懂|政策问答", title):
        return "解读"
    if (
        re.search("法规|法律|司法解释|宪法|案例", category)
        or (clauses and _LAW.search(title))
        or clauses > _SPEAKERS
    ):
        return "法规"
    if _document_number(parts) or _POLICY.search(title):
        return "政策文件"
    if any(_WIRE.match(line) or "记者" in fold(line) for line in parts.body):
        return "新闻"
    if any(_CREDIT.search(line) or _HOST.search(line) for line in parts.head if len(line) <= _CREDIT_LENGTH):
        return "新闻"
    return ""
