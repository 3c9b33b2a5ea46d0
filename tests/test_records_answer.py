"""An answer as Markdown: sources with their quotes, and nothing of an article or a model is markup."""

from datetime import date

import pytest

from qa import PolicyQA
from qa.records import Answer, Citation, Claim, table_rows

HOSTILE = "**粗**[链接](http://bad.example)<img src=x>\n# 题\n- 项|格`码`"


def _answer(text: str, title: str = "办法", url: str = "https://example.cn/a?x=1", quote: str = "") -> Answer:
    citation = Citation(1, "a.txt", title, "某局", date(2024, 3, 1), url, 5, 9, quote or text, True, page=2)
    claim = Claim(text, (1,))
    return Answer("问", claim.marked, (claim,), (citation,), notes=("注意*这里*",))


def test_claims_and_sources_are_listed() -> None:
    assert _answer("共450家。").to_markdown() == (
        "共450家。[1]\n\n"
        "**依据**\n\n"
        "1. 《办法》，某局，2024-03-01，[原文](<https://example.cn/a?x=1>)（a.txt，第 2 页，第 5-9 字）\n\n"
        "   > 共450家。\n\n\n"
        "注：注意\\*这里\\*\n"
    )


def test_nothing_is_markup() -> None:
    from markdown_it import MarkdownIt

    answer = _answer(HOSTILE, title=HOSTILE, quote=HOSTILE)
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(answer.to_markdown())
    assert "<img" not in html
    assert 'bad.example"' not in html
    assert html.count("<a ") == 1
    assert html.count("<strong>") == 1
    assert not any(tag in html for tag in ("<h1", "<ul", "<table", "<code", "<em>"))
    assert "**粗**" in html


def test_a_comparison_is_a_table_with_a_row_for_each() -> None:
    from markdown_it import MarkdownIt

    claims = (Claim("〔天津〕共450家|套。", (1,)), Claim("〔上海〕共60家。", (2,)))
    shown = Answer("问", "", claims).to_markdown()
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(shown)
    assert html.count("<tr>") == 3
    assert "<td>天津</td>\n<td>共450家|套。[1]</td>" in html
    assert "<td>上海</td>" in html


@pytest.mark.parametrize(
    "texts",
    [("〔天津〕共450家。",), ("〔天津〕共450家。", "共60家。"), ("〔天津〕共450家。", "〔天津〕共60家。")],
)
def test_other_answers_are_no_table(texts: tuple[str, ...]) -> None:
    assert not table_rows([Claim(text, (1,)) for text in texts])


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "https://a b", "https://a>b", "ftp://x"])
def test_only_a_web_address_is_a_link(url: str) -> None:
    assert "原文" not in _answer("共450家。", url=url).to_markdown()


def test_a_refusal_has_no_sources(small: PolicyQA) -> None:
    shown = small.ask("上海二孩家庭一次性发放的育儿补贴是多少元？").to_markdown()
    assert "没有找到" in shown
    assert "依据**" not in shown
