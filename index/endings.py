"""Endings: tells what closes a page's article but is none of it: credits, calls to read on, notices.

They stand in lines of their own, or a scrape that lost the line breaks glued them to the last sentence. All
patterns are for folded text.
"""

import re

_WHO = "(?:责任编辑|本文编辑|网络编辑|见习编辑|值班编辑|新闻编辑|编辑|责编|审核|审校|校对|监制|统筹|值班编委)"
_EDITOR = "(?:责任编辑|编辑|责编|校对)"
_NAME = r"[\u4e00-\u9fff·a-z0-9\-_、/ \t]"
_HAN_NAME = r"(?!人员|人才|工作|委员|部门|出版)[\u4e00-\u9fff]{2,4}"
_BRACKETED = (
    r"[(\[【〔]\s*(?:完|特稿[·a-z\u4e00-\u9fff]{0,12}"
    rf"|[^()\[\]【】〔〕。]{{0,12}}?(?:{_WHO}\s*[:/]\s*{_NAME}{{0,40}}|{_WHO}\s+{_NAME}{{2,40}}|{_EDITOR}{_HAN_NAME}"
    rf"|(?:记者|通讯员|作者|摄影|编译|整理|来源|稿源|转自|供图)\s*[:/ ]\s*{_NAME}{{2,40}})"
    r"|(?:图片|照片)?(?:来源|由).{1,12}(?:提供|供图)?"
    r"|[\u4e00-\u9fff]{2,12}(?:供图|摄|整理报道|客户端|app|专特稿))\s*[)\]】〕]"
)
_READ_ON = (
    r"(?:返回[\u4e00-\u9fff]{2,6},?\s*)?查看更多|更多精彩内容,?请(?:进入|关注|点击)[^。]{2,12}"
    r"|分享让更多人看到|(?:了解[^。,]{2,12},)?请?(?:戳|点击|阅读)[“\"「]?阅读原文[”\"」]?|阅读原文|纠错|【纠错】"
)
# A notice speaks of the site or of the text itself: other warnings and addresses are the article's own.
_NOTICE = (
    r"(?:版权|免责|广告|特别|郑重)?声明:(?=[^\n]{0,300}(?:本网|本站|本平台|本报|版权|转载|侵权|原作者|投资建议|超链接))"
    r"[^\n]{4,500}"
    r"|风险提示:(?=[^\n]{0,100}(?:投资|股市))[^\n]{4,200}"
    r"|(?:本文|以上内容|本内容)[^。:“”]{0,60}(?:不构成[^。]{0,12}(?:建议|依据)|仅供参考|本站立场无关)[^。]{0,60}。?"
    r"|(?:[^。,]{0,16},)?未经[^。,]{0,16}(?:许可|授权|同意),?[^。]{0,24}转载[^。]{0,24}。?"
    r"|(?:本文|本稿)[^。,]{0,8}(?:原创|首发)[^。,]{0,8},[^。,]{0,4}转载,请[^。]{2,160}"
    r"|[^。]{0,24}转载,?请(?:务必)?注明(?:出处|来源|作者)[^。]{0,24}。?"
    r"|版权(?:侵权)?联系(?:电话|方式):?\s*[\w.@\-]{6,40}"
)
_CREDIT = rf"{_WHO}\s*[:|丨│/]\s*{_NAME}{{0,30}}|{_EDITOR}\s+{_HAN_NAME}(?:\s{_HAN_NAME})?"
_SOURCE = (
    r"(?:来源|稿源|文章来源|信息来源|转自|本文来源|作者|记者|通讯员|采写|摄影|实习生)"
    r"\s*[:|丨│][^。:!?;|丨│]{1,30}"
)
_ENDING = re.compile(rf"(?:(?:{_BRACKETED}|{_READ_ON}|{_NOTICE}|{_CREDIT}|{_SOURCE})\s*)+")
_UNMISTAKABLE = (
    r"返回[\u4e00-\u9fff]{2,6},?\s*查看更多|[(【\[]?\s*责任编辑\s*:|[(【]完[)】]|(?:版权|免责|广告)声明:"
)
_GLUED = re.compile(rf"(?:(?<=[。!?…”』」)\]】\s])|(?={_UNMISTAKABLE}))\s*{_ENDING.pattern}\Z")
_SIGNS = re.compile(
    "完|编辑|责编|审核|校对|监制|统筹|编委|记者|通讯员|作者|采写|实习生|摄|编译|整理|来源|稿源|转自|供图|提供"
    "|客户端|app|特稿|查看更多|更多精彩|更多人看到|阅读原文|纠错|声明|提示|仅供参考|不构成|本站|转载|版权"
)


def is_ending(folded: str) -> bool:
    """Whether a line holds nothing but what closes a page's article."""
    return _SIGNS.search(folded) is not None and _ENDING.fullmatch(folded) is not None


def glued_ending(folded: str) -> int:
    """Where, at the end of a line, the article's last sentence is over and only what closes the page follows.

    The length of the line if nothing does, and if no sentence would be left.
    """
    if _SIGNS.search(folded) and (match := _GLUED.search(folded)):
        return match.start()
    return len(folded)
