"""Verifies claims: quotes verbatim at their offsets; figures, dates, document numbers in the cited text."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from index.dates import Period, date_spans, find_periods
from index.figures import find_figures, states
from index.folding import fold
from qa.binding import unbound
from qa.evidence import Evidence
from qa.records import Citation

_CARRIED = 0.5
_RESTATED = 0.5
"""A claim restates a sentence when it holds this share of the sentence's character pairs."""
_INSERTED = re.compile(r"〔(?!\d{4}〕)[^〕]*〕")
"""What Wence writes itself; 〔2024〕 belongs to a document number."""
_SOME_YEAR = date(2000, 1, 1)
"""Dates without a year (9月1日) are read in it, to compare month and day; a leap year."""
_DOCUMENT_NUMBER = re.compile(r"[\w]{1,12}[〔\[(][12]\d{3}[〕\])]\s*(?:第\s*)?\d{1,4}\s*号")

_NUMBER = re.compile(r"\d+(?:\.\d+)?|[〇零一二两三四五六七八九十百千万亿]{2,}")


def is_verbatim(citation: Citation, article_text: str) -> bool:
    """Tell whether the quote is the article's text at its offsets, character for character."""
    return article_text[citation.start : citation.end] == citation.quote and bool(citation.quote)


def missing_from(claim: str, sources: Sequence[str]) -> list[str]:
    """Return the figures, dates and document numbers of a claim that stand in none of its sources.

    Both sides are compared in normal form (full width, 万/亿, %, Chinese numerals). What Wence itself
    inserted, in 〔 〕, is not a claim of the source and is left out.
    """
    # A line for each part: the 2. of a list that was joined into one sentence counts nothing.
    claim = re.sub(r"(?<=[；;])", "\n", fold(_INSERTED.sub("", claim)))
    folded = [fold(source) for source in sources]
    missing = [
        figure.text for figure in find_figures(claim) if not any(states(source, figure) for source in folded)
    ]
    missing += _missing_dates(claim, folded)
    numbers = [_squeeze(number) for source in folded for number in _DOCUMENT_NUMBER.findall(source)]
    for number in _DOCUMENT_NUMBER.findall(claim):
        own = _squeeze(number)
        # Words that stand before the number (根据津政发…) may be read with it.
        if not any(own.endswith(stated) or stated.endswith(own) for stated in numbers):
            missing.append(number)
    return missing + _missing_numbers(claim, folded)


def _missing_numbers(claim: str, sources: Sequence[str]) -> list[str]:
    """Return the numbers of a folded claim that are no figures or dates (5g, 12345, 500强, 46至24岁).

    They have no value to compare, so they must stand in a source as they are written, between the same
    characters.
    """
    read = [(figure.start, figure.end) for figure in find_figures(claim)] + list(date_spans(claim))
    read += [match.span() for match in _DOCUMENT_NUMBER.finditer(claim)]
    return [
        match.group()
        for match in _NUMBER.finditer(claim)
        if not any(a <= match.start() and match.end() <= b for a, b in read)
        and not any(_stands(match, source) for source in sources)
    ]


def _stands(number: re.Match[str], source: str) -> bool:
    """Tell whether a number stands in a source with the same characters around it, where there are any."""
    before, after = number.string[: number.start()][-1:], number.string[number.end() :][:1]
    return any(
        found.group() == number.group()
        and (not before.isalnum() or source[: found.start()][-1:] == before)
        and (not after.isalnum() or source[found.end() :][:1] == after)
        for found in _NUMBER.finditer(source)
    )


def _missing_dates(claim: str, sources: Sequence[str]) -> list[str]:
    """Return the dates of a folded claim that no folded source states; without a year, by month and day."""
    stated = {(period.start, period.end) for source in sources for period in find_periods(source)}
    days = {_days(period) for source in sources for period in find_periods(source, _SOME_YEAR)}
    named = find_periods(claim)
    spans = {(period.text_start, period.text_end) for period in named}
    missing = [period for period in named if (period.start, period.end) not in stated]
    missing += [
        period
        for period in find_periods(claim, _SOME_YEAR)
        if (period.text_start, period.text_end) not in spans and _days(period) not in days
    ]
    return [claim[period.text_start : period.text_end] for period in missing]


def _days(period: Period) -> tuple[int, int, int, int]:
    return period.start.month, period.start.day, period.end.month, period.end.day


def _squeeze(text: str) -> str:
    """Take white space out and make brackets alike."""
    return re.sub(r"\s+", "", text).translate(str.maketrans("[]()", "〔〕〔〕"))


def support(claim: str, candidates: Sequence[Evidence]) -> tuple[list[Evidence], bool]:
    """Return the sentences that carry a claim, and whether they state all that it states.

    The sentence that shares most of the claim's character pairs comes first; others are added that bring a
    figure, date or document number still missing, or that the claim restates beside those before. A claim
    counts as carried when nothing is missing, its sentences hold at least half of its character pairs, and
    they say of its figures what it says of them.
    """
    pairs = character_pairs(_INSERTED.sub("", claim))
    ranked = sorted(candidates, key=lambda e: -len(pairs & character_pairs(e.folded)))
    chosen: list[Evidence] = []
    missing = missing_from(claim, [])
    held: set[str] = set()
    for candidate in ranked:
        own = character_pairs(candidate.folded)
        left = missing_from(claim, [e.reading for e in (*chosen, candidate)])
        restated = len(own & pairs - held) >= _RESTATED * len(own)
        if not chosen or restated or len(left) < len(missing):
            chosen.append(candidate)
            missing = left
            held |= own
    carried = not missing and len(pairs & held) >= _CARRIED * len(pairs)
    return chosen, carried and not unbound(fold(_INSERTED.sub("", claim)), chosen)


def character_pairs(text: str) -> set[str]:
    """Return the character pairs of a text in its folded form, punctuation left out."""
    text = re.sub(r"\W", "", fold(text))
    return {a + b for a, b in pairwise(text)} or {text}
