"""Chooses the reader: the bundled one, a folder of its kind, or any CrossEncoder or extractive-QA model."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import ModelError
from index.reader import LEAST, ONNX_FILE, OnnxReader, Reader, Reading, Sentence, Source, bundled_reader

RULES = "rules"
"""What is named for no reader."""
_HUB_ID = re.compile(r"[\w.-]+(/[\w.-]+)?")
_LONGEST_ANSWER = 60
"""Tokens of a short answer, at most."""
_LONGEST_ROW = 512
_ANSWERS = "ForQuestionAnswering"


class CrossEncoderReader:
    """A sentence-transformers CrossEncoder with one label: it scores sentences, each below its heading.

    It knows no short answers: the answer within a sentence is the whole sentence.
    """

    def __init__(self, model: str) -> None:
        """Load the model; a hub id is downloaded unless `HF_HUB_OFFLINE` is set. ModelError if it fails."""
        from sentence_transformers import CrossEncoder
        from torch.nn import Identity

        try:
            self._model: Any = CrossEncoder(model, activation_fn=Identity())
        except Exception as error:  # whatever hub, network, configuration and weights may raise
            raise ModelError(_failed(model, error)) from error
        if self._model.num_labels != 1:
            raise ModelError(f"模型 {model} 给出 {self._model.num_labels} 个标签：重排模型只能有一个分数。")
        self.name = model

    def read(self, question: str, sources: Sequence[Source]) -> list[Reading]:
        """What each passage says to a folded question."""
        texts = [
            [source.text, *(source.text[start:end] for start, end in source.sentences)] for source in sources
        ]
        pairs = [
            (question, f"{source.heading}\n{text}" if source.heading else text)
            for source, parts in zip(sources, texts, strict=True)
            for text in parts
        ]
        if not pairs:
            return []
        scores = iter(np.asarray(self._model.predict(pairs, show_progress_bar=False)).tolist())
        return [
            Reading(next(scores), tuple(Sentence(next(scores), *span) for span in source.sentences))
            for source in sources
        ]


class AnswerReader:
    """An extractive question-answering model: a sentence's score is its best answer's, above "no answer"."""

    def __init__(self, model: str) -> None:
        """Load the model; a hub id is downloaded unless `HF_HUB_OFFLINE` is set. ModelError if it fails."""
        import torch
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer

        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(model, use_fast=True)
            self._model: Any = AutoModelForQuestionAnswering.from_pretrained(model).eval()
        except Exception as error:  # whatever hub, network, configuration and weights may raise
            raise ModelError(_failed(model, error)) from error
        if torch.cuda.is_available():
            self._model.to("cuda")
        self._longest = min(_LONGEST_ROW, self._model.config.max_position_embeddings)
        self.name = model

    def read(self, question: str, sources: Sequence[Source]) -> list[Reading]:
        """What each passage says to a folded question."""
        return [self._read(question, source) for source in sources]

    def _read(self, question: str, source: Source) -> Reading:
        import torch

        before = f"{source.heading}\n" if source.heading else ""
        row = self._tokenizer(
            question,
            before + source.text,
            truncation="only_second",
            max_length=self._longest,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        places = row.pop("offset_mapping")[0].numpy() - len(before)
        within = np.array([part == 1 for part in row.sequence_ids(0)])
        with torch.no_grad():
            output = self._model(**row.to(self._model.device))
        begins, ends = (
            logits[0].float().cpu().numpy() for logits in (output.start_logits, output.end_logits)
        )
        none = float(begins[0] + ends[0])
        sentences = []
        for start, end in source.sentences:
            tokens = np.flatnonzero(within & (places[:, 0] >= start) & (places[:, 1] <= end))
            if not len(tokens):
                sentences.append(Sentence(LEAST, start, start))
                continue
            chances = begins[tokens][:, None] + ends[tokens][None, :]
            apart = np.arange(len(tokens))[None, :] - np.arange(len(tokens))[:, None]
            chances[(apart < 0) | (apart >= _LONGEST_ANSWER)] = -np.inf
            first, last = np.unravel_index(int(chances.argmax()), chances.shape)
            score = float(chances[first, last]) - none
            sentences.append(Sentence(score, int(places[tokens[first], 0]), int(places[tokens[last], 1])))
        return Reading(max((sentence.score for sentence in sentences), default=LEAST), tuple(sentences))


def load_reader(model: str | None = None) -> Reader | None:
    """The reader of a directory or hub id, the bundled one for None, none for RULES; ModelError if it fails.

    What rules and reader weigh together was fitted for the bundled reader; another's scores are taken for
    logits too.
    """
    if model is None:
        return bundled_reader()
    if model == RULES:
        return None
    path = Path(model).expanduser()
    if path.is_dir():
        if (path / ONNX_FILE).is_file():
            return OnnxReader(path)
        model = str(path)
    elif path.exists() or not _HUB_ID.fullmatch(model):
        raise ModelError(f"找不到阅读模型 {model}：请检查目录或名称；不用阅读模型请写 {RULES}。")
    return AnswerReader(model) if _answers(model) else CrossEncoderReader(model)


def _answers(model: str) -> bool:
    """Tell whether a model finds answers rather than scores pairs."""
    from transformers import AutoConfig

    try:
        kinds = AutoConfig.from_pretrained(model).architectures or []
    except Exception as error:  # whatever hub, network and configuration may raise
        raise ModelError(_failed(model, error)) from error
    return any(kind.endswith(_ANSWERS) for kind in kinds)


def _failed(model: str, error: Exception) -> str:
    line = (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
    return (
        f"阅读模型 {model} 无法载入（{line}）：请检查名称、网络和文件；没有网络时，请在有网络的机器上运行 "
        f"`hf download {model} --local-dir 目录`，拷贝过来后改用该目录。"
    )
