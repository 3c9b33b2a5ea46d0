"""The claims of an answer while it is written, with the citations that carry them and notes on them."""

from collections.abc import Iterator, Sequence

from qa.citations import is_verbatim
from qa.evidence import Evidence
from qa.generation import Limits
from qa.records import Citation, Cited, Claim, Event, Stated


class Book:
    """The claims, citations and notes of an answer while it is written."""

    def __init__(self) -> None:
        self.claims: list[Claim] = []
        self.citations: dict[tuple[str, int, int], Citation] = {}
        self.notes: list[str] = []

    def page(self) -> "Book":
        """Return a book for one of several questions; its citations are numbered with all others."""
        page = Book()
        page.citations = self.citations
        return page

    def left(self, limits: Limits, parts: int) -> Limits | None:
        """Return what the next of so many parts may take of what is left; None where nothing is."""
        room = limits.characters - sum(len(claim.text) + 1 for claim in self.claims)
        count = limits.sentences - len(self.claims)
        share = Limits(room // parts, max(1, count // parts))
        return share if count > 0 and share.characters > 0 else None

    def enter(self, text: str, carriers: Sequence[Evidence]) -> Iterator[Event]:
        """Enter a verified claim; yield the citations that are new with it, then the claim."""
        numbers = []
        for e in carriers:
            place = (e.article.id, e.start, e.end)
            if place not in self.citations:
                self.citations[place] = _citation_of(e, len(self.citations) + 1)
                yield Cited(self.citations[place])
            numbers.append(self.citations[place].number)
        claim = Claim(text, tuple(numbers))
        self.claims.append(claim)
        yield Stated(claim)


def _citation_of(e: Evidence, number: int) -> Citation:
    """Return the citation of a sentence that was verified to carry a claim."""
    citation = Citation(
        number=number,
        article_id=e.article.id,
        title=e.article.title,
        publisher=e.article.publisher,
        published=e.article.published,
        url=e.article.url,
        start=e.start,
        end=e.end,
        quote=e.article.text[e.start : e.end],
        verified=True,
        page=e.article.page_at(e.start),
    )
    if not is_verbatim(citation, e.article.text):
        raise AssertionError(f"citation of {e.article.id} at {e.start}:{e.end} is empty")
    return citation
