"""A chat model behind any OpenAI-compatible server (vLLM, SGLang, transformers serve, Ollama, hosted)."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urlsplit

import httpx

from index.errors import GenerationError, InputError

_PULSE_SECONDS = 0.5
"""How often a reader hears of a silent server, and can leave."""
_COMPLAINT = 200
"""Characters of what a server says of its failure."""
_WORTH_ANOTHER_TRY = frozenset({408, 409, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server is waited for, in seconds, and how often it is asked again before it says a word."""

    connect: float = 10.0
    silence: float = 60.0
    """Without a single byte."""
    whole: float = 300.0
    """For one reply, all tries together."""
    tries: int = 3
    pause: float = 1.0
    """Before the second try, doubled before each further one; a server's own Retry-After counts instead."""
    longest_pause: float = 20.0


class RemoteChat:
    """Streams replies of `model` from the server at `api_base` (such as http://127.0.0.1:8000/v1)."""

    def __init__(
        self,
        model: str,
        *,
        api_base: str,
        api_key: str = "",
        patience: Patience = Patience(),
    ) -> None:
        if not api_base:
            raise InputError(
                "没有设置模型服务的地址：请设置环境变量 WENCE_API_BASE，例如 http://127.0.0.1:8000/v1"
            )
        if not (api_key.isascii() and api_key.isprintable()) or " " in api_key:
            raise InputError("模型服务的密钥含有中文、空格或换行一类的字符：请检查环境变量 WENCE_API_KEY")
        self._model = model
        self._url = _address(api_base).rstrip("/") + "/chat/completions"
        self._key = api_key
        self._patience = patience

    def fits(self, messages: Sequence[Mapping[str, str]], max_tokens: int) -> bool:  # noqa: ARG002
        """Say yes: a server does not tell how much its model can read."""
        return True

    def stream(self, messages: Sequence[Mapping[str, str]], max_tokens: int) -> Iterator[str]:
        """Yield the reply in pieces; raises GenerationError that names the server and what it said."""
        body = {
            "model": self._model,
            "messages": list(messages),
            "stream": True,
            "temperature": 0,
            "max_tokens": max_tokens,
        }
        # The connection lives in a loop of its own, where it can be dropped at any moment, even while the
        # server says nothing.
        said: SimpleQueue[str | Exception | None] = SimpleQueue()
        reader = _Reader(self._read(body), said)
        deadline = time.monotonic() + self._patience.whole
        try:
            while True:
                try:
                    piece = said.get(timeout=_PULSE_SECONDS)
                except Empty:
                    piece = ""
                if piece is None:
                    return
                if isinstance(piece, Exception):
                    raise piece
                if time.monotonic() > deadline:
                    raise GenerationError(
                        f"模型服务 {self._url} 在 {self._patience.whole:.0f} 秒内没有写完：请换快一些的服务"
                    )
                yield piece
        finally:
            reader.stop()

    async def _read(self, body: Mapping[str, Any]) -> AsyncIterator[str]:
        """Yield the pieces of a reply; a server that is busy before it said anything is asked again."""
        patience = self._patience
        timeout = httpx.Timeout(patience.silence, connect=patience.connect)
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        try:
            async with httpx.AsyncClient(timeout=timeout, headers=headers) as client:
                spoken = False
                for attempt in range(patience.tries):
                    last = attempt == patience.tries - 1
                    pause = min(patience.pause * 2**attempt, patience.longest_pause)
                    try:
                        async with client.stream("POST", self._url, json=body) as response:
                            if response.status_code == httpx.codes.OK:
                                async for content in _contents(response.aiter_lines(), self._url):
                                    spoken = True
                                    yield content
                                return
                            asked = response.headers.get("retry-after", "")
                            pause = float(asked) if asked.isdecimal() else pause
                            again = response.status_code in _WORTH_ANOTHER_TRY
                            if last or not again or pause > patience.longest_pause:
                                raise GenerationError(await self._complaint(response))
                    except (httpx.ConnectError, httpx.ReadError, httpx.RemoteProtocolError):
                        if last or spoken:
                            raise
                    await asyncio.sleep(pause)
        except httpx.HTTPError as error:
            what = "等不到回音" if isinstance(error, httpx.TimeoutException) else str(error)
            raise GenerationError(f"连不上模型服务 {self._url}（{what}）：请检查地址和网络") from error

    async def _complaint(self, response: httpx.Response) -> str:
        said = ""
        async for part in response.aiter_text():
            said += part
            if len(said) > _COMPLAINT:
                break
        said = " ".join(said.split())
        if self._key:  # some servers repeat the key they were sent
            said = said.replace(self._key, "***")
        said = said[:_COMPLAINT]
        return f"模型服务 {self._url} 返回 {response.status_code}：{said}；请检查模型名、密钥和服务状态"


def _address(api_base: str) -> str:
    """Return the address if a request can go there; InputError otherwise."""
    try:
        url = urlsplit(api_base)
        usable = url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
    except ValueError:  # brackets that do not close, a port that cannot be
        usable = False
    if not usable:
        raise InputError(
            f"模型服务的地址「{api_base}」不能用：环境变量 WENCE_API_BASE 应像 http://127.0.0.1:8000/v1 这样"
        )
    return api_base


class _Reader:
    """Runs an asynchronous iterator in a thread; puts its items in a queue, then None or what it raised."""

    def __init__(self, items: AsyncIterator[str], queue: "SimpleQueue[str | Exception | None]") -> None:
        self._items, self._queue = items, queue
        self._loop = asyncio.new_event_loop()
        self._task = self._loop.create_task(self._run())
        self._thread = threading.Thread(target=self._work, name="wence-remote-model")
        self._thread.start()

    def stop(self) -> None:
        """Drop the connection, wherever it stands, and wait until it is gone."""
        with suppress(RuntimeError):  # the loop has closed: it is done
            self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join()

    def _work(self) -> None:
        try:
            self._loop.run_until_complete(asyncio.gather(self._task, return_exceptions=True))
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        finally:
            self._loop.close()

    async def _run(self) -> None:
        try:
            async for item in self._items:
                self._queue.put(item)
            self._queue.put(None)
        except Exception as error:  # raised again in the reader's thread
            self._queue.put(error)


async def _contents(lines: AsyncIterator[str], url: str) -> AsyncIterator[str]:
    """Yield the text of each server-sent event until the reply is finished.

    Its end is told by [DONE] or, by some servers, by a reason for finishing; without either it was cut off.
    """
    finished = False
    async for line in lines:
        if not line.startswith("data:"):
            continue
        data = line.removeprefix("data:").strip()
        if data == "[DONE]":
            return
        try:
            choices = json.loads(data)["choices"]
            content = str(choices[0]["delta"].get("content") or "") if choices else ""
            finished = finished or bool(choices and choices[0].get("finish_reason"))
        except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            raise GenerationError(f"模型服务 {url} 的回答不是 OpenAI 格式：请检查服务") from error
        if content:
            yield content
    if not finished:
        raise GenerationError(f"模型服务 {url} 的回答中途断开：请重试")
