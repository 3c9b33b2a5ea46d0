"""Writes an answer from the articles' own sentences: the default, without any language model."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from index.figures import find_figures
from index.reading import clean_span, masked, search_span
from index.scripts import to_simplified, to_traditional
from qa.citations import character_pairs
from qa.enumerations import Item, items_around
from qa.evidence import Evidence
from qa.features import fits_unit
from qa.generation import Draft, Limits
from qa.question import Kind, Question

# How far behind the best sentence, in `Evidence.order`, another may stand and still
_FURTHER = 2.0  # be added to it,
_ALIKE = 6.0  # speak of the same indicator in another article,
_NEWER = 3.0  # answer instead, when it is newer and the newest is asked for.
_NEIGHBOURHOOD = 120
"""Code points from the first sentence within which its line or list says what else was asked for."""
_REPEATED = 0.7
"""A sentence without new figures says nothing if it shares this part of its character pairs with another."""


# A comma or colon within a number (12,000元; 9:30) ends no clause.
_CLAUSE_END = re.compile(r"[，；：]|[,;:](?!\d)")
_CLAUSES = re.compile(r"(?:[^，,；;。！？\n]|[,;](?=\d))+(?:[，；。！？\n]|[,;](?!\d))*")


# A list's marks are lost when its items are joined in one sentence.
_MARK = re.compile(r"^(?:\d{1,2}[.．、]|[-*•·●])\s*")


class ExtractiveGenerator:
    """A `Writer` that chooses among the articles' sentences and never rewords them."""

    name = "extractive"

    def write(self, question: Question, evidence: Sequence[Evidence], limits: Limits) -> Iterator[Draft]:
        """Yield the best sentences; a whole enumeration for a list, newest first where years differ."""
        if question.kind in (Kind.LIST, Kind.PROCEDURE) and (items := _enumerated(evidence[0], limits)):
            texts = [_in_script(question, _MARK.sub("", _trimmed(item.reading))) for item in items]
            if sum(map(len, texts)) + len(texts) <= limits.characters:
                # One sentence, so that a long list is not cut at the limit of sentences.
                yield Draft("；".join(text.rstrip("。") for text in texts) + "。", tuple(items))
                return
        for chosen, label in _choose(question, evidence, limits):
            yield Draft(label + _in_script(question, _trimmed(chosen.reading)), (chosen,))


def _choose(
    question: Question, evidence: Sequence[Evidence], limits: Limits
) -> Iterator[tuple[Evidence, str]]:
    """Yield sentences and the label before each, in the order of the answer, within the limits."""
    best = _fitting(question, _leading(question, evidence), limits.characters)
    if best is None:
        return
    series = _series(question, evidence)
    first = series if len(series) > 1 else [best]
    room, count = limits.characters, 0
    said: list[set[str]] = []
    figures: set[tuple[Decimal, Decimal, str]] = set()
    for chosen in [*first, *_further(question, evidence, first)]:
        label = _date_label(chosen) if len(first) > 1 and chosen in first else ""
        pairs = character_pairs(chosen.folded)
        size = len(label) + len(_trimmed(chosen.reading))
        stated = {(f.low, f.high, f.unit) for f in find_figures(chosen.folded)}
        # The figure of another year stands in nearly the same words.
        repeated = stated <= figures and any(
            len(pairs & earlier) >= _REPEATED * len(pairs) for earlier in said
        )
        if count == limits.sentences or size > room or repeated:
            continue
        room, count = room - size, count + 1
        said.append(pairs)
        figures |= stated
        yield chosen, label


def _leading(question: Question, evidence: Sequence[Evidence]) -> Evidence:
    """Return the best sentence; where the newest is asked for, of the newest article that answers."""
    if not question.latest or question.periods:
        return evidence[0]
    able = [e for e in evidence if e.order >= evidence[0].order - _NEWER and e.article.published]
    return max(able, key=lambda e: (str(e.article.published), e.order), default=evidence[0])


def _further(question: Question, evidence: Sequence[Evidence], first: Sequence[Evidence]) -> list[Evidence]:
    """Return the sentences that may follow: neighbours where several things are asked, then the next best.

    A list may go on in other articles; anything else stays with the article of the first sentence.
    """
    articles = {e.article.id for e in first}
    floor = max(e.order for e in first) - _FURTHER
    rest = [e for e in evidence if e not in first and e.order >= floor]
    if question.kind is not Kind.LIST:
        rest = [e for e in rest if e.article.id in articles]
    if not question.several:
        return rest
    beside = [e for e in evidence if e not in first and _beside(first[0], e)]
    return beside + [e for e in rest if e not in beside]


