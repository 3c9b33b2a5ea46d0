"""Package: an Office file as a zip of XML parts, unpacked within bounds; what could expand is refused."""

import io
import posixpath
import zipfile
import zlib
from typing import TYPE_CHECKING

from index.formats.document import UnreadableError

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_BYTES = 100_000_000
"""Of all the parts that are read of one file, unpacked."""

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Package:
    """The parts of an Office file of a kind (`.docx`); raises UnreadableError where it is damaged."""

    def __init__(self, data: bytes, kind: str) -> None:
        self.kind = kind
        if data.startswith(_OLE):
            raise UnreadableError(f"文件加了密码，或者是旧版 Office 格式；请去掉密码，另存为 {kind}")
        if not data.startswith(_ZIP):
            raise UnreadableError(f"不是 {kind} 文件；请用 Office 或 WPS 打开后另存为 {kind}")
        self._left = MAX_BYTES
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            raise self.damaged() from None
        self._names = {name.lower(): name for name in self._zip.namelist()}

    def damaged(self) -> UnreadableError:
        """The error of a file that is not whole."""
        return UnreadableError(f"{self.kind} 文件已损坏；请用 Office 或 WPS 打开修复后另存")

    def main(self) -> str:
        """The name of the part that holds the document or the workbook."""
        for kind, target in self.relations("").values():
            if kind == "officeDocument":
                return target
        raise UnreadableError(f"不是 {self.kind} 文件；请用 Office 或 WPS 打开后另存为 {self.kind}")

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """By id, the kind and the part's name of what `part` refers to within the file."""
        folder, name = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", name + ".rels"))
        found: dict[str, tuple[str, str]] = {}
        for relation in [] if root is None else root:
            if relation.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))
                kind = relation.get("Type", "").rpartition("/")[2]
                found[relation.get("Id", "")] = kind, target.lstrip("/")
        return found

    def related(self, part: str, kind: str) -> "_Element | None":
        """The root of the first part of a kind (`styles`) that `part` refers to; None where there is none."""
        for found, target in self.relations(part).values():
            if found == kind:
                return self.xml(target)
        return None

    def xml(self, part: str) -> "_Element | None":
        """The root of a part; None where the file has no such part."""
        from lxml import etree

        data = self.read(part)
        if data is None:
            return None
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
        try:
            return etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError):
            raise self.damaged() from None

    def read(self, part: str) -> bytes | None:
        """The bytes of a part, None where there is none. A document type is refused: it could expand."""
        name = self._names.get(part.lower())
        if name is None:
            return None
        try:
            with self._zip.open(name) as stream:
                data = stream.read(self._left + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            RuntimeError,
            ValueError,
            NotImplementedError,
        ):
            raise self.damaged() from None  # RuntimeError: a part with a password
        self._left -= len(data)
        if self._left < 0:
            raise UnreadableError(f"解压后超过 {MAX_BYTES // 1_000_000} MB；请拆分后再索引")
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"\x00" in data[:200]:
            raise UnreadableError(f"{self.kind} 文件里有不该有的 XML 声明；请用 Office 或 WPS 打开后另存")
        return data


def local(element: "_Element") -> str:
    """The name of an element without its namespace: files in Strict form differ in namespaces alone."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: "_Element", name: str) -> str:
    """The value of an attribute, whatever its namespace; empty where there is none."""
    for key, value in element.attrib.items():
        if key == name or str(key).endswith("}" + name):
            return str(value)
    return ""
