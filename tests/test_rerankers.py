"""Rerankers: the bundled reader, and a tiny real CrossEncoder, made on the spot."""

import math
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import ModelError
from index.folding import fold
from index.reader import BUNDLED, Source, bundled_reader
from index.records import Hit
from index.rerankers import READER, RELEVANCE, load_reranker
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


def test_the_reader_moves_the_scores_of_the_search() -> None:
    source = replace(article(1), text=TEXT, title="獎勵辦法")
    found = [0.2, 1.0]
    hits = [
        Hit(passage(source, *span), score)
        for span, score in zip(((15, len(TEXT)), (0, 15)), found, strict=True)
    ]
    reranker = load_reranker(READER)
    assert reranker.depth == 3
    scores = reranker.score("奖励多少", hits)
    sources = [Source(fold(hit.passage.heading), hit.passage.search_text, ()) for hit in hits]
    readings = bundled_reader().read("奖励多少", sources)
    moved = math.log(0.2 / 0.8) + RELEVANCE * readings[0].relevance
    assert scores[0] == pytest.approx(1 / (1 + math.exp(-moved)))
    assert scores[0] < scores[1] <= 1


def test_hits_that_were_found_equally_well_are_told_apart_by_the_reader() -> None:
    source = replace(article(1), text=TEXT, title="獎勵辦法")
    hits = [Hit(passage(source, start, end), 0.5) for start, end in ((15, len(TEXT)), (0, 15))]
    aside, answering = load_reranker(READER).score("获评的企业每家奖励多少元?", hits)
    assert answering > aside
    assert load_reranker(READER).score("奖励多少", []) == []


def test_a_directory_of_a_reader_is_read_as_one(tmp_path: Path) -> None:
    folder = shutil.copytree(BUNDLED, tmp_path / "reader")
    hit = Hit(passage(article(1), 0, 10), 0.5)
    assert load_reranker(str(folder)).score("奖励", [hit]) == load_reranker(READER).score("奖励", [hit])


def test_a_model_of_several_outputs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="3 个输出"):
        load_reranker(str(cross_encoder(tmp_path / "three", labels=3)))


def test_what_cannot_be_loaded_says_how_to_bring_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="hf download wence/none"):
        load_reranker("wence/none")
    with pytest.raises(ModelError, match="无法载入"):
        load_reranker(str(tmp_path))
