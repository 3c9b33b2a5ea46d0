"""Writes an answer with a language model: fences the evidence, reads the [n] markers while it streams."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from index.errors import GenerationError
from prompts import render
from qa.evidence import Evidence
from qa.generation import Draft, Limits
from qa.question import Question
from qa.records import Token

MAX_PASSAGES = 8
_MARKER = re.compile(r"[\[［【](\d{1,2}(?:\s*[,，、]\s*\d{1,2})*)[\]］】]")
_OURS = re.compile(r"〔(?!\d{4}〕)([^〕]*)〕?")
"""Brackets in which only Wence writes, unverified; 〔2024〕 belongs to a document number."""
_ITEM = re.compile(r"^\s*(?:[-*•·]\s*|\d{1,2}(?:[.．](?!\d)|[、)）])\s*)")
"""A model's own marks of a list."""
_MARKED = re.compile(_MARKER.pattern + r"\s*$")
# A sentence is complete when its end mark and the markers behind it are followed by something else.
_SENTENCE = re.compile(
    r"[^。！？!?\n]*[。！？!?\n]+[”’」』）)]*(?:\s*[\[［【][\d,，、\s]+[\]］】])*[。！？]?"
)
_THINKING, _THOUGHT = "<think>", "</think>"
_TAKEN = str.maketrans("[]<>", "［］＜＞")
"""What could pass for a marker or a control token of a chat template (<|im_end|>, [INST], </s>)."""


class Chat(Protocol):
    """A chat model, on this machine or behind a server."""

    def fits(self, messages: Sequence[Mapping[str, str]], max_tokens: int) -> bool:
        """Tell whether messages and reply fit the model's context, where that is known."""

    def stream(self, messages: Sequence[Mapping[str, str]], max_tokens: int) -> Iterator[str]:
        """Yield the reply in pieces, an empty one now and then while the model is silent.

        Raises GenerationError when the model fails. Closing the iterator stops the model.
        """


class ModelGenerator:
    """A `Writer` on any chat model."""

    def __init__(self, name: str, chat: Chat) -> None:
        self.name = name
        self.chat = chat

    def write(
        self, question: Question, evidence: Sequence[Evidence], limits: Limits
    ) -> Iterator[Draft | Token]:
        """Yield the model's words as they come, and its sentences, each with the evidence that it names."""
        numbered = by_passage(evidence)[:MAX_PASSAGES]
        max_tokens = 4 * limits.characters
        # What is furthest from the question goes where the context is short; what cannot fit fails below.
        while len(numbered) > 1 and not self.chat.fits(messages(question, numbered, limits), max_tokens):
            numbered.pop()
        refusal = render("refusal").strip()
        reader = SentenceReader(refusal)
        for piece in spoken(self.chat.stream(messages(question, numbered, limits), max_tokens)):
            yield Token(piece)
            for sentence in reader.feed(piece):
                yield from _draft(sentence, numbered, refusal)
        for sentence in reader.end():
            yield from _draft(sentence, numbered, refusal)


def by_passage(evidence: Sequence[Evidence]) -> list[list[Evidence]]:
    """Return the sentences in groups of one passage: the model reads each passage once, under one number."""
    groups: dict[str, list[Evidence]] = {}
    for item in evidence:
        groups.setdefault(item.passage.id, []).append(item)
    return list(groups.values())


def messages(
    question: Question, numbered: Sequence[Sequence[Evidence]], limits: Limits
) -> list[dict[str, str]]:
    """Return the chat messages that ask for an answer from numbered passages.

    Evidence is data: each of its lines begins with "> ", so none can pass for a number, for the end of
    the evidence or for the question, and no character of it can open a marker or a control token.
    """
    blocks = []
    for number, (item, *_) in enumerate(numbered, start=1):
        about = "，".join(
            part
            for part in (
                f"《{item.article.title}》" if item.article.title else "",
                item.article.publisher,
                item.article.region,
                item.article.published.isoformat() if item.article.published else "",
            )
            if part
        )
        lines = [" ".join(about.split()), *item.context.splitlines()]
        quoted = "\n".join("> " + line for line in map(harmless, lines) if line)
        blocks.append(f"[{number}]\n{quoted}")
    system = render(
        "system",
        script="繁体中文" if question.traditional else "简体中文",
        max_chars=str(limits.characters),
        max_sentences=str(limits.sentences),
        refusal=render("refusal").strip(),
    )
    user = render("answer", evidence="\n\n".join(blocks), question=harmless(question.text))
    return [{"role": "system", "content": system}, {"role": "user", "content": user}]


def harmless(text: str) -> str:
    """Return text as one line without invisible characters and without what a chat template could obey."""
    seen = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf", "Cn", "Co"))
    return " ".join(seen.translate(_TAKEN).split())


def spoken(pieces: Iterator[str]) -> Iterator[str]:
    """Yield a reply without what a reasoning model thinks aloud (<think>…</think>) before it."""
    held, thinking = "", True
    for piece in pieces:
        if not thinking:
            yield piece
            continue
        held += piece
        start = held.lstrip()
        if start.startswith(_THINKING) and _THOUGHT in start:
            thinking = False
            yield start.partition(_THOUGHT)[2]
        elif start.startswith(_THINKING) or _THINKING.startswith(start):
            yield ""
        else:
            thinking = False
            yield held
    if thinking and not held.lstrip().startswith(_THINKING):
        yield held


class SentenceReader:
    """Joins a stream's pieces and gives each sentence, its markers included, once it is complete."""

    def __init__(self, refusal: str) -> None:
        self._refusal = refusal
        self._held = ""

    def feed(self, piece: str) -> Iterator[str]:
        """Yield the sentences that are complete with this piece."""
        self._held += piece
        # The last match may still grow by a marker, so it waits for the next character.
        while (
            (match := _SENTENCE.match(self._held))
            and match.end() < len(self._held)
            and self._held[match.end()] not in " [［【"
        ):
            yield from self._take(match)

    def end(self) -> Iterator[str]:
        """Yield what the end of the stream completes.

        Raises GenerationError where it ends within a sentence; one that ends with its marker is whole, and
        so is the refusal that the model is told to give.
        """
        while match := _SENTENCE.match(self._held):
            yield from self._take(match)
        if _MARKED.search(self._held) or self._held.strip() == self._refusal:
            yield self._held.strip()
        elif self._held.strip():
            raise GenerationError("语言模型的回答在句子中间断开：请重试，或增大模型的输出长度")

    def _take(self, match: re.Match[str]) -> Iterator[str]:
        self._held = self._held[match.end() :]
        if sentence := match.group().strip():
            yield sentence


def _draft(sentence: str, numbered: Sequence[Sequence[Evidence]], refusal: str) -> Iterator[Draft]:
    """Yield a sentence with the evidence whose number it names (maybe none); its markers are taken out."""
    if refusal in sentence and not _MARKER.search(sentence):
        raise GenerationError(f"它认为{refusal}")
    numbers = [int(n) for found in _MARKER.findall(sentence) for n in re.findall(r"\d+", found)]
    text = _OURS.sub(r"（\1）", _ITEM.sub("", _MARKER.sub("", sentence))).strip()
    if text:
        named = [item for n in dict.fromkeys(numbers) if 1 <= n <= len(numbered) for item in numbered[n - 1]]
        yield Draft(text, tuple(named))
