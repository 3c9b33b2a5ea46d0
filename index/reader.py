"""The reader: which sentences of passages answer a question, and where in them the answer stands."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

PAD, UNKNOWN, START, END = 0, 1, 2, 3
RELEVANCE, BEGIN, FINISH = 0, 1, 2
"""What a character gets: how far it belongs to an answering sentence, begins or ends the answer."""
LABELS = 3
MAX_QUESTION = 64
MAX_HEADING = 40
MAX_BODY = 400
LEVELS = 4
"""How a character is shared: not at all, alone, in a pair, in a run of three or more."""
TYPES = 3 * LEVELS
"""Token types: the levels of the question's characters, of the heading's and of the body's."""

BUNDLED = Path(__file__).parent / "models" / "reader"
ONNX_FILE = "reader.onnx"
INPUTS = ("input_ids", "token_type_ids", "attention_mask")
"""What the model is given, each of shape (passages, tokens)."""
LEAST = -20.0
"""The score of a sentence that the row does not reach."""

Numbers: TypeAlias = NDArray[np.int64]
FloatArray: TypeAlias = NDArray[np.float32]


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


def read_alphabet(directory: Path) -> Alphabet:
    """The alphabet of a folder that a tokenizer was saved in."""
    return Alphabet((directory / "vocab.txt").read_text(encoding="utf-8").split("\n")[:-1])


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
    asked, above, body, places = (
        asked[:MAX_QUESTION],
        above[-MAX_HEADING:],
        body[:MAX_BODY],
        places[:MAX_BODY],
    )
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


class Source(NamedTuple):
    """A folded passage to read."""

    heading: str
    text: str
    sentences: Sequence[tuple[int, int]]
    """Spans in `text`, half open."""


class Sentence(NamedTuple):
    """What a reader makes of one sentence."""

    score: float
    """A logit: how far it answers, comparable between passages; above 0 it rather does."""
    start: int
    end: int
    """The span in the passage's text of the likeliest short answer within it."""


class Reading(NamedTuple):
    """What a reader makes of one passage."""

    relevance: float
    """A logit: how far the passage answers; above 0 it rather does."""
    sentences: tuple[Sentence, ...]


class Reader(Protocol):
    """Reads passages with a question in mind."""

    @property
    def name(self) -> str:
        """The model's name."""

    def read(self, question: str, sources: Sequence[Source]) -> list[Reading]:
        """What each passage says to a folded question."""


def interpret(row: Row, logits: FloatArray, sentences: Sequence[tuple[int, int]]) -> Reading:
    """The reading of a row whose tokens have these logits, shape (tokens, LABELS)."""
    read = []
    for start, end in sentences:
        low, high = row.token_span(start, end)
        if low >= high:
            read.append(Sentence(LEAST, start, start))
            continue
        begins, ends = logits[low:high, BEGIN], logits[low:high, FINISH]
        chances = begins[:, None] + ends[None, :]
        chances[np.tril_indices(len(chances), -1)] = -np.inf
        first, last = np.unravel_index(int(chances.argmax()), chances.shape)
        places = row.places[low - row.body :]
        score = float(logits[low:high, RELEVANCE].mean())
        read.append(Sentence(score, int(places[first]), int(places[last]) + 1))
    return Reading(float(logits[0, RELEVANCE]), tuple(read))


class OnnxReader:
    """A reader as `index.training.export` writes one: run by onnxruntime, without torch."""

    def __init__(self, directory: Path, threads: int = 0) -> None:
        """Load the folder; ModelError if a file is missing or damaged. 0 threads are one a core."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        try:
            model = (directory / ONNX_FILE).read_bytes()
            self._alphabet = read_alphabet(directory)
            self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises classes of its own
            line = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ModelError(f"阅读模型目录 {directory} 已损坏（{line}）：请重新安装或训练。") from error
        self.name = f"wence-reader@{hashlib.sha256(model).hexdigest()[:12]}"

    def read(self, question: str, sources: Sequence[Source]) -> list[Reading]:
        """What each passage says to a folded question."""
        if not sources:
            return []
        rows = [encode(self._alphabet, question, source.heading, source.text) for source in sources]
        (logits,) = self._session.run(None, dict(zip(INPUTS, pad(rows), strict=True)))
        return [
            interpret(row, one[: len(row.tokens)], source.sentences)
            for row, one, source in zip(rows, logits, sources, strict=True)
        ]


@cache
def bundled_reader() -> OnnxReader:
    """The reader that comes with the package; loaded once. ModelError if the package lacks it."""
    return OnnxReader(BUNDLED)
