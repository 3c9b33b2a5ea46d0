"""HTML: the article of a web page as Markdown, and what the page states about it."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from index.decoding import decode
from index.formats.document import Document, UnreadableError
from index.formats.mainpart import main_lines, prune
from index.formats.markup import Line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_SAVED_FROM = re.compile(
    r"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(https?://[^\s>]+)"
)
_NESTED = re.compile(r"</?(?!(?:html|head|body|title|meta|script|style)\b)[a-z][^<>]*>", re.IGNORECASE)
_XML = re.compile(r"^\s*<\?xml[^>]*\?>")
_TITLE_END = re.compile(r"\s*[_|｜]\s*|\s+[-–—]+\s+|\s*(?:--|——)\s*")
_SPACES = re.compile(r"\s+")

# names of meta elements, in lower case, the most telling first
_TITLES = ("articletitle", "og:title", "dc.title", "twitter:title")
_DATES = [
    "pubdate",
    "publishdate",
    "publish_date",
    "publishtime",
    "article:published_time",
    "og:published_time",
    "datepublished",
    "weibo:article:create_at",
    "apub:time",
    "_pubtime",
    "dc.date.issued",
    "citation_date",
]
_SOURCES = ("contentsource", "source", "article:source", "mediaid", "dc.source")
_AUTHORS = ("article:author", "author", "dc.creator")
_SITES = ("sitename", "og:site_name", "application-name")
_COLUMNS = ("columnname", "article:section")
_SITE_END = re.compile(r"\s*[-–—]+[^-–—]{0,20}(?:网|政府|频道|新闻|报|在线)$")
_LABEL = re.compile(r"(?:来源|來源|作者)\s*[:：]\s*")
_PLATFORM = re.compile(r".*(?:平台|公众号|头条|百家号|客户端)")
_NO_AUTHOR = re.compile(
    r".*(?:https?:|@|admin|管理员|编辑|网|系统|供稿|\d{4}|\.(?:com|net|cn))"
    r"|.*(?:报|社|台|局|部|委|办|厅|院|会|政府|中心|公司|频道|消息)$|.{21}",
    re.IGNORECASE,
)
_CREDIT = re.compile(r"(?:来源|來源|发布机构|发文机关|發布機構)\s*[:：]\s*\S")
_HEAD_LINES = 10
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def read_html(data: bytes) -> Document:
    """The main text of a page, its headings and tables in Markdown; UnreadableError where there is none."""
    return read_page(decode_page(data))


def read_page(source: str, url: str = "") -> Document:
    """The same of a page that was decoded; `url` is where it is known to come from."""
    from lxml import html
    from lxml.etree import ParserError, XMLSyntaxError

    source = _XML.sub("", source).replace("\x00", "")
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        page = html.document_fromstring(source, parser=parser)
        if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
            # nested too deeply, and cut off there: what stands in the elements must not be lost
            page = html.document_fromstring(_NESTED.sub("<br>", source), parser=parser)
    except ParserError:
        raise UnreadableError("网页里没有文字；请检查内容") from None
    except XMLSyntaxError:  # no markup is wrong to it: it ran out of memory
        raise MemoryError from None
    _mend(page)
    stated = _Stated(page)
    body = page.find("body")
    prune(page if body is None else body)
    title = stated.title(page)
    lines = main_lines(page if body is None else body, title)
    text = _text(lines)
    if not text:
        raise UnreadableError("网页里没有文字（多半要运行脚本才显示）；请在浏览器里复制文字，另存为 .txt")
    saved = _SAVED_FROM.search(source[:4096])
    credited = any(_CREDIT.search(line.text) for line in lines[:_HEAD_LINES])
    site = "" if credited or _PLATFORM.match(stated.first(_SITES)) else stated.first(_SITES)
    return Document(
        text=text,
        title=title,
        published=stated.published,
        publisher=_LABEL.sub("", stated.first(_SOURCES)) or site,
        author=stated.author,
        url=url or stated.url or (saved[1] if saved else ""),
        category=stated.first(_COLUMNS),
    )


def _mend(page: "HtmlElement") -> None:
    """Blank what lxml takes from a page but will not write: elements dropped beside it would fail."""
    for element in page.iter():
        if element.text and _NO_TEXT.search(element.text):
            element.text = _NO_TEXT.sub(" ", element.text)
        if element.tail and _NO_TEXT.search(element.tail):
            element.tail = _NO_TEXT.sub(" ", element.tail)


def decode_page(data: bytes) -> str:
    """The source of a page: in an encoding that is told from its bytes, else the one that it names."""
    try:
        return decode(data)
    except ValueError:
        pass
    match = _CHARSET.search(data[:4096])  # of another script
    try:
        return data.decode(match[1].decode() if match else "", "replace")
    except LookupError:
        raise UnreadableError("认不出网页的文字编码；请在浏览器里另存为 UTF-8 编码的网页") from None


def _text(lines: Iterable[Line]) -> str:
    """Lines with an empty one around headings and tables, as Markdown wants it."""
    parts: list[str] = []
    apart = False
    for line in lines:
        alone = line.kind == "table" or line.text.startswith("#")
        parts += ["", line.text] if (alone or apart) and parts else [line.text]
        apart = alone
    return "\n".join(parts) + "\n" if parts else ""


class _Stated:
    """What a page says about its article, apart from the text: meta elements and JSON-LD."""

    def __init__(self, page: "HtmlElement") -> None:
        self._metas: dict[str, str] = {}
        for meta in page.iter("meta"):
            name = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").strip().lower()
            content = _SPACES.sub(" ", meta.get("content") or "").strip()
            if name and content:
                self._metas.setdefault(name, content)
        self._linked = dict(_linked_data(page))
        link = next((x for x in page.iter("link") if "canonical" in (x.get("rel") or "").lower()), None)
        self._canonical = "" if link is None else link.get("href") or ""

    def first(self, names: Iterable[str]) -> str:
        return next((self._metas[name] for name in names if name in self._metas), "")

    def title(self, page: "HtmlElement") -> str:
        if title := self.first(_TITLES[:1]):
            return title
        element = page.find(".//title")
        whole = _SPACES.sub(" ", element.text_content()).strip() if element is not None else ""
        headings = [_SPACES.sub(" ", h.text_content()).strip() for h in page.iter("h1")]
        headings = [heading for heading in headings if heading]
        if len(headings) == 1 and (not whole or headings[0][:10] in whole):
            return headings[0]
        title = self.first(_TITLES) or self._linked.get("headline", "") or whole
        return next((_SITE_END.sub("", part) for part in _TITLE_END.split(title) if len(part) >= 4), title)

    @property
    def published(self) -> str:
        return self.first(_DATES) or self._linked.get("datePublished", "")

    @property
    def author(self) -> str:
        author = _LABEL.sub("", self._linked.get("author", "") or self.first(_AUTHORS))
        return "" if _NO_AUTHOR.match(author) else author

    @property
    def url(self) -> str:
        addresses = (self._canonical, self._metas.get("og:url", ""), self._metas.get("url", ""))
        return next((address for address in addresses if address.startswith(("http://", "https://"))), "")


def _linked_data(page: "HtmlElement") -> Iterator[tuple[str, str]]:
    for script in page.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            data = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for item in data if isinstance(data, list) else [data]:
            if isinstance(item, dict) and "Article" in str(item.get("@type", "")):
                for name in ("headline", "datePublished", "author"):
                    if value := _name(item.get(name)):
                        yield name, value


def _name(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("name")
    return value.strip() if isinstance(value, str) else ""
