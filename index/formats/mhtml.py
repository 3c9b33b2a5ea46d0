"""MHTML: a web page that a browser saved as one file, with its address."""

from email import message_from_bytes
from email.message import Message

from index.formats.document import Document, UnreadableError
from index.formats.html import decode_page, read_page


def read_mhtml(data: bytes) -> Document:
    """The page, as `read_html` gives it; its pictures and frames are passed over."""
    message = message_from_bytes(data)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                url = _address(message, "Snapshot-Content-Location") or _address(part, "Content-Location")
                return read_page(decode_page(content), url)
    raise UnreadableError("里面没有网页；请在浏览器里重新保存，或另存为 .html")


def _address(message: Message, name: str) -> str:
    address = str(message.get(name, "")).strip()
    return address if address.startswith(("http://", "https://")) else ""
