"""Writes an answer from the articles' own sentences: the default, without any language model."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.figures import find_figures
from index.folding import to_simplified, to_traditional
from index.reading import clean_span, search_span
from qa.citations import character_pairs
from qa.enumerations import Item, items_around
from qa.evidence import Evidence
from qa.generation import Draft, Limits
from qa.question import Kind, Question

_SECOND = 0.6
"""A further sentence is added when its score reaches this share of the first one's."""
_SAME_INDICATOR = 0.8
"""Sentences of other articles with this share of the first one's score speak of the same indicator."""
_REPEATED = 0.7
"""A sentence that shares this part of its character pairs with an earlier one says nothing new."""


class ExtractiveGenerator:
    """A `Generator` that chooses among the articles' sentences and never rewords them."""

    name = "extractive"

    def write(self, question: Question, evidence: Sequence[Evidence], limits: Limits) -> Iterator[Draft]:
        """Yield the best sentences, a whole enumeration where a list is asked for, newest first in conflict."""
        if question.kind in (Kind.LIST, Kind.PROCEDURE) and (items := _enumerated(evidence[0], limits)):
            texts = [_in_script(question, _trimmed(item.reading)) for item in items]
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
    best = _fitting(question, evidence[0], limits.characters)
    if best is None:
        return
    series = _series(question, evidence)
    first = series if len(series) > 1 else [best]
    room, count = limits.characters, 0
    said: list[set[str]] = []
    for chosen in [*first, *_further(question, evidence, first)]:
        label = _date_label(chosen) if len(first) > 1 and chosen in first else ""
        pairs = character_pairs(chosen.folded)
        size = len(label) + len(_trimmed(chosen.reading))
        repeated = any(len(pairs & earlier) >= _REPEATED * len(pairs) for earlier in said)
        if count == limits.sentences or size > room or repeated:
            continue
        room, count = room - size, count + 1
        said.append(pairs)
        yield chosen, label


def _further(
    question: Question, evidence: Sequence[Evidence], first: Sequence[Evidence]
) -> list[Evidence]:
    """Return the sentences that may follow, best first: nearly as good, and of the same article."""
    articles = {e.article.id for e in first}
    floor = _SECOND * first[0].score
    rest = [e for e in evidence if e not in first and e.score >= floor]
    if question.kind is not Kind.LIST:
        rest = [e for e in rest if e.article.id in articles]
    return rest


def _series(question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return one sentence for each article that gives the asked figure, newest first; dated articles only.

    A question that names a year wants that year alone, so it has no series.
    """
    if question.kind is not Kind.FIGURE or question.periods:
        return []
    floor = _SAME_INDICATOR * evidence[0].score
    found: dict[str, Evidence] = {}
    for e in evidence:
        if e.score >= floor and e.article.published and e.article.id not in found and _has_figure(question, e):
            found[e.article.id] = e
    return sorted(found.values(), key=lambda e: str(e.article.published), reverse=True)


def _has_figure(question: Question, evidence: Evidence) -> bool:
    return any(not question.units or f.unit in question.units for f in find_figures(evidence.folded))


def _enumerated(best: Evidence, limits: Limits) -> list[Evidence]:
    """Return the items of the enumeration around the best sentence, each cut to what fits; [] without one."""
    items = items_around(best.article.text, best.start, best.end)
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
    for match in re.finditer(r"[^，,；;。！？\n]+[，,；;。！？\n]*", text[item.start : item.end]):
        stop = item.start + match.end()
        if len(_trimmed(clean_span(best.passage, text, item.start, stop))) > room:
            break
        end = stop
        if match.group().rstrip("\n")[-1:] in "。！？;；":
            break
    return _narrowed(best, item.start, end) if end > item.start else None


def _fitting(question: Question, evidence: Evidence, room: int) -> Evidence | None:
    """Return the sentence, or where it is too long the best run of its clauses that fits; None without one."""
    if len(_trimmed(evidence.reading)) <= room:
        return evidence
    text = evidence.article.text
    bounds = [evidence.start]
    bounds += [evidence.start + m.end() for m in re.finditer(r"[，,；;：:]", text[evidence.start : evidence.end])]
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

