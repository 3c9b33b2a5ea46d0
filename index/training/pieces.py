"""Learns the pieces of the static embedder: a Unigram tokenizer of up to four characters, in about a minute.

Candidates are the most frequent runs of letters or digits; rounds of "cut the text with the pieces, count
them, keep the most used" make them a vocabulary. It embeds as well as one from the trainer of `tokenizers`,
which takes ten times as long on text without spaces; asking that the parts of a piece attract each other,
so that pieces look more like words, made it worse.
"""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from tokenizers import Tokenizer
from tokenizers.models import Unigram
from tokenizers.pre_tokenizers import WhitespaceSplit

from index.folding import fold

UNKNOWN = "[UNK]"
_LONGEST = 4
_BITS = 15
"""An n-gram is one integer of four character numbers with so many bits each."""
_MASK = (1 << _BITS) - 1
_RAREST = 12
_ROUNDS = 4
_WORD = re.compile(r"[a-z]{5,12}")


def learn_pieces(texts: Sequence[str], size: int, sample: int = 6_000_000) -> Tokenizer:
    """Return a Unigram tokenizer of about `size` pieces for folded text; piece 0 stands for what it lacks.

    Scores are logarithms of probabilities, rounded to three digits. Punctuation has no pieces. `sample` is
    how many characters the rounds read.
    """
    text = "\n".join(texts)
    characters = _characters(text)
    counts = _candidates(text, characters, 5 * size)
    counts.update({word: n for word, n in Counter(_WORD.findall(text)).items() if n >= 2 * _RAREST})
    pieces = {piece: float(n) for piece, n in counts.items()} | {c: counts.get(c, 0.5) for c in characters}
    read = _spread(texts, sample)
    for left in range(_ROUNDS, -1, -1):
        tokenizer = _tokenizer(pieces)
        used: Counter[int] = Counter()
        for start in range(0, len(read), 500):
            for encoding in tokenizer.encode_batch_fast(read[start : start + 500]):
                used.update(encoding.ids)
        names = {tokenizer.id_to_token(number): float(n) for number, n in used.items()}
        pieces = {piece: names.get(piece, 0.5) for piece in pieces}
        keep = int(size * 1.4 ** max(left - 1, 0)) - len(characters) - 1
        runs = sorted((p for p in pieces if len(p) > 1), key=lambda p: (-pieces[p], p))[: max(keep, 0)]
        pieces = {piece: pieces[piece] for piece in runs} | {c: pieces[c] for c in characters}
    return _tokenizer(pieces)


def _tokenizer(counts: dict[str, float]) -> Tokenizer:
    total = sum(counts.values())
    scored = [(piece, round(float(np.log(n / total)), 3)) for piece, n in sorted(counts.items())]
    tokenizer = Tokenizer(Unigram([(UNKNOWN, 0.0), *scored], 0))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    return tokenizer


def _characters(text: str) -> list[str]:
    """Return the letters and digits seen at least three times, and the everyday ideographs."""
    seen = {c for c, n in Counter(text).items() if n >= 3 and (c.isalnum() or c in "%℃")}
    everyday = bytes(byte for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF) for byte in (high, low))
    return sorted(seen | set(fold(everyday.decode("gb2312", "ignore"))))[: _MASK - 1]


def _candidates(text: str, characters: Sequence[str], limit: int) -> dict[str, int]:
    """Return the `limit` most frequent runs of 1 to 4 letters or digits of one kind, with their counts."""
    points = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    number = np.zeros(0x110000, dtype=np.int64)
    kind = np.zeros(0x110000, dtype=np.int8)
    for position, character in enumerate(characters, 1):
        number[ord(character)] = position
        kind[ord(character)] = 1 if character.isdigit() else 2 if character < "\x80" else 3
    numbers, kinds = number[points], kind[points]
    codes, whole = np.zeros_like(numbers), numbers > 0
    found: list[tuple[int, int, int]] = []
    for length in range(1, _LONGEST + 1):
        codes = (codes[: len(codes) - (length > 1)] << _BITS) | numbers[length - 1 :]
        if length > 1:
            whole = whole[:-1] & (kinds[length - 1 :] == kinds[: len(kinds) - length + 1])
        unique, counts = np.unique(codes[whole], return_counts=True)
        best = np.argsort(-counts, kind="stable")[:limit]
        best = best[counts[best] >= _RAREST]
        found += (
            (n, length, code) for n, code in zip(counts[best].tolist(), unique[best].tolist(), strict=True)
        )
    found.sort(key=lambda one: -one[0])
    spelled = {}
    for n, length, code in found[:limit]:
        numbers_of = (code >> (_BITS * place) & _MASK for place in reversed(range(length)))
        spelled["".join(characters[one - 1] for one in numbers_of)] = n
    return spelled


def _spread(texts: Sequence[str], characters: int) -> list[str]:
    """Return every n-th text, as many as hold so many characters."""
    step = max(1, sum(map(len, texts)) // characters)
    return list(texts[::step])
