"""The worker's answers: documents as JSON can hold them, every failure as one line."""

import json

import pytest

from index.formats import worker
from index.formats.document import Document, UnreadableError


def answers(monkeypatch: pytest.MonkeyPatch, result: object) -> list[dict[str, object]]:
    def read(kind: str, data: bytes) -> list[Document]:
        if isinstance(result, Exception):
            raise result
        assert isinstance(result, list)
        return result

    monkeypatch.setattr(worker, "read", read)
    return [json.loads(json.dumps(answer)) for answer in worker.answer_to("html", b"")]


def test_surrogates_are_joined_or_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    document, end = answers(monkeypatch, [Document("\ud83c\udfed与\ud800", pages=(0,))])
    fields = document["document"]
    assert isinstance(fields, dict)
    assert (fields["text"], fields["pages"], end) == ("🏭与\ufffd", [0], {})


@pytest.mark.parametrize(
    ("error", "said", "last"),
    [
        (UnreadableError("某种原因；请改正"), "某种原因；请改正", False),
        (KeyError("x"), "已损坏", False),
        (RecursionError(), "已损坏", False),
        (MemoryError(), "内存不足", True),
        (ValueError("Memory allocation failed"), "内存不足", True),
    ],
)
def test_failures(monkeypatch: pytest.MonkeyPatch, error: Exception, said: str, last: bool) -> None:
    (answer,) = answers(monkeypatch, error)
    assert said in str(answer["error"])
    assert bool(answer.get("last")) is last


def test_every_format_has_its_reader() -> None:
    from importlib import import_module

    for kind, function in worker.READERS.items():
        assert callable(getattr(import_module(f"index.formats.{kind}"), function))
