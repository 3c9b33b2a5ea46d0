"""Lines of JSON: one article a line, with its id and what else it states."""

import io
import itertools
import json
from collections.abc import Iterator
from typing import BinaryIO

from index.decoding import decode
from index.formats.document import Document, UnreadableError
from index.formats.limits import MAX_BAD, MAX_BYTES, MAX_TEXT_BYTES, read_bounded, too_large


def read_records(stream: BinaryIO, head: bytes) -> Iterator[tuple[int, str, Document | str]]:
    """Number of the line, id and article of each record, or the message of a line that cannot be read.

    `head` is what the stream begins with.
    """
    if b"\x00" in head:  # UTF-16, where a line break is not one byte
        try:
            stream = io.BytesIO(decode(read_bounded(stream, MAX_BYTES)).encode())
        except ValueError:
            raise UnreadableError("认不出文字编码；请另存为 UTF-8 编码的文本") from None
    good = bad = 0
    for number in itertools.count(1):
        line = stream.readline(MAX_TEXT_BYTES + 1)
        if not line:
            if not good and not bad:
                raise UnreadableError("文件里没有记录；请检查内容")
            return
        try:
            if len(line) > MAX_TEXT_BYTES:
                raise too_large("这一行", MAX_TEXT_BYTES)
            if line.strip(b"\xef\xbb\xbf \t\r\n"):
                yield number, *_read_record(line)
                good += 1
        except UnreadableError as error:
            bad += 1
            yield number, "", f"第 {number} 行：{error}"
            if len(line) > MAX_TEXT_BYTES:
                _skip_line(stream)
            if bad >= MAX_BAD and bad > good:
                raise UnreadableError(
                    f"第 {number} 行以后没有再读：坏行太多；请检查是不是 JSONL 文件"
                ) from None


def _skip_line(stream: BinaryIO) -> None:
    while (piece := stream.readline(MAX_TEXT_BYTES)) and not piece.endswith(b"\n"):
        pass


def _read_record(line: bytes) -> tuple[str, Document]:
    try:
        record = json.loads(decode(line))
    except (ValueError, RecursionError):
        raise UnreadableError("不是有效的 JSON；请改正这一行") from None
    if not isinstance(record, dict):
        raise UnreadableError("不是一个 JSON 对象；请改正这一行")
    identifier = record.get("id")
    if isinstance(identifier, int) and not isinstance(identifier, bool):
        identifier = str(identifier)
    text = record.get("text")
    for name, value in (("id", identifier), ("text", text)):
        if not isinstance(value, str) or not value.strip():
            raise UnreadableError(f"缺少字段 {name}，或者它不是非空的字符串；请改正这一行")
    document = Document(
        text=str(text),
        title=_optional(record, "title"),
        published=_optional(record, "date"),
        publisher=_optional(record, "publisher"),
        author=_optional(record, "author"),
        url=_optional(record, "url"),
        category=_optional(record, "category"),
    )
    try:
        "".join(
            [
                str(identifier),
                document.text,
                document.title,
                document.publisher,
                document.author,
                document.url,
            ]
        ).encode()
    except UnicodeEncodeError:
        raise UnreadableError("含有不成对的代理字符（\\ud800 一类）；请改正这一行") from None
    return str(identifier), document


def _optional(record: dict[str, object], name: str) -> str:
    value = record.get(name)
    if value is None:
        return ""
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return str(value)
    raise UnreadableError(f"字段 {name} 不是字符串；请改正这一行")
