"""Publishers: who published an article or was reprinted, its author, and its address."""

import re

from index.fields.labels import labelled
from index.fields.lines import END, Line, Lines, Reading
from index.numerals import fold_aligned
from index.regions import find_regions

_SOURCES = (
    *(
        "信息来源",
        "文章来源",
        "稿件来源",
        "新闻来源",
        "内容来源",
        "本文来源",
        "来源",
        "稿源",
        "转载自",
        "本文转自",
        "转自",
        "摘自",
    ),
    *("发布机构", "发布单位", "发文机关", "发文机构", "发文单位", "主办单位", "主办"),
)
_NAME = r"[^\s,。;:|丨()\[\]【】《》“”<>!?]{2,30}"
_FIRST = re.compile(rf"[\[《【(“]*({_NAME})")
# In prose; right behind a word (金融时报来源：中国新闻网返回搜狐) only at the end of what a portal took over.
_MENTION = re.compile(
    r"(?:(?<![\u4e00-\u9fff])(?:来源|稿源)\s*[:|丨]|(?:转载自|转自|摘自)\s*[:|丨]?|(?P<glued>来源)\s*:)"
    rf"\s*[【\[《「“(]?(?P<name>{_NAME}?)(?:微信公众号|公众号)?"
    r"(?:(?P<portal>返回|责任|责编)"
    r"|(?=[】\]》」”),。;|\s]|编辑|作者|记者|原标题|原文|查看|本文|通讯员|$))"
)
# 四川在线记者　2023年08月18日08:29: who wrote and when, on a line of their own, without a label
_BYLINE = re.compile(
    r"([\u4e00-\u9fff·]{2,16}?)(?:记者)?\s+\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?"
)
_HOST = re.compile(r"([^\s,。:]{2,20})(?:主办)(?:\s|$)")
_HOST_LINES = 3
_MEDIA = r"[\u4e00-\u9fffa-z0-9]{0,12}(?:网|社|报|电视台|广播|客户端|新闻|之家|日报|晚报|在线|云)"
_WIRE = re.compile(
    rf"据?[【\[(]?(?P<name>{_MEDIA})(?:\([^)]{{2,12}}\))?(?:记者)?[^,。:()]{{0,12}}?(?:讯|电|消息)[】\])]?[\s:,(]"
)
_NOBODY = frozenset(
    [
        "互联网",
        "网络",
        "本站",
        "本网",
        "本报",
        "本网站",
        "原创",
        "转载",
        "综合",
        "网络综合",
        "网络整理",
        "未知",
        "其他",
        "其它",
        "不详",
        "网上",
        "微信",
        "新媒体",
        "新闻",
        "人民网络",
    ]
)

_PERSON = (
    r"(?!通讯员|实习|见习|摄影|报道|记者|编辑|校对|视频|图片)[\u4e00-\u9fff]{2,4}(?:·[\u4e00-\u9fff]{1,6})?"
)
_PEOPLE = rf"{_PERSON}(?:(?:\s*[、,/]\s*|\s+){_PERSON})*"
_AUTHORS = ("本文作者", "文章作者", "作者", "撰稿人", "撰稿", "撰文", "执笔", "文字", "供稿", "记者")
_BRACKETED = re.compile(
    rf"[(\[【](?:[^()\[\]【】]{{0,16}}?)?记者\s*:?\s*(?P<names>{_PEOPLE})\s*(?:摄影报道|文/?图|摄)?(?=\)|\]|】|\s*(?:通讯员|实习生|[,;]))"
)
_REPORTER_LINE = re.compile(
    rf"[^,。:;]{{0,16}}记者\s+(?P<names>{_PEOPLE})(?:\s*(?:摄影报道|文/?图|文|摄|报道))?"
)
_CLOSING = re.compile(
    rf"记者\s+(?P<names>{_PEOPLE})(?:\s*(?:摄影报道|文/?图|报道))?(?:校对.*|返回.*|责[任编].*)?$"
)
_BY = re.compile(rf"(?:^|[\s(丨|■◎●□])文\s*[/|丨:]\s*(?P<names>{_PEOPLE})(?=\s|$|\)|[,。;/])")
_NOT_NAMES = re.compile(
    "审|记者|编辑|通讯员|摄影|来源|报道|本报|本网|本台|日报|网站|中心|人民|委员|日期|时间|浏览|点击|分享"
)

