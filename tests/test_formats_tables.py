import re

from hypothesis import given
from hypothesis import strategies as st

from index.formats.tables import Row, pipe_table, policies, sheet_text


def rows(*cells: list[str]) -> list[Row]:
    return [Row(number, row) for number, row in enumerate(cells, 1)]


def test_a_pipe_table_has_one_row_a_line_and_one_width() -> None:
    table = pipe_table([["地区", "金额"], ["天津\n滨海", "1|2", "多"], ["上海"]])
    assert table.split("\n") == [
        "| 地区 | 金额 |  |",
        "|---|---|---|",
        "| 天津 滨海 | 1\\|2 | 多 |",
        "| 上海 |  |  |",
    ]


@given(st.lists(st.lists(st.text(max_size=5), min_size=1, max_size=4), min_size=1, max_size=5))
def test_every_cell_of_a_pipe_table_can_be_read_back(cells: list[list[str]]) -> None:
    lines = pipe_table(cells).splitlines()
    assert len(lines) == len(cells) + 1
    for row, line in zip(cells, lines[:1] + lines[2:], strict=True):
        read = re.split(r"(?<!\\)\|", line)[1:-1]
        words = [cell.replace("\\|", "|").split() for cell in read[: len(row)]]
        assert words == [cell.split() for cell in row] or any("\\" in cell for cell in row)


def test_captions_and_notes_stand_outside_the_table_and_empty_columns_are_left_out() -> None:
    text = sheet_text(
        rows(
            ["", "补贴标准表", "", ""],
            ["", "地区", "", "金额"],
            ["", "天津", "", "10"],
            ["", "", "", ""],
            ["", "上海", "", ""],
            ["", "注：单位万元", "", ""],
        )
    )
    assert text == "补贴标准表\n| 地区 | 金额 |\n|---|---|\n| 天津 | 10 |\n| 上海 |  |\n注：单位万元"


def test_a_sheet_without_any_cell_has_no_text() -> None:
    assert sheet_text(rows([], ["", " "])) == ""
    assert sheet_text([]) == ""


def test_each_row_of_a_table_of_policies_is_a_document() -> None:
    first, second = policies(
        rows(
            ["政策汇总表"],
            ["序号", "政策名称", "正文", "发布日期", "成文日期", "发文机关", "文号", "所属地区", "网址"],
            ["1", "人才", "甲。\n乙。", "2024-05-01", "2024-04-01", "人社局", "津〔2024〕1号", "天津"],
            ["2", "用电通知", "内容。", "", "", "", "", "", "https://a.example/1"],
        ),
        "表!",
    )
    assert first.title == "人才"
    assert first.published == "2024-05-01"
    assert first.publisher == "人社局"
    assert first.text == "成文日期：2024-04-01\n文号：津〔2024〕1号\n所属地区：天津\n甲。\n乙。"
    assert first.part == "表!3"
    assert (second.text, second.url, second.part) == ("内容。", "https://a.example/1", "表!4")


def test_numbers_that_tell_the_rows_apart_are_their_ids() -> None:
    header = ["编号", "标题", "内容"]
    assert [d.part for d in policies(rows(header, ["A-1", "甲", "一"], ["A-2", "乙", "二"]))] == [
        "A-1",
        "A-2",
    ]
    assert [d.part for d in policies(rows(header, ["A-1", "甲", "一"], ["A-1", "乙", "二"]))] == ["2", "3"]


def test_a_row_without_any_text_is_no_document() -> None:
    header = ["标题", "正文", "备注"]
    found = policies(rows(header, ["甲", "", ""], ["乙", "", "已废止"], ["", "只有正文", ""]))
    assert [(d.title, d.text) for d in found] == [("乙", "备注：已废止"), ("", "只有正文")]


def test_a_table_without_title_or_text_is_no_table_of_policies() -> None:
    assert policies(rows(["地区", "金额"], ["天津", "10"])) == []
    assert policies(rows(["标题", "发布日期"], ["甲", "2024-01-01"])) == []


def test_names_of_columns_are_read_whatever_their_script_width_and_case() -> None:
    (found,) = policies(rows(["標題", "內容", "發佈日期"], ["甲", "乙", "丙"]))
    assert (found.title, found.text, found.published) == ("甲", "乙", "丙")
    (found,) = policies(rows(["＊标题（必填）", "Content", " 来 源："], ["甲", "乙", "丙"]))
    assert (found.title, found.text, found.publisher) == ("甲", "乙", "丙")


def test_names_of_columns_are_read_in_both_scripts() -> None:
    (document,) = policies(rows(["標題", "發佈日期", "正文"], ["甲", "2024-05-01", "一。"]))
    assert (document.title, document.published, document.text) == ("甲", "2024-05-01", "一。")
