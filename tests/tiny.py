"""A tiny embedder, articles and entries for the tests of the store: deterministic, and quick to make."""

import zlib
from collections.abc import Sequence
from datetime import date

import numpy as np

from index.folding import fold
from index.passage_index import Entry, FloatArray
from index.records import Article, Passage
from index.updating import embedding_text, fingerprint


class TinyEmbedder:
    """Counts characters into 64 numbers."""

    def __init__(self, name: str = "tiny", dimension: int = 64) -> None:
        self.name = name
        self.dimension = dimension
        self.texts = 0

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        self.texts += len(texts)
        counts = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(counts, texts, strict=True):
            for character in text:
                row[zlib.crc32(character.encode()) % self.dimension] += 1
        norms = np.linalg.norm(counts, axis=1, keepdims=True)
        unit: FloatArray = counts / np.maximum(norms, 1e-9)
        return unit

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        return self.encode_documents(texts)


def article(
    number: int, body: str = "", *, region: str = "", published: date | None = None, kind: str = ""
) -> Article:
    """Return an article whose text differs from that of every other number."""
    text = f"第{number}号办法：对符合第{number}条的企业给予{number}万元奖励。{body}"
    return Article(
        f"article-{number:04}", text, f"{number}号奖励办法", published, f"{number % 7}局", region, kind=kind
    )


def entry(source: Article, embedder: TinyEmbedder, size: int = 40) -> Entry:
    """Return an article cut every `size` characters, as an index takes it in."""
    cuts = range(0, len(source.text), size)
    passages = [passage(source, at, min(at + size, len(source.text)), n) for n, at in enumerate(cuts)]
    texts = [embedding_text(one) for one in passages]
    return Entry(source, passages, embedder.encode_documents(texts), fingerprint(source))


def passage(source: Article, start: int, end: int, number: int = 0) -> Passage:
    """Return the passage at these offsets; folding must keep the length."""
    text = source.text[start:end]
    runs = ((0, end - start, start, end),)
    return Passage(f"{source.id}#{number}", source.id, start, end, text, source.title, fold(text), runs)
