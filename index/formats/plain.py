"""Plain texts and Markdown: the text as it stands, whatever its encoding."""

from index.decoding import decode
from index.formats.document import Document, UnreadableError


def read_plain(data: bytes) -> Document:
    """The text, line breaks untouched."""
    try:
        return Document(decode(data))
    except ValueError:
        raise UnreadableError("认不出文字编码；请另存为 UTF-8 编码的文本") from None
