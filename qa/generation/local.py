"""A chat model on this machine: any causal language model that `transformers` loads, by path or hub id."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from queue import Empty
from typing import Any

from index.errors import GenerationError, ModelError

_SILENCE_SECONDS = 120.0
"""No new token for so long means that the model hangs."""


class LocalChat:
    """Streams replies of a `transformers` model; loads it once, on a GPU when there is one."""

    def __init__(self, model: str) -> None:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(model)
            loaded: Any = AutoModelForCausalLM.from_pretrained(model, dtype="auto")
        except Exception as error:  # whatever hub, network, configuration and weights may raise
            raise ModelError(
                f"语言模型「{model}」加载失败（{_line(error)}）：请检查路径，或先联网下载该模型"
            ) from error
        self._model: Any = loaded.to("cuda" if torch.cuda.is_available() else "cpu").eval()
        self._lock = threading.Lock()

    def stream(self, messages: Sequence[Mapping[str, str]], max_tokens: int) -> Iterator[str]:
        """Yield the reply in pieces; greedy, so the same question gives the same reply."""
        from transformers import StoppingCriteriaList, TextIteratorStreamer

        stop = threading.Event()
        failure: list[BaseException] = []
        with self._lock:
            inputs = self._inputs(messages, max_tokens)
            streamer: Any = TextIteratorStreamer(
                self._tokenizer, skip_prompt=True, skip_special_tokens=True, timeout=_SILENCE_SECONDS
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
                yield from streamer
            except Empty as error:
                raise GenerationError(
                    f"本机语言模型 {_SILENCE_SECONDS:.0f} 秒没有输出：请换小一些的模型"
                ) from error
            finally:
                stop.set()
                worker.join()
        if failure:
            raise GenerationError(f"本机语言模型出错（{_line(failure[0])}）：请检查模型与内存") from failure[
                0
            ]

    def _inputs(self, messages: Sequence[Mapping[str, str]], max_tokens: int) -> Any:
        """Tokenise the chat; raises GenerationError where it does not fit the model's context."""
        if self._tokenizer.chat_template:
            inputs = self._tokenizer.apply_chat_template(
                list(messages), add_generation_prompt=True, return_tensors="pt", return_dict=True
            )
        else:
            text = "\n\n".join(message["content"] for message in messages) + "\n\n回答："
            inputs = self._tokenizer(text, return_tensors="pt")
        room = getattr(self._model.config, "max_position_embeddings", None)
        length = int(inputs["input_ids"].shape[1])
        if room is not None and length + max_tokens > room:
            raise GenerationError(
                f"资料与回答共需 {length + max_tokens} 个词元，超过模型的 {room} 个：请换上下文更长的模型"
            )
        return inputs.to(self._model.device)


def _line(error: BaseException) -> str:
    """Return the first line of an error's message, short."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
