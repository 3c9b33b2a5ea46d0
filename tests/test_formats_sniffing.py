"""Sniffing: content decides what a file is, its name only where content does not tell."""

import pytest

from index.formats.document import UnreadableError
from index.formats.sniffing import ole_error, sniff, sniff_zip

TEXT = "某市公布奖励办法，企业最高可得50万元。\n"
PAGE = "<!DOCTYPE html>\n<html><body>文</body></html>"
MAIL = "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tb=x\r\n\r\n--x"
RECORD = '{"id": "1", "text": "字"}\n'


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.txt", TEXT, "text"),
        ("a.MD", TEXT, "markdown"),
        ("a.txt.gz", TEXT, "text"),
        ("a", TEXT, "text"),
        ("1.关于奖励的通知", TEXT, "text"),
        ("a.dat", TEXT.encode("gb18030"), "text"),
        ("a.pdf", TEXT, "text"),
        ("a.html", TEXT, "text"),
        ("a.csv", TEXT, "csv"),
        ("a.html", "<p>文", "html"),
        ("a.txt", PAGE, "html"),
        ("a.doc", PAGE, "html"),
        ("a", f"\ufeff <?xml version='1.0'?><!-- x --><!-- y -->{PAGE}", "html"),
        ("a.htm", PAGE.encode("utf-16"), "html"),
        ("a.txt", PAGE.encode("utf-16-le"), "html"),
        ("a.txt", "<p>第一段</p>\n<div>第二段</div>", "text"),
        ("a.txt", "网页以 <html> 开头。\n", "text"),
        ("a.mhtml", MAIL, "mhtml"),
        ("a.txt", MAIL, "mhtml"),
        ("a.txt", "Content-Type: 说明\n\nMIME-Version: 说明", "text"),
        ("a.jsonl", "x", "jsonl"),
        ("a.txt", RECORD, "jsonl"),
        ("a", RECORD, "jsonl"),
        ("a.json", RECORD, "jsonl"),
        ("a.txt", b"%PDF-1.7\n", "pdf"),
        ("a.pdf", b"junk %PDF-1.7\n", "pdf"),
        ("a.txt", "格式：%PDF-1.7", "text"),
        ("a.txt", b"\x1f\x8b\x08", "gzip"),
        ("a.txt", b"\xfd7zXZ\x00", "xz"),
        ("a.txt", b"PK\x03\x04", "zip"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
        ("a.txt", b"", "text"),
    ],
)
def test_kinds(name: str, content: str | bytes, kind: str) -> None:
    assert sniff(name, content.encode() if isinstance(content, str) else content) == kind


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"\x89PNG\r\n\x1a\n", "OCR"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "OCR"),
        ("a.doc", b"{\\rtf1", "RTF"),
        ("a.txt", b"Rar!\x1a\x07", ".zip"),
        ("a.ofd", b"?", "OFD"),
        ("a.wps", b"?", "WPS"),
        ("a.js", "var 名称 = '某市某省某县某区';", "附属文件"),
        ("a.json", '{\n"文": "字字字字"}', ".jsonl"),
        ("a.doc", '<?xml version="1.0"?>\n<?mso-application progid="Word.Document"?>', ".docx"),
        ("a.docx", b"\x00\x01\x02\xff", "不是完好的 .docx"),
        ("a.unknown", b"plain", "暂不支持"),
        ("README", b"x", "暂不支持"),
    ],
)
def test_what_is_not_read_says_what_to_do(name: str, content: str | bytes, said: str) -> None:
    with pytest.raises(UnreadableError, match=said) as raised:
        sniff(name, content.encode() if isinstance(content, str) else content)
    assert "；" in str(raised.value)


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["[Content_Types].xml", "word/document.xml"], "docx"),
        (["[Content_Types].xml", "xl/workbook.xml"], "xlsx"),
        (["a.txt", "word/a.txt"], "zip"),
        ([], "zip"),
    ],
)
def test_zips(names: list[str], kind: str) -> None:
    assert sniff_zip(names) == kind


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["OFD.xml", "Doc_0/Document.xml"], "OFD"),
        (["[Content_Types].xml", "ppt/presentation.xml"], "演示"),
        (["[Content_Types].xml", "xl/workbook.bin"], "xlsb"),
        (["mimetype", "content.xml"], "OpenDocument"),
        (["mimetype", "META-INF/container.xml"], "EPUB"),
    ],
)
def test_zips_that_are_not_read(names: list[str], said: str) -> None:
    with pytest.raises(UnreadableError, match=said):
        sniff_zip(names)


@pytest.mark.parametrize(
    ("name", "stream", "said"),
    [
        ("a.doc", "WordDocument", "旧版 Word"),
        ("a.txt", "WordDocument", "旧版 Word"),
        ("a.wps", "WordDocument", "WPS"),
        ("a.xls", "Workbook", "旧版 Excel"),
        ("a.ppt", "PowerPoint Document", "演示"),
        ("a.docx", "EncryptedPackage", "密码"),
        ("a", "?", "旧版 Office"),
    ],
)
def test_old_office(name: str, stream: str, said: str) -> None:
    assert said in str(ole_error(name, stream.encode("utf-16-le")))
