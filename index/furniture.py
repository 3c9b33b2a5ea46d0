"""Furniture: finds the lines of a web page that stand around an article and are none of it.

Lines are judged on their folded form by what kind they are (navigation, counters, credits, notices), by their
length and by their place: most of it stands before the first or behind the last sentence of the article.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from index.endings import glued_ending, is_ending
from index.folding import Edit, clean_reading, fold, fold_article
from index.tables import is_piped

CAPTION = "重复图注"
PAGE = "页面附加内容"
CREDITS = "页面信息"
ENDING = "文末信息"
RECURRING = "各页重复"
BLOCK_REASONS = frozenset({CAPTION, PAGE, CREDITS, ENDING, RECURRING})
"""Reasons of edits that remove whole lines, or the end of one; a passage neither holds nor straddles one."""

_Kind = Literal["text", "short", "navigation", "separator", "page", "opener", "ending", "credits"]


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    """Behind the line break."""
    folded: str
    kind: _Kind
    """text: a sentence or more; short: may be a title or a link; the others are the page's."""


_NAVIGATION_WORDS = (
    "首页|网站首页|返回首页|设为首页|加入收藏|收藏本站|收藏|投稿|登录|注册|搜索|导航|网站地图|无障碍|无障碍浏览"
    "|长者模式|适老化|手机版|客户端|移动端|繁体|繁体版|简体|简体版|english|rss|微博|微信|分享|分享到|打印|打印本页|关闭"
    "|关闭窗口|返回顶部|回到顶部|顶部|上一页|下一页|尾页|末页|纠错|我要纠错|字号|字体|大|中|小|关于我们|关于本站"
    "|联系我们|联系方式|广告服务|广告合作|诚聘英才|招聘信息|人才招聘|网站律师|法律声明|隐私政策|隐私条款|友情链接|网站声明"
    r"|听全文|语音播报|登入|下载app|打开app阅读|关注公众号|保护视力色|护眼模式|分享至|上一篇|下一篇|上一条|下一条|没有了"
    r"|查看原文|收藏本文|暂无评论|top|阅读下一篇|网站找错|政府网站找错|纠错建议|facebook|twitter|line|qq空间|qq|朋友圈|新浪微博"
    r"|帮助中心|意见反馈|点赞|评论|关注|\+关注|已关注|取消关注|举报|转发|在看|阅读全文|展开全文|查看更多|更多|查看全部"
)
# the longest word first, and never another one: a line of many words is read once
_WORDS = "|".join(sorted(_NAVIGATION_WORDS.split("|"), key=len, reverse=True))
_BETWEEN = r"\s|丨│·•>»›/\-:,、()【】\[\]"
_NAVIGATION = re.compile(rf"[{_BETWEEN}]*+(?:(?>{_WORDS})[{_BETWEEN}]*+){{1,40}}+")
_SEPARATOR = re.compile(r"[-—–_=*·~]{1,80}")
# What no article says, wherever it stands.
_PAGE = re.compile(
    r"(?:扫码|扫一扫|微信扫一扫)[^。,]{0,6}(?:阅读手机版|手机版|关注.{0,8}|分享.{0,8}|在?手机.{0,10}当前页面?)"
    r"|(?:下载|打开)[^。,]{0,14}(?:客户端|app)[^。]{0,10}(?:更多|精彩|资讯|阅读全文|查看全文|体验更佳)[^。]{0,8}"
    r"|(?:欢迎|点击)[^。,]{0,12}(?:添加关注|关注我们|关注公众号|订阅)[^。]{0,16}"
    r"|[\d.,万w+]+\s*(?:篇?文章|浏览量?|阅读量?|次?点击量?|次浏览|次阅读|人?评论|条评论|点赞|粉丝)(?:\s*[\d.,万]+)?\s*-?"
    r"|(?:浏览量?|阅读量?|点击量?|点击数|浏览次数|阅读次数|访问次数|点赞数?|评论数?|粉丝)\s*:?\s*[\d.,万]+\s*次?"
    r"|本篇?文章?共?\d+字[,，]?\s*(?:读完)?约?\d+\s*分钟.{0,6}"
    r"|发布评论.{0,12}|我要评论|发表评论|请先\s*登录.{0,6}"
    r"|[^。]{0,12}(?:版权所有|all rights? reserved|copyright ?(?:\(c\)|©|\d{4})|©)[^。]{0,120}"
    r"|[^。]{0,60}(?:icp[备证]\s*\d|公网安备\s*\d|许可证(?:编号|号)?:\s*[\w\-]{6}|备案号:\s*\S{6})[^。]{0,160}"
    r"|(?=.*(?:关于|联系我们|广告服务|网站地图|设为首页|法律声明))(?:[^|。]{1,20}\|){2,}[^。]{0,200}"
    r"|(?:原文|本文)(?:地址|链接|网址)\s*:\s*\S+"
    r"|(?:当前|您的?|您现在的|所在)位置\s*:.{0,80}|(?:上一篇|下一篇|上一条|下一条)\s*:.{0,80}"
    r"|(?:首页|主页)\s*(?:[>»›/→]+\s*[^\s>»›/→。:]{2,16}\s*){1,6}"
    r"|[^。]{0,20}使用\s*cookies?[^。]{0,60}。?|网站标识码:\s*\d+.{0,40}"
    r"|建议使用[^。]{0,40}浏览(?:器|本站|本网站)|本?网站已?支持ipv6"
    r"|(?:用?微信)?(?:扫描|长按识别|长按|扫一扫)[^。,]{0,4}二维码,?(?:关注(?:我们|.{0,6}公众号|.{0,6}微信)?|分享.{0,12})"
    r"|违法和?不良信息举报[^。]{0,160}"
    r"|[^。]{0,40}转载请(?:务必)?注明(?:出处|来源|作者)[^。]{0,20}。?|文章出处\s*:.{0,80}"
)
# The heading of a section of links: where the article may end.
_OPENER = re.compile(
    r"[【\[■◆▶>]?\s*(?:(?:相关|推荐|热门|热点|精彩|最新|更多|延伸|关联|图文|头条|今日|本周|本月|24小时|编辑)"
    r"(?:推荐|新闻|链接|文章|阅读|资讯|报道|内容|信息|专题|视频|话题|排行榜?|热点|导读|稿件|文件|政策|解读|附件)"
    r"|推荐阅读|猜你喜欢|您?可能(?:还|也)?(?:喜欢|感兴趣).{0,6}|大家都在看|排行榜|点击排行|阅读排行|热搜榜?|热门标签"
    r"|标签云?|评论|网友评论|全部评论|最新评论|声明|免责声明|版权声明|法律声明|特别声明|友情链接|关于我们|专题|视频"
    r"|图片新闻|合作媒体|站内搜索|继续阅读|返回列表)\s*[】\]]?\s*:?(?:\s*更多.{0,3})?"
)
# The last lines of an article's own.
_ENDING = re.compile(
    r"[(\[【]?(?:责任编辑|责编|本文编辑|编辑|校对|监制|值班编委|网络编辑|见习编辑)\s*[:/].{0,40}"
    r"|(?:审核|统筹)\s*[:/]\s*[\u4e00-\u9fff·]{2,4}(?:[ 、][\u4e00-\u9fff·]{2,4}){0,6}"
    r"|(?:原文标题|标题|标签|关键词|tags?)\s*:.{0,80}|(?:免责|版权|特别)?声明\s*:.{0,250}"
    r"|(?:(?:地址|链接)\s*:\s*)?https?://\S+"
)
_CREDITS = re.compile(
    r"(?:来源|文章来源|信息来源|稿件来源|消息来源|稿源|发布|发布时间|发布日期|发布机构|发稿时间|更新时间|作者|记者|发布人)\s*:[^。?]{0,90}"
    r"|(?:[\u4e00-\u9fff·]{2,16}\s+)?\d{4}(?:[-/.]\d{1,2}[-/.]\d{1,2}|年\d{1,2}月\d{1,2}日(?=\s*\d{1,2}:|\s+\S+:))(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?"
    r"(?:\s+(?:来源|文章来源|信息来源|作者|编辑|浏览|阅读|点击|字号|字体)[^。]{0,60})?"
    r"|(?:日期|时间)\s*:\s*\d{4}[^。]{0,40}(?:来源|作者|浏览|阅读|点击)[^。]{0,40}"
    r"|[^\s。]{2,20}(?:主管|主办)(?:\s+[^\s。]{2,20}(?:主办|承办|协办))*"
)
_NO_CAPTION = re.compile(
    r"#|\||\d|第[一二三四五六七八九十百零\d]+[编章节条款]|.*(?:。|[;:,、]$|(?:通过|修正|修订|公布|施行)$)"
)
_CHANNEL = re.compile(r".{0,6}(?:新闻|要闻|动态|资讯|频道|专栏|快讯|头条|公告|公示|文件|解读|聚焦|专题)")
_LINE = re.compile(r"[^\r\n]+(?:\r\n|\r|\n)?")

