"""Chunking: passages are spans of the article, whole sentences, and follow its structure."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunking import MAX_PASSAGE, chunk
from index.cleaning import BLOCK_REASONS, find_edits
from index.folding import clean_reading, fold
from index.records import Article, Passage
from index.sentences import sentence_spans


def passages(text: str, title: str = "") -> list[Passage]:
    found = chunk(Article("a", text, title=title))
    check(text, found)
    return found


def check(text: str, found: list[Passage]) -> None:
    """What holds for the passages of any text."""
    edits = find_edits(text)
    blocks = [edit for edit in edits if edit.reason in BLOCK_REASONS]
    position = 0
    for number, passage in enumerate(found):
        assert passage.id == f"a#{number}"
        assert position <= passage.start < passage.end <= len(text)
        position = passage.end
        assert passage.text == text[passage.start : passage.end]
        assert len(passage.text) <= MAX_PASSAGE
        assert passage.text == passage.text.strip()
        assert all(block.end <= passage.start or passage.end <= block.start for block in blocks)
        assert passage.search_text == fold(clean_reading(text, passage.start, passage.end, edits))
        for start, end, original_start, original_end in passage.offsets:
            assert passage.start <= original_start < original_end <= passage.end
            if not any(edit.start < original_end and original_start < edit.end for edit in edits):
                assert fold(text[original_start:original_end]) == passage.search_text[start:end]


REGULATION = """# 某市奖励条例

2020年5月14日 某市人民代表大会常务委员会通过

<!-- INFO END -->

## 第一章 总则

第一条 为了奖励创新，制定本条例。

第二条 本条例适用于本市企业：

（一）在本市注册；

（二）依法纳税。

## 第二章 附则

