"""Lists: the whole enumeration around a sentence, each item as far as there is room for it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.reading import clean_span, masked, search_span
from index.records import Passage
from qa.enumerations import Item, items_around
from qa.evidence import Evidence
from qa.question import Question

_CLAUSES = re.compile(r"(?:[^，,；;。！？\n]|[,;](?=\d))+(?:[，；。！？\n]|[,;](?!\d))*")
# A list's marks are lost when its items are joined in one sentence.
_MARK = re.compile(r"^(?:\d{1,2}[.．、]|[-*•·●])\s*")
_NEAR = 2.0
"""How far behind the best sentence another may stand whose list has just as many items as are asked for."""


def listed(question: Question, evidence: Sequence[Evidence], room: int) -> list[Evidence]:
    """Return the items of the enumeration that answers, each cut at a clause so that all fit; [] without one.

    It is the one around the best sentence, or around one nearly as good where that has the number of items
    that the question names.
    """
    best = evidence[0]
    items = _items(best)
    if question.wanted > 1 and len(items) != question.wanted:
        near = (e for e in evidence if e.order >= best.order - _NEAR and e.article.id == best.article.id)
        items, best = next(
            ((found, e) for e in near if len(found := _items(e)) == question.wanted), (items, best)
        )
    passages = {e.passage.id: e.passage for e in evidence if e.article.id == best.article.id}
    placed = [(item, _holding(item, [best.passage, *passages.values()])) for item in items]
    return _fitted(best, [(item, passage) for item, passage in placed if passage], room)


def _items(e: Evidence) -> list[Item]:
    """Return the enumeration around a sentence; where an item lists things itself, that is the answer."""
    text = e.article.text
    items = [
        Item(item.start, item.start + len(text[item.start : item.end].rstrip()))
        for item in items_around(text, e.start, e.end)
    ]
    return [] if items and e.start >= items[0].start and e.reading.count("、") > 1 else items


def _holding(item: Item, passages: Sequence[Passage]) -> Passage | None:
    return next((p for p in passages if p.start <= item.start and item.end <= p.end), None)


def _fitted(best: Evidence, placed: Sequence[tuple[Item, Passage]], room: int) -> list[Evidence]:
    """Return every item's first clause, then as many more, item by item, as there is room for."""
    if len(placed) < 2:
        return []
    stops = [_stops(best, item, passage) for item, passage in placed]
    heads = [_head(best, item, passage, ends[0]) for (item, passage), ends in zip(placed, stops, strict=True)]
    # The mark between two items and the full stop at the end count too.
    if sum(len(head.reading) + 1 for head in heads) > room:
        return []
    for i, ((item, passage), ends) in enumerate(zip(placed, stops, strict=True)):
        for end in ends[1:]:
            longer = _head(best, item, passage, end)
            others = sum(len(head.reading) + 1 for j, head in enumerate(heads) if j != i)
            if others + len(longer.reading) + 1 > room:
                break
            heads[i] = longer
    return heads


def _stops(best: Evidence, item: Item, passage: Passage) -> list[int]:
    """Return where each clause of an item's first sentence ends."""
    read = masked(passage, best.article.text)[item.start - passage.start : item.end - passage.start]
    ends = []
    for match in _CLAUSES.finditer(read):
        ends.append(item.start + match.end())
        if match.group().rstrip("\n")[-1:] in "。！？;；":
            break
    return ends or [item.end]


def _head(best: Evidence, item: Item, passage: Passage, end: int) -> Evidence:
    """Return an item up to `end` as evidence; its reading is without mark and without a comma at its end."""
    head = narrowed(replace(best, passage=passage), item.start, end)
    return replace(head, reading=_MARK.sub("", head.reading).rstrip("，,、；;：:。"))


def narrowed(evidence: Evidence, start: int, end: int) -> Evidence:
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
