"""Writes an answer from evidence: the interface of all writers, and their choice by name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from index.errors import InputError
from qa.evidence import Evidence
from qa.question import Question
from qa.records import Token


@dataclass(frozen=True, slots=True)
class Limits:
    """How long an answer may be; characters are counted without citation markers."""

    characters: int = 200
    sentences: int = 5


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence that a writer proposes and the evidence it names; it is verified before anyone sees it."""

    text: str
    evidence: tuple[Evidence, ...]


class Writer(Protocol):
    """Writes an answer; every sentence names the evidence that carries it."""

    @property
    def name(self) -> str:
        """The name under which it is chosen, for reports."""

    def write(
        self, question: Question, evidence: Sequence[Evidence], limits: Limits
    ) -> Iterator[Draft | Token]:
        """Yield the answer's sentences in order, as soon as each is known, and a model's words as they come.

        A writer that waits yields an empty token now and then, so that a reader can leave: closing the
        iterator stops the model. Raises GenerationError when a model fails or says that it cannot answer;
        what was yielded before remains valid.
        """


def load_generator(name: str, *, api_base: str = "", api_key: str = "") -> Writer:
    """Return the writer called `extractive`, `local:MODEL` or `remote:MODEL`.

    MODEL is a path or hub id of a causal language model, or the name under which the OpenAI-compatible
    server at `api_base` offers it. Raises InputError for any other name, ModelError when a model cannot load.
    """
    scheme, _, model = name.partition(":")
    if name == "extractive":
        from qa.generation.extractive import ExtractiveGenerator

        return ExtractiveGenerator()
    if scheme == "local" and model:
        from qa.generation.local import LocalChat
        from qa.generation.model import ModelGenerator

        return ModelGenerator(name, LocalChat(model))
    if scheme == "remote" and model:
        from qa.generation.model import ModelGenerator
        from qa.generation.remote import RemoteChat

        return ModelGenerator(name, RemoteChat(model, api_base=api_base, api_key=api_key))
    raise InputError(f"不认识的生成方式「{name}」：请用 extractive、local:模型 或 remote:模型")
