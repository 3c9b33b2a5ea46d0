"""HTML: the article of a page whole and in order, nothing of what surrounds it, and what the page states."""

import random

import pytest

from index.formats.document import UnreadableError
from index.formats.html import read_html
from tests.generated import FURNITURE, LAYOUTS, article, found

PARAGRAPH = "市人民政府组织开展智能工厂认定，单个项目最高补助300万元。"


def text(body: str, head: str = "") -> str:
    page = f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"
    return read_html(page.encode()).text


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("blocks", [1, None])
def test_article_is_whole_and_stands_alone(layout: str, blocks: int | None) -> None:
    dice = random.Random(f"{layout} {blocks}")
    for _ in range(10):
        made = article(dice, blocks)
        document = read_html(LAYOUTS[layout](made, dice).encode())
        assert found(made.units, document.text) == len(made.units), document.text
        assert document.title == made.title
        others = [line for line in document.text.splitlines() if FURNITURE in line and "来源：" not in line]
        assert len(others) <= 1, others


def test_tables_are_rows_with_spans_filled() -> None:
    table = (
        "<table><caption>补贴标准</caption><tr><th rowspan=2>类别</th><th colspan=2>金额</th></tr>"
        "<tr><td>甲|乙</td><td>丙<br>丁</td></tr></table>"
    )
    assert text(f"<p>{PARAGRAPH}</p>{table}").splitlines()[1:] == [
        "补贴标准",
        "",
        "| 类别 | 金额 |  |",
        "|---|---|---|",
        "| 类别 | 甲\\|乙 | 丙 丁 |",
    ]


def test_tables_within_tables_keep_every_cell() -> None:
    inner = "<table><tr><td>内一</td><td>内二</td></tr><tr><td>内三</td><td>内四</td></tr></table>"
    outer = f"<table><tr><td>外一</td><td>{inner}</td></tr><tr><td>外二</td><td>外三</td></tr></table>"
    found_text = text(f"<p>{PARAGRAPH}</p>{outer}")
    assert "| 内三 | 内四 |" in found_text
    assert all(cell in found_text for cell in ("外一", "外二", "外三"))


def test_lines_lists_and_headings() -> None:
    body = (
        f"<h2>一、总则</h2>{PARAGRAPH}<br/>第二行。<ul><li>甲项</li><li>（二）乙项</li></ul>"
        "<ol><li>先申报</li><li>后评审</li></ol><pre>第一句。\n第二句。</pre>"
    )
    assert text(body).splitlines() == [
        "## 一、总则",
        "",
        PARAGRAPH,
        "第二行。",
        "- 甲项",
        "（二）乙项",
        "1. 先申报",
        "2. 后评审",
        "第一句。",
        "第二句。",
    ]


def test_ruby_is_its_characters_and_exponents_stay_exponents() -> None:
    ruby = "<ruby>項<rp>(</rp><rt>xiàng</rt><rp>)</rp></ruby>目"
    assert (
        text(f"<p>{ruby}面积10<sup>4</sup>m<sup>2</sup>，减排CO<sub>2</sub>。</p>")
        == "項目面积10⁴m²，减排CO₂。\n"
    )


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "utf-16"])
def test_encodings_whatever_the_page_claims(charset: str) -> None:
    page = f"<html><head><meta charset=big5><title>题</title></head><body><p>{PARAGRAPH}</p></body></html>"
    assert read_html(page.encode(charset)).text == f"{PARAGRAPH}\n"


def test_page_states_its_facts() -> None:
    head = (
        "<!-- saved from url=(0030)https://example.gov.cn/a.html --><title>认定办法_海滨市</title>"
        '<meta property="article:published_time" content="2024-05-01T08:00:00+08:00">'
        '<meta name="SiteName" content="海滨市人民政府"><meta name="author" content="王明">'
        '<meta name="lastmodified" content="2025-01-01"><meta name="ColumnName" content="政策解读">'
    )
    document = read_html(f"<html><head>{head}</head><body><p>{PARAGRAPH}</p></body></html>".encode())
    assert (document.title, document.published[:10], document.publisher) == (
        "认定办法",
        "2024-05-01",
        "海滨市人民政府",
    )
    assert (document.author, document.category) == ("王明", "政策解读")
    assert document.url == "https://example.gov.cn/a.html"


