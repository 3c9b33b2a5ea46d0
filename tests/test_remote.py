"""A chat model behind a server: real connections to a small server on loopback, good and bad."""

import json
import logging
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler
from itertools import pairwise

import pytest

from index.embedders import load_embedder
from index.errors import GenerationError, InputError
from index.retriever import Retriever
from index.store import Store
from qa import Answer, PolicyQA
from qa.generation import load_generator
from qa.generation.model import ModelGenerator
from qa.generation.remote import Patience, RemoteChat
from tests.chat_server import Reply, Server, event, fail, send, serving

KEY = "sk-secret-1234"
MESSAGES = [{"role": "system", "content": "规则"}, {"role": "user", "content": "问题"}]


HASTY = Patience(connect=2, silence=0.6, whole=3, tries=3, pause=0.01, longest_pause=2)


def _chat(server: Server, key: str = KEY, patience: Patience = HASTY) -> RemoteChat:
    return RemoteChat("模型-7b", api_base=server.base, api_key=key, patience=patience)


def _read(server: Server, key: str = KEY, patience: Patience = HASTY) -> list[str]:
    return [piece for piece in _chat(server, key, patience).stream(MESSAGES, 256) if piece]


GOOD = send(
    event(None), event("共450"), event(""), b": keep-alive\n\n", event("家[1]。"), b"data: [DONE]\n\n"
)


def test_a_good_stream_is_read_in_pieces() -> None:
    with serving(GOOD) as server:
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
    with serving(send(event("好。"), usage, b"data: [DONE]\n\n")) as server:
        assert _read(server) == ["好。"]


def test_a_reason_for_finishing_is_an_end_too() -> None:
    finished = b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\n'
    with serving(send(event("好。"), finished)) as server:
        assert _read(server) == ["好。"]


def test_without_a_key_none_is_sent() -> None:
    with serving(GOOD) as server:
        _read(server, key="")
    assert "Authorization" not in server.requests[0][1]


def test_a_slash_behind_the_address_changes_nothing() -> None:
    with serving(GOOD) as server:
        list(RemoteChat("m", api_base=server.base + "/").stream(MESSAGES, 8))
    assert server.requests[0][0] == "/v1/chat/completions"


def test_pieces_arrive_before_the_reply_ends() -> None:
    go_on = threading.Event()

    def reply(request: BaseHTTPRequestHandler) -> None:
        send(event("先。"))(request)
        assert go_on.wait(10)
        request.wfile.write(event("后。") + b"data: [DONE]\n\n")

    with serving(reply) as server:
        pieces = _chat(server).stream(MESSAGES, 8)
        assert next(pieces) == "先。"
        go_on.set()
        assert list(pieces) == ["后。"]


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (fail(401, "invalid key"), "401：invalid key"),
        (fail(429, '{"error": "slow\\ndown"}\n\n'), "429"),
        (fail(500, "boom\nat line 1\n" + "x" * 5000), "500：boom at line 1"),
        (fail(302, ""), "302"),
        (send(b"data: {not json\n\n"), "OpenAI"),
        (send(b'data: {"error": {"message": "overloaded"}}\n\n'), "OpenAI"),
        (send(b'data: {"choices": [{"text": "old"}]}\n\n'), "OpenAI"),
        (send(b"data: [1, 2]\n\n"), "OpenAI"),
        (send(b'data: {"choices": "x"}\n\n'), "OpenAI"),
        (send(b"<html>it works</html>\n"), "断开"),
        (send(), "断开"),
        (send(event("共450")), "断开"),
        (send(event("共450"), promised=9999), "连不上"),
    ],
)
def test_a_bad_reply_is_one_line_that_names_the_server(reply: Reply, said: str) -> None:
    with serving(reply) as server, pytest.raises(GenerationError) as caught:
        _read(server)
    message = str(caught.value)
    assert said in message
    assert server.base in message
    assert "请" in message
    assert "\n" not in message
    assert len(message) < 400
    assert KEY not in message


def test_what_came_before_a_break_was_given() -> None:
    with serving(send(event("共450家[1]。"), event("此前"))) as server:
        pieces = _chat(server).stream(MESSAGES, 8)
        assert [next(pieces), next(pieces)] == ["共450家[1]。", "此前"]
        with pytest.raises(GenerationError):
            next(pieces)


