"""Annotations: pinyin and zhuyin in all their forms go, words that only look like them stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.annotations import annotation_end, find_annotations


def read(text: str) -> str:
    for edit in sorted(find_annotations(text), key=lambda e: -e.start):
        text = text[: edit.start] + text[edit.end :]
    return text


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("項(xiàng)目", "項目"),
        ("項（xiàng）目", "項目"),
        ("涿州[zhuōzhōu]与涿州【zhuō zhōu】", "涿州与涿州"),
        ("爨（ Cuàn）城", "爨城"),
        ("女（nǚ）略〔lüè〕", "女略"),
        ("调(xia\u0300ng)", "调"),
        ("狗(ɡǒu)", "狗"),
        ("西安(Xī'ān)", "西安"),
        ("桌子(zhuō zi)", "桌子"),
        ("項(ㄒㄧㄤˋ)目", "項目"),
    ],
)
def test_annotation_goes(text: str, reading: str) -> None:
    assert read(text) == reading


@pytest.mark.parametrize(
    "text",
    [
        "伊什特万(István)与科瓦奇(Erik Kovács)和圣保罗(São Paulo)",
        "指标(GDP)、单位(kg)、比例(a)、型号(ma)",
        "项(xiang)目",
        "人工智能(ai)、物联网(iot)、公里(km)、吨(t)、公顷(ha)、平(ping)方、甲(jia)、乙(yi)",
        "他说là就走了",
        "(xiàng)目",
    ],
)
def test_other_words_stay(text: str) -> None:
    assert read(text) == text


def test_toneless_annotations_go_where_a_text_is_annotated_throughout() -> None:
    assert read("项(xiang)目(mu)支(zhi)持(chi)，办(ban4)法") == "项目支持，办法"
    assert read("项(xiàng)目(mù)支(zhī)持(chi)") == "项目支持"


def test_bare_annotations_go_where_a_text_has_several() -> None:
    assert read("项xiàng目mù支zhī持，App上") == "项目支持，App上"
    assert read("项xiàng目") == "项xiàng目"


def test_annotation_behind_a_damaged_character() -> None:
    assert annotation_end("l(fā)展", 1) == 5
    assert annotation_end("l(GDP)展", 1) == 1
    assert annotation_end("l", 1) == 1


@given(
    st.lists(st.sampled_from(["項目", "(xiàng)", "（mù）", "(GDP)", "。", "A", "ㄒ"]), max_size=20).map(
        "".join
    )
)
def test_only_brackets_behind_characters_go(text: str) -> None:
    for edit in find_annotations(text):
        assert 0 < edit.start < edit.end <= len(text)
        assert text[edit.start] in "(（"
        assert text[edit.end - 1] in ")）"
