"""Outline: headings by level, articles of law, questions."""

import pytest

from index.outline import outline


def kinds(*lines: str, title: str = "") -> list[str]:
    return [about.kind for about in outline(lines, title)]


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("# 条例", 1),
        ("### 第一节 一般规定", 3),
        ("第二章 申报条件", 13),
        ("第三节　奖励", 14),
        ("一、总体要求", 15),
        ("（二）支持范围", 16),
    ],
)
def test_headings(line: str, level: int) -> None:
    (about, _) = outline([line, "正文在这里。"], "")
    assert (about.kind, about.level) == ("heading", level)


@pytest.mark.parametrize(
    "line",
    [
        "一、各单位应当按时申报。",
        "第二章的规定不适用于本办法，另行规定",
        "（一）森林；",
        "二〇二四年",
        "#话题",
        "第一批名单公布",
    ],
)
def test_other_lines_are_text(line: str) -> None:
    assert kinds(line, "正文。") == ["text", "text"]


def test_title_is_a_heading_on_top_only() -> None:
    assert kinds("獎勵辦法出臺", "正文。", "奖励办法出台", "正文。", title="奖励办法出台")[::2] == [
        "heading",
        "heading",
    ]
    assert kinds("甲。", "乙。", "丙。", "奖励办法出台", "丁。", title="奖励办法出台")[3] == "text"


def test_heading_with_nothing_below_is_text() -> None:
    assert kinds("## 总则", "## 附则") == ["text", "text"]
    assert kinds("一、甲", "二、乙", "三、丙") == ["text"] * 3
    assert kinds("# 标题", "## 第一章", "正文。") == ["heading", "heading", "text"]


@pytest.mark.parametrize(
    "line", ["第三条 本办法自公布之日起施行。", "第十二条之一　奖励", "**第五条** 申报", "第一百零二条"]
)
def test_articles_of_law(line: str) -> None:
    assert kinds(line) == ["clause"]


def test_reference_to_an_article_of_law_is_text() -> None:
    assert kinds("第三条规定的企业可以申报。") == ["text"]


@pytest.mark.parametrize(
    "line", ["主持人：这项政策有什么背景吗？", "網民鄭先生:" + "字" * 100 + "?", "申报条件是什么？"]
)
def test_questions(line: str) -> None:
    assert kinds(line) == ["question"]


def test_long_paragraph_that_ends_in_a_question_is_text() -> None:
    assert kinds("字" * 100 + "？") == ["text"]