def test_a_connection_that_is_cut_without_a_reply_is_an_error() -> None:
    def reply(request: BaseHTTPRequestHandler) -> None:
        request.connection.shutdown(socket.SHUT_RDWR)

    with serving(reply) as server, pytest.raises(GenerationError, match="连不上模型服务"):
        _read(server)


def test_a_reply_that_stops_while_the_connection_stays_half_open_is_an_error() -> None:
    def reply(request: BaseHTTPRequestHandler) -> None:
        send(event("共450"), promised=9999)(request)
        request.connection.shutdown(socket.SHUT_WR)

    with serving(reply) as server, pytest.raises(GenerationError):
        _read(server)


def test_a_server_that_is_not_there_is_an_error() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    with pytest.raises(GenerationError, match=f"连不上模型服务 {base}"):
        list(RemoteChat("m", api_base=base, patience=HASTY).stream(MESSAGES, 8))


@pytest.mark.parametrize(
    "base", ["127.0.0.1:8000", "ftp://127.0.0.1/v1", "http://[", "http://127.0.0.1:99999"]
)
def test_an_address_that_is_none_is_a_clear_error(base: str) -> None:
    with pytest.raises(InputError, match="WENCE_API_BASE"):
        RemoteChat("m", api_base=base)


def test_no_address_is_a_clear_error() -> None:
    with pytest.raises(InputError, match="WENCE_API_BASE"):
        load_generator("remote:m")


@pytest.mark.parametrize("key", ["密钥", "sk-1\nX-Other: 1", "sk 1", " "])
def test_a_key_that_no_header_can_carry_is_a_clear_error(key: str) -> None:
    with pytest.raises(InputError, match="WENCE_API_KEY"):
        RemoteChat("m", api_base="http://127.0.0.1:9/v1", api_key=key)


# Servers that are busy, slow or gone


