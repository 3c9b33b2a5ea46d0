"""CSV: a table of policies, one a row, or any other table, whatever its delimiter, quotes and encoding."""

import csv
import io
import re
from collections import Counter
from itertools import islice

from index.decoding import decode
from index.formats.document import Document, UnreadableError
from index.formats.tables import Row, check_size, policies, sheet_text

_DELIMITERS = ",\t;|"
_SAMPLE = 100
"""Rows that are looked at to find the delimiter."""
_SAMPLE_CHARACTERS = 100_000
"""Less than the longest cell that the csv module reads by itself."""
_STATED = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


def read_csv(data: bytes) -> list[Document]:
    """One document for each row of a table of policies, else one document that holds the table.

    Rows are counted as records, from 1. Raises UnreadableError.
    """
    try:
        text = decode(data)
    except ValueError:
        raise UnreadableError("认不出文字编码；请另存为 UTF-8 编码的 CSV") from None
    if not text.strip():
        raise UnreadableError("文件里没有文字；请检查内容")
    if stated := _STATED.match(text):
        rows = _rows(text[stated.end() :], stated[1])
    else:
        rows = _rows(text, _delimiter(text))
    check_size(sum(len(row.cells) for row in rows))
    if documents := policies(rows):
        return documents
    table = sheet_text(rows)
    if not table:
        raise UnreadableError("文件里没有文字；请检查内容")
    return [Document(table)]


def _rows(text: str, delimiter: str) -> list[Row]:
    """Strictly where the file allows; quotes are mere characters where one is never closed."""
    try:
        return _parse(text, delimiter, strict=True)
    except csv.Error as error:
        unclosed = "unexpected end" in str(error)
        return _parse(text, delimiter, quoted=not unclosed)


def _parse(text: str, delimiter: str, *, strict: bool = False, quoted: bool = True) -> list[Row]:
    limit = csv.field_size_limit(len(text) + 1)  # an article is longer than the module's own limit
    try:
        reader = csv.reader(
            io.StringIO(text, newline=""),
            delimiter=delimiter,
            strict=strict,
            quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
            skipinitialspace=True,
        )
        return [Row(number, cells) for number, cells in enumerate(reader, 1)]
    finally:
        csv.field_size_limit(limit)


def _delimiter(text: str) -> str:
    """The character that cuts most of the first rows into the same number of cells, more than one."""
    return max(_DELIMITERS, key=lambda delimiter: _regularity(text[:_SAMPLE_CHARACTERS], delimiter))


def _regularity(text: str, delimiter: str) -> tuple[float, int]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    try:
        widths = Counter(len(row) for row in islice(reader, _SAMPLE) if row)
    except csv.Error:
        return 0.0, 0
    width, count = max(widths.items(), key=lambda item: (item[0] > 1, item[1]), default=(0, 0))
    return (count / widths.total(), width) if width > 1 else (0.0, 0)
