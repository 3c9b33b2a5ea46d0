"""The records that flow through the index: Article, with Origin and Source; Passage, Filters, Hit."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

Run: TypeAlias = tuple[int, int, int, int]
"""(search_start, search_end, original_start, original_end), half open, in code points."""


KINDS = ("法规", "政策文件", "解读", "新闻", "访谈")
"""The kinds of article that are told apart; 法规 holds laws, regulations and judicial interpretations."""

STATUSES = ("现行有效", "尚未施行", "已修改", "已废止", "征求意见稿")
"""What a text may state of its own force."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a field of an article was read: in `text[start:end]`; outside the text where that is empty."""

    field: str
    place: str
    """In Chinese, for people: 标题行, 信息栏, 落款, 文件属性 ..."""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """Another place where the same text was published."""

    article_id: str
    publisher: str = ""
    url: str = ""
    published: date | None = None


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
    """One of `STATUSES`, where the text states it: mostly it states nothing."""
    kind: str = ""
    """One of `KINDS`, empty where uncertain."""
    sources: tuple[Source, ...] = ()
    author: str = ""
    issuer: str = ""
    """The body that made it (发文机关, 制定机关), in full."""
    effective: date | None = None
    """The first day on which it is in force."""
    expires: date | None = None
    """The last day on which it is in force."""
    pages: tuple[int, ...] = ()
    """Where each page begins in `text`, the first at 0; empty where it has no pages."""
    origins: tuple[Origin, ...] = ()
    """Where each field was read that is not empty."""
    recurring: tuple[tuple[int, int], ...] = ()
    """Spans of the text that its site repeats around its other articles; see `index/recurring.py`."""

    def page_at(self, place: int) -> int | None:
        """The page, counted from 1, that a place in `text` is on; None where the article has no pages."""
        return bisect_right(self.pages, place) or None


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
    """Part of the name of who published, reprinted or issued it, in either script."""
    kind: str = ""
    as_of: date | None = None
    """What was in force on that day, of several versions the last; of news, what was published by then."""
    status: str = ""
    """One of `STATUSES`; articles that state none do not match."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found by a search; a larger `score` is always better."""

    passage: Passage
    score: float
    """Calibrated, in [0, 1]; means the same for every question and every corpus size."""
    stages: dict[str, float] = field(default_factory=dict)
    """What each stage gave: those of `fusion.STAGES`, and `reranker` where there is one."""
