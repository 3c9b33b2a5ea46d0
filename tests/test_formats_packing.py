"""Packing: what gz and xz hold comes out as it is, a bomb not for long."""

import gzip
import io
import lzma
import random
from collections.abc import Callable

import pytest

from index.formats.document import UnreadableError
from index.formats.packing import Meter, unpack

PACKERS: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "xz": lzma.compress}


@pytest.mark.parametrize("packing", PACKERS)
def test_content_comes_out(packing: str) -> None:
    content = random.Random(1).randbytes(300_000)
    packed = PACKERS[packing](content) + PACKERS[packing](b"second")  # as several files in one
    assert unpack(io.BytesIO(packed), packing).read() == content + b"second"


@pytest.mark.parametrize("packing", PACKERS)
def test_bomb_is_left_soon(packing: str) -> None:
    stream = unpack(io.BytesIO(PACKERS[packing](bytes(50_000_000))), packing)
    pieces: list[int] = []
    with pytest.raises(UnreadableError, match="炸弹"):
        pieces.extend(map(len, iter(lambda: stream.read(1_000_000), b"")))
    assert sum(pieces) < 30_000_000


def test_streams_of_one_file_are_counted_together() -> None:
    meter = Meter(lambda: 1000)
    for _ in range(2):
        assert len(meter.watch(io.BytesIO(bytes(10_000_000))).read()) == 10_000_000
    assert not meter.exceeded
    with pytest.raises(UnreadableError):
        meter.watch(io.BytesIO(bytes(10_000_000))).read()
    assert meter.exceeded
