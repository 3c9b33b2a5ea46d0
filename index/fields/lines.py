"""The lines of an article as fields are read from them, and what was read with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from index.cleaning import find_inline_edits
from index.folding import clean_reading
from index.furniture import find_blocks
from index.numerals import fold_aligned

HEAD, BODY, TAIL = 15, 40, 15
"""Lines that are looked at: the first of the page, the first of the article itself, the last of the page."""
SHORT = 120
"""A line of facts is no longer; what is longer is prose, of which the two ends are looked at."""
END = 160
"""Characters of either end of the prose."""

_LONG = 2_000
"""Of a line that is longer than twice that, either end is read."""

Value = TypeVar("Value")

_LINE = re.compile(r"[^\r\n]*[^\s][^\r\n]*")
_COMMENT = re.compile(r"\s*<!--.*-->\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: annotations and damage mended, white space narrowed; `folded` has the same length."""

    text: str
    folded: str
    start: int
    end: int
    """Where it stands in the article."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[Value]):
    """A field's value, and where it was read: a name for people, and a span of the article's text."""

    value: Value
    place: str
    start: int = 0
    end: int = 0

    def part(self: "Reading[str]", start: int, end: int) -> "Reading[str]":
        """A part of a value; the span is narrowed where it is the value as the article writes it."""
        value = self.value[start:end]
        if self.end - self.start != len(self.value):
            return Reading(value, self.place, self.start, self.end)
        return Reading(value, self.place, self.start + start, self.start + end)


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of an article that may hold its fields."""

    article: str
    head: tuple[Line, ...]
    body: tuple[Line, ...]
    """Of the article itself, without the page's own lines."""
    tail: tuple[Line, ...]
    """Not among the head."""

    @property
    def outer(self) -> Iterator[Line]:
        """Head and tail, short lines only."""
        return (line for line in (*self.head, *self.tail) if len(line.text) <= SHORT)

    @property
    def opening(self) -> str:
        """How the article begins, folded."""
        return next((line.folded[:END] for line in self.body if len(line.text) > 40), "")

    def read(self, line: Line, start: int, end: int, place: str) -> Reading[str]:
        """What stands at `start` to `end` of a line, with its span where it stands there unmended."""
        value = line.text[start:end].strip()
        at = self.article.find(value, line.start, line.end) if value else -1
        return (
            Reading(value, place, at, at + len(value))
            if at >= 0
            else Reading(value, place, line.start, line.end)
        )


def read_lines(text: str) -> Lines:
    """The lines of an article's text."""
    inline = find_inline_edits(text)
    blocks = find_blocks(text, inline)

    def line(span: tuple[int, int]) -> Line:
        start, end = span
        ends = [span] if end - start <= 2 * _LONG else [(start, start + _LONG), (end - _LONG, end)]
        reading = " ".join(" ".join(clean_reading(text, *part, inline) for part in ends).split())
        return Line(reading, fold_aligned(reading), start, end)

    spans = [match.span() for match in _LINE.finditer(text) if not _COMMENT.fullmatch(match[0])]
    own = (span for span in spans if not any(block.start <= span[0] < block.end for block in blocks))
    body = tuple(line(span) for span in islice(own, BODY))
    return Lines(
        article=text,
        head=tuple(line(span) for span in spans[:HEAD]),
        body=body,
        tail=tuple(line(span) for span in spans[max(HEAD, len(spans) - TAIL) :]),
    )
