"""Readers of one's own: CrossEncoders and extractive-QA models by path, made here and tiny."""

from pathlib import Path

import pytest
import torch

from index.errors import ModelError
from index.reader import LEAST, OnnxReader, Source
from index.reader_models import AnswerReader, CrossEncoderReader, load_reader
from index.training.characters import SPECIAL, build_tokenizer
from tests.tiny import CHARACTERS, tiny_reader

TEXT = "企业可以申请。每家奖励30万元。"
SOURCE = Source("补贴", TEXT, [(0, 7), (7, len(TEXT))])


def write_bert(directory: Path, kind: str, labels: int = 1) -> None:
    """Write an untrained BERT of one layer with a character tokenizer."""
    import transformers
    from transformers import BertConfig

    directory.mkdir()
    build_tokenizer(CHARACTERS).save_pretrained(directory)
    config = BertConfig(
        vocab_size=len(SPECIAL) + len(CHARACTERS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
    )
    config.num_labels = labels
    torch.manual_seed(0)
    getattr(transformers, f"BertFor{kind}")(config).save_pretrained(directory)


def test_a_cross_encoder_scores_sentences(tmp_path: Path) -> None:
    write_bert(tmp_path / "model", "SequenceClassification")
    reader = load_reader(str(tmp_path / "model"))
    assert isinstance(reader, CrossEncoderReader)
    (reading,) = reader.read("奖励多少?", [SOURCE])
    assert [(s.start, s.end) for s in reading.sentences] == SOURCE.sentences
    assert len({reading.relevance, *(s.score for s in reading.sentences)}) == 3
    assert reader.read("奖励多少?", []) == []
    alone = reader.read("奖励多少?", [Source("补贴", TEXT[7:], [])])
    assert alone[0].relevance == pytest.approx(reading.sentences[1].score, abs=1e-4)


def test_a_question_answering_model_finds_answers_within_sentences(tmp_path: Path) -> None:
    write_bert(tmp_path / "model", "QuestionAnswering", 2)
    reader = load_reader(str(tmp_path / "model"))
    assert isinstance(reader, AnswerReader)
    (reading,) = reader.read("奖励多少?", [SOURCE])
    for (start, end), sentence in zip(SOURCE.sentences, reading.sentences, strict=True):
        assert start <= sentence.start < sentence.end <= end
    assert reading.relevance == max(s.score for s in reading.sentences)
    (cut,) = reader.read("奖励多少?", [Source("", TEXT * 9, [(0, 7), (len(TEXT) * 8, len(TEXT) * 9)])])
    assert cut.sentences[1].score == LEAST


def test_a_folder_of_the_bundled_kind_is_read_without_torch(tmp_path: Path) -> None:
    tiny_reader(tmp_path)
    assert isinstance(load_reader(str(tmp_path)), OnnxReader)


def test_rules_are_no_reader() -> None:
    assert load_reader("rules") is None


def test_what_is_no_reader_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="找不到阅读模型"):
        load_reader(str(tmp_path / "nothing" / "here"))
    with pytest.raises(ModelError, match="无法载入"):
        load_reader(str(tmp_path))
    write_bert(tmp_path / "many", "SequenceClassification", 3)
    with pytest.raises(ModelError, match="3 个标签"):
        load_reader(str(tmp_path / "many"))
