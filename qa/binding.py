"""Whether a claim says of its figures what the cited sentences say of them: whose, when, of what."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise

from index.dates import Period, find_periods
from index.figures import Figure, find_figures
from index.folding import fold
from index.reading import search_span
from index.regions import find_regions
from qa.evidence import Evidence, is_goal
from qa.scope import NATION, RULES

_CLAUSE = re.compile(r"[^，,；;。！？!?、：:（）()\n]+(?:[,:](?=\d)[^，,；;。！？!?、：:（）()\n]+)*")
_OWN = re.compile(r"[全我本该](?:国|省|市|区|县|州|盟|旗)")
"""Speaks of the article's own region again, whatever was named before."""
_RESPECTIVELY = re.compile(r"分别|依次|各为|各是")
_VAGUE = re.compile(
    r"翻[了]?[一两二三数几]?番|成倍|倍增|[一大过近]半|半数|[数几上][十百千万亿]+"
    r"|首位|榜首|居首|最[高低大小多少长短]|全国|全球|世界"
)
"""Amounts and scopes that no number tells; such a word must stand in the source."""
_BOUNDS = re.compile(
    r"不(?:得|应|能|可|会)?(?:超过|高于|大于|多于|长于|低于|少于|小于|短于|超|逾|足|满)|未满"
)
_NEGATED = re.compile(r"[不未无非禁免勿][\u4e00-\u9fff]")
_FUTURE = re.compile(r"将(?![军领士])|[要拟](?=[在于到建新达])|力争|争取|预计|计划")
_QUOTED = re.compile(r"[“\"「『‘]([^”\"」』’]{2,})[”\"」』’]|《([^《》]+)》")
_CARRIED = 1 / 3
"""A clause is carried when its sources hold this share of its character pairs."""
_LEAST_PAIRS = 4
"""A shorter clause says too little to be measured."""


def unbound(claim: str, sources: Sequence[Evidence]) -> list[str]:
    """Return what a claim says that its sources do not, or say of something else; [] for a sound claim.

    `claim` is folded, without what Wence inserted. That every figure stands somewhere in the sources is not
    checked here, but that it stands there for the same region, time and thing, within the same bounds, as a
    goal or as a result; and that nothing is quoted, denied or added which the sources do not say.
    """
    texts = [source.folded for source in sources]
    about = "\n".join(
        part for source in sources for part in (fold(source.article.title), fold(source.passage.heading))
    )
    return [
        *_foreign_regions(claim, sources),
        *_misread_figures(claim, sources),
        *_made_up(claim, "\n".join([*texts, about])),
        *_turned_round(claim, texts),
    ]


@dataclass(frozen=True, slots=True)
class _Read:
    """A figure where it stands: its clause, what was named last before it, words that tell what it counts."""

    figure: Figure
    clause: str
    region: str
    """The last region named before it, '' where none was or the article's own is meant again."""
    period: Period | None
    pairs: frozenset[str]
    since: frozenset[str]
    """The character pairs from the figure of its unit before it to the end of its clause."""
    before: frozenset[str]
    """All character pairs of the text up to the end of its clause."""


@lru_cache(maxsize=1024)
def _read(text: str) -> tuple[_Read, ...]:
    """Return the figures of folded text, each with what the text says of it."""
    figures = find_figures(text)
    periods = find_periods(text)
    regions = [(m.start, m.region.full_name) for m in find_regions(text)]
    regions += [(m.start(), "") for m in _OWN.finditer(text)]
    taken = [(f.start, f.end) for f in figures] + [(p.text_start, p.text_end) for p in periods]
    words = _blanked(text, taken)
    clauses = [match.span() for match in _CLAUSE.finditer(words)]
    found = []
    for i, figure in enumerate(figures):
        start, end = next(((a, b) for a, b in clauses if a <= figure.start < b), (figure.start, figure.end))
        last = figures[i - 1].end if i else 0
        alike = max((f.end for f in figures[:i] if f.unit == figure.unit), default=0)
        if i + 1 < len(figures) and figures[i + 1].start < end:
            end = figure.end  # what stands behind it in the clause is of the next figure
        dated = [p for p in periods if p.text_end <= figure.start]
        placed = [name for at, name in sorted(regions) if at < figure.start]
        found.append(
            _Read(
                figure=figure,
                clause=text[start:end],
                region=placed[-1] if placed else "",
                period=dated[-1] if dated else None,
                pairs=_pairs(words[max(start, last) : end]),
                since=_pairs(words[alike:end]),
                before=_pairs(words[:end]),
            )
        )
    return tuple(found)