第三条 本条例自2020年6月1日起施行。
"""


def test_regulation_follows_its_chapters() -> None:
    found = passages(REGULATION, "某市奖励条例")
    assert [passage.heading for passage in found] == [
        "某市奖励条例",
        "某市奖励条例 / 第一章 总则",
        "某市奖励条例 / 第二章 附则",
    ]
    assert found[1].text.startswith("第一条")
    assert found[1].text.endswith("依法纳税。")
    assert "章" not in "".join(passage.search_text for passage in found)


def test_article_of_law_is_not_cut_if_it_fits() -> None:
    clauses = [
        f"第{n}条 " + "字" * 99 + "。\n（一）" + "项" * 80 + "；\n（二）" + "目" * 60 + "。"
        for n in "一二三四"
    ]
    found = passages("\n".join(clauses))
    assert [passage.text for passage in found] == clauses


def test_small_articles_of_law_are_packed() -> None:
    found = passages("\n\n".join(f"第{n}条 本市企业可以申报。" for n in "一二三四五六"))
    assert len(found) == 1


def test_long_article_is_cut_evenly_at_sentences() -> None:
    text = "第一条 " + "".join(f"这是第{n:02d}句话，讲的是奖励的办法和标准。" for n in range(40))
    found = passages(text)
    lengths = [len(passage.text) for passage in found]
    assert min(lengths) > 200
    assert all(passage.text.endswith("。") for passage in found)
    assert "".join(passage.text for passage in found) == text


def test_last_piece_is_not_cut_without_need() -> None:
    lines = "\n".join(f"第{n:02d}项工作由市政府有关部门负责，区政府配合，每年检查两次。" for n in range(17))
    assert len(passages(f"第一条 {lines}")) == 2


def test_question_goes_with_its_answer() -> None:
    filler = "前面的一段话。" * 40
    answer = "答：" + "企业应当在本市注册，并且依法纳税。" * 14
    found = passages(f"{filler}\n主持人：请问申报条件是什么？\n{answer}\n后面的话。")
    (passage,) = [p for p in found if "主持人" in p.text]
    assert passage.text.startswith("主持人")
    assert "依法纳税" in passage.text


def test_pieces_of_a_long_answer_carry_the_question() -> None:
    question = "记者：企业申报需要什么条件？"
    paragraph = "企业应当在本市注册，并且依法纳税。" * 14
    first, *others = passages(
        f"{question}\n张三：{paragraph}\n{paragraph}\n记者：谢谢您接受我们的采访，再见。", "访谈"
    )
    assert first.text.startswith(question)
    assert first.heading == "访谈"
    assert len(others) > 1
    assert {passage.heading for passage in others[:-1]} == {f"访谈 / {question}"}
    assert others[-1].heading == "访谈"


def test_question_reaches_over_removed_lines() -> None:
    caption = "\n某某工厂的车间一角\n"
    found = passages(caption.join(["问：何时申报？", "答：随时可以。", "问：谁来审核？", "答：各区。"]))
    assert [passage.heading for passage in found] == ["", "问：何时申报？", "", "问：谁来审核？"]


def test_pieces_of_a_long_article_of_law_carry_its_opening() -> None:
    opening = "第三条 有下列行为之一的，处一千元以上五千元以下罚款："
    items = "\n".join(f"（{n}）" + "违反规定堆放物品" * 12 + "；" for n in "一二三四五六")
    first, *others = passages(f"{opening}\n{items}\n第四条 本办法自公布之日起施行。")
    assert first.text.startswith(opening)
    assert [passage.heading for passage in others] == [*[opening] * (len(others) - 1), ""]


def test_list_stays_with_its_lead_in() -> None:
    filler = "前面的一段话讲的是别的事情。" * 22
    items = "\n".join(f"（{n}）上年度没有发生过安全生产责任事故；" for n in "一二三四五")
    found = passages(f"{filler}\n申报应当符合下列条件：\n{items}\n后面的话。")
    (passage,) = [p for p in found if "下列条件" in p.text]
    assert passage.text.startswith("申报应当")
    assert "（五）" in passage.text


def test_heading_that_states_a_figure_stands_in_the_text() -> None:
    (passage,) = passages("（一）奖励30万元\n对认定的企业给予奖励。")
    assert passage.text.startswith("（一）奖励30万元")
    assert passage.heading == "（一）奖励30万元"


def table(rows: int, cell: str = "通过认定的企业") -> str:
    body = "\n".join(f"| 第{n:02d}类 | {cell} | {n}0 |" for n in range(rows))
    return f"| 类别 | 条件 | 万元 |\n| --- | --- | ---: |\n{body}"


def test_table_is_cut_between_rows_and_carries_its_header() -> None:
    text = f"奖励标准如下：\n{table(60)}\n后面的一段话。"
    first, *others = passages(text, "办法")
    assert first.text.startswith("奖励标准如下：\n| 类别")
    assert "---" not in first.search_text
    assert len(others) > 2
    for passage in others[:-1]:
        assert passage.heading == "办法 / 类别 条件 万元"
        assert all(line.startswith("| 第") and line.endswith("0 |") for line in passage.text.splitlines())
    assert others[-1].heading == "办法"


def test_row_longer_than_a_passage_is_cut_at_cells() -> None:
    cells = [" " + name * 90 + " " for name in "甲乙丙丁戊己庚辛壬"]
    found = passages("| 一 | 二 |\n| --- | --- |\n|" + "|".join(cells) + "|")
    assert len(found) > 2
    assert all(passage.text[0] == "|" for passage in found)
    assert found[-1].heading == "一 二"


def test_table_within_an_article_of_law() -> None:
    found = passages(f"第一条 标准见下表：\n{table(40)}\n其余从其规定。\n第二条 施行。")
    assert found[1].heading == "第一条 标准见下表： / 类别 条件 万元"
    assert found[-1].text == "其余从其规定。\n第二条 施行。"
    assert found[-1].heading == "第一条 标准见下表："


def test_section_path_of_a_policy() -> None:
    found = passages(
        "奖励办法\n一、支持范围\n（一）企业\n本市企业。\n（二）高校\n本市高校。\n二、标准\n最高50万元。",
        "奖励办法",
    )
    assert [passage.heading for passage in found] == [
        "奖励办法 / 一、支持范围 / （一）企业",
        "奖励办法 / 一、支持范围 / （二）高校",
        "奖励办法 / 二、标准",
    ]


@pytest.mark.parametrize("text", ["# 只有标题", "第一章 总则", "奖励办法"])
def test_only_a_heading_still_yields_a_passage(text: str) -> None:
    (passage,) = passages(text, text.lstrip("# "))
    assert passage.text == text


@pytest.mark.parametrize("text", ["", " \n\u3000\r\n", "\u200b\n<!-- x -->", "![图](https://a.cn/1.png)"])
def test_nothing_to_read_yields_no_passage(text: str) -> None:
    assert passages(text) == []


def test_removed_lines_split_passages() -> None:
    caption = "\n某某工厂的车间一角\n"
    found = passages(caption.join(["第一段话在这里。", "第二段话在这里。", "第三段话在这里。", "完。"]))
    assert [passage.text for passage in found] == [
        "第一段话在这里。",
        "第二段话在这里。",
        "第三段话在这里。",
        "完。",
    ]


def test_damaged_bytes_are_not_cut_apart() -> None:
    text = "字" * 110 + "工廠?!皟苫\ue1fd诤稀卑l(fā)展。" + "另一句話。" * 70
    found = passages(text)
    assert sum("。“两化融合”发" in passage.search_text for passage in found) == 1


def test_image_in_a_line_is_no_sentence_end() -> None:
    (passage,) = passages("见图![说明!](https://a.cn/?x=1)所示的结果。")
    assert passage.search_text == "见图所示的结果。"


@pytest.mark.parametrize("number", range(5))
def test_real_articles(shared: Path, number: int) -> None:
    text = sorted((shared / "seeds").glob("*.txt"))[number].read_bytes().decode()
    found = passages(text)
    limits = {limit for span in sentence_spans(text) for limit in span}
    edits = [edit for edit in find_edits(text) if edit.replacement]
    for passage in found:
        for limit in (passage.start, passage.end):
            assert limit in limits or any(edit.start <= limit <= edit.end for edit in edits)
    # nothing but headings and what cleaning removes is left out
    blocks = [edit for edit in find_edits(text) if edit.reason in BLOCK_REASONS]
    covered = [(p.start, p.end) for p in found] + [(b.start, b.end) for b in blocks]
    position = 0
    for start, end in sorted(covered):
        assert not text[position:start].strip()
        position = max(position, end)


WORDS = [
    "項(xiàng)目建設，",
    "科學(xué)發展。",
    "面積３００㎡，",
    "½的企業！",
    "😀👨\u200d🏭",
    "“引文。”",
    "12,345.67",
]
HEADS = [
    "第一条 ",
    "# 题\n",
    "## 第一章 总则\n",
    "一、总体要求\n",
    "主持人：为什么？\n",
    "问：什么是“App”?\n",
    "1.设备\n",
    "条件如下：\n",
    "（1）纳税；\n",
    "| 甲 | 乙 |\n| --- | --- |\n",
    "| 3 | 4 |\n",
    "|",
    "甲\t乙\n",
]
NOISE = [
    "\u200b",
    "<b>重点</b>",
    "![图!](a?b)",
    "<!-- x -->",
    "&nbsp;",
    "?!皟苫\ue1fd诤稀卑l(fā)",
    "\x07",
    "…",
]
BLOCKS = ["相关推荐\n", "来源：某报\n", "某某工厂的车间一角\n"]
SPACES = ["\r\n", "\n\n", "  ", "\u3000", "\u2028"]
PIECES = st.sampled_from([*WORDS, *HEADS, *NOISE, *BLOCKS, *SPACES, "字" * 50, "句。" * 30, "长，" * 70])
OTHERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)


@given(st.lists(PIECES | OTHERS, max_size=40).map("".join))
def test_any_text(text: str) -> None:
    passages(text, "题")
