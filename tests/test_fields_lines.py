"""Lines: what fields are read from, and the spans of what is read."""

from hypothesis import given
from hypothesis import strategies as st

from index.fields.lines import Reading, read_lines


def test_annotations_are_mended_and_comments_are_no_lines() -> None:
    lines = read_lines("科學(xué)城\n<!-- 备注 -->\n  甲　 乙\n")
    assert [line.text for line in lines.head] == ["科學城", "甲 乙"]
    assert [line.folded for line in lines.head] == ["科学城", "甲 乙"]


@given(st.lists(st.text(alphabet="科學(xué)城㎡½甲乙 　Ａ1𠮷\u200b：", max_size=12), max_size=40))
def test_every_line_knows_where_it_stands(parts: list[str]) -> None:
    text = "\n".join(parts)
    for line in (*(lines := read_lines(text)).head, *lines.body, *lines.tail):
        assert 0 <= line.start < line.end <= len(text)
        assert "\n" not in text[line.start : line.end]
        assert len(line.text) == len(line.folded)
        read = lines.read(line, 0, len(line.text), "行")
        assert line.start <= read.start <= read.end <= line.end


def test_a_part_narrows_the_span_only_where_the_value_stands_as_it_is() -> None:
    assert Reading("北方网 12月", "来源", 10, 17).part(0, 3) == Reading("北方网", "来源", 10, 13)
    assert Reading("北方网 12月", "来源", 10, 27).part(0, 3) == Reading("北方网", "来源", 10, 27)
