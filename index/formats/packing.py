"""Packing: gz and xz are unpacked as streams, and left as soon as more comes out than is honest."""

import gzip
import io
import lzma
from collections.abc import Callable
from typing import BinaryIO, Protocol

from index.formats.document import UnreadableError
from index.formats.limits import is_bomb

BOMB = "解压出来的内容大得不正常（压缩炸弹），没有读完；请检查文件来源"


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


_OPENERS: dict[str, Callable[[BinaryIO], _Readable]] = {
    "gzip": lambda stream: gzip.GzipFile(fileobj=stream),
    "xz": lzma.LZMAFile,
}


def unpack(stream: BinaryIO, packing: str) -> io.BufferedReader:
    """What is packed in `stream`, by 'gzip' or 'xz'; reading raises UnreadableError where it is a bomb."""
    return Meter(stream.tell).watch(_OPENERS[packing](stream))


class Meter:
    """Counts what comes out of one packed file, by one or several streams, against its packed size."""

    def __init__(self, packed: Callable[[], int]) -> None:
        self._packed = packed
        self._count = 0

    def watch(self, unpacked: _Readable) -> io.BufferedReader:
        """The stream, counted; reading it raises UnreadableError where it gives too much."""
        return io.BufferedReader(_Counted(unpacked, self), 1 << 16)

    @property
    def exceeded(self) -> bool:
        """Whether more came out than an honest file holds."""
        return is_bomb(self._count, self._packed())

    def count(self, size: int) -> None:
        """Note that `size` more bytes came out."""
        self._count += size
        if self.exceeded:
            raise UnreadableError(BOMB)


class _Counted(io.RawIOBase):
    def __init__(self, unpacked: _Readable, meter: Meter) -> None:
        self._unpacked = unpacked
        self._meter = meter
        self._position = 0

    def tell(self) -> int:
        return self._position

    def readable(self) -> bool:
        return True

    # A buffer has a type that can be written from Python 3.12 on.
    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        data = self._unpacked.read(len(buffer))
        buffer[: len(data)] = data
        self._position += len(data)
        self._meter.count(len(data))
        return len(data)
