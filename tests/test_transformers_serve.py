"""A real OpenAI-compatible server: `transformers serve` with a tiny real model, over a real connection."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from qa import PolicyQA
from qa.generation.local import LocalChat
from qa.generation.remote import RemoteChat
from tests.tiny_model import make_model

pytestmark = pytest.mark.slow
MESSAGES = [{"role": "user", "content": "智能工厂有多少家"}]
START_SECONDS = 120


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a tiny model with a chat template, without which the server takes no chat."""
    folder = make_model(tmp_path_factory.mktemp("model"), 4096)
    path = folder / "tokenizer_config.json"
    settings = json.loads(path.read_text("utf-8"))
    settings["chat_template"] = "{% for m in messages %}{{ m['content'] }}\n{% endfor %}回答："
    path.write_text(json.dumps(settings), "utf-8")
    return folder


@pytest.fixture(scope="module")
def base(model: Path) -> Iterator[str]:
    """Yield the address of the server, once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = str(Path(sys.executable).with_name("transformers"))
    place = ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    log = model / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [program, "serve", *place, str(model)],
            env=os.environ | {"HF_HUB_OFFLINE": "1"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while True:
            assert server.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < deadline, log.read_text("utf-8")
            try:
                httpx.get(f"http://127.0.0.1:{port}/health").raise_for_status()
                break
            except httpx.HTTPError:
                time.sleep(0.3)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.terminate()
        server.wait(30)


def test_it_says_what_the_same_model_says_here(base: str, model: Path) -> None:
    pieces = [piece for piece in RemoteChat(str(model), api_base=base).stream(MESSAGES, 24) if piece]
    assert len(pieces) > 1
    assert "".join(pieces).strip() == "".join(LocalChat(str(model)).stream(MESSAGES, 24)).strip()


def test_a_reader_who_leaves_is_served_again(base: str, model: Path) -> None:
    chat = RemoteChat(str(model), api_base=base)
    pieces = chat.stream(MESSAGES, 2000)
    assert any(next(pieces) for _ in range(1000))
    pieces.close()  # type: ignore[attr-defined]
    assert [piece for piece in chat.stream(MESSAGES, 4) if piece]


def test_its_gibberish_gives_the_articles_own_sentences(base: str, model: Path, small: PolicyQA) -> None:
    with PolicyQA.open(small.info().path, generator=f"remote:{model}", api_base=base) as qa:
        answer = qa.ask("天津2024年累计建成多少家智能工厂和数字化车间？")
    assert "450家" in answer.text
    assert "摘录原文" in answer.notes[0]
