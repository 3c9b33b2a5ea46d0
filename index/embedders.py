"""Embedders: turn text into unit vectors; the bundled static model, or any sentence-transformers model."""

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from index.errors import ModelError
from index.folding import fold

FloatArray: TypeAlias = npt.NDArray[np.float32]

BUNDLED = Path(__file__).parent / "models" / "embedder"
_BATCH = 256
"""Texts cut into pieces at once: enough for all cores, few enough to keep memory small."""
INSTRUCTIONS = {
    r"bge-(?:small|base|large)-zh": ("为这个句子生成表示以用于检索相关文章：", ""),
    r"(?:^|[-/])e5-(?:small|base|large)": ("query: ", "passage: "),
}
"""What queries and passages of models begin with that do not say so themselves, by a part of their names."""
_HUB_ID = re.compile(r"[\w.-]+(/[\w.-]+)?")
_OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")


class Embedder(Protocol):
    """Turns text into vectors whose inner products are cosines."""

    @property
    def name(self) -> str:
        """The model's name and a fingerprint of its weights: what an index records and checks."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        """Return the vectors of passages: float32, unit rows, shape (len(texts), dimension)."""

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Return the vectors of queries: float32, unit rows, shape (len(texts), dimension)."""


class StaticEmbedder:
    """A table of vectors, one for each piece of text; a text's vector is the mean of its pieces'.

    Reads an ordinary sentence-transformers directory with one `StaticEmbedding`, without loading torch, and
    gives the vectors that sentence-transformers gives for the folded text. Text is folded here, so that
    Traditional and Simplified, full and half width come out the same.
    """

    def __init__(self, path: Path) -> None:
        """Load the directory; ModelError if a file is missing or damaged."""
        from tokenizers import Tokenizer

        try:
            weights = (path / "model.safetensors").read_bytes()
            self.vectors = _read_table(weights)
            self.tokenizer = Tokenizer.from_str((path / "tokenizer.json").read_text("utf-8"))
        except Exception as error:  # safetensors and tokenizers raise classes of their own
            raise ModelError(f"向量模型目录 {path} 已损坏（{_line(error)}）：请重新安装或训练。") from error
        if len(self.vectors) < self.tokenizer.get_vocab_size():
            raise ModelError(f"向量模型目录 {path} 的词表与权重对不上：请重新安装或训练。")
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self.name = f"wence-static@{hashlib.sha256(weights).hexdigest()[:12]}"
        self.dimension = int(self.vectors.shape[1])

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        """Return the vectors of passages: float32, unit rows, shape (len(texts), dimension)."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = [fold(text) for text in texts[start : start + _BATCH]]
            encodings = self.tokenizer.encode_batch_fast(batch, add_special_tokens=False)
            for row, encoding in enumerate(encodings, start):
                if encoding.ids:
                    vectors[row] = self._pool(encoding.ids)
        return unit(vectors)

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Return the vectors of queries: the same as those of passages."""
        return self.encode_documents(texts)

    def _pool(self, pieces: Sequence[int]) -> FloatArray:
        """Return the sum of a text's rows; the mean points the same way."""
        sums: FloatArray = np.ones(len(pieces), dtype=np.float32) @ self.vectors[pieces]
        return sums


class SentenceTransformerEmbedder:
    """Any sentence-transformers or transformers encoder, by directory or hub id, on the device it chooses."""

    def __init__(self, model: str) -> None:
        """Load the model; a hub id is downloaded unless `HF_HUB_OFFLINE` is set. ModelError if it fails."""
        from sentence_transformers import SentenceTransformer

        path = Path(model)
        local = path.is_dir() or is_offline()
        try:
            self._model = SentenceTransformer(model, local_files_only=local)
        except Exception as error:  # whatever hub, network, configuration and weights may raise
            raise ModelError(_loading_failed(model, error)) from error
        if path.is_dir():
            self.name = f"{path.resolve().name}@{_fingerprint(path)}"
        else:
            self.name = f"{model}@{_revision(model)}"
        self._query, self._document = instructions(self.name, self._model.prompts)
        self.dimension = int(self._model.encode(["维"], show_progress_bar=False).shape[1])

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        """Return the vectors of passages, with the model's prompt for documents if it has one."""
        return self._encode(self._model.encode_document, texts, self._document)

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Return the vectors of queries, with the model's prompt for queries if it has one."""
        return self._encode(self._model.encode_query, texts, self._query)

    def _encode(self, encode: Any, texts: Sequence[str], prompt: str | None) -> FloatArray:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = encode(list(texts), prompt=prompt, show_progress_bar=False, convert_to_numpy=True)
        return unit(np.asarray(vectors, dtype=np.float32))


