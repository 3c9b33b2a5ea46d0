"""Archives: the members of a zip that can be read, under safe names; nothing is written to disk."""

import io
import re
import stat
import zipfile
from collections.abc import Iterator

from index.decoding import decode
from index.formats.document import UnreadableError
from index.formats.limits import MAX_BYTES, MAX_MEMBERS, is_bomb, too_large
from index.formats.packing import BOMB

_ENTRY = b"PK\x01\x02"
_ENCRYPTED, _UTF8_NAME = 0x1, 0x800
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_IGNORED = re.compile(r"(?:^|/)(?:\.[^./]|__MACOSX/|~\$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_OUTSIDE = re.compile(r"/|[A-Za-z]:|(?:.*/)?\.\.(?:/|$)")


def open_zip(data: bytes) -> zipfile.ZipFile:
    """The archive; UnreadableError where it is damaged or has too many members."""
    # zipfile reads the list of members as a whole, so how long it is must be known before
    if data.count(_ENTRY) > MAX_MEMBERS:
        raise UnreadableError(f"压缩包里的文件超过 {MAX_MEMBERS} 个；请拆分后再索引")
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except Exception:  # of many kinds, none of them documented
        raise UnreadableError("压缩文件已损坏；请重新压缩") from None


def list_members(archive: zipfile.ZipFile) -> Iterator[tuple[str, zipfile.ZipInfo | str]]:
    """Name of each file in the archive, and where it is to be read, or why it is not; in order of names.

    Hidden files, and those that systems leave behind, are passed over.
    """
    seen: set[str] = set()
    for name, info in sorted(zip(_names(archive), archive.infolist(), strict=True), key=lambda item: item[0]):
        if name.endswith("/") or _IGNORED.search(name):
            continue
        if _OUTSIDE.match(name) or not name.isprintable():
            yield name, "压缩包里的路径指向包外或有控制字符，已跳过；请重新压缩"
        elif stat.S_ISLNK(info.external_attr >> 16):
            yield name, "压缩包里的链接，已跳过；请放入它指向的文件"
        elif info.flag_bits & _ENCRYPTED:
            yield name, "压缩包加了密码；请解压后再索引"
        elif info.compress_type not in _METHODS:
            yield name, "压缩方法不常见，没有读；请改用普通的 .zip 压缩"
        elif info.file_size > MAX_BYTES:
            yield name, str(too_large("文件", MAX_BYTES))
        elif is_bomb(info.file_size, info.compress_size):
            yield name, BOMB
        elif name in seen:
            yield name, "压缩包里有同名的文件，只读了第一个；请改名后重新压缩"
        else:
            seen.add(name)
            yield name, info


def _names(archive: zipfile.ZipFile) -> list[str]:
    """The names as their authors wrote them: without a mark they are in the encoding of some system."""
    infos = archive.infolist()
    unmarked = [info for info in infos if not info.flag_bits & _UTF8_NAME]
    names = {id(info): info.orig_filename for info in infos}
    raw = [info.orig_filename.encode("cp437", "replace") for info in unmarked]
    try:
        read = decode(b"\n".join(raw)).split("\n")  # together: one name is too short to tell
    except ValueError:
        read = []
    if len(read) == len(unmarked):
        names.update((id(info), name) for info, name in zip(unmarked, read, strict=True))
    return [names[id(info)].replace("\\", "/") for info in infos]
