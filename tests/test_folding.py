"""Folding: one form for both scripts, and exact ways back to the original."""

import unicodedata

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.folding import (
    Edit,
    Folded,
    clean_reading,
    fold,
    fold_article,
)
from index.scripts import to_simplified, to_traditional

# What articles are made of: both scripts, full width, signs that fold to several, invisible ones, emoji.
CHARACTERS = st.one_of(
    st.sampled_from(
        "天津市項目发發體裏著瞭橕撑㎡½①℃…ＡＢ１２％，。：（）"
        "\u200b\ufeff\u00ad\xa0\u3000é\u0301İß😀👨\u200d🏭\r\n x7"
    ),
    st.characters(exclude_categories=["Cs"]),
)
TEXTS = st.text(CHARACTERS, max_size=60)


def in_gb2312(character: str) -> bool:
    return character.encode("gb2312", "ignore") != b""


@st.composite
def edited_texts(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    text = draw(TEXTS)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    edits: list[Edit] = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        if start < end and (not edits or edits[-1].end <= start):
            edits.append(Edit(start, end, draw(st.sampled_from(["", "兩", "兩化融合", "½項"])), "测试"))
    return text, edits


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("項目", "项目"),
        ("支橕", "支撑"),
        ("著名的看著", "着名的看着"),
        ("瞭解一覆蓋", "了解一复盖"),
        ("計畫與計劃", "计划与计划"),
        ("ＡＰＰ１２％", "app12%"),
        ("面積㎡½", "面积m21⁄2"),
        ("零\u200b宽\ufeff字\u00ad", "零宽字"),
        ("剛纔提昇臺灣", "刚才提升台湾"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(TEXTS, TEXTS)
def test_fold_knows_no_context(a: str, b: str) -> None:
    assert fold(a + b) == fold(a) + fold(b)


@given(TEXTS)
def test_folded_text_folds_to_itself(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    "text", ["这次发展计划覆盖里面的复杂系统，干部了解后台", "云计算与面粉的价格，借着科学"]
)
def test_both_scripts_fold_to_one(text: str) -> None:
    assert to_traditional(text) != text
    assert fold(to_traditional(text)) == fold(text) == fold(to_simplified(to_traditional(text)))


@given(edited_texts())
def test_runs_lead_back_to_the_original(example: tuple[str, list[Edit]]) -> None:
    text, edits = example
    folded = fold_article(text, 0, len(text), edits)
    assert folded.text == fold(clean_reading(text, 0, len(text), edits))
    replaced = [edit for edit in edits if fold(edit.replacement)]
    position = 0
    for start, end, original_start, original_end in folded.offsets:
        assert start == position < end
        position = end
        within = [e for e in replaced if e.start <= original_start and original_end <= e.end]
        if within:
            assert (original_start, original_end) == (within[0].start, within[0].end)
            assert folded.text[start:end] in fold(within[0].replacement)
        else:
            assert fold(text[original_start:original_end]) == folded.text[start:end]
        if end - start == original_end - original_start:
            for shift in range(end - start):
                one = folded.to_original(start + shift, start + shift + 1)
                assert one == (original_start + shift, original_start + shift + 1)
    assert position == len(folded.text)


@given(edited_texts(), st.data())
def test_spans_round_outward(example: tuple[str, list[Edit]], data: st.DataObject) -> None:
    text, edits = example
    folded = fold_article(text, 0, len(text), edits)
    if not folded.text:
        return
    start = data.draw(st.integers(0, len(folded.text) - 1))
    end = data.draw(st.integers(start + 1, len(folded.text)))
    low, high = folded.to_original(start, end)
    assert 0 <= low < high <= len(text)
    assert folded.text[start:end] in fold_article(text, low, high, edits).text


def test_annotation_is_looked_through() -> None:
    text = "項(xiàng)目"
    folded = fold_article(text, 0, len(text), [Edit(1, 8, "", "拼音注音")])
    assert folded == Folded("项目", ((0, 1, 0, 1), (1, 2, 8, 9)))
    assert folded.to_original(0, 1) == (0, 1)
    assert folded.to_original(0, 2) == (0, 9)


def test_replacement_of_equal_length_stays_whole() -> None:
    folded = fold_article("甲？？乙", 0, 4, [Edit(1, 3, "兩化", "错位编码")])
    assert folded.text == "甲两化乙"
    assert folded.to_original(1, 2) == folded.to_original(2, 3) == folded.to_original(1, 3) == (1, 3)
    assert folded.to_original(3, 4) == (3, 4)


def test_part_of_an_article_has_positions_of_the_article() -> None:
    folded = fold_article("第一句。第㎡句。", 4, 8, [])
    assert folded.text == "第m2句。"
    assert folded.to_original(1, 2) == folded.to_original(2, 3) == (5, 6)
    assert folded.to_original(0, 0) == (4, 4)
    assert folded.to_original(5, 5) == (8, 8)


@pytest.mark.parametrize("span", [(-1, 1), (0, 3), (2, 1)])
def test_span_outside_the_text(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="outside"):
        fold_article("甲乙", 0, 2, []).to_original(*span)


def test_clean_reading_keeps_the_script() -> None:
    assert clean_reading("科學(xué)。ＡＢ", 0, 9, [Edit(2, 7, "", "拼音注音")]) == "科學。Ａ"


@pytest.mark.parametrize("configuration", ["s2t", "s2tw", "s2hk", "t2jp"])
def test_every_common_character_meets_its_forms(configuration: str) -> None:
    convert = opencc.OpenCC(configuration).convert
    apart = []
    for code in range(0x4E00, 0xA000):
        simplified = chr(code)
        if not in_gb2312(simplified):
            continue
        form = convert(opencc.OpenCC("s2t").convert(simplified) if configuration == "t2jp" else simplified)
        # a form that Chinese itself writes for another word stays apart: 芸 for 艺, 糸 for 丝
        if fold(form) != fold(simplified) and not (configuration == "t2jp" and len(fold(form)) == 1):
            apart.append(simplified + form)
    # of these pairs the first is a word of its own
    assert set(apart) <= {"睾睪", "幺么", "腭顎", "鲇鯰", "稆穭"}


def test_japanese_forms_that_chinese_does_not_write_meet_it() -> None:
    text = "発展経済変換団体実験処関権検査県広図収価対応"
    assert fold(text) == "发展经济变换团体实验处关权检查县广图收价对应"


FORMS = (
    "才纔 升昇陞 台臺檯颱枱 咨諮谘 干乾幹榦 后後 里裡裏 只隻衹祇 周週 么麼麽 松鬆 历曆歷歴暦 "
    "征徵徴 制製 复復複覆 系係繫 并併並幷倂 占佔 板闆 准準凖 范範 斗鬥鬭鬪 了瞭 尽儘盡 汇彙匯滙 "
    "获穫獲 户戶戸 启啟啓 告吿 强強强 高髙 一⼀ 长長⻓ 民⺠ 车車⻋ 即卽 税稅 说說説 温溫 青靑 "
    "清淸 内內 研硏 为為爲 众眾衆 群羣 线線綫 发發髮発髪 面麵麪麺 种種 谷穀 余餘馀 郁鬱 御禦 游遊 "
    "志誌 托託 向嚮 愿願 采採 累纍 朱硃 沈瀋 丑醜 姜薑 厂廠厰 广廣広 云雲 钟鐘鍾锺 冲衝沖 卷捲 "
    "夸誇 家傢 恶惡悪 借藉 克剋尅 困睏 签簽籤 舍捨 术術 刮颳 回迴囘 胡鬍 据據拠 腊臘臈 注註 蔑衊 "
    "仆僕 曲麯 胜勝 苏蘇甦囌 弦絃 须須鬚 药藥薬 欲慾 御禦 岳嶽 症癥 致緻 筑築 准準 "
)
"""Each Simplified character with all that it stands for: Traditional, old, Japanese and wrong forms."""


def test_half_a_character_folds_to_itself() -> None:
    assert fold("甲\ud800乙") == "甲\ud800乙"


def test_all_forms_of_a_character_fold_to_one() -> None:
    for forms in FORMS.split():
        assert {fold(form) for form in forms} == {forms[0]}


def test_every_ideograph_folds_to_one() -> None:
    for code in range(0x4E00, 0xA000):
        character = chr(code)
        assert len(fold(character)) == 1, (character, unicodedata.name(character))