_URL = re.compile(r"https?://[^\s<>\"'，。；）)】\]]+")
_URL_LABELS = (
    "原文链接",
    "原文地址",
    "原文网址",
    "本文链接",
    "本文地址",
    "文章链接",
    "来源链接",
    "网页地址",
    "链接地址",
    "链接",
    "地址",
    "网址",
    "url",
)


def read_publisher(lines: Lines) -> Reading[str] | None:
    """Who published the article or, of a reprint, whom it was taken from; 互联网 and 本站 name nobody."""
    for found in labelled(lines, *_SOURCES):
        match = _FIRST.match(fold_aligned(found.value))
        if match and _is_somebody(match[1]):
            return found.part(*match.span(1))
    for line in lines.outer:
        if (match := _BYLINE.fullmatch(line.folded)) and _is_somebody(match[1]):
            return lines.read(line, *match.span(1), "署名行")
    for line in lines.head[:_HOST_LINES]:
        if len(line.text) <= END and (match := _HOST.search(line.folded)):
            return lines.read(line, *match.span(1), "主办单位")
    for line in (*lines.body[:2], *lines.tail[-2:], *lines.body[-2:]):
        for match in _MENTION.finditer(line.folded):
            near = match.start() <= END or len(line.folded) - match.end() <= END
            if near and (match["portal"] or not match["glued"]) and _is_somebody(match["name"]):
                return lines.read(line, *match.span("name"), "来源说明")
    for line in lines.body[:_HOST_LINES]:
        if (match := _WIRE.match(line.folded)) and _is_somebody(match["name"]):
            start, end = match.span("name")
            return lines.read(line, start + _region_length(match["name"]), end, "电头")
    return None


def read_author(lines: Lines) -> Reading[str] | None:
    """The people who wrote the article, as it names them."""
    for found in labelled(lines, *_AUTHORS):
        match = re.match(_PEOPLE, fold_aligned(found.value))
        if match and not _NOT_NAMES.search(match[0]):
            return found.part(*match.span())
    for line in (*lines.head, *lines.tail):
        match = (
            (_REPORTER_LINE.fullmatch(line.folded) or _BY.search(line.folded))
            if len(line.text) <= 60
            else None
        )
        if match and not _NOT_NAMES.search(match["names"]):
            return lines.read(line, *match.span("names"), "署名行")
    for line in (*lines.body[:3], *lines.body[-1:], *lines.tail[-3:]):
        for match in (
            *_BRACKETED.finditer(line.folded),
            *_BY.finditer(line.folded),
            *_CLOSING.finditer(line.folded),
        ):
            near = match.start() <= END or len(line.folded) - match.end() <= END
            if near and not _NOT_NAMES.search(match["names"]):
                return lines.read(line, *match.span("names"), "记者署名")
    return None


def read_url(lines: Lines) -> Reading[str] | None:
    """The article's own address, where the text labels one as such."""
    for found in labelled(lines, *_URL_LABELS):
        if match := _URL.match(found.value):
            return found.part(*match.span())
    return None


def is_wire(line: Line) -> bool:
    """Whether a line begins as a news agency's report does (新华社北京7月28日电)."""
    return bool(_WIRE.match(line.folded)) or bool(re.match(r"本报讯|本网讯|本台消息", line.folded))


def _is_somebody(name: str) -> bool:
    return name not in _NOBODY and not re.fullmatch(r"[\d\W]+.*|https?.*|.*(?:查看更多|返回).*", name)


def _region_length(name: str) -> int:
    """The length of a region set before the name of a site (天津北方网), where a name is left."""
    mention = next(iter(find_regions(name)), None)
    rest = name[mention.end :] if mention and mention.start == 0 else ""
    return len(name) - len(rest) if len(rest) >= 3 and rest.endswith("网") else 0
