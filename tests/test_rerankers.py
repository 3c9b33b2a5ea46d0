"""Rerankers: a tiny real CrossEncoder, made on the spot."""

from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import ModelError
from index.folding import fold
from index.records import Hit
from index.rerankers import load_reranker
from tests.tiny import article, passage

TEXT = "对获评的企业每家奖励三十万元。申报材料包括申请表。"


def cross_encoder(folder: Path, labels: int = 1) -> Path:
    """Random weights over the characters of TEXT."""
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    folder.mkdir()
    characters = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(set(TEXT))]
    (folder / "vocab.txt").write_text("\n".join(characters), "utf-8")
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(characters),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
    )
    config.num_labels = labels
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def test_scores_are_the_models_own_through_a_logistic(tmp_path: Path) -> None:
    import torch
    from sentence_transformers import CrossEncoder

    folder = cross_encoder(tmp_path / "tiny")
    source = replace(article(1), text=TEXT, title="獎勵辦法")
    hits = [Hit(passage(source, start, end), 0.5) for start, end in ((0, 15), (15, len(TEXT)))]
    scores = load_reranker(str(folder)).score("奖励多少", hits)
    pairs = [("奖励多少", f"{fold(hit.passage.heading)}\n{hit.passage.search_text}") for hit in hits]
    raw = CrossEncoder(str(folder), device="cpu").predict(pairs, activation_fn=torch.nn.Identity())
    assert scores == pytest.approx(torch.sigmoid(torch.tensor(raw)).tolist(), abs=1e-5)
    assert all(0 < score < 1 for score in scores)


def test_a_model_of_several_outputs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="3 个输出"):
        load_reranker(str(cross_encoder(tmp_path / "three", labels=3)))


def test_what_cannot_be_loaded_says_how_to_bring_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="hf download wence/none"):
        load_reranker("wence/none")
    with pytest.raises(ModelError, match="无法载入"):
        load_reranker(str(tmp_path))
