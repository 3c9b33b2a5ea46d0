"""Tables: writes rows of cells as a Markdown pipe table; finds tables of policies, one a row."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from index.folding import fold
from index.formats.document import Document, UnreadableError

MAX_CELLS = 2_000_000
MAX_REPEATED = 10_000_000
"""Characters of a table that may be repeated because cells are merged."""

_BREAKS = re.compile(r"\s*[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]\s*")
_NOTE = re.compile(r"备?注|说明|附|数据来源|资料来源|[*※]")
_NOTE_LENGTH = 15
_HEADER_ROWS = 10
"""Rows with something in them among which the header of a table of policies stands."""

_COLUMNS = {
    "title": "标题 政策标题 政策名称 文件标题 文件名称 文章标题 法规名称 公告标题 通知标题 题名 题目"
    " 名称 title",
    "text": "正文 全文 正文内容 政策正文 政策全文 文章正文 文件正文 文件内容 文章内容 政策内容 内容"
    " text content body",
    "published": "发布日期 发布时间 公布日期 公布时间 公开日期 发文日期 印发日期 成文日期 日期 时间"
    " date published publish_date pub_date",
    "publisher": "发布单位 发布机构 发布机关 发布部门 发文机关 发文机构 发文单位 发文部门 制定机关 公布机关"
    " 印发单位 来源单位 信息来源 文章来源 来源 publisher source",
    "author": "作者 author",
    "url": "链接 网址 原文链接 原文网址 原文地址 网页地址 url link",
    "category": "类别 分类 栏目 文件类型 政策类型 category",
    "id": "编号 文章编号 id",
    "number": "序号 no",
}
_NAMES = {name: field for field, names in _COLUMNS.items() for name in names.split()}
_PRIORITY = {name: place for place, name in enumerate(_NAMES)}
_OF_A_NAME = re.compile(r"[\s*:：]|[(（][^()（）]*[)）]")


Cells = dict[int, dict[int, str]]
"""By row and column, the text of each cell that has one."""


class Row(NamedTuple):
    """A row of a sheet: its number as the sheet counts, from 1, and the text of its cells."""

    number: int
    cells: Sequence[str]


def check_size(cells: int) -> None:
    """Raise UnreadableError where a table has too many cells."""
    if cells > MAX_CELLS:
        raise UnreadableError(f"表格超过 {MAX_CELLS // 10_000} 万格；请拆分后再索引")


def pipe_table(rows: Sequence[Sequence[str]]) -> str:
    """The rows as a Markdown table of one width whose header is the first; no line break at the end."""
    width = max(map(len, rows), default=0)
    lines = [_line([*row, *[""] * (width - len(row))]) for row in rows]
    lines[1:1] = ["|" + "---|" * width]
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_BREAKS.sub(" ", cell.strip()).replace("|", "\\|") for cell in cells) + " |"


def fill_merged(cells: Cells, merged: Iterable[tuple[int, int, int, int]]) -> None:
    """Repeat merged cells, so that each row can be read alone: downwards in all rows, across in the header.

    Each is given by its top row, left column, bottom row and right column, both ends included. Rows without
    any cell stay empty.
    """
    numbers = sorted(number for number, row in cells.items() if row)
    header = next((number for number in numbers if len(cells[number]) > 1), 0)
    left_to_repeat = MAX_REPEATED
    for top, left, bottom, right in merged:
        value = cells.get(top, {}).get(left)
        if not value:
            continue
        for row in numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]:
            for column in range(left, right + 1 if row == header else left + 1):
                left_to_repeat -= len(value)
                if left_to_repeat < 0:
                    return
                cells[row].setdefault(column, value)


def sheet_text(rows: Sequence[Row]) -> str:
    """A sheet in lines: its table as a pipe table, what stands alone in a row around it as a line."""
    filled = [[cell.strip() for cell in row.cells] for row in rows]
    used = sorted({column for row in filled for column, cell in enumerate(row) if cell})
    filled = [row for row in filled if any(row)]
    check_size(len(used) * len(filled))
    filled = [[_at(row, column) for column in used] for row in filled]
    alone = [sum(map(bool, row)) == 1 for row in filled]
    first = alone.index(False) if False in alone else len(filled)
    last = len(filled)
    while last > first and alone[last - 1] and _is_note("".join(filled[last - 1])):
        last -= 1
    lines = ["".join(row) for row in filled[:first]]
    if first < last:
        lines.append(pipe_table(filled[first:last]))
    lines += ["".join(row) for row in filled[last:]]
    return "\n".join(lines)


def _is_note(text: str) -> bool:
    """Whether what stands alone below a table is said about it, and is no row with all but one cell empty."""
    return len(text) > _NOTE_LENGTH or _NOTE.match(text) is not None


def _at(row: Sequence[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def policies(rows: Sequence[Row], place: str = "") -> list[Document]:
    """One document for each row of a sheet whose header names a title and a text; none for any other sheet.

    A column that is no field of a document goes before the text, as a line 「列名：值」. `Document.part` is
    `place` with the row's number, or with what the column 编号 holds where that tells the rows apart.
    """
    filled = [row for row in rows if any(cell.strip() for cell in row.cells)]
    for header in filled[:_HEADER_ROWS]:
        columns = _fields(header.cells)
        if "title" in columns and "text" in columns:
            break
    else:
        return []
    body = [row for row in filled if row.number > header.number]
    ids = [_at(row.cells, columns["id"]).strip() for row in body] if "id" in columns else []
    own = bool(ids) and all(ids) and len(set(ids)) == len(ids)
    documents = [
        _document(row, header.cells, columns, place + (ids[number] if own else str(row.number)))
        for number, row in enumerate(body)
    ]
    return [document for document in documents if document.text]


def _fields(header: Sequence[str]) -> dict[str, int]:
    """The column of each field; where several columns could be one, the one whose name is listed first."""
    columns: dict[str, int] = {}
    ranks: dict[str, int] = {}
    for column, cell in enumerate(header):
        name = _OF_A_NAME.sub("", fold(cell))
        field = _NAMES.get(name)
        if field and _PRIORITY[name] < ranks.get(field, len(_NAMES)):
            columns[field], ranks[field] = column, _PRIORITY[name]
    return columns


def _document(row: Row, header: Sequence[str], columns: dict[str, int], part: str) -> Document:
    values = {field: _at(row.cells, column).strip() for field, column in columns.items()}
    other = [
        f"{_BREAKS.sub(' ', _at(header, column).strip())}：{value.strip()}"
        if _at(header, column).strip()
        else value.strip()
        for column, value in enumerate(row.cells)
        if value.strip() and column not in columns.values()
    ]
    return Document(
        text="\n".join([*other, values["text"]]).strip(),
        title=_BREAKS.sub(" ", values["title"]),
        published=values.get("published", ""),
        publisher=_BREAKS.sub(" ", values.get("publisher", "")),
        author=_BREAKS.sub(" ", values.get("author", "")),
        url=values.get("url", ""),
        category=values.get("category", ""),
        part=part,
    )
