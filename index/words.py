"""Words: cuts folded text into the bundled embedder's pieces, each with its rarity and its vector."""

import json
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from index.embedders import StaticEmbedder, bundled_embedder


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of folded text."""

    text: str
    weight: float
    """Rarity: minus the natural logarithm of the piece's probability in the embedder's training text."""
    vector: NDArray[np.float32]
    """Unit length."""


class Words:
    """Cuts text as the Unigram tokenizer of a static embedder does."""

    def __init__(self, embedder: StaticEmbedder) -> None:
        self._tokenizer = embedder.tokenizer
        norms = np.linalg.norm(embedder.vectors.astype(np.float32), axis=1, keepdims=True)
        self._vectors: NDArray[np.float32] = embedder.vectors.astype(np.float32) / np.maximum(norms, 1e-6)
        model = json.loads(self._tokenizer.to_str())["model"]
        vocabulary = model["vocab"]
        self._weights = [-float(score) for _, score in vocabulary]
        self._rarest = max(self._weights)
        self._counts = np.array([_is_word(piece) for piece, _ in vocabulary])
        self._counts[model["unk_id"]] = False  # a character without a vector is like nothing

    def split(self, folded: str) -> list[Word]:
        """Return the words of folded text in order, without white space and punctuation."""
        encoding = self._tokenizer.encode(folded, add_special_tokens=False)
        words = []
        for number, (start, end) in zip(encoding.ids, encoding.offsets, strict=True):
            text = folded[start:end].strip()
            if _is_word(text):
                # A character that the vocabulary lacks is as rare as can be.
                weight = min(self._weights[number] or self._rarest, self._rarest)
                words.append(Word(text, weight, self._vectors[number]))
        return words

    def matrix(self, folded: str) -> NDArray[np.float32]:
        """Return the vectors of the known words of folded text, shape (words, dimension)."""
        numbers = np.array(self._tokenizer.encode(folded, add_special_tokens=False).ids, dtype=np.int64)
        rows: NDArray[np.float32] = self._vectors[numbers[self._counts[numbers]]]
        return rows


@cache
def bundled_words() -> Words:
    """Return the words of the bundled embedder; loaded once."""
    return Words(bundled_embedder())


def _is_word(text: str) -> bool:
    return any(character.isalnum() or character == "%" for character in text)
