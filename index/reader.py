"""The reader's input: a question and a passage as one row of characters that says which of them both share."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PAD, UNKNOWN, START, END = 0, 1, 2, 3
MAX_QUESTION = 64
MAX_HEADING = 40
MAX_BODY = 400
LEVELS = 4
"""How a character is shared: not at all, alone, in a pair, in a run of three or more."""
TYPES = 3 * LEVELS
"""Token types: the levels of the question's characters, of the heading's and of the body's."""

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Row:
    """One question with one passage: [CLS] question [SEP] heading [SEP] body [SEP]."""

    tokens: Numbers
    types: Numbers
    body: int
    """Where the body begins."""
    places: Numbers
    """The index in the passage's text of each token of the body."""

    def token_span(self, start: int, end: int) -> tuple[int, int]:
        """The tokens of `text[start:end]`, half open; empty where the row does not reach so far."""
        low, high = np.searchsorted(self.places, [start, end])
        return self.body + int(low), self.body + int(high)


class Alphabet:
    """The number of every character, in one table."""

    def __init__(self, characters: Sequence[str]) -> None:
        """`characters` as the tokenizer has them, special tokens included."""
        self._table = np.full(0x110000, UNKNOWN, dtype=np.int64)
        for number, character in enumerate(characters):
            if len(character) == 1:
                self._table[ord(character)] = number

    def read(self, text: str) -> tuple[Numbers, Numbers]:
        """The numbers of folded text's characters without white space, and the index of each in `text`."""
        kept = [n for n, character in enumerate(text) if not character.isspace()]
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        places = np.array(kept, dtype=np.int64)
        return self._table[codes[places]] if len(kept) else places, places


def shared(numbers: Numbers, other: Numbers) -> Numbers:
    """How each character of `numbers` is shared with `other`, from 0 to LEVELS - 1."""
    levels = np.zeros(len(numbers), dtype=np.int64)
    for size in range(1, LEVELS):
        if min(len(numbers), len(other)) < size:
            break
        mine, theirs = _grams(numbers, size), _grams(other, size)
        for start in np.flatnonzero(np.isin(mine, theirs)):
            levels[start : start + size] = size
    return levels


def _grams(numbers: Numbers, size: int) -> Numbers:
    grams = numbers[: len(numbers) - size + 1].copy()
    for shift in range(1, size):
        grams = grams * 65_536 + numbers[shift : len(numbers) - size + 1 + shift]
    return grams


def encode(alphabet: Alphabet, question: str, heading: str, text: str) -> Row:
    """The row of a folded question and a folded passage."""
    asked, _ = alphabet.read(question)
    above, _ = alphabet.read(heading)
    body, places = alphabet.read(text)
    asked, above, body, places = asked[:MAX_QUESTION], above[-MAX_HEADING:], body[:MAX_BODY], places[:MAX_BODY]
    passage = np.concatenate([above, [END], body])
    tokens = np.concatenate([[START], asked, [END], passage, [END]])
    nothing = np.zeros(1, dtype=np.int64)
    types = np.concatenate(
        [
            nothing,
            shared(asked, passage),
            nothing,
            shared(above, asked) + LEVELS,
            nothing + LEVELS,
            shared(body, asked) + 2 * LEVELS,
            nothing + 2 * LEVELS,
        ]
    )
    return Row(tokens, types, len(asked) + len(above) + 3, places)


def pad(rows: Sequence[Row]) -> tuple[Numbers, Numbers, Numbers]:
    """Tokens, types and attention mask of rows side by side, shape (rows, longest)."""
    longest = max(len(row.tokens) for row in rows)
    tokens, types, mask = (np.zeros((len(rows), longest), dtype=np.int64) for _ in range(3))
    for number, row in enumerate(rows):
        tokens[number, : len(row.tokens)] = row.tokens
        types[number, : len(row.types)] = row.types
        mask[number, : len(row.tokens)] = 1
    return tokens, types, mask
