"""The records of an answer: Citation, Claim, Answer, and the events of a streamed one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeAlias

from index.records import Hit


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a claim stands: `quote == article.text[start:end]`, in code points, character for character."""

    number: int
    article_id: str
    title: str
    publisher: str
    published: date | None
    url: str
    start: int
    end: int
    quote: str
    verified: bool
    page: int | None = None
    """The page on which it begins, counted from 1; None where the article has no pages."""

    def to_dict(self) -> dict[str, Any]:
        """Return the citation as `wence ask --json` prints it."""
        return {
            "number": self.number,
            "article_id": self.article_id,
            "title": self.title,
            "publisher": self.publisher,
            "published": self.published.isoformat() if self.published else None,
            "url": self.url,
            "page": self.page,
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
            "verified": self.verified,
        }


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of an answer and the numbers of the citations that carry it."""

    text: str
    citations: tuple[int, ...]

    @property
    def marked(self) -> str:
        """The text with its markers."""
        return self.text + "".join(f"[{number}]" for number in self.citations)

    def to_dict(self) -> dict[str, Any]:
        """Return the claim as `wence ask --json` prints it."""
        return {"text": self.text, "citations": list(self.citations)}


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question; a refusal is an answer whose `refusal` says why."""

    question: str
    text: str
    """What the reader sees, with markers such as [1]; `claims` hold the same without markers."""
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    refusal: str | None = None
    hits: tuple[Hit, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    """Wall-clock seconds of `retrieve`, `select`, `write` and `total`."""
    notes: tuple[str, ...] = ()
    """What the reader should know about the answer: its age, its scope, a model that failed."""

    def to_dict(self) -> dict[str, Any]:
        """Return the object that `wence ask --json` prints."""
        return {
            "question": self.question,
            "text": self.text,
            "refusal": self.refusal,
            "claims": [claim.to_dict() for claim in self.claims],
            "citations": [citation.to_dict() for citation in self.citations],
            "passages": [_passage(hit) for hit in self.hits],
            "notes": list(self.notes),
            "seconds": {name: round(value, 4) for name, value in self.seconds.items()},
        }

    def to_markdown(self) -> str:
        """Return the answer with its sources as Markdown; no text of an article or a model is markup."""
        if rows := table_rows(self.claims):
            head = "| 所问 | 原文所说 |\n|---|---|\n"
            parts = [head + "\n".join(f"| {_plain(name)} | {_plain(said.marked)} |" for name, said in rows)]
        else:
            parts = ["\n\n".join(_plain(line) for line in self.text.split("\n"))]
        if self.citations:
            parts.append("**依据**\n\n" + "\n".join(_source(citation) for citation in self.citations))
        parts += [f"注：{_plain(note)}" for note in self.notes]
        return "\n\n".join(parts) + "\n"


_HEAD = re.compile(r"〔([^〔〕]+)〕(.+)", re.S)
_MARKUP = re.compile(r"([\\`*_{}<>\[\]|~&$#!]|^\s*(?:[-+=]|\d+(?=[.)])))")
_MARKER = re.compile(r"\\\[(\d+)\\\]")
_LINK = re.compile(r"https?://[^\s<>\\]+")


def table_rows(claims: Sequence[Claim]) -> list[tuple[str, Claim]]:
    """Return the claims of a comparison or a series as rows: of which city or day each is, and what it says.

    Empty unless there are several claims, each with a 〔 〕 of its own before it.
    """
    found = [(_HEAD.fullmatch(claim.text), claim) for claim in claims]
    rows = [(head[1], replace(claim, text=head[2])) for head, claim in found if head]
    return rows if len(rows) == len(claims) > 1 and len({name for name, _ in rows}) == len(rows) else []


def text_of(claims: Sequence[Claim]) -> str:
    """Return the text of an answer that makes these claims."""
    return "\n".join(claim.marked for claim in claims)


def _plain(text: str) -> str:
    """Return text as one line that Markdown shows as it is; markers such as [1] need no escape."""
    line = " ".join(text.split())
    return _MARKER.sub(r"[\1]", _MARKUP.sub(r"\\\1", line))


def _source(citation: Citation) -> str:
    """Return an item of the list of sources: what the article is, where the quote stands, the quote."""
    about = [
        f"《{_plain(citation.title or citation.article_id)}》",
        _plain(citation.publisher),
        citation.published.isoformat() if citation.published else "日期不详",
        f"[原文](<{citation.url}>)" if _LINK.fullmatch(citation.url) else "",
    ]
    page = f"第 {citation.page} 页，" if citation.page else ""
    place = f"（{_plain(citation.article_id)}，{page}第 {citation.start}-{citation.end} 字）"
    head = "，".join(part for part in about if part) + place
    indent = " " * (len(str(citation.number)) + 2)
    return f"{citation.number}. {head}\n\n{indent}> {_plain(citation.quote)}\n"


@dataclass(frozen=True, slots=True)
class Found:
    """First event of a stream: the passages that the search found."""

    hits: tuple[Hit, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the event as a web server sends it."""
        return {"event": "evidence", "passages": [_passage(hit) for hit in self.hits]}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of what a language model writes, before any of it is verified: not to be shown as an answer.

    An empty one says that the model is at work and has nothing to say yet.
    """

    text: str

    def to_dict(self) -> dict[str, Any]:
        """Return the event as a web server sends it."""
        return {"event": "token", "text": self.text}


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation that the next claim is the first to use."""

    citation: Citation

    def to_dict(self) -> dict[str, Any]:
        """Return the event as a web server sends it."""
        return {"event": "citation", **self.citation.to_dict()}


@dataclass(frozen=True, slots=True)
class Stated:
    """A claim that passed verification; its citations were told before it."""

    claim: Claim

    def to_dict(self) -> dict[str, Any]:
        """Return the event as a web server sends it."""
        return {"event": "claim", **self.claim.to_dict()}


@dataclass(frozen=True, slots=True)
class Done:
    """Last event of a stream: the whole answer."""

    answer: Answer

    def to_dict(self) -> dict[str, Any]:
        """Return the event as a web server sends it."""
        return {"event": "done", "answer": self.answer.to_dict()}


Event: TypeAlias = Found | Token | Cited | Stated | Done


def _passage(hit: Hit) -> dict[str, Any]:
    return {
        "article_id": hit.passage.article_id,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "text": hit.passage.text,
        "score": round(hit.score, 4),
        "stages": {name: round(value, 4) for name, value in hit.stages.items()},
    }
