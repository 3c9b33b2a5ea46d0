"""A chat model on this machine: a real transformer with random weights, made on the spot."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import GenerationError, ModelError
from qa import PolicyQA
from qa.generation import load_generator
from qa.generation.local import LocalChat
from tests.tiny_model import make_model

CONTEXT = 256
MESSAGES = [{"role": "user", "content": "智能工厂有多少家"}]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a tiny model."""
    return make_model(tmp_path_factory.mktemp("model"), CONTEXT)


@pytest.fixture(scope="module")
def chat(model: Path) -> LocalChat:
    """Return the model, loaded."""
    return LocalChat(str(model))


def _workers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "wence-local-model"]


def test_it_streams_and_says_the_same_again(chat: LocalChat) -> None:
    first = list(chat.stream(MESSAGES, 24))
    assert len(first) > 1
    assert "".join(first).strip()
    assert "".join(first) == "".join(chat.stream(MESSAGES, 24))
    assert not _workers()


def test_the_length_is_kept(chat: LocalChat) -> None:
    assert len("".join(chat.stream(MESSAGES, 5)).replace(" ", "")) <= 5 * len("<unk>")


def test_a_reader_who_leaves_stops_the_model(chat: LocalChat) -> None:
    pieces = chat.stream(MESSAGES, 200)
    assert isinstance(pieces, Iterator)
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert not _workers()
    assert list(chat.stream(MESSAGES, 3))


def test_what_does_not_fit_the_context_is_an_error(chat: LocalChat) -> None:
    with pytest.raises(GenerationError, match=f"{CONTEXT} 个"):
        list(chat.stream([{"role": "user", "content": "家" * CONTEXT}], 8))
    with pytest.raises(GenerationError, match="上下文"):
        list(chat.stream(MESSAGES, CONTEXT))
    assert list(chat.stream(MESSAGES, 3))


def test_a_model_that_fails_while_writing_is_an_error(
    chat: LocalChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(chat._model, "generate", fail)
    with pytest.raises(GenerationError, match="out of memory"):
        list(chat.stream(MESSAGES, 8))


def test_what_fits_is_counted_in_the_models_tokens(chat: LocalChat) -> None:
    needed = chat._length(chat._inputs(MESSAGES))
    assert chat.fits(MESSAGES, CONTEXT - needed)
    assert not chat.fits(MESSAGES, CONTEXT - needed + 1)


def test_who_waits_for_another_reader_hears_of_it_and_can_leave(chat: LocalChat) -> None:
    first = chat.stream(MESSAGES, 200)
    next(first)
    second = chat.stream(MESSAGES, 8)
    assert next(second) == ""
    second.close()  # type: ignore[attr-defined]
    first.close()  # type: ignore[attr-defined]
    assert list(chat.stream(MESSAGES, 3))


def test_half_precision_is_computed_as_processors_can(model: Path, tmp_path: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    AutoModelForCausalLM.from_pretrained(model, dtype=torch.float16).save_pretrained(tmp_path)
    AutoTokenizer.from_pretrained(model).save_pretrained(tmp_path)
    chat = LocalChat(str(tmp_path))
    if chat._model.device.type == "cpu":
        assert chat._model.dtype == torch.bfloat16
    assert list(chat.stream(MESSAGES, 3))


def test_several_threads_take_turns(chat: LocalChat) -> None:
    said: list[str] = []

    def read() -> None:
        said.append("".join(chat.stream(MESSAGES, 12)))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(said) == 4
    assert len(set(said)) == 1


def test_a_chat_template_is_used(model: Path, tmp_path: Path) -> None:
    for file in model.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    settings = json.loads((tmp_path / "tokenizer_config.json").read_text("utf-8"))
    settings["chat_template"] = "{% for m in messages %}{{ m['content'] * 40 }}{% endfor %}"
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(settings), "utf-8")
    with pytest.raises(GenerationError, match=f"共需 {8 * 40 + 8} 个"):
        list(LocalChat(str(tmp_path)).stream(MESSAGES, 8))


@pytest.mark.parametrize("broken", [False, True])
def test_a_folder_without_a_model_is_a_clear_error(tmp_path: Path, broken: bool) -> None:
    if broken:
        (tmp_path / "config.json").write_text("{}", "utf-8")
    with pytest.raises(ModelError, match="加载失败") as caught:
        load_generator(f"local:{tmp_path}")
    assert "\n" not in str(caught.value)


def test_an_unusable_reply_gives_the_extractive_answer_and_a_note(small: PolicyQA, model: Path) -> None:
    with PolicyQA.open(small.info().path, generator=f"local:{model}") as qa:
        answer = qa.ask("天津2024年累计建成多少家智能工厂和数字化车间？")
    assert "450家" in answer.text
    assert answer.citations
    assert "语言模型" in answer.notes[0]
