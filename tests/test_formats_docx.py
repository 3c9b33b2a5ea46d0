import contextlib
import functools
import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from hypothesis import given, settings
from hypothesis import strategies as st

import index.formats.package
from index.formats.document import UnreadableError
from index.formats.docx import read_docx

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TEXT = st.text(st.sampled_from("政策補貼企业資金第一条，。“”；0123456789<&>| "), min_size=1, max_size=30)


def made(fill: Callable[[Any], None]) -> bytes:
    document = docx.Document()
    document.core_properties.title = ""
    fill(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def text(fill: Callable[[Any], None]) -> str:
    return read_docx(made(fill)).text


def add(paragraph: Any, xml: str) -> None:
    """Put elements behind the runs of a paragraph."""
    names = f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    for element in parse_xml(f"<w:p {names}>{xml}</w:p>"):
        paragraph._p.append(element)


def run(content: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr>{content}</w:r>"


def test_headings_begin_below_the_title() -> None:
    def fill(document: Any) -> None:
        document.add_heading("关于补贴的通知", 0)
        document.add_heading("总则", 1)
        document.add_heading("目的", 2)
        document.add_paragraph("第一条 甲。")
        add(paragraph := document.add_paragraph("附则"), "")
        paragraph.paragraph_format.element.get_or_add_pPr().append(
            parse_xml(f'<w:outlineLvl xmlns:w="{W}" w:val="0"/>')
        )

    document = read_docx(made(fill))
    assert document.text == "# 关于补贴的通知\n## 总则\n### 目的\n第一条 甲。\n## 附则"
    assert document.title == "关于补贴的通知"


def test_a_first_heading_is_the_title() -> None:
    def fill(document: Any) -> None:
        document.add_heading("关于补贴的通知", 1)
        document.add_heading("总则", 1)
        document.add_paragraph("甲。")

    document = read_docx(made(fill))
    assert (document.text, document.title) == ("# 关于补贴的通知\n## 总则\n甲。", "关于补贴的通知")


def test_a_title_that_the_file_states_counts_where_the_text_has_it() -> None:
    def fill(document: Any) -> None:
        document.core_properties.title = "关于补贴的通知"
        document.add_paragraph("海滨市")
        document.add_paragraph("关于补贴的通知")

    assert read_docx(made(fill)).title == "关于补贴的通知"


def test_a_long_paragraph_with_the_style_of_a_heading_is_text() -> None:
    assert text(lambda document: document.add_heading("内容。" * 50, 1)) == "内容。" * 50


def test_lists_are_numbered() -> None:
    def fill(document: Any) -> None:
        for item in "甲乙":
            document.add_paragraph(item, style="List Number")
        document.add_paragraph("丙", style="List Bullet")

    assert text(fill) == "1. 甲\n2. 乙\n• 丙"


def test_tables_stand_where_they_are_with_merged_cells_repeated_downwards() -> None:
    def fill(document: Any) -> None:
        document.add_paragraph("前")
        table = document.add_table(3, 3)
        for row, line in enumerate([["地区", "奖励", ""], ["天津", "1|2", "乙"], ["", "丙\n丁", "戊"]]):
            for column, cell in enumerate(line):
                if cell:
                    table.cell(row, column).text = cell
        table.cell(1, 0).merge(table.cell(2, 0))
        table.cell(0, 1).merge(table.cell(0, 2))
        document.add_paragraph("后")

    assert text(fill).split("\n") == [
        "前",
        "| 地区 | 奖励 | 奖励 |",
        "|---|---|---|",
        "| 天津 | 1\\|2 | 乙 |",
        "| 天津 | 丙 丁 | 戊 |",
        "后",
    ]


def test_a_table_within_a_table_is_text_of_its_cell() -> None:
    def fill(document: Any) -> None:
        table = document.add_table(2, 2)
        table.cell(0, 0).text = "甲"
        table.cell(1, 1).text = "乙"
        inner = table.cell(0, 1).add_table(1, 2)
        inner.cell(0, 0).text, inner.cell(0, 1).text = "内一", "内二"

    lines = text(fill).split("\n")
    assert len(lines) == 3
    assert "内一" in lines[0]
    assert "内二" in lines[0]


def test_a_frame_around_text_is_no_table() -> None:
    def fill(document: Any) -> None:
        cell = document.add_table(1, 1).cell(0, 0)
        cell.text = "甲。"
        cell.add_paragraph("乙。")

    assert text(fill) == "甲。\n乙。"


def test_changes_are_read_as_accepted() -> None:
    def fill(document: Any) -> None:
        add(
            document.add_paragraph("奖励"),
            f"<w:ins>{run('<w:t>30</w:t>')}</w:ins><w:del>{run('<w:delText>20</w:delText>')}</w:del>"
            f"<w:moveFrom>{run('<w:t>旧处</w:t>')}</w:moveFrom><w:moveTo>{run('<w:t>万元</w:t>')}</w:moveTo>",
        )

    assert text(fill) == "奖励30万元"


def test_hidden_text_and_the_codes_of_fields_are_left_out() -> None:
    def fill(document: Any) -> None:
        add(
            document.add_paragraph("见"),
            run("<w:t>藏</w:t>", "<w:vanish/>")
            + run("<w:t>明</w:t>", '<w:vanish w:val="0"/>')
            + run('<w:fldChar w:fldCharType="begin"/>')
            + run("<w:instrText>REF _1</w:instrText>")
            + run('<w:fldChar w:fldCharType="separate"/>')
            + run("<w:t>附件</w:t>")
            + run('<w:fldChar w:fldCharType="end"/>')
            + f"<w:hyperlink>{run('<w:t>链接</w:t>')}</w:hyperlink>"
            + "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
            + run("<w:t>单击此处输入文字</w:t>")
            + "</w:sdtContent></w:sdt>",
        )

    assert text(fill) == "见明附件链接"


def test_breaks_tabs_symbols_and_readings_above_characters() -> None:
    def fill(document: Any) -> None:
        add(
            document.add_paragraph("甲"),
            run("<w:br/><w:t>乙</w:t><w:tab/><w:t>丙</w:t><w:noBreakHyphen/>")
            + run('<w:br w:type="page"/><w:sym w:font="Wingdings" w:char="F0FE"/>')
            + f"<w:ruby><w:rt>{run('<w:t>ding</w:t>')}</w:rt>"
            + f"<w:rubyBase>{run('<w:t>丁</w:t>')}</w:rubyBase></w:ruby>",
        )

    assert text(fill) == "甲\n乙\t丙-☑丁"


def test_a_text_box_is_read_once_below_its_paragraph() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>框里的话</w:t></w:r></w:p></w:txbxContent>"

    def fill(document: Any) -> None:
        add(
            document.add_paragraph("甲"),
            "<w:r><mc:AlternateContent><mc:Choice><w:drawing>" + box + "</w:drawing></mc:Choice>"
            "<mc:Fallback><w:pict>" + box + "</w:pict></mc:Fallback></mc:AlternateContent></w:r>",
        )
        document.add_paragraph("乙")

    assert text(fill) == "甲\n框里的话\n乙"


def test_a_note_follows_the_paragraph_of_its_mark() -> None:
    def fill(document: Any) -> None:
        note = "<w:p><w:r><w:footnoteRef/><w:t>注文。</w:t></w:r></w:p>"
        notes = f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="2">{note}'
        part = Part(
            PackURI("/word/footnotes.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
            (notes + "</w:footnote></w:footnotes>").encode(),
            document.part.package,
        )
        document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
        add(document.add_paragraph("甲"), run('<w:footnoteReference w:id="2"/>') + run("<w:t>。</w:t>"))
        document.add_paragraph("乙。")

    assert text(fill) == "甲[1]。\n[1] 注文。\n乙。"


def test_headers_footers_and_the_table_of_contents_are_left_out() -> None:
    def fill(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "页眉"
        document.sections[0].footer.paragraphs[0].text = "页脚"
        document.styles.add_style("toc 1", 1)
        document.add_paragraph("总则\t1", style="toc 1")
        document.add_paragraph("正文。")

    assert text(fill) == "正文。"


def replaced(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(stream, "w") as out:
        for name in package.namelist():
            content = package.read(name)
            out.writestr(name, content.replace(old, new) if name == part else content)
    return stream.getvalue()


def plain(document: Any) -> None:
    document.add_heading("标题", 0)
    document.add_paragraph("甲乙丙", style="List Number")
    table = document.add_table(2, 2)
    table.cell(0, 0).text = "丁"
    table.cell(1, 1).text = "戊"


MAIN = "word/document.xml"
BOMB = b'<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;">]><w:document '
OUTSIDE = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><w:document '


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "不是 .docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "密码"),
        (made(plain)[:-100], "已损坏"),
        (made(lambda document: None), "没有文字"),
        (replaced(made(plain), MAIN, b"<w:document ", BOMB), "XML"),
        (replaced(made(plain), MAIN, b"<w:document ", OUTSIDE), "XML"),
        (replaced(made(plain), MAIN, b"</w:body>", b""), "已损坏"),
        (replaced(made(plain), MAIN, b"<w:body>", b"<w:body>" + b"<w:sdt>" * 5_000), "已损坏"),
        (replaced(made(plain), "_rels/.rels", b'officeDocument"', b'other"'), "不是 .docx"),
    ],
)
def test_what_cannot_be_read_says_why_and_what_to_do(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableError, match=f"{message}.*；请|{message}.*，请"):
        read_docx(data)


def test_what_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.formats.package, "MAX_BYTES", 1_000)
    with pytest.raises(UnreadableError, match="拆分"):
        read_docx(made(plain))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(TEXT, st.lists(TEXT, min_size=2, max_size=2)), min_size=1, max_size=6))
