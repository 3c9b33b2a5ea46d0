"""What the page does: asks, opens an original, offers examples; plain functions that end in safe HTML."""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from importlib.resources import files
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from index.dates import parse_date
from index.errors import InputError, WenceError
from index.records import Filters
from qa.records import Citation, Cited, Claim, Done, Found, Stated, Token
from qa.web import render

if TYPE_CHECKING:
    from qa.engine import PolicyQA

EXAMPLES = 4

_log = logging.getLogger(__name__)


def ask(qa: "PolicyQA", question: str, filters: Filters, earlier: Sequence[str] = ()) -> Iterator[str]:
    """Yield the HTML of one exchange as it grows: searching, found, claim after claim, the whole.

    `earlier` are the questions of the exchanges before it.

    Errors become a line in the exchange: those of Wence as they are, others without their details.
    """
    yield render.turn(question, render.searching())
    written = 0
    claims: list[Claim] = []
    citations: list[Citation] = []
    try:
        for event in qa.stream(question, earlier=earlier, filters=filters):
            match event:
                case Found(hits):
                    yield render.turn(question, render.searching(len(hits)))
                case Token(text):
                    # A visitor who leaves is noticed where something is sent, so silence is sent too.
                    written += len(text)
                    yield render.turn(question, render.writing(claims, citations, written))
                case Cited(citation):
                    citations.append(citation)
                case Stated(claim):
                    claims.append(claim)
                    yield render.turn(question, render.statement(claims, citations, whole=False))
                case Done(answer):
                    yield render.turn(question, render.outcome(answer))
    except WenceError as error:
        yield render.turn(question, render.problem(str(error)))
    except Exception:
        _log.exception("answering failed")
        yield render.turn(
            question, render.problem("内部错误，这个问题没能回答；详情见服务日志，可换个问法再试。")
        )


def read_filters(
    region: str, since: str, until: str, publisher: str = "", kind: str = "", as_of: str = ""
) -> Filters:
    """Return the filters that the form asks for; InputError names the field that cannot be read."""
    first, last = _day("起始日期", since), _day("截止日期", until)
    if first and last and first > last:
        raise InputError(f"起始日期 {first} 晚于截止日期 {last}：请对调两个日期。")
    return Filters(
        region=region or "",
        since=first,
        until=last,
        publisher=(publisher or "").strip(),
        kind=kind or "",
        as_of=_day("有效日期", as_of),
    )


def open_original(qa: "PolicyQA", link: Mapping[str, Any]) -> str:
    """Return the HTML of the original that a link names, its quote marked.

    A span that no longer holds the quote (the article was indexed anew) is not marked, and the page says so.
    """
    try:
        article = qa.article(str(link.get("article", "")))
        start, end = int(link.get("start", 0)), int(link.get("end", 0))
    except WenceError as error:
        return render.problem(str(error))
    except (TypeError, ValueError):
        return render.problem("链接无效：请重新提问，再点回答里的编号。")
    if start < 0 or render.fingerprint(article.text[start:end]) != link.get("check"):
        return render.original(article, warning="这篇文章在回答之后更新过，无法标出原句；请重新提问。")
    return render.original(article, start, end)


def regions(articles: Sequence[render.Entry]) -> list[tuple[str, str]]:
    """Return (label, value) of the regions that can be chosen, 「不限」 first."""
    return [("不限", ""), *((name, name) for name in sorted({a.region for a in articles if a.region}))]


def examples(articles: Sequence[render.Entry]) -> list[str]:
    """Return plain questions of the sample set whose articles are indexed, each about another article.

    Other articles come without examples: a question made up from a title might have no answer.
    """
    held = {article.id for article in articles} | {PurePosixPath(article.id).stem for article in articles}
    first: dict[str, str] = {}
    for line in (files("eval") / "data" / "questions.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["answerable"] and row["tag"] == "direct" and row["article"] in held:
            first.setdefault(row["article"], row["question"])
    questions = list(first.values())
    return questions[:: max(1, len(questions) // EXAMPLES)][:EXAMPLES]


def _day(field: str, text: str) -> date | None:
    if not (text or "").strip():
        return None
    day = parse_date(text)
    if day is None:
        raise InputError(f"{field}「{text.strip()}」看不懂：请写成 2023-07-28 这样的日期，或留空。")
    return day
