"""Sentences: their limits, their length, and that nothing but white space is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import MAX_SENTENCE, sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲。乙！丙？丁；戊", ["甲。", "乙！", "丙？", "丁；", "戊"]),
        ("好!行?对;完", ["好!", "行?", "对;", "完"]),
        ("他说：“好。”然后走了。", ["他说：“好。”", "然后走了。"]),
        ("（见附件。）下一句。", ["（见附件。）", "下一句。"]),
        ("第一行\r\n  第二行　\n\n第三行", ["第一行", "第二行", "第三行"]),
        ("真的？！“是。”。", ["真的？！", "“是。”。"]),
        ('他说:"好。"然后说:"走。"', ['他说:"好。"', '然后说:"走。"']),
        ('他走了。"再见!"她说。', ["他走了。", '"再见!"', "她说。"]),
        ("见 http://a.cn/b?id=3 一文。", ["见 http://a.cn/b?id=3 一文。"]),
        ("  \n\t　\n", []),
    ],
)
def test_sentence_limits(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_long_sentence_is_cut_behind_a_comma() -> None:
    text = "一" * 80 + "，" + "二" * 80 + "。"
    assert sentences(text) == ["一" * 80 + "，", "二" * 80 + "。"]


def test_number_is_not_cut() -> None:
    text = "一" * 115 + "12,345,678.90元" + "二" * 20
    assert any("12,345,678.90" in sentence for sentence in sentences(text))


def test_part_of_a_text() -> None:
    assert sentence_spans("甲。乙。丙。", 2, 5) == [(2, 4), (4, 5)]


ALPHABET = "甲乙丙，、。！？；“”（）()\"'!?;,.:：1a \n\r\t　\u2028😀"


@given(st.text(alphabet=ALPHABET, max_size=400))
def test_nothing_but_white_space_is_lost(text: str) -> None:
    spans = sentence_spans(text)
    position = 0
    for start, end in spans:
        assert not text[position:start].strip()
        assert text[start:end] == text[start:end].strip() != ""
        assert end - start <= MAX_SENTENCE
        assert not set(text[start:end]) & set("\n\r\u2028")
        position = end
    assert not text[position:].strip()


@given(st.text(alphabet="甲，1a", min_size=121, max_size=900))
def test_long_text_is_cut_into_sentences_that_fit(text: str) -> None:
    spans = sentence_spans(text)
    assert all(end - start <= MAX_SENTENCE for start, end in spans)
    assert "".join(text[start:end] for start, end in spans) == text


def test_row_of_a_table_is_one_sentence() -> None:
    text = "| 甲。乙！ | 丙 |\n| 丁 | 戊； |"
    assert [text[a:b] for a, b in sentence_spans(text)] == text.split("\n")


def test_long_row_is_cut_before_a_cell() -> None:
    text = "|" + "|".join(f" {name * 50}，{name * 10} " for name in "甲乙丙") + "|"
    assert [text[a : a + 3] for a, _ in sentence_spans(text)] == ["| 甲", "| 乙", "| 丙"]
