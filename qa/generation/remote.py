"""A chat model behind any OpenAI-compatible server (vLLM, SGLang, transformers serve, Ollama, hosted)."""

import json
from collections.abc import Iterator, Mapping, Sequence

import httpx

from index.errors import GenerationError, InputError

_TIMEOUT = httpx.Timeout(60.0, connect=10.0)


class RemoteChat:
    """Streams replies of `model` from the server at `api_base` (such as http://127.0.0.1:8000/v1)."""

    def __init__(self, model: str, *, api_base: str, api_key: str = "") -> None:
        if not api_base:
            raise InputError(
                "没有设置模型服务的地址：请设置环境变量 WENCE_API_BASE，例如 http://127.0.0.1:8000/v1"
            )
        self._model = model
        self._url = api_base.rstrip("/") + "/chat/completions"
        if not (api_key.isascii() and api_key.isprintable()) or " " in api_key:
            raise InputError("模型服务的密钥含有中文、空格或换行一类的字符：请检查环境变量 WENCE_API_KEY")
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}

    def stream(self, messages: Sequence[Mapping[str, str]], max_tokens: int) -> Iterator[str]:
        """Yield the reply in pieces; raises GenerationError that names the server and what it said."""
        body = {
            "model": self._model,
            "messages": list(messages),
            "stream": True,
            "temperature": 0,
            "max_tokens": max_tokens,
        }
        try:
            with httpx.stream(
                "POST", self._url, json=body, headers=self._headers, timeout=_TIMEOUT
            ) as response:
                if response.status_code != httpx.codes.OK:
                    response.read()
                    said = " ".join(response.text.split())[:200]
                    raise GenerationError(
                        f"模型服务 {self._url} 返回 {response.status_code}：{said}；"
                        "请检查模型名、密钥和服务状态"
                    )
                yield from _contents(response.iter_lines(), self._url)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise GenerationError(f"连不上模型服务 {self._url}（{error}）：请检查地址和网络") from error


def _contents(lines: Iterator[str], url: str) -> Iterator[str]:
    """Yield the text of each server-sent event until [DONE]; a stream that ends without it was cut off."""
    for line in lines:
        if not line.startswith("data:"):
            continue
        data = line.removeprefix("data:").strip()
        if data == "[DONE]":
            return
        try:
            choices = json.loads(data)["choices"]
            content = str(choices[0]["delta"].get("content") or "") if choices else ""
        except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            raise GenerationError(f"模型服务 {url} 的回答不是 OpenAI 格式：请检查服务") from error
        if content:
            yield content
    raise GenerationError(f"模型服务 {url} 的回答中途断开：请重试")
