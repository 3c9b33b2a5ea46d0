"""Chunking: cuts an article into passages of whole sentences that follow its structure.

A passage never reaches over a heading or over lines that cleaning removes. Paragraphs, and what belongs
together (an article of law 第X条 with all its paragraphs, a question with its answer, a list with the line
that opens it, a table), are packed together while they fit; what does not is cut evenly, at the end of a
paragraph or a row where one is near, else of a sentence. The pieces behind the first say in their heading
what they go on with: the question, the opening of the article or of the list, the table's header row.
"""

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from index.cleaning import BLOCK_REASONS, find_edits
from index.folding import Edit, clean_reading, fold, fold_article
from index.outline import LineOutline, outline
from index.records import Article, Passage
from index.sentences import sentence_spans
from index.tables import RULE, Row, find_rows

MAX_PASSAGE = 400
"""Code points of the original text."""

_FILL = 0.9
"""Share of a passage that a piece of a longer paragraph aims at: whole sentences seldom fill it."""
_NEAR = 0.7
"""Share of a piece's length from which the end of a line ends it."""

_TITLE_LENGTH = 100
_HEADING_LENGTH = 60
_CONTEXT_LENGTH = 100
_DEPTH = 4
"""Headings of a path that are named, the nearest ones."""
_CAPTION_LENGTH = 40
"""A line above a table that is no longer is its caption and stays with it."""

_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_COVERED = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]")
_SEPARATOR = " / "

_Span = tuple[int, int]
_Joins = Literal["", "next", "lead", "items", "rows", "all"]
"""What belongs to the atom before it: nothing, the next line, what the line opens, items, rows, all."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the article that is left when its edits are applied."""

    sentences: list[_Span]
    reading: str
    after_block: bool
    """Whether cleaning removes lines between the line before and this one."""
    ruled: bool
    """Whether the rule of a table stands between the line before and this one."""


@dataclass(slots=True)
class _Atom:
    """What stays together if it fits."""

    lines: list[_Line]
    context: str = ""
    """What a piece of it needs to be understood that does not hold its beginning."""
    continues: bool = False
    """Whether its beginning is not its own: even its first piece needs the context."""

    @property
    def start(self) -> int:
        return self.lines[0].sentences[0][0]

    @property
    def end(self) -> int:
        return self.lines[-1].sentences[-1][1]


@dataclass(slots=True)
class _Section:
    """A stretch of text under one heading that nothing interrupts."""

    heading: str
    atoms: list[_Atom] = field(default_factory=list)


def chunk(article: Article, limit: int = MAX_PASSAGE) -> list[Passage]:
    """The passages of an article in order, of at most `limit` code points.

    They are what is left of it when its edits are applied, nothing twice.
    """
    edits = find_edits(article.text, article.recurring)
    passages: list[Passage] = []
    for section in _sections(article, edits, limit):
        for (start, end), context in _pack(section.atoms, limit):
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
                    heading=_SEPARATOR.join(part for part in (section.heading, context) if part),
                    search_text=folded.text,
                    offsets=folded.offsets,
                )
            )
    return passages


def _sections(article: Article, edits: Sequence[Edit], limit: int) -> Iterator[_Section]:
    lines = list(_lines(article.text, edits))
    readings = [line.reading for line in lines]
    rows = find_rows(readings, [line.ruled for line in lines])
    path: list[LineOutline] = []
    section = _Section(_heading(article.title, path))
    joins: _Joins = ""
    owner = ""  # the context of the article of law or the question that is not at its end
    for line, about, row in zip(lines, outline(readings, article.title), rows, strict=True):
        if row and about.kind != "clause":
            about = LineOutline("text")
        if row:
            line = _whole_row(line, limit)
        if about.kind in ("heading", "clause") or about.opens:
            owner = ""
        if about.kind == "heading":
            path = [*(above for above in path if above.level < about.level), about]
        if about.kind == "heading" or line.after_block:
            yield section
            section = _Section(_heading(article.title, path))
        if about.kind == "heading" and not about.stays:
            joins = ""
            continue
        if section.atoms and _belongs(about, row, joins, section.atoms[-1]):
            section.atoms[-1].lines.append(line)
        else:
            section.atoms.append(_Atom([line], owner, bool(owner)))
        atom = section.atoms[-1]
        if row and row.first and row.header:
            atom.context = _SEPARATOR.join(part for part in (owner, row.header[:_CONTEXT_LENGTH]) if part)
        elif about.kind == "clause":
            atom.context = owner = _opening(line.reading)
        elif about.kind == "question" and (about.opens or joins != "all"):
            atom.context = _closing(f"{atom.context}{line.reading}")
            owner = atom.context if about.opens else ""
        elif not owner and not atom.context and line.reading[-1] in ":：":
            atom.context = _closing(line.reading)
        joins = _joins(about, row, line, joins, bool(owner))
    yield section


