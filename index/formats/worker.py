"""Worker: the process that reads risky formats; takes files from `sandbox`, answers in lines of JSON."""

import contextlib
import faulthandler
import json
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from importlib import import_module
from typing import Any

from index.formats.document import Document, UnreadableError

READERS = {
    "html": "read_html",
    "mhtml": "read_mhtml",
    "pdf": "read_pdf",
    "docx": "read_docx",
    "xlsx": "read_xlsx",
    "csv": "read_csv",
}
"""The reader of each format, in the module of its name: bytes in, one document or several out."""


def main() -> None:
    """Serve until standard input ends; the arguments are the seconds and the bytes that a file may take."""
    seconds, memory = map(int, sys.argv[1:])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's, which ends this process
    _limit_memory(memory)
    requests = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not come between the answers
    while header := requests.readline():
        request = json.loads(header)
        data = requests.read(request["size"])
        # kept by a thread of C, which ends this process whatever Python is at
        faulthandler.dump_traceback_later(seconds, exit=True)
        for answer in answer_to(request["kind"], data):
            answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()
        faulthandler.cancel_dump_traceback_later()
        if "last" in answer:
            return


def answer_to(kind: str, data: bytes) -> Iterator[dict[str, Any]]:
    """What is answered about a file: its documents, and an object without one, empty or with an error."""
    try:
        for document in read(kind, data):
            fields = asdict(document)
            yield {"document": {name: _whole(v) if isinstance(v, str) else v for name, v in fields.items()}}
        yield {}
    except UnreadableError as error:
        yield {"error": str(error)}
    except Exception as error:  # whatever a damaged file makes a library raise
        if (
            isinstance(error, MemoryError) or "memory" in str(error).lower()
        ):  # of C, where it is no MemoryError
            yield {"error": "内存不足，没有读完；请拆分，或另存为 .txt", "last": True}
        else:
            yield {"error": "文件已损坏，或不合格式；请用原来的软件打开后另存"}


def read(kind: str, data: bytes) -> Iterable[Document]:
    """The documents of a file, read in this process; raises whatever the reader of its format does."""
    module = import_module(f"index.formats.{kind}")
    reader: Callable[[bytes], Document | Iterable[Document]] = getattr(module, READERS[kind])
    result = reader(data)
    return [result] if isinstance(result, Document) else result


def _whole(text: str) -> str:
    """The text with halves of surrogate pairs joined, or made U+FFFD: no store takes them."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _limit_memory(size: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # where the system has no such limit
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (size, hard))


if __name__ == "__main__":
    main()
