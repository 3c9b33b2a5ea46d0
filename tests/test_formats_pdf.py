import contextlib
import functools
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

import index.formats.pdf
from index.formats.document import UnreadableError
from index.formats.pdf import read_pdf
from tests import pdfs


def around(canvas: Canvas, page: int) -> None:
    canvas.setFont(pdfs.SIMPLIFIED, 9)
    canvas.drawString(72, 800, "海滨市人民政府公报　2024年第3期")
    canvas.drawCentredString(300, 40, f"— {page} —")


@pytest.mark.parametrize("font", [pdfs.SIMPLIFIED, pdfs.TRADITIONAL])
@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("indent", [0, 2])
def test_every_paragraph_is_there_in_order(font: str, columns: int, indent: int) -> None:
    wanted = pdfs.paragraphs(25, font)
    flow = pdfs.text(*wanted, font=font, indent=indent, apart=0 if indent else 12)
    document = read_pdf(pdfs.document(flow, columns=columns, around=around))
    assert document.text.split("\n") == wanted
    assert len(document.pages) > 1
    assert "公报" not in document.text


def test_pages_begin_where_their_first_character_is() -> None:
    def draw(canvas: Canvas) -> None:
        for page, text in enumerate(["第一页的字", "第二页的字", "第三页的字"]):
            canvas.setFont(pdfs.SIMPLIFIED, 14)
            canvas.drawString(72, 700, text)
            canvas.drawString(300, 30, str(page + 1))
            canvas.showPage()

    document = read_pdf(pdfs.drawn(draw))
    assert document.text == "第一页的字\n第二页的字\n第三页的字"
    assert [document.text[start : start + 3] for start in document.pages[:3]] == [
        "第一页",
        "第二页",
        "第三页",
    ]


def test_a_table_is_written_with_pipes_where_it_stands() -> None:
    rows = [["地区", "类别", "金额"], ["天津", "甲", "1,000"], ["", "乙", "15%"], ["上海", "一共", ""]]
    table = pdfs.grid(rows, ("SPAN", (0, 1), (0, 2)), ("SPAN", (1, 3), (2, 3)))
    before, after = pdfs.paragraphs(2)
    text = read_pdf(pdfs.document([*pdfs.text(before), table, *pdfs.text(after)])).text
    assert text.split("\n") == [
        before,
        "| 地区 | 类别 | 金额 |",
        "|---|---|---|",
        "| 天津 | 甲 | 1,000 |",
        "| 天津 | 乙 | 15% |",
        "| 上海 | 一共 |  |",
        after,
    ]


def test_a_table_over_pages_is_one_table() -> None:
    rows = [["地区", "金额"], *([f"城市{n}", str(n)] for n in range(80))]
    table = pdfs.grid(rows)
    table.repeatRows = 1
    document = read_pdf(pdfs.document([table], around=around))
    assert len(document.pages) > 1
    assert document.text.split("\n")[2:] == [f"| 城市{n} | {n} |" for n in range(80)]


@pytest.mark.parametrize("first", [1, 2, 3])
def test_a_row_that_stands_alone_on_its_page_is_of_its_table(first: int) -> None:
    rows = [["地区", "金额"], ["天津", "1"], ["上海", "2"], ["北京", "3"]]
    room = pdfs.Spacer(1, 698 - 18 * first)  # for so many rows before the page ends
    document = read_pdf(pdfs.document([room, pdfs.grid(rows)]))
    assert len(document.pages) == 2
    assert document.text == "| 地区 | 金额 |\n|---|---|\n| 天津 | 1 |\n| 上海 | 2 |\n| 北京 | 3 |"


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_read_as_it_is_looked_at(turn: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(300, 400)
        canvas.rotate(turn)
        canvas.drawString(-100, 20, "第一行写在上面，")
        canvas.drawString(-100, 0, "第二行写在下面。")

    assert read_pdf(pdfs.drawn(draw)).text.replace("\n", "") == "第一行写在上面，第二行写在下面。"


def test_vertical_text_is_read_downwards_from_right_to_left() -> None:
    wanted = ["臺北市政府為鼓勵企業設置", "智慧工廠，特訂定本要點。", "申請人應於每年三月提出。"]

    def draw(canvas: Canvas) -> None:
        canvas.setFont(pdfs.TRADITIONAL, 14)
        for column, text in enumerate(wanted):
            for row, character in enumerate(text):
                canvas.drawString(400 - 30 * column, 700 - 15 * row, character)

    assert read_pdf(pdfs.drawn(draw)).text.replace("\n", "") == "".join(wanted)


def test_a_watermark_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "正文写在这里。")
        canvas.rotate(45)
        canvas.drawString(500, 100, "内部资料")

    assert read_pdf(pdfs.drawn(draw)).text == "正文写在这里。"


