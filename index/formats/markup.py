"""Markup: a part of a web page as lines of text, its headings and tables as Markdown writes them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.formats.tables import check_size, pipe_table

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "o:p",
        "q",
        "rb",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
"""Elements that begin no line of their own."""
_LEVELS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
_SPACES = re.compile(r"[ \t\r\n\f\v\u00a0]+")
_RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_LOWERED = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
_EXPONENT = re.compile(r"\s*[0-9+-]{1,3}\s*")
_MARKED = re.compile(
    r"[-*•·●○■◆▪–—①-⑳]|[(（]?[\d一二三四五六七八九十]+(?:[)）.、．]|是)|第[\d一二三四五六七八九十百]+|附件"
)
_FACT = re.compile(
    r"(?:索\s*引\s*号|信息分类|主题分类|体裁分类|组配分类|发[布文](?:机[构关]|单位)|公开(?:主体|日期|方式|形式|范围)|有\s*效\s*性"
    r"|(?:成文|发文|生成|印发|公布|发布|生效|施行|实施|废止|失效)(?:日期|时间)|(?:信息)?标\s*题|(?:信息|文件)?名\s*称|发文字号"
    r"|文\s*号|文件编号|主\s*题\s*词|关\s*键\s*词|内容概述|有效期|文件状态|效力状态|统一编号|来\s*源)\s*[:：]?"
)
_MAX_SPAN = 100
_LAYOUT_SIZE, _LAYOUT_SHARE = 400, 0.6


@dataclass(slots=True)
class Line:
    """One line of a page, or a table."""

    text: str
    kind: str
    """The element that it is directly in; `table`, or `facts` of a table of what a document is."""
    linked: int
    """How many of its characters are links."""
    element: "HtmlElement"

    @property
    def weight(self) -> int:
        """How many of its characters are no links."""
        return max(0, len(self.text) - self.linked)


def lines_of(root: "HtmlElement") -> Iterator[Line]:
    """The lines of an element, in order; empty ones are left out.

    It is walked without recursion, as it may be nested as deeply as it likes.
    """
    from lxml.etree import iterwalk

    writer = _Writer(root)
    walk = iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            if element.tag == "table" and is_table(element):
                yield from writer.flush()
                yield from _table_lines(element)
                walk.skip_subtree()
            else:
                yield from writer.start(element)
        else:
            yield from writer.end(element)
            if element is not root and element.tail:
                yield from writer.write(element.tail)
    yield from writer.flush()


class _Writer:
    """Gathers the pieces of a line."""

    def __init__(self, root: "HtmlElement") -> None:
        self._blocks = [root]
        self._prefix = ""
        self._pieces: list[str] = []
        self._linked = 0
        self._links = 0  # within how many elements of that kind
        self._preformatted = 0

    def start(self, element: "HtmlElement") -> Iterator[Line]:
        tag = element.tag
        if tag not in _INLINE:
            yield from self.flush()
            self._blocks.append(element)
            if tag in _LEVELS:
                self._prefix = _LEVELS[tag]
            elif tag == "li":
                self._prefix = _mark(element)
        self._links += tag == "a"
        self._preformatted += tag == "pre"
        if element.text:
            text = element.text
            if tag in ("sup", "sub") and _EXPONENT.fullmatch(text):
                text = text.translate(_RAISED if tag == "sup" else _LOWERED)
            yield from self.write(text)

    def end(self, element: "HtmlElement") -> Iterator[Line]:
        tag = element.tag
        self._links -= tag == "a"
        self._preformatted -= tag == "pre"
        if tag not in _INLINE and not (tag == "table" and self._blocks[-1] is not element):
            yield from self.flush()
            self._blocks.pop()
            self._prefix = ""

    def write(self, text: str) -> Iterator[Line]:
        first, *others = text.split("\n") if self._preformatted else [text]
        self._add(first)
        for line in others:
            yield from self.flush()
            self._add(line)

    def _add(self, text: str) -> None:
        self._pieces.append(text)
        if self._links:
            self._linked += len(_SPACES.sub("", text))

    def flush(self) -> Iterator[Line]:
        text = _SPACES.sub(" ", "".join(self._pieces)).strip(" \u3000")
        if text:
            prefix = "" if self._prefix in ("- ", "1. ") and _MARKED.match(text) else self._prefix
            yield Line(prefix + text, self._blocks[-1].tag, self._linked, self._blocks[-1])
            self._prefix = ""
        self._pieces.clear()
        self._linked = 0


def _mark(item: "HtmlElement") -> str:
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return "- "
    number = sum(1 for _ in item.itersiblings("li", preceding=True)) + 1
    return f"{number}. "


def is_table(table: "HtmlElement") -> bool:
    """Whether it holds data: rows of several cells, of which none has most of the text or such a table."""
    return _is_grid(table) and not any(_is_grid(inner) for inner in table.iterdescendants("table"))


def _is_grid(table: "HtmlElement") -> bool:
    rows = [list(_cells(row)) for row in _rows(table)]
    if not rows or max(map(len, rows)) < 2:
        return False
    sizes = [len(_SPACES.sub("", cell.text_content())) for row in rows for cell in row]
    if len(rows) < 2:
        return len(sizes) % 2 == 0 and _FACT.fullmatch(rows[0][0].text_content().strip()) is not None
    return sum(sizes) < _LAYOUT_SIZE or max(sizes) < _LAYOUT_SHARE * sum(sizes)


def _rows(table: "HtmlElement") -> Iterator["HtmlElement"]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from child.iterchildren("tr")


def _cells(row: "HtmlElement") -> Iterator["HtmlElement"]:
    yield from row.iterchildren("td", "th")


def _table_lines(table: "HtmlElement") -> Iterator[Line]:
    linked = sum(len(link.text_content()) for link in table.iterdescendants("a"))
    for caption in table.iterchildren("caption"):
        if text := _cell_text(caption):
            yield Line(text, "caption", 0, table)
    grid = _grid(table)
    if facts := _facts(grid):
        for fact in facts:
            yield Line(fact, "facts", 0, table)
    elif grid:
        yield Line(pipe_table(grid), "table", linked, table)


def _grid(table: "HtmlElement") -> list[list[str]]:
    """The cells in rows; one that spans rows stands in each of them, one that spans columns in the first."""
    rows = list(_rows(table))
    grid: list[list[str]] = []
    hanging: dict[int, tuple[int, str]] = {}  # by column: for how many more rows, which text
    size = 0
    for number, row in enumerate(rows):
        texts: list[str] = []
        for cell in [*_cells(row), None]:
            while len(texts) in hanging:
                left, text = hanging.pop(len(texts))
                if left > 1:
                    hanging[len(texts)] = (left - 1, text)
                    texts.append(text)
                    continue
                texts.append(text)
            if cell is None:
                break
            text = _cell_text(cell)
            down = min(_span(cell, "rowspan"), len(rows) - number)
            for step in range(_span(cell, "colspan")):
                if down > 1:
                    hanging[len(texts)] = (down - 1, "" if step else text)
                texts.append("" if step else text)
        size += len(texts)
        check_size(size)
        if any(texts):
            grid.append(texts)
    return grid


def _span(cell: "HtmlElement", name: str) -> int:
    value = cell.get(name, "1").strip()
    return min(max(int(value), 1), _MAX_SPAN) if value.isascii() and value.isdigit() and len(value) < 9 else 1


def _cell_text(cell: "HtmlElement") -> str:
    return " ".join(line.text.removeprefix("- ") for line in lines_of(cell))


def _facts(grid: list[list[str]]) -> list[str]:
    """「发文机关：……」 of a table whose cells are names and values in turn; none of another table."""
    if any(len(row) % 2 for row in grid):
        return []
    pairs = [(row[at], row[at + 1]) for row in grid for at in range(0, len(row), 2) if row[at]]
    if not pairs or sum(_FACT.fullmatch(name) is not None for name, _ in pairs) < 0.6 * len(pairs):
        return []
    return [f"{''.join(name.split()).rstrip(':：')}：{value}" for name, value in pairs if value]
