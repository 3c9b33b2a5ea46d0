"""Reflow: the lines of pages become paragraphs again; running headers and footers go."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, takewhile
from statistics import median

from index.formats.layout import ALONE, WIDE, Line, Page, Table, join
from index.formats.tables import pipe_table

_ZONE = 3
"""Lines at the top and at the bottom of a page among which its running ones are."""
_SAME_HEIGHT = 0.02
"""Share of a page's height by which a running line's place may differ."""
_MARGIN = 0.15
"""Share of a page's height at its top and bottom in which its running lines are."""
_NUMBER = r"(?:\d{1,4}|[ivxlc]{1,6}|[一二三四五六七八九十百〇○零]{1,5})"
_PAGE_NUMBER = re.compile(
    rf"[\s\-—–－―─·•.~～]*(?:第\s*{_NUMBER}\s*页|第\s*{_NUMBER}\s*頁|page\s*\d{{1,4}}|\d{{1,4}}|[ivxlc]{{1,6}})"
    rf"[\s\-—–－―─·•.~～]*(?:[\s/／,，|(（]*(?:共|of)?\s*{_NUMBER}\s*[页頁]?[)）]?)?[\s\-—–－―─·•.~～]*",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+|(?<=第)\s*[一二三四五六七八九十百]+\s*(?=[页頁期])")

_ORDINAL = "[一二三四五六七八九十百千零〇\\d]{1,6}"
_STARTS = re.compile(
    rf"第{_ORDINAL}(?:[编篇章节]|条(?:之{_ORDINAL})?)(?:[\s　:：]|[^，。的、]|$)"
    rf"|[一二三四五六七八九十]{{1,3}}[、.．]|[(（][一二三四五六七八九十\d]{{1,3}}[)）]"
    rf"|\d{{1,3}}(?:[、．]|\.(?!\d))|\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}\s|[①-⑳⑴-⒇㈠-㈩]|[-•●■◆▪○◇★※*]\s?\S"
    rf"|[一二三四五六七八九十]是|附件?\s*\d*\s*[:：]|(?:问|答|記者|记者|主持人)\s*[:：]"
)
_CLOSED = tuple("。！？!?；;：:」』”")
_PARTED = re.compile(r"[a-z][-\u2010\u00ad]$")
_TOKEN = re.compile(r"[^\s" + WIDE + r"]+")
_CLOSING = "，。、；：！？）〕》」』”’…,.;:!?)]"
_INDENT = 1.2
_SLACK = 0.6
"""Ems: how far a first line is set in at least, and what may stay empty beside a word that did not fit."""
_HANGING = 4.5
"""Ems that two lines of a paragraph begin apart at most."""
_WIDER = 1.3
"""Times the usual distance of lines above which something else begins."""
_MANY = 5
"""Lines of a page that tell where its body begins."""
_OTHER_SIZE = 1.25
_HEADING_SIZE = 1.15


def reflow(pages: Sequence[Page]) -> tuple[str, tuple[int, ...]]:
    """The text of pages, and where in it each page begins.

    A line that the width of its column broke goes on in the next one, over pages too. Lines that recur at the
    top or the bottom of pages, and page numbers, are left out.
    """
    kept = _without_lone_rows(_without_running(pages))
    typesetting = _Typesetting(pages, kept)
    paragraphs: list[str] = []
    starts: list[int] = []
    length = 0  # of the paragraphs before the last one, with a line break after each
    before: Line | Table | None = None
    for items in kept:
        starts.append(length + len(paragraphs[-1]) if paragraphs else 0)
        first = True
        for item in items:
            if isinstance(item, Table):
                goes_on = first and isinstance(before, Table) and _same_columns(before, item)
                text = _table_text(item, before.rows[0] if goes_on and isinstance(before, Table) else None)
            else:
                text = item.text
            if not text:
                continue
            if (
                isinstance(before, Line)
                and isinstance(item, Line)
                and typesetting.joins(before, item, apart=first)
            ):
                paragraphs[-1] = join(paragraphs[-1], text)
            else:
                if paragraphs:
                    length += len(paragraphs[-1]) + 1
                paragraphs.append(text)
            if first:
                starts[-1] = length + len(paragraphs[-1]) - len(text)
            first = False
            before = item
    if starts:
        starts[0] = 0
    return "\n".join(paragraphs), tuple(starts)


def _table_text(table: Table, header: list[str] | None) -> str:
    """The table in lines; where it goes on from another page, its rows without the header's repetition."""
    text = pipe_table(table.rows)
    if header is None:
        return text
    first, _, *rest = text.split("\n")
    return "\n".join(rest if table.rows[0] == header else [first, *rest])


def _same_columns(first: Table, second: Table) -> bool:
    return len(first.edges) == len(second.edges) and all(
        abs(a - b) < 4 for a, b in zip(first.edges, second.edges, strict=True)
    )


def _without_running(pages: Sequence[Page]) -> list[list[Line | Table]]:
    """The items of each page without its running lines, which stand outermost."""
    zones = [_zones(page) for page in pages]
    counts = Counter(
        key
        for page, (top, bottom) in zip(pages, zones, strict=True)
        for key in {_key(page, line) for line in top + bottom}
    )
    least = 2 if len(pages) < 8 else 3
    kept = []
    for page, (top, bottom) in zip(pages, zones, strict=True):
        running: set[int] = set()
        for zone in (top, bottom):
            for line in zone:
                recurs = sum(counts[key] for key in _keys_near(page, line)) >= least
                if line.text.endswith("。") or not (recurs or _is_page_number(line)):
                    break  # two paragraphs may end in like figures at the same place
                running.add(id(line))
        kept.append([item for item in page.items if id(item) not in running])
    return kept


def _without_lone_rows(pages: Sequence[Sequence[Line | Table]]) -> list[list[Line | Table]]:
    """The items of pages, a line for each cell of a single row that goes on no table of a page beside."""
    settled: list[list[Line | Table]] = []
    for number, items in enumerate(pages):
        page: list[Line | Table] = []
        for place, item in enumerate(items):
            if not isinstance(item, Table) or len(item.rows) > 1:
                page.append(item)
                continue
            beside = pages[number - 1][-1:] if place == 0 and number else []
            if place == len(items) - 1 and number + 1 < len(pages):
                beside = [*beside, *pages[number + 1][:1]]
            if any(isinstance(other, Table) and _same_columns(other, item) for other in beside):
                page.append(item)
            else:
                page += [
                    Line(cell, item.x0, item.x1, item.top, item.bottom, ALONE)
                    for cell in item.rows[0]
                    if cell
                ]
        settled.append(page)
    return settled


def _zones(page: Page) -> tuple[list[Line], list[Line]]:
    """The first lines from the top downwards and from the bottom upwards, as far as the nearest table."""
    limit = _MARGIN * page.height
    top = takewhile(lambda item: item.bottom < limit, sorted(page.items, key=lambda item: item.top))
    bottom = takewhile(
        lambda item: item.top > page.height - limit, sorted(page.items, key=lambda item: -item.bottom)
    )
    return list(islice(_before_table(top), _ZONE)), list(islice(_before_table(bottom), _ZONE))


def _before_table(items: Iterable[Line | Table]) -> Iterator[Line]:
    for item in items:
        if isinstance(item, Table):
            return
        yield item


_Key = tuple[str, int]


def _key(page: Page, line: Line) -> _Key:
    said = _DIGITS.sub("#", "".join(line.text.split()))
    return said, round(line.top / page.height / _SAME_HEIGHT)


def _keys_near(page: Page, line: Line) -> Iterator[_Key]:
    said, place = _key(page, line)
    return ((said, place + step) for step in (-1, 0, 1))


def _is_page_number(line: Line) -> bool:
    return _PAGE_NUMBER.fullmatch(line.text.strip()) is not None


@dataclass(slots=True)
class _Column:
    """The column that a line stands in."""

    left: float
    right: float


class _Typesetting:
    """How a document is set: the size of its body, the distance of its lines, its columns, its indents."""

    def __init__(self, pages: Sequence[Page], kept: Sequence[Sequence[Line | Table]]) -> None:
        body = [[item for item in items if isinstance(item, Line)] for items in kept]
        lefts = [_left(items) for items in body if len(items) >= _MANY]
        usual = median(lefts) if lefts else math.inf
        inner = {edge for items in body for edge in _edges(items) if _has_beside(items, edge)}
        self._columns = {
            id(line): column
            for page, items in zip(pages, body, strict=True)
            for line, column in _columns(page, items, usual, inner)
        }
        sizes: Counter[float] = Counter()
        for items in body:
            for line in items:
                sizes[round(line.size * 2) / 2] += len(line.text)
        self._size = max(sizes, key=lambda size: sizes[size], default=10.0) or 10.0
        pairs = [pair for items in body for pair in pairwise(items)]
        pairs = [
            (line, below)
            for line, below in pairs
            if self._is_body(line) and 0.8 * self._size < below.top - line.top < 4 * self._size
        ]
        steps = [below.top - line.top for line, below in pairs if self._is_full(line, below)]
        steps = steps or [below.top - line.top for line, below in pairs]
        self._pitch = median(steps) if steps else 2 * self._size
        inset = [(line, below) for line, below in pairs if self._is_inset(line)]
        self._indents = sum(below.x0 < line.x0 and not self._is_inset(below) for line, below in inset) >= max(
            1, len(inset) // 8
        )
        """Whether paragraphs begin set in."""

    def joins(self, line: Line, below: Line, *, apart: bool) -> bool:
        """Whether `below` goes on with what `line` says; `apart` where another page begins."""
        if ALONE in (line.size, below.size):
            return False
        if max(line.size, below.size) > _OTHER_SIZE * min(line.size, below.size):
            return False
        step = below.top - line.top
        if not apart and step > _WIDER * self._pitch * max(1, line.size / self._size):
            return False
        if line.size >= _HEADING_SIZE * self._size and self._is_centred(line) and self._is_centred(below):
            return not _STARTS.match(below.text)
        if not self._is_full(line, below) or not self._is_beneath(line, below):
            return False
        if self._indents and self._is_inset(below):
            return False
        if _STARTS.match(below.text):
            return self._indents and not line.text.endswith(_CLOSED)
        return True

    def _is_body(self, line: Line) -> bool:
        return abs(line.size - self._size) < 0.15 * self._size

    def _inset(self, line: Line) -> float:
        """Ems from the left edge of the column."""
        return (line.x0 - self._columns[id(line)].left) / line.size

    def _is_inset(self, line: Line) -> bool:
        return self._inset(line) >= _INDENT

    def _is_centred(self, line: Line) -> bool:
        column = self._columns[id(line)]
        return abs((line.x0 - column.left) - (column.right - line.x1)) <= 2 * line.size

    def _is_beneath(self, line: Line, below: Line) -> bool:
        """Whether `below` begins where a line that goes on may."""
        step = (line.x0 - self._columns[id(line)].left) - (below.x0 - self._columns[id(below)].left)
        if self._inset(line) > _HANGING:  # set at the right: a signature, a date
            return abs(step) < _SLACK * line.size
        return abs(step) <= _HANGING * line.size

    def _is_full(self, line: Line, below: Line) -> bool:
        """Whether what `below` begins with had no room left on `line`."""
        if _PARTED.search(line.text) and below.text[0].islower():
            return True
        if token := _TOKEN.match(below.text):
            width = min(0.5 * len(token[0]), 12)
        else:
            width = 1 + sum(character in _CLOSING for character in below.text[1:3])
        return line.x1 + width * line.size > self._columns[id(line)].right - _SLACK * line.size


def _columns(
    page: Page, everything: Sequence[Line], usual: float, inner: set[float]
) -> Iterator[tuple[Line, _Column]]:
    """Each line with its column: the lines that follow each other downwards.

    `usual` is where most pages begin at the left: a page of few lines may begin further right. `inner` is
    where columns end that have another beside them, on any page: the last one may have but the first.
    """
    blocks: list[list[Line]] = []
    for line in everything:
        last = blocks[-1][-1] if blocks else None
        if last is None or line.top < (last.top + last.bottom) / 2:
            blocks.append([])
        blocks[-1].append(line)
    edges = _edges(everything)
    page_left = _left(everything)
    for block in blocks:
        left = _left(block)
        if left == page_left and usual < left < page.width / 3:
            left = usual
        reach = sorted(_reach(line) for line in block)[int(0.8 * (len(block) - 1))]
        right = min(
            (edge for edge in edges if edge >= reach - block[0].size), default=max(line.x1 for line in block)
        )
        known = any(abs(right - edge) < block[0].size / 2 for edge in inner)
        beside = known or _has_beside(everything, right)
        if right < 0.7 * page.width and not beside:  # all lines are short
            right = max(right, page.width - min(page_left, usual))
        for line in block:
            yield line, _Column(left, right)


def _left(lines: Sequence[Line]) -> float:
    """Where lines of the usual size begin at the left: a wide table, set smaller, may begin before."""
    size = median(line.size for line in lines) if lines else 0.0
    return min((line.x0 for line in lines if abs(line.size - size) <= 0.15 * size), default=0.0)


def _has_beside(everything: Sequence[Line], edge: float) -> bool:
    return any(line.x0 > edge for line in everything)


def _reach(line: Line) -> float:
    """Where a line ends, a mark that may hang over the edge left aside."""
    return line.x1 - line.size * (line.text[-1] in _CLOSING)


def _edges(everything: Sequence[Line]) -> list[float]:
    """Where many lines of a page end."""
    least = max(2, len(everything) // 8)
    ends = sorted(_reach(line) for line in everything)
    size = median(line.size for line in everything) if everything else 1.0
    found = []
    start = 0
    for place in range(1, len(ends) + 1):
        if place == len(ends) or ends[place] - ends[place - 1] > size / 2:
            if place - start >= least:
                found.append(ends[place - 1])
            start = place
    return found
