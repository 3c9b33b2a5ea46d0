"""A tiny embedder, articles and entries for the tests of the store: deterministic, and quick to make."""

import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from index.folding import fold
from index.passage_index import Entry, FloatArray
from index.records import Article, Passage
from index.training.characters import SPECIAL
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


SUBJECTS = "养老托育渔业林地水库公交书馆疫苗燃气电梯小区学位粮食港口隧道文物地铁垃圾"


def unrelated(number: int) -> Article:
    """Return an article of everyday administration that says nothing of the others."""
    first, second = (SUBJECTS[at * 2 : at * 2 + 2] for at in (number % 18, number // 18 % 18))
    text = f"关于加强{first}管理的通知（{number}）。各区要做好{first}和{second}工作，落实责任，每年检查两次。"
    return Article(
        f"other-{number:04}", text, f"{first}通知", date(2020, 1, 1 + number % 28), "市政府办", "上海市"
    )


def rare_articles() -> list[Article]:
    """Return twelve articles of one region, month, body and kind, about something else than the others.

    The first expires after ten days and was issued by another body; the second states that it was amended.
    """
    first, second, *others = (
        replace(
            article(n, "本条与奖励无关。"),
            region="浙江省嘉兴市",
            published=date(2024, 3, n - 299),
            publisher="嘉兴市科学技术局",
            kind="通知",
        )
        for n in range(300, 312)
    )
    return [
        replace(first, expires=date(2024, 3, 10), issuer="嘉興市人民政府"),
        replace(second, status="已修改"),
        *others,
    ]


CHARACTERS = "补贴申请企业奖励多少万元每家材料要齐公示去年可以0123456789,。?的"


def tiny_encoder(directory: Path) -> None:
    """Write an untrained encoder of one layer, as pre-training exports one."""
    from index.training.characters import build_tokenizer
    from index.training.pretrain import Settings, build_model

    settings = Settings(vocabulary=len(SPECIAL) + len(CHARACTERS), layers=1, width=64, inner=64)
    encoder: Any = build_model(settings).base_model
    encoder.save_pretrained(directory)
    build_tokenizer(CHARACTERS).save_pretrained(directory)
    (directory / "vocab.txt").write_text("\n".join([*SPECIAL, *CHARACTERS, ""]), encoding="utf-8")


def tiny_reader(directory: Path) -> None:
    """Write an untrained reader as one is shipped."""
    from index.training.export import export

    tiny_encoder(directory / "encoder")
    export(directory / "encoder", directory)