def _belongs(about: LineOutline, row: Row | None, joins: _Joins, atom: _Atom) -> bool:
    """Whether a line belongs to the atom before it."""
    if about.kind in ("heading", "clause") or about.opens:
        return False
    if row:
        caption = len(atom.lines) == 1 and len(atom.lines[0].reading) <= _CAPTION_LENGTH
        return joins in ("next", "lead") or (caption and joins != "all") if row.first else joins == "rows"
    if joins == "items":
        return about.kind == "item"
    return joins in ("all", "lead", "next")


def _joins(about: LineOutline, row: Row | None, line: _Line, joins: _Joins, owned: bool) -> _Joins:
    """What belongs to the atom of a line, given what belonged to the atom before it."""
    if row:
        return "rows"
    if owned:
        return "all"
    if about.kind in ("heading", "question"):
        return "next"
    if line.reading[-1] in ":：":
        return "lead"
    return "items" if about.kind == "item" and joins in ("lead", "items") else ""


def _opening(reading: str) -> str:
    """How an article of law begins."""
    start, end = next(iter(sentence_spans(reading)), (0, 0))
    return reading[start : min(end, start + _CONTEXT_LENGTH)]


def _closing(reading: str) -> str:
    """What a question asks, or what a line opens: its last sentences, or the end of its last one."""
    for start, _ in sentence_spans(reading):
        if len(reading) - start <= _CONTEXT_LENGTH:
            return reading[start:]
    return reading[-_CONTEXT_LENGTH:]


def _whole_row(line: _Line, limit: int) -> _Line:
    """The row of a table as one sentence where it fits a passage."""
    start, end = line.sentences[0][0], line.sentences[-1][1]
    return replace(line, sentences=[(start, end)]) if end - start <= limit else line


def _lines(text: str, edits: Sequence[Edit]) -> Iterator[_Line]:
    masked = _masked(text, edits)
    replaced = [edit for edit in edits if edit.replacement.strip()]
    blocks = iter(edit for edit in edits if edit.reason in BLOCK_REASONS)
    block = next(blocks, None)
    rules = iter(RULE.finditer(text)) if "---" in text else iter(())
    rule = next(rules, None)
    for match in _LINE.finditer(masked):
        sentences = _whole(sentence_spans(masked, *match.span()), replaced)
        if not sentences:
            continue
        start, end = sentences[0][0], sentences[-1][1]
        reading = clean_reading(text, start, end, edits) if edits else text[start:end]
        after_block = ruled = False
        while block is not None and block.start < end:
            after_block = True
            block = next(blocks, None)
        while rule is not None and rule.end() <= start:
            ruled = True
            rule = next(rules, None)
        yield _Line(sentences, reading.strip(), after_block, ruled)


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
        before = bisect_left(replaced, start, key=lambda edit: edit.start) - 1
        if whole and before >= 0 and start < replaced[before].end:
            whole[-1] = (whole[-1][0], end)
        else:
            whole.append((start, end))
    return whole


def _heading(title: str, path: Sequence[LineOutline]) -> str:
    """The title and the nearest headings above, without those that only repeat the title."""
    folded = fold(title)
    above = [about.heading for about in path if not folded.startswith(fold(about.heading))]
    parts = [title[:_TITLE_LENGTH], *(heading[:_HEADING_LENGTH] for heading in above[-_DEPTH:])]
    return _SEPARATOR.join(part for part in parts if part)


def _pack(atoms: Sequence[_Atom], limit: int) -> Iterator[tuple[_Span, str]]:
    """The spans of passages with the context of each: whole atoms while they fit, else pieces of one."""
    span: _Span | None = None
    context = ""
    for atom in atoms:
        if span and atom.end - span[0] <= limit:
            span = span[0], atom.end
            continue
        if span:
            yield span, context
        span, context = (atom.start, atom.end), atom.context if atom.continues else ""
        if atom.end - atom.start > limit:
            span = None
            for piece in _split(atom.lines, limit):
                yield piece, context
                context = atom.context
    if span:
        yield span, context


def _split(lines: Sequence[_Line], limit: int) -> Iterator[_Span]:
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
                fits = last - piece[0] <= limit
                if not fits and (end - piece[0] > limit or overshoot > target - length or near):
                    yield piece
                    piece = None
            for cut in range(start, end, limit):  # more than one only where an edit joined sentences
                if piece and cut > start:
                    yield piece
                    piece = None
                if piece is None:
                    target = (last - cut) / math.ceil((last - cut) / (_FILL * limit))
                piece = piece[0] if piece else cut, min(cut + limit, end)
            line_ended = number == len(line.sentences) - 1
    if piece:
        yield piece
