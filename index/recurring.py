"""Recurring lines: what a site repeats around its articles, told by reading many of its pages together.

A page alone cannot tell a site's slogan from a sentence of its article. Articles that are read in one run are
looked at in windows: a line or sentence at the edge of a page is furniture where at least `TIMES` pages of
the site, and `SHARE` of them, have it there too. What was found is kept with the article, in its field
`recurring`, which its fingerprint leaves out: an article that did not change costs nothing and keeps what an
earlier run found, whatever is read with it now.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TypeVar
from urllib.parse import urlsplit

from index.folding import fold
from index.records import Article
from index.sentences import sentence_spans

TIMES = 5
"""Pages of a site that must have a line at their edge."""
SHARE = 0.5
"""Share of the site's pages that must have it."""
WINDOW = 2000
"""Articles that are looked at together."""
_WINDOW_LENGTH = 20_000_000
"""Code points of a window."""

_TAIL_LENGTH = 1500
_UNITS = 20
"""Lines or sentences at the end of a page that are looked at."""
_HEAD_LINES = 10
_HEAD_LENGTH = 60
_LENGTHS = range(2, 121)
_APART = 3
"""Lines of its own that may stand between two that recur."""
_MOST = 0.6
"""Share of an article that recurs from which on it is a form: its lines are its own."""

# What articles of one body have in common and yet say themselves: outline, signature, where to ask.
_OWN = re.compile(
    r"第[一二三四五六七八九十百零\d]+[编章节条款]|[一二三四五六七八九十]+[、.]|[(\d]|[|#]"
    r"|附[件表则:]|目\s*录|总\s*则|特此|此件|现予|予以|本(?:办法|规定|条例|通知|意见|细则|法|决定|方案|公告|规则|章程)"
    r"|.*(?:施行|执行|实施|废止|有效|解释)|.*(?:发布|印发|公布|通过)$|.{0,12}(?:电话|热线|地址|地点|邮箱|咨询|网址|联系|时间|日期)"
    r"|.{2,30}(?:政府|委员会|委|办公室|办公厅|局|厅|部|院|会|处|中心|公司|大学|银行|文件)$"
)
_LINE = re.compile(r"[^\r\n]+")
_BREAK = re.compile(r"[\r\n]")

_Span = tuple[int, int]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Edges:
    """The lines at the edges of a page, with their folded text."""

    head: list[tuple[_Span, str]]
    tail: list[tuple[_Span, str]]
    """From the end on upward."""
    opening: str
    """How the article begins: pages that begin alike are one page."""


def marked(articles: Iterable[Article | _T]) -> Iterator[Article | _T]:
    """The articles in their order, each with the spans that recur on other pages of its site."""
    known: dict[str, set[str]] = defaultdict(set)
    window: list[Article | _T] = []
    length = 0
    for article in articles:
        window.append(article)
        length += len(article.text) if isinstance(article, Article) else 0
        if len(window) >= WINDOW or length >= _WINDOW_LENGTH:
            yield from _marked(window, known)
            window, length = [], 0
    yield from _marked(window, known)


def _marked(window: list[Article | _T], known: dict[str, set[str]]) -> Iterator[Article | _T]:
    pages = [(article, _edges(article)) for article in window if isinstance(article, Article)]
    alike: dict[str, set[str]] = defaultdict(set)
    times: dict[str, Counter[str]] = defaultdict(Counter)
    for article, edges in pages:
        for site in _sites(article):
            if edges.opening not in alike[site]:
                alike[site].add(edges.opening)
                times[site].update({line for _, line in (*edges.head, *edges.tail)})
    least = {site: max(TIMES, SHARE * len(openings)) for site, openings in alike.items()}
    often = {site: {x for x, n in lines.items() if x and n >= least[site]} for site, lines in times.items()}
    # of these, what so many have at their very edge: others may be usual sentences of articles
    outer: dict[str, Counter[str]] = defaultdict(Counter)
    for article, edges in pages:
        for site in _sites(article):
            outer[site].update(
                {fold(article.text[slice(*span)]).strip() for span in _spans(article, edges, often[site])}
            )
    for site, counted in outer.items():
        known[site].update(line for line, count in counted.items() if count >= least[site])
    found = iter(pages)
    for item in window:
        if isinstance(item, Article):
            article, edges = next(found)
            lines = set[str]().union(*(known[site] for site in _sites(article)))
            yield replace(article, recurring=_spans(article, edges, lines))
        else:
            yield item


def _sites(article: Article) -> list[str]:
    """What tells pages of one site: the host, else who published, and the folder."""
    try:
        host = urlsplit(article.url).hostname
    except ValueError:
        host = None
    if host:
        return [f"host {host.removeprefix('www.')}"]
    publisher = [f"publisher {fold(article.publisher)}"] if article.publisher else []
    return [*publisher, f"folder {article.id.rpartition('/')[0]}"]


def _edges(article: Article) -> _Edges:
    text, title = article.text, fold(article.title)
    lines = [match.span() for match in _first(_LINE.finditer(text), 4 * _HEAD_LINES) if match[0].strip()]
    head = list(takewhile(lambda span: _is_short(text, span), lines[:_HEAD_LINES]))
    rest = lines[len(head)] if len(head) < len(lines) else (len(text), len(text))
    start = max(rest[0], len(text) - _TAIL_LENGTH)
    spans = sentence_spans(text, start)
    if start > rest[0]:  # the first is cut
        spans = spans[1:]
    return _Edges(
        head=[(span, "" if line in title else line) for span, line in _keyed(text, head)],
        tail=_keyed(text, spans[: -_UNITS - 1 : -1]),
        opening=fold(text[rest[0] : min(rest[1], rest[0] + 40)]),
    )


def _first(items: Iterator[re.Match[str]], count: int) -> Iterator[re.Match[str]]:
    return (item for _, item in zip(range(count), items, strict=False))


def _is_short(text: str, span: _Span) -> bool:
    line = text[slice(*span)].strip()
    return len(line) <= _HEAD_LENGTH and "。" not in line


def _keyed(text: str, spans: Iterable[_Span]) -> list[tuple[_Span, str]]:
    folded = [(span, fold(text[slice(*span)]).strip()) for span in spans]
    return [(span, line if len(line) in _LENGTHS and not _OWN.match(line) else "") for span, line in folded]


def _spans(article: Article, edges: _Edges, lines: set[str]) -> tuple[_Span, ...]:
    """The spans of the page's edges that recur; at its end as far as no other sentence stands between."""
    text = article.text
    found = [span for span, line in edges.head if line in lines]
    own: list[int] = []  # where lines begin that stand between
    for span, line in edges.tail:
        if line in lines:
            if own and not _BREAK.search(text, span[1], own[-1]):  # a passage would reach over it
                break
            found.append(span)
            own = []
        elif "。" in text[slice(*span)] or len(own) == _APART:
            break
        else:
            own.append(span[0])
    if sum(end - start for start, end in found) > _MOST * len(text):
        return ()
    return tuple(sorted(found))