def test_every_paragraph_and_cell_is_there_in_order(blocks: list[str | list[str]]) -> None:
    def fill(document: Any) -> None:
        for block in blocks:
            if isinstance(block, str):
                document.add_paragraph(block)
            else:
                table = document.add_table(2, 2)
                for row in (0, 1):
                    for column, cell in enumerate(block):
                        table.cell(row, column).text = cell

    wanted = [w for b in blocks for cell in ([b] if isinstance(b, str) else b * 2) for w in cell.split()]
    if not wanted:
        return
    read = iter(text(fill).replace("\\|", "|").split())
    assert all(word in read for word in wanted)


@functools.cache
def whole() -> bytes:
    return made(plain)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=8))
def test_damaged_files_raise_nothing_but_unreadable(changes: list[tuple[int, int]]) -> None:
    damaged = bytearray(whole())
    for place, byte in changes:
        damaged[place % len(damaged)] = byte
    with contextlib.suppress(UnreadableError):
        read_docx(bytes(damaged))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(
        [MAIN, "word/styles.xml", "word/numbering.xml", "word/_rels/document.xml.rels", "_rels/.rels"]
    ),
    st.integers(0, 10**6),
    st.integers(1, 10),
    st.sampled_from([b"", b"9", b"-", b"9" * 11, b"<", b"\xff", b"<w:p/>", b"<w:tbl/>"]),
)
def test_damaged_parts_raise_nothing_but_unreadable(part: str, place: int, length: int, new: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(whole())) as package:
        content = package.read(part)
    start = place % len(content)
    with contextlib.suppress(UnreadableError):
        read_docx(replaced(whole(), part, content[start : start + length], new))
