"""Limits: how much one file may take up, so that no file can stop an index from being built."""

from typing import BinaryIO

from index.formats.document import UnreadableError

MAX_BYTES = 200_000_000
"""Of a file on disk, and of a file within an archive."""
MAX_TEXT_BYTES = 20_000_000
"""Of one text, and of one line of JSON: many times the longest of laws."""
MAX_UNPACKED = 2_000_000_000
"""Of all that one packed file holds."""
MAX_RATIO = 100
"""Unpacked bytes for each packed one; texts and web pages reach some tens."""
FREE_BYTES = 20_000_000
"""Unpacked bytes to which the ratio does not apply."""
MAX_MEMBERS = 10_000
"""Of an archive."""
MAX_BAD = 1_000
"""Bad lines or members that one file may have before the rest must have more good ones."""
SECONDS = 60
"""For one file in the process that reads risky formats."""
MEMORY_BYTES = 2 << 30
"""Address space of that process, where the system can limit it."""


def read_bounded(stream: BinaryIO, limit: int) -> bytes:
    """All that is left in `stream`; UnreadableError where it is more than `limit` bytes."""
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise too_large("内容", limit)
    return data


def too_large(what: str, limit: int) -> UnreadableError:
    """The error that says what is larger than `limit` bytes."""
    return UnreadableError(f"{what}超过 {limit // 1_000_000} MB；请拆分后再索引")


def is_bomb(unpacked: int, packed: int) -> bool:
    """Whether so many bytes out of so few are no honest file."""
    return unpacked > MAX_UNPACKED or unpacked > FREE_BYTES + MAX_RATIO * packed
