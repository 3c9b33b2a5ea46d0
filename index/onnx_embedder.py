"""ONNX embedder: any encoder exported to ONNX, run by onnxruntime on the CPU without torch."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.embedders import FloatArray, instructions, unit
from index.errors import ModelError

_BATCH = 32
_LONGEST = 512
"""Tokens of a text that are read, unless the model's own limit is lower."""


class OnnxEmbedder:
    """A `.onnx` file beside, or in a folder of, the directory with its tokenizer and pooling."""

    def __init__(self, file: Path) -> None:
        """Load the model; ModelError if a file is missing or damaged."""
        import onnxruntime
        from tokenizers import Tokenizer

        homes = [
            folder for folder in (file.parent, file.parent.parent) if (folder / "tokenizer.json").is_file()
        ]
        if not homes:
            raise ModelError(f"{file} 旁边和上一级目录里都没有 tokenizer.json：请把它和模型放在一起。")
        home = homes[0]
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(file), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_str((home / "tokenizer.json").read_text("utf-8"))
            settings = _settings(home / "config_sentence_transformers.json")
            pooling = _settings(home / "1_Pooling" / "config.json")
            longest = _settings(home / "sentence_bert_config.json").get("max_seq_length") or _LONGEST
        except Exception as error:  # onnxruntime and tokenizers raise classes of their own
            raise ModelError(
                f"向量模型 {file} 无法载入（{str(error)[:120]}）：请检查文件是否完整。"
            ) from error
        self._tokenizer.enable_truncation(int(longest))
        self._tokenizer.enable_padding()
        self._first = bool(pooling.get("pooling_mode_cls_token") or pooling.get("pooling_mode") == "cls")
        self._inputs = {one.name for one in self._session.get_inputs()}
        self.name = f"{home.resolve().name}@{hashlib.sha256(file.read_bytes()).hexdigest()[:12]}"
        prompts: dict[str, str | None] = settings.get("prompts") or {}
        query, document = instructions(self.name, prompts)
        self._query = prompts.get("query") or query or ""
        self._document = prompts.get("document") or prompts.get("passage") or document or ""
        self.dimension = int(self.encode_documents(["维"]).shape[1])

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        """Return the vectors of passages, with the model's prompt for documents if it has one."""
        return self._encode([self._document + text for text in texts])

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Return the vectors of queries, with the model's prompt for queries if it has one."""
        return self._encode([self._query + text for text in texts])

    def _encode(self, texts: Sequence[str]) -> FloatArray:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        order = sorted(range(len(texts)), key=lambda n: len(texts[n]))  # texts of one length need no padding
        rows: dict[int, FloatArray] = {}
        for at in range(0, len(order), _BATCH):
            part = order[at : at + _BATCH]
            rows.update(zip(part, self._pool([texts[n] for n in part]), strict=True))
        return unit(np.stack([rows[n] for n in range(len(texts))]))

    def _pool(self, texts: Sequence[str]) -> FloatArray:
        encodings = self._tokenizer.encode_batch(list(texts))
        mask = np.array([e.attention_mask for e in encodings], np.int64)
        given = {
            "input_ids": np.array([e.ids for e in encodings], np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        states = self._session.run(None, {name: given[name] for name in self._inputs})[0]
        if self._first:
            first: FloatArray = states[:, 0]
            return first
        mean: FloatArray = (states * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return mean.astype(np.float32)


def _settings(path: Path) -> dict[str, Any]:
    """The object of a JSON file, empty where there is none."""
    if not path.is_file():
        return {}
    values: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return values
