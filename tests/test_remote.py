"""A chat model behind a server: real connections to a small server on loopback, good and bad."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from index.errors import GenerationError, InputError
from qa import PolicyQA
from qa.generation import load_generator
from qa.generation.remote import RemoteChat

KEY = "sk-secret-1234"
MESSAGES = [{"role": "system", "content": "规则"}, {"role": "user", "content": "问题"}]


class Server(ThreadingHTTPServer):
    """Answers every request as `reply` does and keeps what it was sent."""

    def __init__(self, reply: Callable[[BaseHTTPRequestHandler], None]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.reply = reply
        self.requests: list[tuple[str, dict[str, str], dict[str, Any]]] = []

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append((self.path, dict(self.headers), body))
        self.close_connection = True
        self.server.reply(self)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def _serving(reply: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[Server]:
    server = Server(reply)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _event(content: str | None) -> bytes:
    event = {"choices": [{"delta": {"content": content}}]}
    return f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode()


def _send(*lines: bytes, promised: int | None = None) -> Callable[[BaseHTTPRequestHandler], None]:
    """Reply with these lines as an event stream; `promised` bytes are announced where it is given."""

    def reply(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "text/event-stream")
        request.send_header("Connection", "close")
        if promised is not None:
            request.send_header("Content-Length", str(promised))
        request.end_headers()
        for line in lines:
            request.wfile.write(line)
            request.wfile.flush()

    return reply


def _fail(status: int, body: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def reply(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Length", str(len(body.encode())))
        request.end_headers()
        request.wfile.write(body.encode())

    return reply


def _read(server: Server, key: str = KEY) -> list[str]:
    return list(RemoteChat("模型-7b", api_base=server.base, api_key=key).stream(MESSAGES, 256))


GOOD = _send(
    _event(None), _event("共450"), _event(""), b": keep-alive\n\n", _event("家[1]。"), b"data: [DONE]\n\n"
)


def test_a_good_stream_is_read_in_pieces() -> None:
    with _serving(GOOD) as server:
        assert _read(server) == ["共450", "家[1]。"]
    path, headers, body = server.requests[0]
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert body["model"] == "模型-7b"
    assert body["messages"] == MESSAGES
    assert body["stream"] is True
    assert body["temperature"] == 0
    assert body["max_tokens"] == 256
    assert KEY not in json.dumps(body)


def test_a_usage_event_without_choices_is_skipped() -> None:
    usage = b'data: {"choices": [], "usage": {"total_tokens": 9}}\n\n'
    with _serving(_send(_event("好。"), usage, b"data: [DONE]\n\n")) as server:
        assert _read(server) == ["好。"]


def test_without_a_key_none_is_sent() -> None:
    with _serving(GOOD) as server:
        _read(server, key="")
    assert "Authorization" not in server.requests[0][1]


def test_a_slash_behind_the_address_changes_nothing() -> None:
    with _serving(GOOD) as server:
        list(RemoteChat("m", api_base=server.base + "/").stream(MESSAGES, 8))
    assert server.requests[0][0] == "/v1/chat/completions"


def test_pieces_arrive_before_the_reply_ends() -> None:
    go_on = threading.Event()

    def reply(request: BaseHTTPRequestHandler) -> None:
        _send(_event("先。"))(request)
        assert go_on.wait(10)
        request.wfile.write(_event("后。") + b"data: [DONE]\n\n")

    with _serving(reply) as server:
        pieces = RemoteChat("m", api_base=server.base).stream(MESSAGES, 8)
        assert next(pieces) == "先。"
        go_on.set()
        assert list(pieces) == ["后。"]


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (_fail(401, "invalid key"), "401：invalid key"),
        (_fail(429, '{"error": "slow\\ndown"}\n\n'), "429"),
        (_fail(500, "boom\nat line 1\n" + "x" * 5000), "500：boom at line 1"),
        (_fail(302, ""), "302"),
        (_send(b"data: {not json\n\n"), "OpenAI"),
        (_send(b'data: {"error": {"message": "overloaded"}}\n\n'), "OpenAI"),
        (_send(b'data: {"choices": [{"text": "old"}]}\n\n'), "OpenAI"),
        (_send(b"data: [1, 2]\n\n"), "OpenAI"),
        (_send(b'data: {"choices": "x"}\n\n'), "OpenAI"),
        (_send(b"<html>it works</html>\n"), "断开"),
        (_send(), "断开"),
        (_send(_event("共450")), "断开"),
        (_send(_event("共450"), promised=9999), "连不上"),
    ],
)
def test_a_bad_reply_is_one_line_that_names_the_server(
    reply: Callable[[BaseHTTPRequestHandler], None], said: str
) -> None:
    with _serving(reply) as server, pytest.raises(GenerationError) as caught:
        _read(server)
    message = str(caught.value)
    assert said in message
    assert server.base in message
    assert "请" in message
    assert "\n" not in message
    assert len(message) < 400
    assert KEY not in message


def test_what_came_before_a_break_was_given() -> None:
    with _serving(_send(_event("共450家[1]。"), _event("此前"))) as server:
        pieces = RemoteChat("m", api_base=server.base).stream(MESSAGES, 8)
        assert [next(pieces), next(pieces)] == ["共450家[1]。", "此前"]
        with pytest.raises(GenerationError):
            next(pieces)


def test_a_connection_that_is_cut_without_a_reply_is_an_error() -> None:
    def reply(request: BaseHTTPRequestHandler) -> None:
        request.connection.shutdown(socket.SHUT_RDWR)

    with _serving(reply) as server, pytest.raises(GenerationError, match="连不上模型服务"):
        _read(server)


def test_a_reply_that_stops_while_the_connection_stays_half_open_is_an_error() -> None:
    def reply(request: BaseHTTPRequestHandler) -> None:
        _send(_event("共450"), promised=9999)(request)
        request.connection.shutdown(socket.SHUT_WR)

    with _serving(reply) as server, pytest.raises(GenerationError):
        _read(server)


def test_a_server_that_is_not_there_is_an_error() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    with pytest.raises(GenerationError, match=f"连不上模型服务 {base}"):
        list(RemoteChat("m", api_base=base).stream(MESSAGES, 8))


@pytest.mark.parametrize(
    "base", ["127.0.0.1:8000", "ftp://127.0.0.1/v1", "http://[", "http://127.0.0.1:99999"]
)
def test_an_address_that_is_none_is_an_error(base: str) -> None:
    with pytest.raises(GenerationError, match="请检查地址"):
        list(RemoteChat("m", api_base=base).stream(MESSAGES, 8))


def test_no_address_is_a_clear_error() -> None:
    with pytest.raises(InputError, match="WENCE_API_BASE"):
        load_generator("remote:m")


@pytest.mark.parametrize("key", ["密钥", "sk-1\nX-Other: 1", "sk 1", " "])
def test_a_key_that_no_header_can_carry_is_a_clear_error(key: str) -> None:
    with pytest.raises(InputError, match="WENCE_API_KEY"):
        RemoteChat("m", api_base="http://127.0.0.1:9/v1", api_key=key)


COUNT = "截至2024年底，全市累计建成智能工厂和数字化车间450家。"
QUESTION = "天津2024年累计建成多少家智能工厂和数字化车间？"


def _asking(reply: Callable[[BaseHTTPRequestHandler], None], small: PolicyQA) -> tuple[Any, Server]:
    with (
        _serving(reply) as server,
        PolicyQA.open(small.info().path, generator="remote:m", api_base=server.base, api_key=KEY) as qa,
    ):
        return qa.ask(QUESTION), server


def test_an_answer_is_written_by_the_server_and_verified(small: PolicyQA) -> None:
    answer, server = _asking(_send(_event(COUNT[:-1] + "[1]。"), b"data: [DONE]\n\n"), small)
    assert [claim.text for claim in answer.claims] == [COUNT]
    assert answer.citations[0].article_id == "tianjin-2024"
    assert answer.notes == ()
    sent = server.requests[0][2]
    assert QUESTION in sent["messages"][-1]["content"]
    assert KEY not in json.dumps(sent["messages"])


def test_a_server_that_fails_gives_the_extractive_answer_and_a_note(small: PolicyQA) -> None:
    answer, _ = _asking(_fail(500, "boom"), small)
    assert "450家" in answer.text
    assert answer.refusal is None
    assert "500" in answer.notes[0]
    assert KEY not in str(answer)
