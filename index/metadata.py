"""Metadata: an article with its fields, as its file states them or as they are read from its text."""

import re
from datetime import date
from typing import Any

from index.dates import parse_date
from index.fields.adoption import find_events
from index.fields.force import read_days, read_status
from index.fields.issuers import read_issuer
from index.fields.kinds import read_kind
from index.fields.lines import Reading, read_lines
from index.fields.numbers import read_number
from index.fields.publication import read_published
from index.fields.publishers import read_author, read_publisher, read_url
from index.fields.titles import read_title
from index.localities import find_locality
from index.records import Article, Origin

_FILE = "文件"
_RULES = frozenset({"法规", "政策文件"})


def describe(
    id: str,
    text: str,
    *,
    title: str = "",
    published: str = "",
    publisher: str = "",
    author: str = "",
    url: str = "",
    category: str = "",
    pages: tuple[int, ...] = (),
) -> Article:
    """The article with what its file does not say (see `Document`) read from its text.

    What is uncertain stays empty; `origins` says where each of the others was read.
    """
    lines = read_lines(text)
    events = find_events(lines)
    read: dict[str, Reading[Any] | None] = {}
    read["title"] = _given(title) or read_title(lines)
    headline = _value(read["title"])
    read["document_number"] = read_number(lines, events)
    number = _value(read["document_number"])
    read["published"] = _given_day(published) or read_published(lines, headline, events)
    read["publisher"] = _given(publisher) or read_publisher(lines)
    read["author"] = _given(author) or read_author(lines)
    read["url"] = _given(url) or read_url(lines)
    read["status"] = read_status(headline, lines)
    read["kind"] = read_kind(text, headline, category, number, lines, events)
    if _value(read["kind"]) in _RULES:
        day = read["published"]
        read["issuer"] = read_issuer(headline, lines, events)
        read["effective"], read["expires"] = read_days(text, lines, events, day.value if day else None)
    read["region"] = find_locality(
        headline, _value(read.get("issuer")), number, _value(read["publisher"]), _value(read["kind"]), lines
    )
    found = {field: reading for field, reading in read.items() if reading}
    return Article(
        id=id,
        text=text,
        pages=pages,
        origins=tuple(Origin(field, r.place, r.start, r.end) for field, r in found.items()),
        **{field: reading.value for field, reading in found.items()},
    )


def _given(stated: str) -> Reading[str] | None:
    return Reading(stated.strip(), _FILE) if stated.strip() else None


def _given_day(stated: str) -> Reading[date] | None:
    compact = re.fullmatch(r"\s*(\d{4})(\d{2})(\d{2})\s*", stated)
    day = parse_date("-".join(compact.groups()) if compact else stated)
    return Reading(day, _FILE) if day else None


def _value(reading: Reading[str] | None) -> str:
    return reading.value if reading else ""
