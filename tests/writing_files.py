"""Writes a made-up article as a file of every format and encoding."""

import csv
import gzip
import io
import json
import lzma
import quopri
import random
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import docx
import opencc
from openpyxl import Workbook
from reportlab.platypus import Flowable

from tests import pdfs
from tests.generated import LAYOUTS, Block, Made, plain

_PACKERS: dict[str, Callable[[bytes], bytes]] = {"": bytes, ".gz": gzip.compress, ".xz": lzma.compress}
Writer = Callable[[Made, random.Random], bytes]


@dataclass(frozen=True)
class Form:
    """A format in an encoding, and which articles it can hold."""

    name: str
    suffix: str
    write: Writer
    traditional: bool | None = None
    """The only script that it can be written in, if there is one."""
    odd: bool = True
    """Whether every character can stand in it."""


def traditional(made: Made) -> Made:
    """The article in Traditional characters."""
    convert = _converter().convert
    blocks = tuple(
        Block(b.kind, convert(b.text), tuple(tuple(map(convert, row)) for row in b.rows)) for b in made.blocks
    )
    return replace(made, title=convert(made.title), publisher=convert(made.publisher), blocks=blocks)


@cache
def _converter() -> Any:
    return opencc.OpenCC("s2t")


def forms() -> list[Form]:
    """Every format in every encoding."""
    return list(_forms())


def _forms() -> Iterator[Form]:
    encodings = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "big5")
    for suffix, text in (
        (".txt", _text),
        (".md", _markdown),
        (".html", _html),
        (".csv", _csv),
        (".jsonl", _jsonl),
    ):
        for encoding in encodings:
            big5 = encoding == "big5"
            yield Form(
                f"{suffix} {encoding}", suffix, _encoded(text, encoding), True if big5 else None, not big5
            )
    yield Form(".mhtml", ".mhtml", _mhtml)
    yield Form(".docx", ".docx", _docx)
    yield Form(".xlsx", ".xlsx", _xlsx)
    yield Form(".pdf", ".pdf", _pdf, odd=False)


def pack(data: bytes, name: str, packing: str) -> bytes:
    """The file as it is packed: by '', '.gz', '.xz' or '.zip'."""
    if packing == ".zip":
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, data)
        return buffer.getvalue()
    return _PACKERS[packing](data)


def _encoded(text: Callable[[Made, random.Random], str], encoding: str) -> Writer:
    return lambda made, dice: text(made, dice).encode(
        encoding, "xmlcharrefreplace" if text is _html else "strict"
    )


def _text(made: Made, dice: random.Random) -> str:
    return plain(made).replace("\n", dice.choice(["\n", "\r\n", "\n\n", "\r"]))


def _markdown(made: Made, dice: random.Random) -> str:
    return f"# {plain(made)}"


def _html(made: Made, dice: random.Random) -> str:
    return LAYOUTS[dice.choice(list(LAYOUTS))](made, dice)


def _csv(made: Made, dice: random.Random) -> str:
    buffer = io.StringIO()
    header = ["標題", "發布日期", "正文"] if "關" in made.title else ["标题", "发布日期", "正文"]
    csv.writer(buffer).writerows([header, [made.title, made.published, plain(made)]])
    return buffer.getvalue()


def _jsonl(made: Made, dice: random.Random) -> str:
    row = {"id": made.id, "text": plain(made), "title": made.title, "date": made.published}
    return json.dumps(row, ensure_ascii=False) + "\n"


def _mhtml(made: Made, dice: random.Random) -> bytes:
    page = quopri.encodestring(_html(made, dice).encode())
    return (
        b"Snapshot-Content-Location: https://example.gov.cn/a.html\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + page + b"\r\n--b--\r\n"
    )


def _docx(made: Made, dice: random.Random) -> bytes:
    document = docx.Document()
    document.add_heading(made.title, 0)
    for block in made.blocks:
        if block.kind == "table":
            table = document.add_table(len(block.rows), len(block.rows[0]))
            for row, texts in zip(table.rows, block.rows, strict=True):
                for cell, text in zip(row.cells, texts, strict=True):
                    cell.text = text
        elif block.kind == "h":
            document.add_heading(block.text, 1)
        else:
            document.add_paragraph(block.text)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _xlsx(made: Made, dice: random.Random) -> bytes:
    book = Workbook()
    assert book.active is not None
    book.active.append(["标题", "发布日期", "正文"])
    book.active.append([made.title, made.published, plain(made)])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _pdf(made: Made, dice: random.Random) -> bytes:
    font = pdfs.TRADITIONAL if "關" in made.title else pdfs.SIMPLIFIED
    flow: list[Flowable] = pdfs.text(made.title, font=font)
    for block in made.blocks:
        if block.kind == "table":
            flow.append(
                pdfs.grid(block.rows, ("FONTNAME", (0, 0), (-1, -1), font), ("FONTSIZE", (0, 0), (-1, -1), 7))
            )
        else:
            flow += pdfs.text(block.text, font=font, apart=6)
    return pdfs.document(flow)
