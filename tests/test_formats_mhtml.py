"""MHTML: the page of a file that a browser saved, with its address."""

import base64
import quopri

import pytest

from index.formats.document import UnreadableError
from index.formats.mhtml import read_mhtml

PAGE = "<html><head><title>认定办法</title></head><body><p>市人民政府组织开展智能工厂认定。</p></body></html>"


def saved(part: bytes, coding: str, kind: str = "text/html; charset=utf-8") -> bytes:
    return (
        (
            "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.gov.cn/a.html\r\n"
            'MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="--b"\r\n\r\n'
            "----b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw==\r\n"
            f"----b\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {coding}\r\n\r\n"
        ).encode()
        + part
        + b"\r\n----b--\r\n"
    )


@pytest.mark.parametrize(
    ("part", "coding"),
    [
        (quopri.encodestring(PAGE.encode()), "quoted-printable"),
        (base64.encodebytes(PAGE.encode("gb18030")), "base64"),
        (PAGE.encode(), "8bit"),
    ],
)
def test_page_in_every_coding(part: bytes, coding: str) -> None:
    document = read_mhtml(saved(part, coding))
    assert document.text == "市人民政府组织开展智能工厂认定。\n"
    assert (document.title, document.url) == ("认定办法", "https://example.gov.cn/a.html")


def test_message_without_a_page() -> None:
    with pytest.raises(UnreadableError, match="没有网页"):
        read_mhtml(saved(b"x", "8bit", "image/png"))