_HEAD_LINES = 10
"""Lines with something on them at the top of a page, where its name, date and navigation may stand."""
_PAGE_LENGTH = 300
_ENDING_LENGTH = 600
_SHORT_LENGTH = 60
_EXCLAMATION_LENGTH = 30
_CAPTION_LENGTHS = range(6, 101)
_CAPTION_TIMES = 3
_PAGE_KINDS: frozenset[_Kind] = frozenset({"navigation", "page", "opener", "ending"})


def find_blocks(text: str, inline: Sequence[Edit]) -> list[Edit]:
    """The edits that remove whole lines of `text`; `inline` are the edits found within lines, sorted."""
    lines = list(_lines(text, inline))
    first_text = next((i for i, line in enumerate(lines) if line.kind == "text"), len(lines))
    last_text = max((i for i, line in enumerate(lines) if line.kind == "text"), default=len(lines))
    reasons: list[str] = [""] * len(lines)
    for number, line in enumerate(lines):
        in_head = number < min(first_text, _HEAD_LINES)
        if line.kind == "page" or (in_head and line.kind in ("navigation", "opener")):
            reasons[number] = PAGE
        elif (line.kind == "credits" and (in_head or number > last_text)) or (
            in_head and line.kind == "ending"
        ):
            reasons[number] = CREDITS
    for number in _channels(lines, reasons, first_text):
        reasons[number] = PAGE
    for number in _captions(lines):
        reasons[number] = CAPTION
    tail = _tail(lines, first_text, last_text, len(text))
    reasons[tail:] = [PAGE] * (len(lines) - tail)
    edits = list(_glued(text, lines[:tail], reasons, inline))
    for reason, group in groupby(zip(reasons, lines, strict=True), key=lambda item: item[0]):
        if reason:
            block = [line for _, line in group]
            edits.append(Edit(block[0].start, block[-1].end, "", reason))
    return sorted(edits, key=lambda edit: edit.start)


