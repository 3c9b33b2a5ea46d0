"""Chooses the sentences of an extractive answer: the one that answers, and others only for what it lacks."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from index.figures import find_figures
from index.folding import fold
from qa.citations import character_pairs
from qa.evidence import Evidence, is_goal
from qa.features import anchors, fits_unit
from qa.question import Kind, Question

# How far behind the best sentence, in `Evidence.order`, another may stand and still
_DOUBT = 0.3  # be given beside it, since either may be the one that answers,
_FURTHER = 2.0  # add what else was asked for,
_ALIKE = 6.0  # speak of the same indicator in another article,
_NEWER = 3.0  # answer instead, when it is newer and the newest is asked for.
_NEIGHBOURHOOD = 120
"""Code points from the first sentence within which its line or list says what else was asked for."""
_ON_SUBJECT = 0.3
"""A first sentence that shares less of the question's character pairs is no measure for others."""
_SAME_SUBJECT = 0.7
"""A sentence has the same indicator if it shares this part of what the first shares with the question."""
_FROM = re.compile(r"(?:从|由|自)[^,;。，；\d]{0,8}$")
_RAISED = re.compile(
    r"[^,;。，；\d]{0,4}(?:提高|提升|提|上调|上浮|调整|调高|调|增加|增|涨|放宽|延长|延|扩大|降低|降|下调|缩短|减少|减)(?:到|至|为)[^,;。，；\d]{0,4}"
)
_MARK = re.compile(r"^(?:\d{1,2}[.．、]|[-*•·●]|[(（][一二三四五六七八九十\d]{1,3}[)）])\s*")
_LAST_OF_LIST = re.compile("、[^、,;。，；]*(?:以及|[和及与])")


def leading(question: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the sentences that answer: mostly one; of one indicator in several articles a series.

    A series is newest first. A question that names a year wants that year alone. One that asks for the
    newest (目前) wants the newest article that answers alone, unless its words leave a doubt whether it
    speaks of the same.
    """
    best = evidence[0]
    if question.periods or not (question.latest or question.kind is Kind.FIGURE):
        return [best]
    asked = character_pairs("".join(question.content))

    def alike(e: Evidence) -> bool:
        return len(asked & character_pairs(e.folded)) >= _SAME_SUBJECT * len(
            asked & character_pairs(best.folded)
        )

    if changed := change_of(question, best, evidence):
        return [changed] if question.latest and alike(changed) else [changed, best]
    if question.latest:
        able = [e for e in evidence if e.order >= best.order - _NEWER and e.article.published]
        newest = max(able, key=lambda e: (str(e.article.published), e.order), default=best)
        return [newest] if newest.article.id == best.article.id or alike(newest) else [newest, best]
    if len(asked & character_pairs(best.folded)) < _ON_SUBJECT * len(asked):
        return [best]
    found: dict[str, Evidence] = {}
    for e in evidence:
        if (
            e.order >= best.order - _ALIKE
            and e.article.region == best.article.region
            and e.article.published
            and e.article.id not in found
            and alike(e)
            and is_goal(e.folded) == is_goal(best.folded)
            and said(question, e)
        ):
            found[e.article.id] = e
    series = sorted(found.values(), key=lambda e: str(e.article.published), reverse=True)
    return series if len(series) > 1 else [best]


def change_of(question: Question, best: Evidence, evidence: Sequence[Evidence]) -> Evidence | None:
    """Return the newest sentence of a later article that changes the figure (从50万元提到70万元)."""
    published = best.article.published
    if not published:
        return None
    held = {(f.low, f.high, f.unit) for f in find_figures(best.folded) if fits_unit(question, f)}
    later = [
        e
        for e in evidence
        if e.article.published
        and e.article.published > published
        and e.article.region == best.article.region
        and held & _given_up(e.folded)
    ]
    return max(later, key=lambda e: (str(e.article.published), e.order), default=None)


def _given_up(folded: str) -> set[tuple[Decimal, Decimal, str]]:
    """Return the figures that a sentence says were changed to others."""
    figures = find_figures(folded)
    return {
        (old.low, old.high, old.unit)
        for old, new in pairwise(figures)
        if old.unit == new.unit
        and _FROM.search(folded, max(0, old.start - 10), old.start)
        and _RAISED.fullmatch(folded, old.end, new.start)
    }


def further(question: Question, evidence: Sequence[Evidence], first: Sequence[Evidence]) -> list[Evidence]:
    """Return the sentences that follow: each brings what was asked for and the ones before it lack.

    Where one thing is asked, a second sentence stands beside the first only where it is nearly as good.
    """
    best = first[0]
    same = [e for e in evidence if e.article.id == best.article.id and e not in first]
    if not question.several:
        close = [e for e in same if e.order >= evidence[0].order - _DOUBT]
        return [e for e in close if _answers_more(question, first, e) and _says_more(question, first, e)][:1]
    chosen = list(first)
    parts = sorted((e for e in same if parallel(best, e)), key=lambda e: e.start)
    rest = [e for e in same if e.order >= best.order - _FURTHER and e not in parts]
    for e in [*parts, *rest]:
        if satisfied(question, chosen):
            break
        if _answers_more(question, chosen, e) and (e in parts or _says_more(question, chosen, e)):
            chosen.append(e)
    return chosen[len(first) :]


def satisfied(question: Question, chosen: Sequence[Evidence]) -> bool:
    """Tell whether sentences hold as many answers of the wanted kind as are asked for."""
    answers = {text for e in chosen for text in said(question, e) or ()}
    if question.kind is Kind.LIST:
        listed = max(e.folded.count("、") + 1 + bool(_LAST_OF_LIST.search(e.folded)) for e in chosen)
        return max(len(answers) if question.wanted > 1 else 0, listed) >= max(2, question.wanted)
    return len(answers) >= question.wanted


def said(question: Question, evidence: Evidence) -> list[str] | None:
    """Return the answers of the wanted kind that a sentence holds; None where that cannot be told."""
    spans = anchors(question, evidence.folded, evidence.article)
    return None if spans is None else [evidence.folded[a:b] for a, b in spans]


def _answers_more(question: Question, chosen: Sequence[Evidence], e: Evidence) -> bool:
    """Tell whether a sentence holds an answer that the chosen ones lack, as far as that can be told."""
    answers = said(question, e)
    return answers is None or bool(set(answers) - {text for c in chosen for text in said(question, c) or ()})


def _says_more(question: Question, chosen: Sequence[Evidence], e: Evidence) -> bool:
    """Tell whether a sentence holds words of the question that the chosen ones lack."""
    asked = character_pairs("".join(question.content))
    held = {pair for c in chosen for pair in character_pairs(c.folded)}
    return bool((asked - held) & character_pairs(e.folded))


def _beside(lead: Evidence, other: Evidence) -> bool:
    """Tell whether a sentence stands near the leading one in its line, or in the next lines of one list."""
    text = lead.article.text
    between = text[min(lead.end, other.end) : max(lead.start, other.start)]
    near = len(between) <= _NEIGHBOURHOOD
    return near and ("\n" not in between or bool(_MARK.match(lead.reading) and _MARK.match(other.reading)))


def parallel(lead: Evidence, other: Evidence) -> bool:
    """Tell whether two sentences are parts of one (；) or items of one list, near each other."""
    if lead.article.id != other.article.id or not _beside(lead, other):
        return False
    text = lead.article.text
    left, right = sorted((lead, other), key=lambda e: e.start)
    if _MARK.match(lead.reading) and _MARK.match(other.reading):
        return True
    between = fold(text[left.start : right.start])
    return "\n" not in between and not re.search(r"[。!?]", between)