def load_embedder(model: str | None = None) -> Embedder:
    """Return the embedder of a directory or hub id, the bundled one for None; ModelError if there is none.

    A directory whose model is one `StaticEmbedding`, or a `.onnx` file, is read without torch.
    """
    if model is None:
        return bundled_embedder()
    path = Path(model).expanduser()
    if path.is_dir():
        if not any((path / name).is_file() for name in ("modules.json", "config.json")):
            raise ModelError(
                f"目录 {path} 不是向量模型：里面没有 modules.json 或 config.json；"
                "请给出 sentence-transformers 模型的目录。"
            )
        return StaticEmbedder(path) if _is_static(path) else SentenceTransformerEmbedder(str(path))
    if path.is_file() and path.suffix == ".onnx":
        from index.onnx_embedder import OnnxEmbedder

        return OnnxEmbedder(path)
    if path.exists() or not _HUB_ID.fullmatch(model):
        raise ModelError(
            f"找不到向量模型目录 {model}：请检查路径，或给出模型仓库里的名称（如 BAAI/bge-small-zh-v1.5）。"
        )
    return SentenceTransformerEmbedder(model)


@cache
def bundled_embedder() -> StaticEmbedder:
    """Return the embedder that comes with the package; loaded once. ModelError if the package lacks it."""
    if not (BUNDLED / "modules.json").is_file():
        raise ModelError(f"随软件安装的向量模型 {BUNDLED} 不完整：请重新安装 wence。")
    return StaticEmbedder(BUNDLED)


def instructions(name: str, prompts: Mapping[str, str | None]) -> tuple[str | None, str | None]:
    """What queries and passages begin with; None leaves it to the model, which has prompts of its own."""
    if any(prompts.values()):
        return None, None
    return next((pair for part, pair in INSTRUCTIONS.items() if re.search(part, name.lower())), (None, None))


def _is_static(path: Path) -> bool:
    """Whether the directory's modules are one StaticEmbedding, with a Normalize behind it or not."""
    try:
        modules = json.loads((path / "modules.json").read_text("utf-8"))
        kinds = [module["type"].rsplit(".", 1)[-1] for module in modules]
        return kinds in (["StaticEmbedding"], ["StaticEmbedding", "Normalize"]) and not modules[0]["path"]
    except (OSError, ValueError, KeyError, TypeError):
        return False  # sentence-transformers will say what is wrong with it


def _read_table(weights: bytes) -> FloatArray:
    """Return one float32 row for each piece, from the ways in which sentence-transformers stores them."""
    from safetensors.numpy import load

    tensors = load(weights)
    if "embedding.weight" in tensors:
        return np.asarray(tensors["embedding.weight"], dtype=np.float32)
    rows = tensors["embeddings"]
    if "mapping" in tensors:
        rows = rows[tensors["mapping"]]
    if "weights" not in tensors:
        return np.asarray(rows, dtype=np.float32)
    # One scale for each piece, which makes 8-bit integers do for the rows.
    table: FloatArray = np.multiply(rows, tensors["weights"][:, None], dtype=np.float32)
    return table


def unit(vectors: FloatArray) -> FloatArray:
    """Scale rows to unit length; a row of zeros (an empty text) becomes the first axis."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    empty = norms[:, 0] < 1e-9
    unit: FloatArray = np.divide(vectors, np.where(empty[:, None], 1.0, norms), dtype=np.float32)
    unit[empty] = 0.0
    unit[empty, 0] = 1.0
    return unit


def is_offline() -> bool:
    """Whether the environment keeps the hub from being asked."""
    return any(os.environ.get(name, "").upper() in {"1", "TRUE", "YES", "ON"} for name in _OFFLINE)


def _fingerprint(path: Path) -> str:
    """Return the first 12 hexadecimal digits of the SHA-256 of a directory's weights."""
    digest = hashlib.sha256()
    files = (file for pattern in ("*.safetensors", "*.bin") for file in path.rglob(pattern))
    for file in sorted(files):
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()[:12]


def _revision(model: str) -> str:
    """Return the first 12 digits of the commit that a hub id was loaded from."""
    from huggingface_hub import snapshot_download

    for repository in (model, f"sentence-transformers/{model}"):  # the latter for names without an owner
        try:
            return Path(snapshot_download(repository, local_files_only=True)).name[:12]
        except (OSError, ValueError):
            continue
    raise ModelError(f"无法确定向量模型 {model} 的版本：请先用 `hf download` 下载到目录，再改用该目录。")


def _loading_failed(model: str, error: Exception) -> str:
    if Path(model).is_dir():
        return f"向量模型目录 {model} 无法载入（{_line(error)}）：请检查文件是否完整，或重新下载该模型。"
    remedy = f"请在有网络的机器上运行 `hf download {model} --local-dir 目录`，拷贝过来后改用该目录"
    if is_offline():
        return f"离线模式下本机缓存里没有向量模型 {model}：{remedy}，或去掉环境变量 HF_HUB_OFFLINE。"
    return f"向量模型 {model} 无法下载或载入（{_line(error)}）：请检查名称和网络；没有网络时，{remedy}。"


def _line(error: Exception) -> str:
    """Return the first line of an error's message, short."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
