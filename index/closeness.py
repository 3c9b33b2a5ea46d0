"""Closeness: how much of a query a passage's words cover, stands close together in it, and opens it.

BM25 knows none of them: it adds up terms wherever they stand, and a rare one counts as much as several that
together make the question; and a text about a thing often begins with its name. All three are shares of the
query's rarity (idf), so they mean the same for every query.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

RUN_WEIGHT = 2.0
"""What a number or Latin word counts beside a character of the same rarity; chosen on a development set."""
WINDOW = 50
"""Code points within which words of a passage stand close together."""

_RUN = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)+|[a-z0-9]+")
_WORD = re.compile(r"\w")
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


def match(asked: Wanted, heading: str, text: str) -> tuple[float, float, float]:
    """How much of the query a passage covers, its closest words do, and its first do; all in [0, 1].

    `heading` and `text` are folded. Coverage counts single characters and runs. Closeness counts pairs and
    runs: those within the best stretch of WINDOW code points, and those of the heading, which stands
    beside all of its text. The opening counts pairs and runs without a gap from the first word of the text.
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
    coverage = covered / total if total else 0.0
    return (coverage, close / weighed, _opening(asked, text) / weighed) if weighed else (coverage, 0.0, 0.0)


def _opening(asked: Wanted, text: str) -> float:
    """The weight of the different terms that a text begins with, one behind or over the other."""
    first = _WORD.search(text)
    place = first.start() if first else len(text)
    pairs, runs = dict(asked.pairs), dict(asked.runs)
    weight = 0.0
    while place < len(text):
        if pair := pairs.pop(text[place : place + 2], 0.0):
            weight += pair
            place += 1
            continue
        run = _RUN.match(text, place) or _RUN.match(text, place + 1)
        own = runs.pop(run[0].replace(",", ""), 0.0) if run else 0.0
        if not run or not own:
            break
        weight += own
        place = run.end()
    return weight


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
