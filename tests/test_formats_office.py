"""A thousand invented documents in each format that is not plain text come back whole and in order."""

import csv
import io
import random
from collections.abc import Callable

import docx
import pytest
from openpyxl import Workbook

from index.formats.csv import read_csv
from index.formats.docx import read_docx
from index.formats.pdf import read_pdf
from index.formats.tables import pipe_table
from index.formats.xlsx import read_xlsx
from tests import pdfs

COUNT = 1_000


def invented(seed: int) -> tuple[str, list[str], list[list[str]]]:
    """A font that has the script, paragraphs, and a table."""
    dice = random.Random(seed)
    font = dice.choice([pdfs.SIMPLIFIED, pdfs.TRADITIONAL])
    words = pdfs.WORDS[font].split()
    rows = [["".join(dice.choices(words, k=2)) for _ in range(3)] for _ in range(dice.randint(2, 5))]
    return font, pdfs.paragraphs(dice.randint(1, 12), font, seed), rows


def as_pdf(seed: int) -> bool:
    font, paragraphs, rows = invented(seed)
    columns, indent = 1 + seed % 2, 2 * (seed // 2 % 2)
    flow = pdfs.text(*paragraphs, font=font, indent=indent, apart=0 if indent else 12)
    wanted = "".join(paragraphs)
    if columns == 1:  # the table is wider than half a page
        flow.append(pdfs.grid(rows, font=font))
        wanted += "".join(pipe_table(rows).split())
    return "".join(read_pdf(pdfs.document(flow, columns=columns)).text.split()) == wanted


def as_docx(seed: int) -> bool:
    _, paragraphs, rows = invented(seed)
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    table = document.add_table(len(rows), 3)
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    return read_docx(stream.getvalue()).text == "\n".join([*paragraphs, pipe_table(rows)])


def as_xlsx(seed: int) -> bool:
    _, paragraphs, rows = invented(seed)
    book = Workbook()
    first = book.worksheets[0]
    first.append(["标题", "正文"])
    for number, paragraph in enumerate(paragraphs):
        first.append([f"第{number}篇", paragraph])
    second = book.create_sheet("Sheet2")
    for row in rows:
        second.append(row)
    stream = io.BytesIO()
    book.save(stream)
    found = read_xlsx(stream.getvalue())
    return [document.text for document in found] == [*paragraphs, pipe_table(rows)]


def as_csv(seed: int) -> bool:
    dice = random.Random(seed)
    font, paragraphs, rows = invented(seed)
    own = "big5" if font == pdfs.TRADITIONAL else "gb18030"
    encoding = dice.choice(["utf-8", "utf-8-sig", "utf-16", own])

    def written(lines: list[list[str]]) -> bytes:
        stream = io.StringIO(newline="")
        csv.writer(stream, delimiter=dice.choice(",;\t")).writerows(lines)
        return stream.getvalue().encode(encoding)

    header = ["標題", "內容"] if own == "big5" else ["标题", "内容"]
    articles = read_csv(written([header, *([f"第{n}篇", text] for n, text in enumerate(paragraphs))]))
    (table,) = read_csv(written(rows))
    return [document.text for document in articles] == paragraphs and table.text == pipe_table(rows)


@pytest.mark.parametrize("make", [as_pdf, as_docx, as_xlsx, as_csv])
def test_some_documents_come_back_whole(make: Callable[[int], bool]) -> None:
    assert [seed for seed in range(4) if not make(seed)] == []


@pytest.mark.slow
@pytest.mark.parametrize("make", [as_pdf, as_docx, as_xlsx, as_csv])
def test_a_thousand_documents_come_back_whole(make: Callable[[int], bool]) -> None:
    assert [seed for seed in range(COUNT) if not make(seed)] == []
