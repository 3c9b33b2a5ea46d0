"""Rerankers: models that read a query and a passage together: the reader, or a CrossEncoder by path or id."""

import math
from collections.abc import Sequence
from pathlib import Path

from index.embedders import is_offline
from index.errors import ModelError
from index.folding import fold
from index.reader import ONNX_FILE, OnnxReader, Reader, Source, bundled_reader
from index.records import Hit
from index.retriever import Reranker

READER = "reader"
"""What is named for the bundled reader."""
RELEVANCE = 0.6
"""What the reader's relevance counts beside the logit of a hit's own score. It makes the right one of the
first hits likeliest, on those articles of CMRC 2018 (dev) that the bundled reader did not learn from."""


class ReaderReranker:
    """The reader's judgement of the first hits, beside the score they were found with."""

    depth = 3  # further ones are rarely right, and reading is most of a query's time

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def score(self, query: str, hits: Sequence[Hit]) -> list[float]:
        """Return each hit's score moved by what the reader thinks of it."""
        sources = [Source(fold(hit.passage.heading), hit.passage.search_text, ()) for hit in hits]
        readings = self._reader.read(query, sources)
        return [
            _logistic(_logit(hit.score) + RELEVANCE * reading.relevance)
            for hit, reading in zip(hits, readings, strict=True)
        ]


class CrossEncoderReranker:
    """Any sentence-transformers or transformers CrossEncoder of one output, on the device it chooses."""

    depth = 20

    def __init__(self, model: str) -> None:
        """Load the model; a hub id is downloaded unless `HF_HUB_OFFLINE` is set. ModelError if it fails."""
        from sentence_transformers import CrossEncoder

        try:
            self._model = CrossEncoder(model, local_files_only=Path(model).is_dir() or is_offline())
        except Exception as error:  # whatever hub, network, configuration and weights may raise
            line = (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
            raise ModelError(
                f"重排模型 {model} 无法载入（{line}）：请检查路径或名称；没有网络时，"
                f"请在有网络的机器上运行 `hf download {model} --local-dir 目录`，拷贝过来后改用该目录。"
            ) from error
        outputs = int(self._model.config.num_labels)
        if outputs != 1:
            raise ModelError(f"重排模型 {model} 有 {outputs} 个输出：请改用只输出一个相关分的 CrossEncoder。")

    def score(self, query: str, hits: Sequence[Hit]) -> list[float]:
        """Return the model's relevance of each hit, through a logistic."""
        from torch.nn import Sigmoid

        pairs = [(query, f"{fold(hit.passage.heading)}\n{hit.passage.search_text}") for hit in hits]
        scores = self._model.predict(pairs, activation_fn=Sigmoid(), show_progress_bar=False)
        return [float(score) for score in scores]


def load_reranker(model: str) -> Reranker:
    """Return the bundled reader for READER, else the model of a directory or hub id; ModelError if none."""
    if model == READER:
        return ReaderReranker(bundled_reader())
    path = Path(model).expanduser()
    if (path / ONNX_FILE).is_file():
        return ReaderReranker(OnnxReader(path))
    return CrossEncoderReranker(str(path) if path.exists() else model)


def _logit(score: float) -> float:
    kept = min(max(score, 1e-9), 1 - 1e-9)  # a score of 1 is one that was rounded
    return math.log(kept / (1 - kept))


def _logistic(total: float) -> float:
    return 1 / (1 + math.exp(-total))