def test_a_word_parted_by_a_hyphen_is_whole_again() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 12)
        for number, line in enumerate(
            ["The city encourages enter-", "prises to invest in research", "and growth."]
        ):
            canvas.drawString(72, 700 - 15 * number, line)

    assert "encourages enterprises to" in read_pdf(pdfs.drawn(draw)).text


@pytest.mark.parametrize(
    ("stated", "read"),
    [
        ("关于补贴的通知", "关于补贴的通知"),
        ("Microsoft Word - 关于补贴的通知.doc", ""),
        ("关于补贴的通知.docx", ""),
        ("另一份文件的标题", ""),
        ("文件1", ""),
        ("", ""),
    ],
)
def test_the_title_that_a_file_states_counts_where_its_pages_show_it(stated: str, read: str) -> None:
    flow = pdfs.text("关于补贴的通知", "microsoft word 文件1 正文。")
    assert read_pdf(pdfs.document(flow, title=stated)).title == read


def scanned() -> bytes:
    from PIL import Image

    picture = ImageReader(Image.new("RGB", (20, 20), "white"))
    return pdfs.drawn(
        lambda canvas: canvas.drawImage(picture, 0, 0, 500, 700) and canvas.drawString(300, 20, "1")
    )


def without_mapping() -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pageCompression=0)
    canvas.setFont(pdfs.SIMPLIFIED, 14)
    canvas.drawString(72, 700, "这里的字体没有文字对照表")
    canvas.save()
    data = stream.getvalue().replace(b"/UniGB-UCS2-H", b"/Identity-H   ")
    return data.replace(b"(GB1)", b"(XX1)")


def encrypted() -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, encrypt=StandardEncryption("secret"))
    canvas.drawString(72, 700, "hello")
    canvas.save()
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "不是 PDF"),
        (b"PK\x03\x04", "不是 PDF"),
        (b"%PDF-1.7 garbage", "已损坏"),
        (encrypted(), "密码"),
        (scanned(), "OCR"),
        (pdfs.drawn(lambda canvas: None), "OCR"),
        (without_mapping(), "乱码"),
    ],
)
def test_what_cannot_be_read_says_why_and_what_to_do(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableError, match=f"{message}.*"):
        read_pdf(data)


def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pdfs.document(pdfs.text(*pdfs.paragraphs(20)))
    with monkeypatch.context() as patch:
        patch.setattr(index.formats.pdf, "MAX_PAGES", 1)
        with pytest.raises(UnreadableError, match="拆分"):
            read_pdf(data)
    monkeypatch.setattr(index.formats.pdf, "MAX_CHARACTERS", 100)
    with pytest.raises(UnreadableError, match="拆分"):
        read_pdf(data)


def test_a_page_without_height_is_no_error() -> None:
    data = pdfs.drawn(lambda canvas: canvas.drawString(72, 700, "正文写在这里。"))
    for box in (b"[ 0 0 0 0 ]", b"[ 0 0 1e30 0 ]"):
        with contextlib.suppress(UnreadableError):
            read_pdf(data.replace(b"[ 0 0 595.2756 841.8898 ]", box))


@functools.cache
def whole() -> bytes:
    rows = [["地区", "金额"], ["天津", "1"]]
    stream = io.BytesIO(pdfs.document([*pdfs.text(*pdfs.paragraphs(3)), pdfs.grid(rows)], around=around))
    return stream.getvalue()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=20))
def test_damaged_files_raise_nothing_but_unreadable(changes: list[tuple[int, int]]) -> None:
    damaged = bytearray(whole())
    for place, byte in changes:
        damaged[place % len(damaged)] = byte
    with contextlib.suppress(UnreadableError):
        read_pdf(bytes(damaged))