def test_linked_data_and_the_source_before_the_site() -> None:
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "认定办法",'
        '"datePublished": "2024-05-01", "author": [{"name": "王明"}]}</script>'
        '<meta property="og:site_name" content="某网"><link rel=canonical href="https://example.cn/1">'
    )
    document = read_html(
        f"<html><head>{head}</head><body>来源：海滨日报<p>{PARAGRAPH}</p></body></html>".encode()
    )
    assert (document.title, document.published, document.author) == ("认定办法", "2024-05-01", "王明")
    assert (document.publisher, document.url) == ("", "https://example.cn/1")


def test_what_is_hidden_until_a_script_runs_is_read() -> None:
    assert PARAGRAPH in text(
        f'<div id="js_content" style="visibility: hidden">{PARAGRAPH * 3}</div><p>短</p>'
    )


def test_facts_of_a_document_are_lines() -> None:
    facts = "<table><tr><td>索 引 号：</td><td>A/2024</td><td>发文机关</td><td>某局</td></tr></table>"
    assert text(f"{facts}<div><p>{PARAGRAPH}</p></div>").splitlines() == [
        "索引号：A/2024",
        "发文机关：某局",
        PARAGRAPH,
    ]


@pytest.mark.parametrize("depth", [300, 3000, 100_000])
def test_deep_nesting_loses_nothing(depth: int) -> None:
    body = "<div>" * depth + PARAGRAPH + "</div>" * depth + "<p>最后一段。</p>"
    assert text(body).splitlines() == [PARAGRAPH, "最后一段。"]


@pytest.mark.parametrize("page", ["<html></html>", "<html><body><script>1</script></body></html>", "<html>"])
def test_page_without_text(page: str) -> None:
    with pytest.raises(UnreadableError, match="没有文字"):
        read_html(page.encode())


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("认定办法通知-海滨网", "认定办法通知"),
        ("认定办法通知_政策_海滨市人民政府", "认定办法通知"),
        ("2024-2027年行动方案", "2024-2027年行动方案"),
        ("认定办法 - 海滨日报", "认定办法"),
    ],
)
def test_title_without_the_site(title: str, read: str) -> None:
    page = f"<html><head><title>{title}</title></head><body><p>{PARAGRAPH}</p></body></html>"
    assert read_html(page.encode()).title == read


@pytest.mark.parametrize(
    "author", ["海滨日报", "admin", "海滨市大数据局", "https://a.cn", "海滨网", "EXAMPLE.NET"]
)
def test_author_that_is_nobody(author: str) -> None:
    page = f'<html><head><meta name="author" content="{author}"></head><body><p>{PARAGRAPH}</p></body></html>'
    assert read_html(page.encode()).author == ""


def test_credits_beside_the_main_part_are_kept() -> None:
    body = (
        f"<div><a href=/>首页</a></div><div>发布日期：2024-05-01</div><div>{f'<p>{PARAGRAPH}</p>' * 4}</div>"
        "<div>海滨市人民政府</div><div>2024年5月1日</div><div><a href=/>上一篇文章</a></div>"
    )
    lines = text(body).splitlines()
    assert (lines[0], lines[-2:]) == ("发布日期：2024-05-01", ["海滨市人民政府", "2024年5月1日"])


@pytest.mark.parametrize("sign", ["\x01", "\x0c", "\ufffe", "&#1;", "&#12;", "&#65534;", "&#55296;"])
def test_control_characters_cost_no_page(sign: str) -> None:
    body = f"<p>海滨市发布通知。</p><script>x</script>每家{sign}奖励30万元。<nav>首页</nav>{sign}"
    page = f"<html><body>{body}</body></html>"
    text = read_html(page.encode("utf-8", "surrogatepass")).text
    assert "海滨市发布通知。" in text
    assert "奖励30万元。" in text
