"""XLSX: sheets that are tables of policies, one a row; any other as a table, as a spreadsheet shows it."""

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.formats.document import Document, UnreadableError
from index.formats.numbers import BUILTIN, plain, show
from index.formats.package import Package, attribute, local
from index.formats.tables import Cells, Row, check_size, fill_merged, policies, sheet_text

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_CHARACTERS = 100_000_000
"""Of all cells together: many may refer to one long string."""

_MAX_COLUMNS = 16_384
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DEFAULT_NAME = re.compile(r"(?:sheet|工作表|表)\s*\d*", re.IGNORECASE)


def read_xlsx(data: bytes) -> list[Document]:
    """One document for each row of each table of policies, one for all other sheets together.

    Hidden sheets, rows and columns are left out. Formulas show the values that were last computed. Raises
    UnreadableError.
    """
    from lxml import etree

    package = Package(data, ".xlsx")
    documents: list[Document] = []
    tables: list[tuple[str, str]] = []
    try:
        workbook = _Workbook(package)
        for name, part in workbook.sheets:
            rows = workbook.rows(part)
            if found := policies(rows, f"{name}!"):
                documents += found
            elif text := sheet_text(rows):
                tables.append((name, text))
    except (etree.XMLSyntaxError, ValueError, OverflowError):
        raise package.damaged() from None
    if tables:
        mark = "#" if len(tables) == 1 else "##"
        parts = [t if _DEFAULT_NAME.fullmatch(name) else f"{mark} {name}\n{t}" for name, t in tables]
        documents.append(Document("\n\n".join(parts)))
    if not documents:
        raise UnreadableError("表格里没有文字；请检查内容，图片里的文字请先识别（OCR）")
    return documents


class _Workbook:
    def __init__(self, package: Package) -> None:
        self._package = package
        main = package.main()
        root = package.xml(main)
        if root is None or local(root) != "workbook":
            raise UnreadableError("不是 .xlsx 文件；请用 Office 或 WPS 打开后另存为 .xlsx")
        relations = package.relations(main)
        self.sheets: list[tuple[str, str]] = []
        """The name and the part of each sheet that shows, in order."""
        self._from_1904 = False
        for element in root.iter():
            if local(element) == "workbookPr":
                self._from_1904 = element.get("date1904") in ("1", "true")
            elif local(element) == "sheet" and element.get("state", "visible") == "visible":
                kind, part = relations.get(attribute(element, "id"), ("", ""))
                if kind == "worksheet":
                    self.sheets.append((element.get("name", ""), part))
        self._strings = [_text(item) for item in _children(package.related(main, "sharedStrings"), "si")]
        self._formats = _formats(package.related(main, "styles"))
        self._cells = self._characters = 0

    def rows(self, part: str) -> list[Row]:
        """The rows of a sheet that hold something; a cell merged downwards fills all its rows."""
        cells, merged = self._read(part)
        fill_merged(cells, merged)
        numbers = sorted(number for number, row in cells.items() if row)
        columns = sorted({column for row in cells.values() for column in row})
        check_size(len(numbers) * len(columns))
        return [Row(number, [cells[number].get(column, "") for column in columns]) for number in numbers]

    def _read(self, part: str) -> tuple[Cells, list[tuple[int, int, int, int]]]:
        from lxml import etree

        cells: Cells = {}
        merged: list[tuple[int, int, int, int]] = []
        hidden: set[int] = set()
        data = self._package.read(part)
        if data is None:
            return cells, merged
        number = 0
        wanted = [f"{{*}}{name}" for name in ("row", "col", "mergeCell")]
        events = etree.iterparse(io.BytesIO(data), tag=wanted, resolve_entities=False, no_network=True)
        for _, element in events:
            name = local(element)
            if name == "row":
                number = int(element.get("r", number + 1))
                if element.get("hidden") not in ("1", "true"):
                    cells.setdefault(number, {}).update(self._row(element, hidden))
                element.clear()
            elif name == "col" and element.get("hidden") in ("1", "true"):
                last = min(int(element.get("max", "0")), _MAX_COLUMNS)
                hidden.update(range(int(element.get("min", "1")) - 1, last))
            elif name == "mergeCell":
                corners = _REFERENCE.findall(element.get("ref", ""))
                if len(corners) == 2:
                    (left, top), (right, bottom) = corners
                    merged.append((int(top), _column(left), int(bottom), min(_column(right), _MAX_COLUMNS)))
        return cells, merged

    def _row(self, row: "_Element", hidden: set[int]) -> Iterator[tuple[int, str]]:
        column = -1
        for cell in row:
            if local(cell) != "c":
                continue
            reference = _REFERENCE.fullmatch(cell.get("r", ""))
            column = _column(reference[1]) if reference else column + 1
            text = self._value(cell)
            if text and column not in hidden:
                self._count(text)
                yield column, text

    def _count(self, text: str) -> None:
        self._cells += 1
        check_size(self._cells)
        self._characters += len(text)
        if self._characters > MAX_CHARACTERS:
            raise UnreadableError(f"表格里的文字超过 {MAX_CHARACTERS // 10_000} 万字；请拆分后再索引")

    def _value(self, cell: "_Element") -> str:
        kind = cell.get("t", "n")
        value = ""
        for child in cell:
            if local(child) == "is":
                return _text(child)
            if local(child) == "v":
                value = child.text or ""
        if not value or kind == "e":
            return ""
        if kind == "s":
            place = int(value)
            return self._strings[place] if 0 <= place < len(self._strings) else ""
        if kind == "b":
            return "是" if value in ("1", "true") else "否"
        if kind in ("str", "inlineStr"):
            return _unescaped(value)
        if kind == "d":
            return value.removesuffix("T00:00:00").replace("T", " ")
        style = int(cell.get("s", "0"))
        code = self._formats[style] if 0 <= style < len(self._formats) else "General"
        number = float(value)
        return plain(number) if code in ("General", "@") else show(number, code, from_1904=self._from_1904)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _children(root: "_Element | None", name: str) -> "list[_Element]":
    return [] if root is None else [child for child in root if local(child) == name]


def _text(item: "_Element") -> str:
    """The text of a string in its runs, without the readings that Japanese files put above characters."""
    parts = []
    for child in item:
        if local(child) == "t":
            parts.append(child.text or "")
        elif local(child) == "r":
            parts += [part.text or "" for part in child if local(part) == "t"]
    return _unescaped("".join(parts))


def _unescaped(text: str) -> str:
    """The text with the format's own escapes (`_x000D_`) undone."""
    return _ESCAPE.sub(lambda match: _character(int(match[1], 16)), text) if "_x" in text else text


def _character(code: int) -> str:
    return "" if 0xD800 <= code < 0xE000 else chr(code)


def _formats(styles: "_Element | None") -> list[str]:
    """The number format of each style of a cell."""
    codes = dict(BUILTIN)
    for formats in _children(styles, "numFmts"):
        for element in formats:
            codes[int(element.get("numFmtId", "0"))] = element.get("formatCode", "")
    for styled in _children(styles, "cellXfs"):
        return [codes.get(int(element.get("numFmtId", "0")), "General") for element in styled]
    return []
