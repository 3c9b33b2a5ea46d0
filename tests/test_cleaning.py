"""Cleaning: what is found within lines, that findings are apart, and what is left of the real pages."""

import json
import re
from collections.abc import Iterable
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunking import chunk
from index.cleaning import BLOCK_REASONS, find_edits, find_inline_edits
from index.folding import clean_reading
from index.furniture import ENDING
from index.records import Article


def cleaned(text: str) -> str:
    return clean_reading(text, 0, len(text), find_edits(text))


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("項(xiàng)目與科學(xué)", "項目與科學"),
        ("爨（Cuàn）城，桌子(zhuō zi)", "爨城，桌子"),
        ("臺(tái)灣", "臺灣"),
        ("分解的(xia\u0300ng)调", "分解的调"),
        ("項目(ㄒㄧㄤˋ ㄇㄨˋ)", "項目"),
        ("伊什特万(István)与孔子学院(Erik Kovács)", "伊什特万(István)与孔子学院(Erik Kovács)"),
        ("指标(GDP)和单位(kg)和(a)", "指标(GDP)和单位(kg)和(a)"),
        ("西(重慶)科學城", "西(重慶)科學城"),
        ('见[通知](https://a.cn/1.html)和[细则](/2.html "全文")。', "见通知和细则。"),
        ("文号[2021](3号)与[甲](乙)", "文号[2021](3号)与[甲](乙)"),
        ("**第一条** 申请，应当**如实**填写。\n**甲**", "第一条 申请，应当**如实**填写。\n甲"),
        ("车牌津A**123与张**、李**和“远**”轮", "车牌津A**123与张**、李**和“远**”轮"),
        ("前[图片]后【视频】", "前后"),
        ("<ruby>爨<rp>(</rp><rt>cuàn</rt><rp>)</rp></ruby>城", "爨城"),
        ("甲&amp;nbsp;乙&deg;", "甲\xa0乙°"),
        ("增长5%[1]，下降3%[2]。", "增长5%[1]，下降3%[2]。"),
        ("有所增长[1]，有所下降[2]。共5公里²", "有所增长，有所下降。共5公里²"),
        ("有所增长[1]，见〔2024〕5号", "有所增长[1]，见〔2024〕5号"),
        ("\ue601 补贴 \ue602\n生僻字\ue81e在此", " 补贴 \n生僻字\ue81e在此"),
        ("软\u00ad连字符", "软连字符"),
        ("零\u200b宽\ufeff字", "零宽字"),
        ("家庭👨\u200d👩\u200d👧", "家庭👨\u200d👩\u200d👧"),
        ("控\x07制\x9f", "控制"),
        ("前![图<b>一</b>](https://a.cn/b.png)后", "前后"),
        ("前<!-- INFO\nEND -->后", "前后"),
        ("水<sub>2</sub>，<a href='x'>链</a>", "水2，链"),
        ("若 a<b 且 <某公司> 与 <T>", "若 a<b 且 <某公司> 与 <T>"),
        ("甲&nbsp;乙&amp;丙&#12290;", "甲\xa0乙&丙。"),
        ("工廠?!皟苫\ue1fd诤稀卑l(fā)展", "工廠。“兩化融合”發展"),
        ("工廠?!皟(jiá)苫\ue1fd诤稀卑l(fā)展", "工廠。“兩化融合”發展"),
    ],
)
def test_inline_findings(text: str, reading: str) -> None:
    assert cleaned(text) == reading


def test_repair_is_one_edit_with_its_reason() -> None:
    edits = find_edits("工廠?!皟苫\ue1fd诤稀卑l(fā)展")
    assert [(edit.replacement, edit.reason) for edit in edits] == [
        ("。“兩化融合”發", "错位编码"),
        ("", "拼音注音"),
    ]


def test_line_of_the_page_is_one_edit_though_it_holds_others() -> None:
    text = "第一句话在这里，讲的是政策。\n第二句话也在这里。\n來源：互聯(lián)網(wǎng)\n"
    assert [edit.reason for edit in find_edits(text)] == ["页面信息"]
    assert [edit.reason for edit in find_inline_edits(text)] == ["拼音注音"] * 2


@given(st.text("項甲(xiàng)（）<!-->b/&nbsp;#1![]()\u200b\x07?!皟苫\ue1fd诤稀卑l\n\r评论首页。", max_size=80))
def test_edits_are_sorted_apart_and_inside(text: str) -> None:
    position = 0
    for edit in find_edits(text):
        assert position <= edit.start < edit.end <= len(text)
        position = edit.end


