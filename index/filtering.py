"""Filtering: what filters ask of an article, answered once for every store."""

from datetime import date

from index.folding import fold
from index.records import Article

DRAFT, REPEALED = "征求意见稿", "已废止"


def names_of(article: Article) -> str:
    """Who published, reprinted or issued it, folded, one a line; a filter's publisher is part of it."""
    names = (article.publisher, article.issuer, *(source.publisher for source in article.sources))
    return "\n".join(fold(name) for name in dict.fromkeys(names) if name)


def days_in_force(article: Article) -> tuple[date, date] | None:
    """The first and last day on which it holds; None for a draft, and where nothing tells.

    A version that was amended later than its clause on taking effect says holds from its own publication.
    """
    known = [day for day in (article.effective, article.published) if day]
    if not known or article.status == DRAFT or (article.status == REPEALED and not article.expires):
        return None
    return max(known), article.expires or date.max
