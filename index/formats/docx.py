"""DOCX: paragraphs, headings, numbers of lists, tables and notes of a Word file in the order of reading."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.formats.document import Document, UnreadableError
from index.formats.numbering import Numbering
from index.formats.package import Package, attribute, local
from index.formats.properties import plausible_title
from index.formats.tables import Cells, check_size, fill_merged, pipe_table

if TYPE_CHECKING:
    from lxml.etree import _Element

_MAX_SPAN = 63
"""Columns of a table, as Word allows."""
_HEADING_LENGTH = 100
_CONTENTS_NAME = re.compile(r"(?:toc|目录|目錄)\s*\d")
_HEADING_NAME = re.compile(r"(?:heading|标题|標題)\s*([1-9])", re.IGNORECASE)
_TITLE_NAMES = frozenset(["title", "标题", "標題"])
_LEFT_OUT = frozenset(["pPr", "rPr", "sdtPr", "del", "moveFrom", "rt", "Fallback"])
"""Elements that say nothing of their own, nothing any more or, as a reading above characters, nothing new."""
_SIGNS = {
    "tab": "\t",
    "ptab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "-",
}
_SYMBOLS = {"FE": "☑", "52": "☑", "A8": "□", "6F": "□", "A3": "□", "B7": "•", "D8": "➢", "FC": "✓"}
_OFF = ("0", "false", "off", "none")


def read_docx(data: bytes) -> Document:
    """The text of a Word file as it reads with all changes accepted; raises UnreadableError.

    Headers, footers, comments and hidden text are left out; notes follow the paragraph that refers to them.
    The title is a heading of the first level, the headings of Word begin below it.
    """
    from lxml import etree

    package = Package(data, ".docx")
    try:
        text, title = _Reader(package).read()
    except (etree.LxmlError, ValueError, RecursionError):
        raise package.damaged() from None
    if not text.strip():
        raise UnreadableError("文件里没有文字；请检查内容，图片里的文字请先识别（OCR）")
    core = package.related("", "core-properties")
    stated = next((e.text or "" for e in ([] if core is None else core) if local(e) == "title"), "")
    return Document(text, title=title or plausible_title(stated, text))


@dataclass(frozen=True, slots=True)
class _Style:
    name: str = ""
    base: str = ""
    outline: int | None = None
    list_id: str = ""
    list_level: int | None = None
    hidden: bool | None = None


class _Reader:
    def __init__(self, package: Package) -> None:
        main = package.main()
        root = package.xml(main)
        if root is None or local(root) != "document":
            raise UnreadableError("不是 .docx 文件；请用 Office 或 WPS 打开后另存为 .docx")
        self._body = [element for element in root if local(element) == "body"]
        self._styles: dict[str, _Style] = {}
        self._usual_style = ""
        for element in _children(package.related(main, "styles")):
            if local(element) == "style":
                self._styles[attribute(element, "styleId")] = _style(element)
                if attribute(element, "type") == "paragraph" and attribute(element, "default") in (
                    "1",
                    "true",
                ):
                    self._usual_style = attribute(element, "styleId")
        self._numbering = Numbering(package.related(main, "numbering"))
        self._notes = {
            kind: {attribute(note, "id"): note for note in _children(package.related(main, f"{kind}s"))}
            for kind in ("footnote", "endnote")
        }
        self._noted = 0
        self._below: list[list[str]] = [[]]
        """What follows the paragraph or the table at hand: the notes and the text boxes that it refers to."""
        self._begun = False
        self._titles: list[str] = []

    def read(self) -> tuple[str, str]:
        """The text, and the title where a paragraph has the style of one."""
        lines = [line for body in self._body for line in self._blocks(body)]
        return "\n".join(lines), " ".join(self._titles)

    def _blocks(self, parent: "_Element") -> Iterator[str]:
        """The lines of paragraphs and tables."""
        for element in _readable(parent):
            if local(element) == "p":
                self._below.append([])
                if line := self._paragraph(element):
                    yield line
                yield from self._below.pop()
            elif local(element) == "tbl":
                self._below.append([])
                yield from self._table(element)
                yield from self._below.pop()
            else:
                yield from self._blocks(element)

    def _paragraph(self, paragraph: "_Element") -> str:
        properties = _child(paragraph, "pPr")
        style_id = _value(properties, "pStyle") or self._usual_style
        name = self._styles[style_id].name if style_id in self._styles else ""
        text = "".join(self._inline(paragraph, self._hidden(style_id) is True)).strip()
        if not text or _CONTENTS_NAME.match(name):
            return ""
        label = self._label(properties, style_id)
        level = self._outline(properties, style_id)
        first, self._begun = not self._begun, True
        if level is None or len(text) > _HEADING_LENGTH:
            return label + text
        text = " ".join((label + text).split())
        if name in _TITLE_NAMES or (first and not label):
            self._titles.append(text)
            return f"# {text}"
        return "#" * min(level + 2, 6) + f" {text}"

    def _label(self, properties: "_Element | None", style_id: str) -> str:
        stated = _child(properties, "numPr")
        list_id, level = _value(stated, "numId"), _number(_value(stated, "ilvl"))
        for style in self._chain(style_id):
            list_id = list_id or style.list_id
            level = style.list_level if level is None else level
        return self._numbering.label(list_id, level or 0)

    def _outline(self, properties: "_Element | None", style_id: str) -> int | None:
        level = _number(_value(properties, "outlineLvl"))
        for style in self._chain(style_id):
            if level is None:
                level = style.outline
            if level is None and (match := _HEADING_NAME.fullmatch(style.name)):
                level = int(match[1]) - 1
            if level is None and style.name in _TITLE_NAMES:
                level = 0
        return level if level is not None and level < 9 else None

    def _hidden(self, style_id: str) -> bool | None:
        return next((style.hidden for style in self._chain(style_id) if style.hidden is not None), None)

    def _chain(self, style_id: str) -> Iterator[_Style]:
        """The style and those that it is based on."""
        seen: set[str] = set()
        while style_id in self._styles and style_id not in seen:
            seen.add(style_id)
            yield self._styles[style_id]
            style_id = self._styles[style_id].base

    def _inline(self, parent: "_Element", hidden: bool) -> Iterator[str]:
        """The text within a paragraph; `hidden` where its style hides it."""
        for element in _readable(parent):
            name = local(element)
            if name == "r":
                yield from self._inline(element, self._run_hidden(element, hidden))
            elif name == "txbxContent":
                self._below[-1] += self._blocks(element)
            elif hidden and name in ("t", "sym", *_SIGNS):
                continue
            elif name == "t":
                yield element.text or ""
            elif name in _SIGNS:
                yield "" if attribute(element, "type") in ("page", "column") else _SIGNS[name]
            elif name == "sym":
                yield _SYMBOLS.get(attribute(element, "char").upper()[-2:], "")
            elif name in ("footnoteReference", "endnoteReference"):
                yield self._note(name.removesuffix("Reference"), attribute(element, "id"))
            else:
                yield from self._inline(element, hidden)

    def _run_hidden(self, run: "_Element", hidden: bool) -> bool:
        properties = _child(run, "rPr")
        stated = _switch(properties, "vanish")
        if stated is None:
            stated = self._hidden(_value(properties, "rStyle"))
        return hidden if stated is None else stated

    def _note(self, kind: str, identifier: str) -> str:
        """The mark of a note, which is read below the paragraph the first time that it is referred to."""
        note = self._notes[kind].pop(identifier, None)
        if note is None:
            return ""
        self._noted += 1
        mark = f"[{self._noted}]"
        if text := " ".join(self._blocks(note)):
            self._below[-1].append(f"{mark} {text}")
        return mark

    def _table(self, table: "_Element") -> Iterator[str]:
        """The lines of a table; those of its cells where it has a single column."""
        cells: Cells = {}
        merged: list[tuple[int, int, int, int]] = []
        open_above: dict[int, int] = {}
        width = 0
        for number, row in enumerate(_within(table, "tr")):
            properties = _child(row, "trPr")
            if _child(properties, "del") is not None:
                continue
            cells[number] = {}
            column = min(_number(_value(properties, "gridBefore")) or 0, _MAX_SPAN)
            for cell in _within(row, "tc"):
                about = _child(cell, "tcPr")
                span = min(max(_number(_value(about, "gridSpan")) or 1, 1), _MAX_SPAN)
                merge = _child(about, "vMerge")
                if merge is not None and attribute(merge, "val") != "restart" and column in open_above:
                    place = open_above[column]
                    top, left, _, right = merged[place]
                    merged[place] = top, left, number, right
                else:
                    open_above.pop(column, None)
                    if text := "\n".join(self._blocks(cell)):
                        cells[number][column] = text
                    if merge is not None or span > 1:
                        if merge is not None:
                            open_above[column] = len(merged)
                        merged.append((number, column, number, column + span - 1))
                column += span
            width = max(width, column)
            check_size(width * len(cells))
        if width < 2:
            yield from (text for row in cells.values() for text in row.values())
            return
        fill_merged(cells, merged)
        used = sorted({column for row in cells.values() for column in row})
        rows = [[row.get(column, "") for column in used] for row in cells.values() if row]
        if len(used) > 1:
            yield pipe_table(rows)
        else:
            yield from (row[0] for row in rows)


def _style(element: "_Element") -> _Style:
    paragraph, run = _child(element, "pPr"), _child(element, "rPr")
    listed = _child(paragraph, "numPr")
    return _Style(
        _value(element, "name").lower().strip(),
        _value(element, "basedOn"),
        _number(_value(paragraph, "outlineLvl")),
        _value(listed, "numId"),
        _number(_value(listed, "ilvl")),
        _switch(run, "vanish"),
    )


def _readable(parent: "_Element") -> "Iterator[_Element]":
    """The elements within another that are read: of two forms of one thing the first, no prompts of forms."""
    for element in parent:
        name = local(element)
        if name == "AlternateContent":
            yield from _readable(next(iter(element), element))
        elif name == "sdt" and _child(_child(element, "sdtPr"), "showingPlcHdr") is not None:
            continue
        elif name not in _LEFT_OUT:
            yield element


def _within(parent: "_Element", name: str) -> "Iterator[_Element]":
    """The rows of a table or the cells of a row, those in content controls too."""
    for element in _readable(parent):
        if local(element) == name:
            yield element
        else:
            yield from _within(element, name)


def _children(parent: "_Element | None") -> "list[_Element]":
    return [] if parent is None else list(parent)


def _child(parent: "_Element | None", name: str) -> "_Element | None":
    return next((element for element in _children(parent) if local(element) == name), None)


def _value(parent: "_Element | None", name: str) -> str:
    element = _child(parent, name)
    return "" if element is None else attribute(element, "val")


def _switch(parent: "_Element | None", name: str) -> bool | None:
    element = _child(parent, name)
    return None if element is None else attribute(element, "val") not in _OFF


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,6}", text) else None