@pytest.mark.parametrize(
    "unit",
    [
        *("(", "&", "<", "![", "[", "](", "<!--", "<script>", "<a ", "&amp;", "**", "项(", "项(xiàng", "项ā"),
        *("项xiàng", "?皟", "汉[1]汉[2]", "\ue001 ", "\u200b", "x\n", "首页|", "登录注册大中小x\n", "|---"),
        *(
            "| a |\n",
            "（完",
            "来源:",
            "责任编辑:a ",
            "声明:本网转载",
            "联系我们|a\n",
            "查看更多",
            "1文章 x\n",
            "《",
        ),
    ],
)
def test_any_unit_many_times_is_read_in_one_pass(unit: str) -> None:
    text = unit * (100_000 // len(unit))  # a pattern that goes back over it would take minutes
    edits = find_edits(text)
    assert all(a.end <= b.start for a, b in pairwise(edits))
    assert sum(len(passage.text) for passage in chunk(Article("a", text))) <= len(text)


def page(shared: Path, number: int) -> str:
    (path,) = (shared / "seeds").glob(f"{number:03d}_*.txt")
    return path.read_bytes().decode()


@pytest.mark.parametrize(
    ("number", "gone", "kept"),
    [
        (0, ["瀏覽量", "相關推薦", "elecfans", "PhyFusion", "責任編輯"], ["400多家企業報名", "771家"]),
        (1, ["收藏本站", "吴丽琳", "8333亿元", "本周排行", "主办"], ["2万个基站", "910个", "第一个举办"]),
        (2, ["读完约", "jiuxincar", "嘉兴要这么干"], ["14055台", "2000万元", "信号!", "编者按"]),
        (3, ["掃碼", "10:28", "Copyright", "推薦新聞", "022-"], ["350家", "政民互動", "50家天津市"]),
        (4, ["xiàng", "標(", "熱門", "皟苫", "來源"], ["。“兩化融合”發展總體", "。”楊正華說", "策源地"]),
    ],
)
def test_real_page(shared: Path, number: int, gone: list[str], kept: list[str]) -> None:
    reading = cleaned(page(shared, number))
    assert [phrase for phrase in gone if phrase in reading] == []
    assert [phrase for phrase in kept if phrase not in reading] == []


FURNITURE = json.loads((Path(__file__).parent / "data" / "seeds_furniture.json").read_text("utf-8"))
"""Made by reading the pages: what belongs to the page and not to the article. Offsets only."""


@pytest.fixture(params=FURNITURE, ids=lambda entry: entry["file"][:3])
def listed(request: pytest.FixtureRequest, shared: Path) -> tuple[str, list[tuple[int, int, str]]]:
    """The text of a real page, and its furniture as a hand made the list."""
    data = (shared / "seeds" / request.param["file"]).read_bytes()
    assert sha256(data).hexdigest() == request.param["sha256"]
    return data.decode(), request.param["spans"]


def marks(text: str, spans: Iterable[tuple[int, int]]) -> set[int]:
    return {place for start, end in spans for place in range(start, end) if not text[place].isspace()}


def test_what_is_removed_is_what_the_list_says(listed: tuple[str, list[tuple[int, int, str]]]) -> None:
    text, spans = listed
    removed = [e for e in find_edits(text) if e.reason not in ("拼音注音", "错位编码")]
    assert marks(text, ((e.start, e.end) for e in removed)) == marks(text, ((s, e) for s, e, _ in spans))


def test_no_passage_overlaps_the_list(listed: tuple[str, list[tuple[int, int, str]]]) -> None:
    text, spans = listed
    passages = chunk(Article("a", text))
    assert passages
    assert [s for s in spans for p in passages if s[0] < p.end and p.start < s[1]] == []


def test_every_other_character_of_a_real_page_is_in_a_passage(
    listed: tuple[str, list[tuple[int, int, str]]],
) -> None:
    text, spans = listed
    # a heading is found with its passages' headings, not in their text
    headings = {part for p in chunk(Article("a", text)) for part in p.heading.split(" / ")}
    kept = marks(text, [(0, len(text))]) - marks(text, ((s, e) for s, e, _ in spans))
    held = marks(text, ((p.start, p.end) for p in chunk(Article("a", text))))
    left = sorted(kept - held)
    assert {
        line for line in text.splitlines() if any(line == text[i : i + len(line)] for i in left)
    } <= headings


def test_no_annotation_is_left_in_what_is_searched(shared: Path) -> None:
    toned = re.compile("[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]")
    bracketed = re.compile(r"[\u3400-\u9fff][(（\[【]\s*[a-zü' ]+\s*[)）\]】]")
    for number in range(5):
        for passage in chunk(Article("a", page(shared, number))):
            assert toned.search(passage.search_text) is None
            assert bracketed.search(passage.search_text) is None


def test_runs_out_of_step_of_a_real_page_are_read_exactly(shared: Path) -> None:
    text = page(shared, 4)
    repairs = [edit for edit in find_edits(text) if edit.reason == "错位编码"]
    assert [edit.replacement for edit in repairs] == ["。“兩化融合”發", "。”楊正華"]
    assert all(re.search("[\ue000-\uf8ff]", text[edit.start : edit.end]) for edit in repairs)
    searched = "".join(passage.search_text for passage in chunk(Article("a", text)))
    assert "数字化车间和智能工厂。“两化融合”发展" in searched
    assert "。”杨正华说" in searched
    assert re.search("[\ue000-\uf8ff]", searched) is None


@pytest.mark.parametrize("number", range(5))
def test_blocks_are_whole_lines(shared: Path, number: int) -> None:
    text = page(shared, number)
    for edit in find_edits(text):
        if edit.reason in BLOCK_REASONS:
            begins_line = edit.start == 0 or text[edit.start - 1] in "\r\n"
            assert begins_line or (edit.reason == ENDING and text[edit.start - 1] in "。！？”")
            assert edit.end == len(text) or "\n" in text[edit.end - 1 : edit.end + 1]
