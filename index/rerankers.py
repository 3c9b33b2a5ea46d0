"""Rerankers: models that read a query and a passage together, by directory or hub id."""

from collections.abc import Sequence
from pathlib import Path

from index.embedders import is_offline
from index.errors import ModelError
from index.folding import fold
from index.records import Hit
from index.retriever import Reranker


class CrossEncoderReranker:
    """Any sentence-transformers or transformers CrossEncoder of one output, on the device it chooses."""

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
    """Return the reranker of a directory or hub id; ModelError if there is none."""
    path = Path(model).expanduser()
    return CrossEncoderReranker(str(path) if path.exists() else model)