def _glued(
    text: str, lines: Sequence[_Line], reasons: Sequence[str], inline: Sequence[Edit]
) -> Iterator[Edit]:
    """What closes the page in the line of the article's last sentence, behind it."""
    last = next((i for i in reversed(range(len(lines))) if lines[i].kind == "text"), None)
    if last is None or reasons[last]:
        return
    start, end = (
        lines[last].start,
        lines[last].start + len(text[lines[last].start : lines[last].end].rstrip()),
    )
    folded = fold_article(text, max(start, end - _ENDING_LENGTH), end, inline)
    first = glued_ending(folded.text)
    if 0 < first < len(folded.text):
        yield Edit(folded.to_original(first, first + 1)[0], end, "", ENDING)


def _lines(text: str, inline: Sequence[Edit]) -> Iterator[_Line]:
    """The lines of which something is left when the edits within are applied."""
    following = iter(inline)
    edit = next(following, None)
    for match in _LINE.finditer(text):
        start, end = match.span()
        within = []
        while edit is not None and edit.start < end:
            within.append(edit)
            if edit.end > end:  # it covers the next line too
                break
            edit = next(following, None)
        content = clean_reading(text, start, end, within) if within else match[0]
        content = content.strip()
        if not content:
            continue
        folded = fold(content) if len(content) <= _PAGE_LENGTH else ""
        yield _Line(start, end, folded, _kind(folded))


def _kind(folded: str) -> _Kind:
    if not folded:  # too long to be anything else
        return "text"
    if _NAVIGATION.fullmatch(folded):
        return "navigation"
    if _SEPARATOR.fullmatch(folded):
        return "separator"
    if _PAGE.fullmatch(folded):
        return "page"
    if _OPENER.fullmatch(folded):
        return "opener"
    if _ENDING.fullmatch(folded):
        return "ending"
    if _CREDITS.fullmatch(folded):
        return "credits"
    if is_piped(folded):
        return "text"
    if is_ending(folded):
        return "ending"
    if "。" in folded or len(folded) > _SHORT_LENGTH or folded.endswith((";", ":", ",", "、")):
        return "text"
    # a title that is a link may end in an exclamation, but a long one is a sentence
    return "text" if folded[-1] in '!?…”"' and len(folded) > _EXCLAMATION_LENGTH else "short"


def _channels(lines: Sequence[_Line], reasons: Sequence[str], first_text: int) -> Iterator[int]:
    """Names of the page's channel: a short line between the page's head and the article's title."""
    for number, line in enumerate(lines[: min(first_text, _HEAD_LINES)]):
        if not (number and reasons[number - 1] and line.kind == "short" and _CHANNEL.fullmatch(line.folded)):
            continue
        if any(x.kind == "short" for x in lines[number + 1 : first_text]):
            yield number


def _captions(lines: Sequence[_Line]) -> Iterator[int]:
    """Lines that stand there again and again between sentences, as captions do, except as a title on top.

    Those of forms and collections stand at the head of something, or below it.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(lines):
        if number and len(line.folded) in _CAPTION_LENGTHS:
            places[line.folded].append(number)
    for folded, numbers in places.items():
        times = len(numbers) + (lines[0].folded == folded)
        if times < _CAPTION_TIMES or _NO_CAPTION.match(folded):
            continue
        below = sum(_is_running(lines[number - 1]) for number in numbers)
        above = sum(number + 1 == len(lines) or _is_running(lines[number + 1]) for number in numbers)
        if below >= len(numbers) / 2 and above >= len(numbers) / 3:
            yield from numbers


def _is_running(line: _Line) -> bool:
    """Whether a line is the article's running text: a sentence, or a heading that is marked as one."""
    return line.kind == "text" or line.folded[:1] == "#" or line.folded[-1:] in ("?", "!")


def _tail(lines: Sequence[_Line], first_text: int, last_text: int, length: int) -> int:
    """The first of the lines that stand behind the article up to the page's end; behind all lines if none do.

    Either no sentence follows from there, or the article is closed by its credits and the page's sections
    begin at once: then what follows are other articles' summaries.
    """
    for number in range(first_text + 1, len(lines)):
        line = lines[number]
        if line.kind not in _PAGE_KINDS:
            continue
        if number > last_text:
            return number
        near = [x.kind for x in lines[number + 1 : number + 5]]
        if line.kind in ("ending", "opener") and line.start > length / 2 and "opener" in near:
            return number
    return len(lines)
