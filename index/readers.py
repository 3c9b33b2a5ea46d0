"""Readers: turn files and folders into articles, and report what cannot be read."""

import gzip
import io
import itertools
import json
import lzma
import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from index.decoding import decode
from index.errors import InputError
from index.metadata import describe
from index.records import Article

MAX_BYTES = 200_000_000
"""Of a file as it lies on disk, of an unpacked text, and of one line of JSON."""

_FORMATS = (".txt", ".md", ".jsonl")
_PACKED = (".gz", ".xz")


@dataclass(frozen=True, slots=True)
class ReadFailure:
    """What could not be read and why, in one line of Chinese with what to do."""

    path: str
    message: str


class _Read(NamedTuple):
    place: str
    """The file, with its line for a JSONL record: two places with one id are an error."""
    result: Article | ReadFailure


class _Unreadable(Exception):
    """Carries the message of a ReadFailure."""


def read_articles(path: Path) -> Iterator[Article | ReadFailure]:
    """The articles of a file, or of a folder and all below it in order of their names.

    Hidden files are passed over. Raises InputError where nothing is at `path`.
    """
    for read in _read(path):
        yield read.result


def read_all(paths: Sequence[Path]) -> Iterator[Article | ReadFailure]:
    """The articles of several files and folders; InputError, naming both, where two sources have one id."""
    places: dict[str, str] = {}
    for path in paths:
        for place, result in _read(path):
            if isinstance(result, Article):
                first = places.get(result.id)
                if first == place:
                    continue  # a file that was named twice, or lies in a folder that was named
                if first is not None:
                    both = f"{first} 与 {place}"
                    raise InputError(f"两个来源的编号同为「{result.id}」：{both}；请改名后再建立索引")
                places[result.id] = place
            yield result


def _read(path: Path) -> Iterator[_Read]:
    if path.is_dir():
        yield from _read_folder(path, path, os.path.realpath(path))
    elif path.exists() or path.is_symlink():
        yield from _read_file(path, path.name)
    else:
        raise InputError(f"找不到文件或文件夹：{path}；请检查路径")


def _read_folder(folder: Path, root: Path, real_root: str) -> Iterator[_Read]:
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        yield _failure(folder, f"文件夹打不开（{error.strerror}）；请检查权限")
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if not entry.is_dir():
            yield from _read_file(entry, entry.relative_to(root).as_posix())
        elif not entry.is_symlink():
            yield from _read_folder(entry, root, real_root)
        elif os.path.commonpath([real_root, os.path.realpath(entry)]) != real_root:
            yield _failure(entry, "文件夹链接指向索引文件夹之外，已跳过；请直接索引它指向的文件夹")
        # a link to a folder within is read where that folder stands


def _read_file(path: Path, name: str) -> Iterator[_Read]:
    lower = path.name.lower()
    packed = next((suffix for suffix in _PACKED if lower.endswith(suffix)), "")
    suffix = Path(lower.removesuffix(packed)).suffix
    try:
        if suffix not in _FORMATS:
            raise _Unreadable(
                f"暂不支持这种文件（{Path(lower).suffix or '没有扩展名'}）；请转换为 .txt、.md 或 .jsonl"
            )
        if not path.exists():
            raise _Unreadable("链接指向的文件不存在；请检查链接")
        if not path.is_file():
            raise _Unreadable("不是普通文件；请换成 .txt、.md 或 .jsonl 文件")
        if path.stat().st_size > MAX_BYTES:
            raise _Unreadable(f"文件超过 {MAX_BYTES // 1_000_000} MB；请拆分后再索引")
        with _open(path, packed) as stream:
            if suffix == ".jsonl":
                yield from _read_records(stream, path)
            else:
                yield _Read(os.path.realpath(path), _read_text(stream, name))
    except _Unreadable as error:
        yield _failure(path, str(error))
    except (EOFError, gzip.BadGzipFile, lzma.LZMAError, zlib.error):
        yield _failure(path, "压缩文件已损坏；请重新压缩")
    except OSError as error:
        yield _failure(path, f"文件打不开（{error.strerror or error}）；请检查文件与权限")


def _failure(path: Path, message: str) -> _Read:
    return _Read(os.path.realpath(path), ReadFailure(str(path), message))


def _open(path: Path, packed: str) -> BinaryIO:
    if packed == ".gz":
        return io.BufferedReader(gzip.open(path))
    if packed == ".xz":
        return io.BufferedReader(lzma.open(path))
    return path.open("rb")


def _read_text(stream: BinaryIO, name: str) -> Article:
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise _Unreadable(f"解压后超过 {MAX_BYTES // 1_000_000} MB；请拆分后再索引")
    try:
        text = decode(data)
    except ValueError:
        raise _Unreadable("认不出文字编码；请另存为 UTF-8 编码的文本") from None
    if not text.strip():
        raise _Unreadable("文件里没有文字；请检查内容")
    return describe(name, text)


def _read_records(stream: BinaryIO, path: Path) -> Iterator[_Read]:
    place = os.path.realpath(path)
    for number in itertools.count(1):
        line = stream.readline(MAX_BYTES + 1)
        if not line:
            return
        try:
            if len(line) > MAX_BYTES:
                raise _Unreadable(f"一行超过 {MAX_BYTES // 1_000_000} MB")
            if line.strip(b"\xef\xbb\xbf \t\r\n"):
                yield _Read(f"{place} 第 {number} 行", _read_record(line))
        except _Unreadable as error:
            yield _failure(path, f"第 {number} 行：{error}；请改正这一行")
            if len(line) > MAX_BYTES:
                return  # what follows is the same line


def _read_record(line: bytes) -> Article:
    try:
        record = json.loads(decode(line))
    except (ValueError, RecursionError):
        raise _Unreadable("不是有效的 JSON") from None
    if not isinstance(record, dict):
        raise _Unreadable("不是一个 JSON 对象")
    identifier = record.get("id")
    if isinstance(identifier, int) and not isinstance(identifier, bool):
        identifier = str(identifier)
    text = record.get("text")
    for name, value in (("id", identifier), ("text", text)):
        if not isinstance(value, str) or not value.strip():
            raise _Unreadable(f"缺少字段 {name}，或者它不是非空的字符串")
    title, published, url, publisher, category = (
        _optional(record, name) for name in ("title", "date", "url", "publisher", "category")
    )
    try:
        "".join([str(identifier), str(text), title, url, publisher]).encode()
    except UnicodeEncodeError:
        raise _Unreadable("含有不成对的代理字符（\\ud800 一类）") from None
    return describe(
        str(identifier),
        str(text),
        title=title,
        published=published,
        publisher=publisher,
        url=url,
        category=category,
    )


def _optional(record: dict[str, object], name: str) -> str:
    value = record.get(name)
    if value is None:
        return ""
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return str(value)
    raise _Unreadable(f"字段 {name} 不是字符串")
