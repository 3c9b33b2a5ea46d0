"""Notes: what a reader should know of an answer's sources: age, status, newer articles beside them."""

import re
from collections.abc import Sequence
from datetime import date

from index.naming import quoted_titles
from index.reading import whole_text
from index.records import Article
from index.versions import bare_title
from qa.evidence import Selection
from qa.features import FEATURES
from qa.question import Question
from qa.records import Citation

_ON_SUBJECT = 0.5
"""An article one of whose sentences covers this share of the question is on its subject."""
OLD_YEARS = 2
"""An answer whose newest source is older than so many years says how old it is."""
_STATES = {
    "已废止": "已废止，不再有效",
    "已修改": "已被修改，请核对现行文本",
    "征求意见稿": "是征求意见稿，尚未定稿",
    "尚未施行": "尚未施行",
}
_ISSUED_WITH = re.compile(r".*印发(.+)的通知")
_SENTENCE = re.compile(r"[^。;\n]+")
_REPEALING = re.compile(r".*(?:同时|即行|一并|予以|相应)(?:废止|失效|停止执行)")


def notes_on(asked: Question, selection: Selection, citations: Sequence[Citation], today: date) -> list[str]:
    """Return the notes on an answer with these citations, given on this day."""
    if not citations:
        return []
    articles = {e.article.id: e.article for e in selection.evidence}
    cited = [articles[key] for key in dict.fromkeys(c.article_id for c in citations) if key in articles]
    return [
        *_states(cited, today),
        *_repealed(cited, list(articles.values())),
        *_age(asked, cited, today),
        *_newer(asked, selection, cited),
    ]


def _states(cited: Sequence[Article], today: date) -> list[str]:
    """Say which of the cited articles do not hold, by what they state of themselves."""
    notes = []
    for article in cited:
        if article.status in _STATES:
            notes.append(f"{_named(article)}{_STATES[article.status]}")
        elif article.expires and article.expires < today:
            notes.append(f"{_named(article)}的有效期到 {article.expires} 为止，现已过期")
    return notes


def _repealed(cited: Sequence[Article], found: Sequence[Article]) -> list[str]:
    """Say which of the cited articles another one that was found repeals (原《…》同时废止)."""
    titles = {_regulation(a.title): a for a in cited if a.title and a.status not in _STATES}
    notes = [
        f"{_named(other)}写明废止{_named(titles[title])}，请核对是否仍然有效"
        for other in found
        for sentence in _SENTENCE.findall(whole_text(other))
        if (repealing := _REPEALING.match(sentence))
        for title in map(_regulation, quoted_titles(repealing[0]))
        if title in titles and titles[title].id != other.id
    ]
    return list(dict.fromkeys(notes))


def _regulation(title: str) -> str:
    """Return the bare title of a regulation, also where it is that of the notice which came with it."""
    bare = bare_title(title)
    match = _ISSUED_WITH.fullmatch(bare)
    return match[1] if match else bare


def _age(asked: Question, cited: Sequence[Article], today: date) -> list[str]:
    """Say how old the newest source is, where the question names no year and it is old."""
    newest = max((a.published for a in cited if a.published), default=None)
    if newest is None or asked.periods:
        return []
    years = today.year - newest.year - ((today.month, today.day) < (newest.month, newest.day))
    return [f"依据发布于 {newest}，距今已有 {years} 年，请核对是否有新规定"] if years >= OLD_YEARS else []


def _newer(asked: Question, selection: Selection, cited: Sequence[Article]) -> list[str]:
    """Name the newest article of the same region that is newer than all that were cited, if any.

    What it says may stand in words that the search did not see through: the reader is sent there to compare.
    """
    ids, regions = {article.id for article in cited}, {article.region for article in cited}
    newest = max((a.published for a in cited if a.published), default=None)
    newer = [
        e.article
        for e in selection.evidence
        if e.features[FEATURES.index("near")] >= _ON_SUBJECT
        and e.article.id not in ids
        and (newest and e.article.published and e.article.published > newest and e.article.region in regions)
    ]
    if asked.periods or not newer:
        return []
    article = max(newer, key=lambda a: str(a.published))
    return [f"同一地区另有较新的{_named(article)}（{article.published}），请一并核对"]


def _named(article: Article) -> str:
    return f"《{article.title or article.id}》"
