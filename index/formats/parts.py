"""Parts: the articles that one file holds, whatever packs them: gz, xz, zip, lines, tables."""

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from index.formats.archive import list_members, open_zip
from index.formats.document import Document, UnreadableError
from index.formats.jsonl import read_records
from index.formats.limits import MAX_BYTES, MAX_TEXT_BYTES, read_bounded
from index.formats.packing import Meter, unpack
from index.formats.plain import read_plain
from index.formats.sandbox import Sandbox
from index.formats.sniffing import HEAD_BYTES, ole_error, sniff, sniff_zip

_PLAIN = ("text", "markdown")
_MAX_STOPPED = 3
"""Of an archive's members, in a process that had to be ended: what follows is not tried."""


class Part(NamedTuple):
    """One article of a file, or why there is none."""

    inner: str
    """Where it is within the file: '/a/b.txt' of a zip, '#Sheet1!3' of a table, ' 第 3 行' of JSON, or ''."""
    result: Document | str
    id: str = ""
    """The one that it states."""


def read_parts(stream: io.BufferedReader, name: str, sandbox: Sandbox) -> Iterator[Part]:
    """The articles in the file `name`; what cannot be read is a part with a message, never an exception."""
    yield from _read(stream, name, sandbox, unpacked=False, archives=2)


def _read(
    stream: io.BufferedReader, name: str, sandbox: Sandbox, unpacked: bool, archives: int
) -> Iterator[Part]:
    """`archives` is how many may lie within one another."""
    try:
        head = stream.peek(HEAD_BYTES)[:HEAD_BYTES]
        kind = sniff(name, head)
        if kind in ("gzip", "xz"):
            if unpacked:
                raise UnreadableError("压缩了不止一次；请解压一次后再索引")
            yield from _read(unpack(stream, kind), name, sandbox, True, archives)
        elif kind == "jsonl":
            yield from _read_jsonl(stream, head)
        else:
            data = read_bounded(stream, MAX_TEXT_BYTES if kind in _PLAIN else MAX_BYTES)
            yield from _read_data(data, kind, name, sandbox, archives)
    except UnreadableError as error:
        yield Part("", str(error))
    except (EOFError, gzip.BadGzipFile, lzma.LZMAError, zlib.error, zipfile.BadZipFile):
        yield Part("", "压缩文件已损坏；请重新压缩")
    except MemoryError:
        yield Part("", "内存不足，没有读完；请拆分后再索引")


def _read_jsonl(stream: io.BufferedReader, head: bytes) -> Iterator[Part]:
    for number, identifier, result in read_records(stream, head):
        yield Part(f" 第 {number} 行" if identifier else "", result, identifier)


def _read_data(data: bytes, kind: str, name: str, sandbox: Sandbox, archives: int) -> Iterator[Part]:
    if kind == "ole":
        raise ole_error(name, data)
    if kind == "zip":
        with open_zip(data) as archive:
            kind = sniff_zip(archive.namelist())
            if kind == "zip":
                yield from _read_zip(archive, len(data), sandbox, archives)
                return
    for document in [read_plain(data)] if kind in _PLAIN else sandbox.read(kind, data):
        if len(document.text) > MAX_TEXT_BYTES:
            raise UnreadableError(f"文字超过 {MAX_TEXT_BYTES // 1_000_000} MB；请拆分后再索引")
        if not document.text.strip():
            raise UnreadableError("文件里没有文字；请检查内容")
        yield Part(f"#{document.part}" if document.part else "", document)


def _read_zip(archive: zipfile.ZipFile, size: int, sandbox: Sandbox, archives: int) -> Iterator[Part]:
    if not archives:
        raise UnreadableError("压缩包套了三层以上；请解压一层后再索引")
    meter = Meter(lambda: size)
    stopped = sandbox.stopped
    empty = True
    for name, member in list_members(archive):
        empty = False
        if isinstance(member, str):
            yield Part(f"/{name}", member)
            continue
        for part in _read_member(archive, member, meter, name, sandbox, archives):
            yield part._replace(inner=f"/{name}{part.inner}")
        if meter.exceeded:
            return  # as the last part says
        if sandbox.stopped - stopped >= _MAX_STOPPED:
            raise UnreadableError(f"已有 {_MAX_STOPPED} 个文件读到一半被中止，其余没有读；请检查来源")
    if empty:
        raise UnreadableError("压缩包里没有文件；请检查内容")


def _read_member(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    meter: Meter,
    name: str,
    sandbox: Sandbox,
    archives: int,
) -> Iterator[Part]:
    try:
        stream = archive.open(member)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
        yield Part("", "在压缩包里已损坏；请重新压缩")
        return
    with stream:
        yield from _read(meter.watch(stream), name, sandbox, False, archives - 1)