def _misread_figures(claim: str, sources: Sequence[Evidence]) -> Iterator[str]:
    """Yield the figures of a claim that no source gives for the same thing."""
    read = _read(claim)
    goal = is_goal(claim)
    ordered = bool(_RESPECTIVELY.search(claim))
    articles: set[str] = set()
    apart = True
    before: _Read | None = None
    for told in read:
        same = [
            (source, stated)
            for source in sources
            for stated in _read(source.folded)
            if _equal(told.figure, stated.figure)
        ]
        if same and not any(
            _agree(told, stated, source, sources, goal)
            and (ordered or not _of_another(told, stated, source, sources))
            and (before is None or not _of_another_row(told, before, stated, source, sources))
            for source, stated in same
        ):
            yield told.figure.text
        before = told
        articles |= {source.article.id for source, _ in same}
        apart = apart and bool(told.region or told.period)
    if len(articles) > 1 and not apart and not any(_holds_all(read, source) for source in sources):
        yield claim  # figures of two articles, and nothing says whose or when
    if ordered and not any(_holds_all(read, source) and _in_order(read, source) for source in sources):
        yield claim


def _holds_all(read: Sequence[_Read], source: Evidence) -> bool:
    stated = [other.figure for other in _read(source.folded)]
    return all(any(_equal(told.figure, figure) for figure in stated) for told in read)


def _agree(told: _Read, stated: _Read, source: Evidence, sources: Sequence[Evidence], goal: bool) -> bool:
    """Tell whether a source gives a figure as the claim does."""
    return (
        _same_bounds(told.figure, stated.figure)
        and (goal or is_goal(told.clause) or not (is_goal(stated.clause) or is_goal(source.folded)))
        and (not told.region or _speaks_for(told.region, stated.region, source))
        and _same_time(told, stated, source, sources)
    )


def _equal(told: Figure, stated: Figure) -> bool:
    """Tell whether a figure is the stated one, or an end of its range."""
    if told.unit not in ("", stated.unit):
        return False
    return {told.low, told.high} <= {stated.low, stated.high}


def _same_bounds(told: Figure, stated: Figure) -> bool:
    """Tell whether 最高, 以上, 约 and their like are as stated."""
    if stated.low < told.low == told.high == stated.high:
        return told.bound != "at_least"  # the upper end of a range is the most there is
    if stated.low == told.low == told.high < stated.high:
        return told.bound != "at_most"
    if stated.approximate and not told.approximate:
        return told.bound == "at_least" and stated.bound != "at_most"  # 350余家 is more than 350
    return told.bound == stated.bound


def _same_time(told: _Read, stated: _Read, source: Evidence, sources: Sequence[Evidence]) -> bool:
    """Tell whether the date before a figure may be that of the stated one.

    The same article must name it, and the sentence may give no other figure of the kind for it.
    """
    wanted = _days(told)
    if wanted is None:
        return True
    named = {
        (period.start, period.end)
        for other in sources
        if other.article.id == source.article.id
        for period in find_periods(other.folded)
    }
    if named and wanted not in named:
        return False
    if _days(stated) in (None, wanted):
        return True
    return not any(
        _days(other) == wanted and other.figure.unit == stated.figure.unit for other in _read(source.folded)
    )


def _of_another(told: _Read, stated: _Read, source: Evidence, sources: Sequence[Evidence]) -> bool:
    """Tell whether the words around a figure are another sentence's, or another figure's of its unit."""
    words = told.pairs or _pairs(told.clause)
    own = _pairs(source.folded)
    for beside in sources:
        theirs = _pairs(beside.folded)
        if _states(beside, told):
            theirs = own  # whichever of the two it is from, it is right
        if len(words & (theirs - own)) > len(words & (own - theirs)):
            return True
        for other in _read(beside.folded):
            figure = other.figure
            if figure.unit != stated.figure.unit or _equal(told.figure, figure):
                continue
            if _days(told) and _days(told) == _days(stated) != _days(other):
                continue  # the year tells them apart, in the same words
            theirs, its = other.before - stated.before, stated.before - other.before
            if beside is not source and len(told.since & theirs) > len(told.since & its):
                return True
            if told.pairs & (other.pairs - stated.pairs) and not told.pairs & (stated.pairs - other.pairs):
                return True
            # A later figure of the sentence is of what was named before it too: its own words tell it apart.
            later = beside is source and figure.start > stated.figure.start
            if later and told.pairs & (other.pairs - stated.before):
                return True
    return False


