"""Sentences: where each begins and ends in the original text.

A sentence ends at 。！？； (or !?; at half width) with the closing marks behind it, or at a line break, and
counts at most 120 code points. A row of a pipe table is one sentence, cut at cells if it is too long.
"""

import re
from collections.abc import Iterator

MAX_SENTENCE = 120
"""Code points; a longer sentence is cut at a comma, else hard."""

_CLOSING = "”’」』】》〉）〕］｝)\\]}"
_END = re.compile(
    r"(?P<line>[\n\r\x0b\x0c\x85\u2028\u2029]+)"
    r"|(?P<row>^\|[^\n\r\x0b\x0c\x85\u2028\u2029|]*\|[^\n\r\x0b\x0c\x85\u2028\u2029]*)"
    rf"|(?:(?:[。｡！？；!;]|\?(?![A-Za-z0-9_%-]+=))+[{_CLOSING}]*)+",  # the ? of an address ends nothing
    re.MULTILINE,
)
_CLOSING_RUN = re.compile(rf"[{_CLOSING}]*")
_COMMA = re.compile(rf"(?:[，、：]|[,:](?!\d))[{_CLOSING}\"']*")
_CELL = re.compile(r"(?<!\\)\|(?=\s*[^\s|])")
_NUMBER_OR_WORD = re.compile(r"[0-9A-Za-z.,%％]+\Z")


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """The sentences of `text[start:end]`: spans in `text` without white space around them, none empty."""
    end = len(text) if end is None else min(end, len(text))
    spans: list[tuple[int, int]] = []
    begin = counted = start
    open_quotes = {'"': False, "'": False}
    for match in _END.finditer(text, start, end):
        if match["row"]:
            continue  # to the end of its line
        if match["line"]:
            spans.extend(_bounded(text, begin, match.start()))
            begin = counted = match.end()
            open_quotes = dict.fromkeys(open_quotes, False)
            continue
        stop = match.end()
        if stop < end and (quote := text[stop]) in open_quotes:
            for mark in open_quotes:
                open_quotes[mark] ^= text.count(mark, counted, stop) % 2 == 1
            counted = stop
            if open_quotes[quote]:  # it closes what was opened in this line, and belongs to the sentence
                closing = _CLOSING_RUN.match(text, stop + 1, end)
                stop = closing.end() if closing else stop + 1
        spans.extend(_bounded(text, begin, stop))
        begin = stop
    spans.extend(_bounded(text, begin, end))
    return spans


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span without white space around it, in pieces of at most MAX_SENTENCE code points."""
    while True:
        piece = text[start:end]
        end = start + len(piece.rstrip())
        start += len(piece) - len(piece.lstrip())
        if start >= end:
            return
        if end - start <= MAX_SENTENCE:
            yield start, end
            return
        cut = _cut(text, start)
        yield start, start + len(text[start:cut].rstrip())
        start = cut


def _cut(text: str, start: int) -> int:
    """Where a sentence from `start` that is too long is cut: behind the last comma that fits, else hard.

    A row of a table is cut before a cell.
    """
    limit = start + MAX_SENTENCE
    if text[start] == "|" and (cells := [m.start() for m in _CELL.finditer(text, start + 1, limit)]):
        return cells[-1]
    commas = [m.end() for m in _COMMA.finditer(text, start + MAX_SENTENCE // 4, limit)]
    if commas:
        return commas[-1]
    token = _NUMBER_OR_WORD.search(text, start, limit)  # never within a number or a word, if they leave room
    if token and token.start() > start + MAX_SENTENCE // 2:
        return token.start()
    return limit
