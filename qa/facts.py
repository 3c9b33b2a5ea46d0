"""Lists what is known of an article, for people: its fields, where they were read, articles beside it."""

from collections.abc import Iterator

from index.records import Article, Origin
from index.reprints import Relations, Relative

_LABELS = {
    "title": "标题",
    "published": "日期",
    "publisher": "发布",
    "author": "作者",
    "region": "地区",
    "issuer": "制定机关",
    "document_number": "文号",
    "kind": "类别",
    "status": "状态",
    "effective": "施行日期",
    "expires": "有效期至",
    "url": "网址",
}


def field_lines(article: Article) -> Iterator[str]:
    """Yield a line for each field with where it was read, and for each other source of the text."""
    read = {origin.field: origin for origin in article.origins}
    for name, label in _LABELS.items():
        if value := getattr(article, name):
            yield f"{label}：{value}{_place(read.get(name))}"
    for source in article.sources:
        about = (source.publisher, str(source.published or ""), source.url)
        yield f"又见：{source.article_id}" + "".join(f"，{part}" for part in about if part)


def relation_lines(relations: Relations) -> Iterator[str]:
    """Yield a line for each article that has to do with one."""
    if relations.reprint_of:
        yield f"转载自：{_named(relations.reprint_of)}（检索与引用时以它为准）"
    for relative in relations.newer:
        yield f"较新版本：{_named(relative)}"
    for relative in relations.older:
        yield f"较早版本：{_named(relative)}"
    for relative, share in relations.near:
        yield f"内容相近：{_named(relative)}，{share:.0%} 相同"


def _named(relative: "Relative") -> str:
    return "，".join(part for part in (relative.article_id, relative.title, relative.published) if part)


def _place(origin: Origin | None) -> str:
    if origin is None:
        return ""
    span = f"，第 {origin.start}-{origin.end} 字" if origin.start < origin.end else ""
    return f"（{origin.place}{span}）"
