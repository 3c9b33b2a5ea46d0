"""Measures an embedder by itself: how often the passage that a question was asked about comes first."""

import json
import lzma
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.embedders import Embedder, FloatArray

_PASSAGE = 400
_DISTRACTORS = 20_000
_QUESTION_SETS = {"CMRC 2018 trial": "cmrc2018_trial.json", "DRCD dev": "drcd_dev.json"}


def read_records(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a `.jsonl.xz` file."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def measure(embedder: Embedder, data: Path, held_out: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Return hit@1 and hit@5: of questions for their paragraph, and of held-out leads for what follows them.

    Each question set's paragraphs stand among 20,000 news passages of 400 characters; a lead (first sentence)
    seeks the 400 characters that follow it among those of all held-out articles.
    """
    news = [record["text"] for record in read_records(data / "news.jsonl.xz")]
    cut = [text[at : at + _PASSAGE] for text in news for at in range(0, max(1, len(text) - 100), _PASSAGE)]
    chosen = np.random.default_rng(0).permutation(len(cut))[:_DISTRACTORS]
    distractors = embedder.encode_documents([cut[n] for n in chosen])
    results = {}
    for name, file in _QUESTION_SETS.items():
        if not (data / file).is_file():
            continue
        sets = json.loads((data / file).read_text("utf-8"))["data"]
        paragraphs = [paragraph for article in sets for paragraph in article["paragraphs"]]
        asked = [(row["question"], n) for n, paragraph in enumerate(paragraphs) for row in paragraph["qas"]]
        passages = embedder.encode_documents([paragraph["context"] for paragraph in paragraphs])
        queries = embedder.encode_queries([question for question, _ in asked])
        wanted = np.array([n for _, n in asked])
        results[name] = _hit_rates(queries, np.concatenate([passages, distractors]), wanted)
    leads = [(text[: text.find("。") + 1], text[text.find("。") + 1 :][:_PASSAGE]) for text in held_out]
    leads = [(lead, rest) for lead, rest in leads if lead and len(rest) == _PASSAGE]
    queries = embedder.encode_queries([lead for lead, _ in leads])
    results["held-out news"] = _hit_rates(
        queries, embedder.encode_documents([rest for _, rest in leads]), np.arange(len(leads))
    )
    return results


def _hit_rates(
    queries: FloatArray, passages: FloatArray, wanted: npt.NDArray[np.int64]
) -> tuple[float, float]:
    scores = queries @ passages.T
    ranks = (scores > scores[np.arange(len(wanted)), wanted][:, None]).sum(axis=1)
    return float((ranks < 1).mean()), float((ranks < 5).mean())
