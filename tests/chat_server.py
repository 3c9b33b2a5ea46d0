"""A small OpenAI-compatible server on loopback that says what a test tells it to, well or badly."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[[BaseHTTPRequestHandler], None]


class Server(ThreadingHTTPServer):
    """Answers every request as `reply` does and keeps what it was sent."""

    def __init__(self, reply: Reply) -> None:
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
def serving(reply: Reply) -> Iterator[Server]:
    """Run a server that replies so."""
    server = Server(reply)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def event(content: str | None) -> bytes:
    """Return one event of a stream."""
    said = {"choices": [{"delta": {"content": content}}]}
    return f"data: {json.dumps(said, ensure_ascii=False)}\n\n".encode()


def send(*lines: bytes, promised: int | None = None) -> Reply:
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


def fail(status: int, body: str, retry_after: str = "") -> Reply:
    """Reply with an error; `retry_after` is the header of this name where it is given."""

    def reply(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Length", str(len(body.encode())))
        if retry_after:
            request.send_header("Retry-After", retry_after)
        request.end_headers()
        request.wfile.write(body.encode())

    return reply
