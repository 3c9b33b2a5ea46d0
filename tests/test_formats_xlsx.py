import contextlib
import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

import index.formats.package
import index.formats.tables
import index.formats.xlsx
from index.formats.document import Document, UnreadableError
from index.formats.xlsx import read_xlsx

CELL = st.text(st.sampled_from("政策補貼企业資金第一条，。“”0123456789|%<&>_x\n "), max_size=20)


def workbook(*sheets: Callable[[Worksheet], None]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for fill in sheets:
        fill(book.create_sheet())
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def changed(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The file with `old` replaced in one of its parts."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as package,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        for name in package.namelist():
            content = package.read(name)
            if name == part:
                assert old in content
                content = content.replace(old, new)
            out.writestr(name, content)
    return stream.getvalue()


def policies(sheet: Worksheet) -> None:
    sheet.title = "政策"
    sheet.append(["序号", "政策名称", "正文", "发布日期", "文号"])
    sheet.append([1, "关于补贴的通知", "第一条 甲。\n第二条 乙。", date(2023, 1, 2), "津政发〔2023〕1号"])
    sheet.append([None, None, None, None, None])
    sheet.append([2, "关于用电的通知", "第一条 丙。", "2024年5月", None])


def subsidies(sheet: Worksheet) -> None:
    sheet.title = "补贴"
    sheet.append([None, "2024年补贴标准表"])
    sheet.append([None, "地区", "奖励", None, "日期", "备用"])
    sheet.append([None, "天津市", 0.15, 1234567.891, date(2024, 5, 1)])
    sheet.append([None, None, "甲|乙\n丙", -3, datetime(2024, 5, 1, 13, 5), "藏"])
    sheet.append([None, "注：单位万元"])
    for span in ("B1:F1", "C2:D2", "B3:B4"):
        sheet.merge_cells(span)
    sheet["C3"].number_format = "0%"
    sheet["D3"].number_format = "#,##0.00"
    sheet["E4"].number_format = 'yyyy"年"m"月"d"日" h:mm'
    sheet.column_dimensions["F"].hidden = True


WHOLE = workbook(policies, subsidies)


def hidden(sheet: Worksheet) -> None:
    sheet.append(["秘密"])
    sheet.sheet_state = "hidden"


def test_rows_of_policies_are_documents_and_other_sheets_one_more() -> None:
    first, second, other = read_xlsx(workbook(subsidies, policies, hidden))
    assert first == Document(
        "文号：津政发〔2023〕1号\n第一条 甲。\n第二条 乙。", "关于补贴的通知", "2023-01-02", part="政策!2"
    )
    assert (second.published, second.text, second.part) == ("2024年5月", "第一条 丙。", "政策!4")
    assert other.part == ""
    assert other.text == (
        "# 补贴\n2024年补贴标准表\n"
        "| 地区 | 奖励 | 奖励 | 日期 |\n|---|---|---|---|\n"
        "| 天津市 | 15% | 1,234,567.89 | 2024-05-01 |\n"
        "| 天津市 | 甲\\|乙 丙 | -3 | 2024年5月1日 13:05 |\n"
        "注：单位万元"
    )


def test_several_tables_stand_below_the_names_of_their_sheets() -> None:
    def fees(sheet: Worksheet) -> None:
        sheet.title = "收费"
        sheet.append(["项目", "金额"])

    def unnamed(sheet: Worksheet) -> None:
        sheet.title = "Sheet3"
        sheet.append(["甲", "乙"])

    (document,) = read_xlsx(workbook(subsidies, fees, unnamed))
    assert [line for line in document.text.split("\n") if line[:1] == "#"] == ["## 补贴", "## 收费"]
    assert "注：单位万元\n\n## 收费\n| 项目 | 金额 |\n|---|---|\n\n| 甲 | 乙 |" in document.text


def test_a_formula_shows_its_last_value_and_an_error_nothing() -> None:
    def formulas(sheet: Worksheet) -> None:
        sheet.append(["甲", "乙", "丙"])
        sheet.append([1, "=A2+1", "=1/0"])
        sheet.title = "Sheet1"

    data = workbook(formulas)
    part = "xl/worksheets/sheet1.xml"
    data = changed(data, part, b"<f>A2+1</f><v></v>", b"<f>A2+1</f><v>2</v>")
    data = changed(data, part, b'<c r="C2"><f>1/0</f><v></v>', b'<c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v>')
    assert read_xlsx(data)[0].text.split("\n")[2] == "| 1 | 2 |  |"


def test_hidden_rows_are_left_out() -> None:
    def rows(sheet: Worksheet) -> None:
        sheet.append(["甲", "乙"])
        sheet.append(["藏", "藏"])
        sheet.append(["丙", "丁"])
        sheet.row_dimensions[2].hidden = True

    assert "藏" not in read_xlsx(workbook(rows))[0].text


def empty(sheet: Worksheet) -> None:
    sheet.title = "Sheet1"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "不是 .xlsx"),
        (b"PK\x03\x04garbage", "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "密码"),
        (workbook(empty), "没有文字"),
        (workbook(policies)[:-100], "已损坏"),
        (changed(workbook(policies), "xl/workbook.xml", b"<workbook ", b"<!DOCTYPE a><workbook "), "XML"),
        (changed(workbook(policies), "xl/worksheets/sheet1.xml", b"</row>", b""), "已损坏"),
        (changed(workbook(policies), "xl/worksheets/sheet1.xml", b"<v>1</v>", b"<v>nan</v>"), "已损坏"),
    ],
)
def test_what_cannot_be_read_says_why_and_what_to_do(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableError, match=f"{message}.*；请"):
        read_xlsx(data)


def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = workbook(policies)
    with monkeypatch.context() as patch:
        patch.setattr(index.formats.tables, "MAX_CELLS", 5)
        with pytest.raises(UnreadableError, match="拆分"):
            read_xlsx(data)
    with monkeypatch.context() as patch:
        patch.setattr(index.formats.xlsx, "MAX_CHARACTERS", 5)
        with pytest.raises(UnreadableError, match="拆分"):
            read_xlsx(data)
    monkeypatch.setattr(index.formats.package, "MAX_BYTES", 1000)
    with pytest.raises(UnreadableError, match="拆分"):
        read_xlsx(data)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(CELL, min_size=2, max_size=4), min_size=2, max_size=6))
def test_every_cell_is_there_in_order(cells: list[list[str]]) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.title = "数据"
        for row in [["甲", "乙", "丙", "丁"], *cells]:
            sheet.append(row)

    read = iter(read_xlsx(workbook(fill))[0].text.replace("\\|", "|").split())
    assert all(word in read for row in cells for cell in row for word in cell.split())


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_files_raise_nothing_but_unreadable(data: st.DataObject) -> None:
    damaged = bytearray(WHOLE)
    for place in data.draw(st.lists(st.integers(0, len(WHOLE) - 1), min_size=1, max_size=8)):
        damaged[place] = data.draw(st.integers(0, 255))
    with contextlib.suppress(UnreadableError):
        read_xlsx(bytes(damaged))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_parts_raise_nothing_but_unreadable(data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as package:
        part = data.draw(st.sampled_from([name for name in package.namelist() if name.startswith("xl/")]))
        content = package.read(part)
    start = data.draw(st.integers(0, len(content) - 1))
    end = data.draw(st.integers(start + 1, min(len(content), start + 10)))
    new = data.draw(
        st.sampled_from([b"", b"9", b"-", b"99999999999", b"<", b"\xff", b"<c/>", content[start:end] * 3])
    )
    with contextlib.suppress(UnreadableError):
        read_xlsx(changed(WHOLE, part, content[start:end], new))
