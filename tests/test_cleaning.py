"""Cleaning: what is found within lines, that findings are apart, and what is left of the real pages."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.cleaning import BLOCK_REASONS, find_edits, find_inline_edits
from index.folding import clean_reading


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


@pytest.mark.parametrize("number", range(5))
def test_blocks_are_whole_lines(shared: Path, number: int) -> None:
    text = page(shared, number)
    for edit in find_edits(text):
        if edit.reason in BLOCK_REASONS:
            assert edit.start == 0 or text[edit.start - 1] in "\r\n"
            assert edit.end == len(text) or text[edit.end - 1] in "\r\n"
