"""Closeness: how much of a query a passage's own words cover, and how much of it stands close together.

BM25 knows neither: it adds up terms wherever they stand, and a rare one counts as much as several that
together make the question. Both measures are shares of the query's rarity (idf), so they mean the same for
every query.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

RUN_WEIGHT = 2.0
"""What a number or Latin word counts beside a character of the same rarity; chosen on a development set."""
WINDOW = 50
"""Code points within which words of a passage stand close together."""

_RUN = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)+|[a-z0-9]+")
_PLAIN = re.compile(r"[a-z0-9.]+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a query asks a passage to hold: its terms and their weights, by what they are."""

    characters: tuple[tuple[str, float], ...]
    pairs: tuple[tuple[str, float], ...]
    runs: tuple[tuple[str, float], ...]
    """Numbers and Latin words."""


def wanted(idfs: Mapping[str, float]) -> Wanted:
    """Sort a query's terms by kind."""
    plain = {term for term in idfs if _PLAIN.fullmatch(term)}
    return Wanted(
        tuple((term, idf) for term, idf in idfs.items() if len(term) == 1 and term not in plain),
        tuple((term, idf) for term, idf in idfs.items() if len(term) > 1 and term not in plain),
        tuple((term, RUN_WEIGHT * idf) for term, idf in idfs.items() if term in plain),
    )


def match(asked: Wanted, heading: str, text: str) -> tuple[float, float]:
    """How much of the query a passage covers, and how much its closest words do; both in [0, 1].

    `heading` and `text` are folded. Coverage counts single characters and runs. Closeness counts pairs and
    runs: those within the best stretch of WINDOW code points, and those of the heading, which stands
    beside all of its text.
    """
    found = _runs(text) if asked.runs else {}
    above = _runs(heading) if asked.runs else {}
    total = covered = 0.0
    for term, weight in asked.characters:
        total += weight
        if term in text or term in heading:
            covered += weight
    close = weighed = 0.0
    places: list[tuple[int, int, float]] = []
    for number, (term, weight) in enumerate(asked.runs):
        total += weight
        weighed += weight
        if term in above:
            close += weight
        else:
            places += [(place, number, weight) for place in found.get(term, ())]
        if term in above or term in found:
            covered += weight
    for number, (term, weight) in enumerate(asked.pairs, len(asked.runs)):
        weighed += weight
        if term in heading:
            close += weight
            continue
        place = text.find(term)
        while place >= 0:
            places.append((place, number, weight))
            place = text.find(term, place + 1)
    close += _densest(sorted(places))
    return (covered / total if total else 0.0, close / weighed if weighed else 0.0)


def _densest(places: list[tuple[int, int, float]]) -> float:
    """The most weight that different terms have within WINDOW code points; places ascend."""
    best = weight = 0.0
    counts: dict[int, int] = {}
    first = 0
    for place, number, own in places:
        counts[number] = counts.get(number, 0) + 1
        if counts[number] == 1:
            weight += own
        while places[first][0] < place - WINDOW:
            _, gone, lost = places[first]
            counts[gone] -= 1
            if not counts[gone]:
                weight -= lost
            first += 1
        best = max(best, weight)
    return best


def _runs(text: str) -> dict[str, list[int]]:
    """Where each number and Latin word of a text stands."""
    found: dict[str, list[int]] = {}
    for run in _RUN.finditer(text):
        found.setdefault(run[0].replace(",", ""), []).append(run.start())
    return found
