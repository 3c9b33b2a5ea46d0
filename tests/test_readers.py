"""Readers: files, folders and records become articles, and every failure says what to do."""

import gzip
import io
import json
import lzma
import os
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest

from index import readers
from index.errors import InputError
from index.formats import jsonl, parts
from index.formats.document import Document, UnreadableError
from index.formats.sandbox import Sandbox
from index.readers import ReadFailure, read_all, read_articles
from index.records import Article

TEXT = "某市公布奖励办法，企业最高可得50万元。"


def articles(path: Path) -> list[Article]:
    found = []
    for result in read_articles(path):
        assert isinstance(result, Article), result
        found.append(result)
    return found


def failure(path: Path) -> ReadFailure:
    (result,) = read_articles(path)
    assert isinstance(result, ReadFailure)
    assert "；" in result.message
    assert "\n" not in result.message
    return result


def write(path: Path, data: bytes | str = TEXT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_folder_is_read_in_order_with_relative_ids(tmp_path: Path) -> None:
    for name in ("b.txt", "a/乙 1.md", "a/c.TXT", ".hidden.txt", ".git/x.txt", "a/.x/y.txt"):
        write(tmp_path / name)
    assert [article.id for article in articles(tmp_path)] == ["a/c.TXT", "a/乙 1.md", "b.txt"]


def test_file_given_directly_is_known_by_its_name(tmp_path: Path) -> None:
    assert [article.id for article in articles(write(tmp_path / "a" / "b.txt"))] == ["b.txt"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_is_as_it_stands(tmp_path: Path, encoding: str) -> None:
    text = f"题目\r\n{TEXT}\r第三行\n"
    assert articles(write(tmp_path / "a.txt", text.encode(encoding)))[0].text == text


def test_records(tmp_path: Path) -> None:
    rows = [
        {"id": "甲/1", "text": TEXT, "title": None, "date": "2023-07-28 16：40", "url": "http://a.cn"},
        {"id": 7, "text": TEXT, "title": "奖励办法", "publisher": "某报", "category": "地方性法规"},
    ]
    data = "\ufeff" + "\n\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    first, second = articles(write(tmp_path / "a.jsonl", data))
    assert (first.id, first.title, first.published, first.url) == (
        "甲/1",
        "",
        date(2023, 7, 28),
        "http://a.cn",
    )
    assert (second.id, second.title, second.publisher, second.kind) == ("7", "奖励办法", "某报", "法规")


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".xz", lzma.compress)])
def test_packed_files(tmp_path: Path, suffix: str, pack: object) -> None:
    assert callable(pack)
    write(tmp_path / f"a.txt{suffix}", pack(TEXT.encode()))
    write(tmp_path / f"b.jsonl{suffix}", pack(json.dumps({"id": "r", "text": TEXT}).encode()))
    assert [article.id for article in articles(tmp_path)] == [f"a.txt{suffix}", "r"]


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "x"',
        "[1]",
        '{"text": "字"}',
        '{"id": "x"}',
        '{"id": "x", "text": " "}',
        '{"id": "", "text": "字"}',
        '{"id": "x", "text": 3}',
        '{"id": "x", "text": "字", "title": []}',
        '{"id": "x", "text": "\\ud800"}',
        "[" * 100_000,
    ],
)
def test_bad_record_names_its_line_and_the_others_are_read(tmp_path: Path, line: str) -> None:
    good = json.dumps({"id": "好", "text": TEXT})
    results = list(
        read_articles(write(tmp_path / "a.jsonl", f"{good}\n{line}\n{good.replace('好', '对')}\n"))
    )
    assert [type(result) for result in results] == [Article, ReadFailure, Article]
    assert isinstance(results[1], ReadFailure)
    assert "第 2 行" in results[1].message
    assert results[1].path.endswith("a.jsonl")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.pdf", b"x", "不是完好的 .pdf"),
        ("README", b"x", "暂不支持"),
        ("a.zip.gz", b"x", "不是完好的 .zip"),
        ("a.txt", b"\x89PNG\x00\x00", "编码"),
        ("a.txt", b"\xff\xff\xff", "编码"),
        ("a.txt", b" \n", "没有文字"),
        ("a.txt.gz", b"\x1f\x8b not packed", "压缩文件"),
        ("a.jsonl.xz", b"\xfd7zXZ\x00 not packed", "压缩文件"),
        ("a.jsonl", b"", "没有记录"),
        ("a.jsonl.gz", gzip.compress(b"\xef\xbb\xbf\n \n"), "没有记录"),
        ("a.txt.gz", gzip.compress(TEXT.encode() * 9)[:-9], "压缩文件"),
    ],
)
def test_file_that_cannot_be_read(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    found = failure(write(tmp_path / name, data))
    assert said in found.message
    assert found.path == str(tmp_path / name)


def test_large_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "MAX_BYTES", 1000)
    monkeypatch.setattr(parts, "MAX_TEXT_BYTES", 1000)
    monkeypatch.setattr(jsonl, "MAX_TEXT_BYTES", 1000)
    assert "MB" in failure(write(tmp_path / "a.txt", "字" * 1000)).message
    assert "MB" in failure(write(tmp_path / "b.txt.gz", gzip.compress(("字" * 1000).encode()))).message
    row = json.dumps({"id": "x", "text": "字" * 1000}).encode()
    assert "第 1 行" in failure(write(tmp_path / "c.jsonl.gz", gzip.compress(row))).message


