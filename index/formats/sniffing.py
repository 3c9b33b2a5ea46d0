"""Sniffing: what a file is, by its content first and by its name where content does not tell."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from index.decoding import decode
from index.formats.document import UnreadableError

HEAD_BYTES = 1 << 16
"""How much of a file is looked at."""

_NAMED = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
_PAGE_SUFFIXES = (".html", ".htm", ".xhtml", ".shtml")
_BINARY_SUFFIXES = (".pdf", ".docx", ".xlsx", ".zip", ".mhtml", ".mht")

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKED = (
    (b"\x1f\x8b", "gzip"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (_OLE, "ole"),
)

_TO_DOCX = "请用 Word 或 WPS 打开，另存为 .docx"
_TO_XLSX = "请用 Excel 或 WPS 打开，另存为 .xlsx"
_IMAGE = "是图片，没有可读的文字；请先用文字识别（OCR）软件转换为 .docx 或 .txt"
_SLIDES = "是演示文稿；请另存为 .pdf"
_ARCHIVE = "是 .zip 以外的压缩包；请解压，或改用 .zip 压缩"
_MEDIA = "是音频或视频；请改为索引它的文字稿"
_PROGRAM = "是程序、数据或网页的附属文件，不是文章；不需要索引时可以移走"
_REMEDIES = {
    ".doc": f"是旧版 Word 文档（.doc）；{_TO_DOCX}",
    ".dot": f"是旧版 Word 文档（.dot）；{_TO_DOCX}",
    ".wps": "是 WPS 文字文档（.wps）；请用 WPS 打开，另存为 .docx",
    ".et": "是 WPS 表格（.et）；请用 WPS 打开，另存为 .xlsx",
    ".dps": _SLIDES,
    ".xls": f"是旧版 Excel 表格（.xls）；{_TO_XLSX}",
    ".xlsb": f"是 Excel 二进制表格（.xlsb）；{_TO_XLSX}",
    ".ppt": _SLIDES,
    ".pptx": _SLIDES,
    ".rtf": f"是 RTF 文档；{_TO_DOCX}",
    ".odt": f"是 OpenDocument 文档；{_TO_DOCX}",
    ".ods": f"是 OpenDocument 表格；{_TO_XLSX}",
    ".odp": _SLIDES,
    ".ofd": "是 OFD 版式文件；请用 OFD 阅读器导出为 .pdf 或 .txt",
    ".ceb": "是方正 CEB 版式文件；请用 Apabi Reader 打印为 .pdf",
    ".caj": "是知网 CAJ 文件；请用 CAJViewer 打印为 .pdf",
    ".epub": "是 EPUB 电子书；请转换为 .docx 或 .html",
    ".chm": "是 CHM 帮助文件；请解开后索引其中的 .html",
    ".json": "是 JSON；请改为每行一个对象的 .jsonl",
    ".xml": "是 XML；请转换为 .html 或 .txt",
    **dict.fromkeys(
        [".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".svg", ".ico"], _IMAGE
    ),
    **dict.fromkeys([".rar", ".7z", ".tar", ".bz2", ".zst", ".tgz"], _ARCHIVE),
    **dict.fromkeys([".mp3", ".wav", ".m4a", ".mp4", ".avi", ".mov", ".wmv", ".flv", ".mkv"], _MEDIA),
    **dict.fromkeys([".js", ".css", ".py", ".exe", ".dll", ".db", ".sqlite", ".woff2", ".ttf"], _PROGRAM),
}
_UNREADABLE = (
    (b"{\\rtf", ".rtf"),
    (b"\x89PNG\r\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF8", ".gif"),
    (b"II*\x00", ".tif"),
    (b"MM\x00*", ".tif"),
    (b"RIFF", ".wav"),
    (b"Rar!\x1a", ".rar"),
    (b"7z\xbc\xaf\x27\x1c", ".7z"),
    (b"BZh", ".bz2"),
    (b"\x28\xb5\x2f\xfd", ".zst"),
    (b"ITSF", ".chm"),
    (b"ID3", ".mp3"),
    (b"SQLite format 3\x00", ".sqlite"),
    (b"\x7fELF", ".exe"),
)
# streams of an OLE2 file, whose names stand in its directory
_OLE_STREAMS = (
    ("WordDocument", ".doc"),
    ("Workbook", ".xls"),
    ("Book", ".xls"),
    ("PowerPoint Document", ".ppt"),
)
# members of a zip that make it a document
_ZIP_KINDS = (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", ".pptx"))

_PAGE = re.compile(
    r"(?:\s|<\?xml(?:(?!\?>).)*\?>|<!--(?:(?!-->).)*-->)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"</?[a-z][a-z0-9]{0,10}(?:\s[^<>]*)?/?>", re.IGNORECASE)
_OFFICE_XML = re.compile(r"\s*<\?xml(?:(?!\?>).)*\?>\s*<\?mso-application\s+progid=\"(Word|Excel)")
_HEADER = re.compile(r"[A-Za-z][\w-]*:|[ \t]|From ")
_RECORD = re.compile(r"\s*\{[^\n]*")
_HAN = re.compile("[\u3400-\u9fff]")
_HAN_SHARE = 0.1


def sniff(name: str, head: bytes) -> str:
    """What a file of this name is that begins with `head`: a format, or a packing (gzip, xz, zip, ole).

    Raises UnreadableError, saying what it is and what to do, where nothing here reads it.
    """
    suffix = suffix_of(name)
    for magic, packing in _PACKED:
        if head.startswith(magic):
            return packing
    start = head.find(b"%PDF-", 0, 1024)
    if start >= 0 and (suffix == ".pdf" or not head[:start].strip(b"\xef\xbb\xbf \t\r\n")):
        return "pdf"
    for magic, kind in _UNREADABLE:
        if head.startswith(magic):
            raise UnreadableError(_REMEDIES[kind])
    markup = head.removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").decode("latin-1").lstrip("þÿ")
    if _PAGE.match(markup) or (suffix in _PAGE_SUFFIXES and _TAG.search(markup)):
        return "html"
    if match := _OFFICE_XML.match(markup):
        raise UnreadableError(_REMEDIES[".doc" if match[1] == "Word" else ".xls"])
    if _is_mail(markup):
        return "mhtml"
    if (match := _RECORD.match(markup)) and '"id"' in match[0] and '"text"' in match[0]:
        return "jsonl"
    if suffix in _NAMED:
        return _NAMED[suffix]
    if suffix in _REMEDIES:
        raise UnreadableError(_REMEDIES[suffix])
    return _sniff_text(suffix, head)


def _sniff_text(suffix: str, head: bytes) -> str:
    """A text whose name does not say so: it is one where it holds Chinese."""
    if not head:
        return "text"
    try:
        text = "".join(decode(head).split())
    except ValueError:
        text = ""
    if len(_HAN.findall(text)) >= _HAN_SHARE * len(text) > 0 or (suffix in _PAGE_SUFFIXES and text):
        return "text"
    if suffix in _BINARY_SUFFIXES:
        raise damaged(suffix)
    raise UnreadableError(
        f"暂不支持这种文件（{suffix or '没有扩展名'}）；请转换为 .txt、.docx、.pdf 或 .html"
    )


def sniff_zip(names: Iterable[str]) -> str:
    """What a zip of these members is: docx, xlsx, or zip, an archive; UnreadableError where it is neither."""
    names = set(names)
    if "OFD.xml" in names:
        raise UnreadableError(_REMEDIES[".ofd"])
    if "META-INF/container.xml" in names:
        raise UnreadableError(_REMEDIES[".epub"])
    if "mimetype" in names and "content.xml" in names:
        raise UnreadableError(_REMEDIES[".odt"])
    if "[Content_Types].xml" in names:
        if "xl/workbook.bin" in names:
            raise UnreadableError(_REMEDIES[".xlsb"])
        for folder, kind in _ZIP_KINDS:
            if any(name.startswith(folder) for name in names):
                if kind in _REMEDIES:
                    raise UnreadableError(_REMEDIES[kind])
                return kind
    return "zip"


def ole_error(name: str, data: bytes) -> UnreadableError:
    """What to do about an OLE2 file: an old office document, or a new one behind a password."""
    suffix = suffix_of(name)
    if "EncryptedPackage".encode("utf-16-le") in data:
        return UnreadableError("文件加了密码；请去掉密码后另存")
    for stream, kind in _OLE_STREAMS:
        if stream.encode("utf-16-le") in data:
            return UnreadableError(_REMEDIES[suffix if suffix in (".wps", ".et", ".dps") else kind])
    return UnreadableError(_REMEDIES.get(suffix, f"是旧版 Office 文档；{_TO_DOCX}"))


def damaged(suffix: str) -> UnreadableError:
    """The error of a file that is not what its name says."""
    return UnreadableError(f"内容不是完好的 {suffix} 文件；请重新下载，或用原来的软件打开后另存")


def suffix_of(name: str) -> str:
    """The extension of a file, in lower case, behind that of its packing."""
    path = PurePosixPath(name.lower())
    return (PurePosixPath(path.stem) if path.suffix in (".gz", ".xz") else path).suffix


def _is_mail(markup: str) -> bool:
    """Whether it begins as a saved web page of one file does: with the header of a message."""
    header = re.split(r"\r?\n\r?\n", markup[:8192], maxsplit=1)[0]
    lower = header.lower()
    return (
        "mime-version:" in lower
        and "content-type:" in lower
        and all(_HEADER.match(line) for line in header.splitlines())
    )
