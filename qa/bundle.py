"""An answer to keep: saved with the hashes of the articles that it cites, verified against them later."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol, Self

from index.cleaning import find_edits
from index.errors import InputError
from index.folding import clean_reading
from index.records import Article
from qa.citations import is_verbatim, missing_from
from qa.records import Answer, Citation, Claim, text_of

_VERSION = 1


class Library(Protocol):
    """Where articles are: a `PolicyQA`, or anything with its `article`."""

    def article(self, article_id: str, /) -> Article:
        """Return the article with its text; raises InputError where there is none."""


@dataclass(frozen=True, slots=True)
class AnswerBundle:
    """An answer without the passages of its search, and the SHA-256 of each text that it cites."""

    answer: Answer
    hashes: Mapping[str, str]

    @classmethod
    def of(cls, answer: Answer, library: Library) -> Self:
        """Return the bundle of an answer; `library` holds the articles it cites."""
        kept = Answer(
            question=answer.question,
            text=answer.text,
            claims=answer.claims,
            citations=answer.citations,
            refusal=answer.refusal,
            notes=answer.notes,
        )
        ids = dict.fromkeys(citation.article_id for citation in answer.citations)
        return cls(kept, {article_id: _hash(library.article(article_id)) for article_id in ids})

    def save(self, path: Path | str) -> None:
        """Write the bundle as JSON; raises InputError where that cannot be."""
        value = {
            "wence_answer": _VERSION,
            "answer": self.answer.to_dict(),
            "articles": [{"id": name, "sha256": value} for name, value in self.hashes.items()],
        }
        try:
            Path(path).write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            raise InputError(f"写不了 {path}（{error.strerror}）：请换一个可写的位置") from error

    @classmethod
    def load(cls, path: Path | str) -> Self:
        """Read what `save` wrote; raises InputError for anything else. Nothing of it is verified yet."""
        try:
            value = json.loads(Path(path).read_text(encoding="utf-8"))
        except OSError as error:
            raise InputError(f"读不了 {path}（{error.strerror}）：请检查路径") from error
        except ValueError as error:
            raise InputError(f"{path} 不是保存的回答：请选用 AnswerBundle.save 写的文件") from error
        try:
            if value["wence_answer"] != _VERSION:
                raise InputError(f"{path} 是别的版本保存的回答：请用那个版本的问策打开")
            hashes = {str(row["id"]): str(row["sha256"]) for row in value["articles"]}
            return cls(_answer(value["answer"]), hashes)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise InputError(f"{path} 不是完整的回答：请选用 AnswerBundle.save 写的文件") from error

    def verify(self, library: Library) -> list[str]:
        """Return what no longer holds, one line each; [] where every sentence still stands in its sources.

        The articles are the same, every quote is theirs at its place, every claim is cited, and its figures,
        dates and document numbers stand in what it cites.
        """
        problems: list[str] = []
        readings: dict[int, str] = {}
        for citation in self.answer.citations:
            about = f"[{citation.number}] {citation.article_id}"
            try:
                article = library.article(citation.article_id)
            except InputError:
                problems.append(f"{about}：文章已不在库中")
                continue
            if _hash(article) != self.hashes.get(citation.article_id):
                problems.append(f"{about}：文章在回答之后变过")
            if is_verbatim(citation, article.text):
                edits = find_edits(article.text, article.recurring)
                readings[citation.number] = clean_reading(article.text, citation.start, citation.end, edits)
            else:
                problems.append(f"{about}：引文与原文不一致")
        for claim in self.answer.claims:
            sources = [readings[number] for number in claim.citations if number in readings]
            missing = missing_from(claim.text, sources)
            if not claim.citations:
                problems.append(f"「{claim.text}」没有出处")
            elif missing:
                problems.append(f"「{claim.text}」里的{'、'.join(missing)}不见于引文")
        if self.answer.refusal is None and self.answer.text != text_of(self.answer.claims):
            problems.append("回答的全文与它的各句不一致")
        return problems


def _hash(article: Article) -> str:
    return hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest()


def _answer(value: Mapping[str, Any]) -> Answer:
    return Answer(
        question=str(value["question"]),
        text=str(value["text"]),
        claims=tuple(
            Claim(str(row["text"]), tuple(int(n) for n in row["citations"])) for row in value["claims"]
        ),
        citations=tuple(_citation(row) for row in value["citations"]),
        refusal=None if value["refusal"] is None else str(value["refusal"]),
        notes=tuple(str(note) for note in value["notes"]),
    )


def _citation(row: Mapping[str, Any]) -> Citation:
    return Citation(
        number=int(row["number"]),
        article_id=str(row["article_id"]),
        title=str(row["title"]),
        publisher=str(row["publisher"]),
        published=date.fromisoformat(row["published"]) if row["published"] else None,
        url=str(row["url"]),
        start=int(row["start"]),
        end=int(row["end"]),
        quote=str(row["quote"]),
        verified=bool(row["verified"]),
        page=None if row["page"] is None else int(row["page"]),
    )