def test_links(tmp_path: Path) -> None:
    root = tmp_path / "root"
    write(root / "in" / "a.txt")
    write(tmp_path / "outside" / "b.txt")
    (root / "loop").symlink_to(root)
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "broken.txt").symlink_to(root / "none")
    (root / "file.txt").symlink_to(tmp_path / "outside" / "b.txt")
    results = list(read_articles(root))
    assert [result.id for result in results if isinstance(result, Article)] == ["in/a.txt"]
    failures = {Path(r.path).name: r.message for r in results if isinstance(r, ReadFailure)}
    assert failures.keys() == {"out", "broken.txt", "file.txt"}
    assert all("之外" in failures[name] for name in ("out", "file.txt"))


def test_special_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    assert "普通文件" in failure(tmp_path).message


def test_missing_path(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="找不到"):
        list(read_articles(tmp_path / "none"))


def test_one_id_in_two_sources_is_an_error_that_names_both(tmp_path: Path) -> None:
    paths = [write(tmp_path / "甲" / "a.txt"), write(tmp_path / "乙" / "a.txt")]
    with pytest.raises(InputError) as raised:
        list(read_all(paths))
    assert all(str(path) in str(raised.value) for path in paths)


def test_one_id_twice_in_one_file_is_an_error_that_names_both_lines(tmp_path: Path) -> None:
    row = json.dumps({"id": "x", "text": TEXT})
    with pytest.raises(InputError, match=r"第 1 行.*第 3 行"):
        list(read_all([write(tmp_path / "a.jsonl", f"{row}\n\n{row}\n")]))


