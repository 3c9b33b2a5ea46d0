"""Reads a span of a passage through its offsets: as search text, and as the text that an answer shows."""

from collections.abc import Iterator
from functools import lru_cache

from index.cleaning import find_edits
from index.folding import fold, fold_article
from index.records import Article, Passage
from index.sentences import sentence_spans


def search_span(passage: Passage, start: int, end: int) -> str:
    """Return the search text of the article's text[start:end], which lies in the passage.

    White space around it is trimmed. A character that folds to several counts whole where the span
    touches it.
    """
    return "".join(passage.search_text[a:b] for a, b, _, _ in _parts(passage, start, end)).strip()


def search_range(passage: Passage, start: int, end: int) -> tuple[int, int]:
    """Return the span in the search text of the article's text[start:end]; (0, 0) if nothing is read."""
    parts = list(_parts(passage, start, end))
    return (parts[0][0], parts[-1][1]) if parts else (0, 0)


def source_span(passage: Passage, low: int, high: int) -> tuple[int, int]:
    """Return the span in the article's text of search_text[low:high]; what is read as a whole stays whole."""
    places = []
    for a, b, left, right in passage.offsets:
        if b <= low or a >= high:
            continue
        if b - a == right - left:
            places.append((left + max(a, low) - a, right - max(0, b - high)))
        else:
            places.append((left, right))
    return (places[0][0], places[-1][1]) if places else (passage.start, passage.start)


def clean_span(passage: Passage, text: str, start: int, end: int) -> str:
    """Return the clean reading of text[start:end]: what cleaning removed is out, repairs in, nothing folded.

    `text` is the article's. A repaired stretch (characters out of step) is read as its search text, since
    the original holds nothing readable.
    """
    pieces = []
    last: tuple[int, int] | None = None
    for a, b, left, right in _parts(passage, start, end):
        original = text[left:right]
        if (left, right) == last:  # the second half of a whole segment, kept as two runs
            continue
        found = passage.search_text[a:b]
        if b - a == right - left or fold(original) == found:
            pieces.append(original)
        else:
            whole = [run for run in passage.offsets if (run[2], run[3]) == (left, right)]
            pieces.append(passage.search_text[whole[0][0] : whole[-1][1]])
            last = (left, right)
    return "".join(pieces).strip()


@lru_cache(maxsize=256)
def whole_text(article: Article) -> str:
    """Return the search text of a whole article."""
    edits = find_edits(article.text, article.recurring)
    return fold_article(article.text, 0, len(article.text), edits).text


def masked(passage: Passage, text: str) -> str:
    """Return the passage's text with what is not read blank and what is read as a whole opaque.

    Its length is the passage's. Marks within annotations and repaired stretches so end no sentence or clause.
    """
    characters = [" "] * (passage.end - passage.start)
    for a, b, left, right in passage.offsets:
        even = b - a == right - left
        read = text[left:right] if even else "x" * (right - left)
        characters[left - passage.start : right - passage.start] = read
    return "".join(characters)


def passage_sentences(passage: Passage, text: str) -> list[tuple[int, int]]:
    """Return the spans of a passage's sentences in the article's text; none cuts what is read as a whole."""
    spans = sentence_spans(masked(passage, text))
    return [(passage.start + start, passage.start + end) for start, end in spans]


def _parts(passage: Passage, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield the parts of the runs that lie in the original span; a run of unequal lengths is taken whole."""
    for a, b, left, right in passage.offsets:
        if right <= start or left >= end:
            continue
        if b - a == right - left:
            shift = a - left
            left, right = max(left, start), min(right, end)
            yield left + shift, right + shift, left, right
        else:
            yield a, b, left, right
