"""Fuzzing: whatever bytes a file holds, its reader gives documents or one line, and its process survives."""

import io
import random
import zipfile
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.formats.document import Document, UnreadableError
from index.formats.parts import Part, read_parts
from index.formats.sandbox import Sandbox
from index.formats.sniffing import HEAD_BYTES
from tests.generated import article
from tests.writing_files import forms, pack

KINDS = ("html", "mhtml", "pdf", "docx", "xlsx", "csv")
PACKED = ("txt", "jsonl", "html", "docx")
NAMES = ("a", "a.txt", "a.html", "a.docx", "a.zip", "a.jsonl", "a.csv", "a.pdf")
_QUICK = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
_LONG = settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))

# What is done to a file: where (a share of its length), how many bytes go, what comes instead.
_PIECES = st.one_of(
    st.binary(max_size=8),
    st.sampled_from(
        [b"<", b"<!--", b"<table>", b"%PDF-", b"PK\x01\x02", b"\xff" * 4, b"\x00" * 9, b"999999999", b"&#"]
    ),
)
_CHANGES = st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 40), _PIECES), min_size=1, max_size=6)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seconds=20) as made:
        yield made


@cache
def _files(suffix: str) -> list[bytes]:
    """Return a few whole files of a format."""
    dice = random.Random(suffix)
    written = [form for form in forms() if form.suffix == f".{suffix}" and "big5" not in form.name]
    return [form.write(article(dice, 3, odd=form.odd), dice) for form in written for _ in range(2)]


def _changed(data: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    for share, length, piece in changes:
        at = int(share * len(data))
        data = data[:at] + piece + data[at + length :]
    return data


def _changed_within(data: bytes, changes: list[tuple[float, int, bytes]], member: int) -> bytes:
    """Return a zip with one member changed before it is packed: its check sum is right."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        names = old.namelist()
        for name in names:
            content = old.read(name)
            new.writestr(name, _changed(content, changes) if name == names[member % len(names)] else content)
    return buffer.getvalue()


def _read_damaged(sandbox: Sandbox, kind: str, data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from(_files(kind)))
    changes = data.draw(_CHANGES)
    if kind in ("docx", "xlsx") and data.draw(st.booleans()):
        damaged = _changed_within(whole, changes, data.draw(st.integers(0, 20)))
    else:
        damaged = data.draw(
            st.sampled_from([_changed(whole, changes), whole[: int(changes[0][0] * len(whole))]])
        )
    stopped = sandbox.stopped
    try:
        assert all(isinstance(document, Document) for document in sandbox.read(kind, damaged))
    except UnreadableError as error:
        _check_message(str(error))
    assert sandbox.stopped == stopped, "the process did not survive"


def _read_packed(sandbox: Sandbox, kind: str, data: st.DataObject) -> None:
    packing = data.draw(st.sampled_from([".gz", ".xz", ".zip", ""]))
    whole = data.draw(st.sampled_from(_files(kind)))
    name = data.draw(
        st.sampled_from([f"a.{kind}", "a", "a.txt", "a.docx", "a.zip", "a.jsonl", "a.csv", "a.pdf"])
    )
    inner = _changed(whole, data.draw(_CHANGES)) if data.draw(st.booleans()) else whole
    packed = pack(inner, name, packing)
    if data.draw(st.booleans()):
        packed = _changed(packed, data.draw(_CHANGES))
    _check_parts(packed, name + packing, sandbox)


def _check_parts(data: bytes, name: str, sandbox: Sandbox) -> None:
    parts = list(read_parts(io.BufferedReader(io.BytesIO(data), HEAD_BYTES), name, sandbox))
    assert parts
    for part in parts:
        assert isinstance(part, Part)
        if isinstance(part.result, str):
            _check_message(part.result)
        else:
            part.result.text.encode()


def _check_message(message: str) -> None:
    assert "；" in message
    assert "\n" not in message


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_files(sandbox: Sandbox, kind: str) -> None:
    _QUICK(given(data=st.data())(lambda data: _read_damaged(sandbox, kind, data)))()


@pytest.mark.parametrize("kind", PACKED)
def test_damaged_packings(sandbox: Sandbox, kind: str) -> None:
    _QUICK(given(data=st.data())(lambda data: _read_packed(sandbox, kind, data)))()


@_QUICK
@given(
    data=st.binary(max_size=300), name=st.sampled_from(["a", "a.txt", "a.html", "a.zip", "a.jsonl", "a.pdf"])
)
def test_random_bytes(sandbox: Sandbox, data: bytes, name: str) -> None:
    _check_parts(data, name, sandbox)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_many_damaged_files(sandbox: Sandbox, kind: str) -> None:
    _LONG(given(data=st.data())(lambda data: _read_damaged(sandbox, kind, data)))()


@pytest.mark.slow
@pytest.mark.parametrize("kind", PACKED)
def test_many_damaged_packings(sandbox: Sandbox, kind: str) -> None:
    _LONG(given(data=st.data())(lambda data: _read_packed(sandbox, kind, data)))()