def _days(read: _Read) -> tuple[date, date] | None:
    return (read.period.start, read.period.end) if read.period else None


def _of_another_row(
    told: _Read, before: _Read, stated: _Read, source: Evidence, sources: Sequence[Evidence]
) -> bool:
    """Tell whether the figure before it is another sentence's, which has its own figure in this place."""
    return any(
        _states(beside, before)
        and not _states(source, before)
        and not _states(beside, told)
        and other.figure.unit == stated.figure.unit
        and not _equal(before.figure, other.figure)
        and len(told.pairs & other.pairs) >= max(1, len(told.pairs & stated.pairs))
        for beside in sources
        for other in _read(beside.folded)
    )


def _states(source: Evidence, told: _Read) -> bool:
    return any(_equal(told.figure, stated.figure) for stated in _read(source.folded))


def _in_order(read: Sequence[_Read], source: Evidence) -> bool:
    """Tell whether the figures that a sentence shares with a claim stand in the claim's order."""
    places = [
        next((i for i, stated in enumerate(_read(source.folded)) if _equal(told.figure, stated.figure)), None)
        for told in read
    ]
    known = [place for place in places if place is not None]
    return known == sorted(known)


def _foreign_regions(claim: str, sources: Sequence[Evidence]) -> Iterator[str]:
    """Yield the regions of a claim that no source speaks for."""
    named = {m.region.full_name for m in find_regions(claim)}
    for name in named:
        if any(other != name and other.startswith(name) for other in named):
            continue  # 浙江省 of 浙江省嘉兴市
        if not any(name in _regions(source.folded) or _speaks_for(name, "", source) for source in sources):
            yield name


def _speaks_for(name: str, stated: str, source: Evidence) -> bool:
    """Tell whether a sentence that names the region `stated` ('' for its article's own) speaks for `name`."""
    article = source.article
    if stated:
        return name == stated or (_within(name, stated) and article.kind in RULES)
    if name == article.region or (_within(name, article.region) and article.kind in RULES):
        return True
    passage = source.passage
    around = _regions(fold(passage.heading)) | _regions(search_span(passage, passage.start, source.start))
    return name in around or (not article.region and name in _regions(fold(article.title)))


def _within(part: str, whole: str) -> bool:
    return bool(whole) and (whole == NATION or part.startswith(whole))


def _made_up(claim: str, source: str) -> Iterator[str]:
    """Yield quotations, vague amounts and clauses that the sources do not hold."""
    squeezed = _squeeze(source)
    for match in _QUOTED.finditer(claim):
        if _squeeze(match[1] or match[2]) not in squeezed:
            yield match.group()
    yield from (match.group() for match in _VAGUE.finditer(claim) if match.group() not in source)
    held = _pairs(source)
    taken = [(f.start, f.end) for f in find_figures(claim)]
    taken += [(p.text_start, p.text_end) for p in find_periods(claim)]
    for match in _CLAUSE.finditer(_blanked(claim, taken)):
        pairs = _pairs(match.group())
        if len(pairs) >= _LEAST_PAIRS and len(pairs & held) < _CARRIED * len(pairs):
            yield match.group()


def _turned_round(claim: str, sources: Sequence[str]) -> Iterator[str]:
    """Yield what a claim denies or calls done and the sources do not, or the other way round."""
    claim = _BOUNDS.sub(" ", claim)
    texts = [_BOUNDS.sub(" ", source) for source in sources]
    for match in _NEGATED.finditer(claim):
        if not any(match.group() in text for text in texts):
            yield match.group()
    if "已" in claim and not any("已" in text for text in texts):
        yield from (match.group() for text in texts for match in _FUTURE.finditer(text))
    for text in texts:
        for match in _NEGATED.finditer(text):
            said = text[match.start() + 1 : match.start() + 3]
            at = claim.find(said)
            if len(said) == 2 and at >= 0 and match.group() not in claim:
                yield said


@lru_cache(maxsize=4096)
def _regions(folded: str) -> frozenset[str]:
    return frozenset(m.region.full_name for m in find_regions(folded))


def _blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return the text with these spans blank."""
    characters = list(text)
    for start, end in spans:
        characters[start:end] = " " * (end - start)
    return "".join(characters)


def _pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring Chinese characters or letters."""
    return frozenset(a + b for run in re.findall(r"[^\W\d_]+", text) for a, b in pairwise(run))


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)