def test_one_source_named_twice_is_no_error(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt")
    assert len(list(read_all([tmp_path, path]))) == 1


def test_formats_by_content_and_their_ids(tmp_path: Path) -> None:
    page = f"<html><head><title>认定办法</title></head><body><p>{TEXT}</p></body></html>"
    write(tmp_path / "网页.txt", page)
    write(tmp_path / "无扩展名", TEXT.encode("gb18030"))
    write(tmp_path / "表.csv", f"标题,正文\n甲,{TEXT}\n乙,{TEXT}\n")
    row = json.dumps({"id": "记录", "text": TEXT})
    inner = zipped({"里/页.html.gz": gzip.compress(page.encode())})
    write(
        tmp_path / "包.zip",
        zipped({"里/文.txt": TEXT, "行.jsonl": row, "内.zip": inner, "坏.png": b"\x89PNG\r\n"}),
    )
    results = list(read_articles(tmp_path))
    found = {result.id: result for result in results if isinstance(result, Article)}
    assert set(found) == {
        *("网页.txt", "无扩展名", "表.csv#2", "表.csv#3"),
        *("包.zip/里/文.txt", "包.zip/内.zip/里/页.html.gz", "记录"),
    }
    assert all(article.text.strip() == TEXT for article in found.values())
    assert found["网页.txt"].title == found["包.zip/内.zip/里/页.html.gz"].title == "认定办法"
    (bad,) = (result for result in results if isinstance(result, ReadFailure))
    assert bad.path == str(tmp_path / "包.zip" / "坏.png")


def zipped(members: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_archives_within_archives_end(tmp_path: Path) -> None:
    data = zipped({"a.txt": TEXT})
    for level in range(3):
        data = zipped({f"{level}.zip": data})
    assert "三层" in failure(write(tmp_path / "a.zip", data)).message


def test_broken_member_leaves_the_others(tmp_path: Path) -> None:
    data = zipped({"a.txt": TEXT, "b.txt": TEXT + "第二篇。"})
    data = data.replace(TEXT.encode(), TEXT.replace("50", "60").encode(), 1)  # its check sum is wrong
    results = list(read_articles(write(tmp_path / "a.zip", data)))
    assert [type(result) for result in results] == [ReadFailure, Article]


def test_archive_whose_members_end_the_reading_process_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(self: Sandbox, kind: str, data: bytes) -> list[Document]:
        self.stopped += 1
        raise UnreadableError("读了 60 秒还没有读完，已中止；请拆分")

    monkeypatch.setattr(Sandbox, "read", read)
    data = zipped({f"{number}.html": "<html>" for number in range(9)})
    results = list(read_articles(write(tmp_path / "a.zip", data)))
    assert len(results) == 4
    assert isinstance(results[-1], ReadFailure)
    assert "其余没有读" in results[-1].message


def test_pictures_of_a_saved_page_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "页.html", f"<html><p>{TEXT}")
    write(tmp_path / "页_files" / "a.js", "x")
    write(tmp_path / "别的_files" / "a.txt")
    write(tmp_path / "~$草稿.docx", "x")
    assert [article.id for article in articles(tmp_path)] == ["别的_files/a.txt", "页.html"]


def test_file_that_changes_while_it_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", "\n".join(json.dumps({"id": i, "text": TEXT}) for i in range(3)))
    results = read_articles(path)
    assert isinstance(next(results), Article)
    with path.open("a") as stream:
        stream.write("\n")
    last = list(results)[-1]
    assert isinstance(last, ReadFailure)
    assert "变了" in last.message


def test_many_bad_lines_are_not_read_to_the_end(tmp_path: Path) -> None:
    results = list(read_articles(write(tmp_path / "a.jsonl", "坏\n" * 5_000)))
    assert len(results) == 1_001
    assert isinstance(results[-1], ReadFailure)
    assert "坏行太多" in results[-1].message


def test_failure_shows_nothing_that_a_terminal_obeys(tmp_path: Path) -> None:
    name = os.fsdecode(b"\x1b[31m\xff.png")
    assert failure(write(tmp_path / name, b"\x89PNG\r\n")).path == str(tmp_path / "\ufffd[31m\ufffd.png")


def test_records_in_utf16(tmp_path: Path) -> None:
    rows = "\n".join(json.dumps({"id": i, "text": TEXT}, ensure_ascii=False) for i in "甲乙")
    assert [article.id for article in articles(write(tmp_path / "a.jsonl", rows.encode("utf-16")))] == [
        "甲",
        "乙",
    ]


@pytest.mark.parametrize("unit", ["\n", "\r\n", "　\n", "<br>\n", "来源：", "一、", "（", "|"])
def test_one_unit_many_times_takes_no_longer_than_its_length(tmp_path: Path, unit: str) -> None:
    path = write(tmp_path / "a.txt", unit * 40_000 + "字")
    begun = time.process_time()
    assert len(articles(path)) == 1
    assert time.process_time() - begun < 2
