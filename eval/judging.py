"""Judges one answer: correct or not, the right passage's rank, what its citations and figures are worth."""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Protocol

from eval.matching import holds, normalise, satisfies, strip_markers
from eval.metrics import CitationCheck, Outcome
from eval.questions import EvalQuestion
from index.cleaning import find_edits
from index.errors import WenceError
from index.figures import find_figures, states
from index.folding import clean_reading, fold
from index.records import Article, Hit
from qa.records import Answer, Citation

_RANKED = 10
"""Passages of an answer among which ranks are counted."""
_INSERTED = re.compile(r"〔[^〕]*〕")


class Library(Protocol):
    """Where the originals are: a `PolicyQA` or anything with its `article`."""

    def article(self, article_id: str, /) -> Article:
        """Return the article with its text; raises a WenceError where there is none."""


class Originals:
    """The articles that answers cite, read from the store; the last few are kept."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.text = lru_cache(maxsize=64)(self._text)
        """The text of the article of an id, empty where the store has none."""
        self._edits = lru_cache(maxsize=64)(find_edits)

    def is_exact(self, citation: Citation) -> bool:
        """Tell whether the quote is the article's text at its offsets, character for character."""
        found = self.text(citation.article_id)[citation.start : citation.end]
        return bool(citation.quote) and found == citation.quote

    def reading(self, citation: Citation) -> str:
        """Return the quote as it reads without annotations and damage."""
        if not self.is_exact(citation):
            return citation.quote
        text = self.text(citation.article_id)
        return clean_reading(text, citation.start, citation.end, self._edits(text))

    def _text(self, article_id: str) -> str:
        try:
            return self._library.article(article_id).text
        except WenceError:
            return ""


def judge(
    question: EvalQuestion,
    answer: Answer,
    article_ids: Collection[str],
    originals: Originals,
    seconds: float,
) -> Outcome:
    """Compare an answer with its question; `article_ids` are the ids that its `article` may mean."""
    refused = answer.refusal is not None
    readings = {citation.number: originals.reading(citation) for citation in answer.citations}
    text = strip_markers(answer.text, readings)
    return Outcome(
        answerable=question.answerable,
        tag=question.tag,
        refused=refused,
        correct=not refused and satisfies(text, question.must) if question.answerable else refused,
        rank=rank(answer.hits, article_ids, question.evidence) if question.answerable else None,
        article_rank=rank(answer.hits, article_ids) if question.answerable else None,
        citations=tuple(
            CitationCheck(
                right_article=citation.article_id in article_ids,
                right=citation.article_id in article_ids
                and carries(citation.quote, readings[citation.number], question),
                exact=originals.is_exact(citation),
            )
            for citation in answer.citations
        ),
        figures=figures_stated(answer, readings),
        seconds=seconds,
    )


def rank(hits: Sequence[Hit], article_ids: Collection[str], evidence: str = "") -> int | None:
    """Return the 1-based place of the first of ten passages from these articles that holds all of `evidence`.

    Evidence is compared with the passage's original characters; None where no passage is such.
    """
    for place, hit in enumerate(hits[:_RANKED], start=1):
        if hit.passage.article_id in article_ids and evidence in hit.passage.text:
            return place
    return None


def carries(quote: str, reading: str, question: EvalQuestion) -> bool:
    """Tell whether a quote holds the question's evidence, is a part of it, or states a `must` alternative.

    Evidence of several sentences is cited sentence by sentence, and a list's or a pair's figures may stand in
    quotes of their own: one group of `must` is enough. `reading` is the quote without annotations.
    """
    if not quote or not question.answerable:
        return False
    if question.evidence in quote or quote in question.evidence:
        return True
    normal = normalise(reading)
    return any(holds(normal, alternative) for group in question.must for alternative in group)


def figures_stated(answer: Answer, readings: Mapping[int, str]) -> tuple[bool, ...]:
    """Tell for every figure in the claims whether a quote that its claim cites states it, value and unit.

    What Wence itself inserted, in 〔 〕, is no claim of a source and is left out.
    """
    stated: list[bool] = []
    for claim in answer.claims:
        sources = [fold(readings[number]) for number in claim.citations if number in readings]
        for figure in find_figures(fold(_INSERTED.sub("", claim.text))):
            stated.append(any(states(source, figure) for source in sources))
    return tuple(stated)
