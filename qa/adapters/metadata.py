"""What an adapter tells of a passage beside its text: whose it is and where exactly it stands."""

from typing import Any

from index.records import Hit
from qa.engine import PolicyQA


def metadata(qa: PolicyQA, hit: Hit) -> dict[str, Any]:
    """Return the facts of a passage, as values that JSON can hold."""
    article = qa.article(hit.passage.article_id)
    return {
        "article_id": article.id,
        "title": article.title,
        "publisher": article.publisher,
        "published": article.published.isoformat() if article.published else None,
        "region": article.region,
        "url": article.url,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "heading": hit.passage.heading,
        "score": hit.score,
    }
