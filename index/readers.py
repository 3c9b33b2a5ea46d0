"""Readers: turn files and folders into articles, and report what cannot be read."""

import io
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from index.errors import InputError
from index.formats.document import Document, UnreadableError
from index.formats.limits import MAX_BYTES, too_large
from index.formats.parts import read_parts
from index.formats.sandbox import Sandbox
from index.formats.sniffing import HEAD_BYTES
from index.metadata import describe
from index.records import Article

_PAGE_SUFFIXES = (".html", ".htm")
_COMPANIONS = ("_files", ".files", "_file")
"""Ends of the folder in which a browser keeps the pictures of a page that it saved."""


@dataclass(frozen=True, slots=True)
class ReadFailure:
    """What could not be read and why, in one line of Chinese with what to do."""

    path: str
    message: str


class _Read(NamedTuple):
    place: str
    """The file, with its line for a JSONL record: two places with one id are an error."""
    result: Article | ReadFailure


def read_articles(path: Path) -> Iterator[Article | ReadFailure]:
    """The articles of a file, or of a folder and all below it in order of their names.

    Hidden files are passed over. Raises InputError where nothing is at `path`.
    """
    with Sandbox() as sandbox:
        for read in _read(path, sandbox):
            yield read.result


def read_all(paths: Sequence[Path]) -> Iterator[Article | ReadFailure]:
    """The articles of several files and folders; InputError, naming both, where two sources have one id."""
    places: dict[str, str] = {}
    with Sandbox() as sandbox:
        for path in paths:
            for place, result in _read(path, sandbox):
                if isinstance(result, Article):
                    first = places.get(result.id)
                    if first == place:
                        continue  # a file that was named twice, or lies in a folder that was named
                    if first is not None:
                        both = f"{first} 与 {place}"
                        raise InputError(f"两个来源的编号同为「{result.id}」：{both}；请改名后再建立索引")
                    places[result.id] = place
                yield result


def _read(path: Path, sandbox: Sandbox) -> Iterator[_Read]:
    if path.is_dir():
        yield from _read_folder(path, path, os.path.realpath(path), sandbox)
    elif path.exists() or path.is_symlink():
        yield from _read_file(path, path.name, sandbox)
    else:
        raise InputError(f"找不到文件或文件夹：{path}；请检查路径")


def _read_folder(folder: Path, root: Path, real_root: str, sandbox: Sandbox) -> Iterator[_Read]:
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        yield _failure(folder, f"文件夹打不开（{error.strerror}）；请检查权限")
        return
    names = {entry.name for entry in entries}
    for entry in entries:
        if entry.name.startswith((".", "~$")):
            continue
        if entry.is_symlink() and _is_outside(entry, real_root):
            yield _failure(entry, "链接指向索引文件夹之外，已跳过；请直接索引它指向的文件或文件夹")
        elif not entry.is_dir():
            yield from _read_file(entry, entry.relative_to(root).as_posix(), sandbox)
        elif not entry.is_symlink() and not _is_companion(entry.name, names):
            yield from _read_folder(entry, root, real_root, sandbox)
        # a link to a folder within is read where that folder stands


def _is_outside(entry: Path, real_root: str) -> bool:
    try:
        return os.path.commonpath([real_root, os.path.realpath(entry)]) != real_root
    except ValueError:  # on another drive
        return True


def _is_companion(name: str, names: set[str]) -> bool:
    """Whether a folder holds the pictures and styles of the saved page beside it."""
    return any(
        name.endswith(end) and name.removesuffix(end) + suffix in names
        for end in _COMPANIONS
        for suffix in _PAGE_SUFFIXES
    )


def _read_file(path: Path, name: str, sandbox: Sandbox) -> Iterator[_Read]:
    place = os.path.realpath(path)
    try:
        with _open(path) as stream:
            before = _state(stream)
            for inner, result, identifier in read_parts(stream, name, sandbox):
                article = _article(result, identifier or name + inner)
                if isinstance(article, Article):
                    yield _Read(place + inner, article)
                else:
                    yield _failure(f"{path}{inner}", article)
            if _state(stream) != before:
                raise UnreadableError("读的时候文件变了，可能没有读完整；请写完后再索引")
    except UnreadableError as error:
        yield _failure(path, str(error))
    except OSError as error:
        yield _failure(path, f"文件打不开（{error.strerror or error}）；请检查文件与权限")


def _article(result: Document | str, identifier: str) -> Article | str:
    """The article of a document, or the message about what cannot be one."""
    if isinstance(result, str):
        return result
    try:
        identifier.encode()
    except UnicodeEncodeError:
        return "文件名不是正常的文字；请改名"
    return describe(
        identifier,
        result.text,
        title=result.title,
        published=result.published,
        publisher=result.publisher,
        author=result.author,
        url=result.url,
        category=result.category,
        pages=result.pages,
    )


def _failure(path: Path | str, message: str) -> _Read:
    shown = "".join(c if c.isprintable() else "\ufffd" for c in str(path))  # it goes to a terminal
    return _Read(os.path.realpath(path), ReadFailure(shown, message))


def _open(path: Path) -> io.BufferedReader:
    """The file, if it is an ordinary one: to open a pipe or a device may wait for ever."""
    if not path.exists():
        raise UnreadableError("链接指向的文件不存在；请检查链接")
    if not path.is_file():
        raise UnreadableError("不是普通文件；请换成普通的文件")
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    stream: io.BufferedReader = io.BufferedReader(io.FileIO(os.open(path, flags)), HEAD_BYTES)
    status = os.fstat(stream.fileno())
    if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
        stream.close()
        raise too_large("文件", MAX_BYTES)
    return stream


def _state(stream: io.BufferedReader) -> tuple[int, int]:
    status = os.fstat(stream.fileno())
    return status.st_size, status.st_mtime_ns
