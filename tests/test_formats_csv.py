import contextlib
import csv
import io

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import index.formats.tables
from index.formats.csv import read_csv
from index.formats.document import UnreadableError

HAN = st.text(
    st.sampled_from("政策補貼企业資金管理办法第一条，。“”；0123456789%\"';,\n "), min_size=1, max_size=30
)


def test_a_table_of_policies_gives_one_document_a_row() -> None:
    header = "标题,正文,发布日期,来源\r\n"
    data = header + '甲办法,"第一条 甲。\r\n第二条 ""乙""。",2024-05-01,市政府\r\n乙通知,丙。,,\r\n'
    first, second = read_csv(data.encode())
    assert (first.title, first.text) == ("甲办法", '第一条 甲。\r\n第二条 "乙"。')
    assert (first.published, first.publisher, first.part) == ("2024-05-01", "市政府", "2")
    assert (second.title, second.part) == ("乙通知", "3")


def test_any_other_table_is_one_document() -> None:
    (document,) = read_csv('地区,金额\n天津,"1,000"\n上海\n'.encode())
    assert document.text == "| 地区 | 金额 |\n|---|---|\n| 天津 | 1,000 |\n| 上海 |  |"
    assert document.part == ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_delimiter_and_encoding_are_found(delimiter: str, encoding: str) -> None:
    rows = [["城市", "奖励，标准", "说明"], ["天津", "10万元；一次", "甲"], ["上海", "20万元", "乙"]]
    text = "\n".join(delimiter.join(row) for row in rows)
    (document,) = read_csv(text.encode(encoding))
    assert document.text.split("\n")[2] == "| 天津 | 10万元；一次 | 甲 |"


def test_big5_is_read() -> None:
    (document,) = read_csv("地區,獎勵\n臺北市,補貼\n".encode("big5"))
    assert "| 臺北市 | 補貼 |" in document.text


def test_the_delimiter_that_the_file_states_is_taken() -> None:
    (document,) = read_csv("sep=;\r\n地区;数额,万元\r\n天津;1,2\r\n".encode())
    assert document.text == "| 地区 | 数额,万元 |\n|---|---|\n| 天津 | 1,2 |"


def test_a_quote_that_is_never_closed_swallows_nothing() -> None:
    (document,) = read_csv('地区,说明\n天津,"甲\n上海,乙\n'.encode())
    assert document.text.split("\n")[2:] == ['| 天津 | "甲 |', "| 上海 | 乙 |"]


def test_an_article_longer_than_the_csv_module_reads_by_itself() -> None:
    text = "第一条 本办法。" * 30_000
    before = csv.field_size_limit()
    (document,) = read_csv(f"标题,正文\n甲,{text}\n".encode())
    assert document.text == text
    assert csv.field_size_limit() == before


@pytest.mark.parametrize(
    "data", [b"", b"  \n", b"\xef\xbb\xbf", b",,\n,,\n", b"PK\x03\x04\x00\x00", b"\xff\xff\xff\x81"]
)
def test_what_is_no_table_is_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableError, match="；请"):
        read_csv(data)


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.formats.tables, "MAX_CELLS", 5)
    with pytest.raises(UnreadableError, match="拆分"):
        read_csv(b"a,b\n1,2\n3,4\n")


@given(st.lists(st.tuples(HAN, HAN, HAN), min_size=1, max_size=6), st.sampled_from(["utf-8-sig", "gb18030"]))
def test_rows_of_a_table_of_policies_round_trip(rows: list[tuple[str, str, str]], encoding: str) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([("标题", "正文", "地区"), *rows])
    found = read_csv(stream.getvalue().encode(encoding))
    expected = []
    for title, text, region in (map(str.strip, row) for row in rows):
        if lines := [*[f"地区：{region}"] * bool(region), *[text] * bool(text)]:
            expected.append((title.split(), "\n".join(lines)))
    assume(expected)
    assert [(document.title.split(), document.text) for document in found] == expected


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_unreadable(data: bytes) -> None:
    with contextlib.suppress(UnreadableError):
        assert all(document.text for document in read_csv(data))
