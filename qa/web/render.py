"""Safe HTML of the page: answers, refusals, originals and lists; every text is escaped, none is markup."""

import zlib
from collections.abc import Sequence
from html import escape
from typing import TypeAlias
from urllib.parse import urlsplit

from index.database import ArticleInfo
from index.folding import fold
from index.records import Article, Hit
from qa.records import Answer, Citation, Claim, table_rows

Entry: TypeAlias = Article | ArticleInfo
"""What a list needs to know of an article; its text is not among it."""

LISTED = 200
"""Articles that a list shows at once; a filter narrows it."""

NEAREST = 3
"""Articles that a refusal offers to look into."""


def safe_url(url: str) -> str:
    """Return the address if it is a plain http or https one, else an empty string."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme in ("http", "https") and parts.netloc else ""


def masthead(articles: Sequence[Entry]) -> str:
    """Return the bar that stays in sight: the name, 「以原文为准」, the date of the newest article."""
    newest = max((article.published for article in articles if article.published), default=None)
    age = f"最新文章 <time>{newest.isoformat()}</time>" if newest else "文章均未注明日期"
    return (
        '<header class="masthead"><h1>问策</h1>'
        '<p class="tagline">问政策文章，每句回答都能点开原文核对</p>'
        f'<p class="notice"><strong>以原文为准</strong><span>共 {len(articles)} 篇</span>'
        f"<span>{age if articles else '尚无文章'}</span></p></header>"
    )


def conversation(turns: Sequence[str], examples: Sequence[str]) -> str:
    """Return the whole conversation, or the welcome with its examples while nothing was asked."""
    inner = "".join(turns) if turns else welcome(examples)
    return f'<div class="turns" role="log" aria-label="问答">{inner}</div>'


def welcome(examples: Sequence[str]) -> str:
    """Return what stands in an empty conversation; each example is a button that asks it."""
    buttons = "".join(
        f'<li><button type="button" class="example" data-question="{escape(question)}">'
        f"{escape(question)}</button></li>"
        for question in examples
    )
    listed = f'<p>可以这样问：</p><ul class="examples">{buttons}</ul>' if buttons else ""
    return (
        '<div class="welcome"><p class="lead">用一句话提问，问策从已收录的文章里找出原句来回答；'
        f"找不到依据时会直说。</p>{listed}</div>"
    )


def turn(question: str, body: str) -> str:
    """Return one exchange: the question as it was typed, and what came of it (ready HTML)."""
    return f'<section class="turn"><h2 class="question"><span>{escape(question)}</span></h2>{body}</section>'


def searching(hits: int | None = None) -> str:
    """Return the line shown while nothing is stated yet; `hits` is the number of passages found."""
    return _working("正在查找…" if hits is None else f"找到 {hits} 段相关原文，正在核对…")


def writing(claims: Sequence[Claim], citations: Sequence[Citation], characters: int) -> str:
    """Return what is shown while a language model writes: how much it wrote, and of that what is verified."""
    if claims:
        return statement(claims, citations, whole=False)
    return _working(f"正在写，已写 {characters} 字，核对后显示…" if characters else "等待语言模型…")


def statement(
    claims: Sequence[Claim], citations: Sequence[Citation], notes: Sequence[str] = (), *, whole: bool = True
) -> str:
    """Return an answer: claims with numbered links, notes, sources; `whole` when no more comes."""
    known = {citation.number: citation for citation in citations}
    if rows := table_rows(claims):
        said = "".join(
            f'<tr><th scope="row">{escape(name)}</th>'
            f'<td class="claim">{escape(row.text)}{_markers(row, known)}</td></tr>'
            for name, row in rows
        )
        told = f'<table class="rows">{said}</table>'
    else:
        told = "".join(
            f'<p class="claim">{escape(claim.text)}{_markers(claim, known)}</p>' for claim in claims
        )
    return (
        f'<div class="answer">{told}{_notes(notes)}'
        f'<ul class="sources" aria-label="出处">{_sources(citations)}</ul>'
        f"{_verdict(citations) if whole else _working('正在核对下一句…')}</div>"
    )


def outcome(answer: Answer) -> str:
    """Return the HTML of a finished answer, a refusal included."""
    if answer.refusal is not None:
        return refusal(answer)
    return statement(answer.claims, answer.citations, answer.notes)


def refusal(answer: Answer) -> str:
    """Return a refusal, set apart from an answer, with the nearest originals to look into."""
    text = answer.text or answer.refusal or ""
    nearest: dict[str, Hit] = {}
    for hit in answer.hits:
        nearest.setdefault(hit.passage.article_id, hit)
    links = "".join(f"<li>{_nearest(hit)}</li>" for hit in list(nearest.values())[:NEAREST])
    looked = f'<p>可以看看这些原文：</p><ul class="sources">{links}</ul>' if links else ""
    return (
        f'<div class="refusal"><h3>不作回答</h3><p class="reason">{escape(text)}</p>'
        f"{_notes(answer.notes)}{looked}</div>"
    )


def problem(message: str) -> str:
    """Return an error in one line, as the user may read it."""
    return f'<div class="problem" role="alert">{escape(message)}</div>'


def article_list(articles: Sequence[Entry], wanted: str = "") -> str:
    """Return the articles in which every word of `wanted` stands: title, region, publisher, date, id.

    Simplified and Traditional, full and half width find each other.
    """
    words = fold(wanted).split()
    found = [article for article in articles if all(word in _described(article) for word in words)]
    more = f"，列出前 {LISTED} 篇" if len(found) > LISTED else ""
    rows = "".join(
        f"<li>{_open(article.id, _name(article))}"
        f'<span class="meta">{_line(article.region, article.publisher, _day(article))}</span></li>'
        for article in found[:LISTED]
    )
    return f'<p class="count">{len(found)} 篇{more}</p><ul class="articles">{rows}</ul>'


def original(article: Article, start: int = 0, end: int = 0, warning: str = "") -> str:
    """Return an article as it is, with `text[start:end]` marked (nothing where the span is empty)."""
    text = article.text
    marked = f'<mark tabindex="-1">{escape(text[start:end])}</mark>' if start < end else ""
    facts = [
        escape(fact)
        for fact in (
            article.publisher,
            _day(article),
            article.region,
            article.issuer if article.issuer != article.publisher else "",
            article.document_number,
            article.status,
            f"{article.effective} 起施行" if article.effective else "",
            f"有效期至 {article.expires}" if article.expires else "",
        )
        if fact
    ]
    if url := safe_url(article.url):
        facts.append(
            f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">'
            f"来源网页（{escape(urlsplit(url).netloc)}）</a>"
        )
    return (
        '<article class="original"><header>'
        f'<h2 tabindex="-1">{escape(_name(article))}</h2><a class="back" href="#ask">↑ 回到问答</a>'
        f'<p class="meta">{" · ".join(facts)}</p></header>{problem(warning) if warning else ""}'
        f'<div class="text">{escape(text[:start])}{marked}{escape(text[max(start, end) :])}</div></article>'
    )


def fingerprint(quote: str) -> str:
    """Return a short checksum of a quote; a link carries it, so that a changed article is noticed."""
    return f"{zlib.crc32(quote.encode('utf-8', 'replace')):08x}"


def nothing_open() -> str:
    """Return what stands in the panel of originals before one is opened."""
    return '<p class="empty">点回答里的编号（如 [1]）或目录里的标题，原文在这里打开，引用的句子会标出。</p>'


def _open(
    article_id: str, label: str, start: int = 0, quote: str = "", *, kind: str = "title", hint: str = ""
) -> str:
    """Return a link that opens an article at a quote; page.js hands its data attributes to the page."""
    described = f' title="{escape(hint)}" aria-label="{escape(hint)}"' if hint else ""
    return (
        f'<a class="{kind}" href="#original" data-article="{escape(article_id)}" data-start="{start}" '
        f'data-end="{start + len(quote)}" data-check="{fingerprint(quote)}"{described}>{escape(label)}</a>'
    )


def _working(text: str) -> str:
    return f'<p class="working">{text}</p>'


def _markers(claim: Claim, known: dict[int, Citation]) -> str:
    """Return the numbered links behind a claim; a number without a citation is shown as plain text."""
    return "".join(
        _cite(known[number]) if number in known else escape(f"[{number}]") for number in claim.citations
    )


def _cite(citation: Citation) -> str:
    page = f"，第 {citation.page} 页" if citation.page else ""
    hint = f"出处 {citation.number}：{citation.title or citation.article_id}{page}"
    label = f"[{citation.number}]"
    return _open(citation.article_id, label, citation.start, citation.quote, kind="cite", hint=hint)


def _sources(citations: Sequence[Citation]) -> str:
    """Return the sources, one line an article: its numbers, its title, publisher, day and pages."""
    by_article: dict[str, list[Citation]] = {}
    for citation in citations:
        by_article.setdefault(citation.article_id, []).append(citation)
    return "".join(f"<li>{_source(group)}</li>" for group in by_article.values())


def _source(citations: Sequence[Citation]) -> str:
    first = citations[0]
    day = first.published.isoformat() if first.published else ""
    pages = sorted({citation.page for citation in citations if citation.page})
    where = f"第 {'、'.join(map(str, pages))} 页" if pages else ""
    doubtful = [f"[{citation.number}]" for citation in citations if not citation.verified]
    return (
        "".join(_cite(citation) for citation in citations)
        + _open(first.article_id, first.title or first.article_id, first.start, first.quote)
        + f'<span class="meta">{_line(first.publisher, day, where)}</span>'
        + (f'<strong class="doubt">{"".join(doubtful)} 未通过核对</strong>' if doubtful else "")
    )


def _nearest(hit: Hit) -> str:
    passage = hit.passage
    label = passage.heading.split(" / ")[0] or passage.article_id
    return _open(passage.article_id, label, passage.start, passage.text)


def _verdict(citations: Sequence[Citation]) -> str:
    """Return what was checked, in words that promise no more than that."""
    if not citations or not all(citation.verified for citation in citations):
        return ""
    return f'<p class="verdict">引文 {len(citations)} 处，均与原文逐字一致</p>'


def _notes(notes: Sequence[str]) -> str:
    return "".join(f'<p class="note">{escape(note)}</p>' for note in notes)


def _name(article: Entry) -> str:
    return article.title or article.id


def _day(article: Entry) -> str:
    return article.published.isoformat() if article.published else ""


def _line(*parts: str) -> str:
    return " · ".join(escape(part) for part in parts if part)


def _described(article: Entry) -> str:
    return fold(" ".join((article.title, article.region, article.publisher, _day(article), article.id)))
