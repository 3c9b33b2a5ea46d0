"""Writes an answer with a language model: fences the evidence, reads the [n] markers while it streams."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from index.errors import GenerationError
from prompts import render
from qa.evidence import Evidence
from qa.generation import Draft, Limits
from qa.question import Question

MAX_EVIDENCE = 8
_REFUSAL = "资料不足"
_MARKER = re.compile(r"[\[［【](\d{1,2}(?:\s*[,，、]\s*\d{1,2})*)[\]］】]")
_OURS = re.compile(r"〔(?!\d{4}〕)([^〕]*)〕?")
"""Brackets in which only Wence writes, unverified; 〔2024〕 belongs to a document number."""
_MARKED = re.compile(_MARKER.pattern + r"\s*$")
# A sentence is complete when its end mark and the markers behind it are followed by something else.
_SENTENCE = re.compile(
    r"[^。！？!?\n]*[。！？!?\n]+[”’」』）)]*(?:\s*[\[［【][\d,，、\s]+[\]］】])*[。！？]?"
)


class Chat(Protocol):
    """A chat model, on this machine or behind a server."""

    def stream(self, messages: Sequence[Mapping[str, str]], max_tokens: int) -> Iterator[str]:
        """Yield the reply in pieces; raises GenerationError when the model fails."""


class ModelGenerator:
    """A `Generator` on any chat model."""

    def __init__(self, name: str, chat: Chat) -> None:
        self.name = name
        self._chat = chat

    def write(self, question: Question, evidence: Sequence[Evidence], limits: Limits) -> Iterator[Draft]:
        """Yield the model's sentences, each with the evidence whose number it names (maybe none)."""
        numbered = list(evidence[:MAX_EVIDENCE])
        reply = self._chat.stream(messages(question, numbered, limits), max_tokens=4 * limits.characters)
        for sentence in sentences(reply):
            if _REFUSAL in sentence and not _MARKER.search(sentence):
                return
            numbers = [int(n) for found in _MARKER.findall(sentence) for n in re.findall(r"\d+", found)]
            text = _OURS.sub(r"（\1）", _MARKER.sub("", sentence)).strip()
            if text:
                named = tuple(numbered[n - 1] for n in dict.fromkeys(numbers) if 1 <= n <= len(numbered))
                yield Draft(text, named)


def messages(question: Question, evidence: Sequence[Evidence], limits: Limits) -> list[dict[str, str]]:
    """Return the chat messages that ask for an answer from numbered evidence.

    Evidence is data: each of its lines begins with "> ", so none can pass for a number, for the end of
    the evidence or for the question, and brackets that could pass for markers are made full width.
    """
    blocks = []
    for number, item in enumerate(evidence, start=1):
        about = "，".join(
            " ".join(part.split())
            for part in (
                f"《{item.article.title}》" if item.article.title else "",
                item.article.publisher,
                item.article.region,
                item.article.published.isoformat() if item.article.published else "",
            )
            if part
        )
        lines = [about, *item.context.splitlines()]
        quoted = "\n".join("> " + " ".join(line.split()) for line in lines if line.strip())
        blocks.append(f"[{number}]\n" + quoted.replace("[", "［").replace("]", "］"))
    system = render(
        "system",
        script="繁体中文" if question.traditional else "简体中文",
        max_chars=str(limits.characters),
        max_sentences=str(limits.sentences),
    )
    user = render("answer", evidence="\n\n".join(blocks), question=question.text)
    return [{"role": "system", "content": system}, {"role": "user", "content": user}]


def sentences(pieces: Iterator[str]) -> Iterator[str]:
    """Join a stream's pieces and yield each sentence, its markers included, once it is complete.

    Raises GenerationError where the stream ends within a sentence; one that ends with its marker is whole,
    and so is the refusal that the model is told to give.
    """
    held = ""
    for piece in pieces:
        held += piece
        # The last match may still grow by a marker, so it waits for the next character.
        while (
            (match := _SENTENCE.match(held)) and match.end() < len(held) and held[match.end()] not in " [［【"
        ):
            if sentence := match.group().strip():
                yield sentence
            held = held[match.end() :]
    while match := _SENTENCE.match(held):
        if sentence := match.group().strip():
            yield sentence
        held = held[match.end() :]
    if _MARKED.search(held) or held.strip() == _REFUSAL:
        yield held.strip()
    elif held.strip():
        raise GenerationError("语言模型的回答在句子中间断开：请重试，或增大模型的输出长度")
