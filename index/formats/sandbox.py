"""Sandbox: formats that a file can abuse are read by a process of their own, with limits; see `worker`.

The process is started when it is first needed and stays; when it dies, the next file gets a new one. It
answers in lines of JSON, so nothing that comes back can be more than a document.
"""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from index.formats.document import Document, UnreadableError
from index.formats.limits import MEMORY_BYTES, SECONDS

_ROOT = Path(__file__).parent.parent.parent


class Sandbox:
    """Reads documents in a process of its own; a context, or to be closed."""

    def __init__(self, seconds: int = SECONDS, memory: int = MEMORY_BYTES) -> None:
        self.stopped = 0
        """How many files the process did not survive: time, memory or a fault."""
        self._seconds = seconds
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, kind: str, data: bytes) -> Iterator[Document]:
        """The documents of a file of this format; UnreadableError where they cannot be had in time."""
        begun = time.monotonic()
        survived = False
        try:
            for answer in self._ask(kind, data):
                if "document" in answer:
                    yield Document(**{**answer["document"], "pages": tuple(answer["document"]["pages"])})
                    continue
                survived = not answer.get("last")
                self.stopped += not survived
                if "error" in answer:
                    raise UnreadableError(answer["error"])
                return
            self.stopped += 1
            if time.monotonic() - begun >= self._seconds:
                raise UnreadableError(f"读了 {self._seconds} 秒还没有读完，已中止；请拆分，或另存为 .txt")
            raise UnreadableError("读取时中止，文件多半已损坏；请用原来的软件打开后另存")
        finally:
            if not survived:  # or the caller went away with answers still to come
                self.close()

    def _ask(self, kind: str, data: bytes) -> Iterator[dict[str, Any]]:
        """What the process answers, to the end of its output if it dies."""
        if self._process is None:
            self._process = _start(self._seconds, self._memory)
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            return
        try:
            stdin.write(json.dumps({"kind": kind, "size": len(data)}).encode() + b"\n" + data)
            stdin.flush()
        except OSError:  # it died before it had read everything
            return
        for line in stdout:
            yield json.loads(line)

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # of what was not flushed
                    pipe.close()
        process.wait()


def _start(seconds: int, memory: int) -> "subprocess.Popen[bytes]":
    path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
    # -P: no module of the folder that happens to be current, which may be the one that is being read
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "index.formats.worker", str(seconds), str(memory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    )
