"""Decides whether a sentence may answer for the region, the year and the body that a question names."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache

from index.dates import Period, find_periods
from index.folding import fold
from index.reading import whole_text
from index.records import Article
from index.regions import Region, find_regions
from qa.bodies import bodies_of
from qa.question import Question

NATION = "全国"
_TITLE = re.compile(r"《[^《》]*》")
_BASE = ("较", "比", "相较于", "相比于", "同比", "对比")
_GOAL = re.compile(r"(?:(?<!截止)到|(?<!截)至|力争|争取|预计)$")
RULES = frozenset({"法规", "政策文件"})
"""Kinds of article whose statements hold in every part of their region."""


class Mismatch(StrEnum):
    """Why a sentence may not answer."""

    REGION = "地区不符"
    YEAR = "年份不符"
    BODY = "发布单位不符"
    INDICATOR = "指标不符"


def mismatch(
    question: Question, article: Article, sentence: str, before: str, heading: str
) -> Mismatch | None:
    """Return why a sentence of an article contradicts the question, or None where it does not.

    `sentence` is folded, and so are `before`, what stands before it in its passage, and `heading`.
    Region: a sentence that names regions must name a fitting one; one that names none speaks for its
    article's region. Year: the sentence's own dates decide, then those before it and of its heading,
    then the article's date, else the dates in its text. Body: an article that names others alone is theirs.
    """
    if question.regions and not _region_fits(question.regions, article, sentence, before, heading):
        return Mismatch.REGION
    asked = asked_years(question)
    if asked and not _year_fits(asked, article, sentence, before, heading):
        return Mismatch.YEAR
    if question.issuers and not _issued_by(question.issuers, article):
        return Mismatch.BODY
    return None


def asked_years(question: Question) -> frozenset[int]:
    """Return the years that a question names, without quoted titles and bases (比2027年)."""
    return frozenset(
        year
        for period in _untitled(question.folded, question.periods)
        if not question.folded.endswith(_BASE, 0, period.text_start)
        for year in range(period.start.year, period.end.year + 1)
    )


def years_of(article: Article, sentence: str, before: str, heading: str) -> frozenset[int]:
    """Return the years a folded sentence speaks of: its own, else the last before it, else its heading's."""
    published = article.published
    own, earlier = _years(sentence, published), _years(before, published)
    return frozenset(own) or frozenset(earlier[-1:]) or frozenset(_years(heading, published))


def _region_fits(asked: Sequence[Region], article: Article, sentence: str, before: str, heading: str) -> bool:
    wanted = [region.full_name for region in asked if region.full_name != NATION]
    named = _regions(sentence)
    if not wanted or any_within(named, wanted):
        return True
    if any(not any_within(wanted, (name,)) for name in named):
        return False  # it speaks of elsewhere; a region that holds the asked one is not elsewhere
    around = _regions(before) | _regions(heading)
    if not article.region:
        return any_within(around or _regions_of(article.text), wanted)
    if any_within((article.region,), wanted):
        return True
    if not any_within(wanted, (article.region,)):
        return False
    # The article speaks for a wider region: its rules hold for the part that is asked for, its counts do not.
    return article.kind in RULES or any_within(around, wanted)


def _year_fits(asked: frozenset[int], article: Article, sentence: str, before: str, heading: str) -> bool:
    """Tell whether the article is of an asked year, or the sentence speaks of one."""
    if article.published:
        dated = frozenset([article.published.year])
    else:
        dated = frozenset() if _years(sentence, None) else _main_year(article)
    return bool((dated | years_of(article, sentence, before, heading)) & asked)


def _issued_by(asked: frozenset[str], article: Article) -> bool:
    """Tell whether an article names an asked body, or none at all: then it is not known whose it is."""
    named = bodies_of(whole_text(article)) | bodies_of(fold(article.publisher + article.issuer))
    return not named or bool(named & asked)


def any_within(parts: Iterable[str], wholes: Iterable[str]) -> bool:
    """Tell whether a part is one of the wholes or lies in it (浙江省嘉兴市 in 浙江省); all lies in 全国."""
    wholes = tuple(wholes)
    return any(whole == NATION or part.startswith(whole) for part in parts for whole in wholes)


@lru_cache(maxsize=4096)
def _regions(folded: str) -> frozenset[str]:
    return frozenset(m.region.full_name for m in find_regions(folded)) - {NATION}


@lru_cache(maxsize=4096)
def _years(folded: str, reference: date | None) -> tuple[int, ...]:
    """Return the years that folded text speaks of, in its order.

    A year within a quoted title names a document, a year behind 较 or 比 a base: neither dates a statement.
    Of a span of years (2020-2035年, 十四五) only its first and last count: it says nothing of those between.
    """
    return tuple(
        year
        for period in _untitled(folded, find_periods(folded, reference))
        if not folded.endswith(_BASE, 0, period.text_start)
        for year in sorted({period.start.year, period.end.year})
    )


def _untitled(folded: str, periods: Iterable[Period]) -> list[Period]:
    """Return the periods that stand outside quoted titles."""
    quoted = [match.span() for match in _TITLE.finditer(folded)]
    return [p for p in periods if not any(start <= p.text_start < end for start, end in quoted)]


@lru_cache(maxsize=256)
def _regions_of(text: str) -> frozenset[str]:
    return _regions(fold(text))


@lru_cache(maxsize=256)
def _main_year(article: Article) -> frozenset[int]:
    """Return the latest year that an undated article speaks of, goals (到2027年) and spans of years aside."""
    folded = whole_text(article)
    stated = [
        period.end.year
        for period in _untitled(folded, find_periods(folded))
        if period.start.year == period.end.year
        and not _GOAL.search(folded, max(0, period.text_start - 4), period.text_start)
    ]
    return frozenset([max(stated)] if stated else [])
