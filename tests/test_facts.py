"""What `wence show` lists of an article."""

from datetime import date

from index.records import Article, Origin, Source
from index.reprints import Relations, Relative
from qa.facts import field_lines, relation_lines


def test_fields_come_with_their_places_and_empty_ones_do_not_come() -> None:
    article = Article(
        id="a",
        text="海滨市政府办通知",
        title="通知",
        published=date(2024, 5, 1),
        region="海滨市",
        origins=(Origin("title", "首行", 0, 2), Origin("region", "文件", 0, 0)),
        sources=(Source("b", "海滨日报", "", date(2024, 5, 2)), Source("c", "", "", None)),
    )
    assert list(field_lines(article)) == [
        "标题：通知（首行，第 0-2 字）",
        "日期：2024-05-01",
        "地区：海滨市（文件）",
        "又见：b，海滨日报，2024-05-02",
        "又见：c",
    ]


def test_relations_name_the_other_article() -> None:
    other = Relative("b", "条例", "2024-05-02")
    found = Relations(reprint_of=other, near=((other, 0.85),), older=(other,), newer=(Relative("c", "", ""),))
    assert list(relation_lines(found)) == [
        "转载自：b，条例，2024-05-02（检索与引用时以它为准）",
        "较新版本：c",
        "较早版本：b，条例，2024-05-02",
        "内容相近：b，条例，2024-05-02，85% 相同",
    ]
    assert list(relation_lines(Relations())) == []
