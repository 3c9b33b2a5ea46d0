"""A chat model on this machine: any causal language model that `transformers` loads, by path or hub id."""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from queue import Empty
from typing import TYPE_CHECKING, Any

from index.errors import GenerationError, ModelError

if TYPE_CHECKING:
    import torch

_SILENCE_SECONDS = 120.0
"""No new token for so long means that the model hangs."""
_PULSE_SECONDS = 0.5
"""How often a reader hears of a silent model, and can leave."""


class LocalChat:
    """Streams replies of a `transformers` model; loads it once, on a GPU when there is one."""

    def __init__(self, model: str) -> None:
        from transformers import AutoModelForCausalLM, AutoTokenizer

        device = _device()
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(model)
            loaded: Any = AutoModelForCausalLM.from_pretrained(model, dtype="auto")
            self._model: Any = loaded.to(device, _dtype(loaded.dtype, device)).eval()
        except Exception as error:  # whatever hub, network, configuration, weights and memory may raise
            raise ModelError(
                f"语言模型「{model}」加载失败（{_line(error)}）：请检查路径与内存，或先联网下载该模型"
            ) from error
        self._lock = threading.Lock()

    def fits(self, messages: Sequence[Mapping[str, str]], max_tokens: int) -> bool:
        """Tell whether messages and reply fit the model's context, counted in its own tokens."""
        room = self._room()
        return room is None or self._length(self._inputs(messages)) + max_tokens <= room

    def stream(self, messages: Sequence[Mapping[str, str]], max_tokens: int) -> Iterator[str]:
        """Yield the reply in pieces; greedy, so the same question gives the same reply.

        Raises GenerationError where the chat does not fit the model's context, or the model fails.
        """
        from transformers import StoppingCriteriaList, TextIteratorStreamer

        stop = threading.Event()
        failure: list[BaseException] = []
        while not self._lock.acquire(timeout=_PULSE_SECONDS):
            yield ""
        try:
            inputs = self._inputs(messages)
            needed, room = self._length(inputs) + max_tokens, self._room()
            if room is not None and needed > room:
                raise GenerationError(
                    f"资料与回答共需 {needed} 个词元，超过模型的 {room} 个：请换上下文更长的模型"
                )
            streamer: Any = TextIteratorStreamer(
                self._tokenizer, skip_prompt=True, skip_special_tokens=True, timeout=_PULSE_SECONDS
            )

            def generate() -> None:
                try:
                    self._model.generate(
                        **inputs,
                        max_new_tokens=max_tokens,
                        do_sample=False,
                        streamer=streamer,
                        stopping_criteria=StoppingCriteriaList([lambda *_: stop.is_set()]),
                    )
                except Exception as error:  # reported to the caller's thread, below
                    failure.append(error)
                    streamer.end()

            worker = threading.Thread(target=generate, name="wence-local-model")
            worker.start()
            try:
                yield from _pieces(streamer)
            finally:
                stop.set()
                worker.join()
        finally:
            self._lock.release()
        if failure:
            said = _line(failure[0])
            raise GenerationError(f"本机语言模型出错（{said}）：请检查模型与内存") from failure[0]

    def _room(self) -> int | None:
        """Return how many tokens the model can attend to; None where it does not say."""
        room: int | None = getattr(self._model.config, "max_position_embeddings", None)
        return room

    def _length(self, inputs: Any) -> int:
        return int(inputs["input_ids"].shape[1])

    def _inputs(self, messages: Sequence[Mapping[str, str]]) -> Any:
        """Return the chat as the model's tokens, by its own template where it has one."""
        if self._tokenizer.chat_template:
            inputs = self._tokenizer.apply_chat_template(
                list(messages),
                add_generation_prompt=True,
                return_tensors="pt",
                return_dict=True,
                enable_thinking=False,  # templates of reasoning models read it, others do not
            )
        else:
            text = "\n\n".join(message["content"] for message in messages) + "\n\n回答："
            inputs = self._tokenizer(text, return_tensors="pt")
        return inputs.to(self._model.device)


def _pieces(streamer: Iterator[str]) -> Iterator[str]:
    """Yield what the model writes, an empty piece while it is silent; too long a silence is an error."""
    heard = time.monotonic()
    while True:
        try:
            piece = next(streamer)
        except StopIteration:
            return
        except Empty as error:
            if time.monotonic() - heard > _SILENCE_SECONDS:
                raise GenerationError(
                    f"本机语言模型 {_SILENCE_SECONDS:.0f} 秒没有输出：请换小一些的模型"
                ) from error
            yield ""
            continue
        heard = time.monotonic()
        yield piece


def _device() -> str:
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _dtype(stored: "torch.dtype", device: str) -> "torch.dtype":
    """Return the precision to compute in: that of the weights, but processors have no float16 arithmetic."""
    import torch

    return torch.bfloat16 if device == "cpu" and stored == torch.float16 else stored


def _line(error: BaseException) -> str:
    """Return the first line of an error's message, short."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