class Moody:
    """Replies in one way after the other; the last way stays."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.times: list[float] = []

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        self.times.append(time.monotonic())
        (self.replies.pop(0) if len(self.replies) > 1 else self.replies[0])(request)


def _cut(request: BaseHTTPRequestHandler) -> None:
    request.connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again(status: int) -> None:
    with serving(Moody(fail(status, "busy"), fail(status, "busy"), GOOD)) as server:
        assert _read(server) == ["共450", "家[1]。"]
    assert len(server.requests) == 3
    assert server.requests[0][2] == server.requests[2][2]


def test_a_server_that_hangs_up_without_a_word_is_asked_again() -> None:
    with serving(Moody(_cut, GOOD)) as server:
        assert _read(server) == ["共450", "家[1]。"]


@pytest.mark.parametrize(("status", "tries"), [(400, 1), (401, 1), (404, 1), (429, 3), (503, 3)])
def test_only_what_may_pass_is_tried_again_and_not_for_ever(status: int, tries: int) -> None:
    with serving(fail(status, "no")) as server, pytest.raises(GenerationError, match=str(status)):
        _read(server)
    assert len(server.requests) == tries


def test_what_was_said_is_not_said_again() -> None:
    with serving(Moody(send(event("共450"), promised=999), GOOD)) as server, pytest.raises(GenerationError):
        _read(server)
    assert len(server.requests) == 1


def test_each_pause_is_longer_than_the_one_before() -> None:
    moody = Moody(fail(503, "busy"))
    with serving(moody) as server, pytest.raises(GenerationError):
        _read(server, patience=Patience(tries=3, pause=0.2))
    first, second = (b - a for a, b in pairwise(moody.times))
    assert 0.2 <= first < second


def test_a_server_says_itself_how_long_to_wait() -> None:
    moody = Moody(fail(429, "busy", retry_after="1"), GOOD)
    with serving(moody) as server:
        assert _read(server)
    assert moody.times[1] - moody.times[0] >= 1


def test_too_long_a_wait_is_not_waited_for() -> None:
    started = time.monotonic()
    with (
        serving(fail(429, "busy", retry_after="3600")) as server,
        pytest.raises(GenerationError, match="429"),
    ):
        _read(server)
    assert time.monotonic() - started < 2
    assert len(server.requests) == 1


def test_a_silent_server_is_an_error_after_a_while_and_can_be_left_before() -> None:
    released = threading.Event()

    def silent(request: BaseHTTPRequestHandler) -> None:
        send(event("先。"))(request)
        released.wait(10)

    with serving(silent) as server:
        try:
            with pytest.raises(GenerationError, match="等不到"):
                _read(server)
            pieces = _chat(server, patience=Patience()).stream(MESSAGES, 8)
            assert next(pieces) == "先。"
            assert next(pieces) == ""  # a sign of life of the waiting itself
            started = time.monotonic()
            pieces.close()  # type: ignore[attr-defined]
            assert time.monotonic() - started < 1
        finally:
            released.set()
    assert not [thread for thread in threading.enumerate() if thread.name == "wence-remote-model"]


def test_a_server_learns_that_its_reader_left() -> None:
    left = threading.Event()

    def talkative(request: BaseHTTPRequestHandler) -> None:
        send(event("先。"))(request)
        try:
            while True:
                request.wfile.write(event("又。"))
                time.sleep(0.01)
        except OSError:
            left.set()

    with serving(talkative) as server:
        pieces = _chat(server).stream(MESSAGES, 8)
        next(pieces)
        pieces.close()  # type: ignore[attr-defined]
        assert left.wait(5)


def test_a_reply_that_trickles_without_end_is_an_error() -> None:
    def trickle(request: BaseHTTPRequestHandler) -> None:
        send(event("先"))(request)
        try:
            while True:
                request.wfile.write(event("滴"))
                time.sleep(0.05)
        except OSError:
            return

    with serving(trickle) as server, pytest.raises(GenerationError, match="没有写完"):
        _read(server, patience=Patience(whole=1))


def test_slow_tokens_are_waited_for() -> None:
    def slow(request: BaseHTTPRequestHandler) -> None:
        send()(request)
        for piece in ("共", "450", "家[1]。"):
            time.sleep(0.3)
            request.wfile.write(event(piece))
        request.wfile.write(b"data: [DONE]\n\n")

    with serving(slow) as server:
        assert _read(server) == ["共", "450", "家[1]。"]


def test_an_endless_complaint_is_cut() -> None:
    def endless(request: BaseHTTPRequestHandler) -> None:
        request.send_response(400)
        request.end_headers()
        try:
            while True:
                request.wfile.write(b"no " * 1000)
        except OSError:
            return

    with serving(endless) as server, pytest.raises(GenerationError, match="400") as caught:
        _read(server)
    assert len(str(caught.value)) < 400


def test_the_key_is_in_no_message_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    refusing = fail(401, f"Incorrect API key provided: {KEY}")
    with serving(refusing) as server, pytest.raises(GenerationError) as caught:
        _read(server)
    assert "401：Incorrect API key provided: ***" in str(caught.value)
    with serving(GOOD) as server:
        _read(server)
    assert KEY not in caplog.text
    assert KEY not in repr(_chat(server))


COUNT = "截至2024年底，全市累计建成智能工厂和数字化车间450家。"
QUESTION = "天津2024年累计建成多少家智能工厂和数字化车间？"


def _asking(reply: Reply, small: PolicyQA) -> tuple[Answer, Server]:
    store = Store.open(small.info().path)
    with serving(reply) as server:
        writer = ModelGenerator("remote:m", _chat(server))
        with PolicyQA(store, Retriever(store, load_embedder()), writer, None, None) as qa:
            return qa.ask(QUESTION), server


def test_an_answer_is_written_by_the_server_and_verified(small: PolicyQA) -> None:
    answer, server = _asking(send(event(COUNT[:-1] + "[1]。"), b"data: [DONE]\n\n"), small)
    assert [claim.text for claim in answer.claims] == [COUNT]
    assert answer.citations[0].article_id == "tianjin-2024"
    assert answer.notes == ()
    sent = server.requests[0][2]
    assert QUESTION in sent["messages"][-1]["content"]
    assert KEY not in json.dumps(sent["messages"])


def test_a_server_that_fails_gives_the_extractive_answer_and_a_note(small: PolicyQA) -> None:
    answer, _ = _asking(fail(500, "boom"), small)
    assert "450家" in answer.text
    assert answer.refusal is None
    assert "500" in answer.notes[0]
    assert KEY not in str(answer)
