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
        ("1.设备补贴", 17),
        ("2.1 编制依据", 18),
        ("（3）软件补贴", 19),
    ],
)
def test_headings(line: str, level: int) -> None:
    (about, _) = outline([line, "正文在这里。"], "")
    assert (about.kind, about.level) == ("heading", level)


@pytest.mark.parametrize(
    "line",
    [
        "第二章的规定不适用于本办法，另行规定",
        "12月5日发布",
        "1.5万家企业",
        "二〇二四年",
        "#话题",
        "第一批名单公布",
    ],
)
def test_other_lines_are_text(line: str) -> None:
    assert kinds(line, "正文。") == ["text", "text"]


@pytest.mark.parametrize(
    "line", ["一、各单位应当按时申报。", "（一）森林；", "3．软件；", "①纳税；", "- 其他。", "1)甲；"]
)
def test_items(line: str) -> None:
    assert kinds(line, "正文。") == ["item", "text"]


def test_heading_that_states_a_figure_stays_text_too() -> None:
    figure, plain, _ = outline(["一、奖励30万元", "（一）支持范围", "正文。"], "")
    assert figure.stays
    assert not plain.stays


PARAGRAPH = "主管部门在二十个工作日内完成审核，审核结果向社会公示五个工作日以上。"


def test_heading_without_a_number() -> None:
    found = outline(["开头的话。", "审核办法", PARAGRAPH], "")
    assert [(about.kind, about.heading, about.stays) for about in found[1:2]] == [
        ("heading", "审核办法", True)
    ]


@pytest.mark.parametrize("line", ["海滨集团", "2024年5月3日", "张三 摄", "海滨市市长", "其中，", "见附件"])
def test_short_line_that_is_no_heading(line: str) -> None:
    assert kinds("开头的话。", line, PARAGRAPH) == ["text"] * 3


def test_title_is_a_heading_on_top_only() -> None:
    assert kinds("獎勵辦法出臺", "正文。", "奖励办法出台", "正文。", title="奖励办法出台")[::2] == [
        "heading",
        "heading",
    ]
    assert kinds("甲。", "乙。", "丙。", "奖励办法出台", "丁。", title="奖励办法出台")[3] == "text"


def test_heading_with_nothing_below_is_text() -> None:
    assert kinds("## 总则", "## 附则") == ["text", "text"]
    assert kinds("一、甲类", "二、乙类", "三、丙类") == ["item"] * 3
    assert kinds("7 地热", "8 金", "9 银矿", "10 铜") == ["item"] * 4
    assert kinds("1.设备补贴", "2.软件补贴按投资额给予。", "之后。") == ["item", "item", "text"]
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


@pytest.mark.parametrize(
    ("line", "opens"),
    [("记者：请介绍一下这项政策的背景和主要内容。", True), ("1.怎样申报？", True), ("怎样申报？", False)],
)
def test_question_whose_answer_may_be_long(line: str, opens: bool) -> None:
    (about, _) = outline([line, "正文。"], "")
    assert (about.kind, about.opens) == ("question", opens)


def test_speaker_who_asks_again_and_again() -> None:
    talk = [
        "张三：为什么？",
        "李四：因为好。",
        "张三：还有呢？",
        "李四：没有了。",
        "张三：好的，谢谢您的回答。",
    ]
    assert kinds(*talk) == ["question", "text", "question", "text", "question"]


def test_list_of_questions() -> None:
    found = outline(["怎样申报？", "网上申报。", "何时申报？", "随时。", "谁来审核？", "区里。"], "")
    assert [about.opens for about in found[::2]] == [True] * 3


@pytest.mark.parametrize("line", ["答：这样做有什么好处？", "记者：张三 编辑：李四"])
def test_no_question(line: str) -> None:
    assert kinds(line) == ["text"]


def test_long_paragraph_that_ends_in_a_question_is_text() -> None:
    assert kinds("字" * 100 + "？") == ["text"]
