"""Archives: safe names in whatever encoding; what is encrypted, linked, doubled or a bomb is named."""

import io
import warnings
import zipfile

import pytest

from index.formats import archive
from index.formats.archive import list_members, open_zip
from index.formats.document import UnreadableError


def pack(members: list[tuple[str | zipfile.ZipInfo, str]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", method) as file:
        warnings.simplefilter("ignore")  # of names that are there twice
        for name, content in members:
            file.writestr(name, content)
    return buffer.getvalue()


def read(data: bytes) -> dict[str, str]:
    """Return what is said of each member, or nothing where it may be read."""
    with open_zip(data) as file:
        return {name: member if isinstance(member, str) else "" for name, member in list_members(file)}


def test_members_in_order_of_their_names() -> None:
    names = ["b.txt", "a/c.txt", "a\\d.txt", "__MACOSX/x", ".hidden", "a/.x", "~$a.docx", "a/Thumbs.db", "e/"]
    assert list(read(pack([(name, "字") for name in names]))) == ["a/c.txt", "a/d.txt", "b.txt"]


@pytest.mark.parametrize(
    "name", ["../a.txt", "/a.txt", "C:\\a.txt", "a/../../b.txt", "..\\a.txt", "a/..", "a\n.txt"]
)
def test_paths_out_of_the_archive(name: str) -> None:
    (said,) = read(pack([(name, "字")])).values()
    assert "包外" in said


@pytest.mark.parametrize("name", ["a..b.txt", "甲…乙.txt", "a/.../b.txt"])
def test_dots_within_names(name: str) -> None:
    assert read(pack([(name, "字")]))[name] == ""


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-8"])
def test_names_without_a_mark(encoding: str) -> None:
    names = (
        ["關於獎勵辦法的通知.txt", "公告.txt"]
        if encoding == "big5"
        else ["关于奖励办法的通知.txt", "公告.txt"]
    )
    data = pack([("X" * len(name.encode(encoding)), "字") for name in names])
    for name in names:
        data = data.replace(b"X" * len(name.encode(encoding)), name.encode(encoding))
    assert set(read(data)) == set(names)


def test_links_and_doubles() -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = 0o120777 << 16
    said = read(pack([(link, "/etc/passwd"), ("a.txt", "字"), ("a.txt", "字")]))
    assert "链接" in said["link.txt"]
    assert "同名" in said["a.txt"]


def test_encrypted() -> None:
    data = bytearray(pack([("a.txt", "字")]))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert "密码" in read(bytes(data))["a.txt"]


@pytest.mark.parametrize(("size", "said"), [(25_000_000, "炸弹"), (31_000_000, "30 MB"), (1_000, "")])
def test_bombs(size: int, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_BYTES", 30_000_000)
    assert said in read(pack([("a.txt", "0" * size)]))["a.txt"]


def test_rare_methods() -> None:
    assert "压缩方法" in read(pack([("a.txt", "字")], zipfile.ZIP_BZIP2))["a.txt"]


def test_too_many_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_MEMBERS", 3)
    with pytest.raises(UnreadableError, match="超过 3 个"):
        open_zip(pack([(f"{n}.txt", "字") for n in range(4)]))


@pytest.mark.parametrize("data", [b"PK\x03\x04", pack([("a.txt", "字")])[:-30], b"PK\x05\x06" + b"\xff" * 18])
def test_damaged(data: bytes) -> None:
    with pytest.raises(UnreadableError, match="损坏"):
        open_zip(data)
