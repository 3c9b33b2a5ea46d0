"""The sandbox: files that take too long, or too much, are named; the next one is read."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.formats.document import UnreadableError
from index.formats.sandbox import Sandbox

PAGE = "<p>某市公布奖励办法。</p>".encode()
LARGE = "<p>字。".encode() * 500_000
ROOT = Path(__file__).parent.parent


def texts(sandbox: Sandbox, kind: str = "html", data: bytes = PAGE) -> list[str]:
    return [document.text for document in sandbox.read(kind, data)]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """Yield the processes that were started; all must have ended at the end."""
    processes: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, *args: object, **options: object) -> None:
            super().__init__(*args, **options)  # type: ignore[call-overload]
            processes.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    yield processes
    assert all(process.returncode is not None for process in processes)


def test_one_process_reads_many_files(started: list[object]) -> None:
    with Sandbox() as sandbox:
        assert [texts(sandbox) for _ in range(5)] == [["某市公布奖励办法。\n"]] * 5
        rows = "标题,正文\n甲,一。\n乙,二。\n".encode()
        assert [d.part for d in sandbox.read("csv", rows)] == ["2", "3"]
    assert len(started) == 1
    assert sandbox.stopped == 0


def test_nothing_is_started_without_need(started: list[object]) -> None:
    with Sandbox():
        pass
    assert not started


@pytest.mark.parametrize(
    ("data", "said"), [(b"<p></p>", "没有文字"), (b"", "没有文字"), (b"\xff\x00\xff", "编码")]
)
def test_a_reader_s_own_error_keeps_the_process(data: bytes, said: str, started: list[object]) -> None:
    with Sandbox() as sandbox:
        with pytest.raises(UnreadableError, match=said):
            texts(sandbox, data=data)
        assert texts(sandbox)
    assert len(started) == 1


@pytest.mark.parametrize(
    ("options", "said"), [({"seconds": 1}, "读了 1 秒"), ({"memory": 150_000_000}, "内存不足")]
)
@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux alone")
def test_too_long_or_too_much(options: dict[str, int], said: str, started: list[object]) -> None:
    with Sandbox(**options) as sandbox:
        begun = time.monotonic()
        with pytest.raises(UnreadableError, match=said) as raised:
            texts(sandbox, data=LARGE)
        assert "；" in str(raised.value)
        assert time.monotonic() - begun < 10
        assert texts(sandbox)
    assert sandbox.stopped == 1
    assert len(started) == 2


def test_process_that_dies_is_replaced(started: list["subprocess.Popen[bytes]"]) -> None:
    with Sandbox() as sandbox:
        assert texts(sandbox)
        started[0].kill()
        started[0].wait()
        with pytest.raises(UnreadableError, match="中止"):
            texts(sandbox)
        assert texts(sandbox)


def test_answers_that_nobody_waits_for_end_the_process(started: list[object]) -> None:
    rows = "标题,正文\n甲,一。\n乙,二。\n".encode()
    with Sandbox() as sandbox:
        documents = sandbox.read("csv", rows)
        next(documents)
        documents.close()  # type: ignore[attr-defined]
        assert texts(sandbox) == ["某市公布奖励办法。\n"]


def test_modules_of_the_current_folder_are_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json", "lxml", "html", "index"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with Sandbox() as sandbox:
        assert texts(sandbox)


_READ_FOR_EVER = f"""
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job is born deaf to it
sys.path.insert(0, {str(ROOT)!r})
from index.formats.sandbox import Sandbox
with Sandbox() as sandbox:
    print(len(list(sandbox.read("html", b"<p>x"))), sandbox._process.pid, flush=True)
    list(sandbox.read("html", "<p>\u5b57\u3002".encode() * 3_000_000))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_nothing_is_left_when_the_parent_is_ended(signum: signal.Signals) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", _READ_FOR_EVER],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    assert parent.stdout
    with parent, parent.stdout:
        worker = int(parent.stdout.readline().split()[1])
        os.killpg(parent.pid, signum)
        assert parent.wait(10) != 0
    deadline = time.monotonic() + 10
    while _runs(worker):
        assert time.monotonic() < deadline, "the worker goes on"
        time.sleep(0.05)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
