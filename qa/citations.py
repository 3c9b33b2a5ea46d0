"""Verifies claims: every quote verbatim at its offsets, every figure, date and document number in the cited text."""

import re
from collections.abc import Sequence
from itertools import pairwise

from index.dates import find_periods
from index.figures import find_figures, states
from index.folding import fold
from qa.evidence import Evidence
from qa.records import Citation

_CARRIED = 0.5
_INSERTED = re.compile(r"〔[^〕]*〕")
_DOCUMENT_NUMBER = re.compile(r"[\w]{1,12}[〔\[(][12]\d{3}[〕\])]\s*(?:第\s*)?\d{1,4}\s*号")


def is_verbatim(citation: Citation, article_text: str) -> bool:
    """Tell whether the quote is the article's text at its offsets, character for character."""
    return article_text[citation.start : citation.end] == citation.quote and bool(citation.quote)


def missing_from(claim: str, sources: Sequence[str]) -> list[str]:
    """Return the figures, dates and document numbers of a claim that stand in none of its sources.

    Both sides are compared in normal form (full width, 万/亿, %, Chinese numerals). What Wence itself
    inserted, in 〔 〕, is not a claim of the source and is left out.
    """
    claim = fold(_INSERTED.sub("", claim))
    folded = [fold(source) for source in sources]
    missing = [
        figure.text
        for figure in find_figures(claim)
        if not any(states(source, figure) for source in folded)
    ]
    stated = {(period.start, period.end) for source in folded for period in find_periods(source)}
    missing += [
        claim[period.text_start : period.text_end]
        for period in find_periods(claim)
        if (period.start, period.end) not in stated
    ]
    numbers = {_squeeze(number) for source in folded for number in _DOCUMENT_NUMBER.findall(source)}
    missing += [number for number in _DOCUMENT_NUMBER.findall(claim) if _squeeze(number) not in numbers]
    return missing


def _squeeze(text: str) -> str:
    """Take white space out and make brackets alike."""
    return re.sub(r"\s+", "", text).translate(str.maketrans("[]()", "〔〕〔〕"))


def support(claim: str, candidates: Sequence[Evidence]) -> tuple[list[Evidence], bool]:
    """Return the sentences that carry a claim, and whether they state all that it states.

    The sentence that shares most of the claim's character pairs comes first; others are added as long as
    each brings a figure, date or document number that is still missing. A claim counts as carried when
    nothing is missing and its sentences hold at least half of its character pairs.
    """
    pairs = character_pairs(_INSERTED.sub("", claim))
    ranked = sorted(candidates, key=lambda e: -len(pairs & character_pairs(e.folded)))
    chosen: list[Evidence] = []
    missing = missing_from(claim, [])
    for candidate in ranked:
        left = missing_from(claim, [e.reading for e in (*chosen, candidate)])
        if not chosen or len(left) < len(missing):
            chosen.append(candidate)
            missing = left
        if not missing:
            break
    held = {pair for e in chosen for pair in character_pairs(e.folded)}
    return chosen, not missing and len(pairs & held) >= _CARRIED * len(pairs)


def character_pairs(text: str) -> set[str]:
    """Return the character pairs of a text in its folded form, punctuation left out."""
    text = re.sub(r"\W", "", fold(text))
    return {a + b for a, b in pairwise(text)} or {text}
