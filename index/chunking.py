"""Chunking: cuts an article into passages of whole sentences that follow its structure.

A passage never reaches over a heading or over lines that cleaning removes. Paragraphs, and the articles
(第X条) of a regulation with all their paragraphs, are packed together while they fit; one that does not is
cut evenly, at the end of a paragraph where one is near, else of a sentence. A question stays with the start
of its answer.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from index.cleaning import BLOCK_REASONS, find_edits
from index.folding import Edit, clean_reading, fold, fold_article
from index.outline import LineOutline, outline
from index.records import Article, Passage
from index.sentences import sentence_spans

MAX_PASSAGE = 400
"""Code points of the original text."""

_TARGET = 360
"""Code points a piece of a longer paragraph aims at: whole sentences seldom fill a passage."""
_NEAR = 0.7
"""Share of a piece's length from which the end of a line ends it."""

_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_COVERED = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]")
_SEPARATOR = " / "

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the article that is left when its edits are applied."""

    sentences: list[_Span]
    reading: str
    after_block: bool
    """Whether cleaning removes lines between the line before and this one."""


@dataclass(slots=True)
class _Section:
    """A stretch of text under one heading that nothing interrupts."""

    heading: str
    atoms: list[list[_Line]] = field(default_factory=list)
    """What stays together if it fits: a paragraph, an article of law, a question with its answer."""


def chunk(article: Article) -> list[Passage]:
    """The passages of an article in order: what is left of it when its edits are applied, nothing twice."""
    edits = find_edits(article.text)
    passages: list[Passage] = []
    for section in _sections(article, edits):
        for start, end in _pack(section.atoms):
            folded = fold_article(article.text, start, end, edits)
            if not folded.text.strip():
                continue
            passages.append(
                Passage(
                    id=f"{article.id}#{len(passages)}",
                    article_id=article.id,
                    start=start,
                    end=end,
                    text=article.text[start:end],
                    heading=section.heading,
                    search_text=folded.text,
                    offsets=folded.offsets,
                )
            )
    return passages


def _sections(article: Article, edits: Sequence[Edit]) -> Iterator[_Section]:
    lines = list(_lines(article.text, edits))
    path: list[LineOutline] = []
    section = _Section(_heading(article.title, path))
    joins = False  # whether a plain line belongs to the atom before it
    before = "text"
    for line, about in zip(lines, outline([line.reading for line in lines], article.title), strict=True):
        if about.kind == "heading":
            path = [*(above for above in path if above.level < about.level), about]
        if about.kind == "heading" or line.after_block:
            yield section
            section = _Section(_heading(article.title, path))
            joins = False
        if about.kind == "heading":
            continue
        if joins and section.atoms and (about.kind == "text" or about.kind == before == "question"):
            section.atoms[-1].append(line)
            joins = before == "clause"  # all that follows is of the clause; of a question, the next line
        else:
            section.atoms.append([line])
            joins = about.kind != "text"
        before = about.kind if about.kind != "text" else before
    yield section


def _lines(text: str, edits: Sequence[Edit]) -> Iterator[_Line]:
    masked = _masked(text, edits)
    replaced = [edit for edit in edits if edit.replacement.strip()]
    blocks = iter(edit for edit in edits if edit.reason in BLOCK_REASONS)
    block = next(blocks, None)
    for match in _LINE.finditer(masked):
        sentences = _whole(sentence_spans(masked, *match.span()), replaced)
        if not sentences:
            continue
        start, end = sentences[0][0], sentences[-1][1]
        reading = clean_reading(text, start, end, edits) if edits else text[start:end]
        after_block = False
        while block is not None and block.start < end:
            after_block = True
            block = next(blocks, None)
        yield _Line(sentences, reading.strip(), after_block)


def _masked(text: str, edits: Sequence[Edit]) -> str:
    """The text with what is removed blank and what is replaced opaque: sentences end at neither."""
    parts = []
    position = 0
    for edit in edits:
        parts.append(text[position : edit.start])
        cover = "x" if edit.replacement.strip() else " "
        parts.append(_COVERED.sub(cover, text[edit.start : edit.end]))
        position = edit.end
    parts.append(text[position:])
    return "".join(parts)


def _whole(sentences: list[_Span], replaced: Sequence[Edit]) -> list[_Span]:
    """The sentences, joined where one would end within a replaced span."""
    if not replaced:
        return sentences
    whole: list[_Span] = []
    for start, end in sentences:
        if whole and any(edit.start < start < edit.end for edit in replaced):
            whole[-1] = (whole[-1][0], end)
        else:
            whole.append((start, end))
    return whole


def _heading(title: str, path: Sequence[LineOutline]) -> str:
    """The title and the headings above, without those that only repeat the title."""
    folded = fold(title)
    parts = [title, *(about.heading for about in path if not folded.startswith(fold(about.heading)))]
    return _SEPARATOR.join(part for part in parts if part)


def _pack(atoms: Sequence[Sequence[_Line]]) -> Iterator[_Span]:
    """The spans of passages: as many whole atoms as fit, and the pieces of those that do not fit alone."""
    span: _Span | None = None
    for lines in atoms:
        start, end = lines[0].sentences[0][0], lines[-1].sentences[-1][1]
        if span and end - span[0] <= MAX_PASSAGE:
            span = span[0], end
            continue
        if span:
            yield span
        span = start, end
        if end - start > MAX_PASSAGE:
            span = None
            yield from _split(lines)
    if span:
        yield span


def _split(lines: Sequence[_Line]) -> Iterator[_Span]:
    """Pieces of about one length, of whole sentences, that end with a line where one ends near."""
    last = lines[-1].sentences[-1][1]
    piece: _Span | None = None
    target = 0.0
    line_ended = False
    for line in lines:
        for number, (start, end) in enumerate(line.sentences):
            if piece:
                length = piece[1] - piece[0]
                overshoot = end - piece[0] - target
                near = length >= _NEAR * target and line_ended
                if end - piece[0] > MAX_PASSAGE or overshoot > target - length or near:
                    yield piece
                    piece = None
            for limit in range(start, end, MAX_PASSAGE):  # more than one only where an edit joined sentences
                if piece and limit > start:
                    yield piece
                    piece = None
                if piece is None:
                    target = (last - limit) / math.ceil((last - limit) / _TARGET)
                piece = piece[0] if piece else limit, min(limit + MAX_PASSAGE, end)
            line_ended = number == len(line.sentences) - 1
    if piece:
        yield piece
