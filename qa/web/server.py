"""Serves the page over HTTP, to nobody but its visitors: nothing is loaded from, or sent to, another host."""

import socket
from collections.abc import Awaitable, Callable, MutableMapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from index.errors import InputError

if TYPE_CHECKING:
    import gradio

# Gradio builds its interface with inline scripts and styles; everything else must come from this server.
_HEADERS = {
    "content-security-policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_FONTS = ("system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "sans-serif")

_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]
_Asgi = Callable[[_Message, _Receive, _Send], Awaitable[None]]


def run(page: "gradio.Blocks", host: str, port: int, started: Callable[[str], None] | None = None) -> None:
    """Serve the page until interrupted; `started` gets its address once it can be reached.

    Port 0 means any free one. InputError if the address cannot be listened on.
    """
    import uvicorn

    listener = _listen(host, port)
    config = uvicorn.Config(application(page), log_level="warning", timeout_graceful_shutdown=2)
    if started:
        shown = f"[{host}]" if ":" in host else host
        started(f"http://{shown}:{listener.getsockname()[1]}")
    uvicorn.Server(config).run(sockets=[listener])


def application(page: "gradio.Blocks") -> _Asgi:
    """Return the web application: the page in system fonts, with strict headers."""
    import gradio
    from fastapi import FastAPI

    app = gradio.mount_gradio_app(
        FastAPI(docs_url=None, redoc_url=None, openapi_url=None),
        page,
        path="/",
        theme=gradio.themes.Default(
            primary_hue="blue",
            font=[gradio.themes.Font(name) for name in _FONTS],
            font_mono=[gradio.themes.Font("ui-monospace"), gradio.themes.Font("monospace")],
        ),
        css=(files("qa.web") / "page.css").read_text(encoding="utf-8"),
        js="() => { document.documentElement.lang = 'zh'; }",
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        max_file_size=1,  # nobody needs to upload anything
    )
    return _with_headers(app)


def _with_headers(app: _Asgi) -> _Asgi:
    """Add the security headers to every response; a plain wrapper, because streams must not be buffered."""
    extra = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]

    async def wrapped(scope: _Message, receive: _Receive, send: _Send) -> None:
        async def send_with_headers(message: _Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *extra]
            await send(message)

        await app(scope, receive, send_with_headers)

    return wrapped


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        raise InputError(f"无法在 {host}:{port} 提供网页（{error}）：请换一个 --port 或 --host。") from error
