"""The page's HTML: every text is escaped, links carry spans, a refusal differs from an answer."""

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Article, Hit, Passage
from qa.records import Answer, Citation, Claim
from qa.web import render

TEXT = "海滨市创新券办法\r\n每家企业每年最高申领20万元。其中高新技术企业最高30万元。\n![](http://evil.example/x.png)"
ARTICLE = Article(
    "a/创新券.txt",
    TEXT,
    "海滨市创新券办法",
    date(2024, 3, 18),
    "海滨市科技局",
    "天津市",
    "https://example.com/a?x=1&y=2",
    "海科〔2024〕12号",
)
QUOTE = "其中高新技术企业最高30万元。"
START = TEXT.index(QUOTE)
CITATION = Citation(
    1,
    ARTICLE.id,
    ARTICLE.title,
    ARTICLE.publisher,
    ARTICLE.published,
    ARTICLE.url,
    START,
    START + len(QUOTE),
    QUOTE,
    True,
)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"' ![](http://evil.example) ${1} &amp;"
TAGS = {"h1", "h2", "h3", "header", "article", "section", "div", "p", "span", "strong", "time", "mark"}
TAGS |= {"ul", "li", "a", "button"}
HREFS = ("#", "http://", "https://")


class Seen(HTMLParser):
    """What a browser would make of the HTML: elements, and the text of those that are asked for."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self._open: list[str] = []
        self._texts: list[tuple[str, tuple[str, ...]]] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attributes))
        self._open.append(f"{tag}.{attributes.get('class', '')}")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().startswith(f"{tag}.")

    def handle_data(self, data: str) -> None:
        self._texts.append((data, tuple(self._open)))

    def text(self, element: str = "") -> str:
        return "".join(data for data, path in self._texts if not element or element in path)

    def all(self, tag: str, css_class: str = "") -> list[dict[str, str]]:
        return [
            attributes
            for name, attributes in self.elements
            if name == tag and css_class in attributes.get("class", "")
        ]


def check_harmless(html: str) -> Seen:
    seen = Seen(html)
    for tag, attributes in seen.elements:
        assert tag in TAGS
        assert not any(name.startswith("on") or name in ("src", "style") for name in attributes)
        assert attributes.get("href", "#").startswith(HREFS)
    return seen


texts = st.one_of(st.just(HOSTILE), st.text(st.characters(codec="utf-8"), max_size=60))


@given(
    text=texts, title=texts, publisher=texts, url=texts, cut=st.tuples(st.integers(0, 60), st.integers(0, 60))
)
def test_an_original_is_shown_character_for_character(
    text: str, title: str, publisher: str, url: str, cut: tuple[int, int]
) -> None:
    start, end = sorted(min(place, len(text)) for place in cut)
    seen = check_harmless(
        render.original(Article("id", text, title, publisher=publisher, url=url), start, end)
    )
    assert seen.text("div.text") == text
    assert seen.text("mark.") == text[start:end]
    assert seen.text("h2.") == (title or "id")


@given(question=texts, claim=texts, title=texts, note=texts, article_id=texts)
def test_an_answer_is_text_only(question: str, claim: str, title: str, note: str, article_id: str) -> None:
    citation = replace(CITATION, title=title, article_id=article_id)
    answer = Answer(question, claim, (Claim(claim, (1,)),), (citation,), notes=(note,))
    seen = check_harmless(render.turn(question, render.outcome(answer)))
    assert seen.text("h2.question") == question
    assert seen.text("p.claim") == claim + "[1]"
    assert seen.text("p.note") == note
    assert {link["data-article"] for link in seen.all("a")} == {article_id}


@given(text=texts, heading=texts)
def test_refusals_errors_lists_and_examples_are_text_only(text: str, heading: str) -> None:
    passage = Passage("p", text, 0, 3, "一二三", heading, "", ())
    refused = Answer("问", text, refusal=text or "无", hits=(Hit(passage, 0.5),), notes=(text,))
    article = Article(text, "", heading, None, text, text)
    for html in (
        render.refusal(refused),
        render.problem(text),
        render.welcome([text]),
        render.article_list([article]),
        render.masthead([article]),
    ):
        check_harmless(html)


def test_a_comparison_is_a_table() -> None:
    html = render.statement([Claim("〔<b>天津〕共450家。", ()), Claim("〔上海〕共60家。", ())], [])
    assert html.count("<tr>") == 2
    assert '<th scope="row">&lt;b&gt;天津</th>' in html


def test_a_number_links_to_the_quote() -> None:
    seen = Seen(render.outcome(Answer("问", "", (Claim("最高30万元。", (1,)),), (CITATION,))))
    link = seen.all("a", "cite")[0]
    assert TEXT[int(link["data-start"]) : int(link["data-end"])] == QUOTE
    assert link["data-check"] == render.fingerprint(QUOTE)
    assert "海滨市科技局 · 2024-03-18" in seen.text("ul.sources")


def test_a_number_without_a_citation_is_no_link() -> None:
    seen = Seen(render.statement([Claim("最高30万元。", (2,))], [CITATION]))
    assert seen.text("p.claim") == "最高30万元。[2]"
    assert all(link["data-article"] == ARTICLE.id for link in seen.all("a"))
    assert "[2]" not in seen.text("ul.sources")


def test_sources_are_listed_once_an_article() -> None:
    other = replace(CITATION, number=3, article_id="b.txt", title="乙")
    seen = Seen(render.statement([], [CITATION, replace(CITATION, number=2), other]))
    assert seen.text("ul.sources").count(ARTICLE.title) == 1
    assert [link["aria-label"][:4] for link in seen.all("a", "cite")] == ["出处 1", "出处 2", "出处 3"]


def test_pages_are_named_where_an_article_has_them() -> None:
    cited = [
        replace(CITATION, page=5),
        replace(CITATION, number=2, page=3),
        replace(CITATION, number=3, page=3),
    ]
    seen = Seen(render.statement([], cited))
    assert seen.text("span.meta").endswith("第 3、5 页")
    assert [link["title"].endswith("，第 3 页") for link in seen.all("a", "cite")] == [False, True, True]
    assert "页" not in Seen(render.statement([], [CITATION])).text("span.meta")


def test_only_verified_quotes_are_called_verbatim() -> None:
    doubtful = replace(CITATION, number=2, verified=False)
    assert "逐字一致" in render.statement([], [CITATION])
    shown = render.statement([], [CITATION, doubtful])
    assert "逐字一致" not in shown
    assert "[2] 未通过核对" in Seen(shown).text("strong.doubt")
    assert "逐字一致" not in render.statement([], [CITATION], whole=False)


def test_a_refusal_differs_from_an_answer() -> None:
    passage = Passage(
        "p", ARTICLE.id, START, START + len(QUOTE), QUOTE, "海滨市创新券办法 / 支持标准", "", ()
    )
    hits = (Hit(passage, 0.4), Hit(replace(passage, id="q"), 0.3))
    seen = Seen(render.outcome(Answer("问", "没有上海的规定。", refusal="地区不符", hits=hits)))
    assert seen.all("div", "refusal")
    assert not seen.all("div", "answer")
    assert seen.text("p.reason") == "没有上海的规定。"
    assert [link["data-article"] for link in seen.all("a")] == [ARTICLE.id]  # once, though found twice
    assert seen.text("a.title") == "海滨市创新券办法"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)//http://a",
        "data:text/html,<b>",
        "ftp://a.cn/",
        "//a.cn/x",
        "http:",
        "http://[::1",
        "政策.html",
        "",
    ],
)
def test_only_web_addresses_become_links(url: str) -> None:
    assert render.safe_url(url) == ""
    assert not [
        link for link in Seen(render.original(replace(ARTICLE, url=url))).all("a") if "target" in link
    ]


def test_the_source_opens_without_a_way_back() -> None:
    link = next(link for link in Seen(render.original(ARTICLE)).all("a") if "target" in link)
    assert link["href"] == ARTICLE.url
    assert "noopener" in link["rel"].split()


def test_the_bar_shows_the_newest_date() -> None:
    articles = [ARTICLE, replace(ARTICLE, published=date(2025, 1, 2)), replace(ARTICLE, published=None)]
    assert Seen(render.masthead(articles)).text("time.") == "2025-01-02"
    for shown in (articles, articles[2:], []):
        assert "以原文为准" in render.masthead(shown)
    assert "未注明日期" in render.masthead(articles[2:])


@pytest.mark.parametrize("wanted", ["創新券", "天津 2024-03", "ＨＡＩ", "科技局"])
def test_the_list_is_filtered_in_any_script(wanted: str) -> None:
    articles = [replace(ARTICLE, id="hai.txt"), Article("b.txt", "", "养老服务条例")]
    seen = Seen(render.article_list(articles, wanted))
    assert [link["data-article"] for link in seen.all("a")] == ["hai.txt"]
    assert seen.text("p.count") == "1 篇"


def test_a_long_list_says_that_it_is_cut() -> None:
    articles = [replace(ARTICLE, id=str(n)) for n in range(render.LISTED + 1)]
    seen = Seen(render.article_list(articles))
    assert len(seen.all("a")) == render.LISTED
    assert seen.text("p.count") == f"{render.LISTED + 1} 篇，列出前 {render.LISTED} 篇"
