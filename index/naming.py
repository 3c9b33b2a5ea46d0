"""Naming: which articles a query names by their titles, quoted in 《》 or not, or by their numbers."""

import re
from collections.abc import Sequence

from index.versions import bare_title

SHORTEST = 6
"""A title shorter than this, without marks, must be quoted to be named: 公司法 is part of many words."""
_PLACE = frozenset("省市区县州盟旗")
_NUMBER = re.compile(
    r"([\u4e00-\u9fff]{2,5})\s?[〔\[【(﹝〈<{]([12]\d{3})年?[〕\]】)﹞〉>}]\s?第?\s?(\d{1,5})\s?号"
)


def quoted_titles(query: str) -> list[str]:
    """What stands in 《》, of nested ones the outermost, in the order of the query."""
    found: list[str] = []
    depth = start = 0
    for place, character in enumerate(query):
        if character == "《":
            depth += 1
            start = place if depth == 1 else start
        elif character == "》" and depth:
            depth -= 1
            if not depth:
                found.append(query[start + 1 : place])
    return [title for title in found if title.strip()]


def title_of(heading: str) -> str:
    """The bare title of a passage's heading; see `versions.bare_title`."""
    return bare_title(heading.split(" / ")[0])


def meant(query: str, headings: Sequence[str], texts: Sequence[str]) -> list[bool]:
    """Whether a folded query names each passage's article by its title, or a number that its text holds."""
    by_title, by_number = named(query, headings), numbered(query, texts)
    return [title or number for title, number in zip(by_title, by_number, strict=True)]


def named(query: str, headings: Sequence[str]) -> list[bool]:
    """Whether a folded query names the article of each heading.

    A quoted title is that of an article where both are equal without years and marks of revision. Otherwise
    a title must stand in the query, not as part of a quoted one and not behind a place's name, for either is
    another regulation. Of titles that hold each other the longest is named (某省实施《水法》办法).
    """
    quoted = {bare_title(title) for title in quoted_titles(query)} - {""}
    whole = bare_title(query)
    titles = [title_of(heading) for heading in headings]
    found = {
        title
        for title in titles
        if title in quoted
        or (
            len(title) >= SHORTEST
            and _stands_in(title, whole)
            and not any(title in other for other in quoted)
        )
    }
    longest = {one for one in found if not any(one != other and one in other for other in found)}
    return [title in longest for title in titles]


def numbered(query: str, texts: Sequence[str]) -> list[bool]:
    """Whether each folded text holds a document number that a folded query names (津政办发〔2024〕5号).

    The brackets may be others; what stands before the abbreviation of the body is no part of a number.
    """
    wanted = _NUMBER.findall(query)

    def held(text: str) -> bool:
        return any(
            there[1:] == asked[1:] and (there[0].endswith(asked[0]) or asked[0].endswith(there[0]))
            for there in _NUMBER.findall(text)
            for asked in wanted
        )

    return [bool(wanted) and held(text) for text in texts]


def _stands_in(title: str, whole: str) -> bool:
    place = whole.find(title)
    return place == 0 or (place > 0 and whole[place - 1] not in _PLACE)