def _beside(lead: Evidence, other: Evidence) -> bool:
    """Tell whether a sentence stands near the leading one in its line, or in the next lines of one list."""
    if other.article.id != lead.article.id:
        return False
    text = lead.article.text
    between = text[min(lead.end, other.end) : max(lead.start, other.start)]
    near = len(between) <= _NEIGHBOURHOOD
    return near and ("\n" not in between or bool(_MARK.match(lead.reading) and _MARK.match(other.reading)))


def _series(question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return one sentence for each dated article of one region that gives the asked figure, newest first.

    A question that names a year wants that year alone, so it has no series.
    """
    if question.kind is not Kind.FIGURE or question.periods:
        return []
    floor = evidence[0].order - _ALIKE
    found: dict[str, Evidence] = {}
    for e in evidence:
        alike = e.order >= floor and e.article.region == evidence[0].article.region
        if alike and e.article.published and e.article.id not in found and _has_figure(question, e):
            found[e.article.id] = e
    return sorted(found.values(), key=lambda e: str(e.article.published), reverse=True)


def _has_figure(question: Question, evidence: Evidence) -> bool:
    return any(fits_unit(question, figure) for figure in find_figures(evidence.folded))


def _enumerated(best: Evidence, limits: Limits) -> list[Evidence]:
    """Return the items of the enumeration around the best sentence, each cut to what fits; [] without one.

    A sentence inside an item that lists things itself (甲、乙、丙) is the answer: the others are not asked.
    """
    items = items_around(best.article.text, best.start, best.end)
    if items and best.start >= items[0].start and best.reading.count("、") > 1:
        return []
    inside = [item for item in items if item.start >= best.passage.start and item.end <= best.passage.end]
    if len(inside) < 2:
        return []
    share = limits.characters // len(inside) - 1
    heads = [_head(best, item, share) for item in inside]
    return [head for head in heads if head is not None]


def _head(best: Evidence, item: Item, room: int) -> Evidence | None:
    """Return an item's first clauses, as many as fit into `room` characters; None where not even one does."""
    text = best.article.text
    end = item.start
    read = masked(best.passage, text)[item.start - best.passage.start : item.end - best.passage.start]
    for match in _CLAUSES.finditer(read):
        stop = item.start + match.end()
        if len(_trimmed(clean_span(best.passage, text, item.start, stop))) > room:
            break
        end = stop
        if match.group().rstrip("\n")[-1:] in "。！？;；":
            break
    return _narrowed(best, item.start, end) if end > item.start else None


def _fitting(question: Question, evidence: Evidence, room: int) -> Evidence | None:
    """Return the sentence, or if it is too long the best run of its clauses that fits; None without one."""
    if len(_trimmed(evidence.reading)) <= room:
        return evidence
    text = evidence.article.text
    first = evidence.passage.start
    read = masked(evidence.passage, text)[evidence.start - first : evidence.end - first]
    bounds = [evidence.start]
    bounds += [evidence.start + match.end() for match in _CLAUSE_END.finditer(read)]
    bounds.append(evidence.end)
    runs = [
        _narrowed(evidence, a, b)
        for i, a in enumerate(bounds)
        for b in bounds[i + 1 :]
        if b > a and len(_trimmed(clean_span(evidence.passage, text, a, b))) <= room
    ]
    content = "".join(question.content)

    def worth(run: Evidence) -> tuple[bool, int]:
        return _has_figure(question, run), len(character_pairs(content) & character_pairs(run.folded))

    return max(runs, key=worth, default=None)


def _narrowed(evidence: Evidence, start: int, end: int) -> Evidence:
    """Return the evidence with its span cut to start:end, white space trimmed."""
    text = evidence.article.text
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return replace(
        evidence,
        start=start,
        end=end,
        reading=clean_span(evidence.passage, text, start, end),
        folded=search_span(evidence.passage, start, end),
    )


def _date_label(evidence: Evidence) -> str:
    published = evidence.article.published
    return f"〔{published.isoformat()}〕" if published else ""


def _in_script(question: Question, text: str) -> str:
    """Return the text in the asker's script."""
    return to_traditional(text) if question.traditional else to_simplified(text)


def _trimmed(text: str) -> str:
    """Drop the comma at which a long sentence was cut."""
    return text.strip().rstrip("，,、；;：:")
