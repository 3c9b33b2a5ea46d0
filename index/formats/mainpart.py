"""Main part: what of a web page is its article, told by where most text that is no link stands."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.formats.markup import Line, lines_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NEVER = [
    "script",
    "style",
    "noscript",
    "template",
    "iframe",
    "frame",
    "object",
    "embed",
    "applet",
    "svg",
    "canvas",
    "math",
    "select",
    "option",
    "button",
    "input",
    "textarea",
    "video",
    "audio",
    "map",
    "nav",
    "dialog",
    "rt",
    "rp",
    "rtc",
    "head",
]
"""Elements whose text is none of the article's."""
_SIDE_TAGS = ("aside", "footer")
_SIDE_NAMES = re.compile(
    r"(?:^|[-_\s])(?:nav\w*|menu\w*|header|top(?:bar|nav)?|foot(?:er)?\w*|crumbs?|bread\w*|location|position|share\w*|bdshare\w*"
    r"|sidebar|side|aside|related?|relevant|recommend\w*|comments?|pinglun|copyright|qr\w*|ewm|erweima|toolbar|tools?|login|search"
    r"|ads?|advert\w*|banner|links?|friend\w*|pag(?:er|ination)|hot\w*|rank\w*|fenxiang|dayin|editor-?info)(?:$|[-_\s])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CONTAINERS = frozenset(
    [
        "html",
        "body",
        "div",
        "section",
        "article",
        "main",
        "center",
        "form",
        "table",
        "tbody",
        "tr",
        "td",
        "th",
        "fieldset",
        "font",
        "span",
        "header",
        "blockquote",
    ]
)
_MAX_SIDE = 0.3
"""Share of a page's text beyond which what is called its side is not."""
_MIN_MAIN = 0.75
"""Share of a page's text that its main part holds at least."""
_LINKED = 0.6
_LIST = 3
"""Lines in a row that are links: a list of other pages."""
_ATTACHMENT = re.compile(r"附件|附表|附图|\.(?:pdf|docx?|xlsx?|wps|et|ofd|zip|rar|pptx?)\b", re.IGNORECASE)
_DATE = re.compile(r"[\[(（]?(?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?[\])）]?(?:\s*\d{1,2}:\d{2})?")
_LEFT = 20
"""Characters of text that a page must have without its lists."""
_OPENER_LENGTH = 12
_HEAD_LENGTH = 120
_ADJACENT = 10
"""Lines beside the main part that may still be the article's."""
_CREDIT = re.compile(
    r"[\d〇零○一二三四五六七八九十]{4}(?:年[\d一二三四五六七八九十]{1,3}月|-\d{1,2}-\d)|(?:来源|來源|作者|日期|时间|時間)\s*[:：]"
)


def prune(page: "HtmlElement") -> None:
    """Take out of a page what is never its text, and what is called its side and holds little text."""
    for element in list(page.iter(*_NEVER)):
        _drop(element)
    for element in list(page.iter("br", "hr")):
        element.text = None
    sides = [e for e in page.iter() if isinstance(e.tag, str) and e is not page and _is_side(e)]
    if not sides:
        return
    total = _unlinked(page)
    for element in sides:
        # some hide the article itself until a script has run
        if _unlinked(element) <= _MAX_SIDE * total or "。" not in element.text_content():
            _drop(element)


def main_lines(page: "HtmlElement", title: str) -> list[Line]:
    """The lines of the article on a pruned page: from its title on, to the end of its main part."""
    lines = list(lines_of(page))
    main = set(_main(page, lines).iter())  # not their ids: an element that nobody holds is made anew
    places = [number for number, line in enumerate(lines) if line.element in main]
    first, end = (places[0], places[-1] + 1) if places else (0, 0)
    titles = [number for number, line in enumerate(lines[:end]) if _same(line.text, title)]
    within = next((number for number in titles if number > first), None)
    if within is not None and not any("。" in line.text for line in lines[first:within]):
        first = within
    facts = [line for line in lines[:first] if line.kind == "facts"]
    before = [number for number in titles if number < first]
    head = (
        [line for line in lines[before[-1] : first] if _belongs(line)]
        if before
        else _adjacent(lines[:first][::-1])[::-1]
    )
    return [*facts, *head, *_without_lists(lines[first:end]), *_adjacent(lines[end:])]


def _drop(element: "HtmlElement") -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _is_side(element: "HtmlElement") -> bool:
    if element.tag in _SIDE_TAGS or element.get("hidden") is not None:
        return True
    if _HIDDEN.search(element.get("style") or ""):
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return _SIDE_NAMES.search(names) is not None and next(element.iter("h1"), None) is None


def _unlinked(element: "HtmlElement") -> int:
    linked = sum(len("".join(link.text_content().split())) for link in element.iter("a"))
    return len("".join(element.text_content().split())) - linked


def _main(page: "HtmlElement", lines: Sequence[Line]) -> "HtmlElement":
    """The smallest container that holds most of the page's text."""
    weights: dict[HtmlElement, int] = {}
    for line in lines:
        if _is_link(line):
            continue
        element = line.element
        while element is not None:
            weights[element] = weights.get(element, 0) + line.weight
            element = element.getparent() if element is not page else None
    total = weights.get(page, 0)
    main = page
    while True:
        child = max(main, key=lambda c: weights.get(c, 0), default=None)
        if child is None or child.tag not in _CONTAINERS or weights.get(child, 0) < _MIN_MAIN * total:
            return main
        main = child


def _is_link(line: Line) -> bool:
    rest = _DATE.sub("", line.text).strip("-*#·•>» ")
    return (
        line.linked >= _LINKED * len("".join(rest.split()))
        and line.linked > 0
        and not _ATTACHMENT.search(line.text)
    )


def _same(text: str, title: str) -> bool:
    return bool(title) and "".join(text.lstrip("# ").split()) == "".join(title.split())


def _belongs(line: Line) -> bool:
    return line.kind != "facts" and len(line.text) <= _HEAD_LENGTH and not _is_link(line)


def _adjacent(lines: Sequence[Line]) -> list[Line]:
    """Of the lines away from the main part: up to the last sentence, signature or credit before any link."""
    near: list[Line] = []
    for line in lines[:_ADJACENT]:
        if _is_link(line):
            break
        near.append(line)
    while near and "。" not in near[-1].text and not _CREDIT.search(near[-1].text):
        near.pop()
    return [line for line in near if line.kind != "facts"]


def _without_lists(lines: Sequence[Line]) -> list[Line]:
    """The lines without lists of links and what heads them, unless they are all that the page has."""
    kept: list[Line] = []
    number = 0
    while number < len(lines):
        end = number
        while end < len(lines) and _is_link(lines[end]):
            end += 1
        if end - number >= _LIST:
            if (
                kept
                and len(kept[-1].text.lstrip("# ")) <= _OPENER_LENGTH
                and not kept[-1].text.endswith(("。", "：", ":"))
            ):
                kept.pop()
            number = end
        else:
            kept += lines[number : end + 1]
            number = end + 1
    return kept if sum(line.weight for line in kept) >= _LEFT else list(lines)
