"""Writes an answer from the articles' own sentences: the default, without any language model."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from index.figures import find_figures
from index.reading import clean_span, masked
from index.scripts import to_simplified, to_traditional
from qa.citations import character_pairs
from qa.evidence import Evidence, is_goal
from qa.generation import Draft, Limits
from qa.generation.choosing import further, leading, said
from qa.generation.explicit import explicit
from qa.generation.lists import listed, narrowed
from qa.generation.short import short_answer
from qa.question import Kind, Question

_NO_LONGER = ("已废止", "征求意见稿", "尚未施行")
"""States of an article that a reader must know of before its words."""
_REPEATED = 0.7
"""A sentence without new figures says nothing if it shares this part of its character pairs with another."""


# A comma or colon within a number (12,000元; 9:30) ends no clause.
_CLAUSE_END = re.compile(r"[，；：]|[,;:](?!\d)")


class ExtractiveGenerator:
    """A `Writer` that chooses among the articles' sentences and never rewords them."""

    name = "extractive"

    def write(self, question: Question, evidence: Sequence[Evidence], limits: Limits) -> Iterator[Draft]:
        """Yield the short answer where one is sure, then the sentences that carry it; a list as one."""
        if question.kind in (Kind.LIST, Kind.PROCEDURE) and (
            items := listed(question, evidence, limits.characters)
        ):
            # One sentence, so that a long list is not cut at the limit of sentences.
            texts = [_in_script(question, item.reading).rstrip("。") for item in items]
            yield Draft("；".join(texts) + "。", tuple(items))
            return
        chosen = list(_choose(question, evidence, limits))
        if not chosen:
            return
        texts = [_in_script(question, label + _trimmed(e.reading)) for e, label in chosen]
        doubtful = len(chosen) > 1 and not question.several and not chosen[0][1]
        short = "" if doubtful else _in_script(question, short_answer(question, chosen[0][0]))
        known = bool(short) or any(r.full_name == chosen[0][0].article.region for r in question.regions)
        told = [_in_script(question, label + _trimmed(explicit(e, place_known=known))) for e, label in chosen]
        if _size(told) <= limits.characters:
            texts = told
        if question.row:
            room = limits.characters - len(question.row) - 2
            row = next((text for text in (short, *texts[:1]) if text and len(text) <= room), "")
            if row:
                yield Draft(f"〔{question.row}〕{row}", (chosen[0][0],))
            return
        if short and len(texts) < limits.sentences and _size([short, *texts]) <= limits.characters:
            yield Draft(short, (chosen[0][0],))
        for (e, _), text in zip(chosen, texts, strict=True):
            yield Draft(text, (e,))


def _size(texts: Sequence[str]) -> int:
    """Return the length of sentences with the line breaks between them."""
    return sum(map(len, texts)) + len(texts) - 1


def _choose(
    question: Question, evidence: Sequence[Evidence], limits: Limits
) -> Iterator[tuple[Evidence, str]]:
    """Yield sentences and the label before each, in the order of the answer, within the limits."""
    first = leading(question, evidence)
    if len(first) == 1:
        best = _fitting(question, first[0], limits.characters)
        if best is None:
            return
        first = [best]
    room, count = limits.characters, 0
    told: list[set[str]] = []
    figures: set[tuple[Decimal, Decimal, str]] = set()
    for chosen in [*first, *further(question, evidence, first)]:
        label = _label(chosen, dated=len(first) > 1 and chosen in first)
        pairs = character_pairs(chosen.folded)
        size = len(label) + len(_trimmed(chosen.reading)) + bool(count)
        stated = {(f.low, f.high, f.unit) for f in find_figures(chosen.folded)}
        # The figure of another year stands in nearly the same words.
        repeated = stated <= figures and any(
            len(pairs & earlier) >= _REPEATED * len(pairs) for earlier in told
        )
        if count == limits.sentences or size > room or repeated:
            continue
        room, count = room - size, count + 1
        told.append(pairs)
        figures |= stated
        yield chosen, label


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
        narrowed(evidence, a, b)
        for i, a in enumerate(bounds)
        for b in bounds[i + 1 :]
        if b > a and len(_trimmed(clean_span(evidence.passage, text, a, b))) <= room
    ]
    content = "".join(question.content)

    def worth(run: Evidence) -> tuple[bool, int]:
        return bool(said(question, run)), len(character_pairs(content) & character_pairs(run.folded))

    return max(runs, key=worth, default=None)


def _label(evidence: Evidence, *, dated: bool) -> str:
    """Return what Wence says before a sentence: its day in a series, its status."""
    published = evidence.article.published
    parts = [
        published.isoformat() if dated and published else "",
        "目标" if dated and is_goal(evidence.folded) else "",
        evidence.article.status if evidence.article.status in _NO_LONGER else "",
    ]
    stated = "，".join(part for part in parts if part)
    return f"〔{stated}〕" if stated else ""


def _in_script(question: Question, text: str) -> str:
    """Return the text in the asker's script."""
    return to_traditional(text) if question.traditional else to_simplified(text)


def _trimmed(text: str) -> str:
    """Drop the comma at which a long sentence was cut."""
    return text.strip().rstrip("，,、；;：:")
