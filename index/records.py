"""The records that flow through the index: Article, Passage, Filters, Hit."""

from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

Run: TypeAlias = tuple[int, int, int, int]
"""(search_start, search_end, original_start, original_end), half open, in code points."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article as its reader gave it; `text` is never altered afterwards."""

    id: str
    text: str
    title: str = ""
    published: date | None = None
    publisher: str = ""
    region: str = ""
    """Full name of the region it speaks for (「浙江省嘉兴市」, 「全国」), empty where uncertain."""
    url: str = ""
    document_number: str = ""
    status: str = ""
    kind: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of one article: `text == article.text[start:end]`, at most 400 code points."""

    id: str
    article_id: str
    start: int
    end: int
    text: str
    heading: str
    """Title and the section's path, joined with ' / ', as the article writes them."""
    search_text: str
    """The cleaned and folded body."""
    offsets: tuple[Run, ...]
    """Runs from `search_text` to code points of the article's text."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is limited to; an empty field limits nothing."""

    region: str = ""
    """Articles of this region, of a part of it, of a region that holds it, or of no stated region."""
    since: date | None = None
    until: date | None = None
    """First and last day of publication, both included; articles without a date do not match either."""
    publisher: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found by a search; a larger `score` is always better."""

    passage: Passage
    score: float
    """Calibrated, in [0, 1]; means the same for every question and every corpus size."""
    stages: dict[str, float] = field(default_factory=dict)
    """What each stage gave: `lexical`, `dense`."""
