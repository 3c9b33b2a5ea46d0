"""Training the reader on made-up questions: it learns, and what it learns from is what was meant."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from index.reader import BEGIN, FINISH, RELEVANCE, OnnxReader, Source, read_alphabet
from index.training.average import average
from index.training.candidates import Candidates, Read
from index.training.export import export
from index.training.reader import (
    Settings,
    batches,
    build_reader,
    choose,
    cut_out,
    grouped_log_softmax,
    loss_of,
    make_batch,
    train,
)
from index.training.recipe import FOLDS, fold_of, pool, save
from tests.tiny import tiny_encoder

GOLD = Read("", "企业可以申请。每家奖励30万元。材料要齐。", [[0, 7], [7, 16], [16, 21]], [0, 1, 0], [11, 15])
OTHER = Read("", "企业要公示。", [[0, 6]], [0], None)
TWIN = Read("", "去年每家奖励30万元。", [[0, 11]], [-1], None)
QUESTION = Candidates("a", "每家奖励多少?", ["30万元"], [GOLD, OTHER, TWIN], None)


def test_the_answering_sentence_can_be_cut_out() -> None:
    without = cut_out(GOLD)
    assert without.text == "企业可以申请。材料要齐。"
    assert [without.text[a:b] for a, b in without.sentences] == ["企业可以申请。", "材料要齐。"]
    assert without.labels == [0, 0]


def test_a_question_is_read_with_and_without_what_answers() -> None:
    random = np.random.default_rng(0)
    settings = Settings(without_gold=0.2, cut_out=0.2, passages=2)
    chosen = [choose(QUESTION, settings, random) for _ in range(400)]
    answered = sum(any(1 in read.labels for read in reads) for reads in chosen) / 400
    assert 0.5 < answered < 0.7
    assert all(1 <= len(reads) <= 2 for reads in chosen)
    unanswered = replace(QUESTION, passages=[OTHER, cut_out(GOLD)])
    assert all(choose(unanswered, settings, random)[0] == OTHER for _ in range(20))
    alone = replace(QUESTION, passages=[GOLD])
    assert choose(alone, settings, random) == [GOLD]


def test_a_question_read_with_one_passage_is_read_with_the_one_that_answers() -> None:
    random = np.random.default_rng(0)
    several = replace(QUESTION, extra=GOLD)
    settings = Settings(without_gold=0, cut_out=0, passages=2, alone=0.5)
    chosen = [choose(several, settings, random) for _ in range(200)]
    assert all(GOLD in reads for reads in chosen)
    assert 70 < sum(len(reads) == 1 for reads in chosen) < 130


def test_the_pool_holds_each_set_so_many_times() -> None:
    questions = [replace(QUESTION, question=str(n)) for n in range(10)]
    made = pool({"a": questions, "b": questions[:4]}, {"a": 1.3, "b": 0.5})
    assert len(made) == 13 + 2
    assert all(one in made for one in questions)
    assert len({one.question for one in made[10:13]}) == 3


def test_softmax_is_within_groups() -> None:
    scores = torch.tensor([1.0, 2.0, 3.0, 4.0])
    groups = torch.tensor([0, 1, 0, 1])
    expected = torch.empty(4)
    expected[[0, 2]] = torch.log_softmax(scores[[0, 2]], 0)
    expected[[1, 3]] = torch.log_softmax(scores[[1, 3]], 0)
    assert torch.allclose(grouped_log_softmax(scores, groups, 2), expected)


def test_loss_is_small_where_the_model_is_right_and_unsure_sentences_do_not_count(tmp_path: Path) -> None:
    tiny_encoder(tmp_path)
    batch = make_batch(read_alphabet(tmp_path), [(QUESTION.question, [GOLD, OTHER, TWIN])])
    right = torch.full((3, batch.tokens.shape[1], 3), -9.0)
    (_, row, low, high) = batch.sentences[1]
    right[row, low:high, RELEVANCE] = 9.0
    right[0, 0, RELEVANCE] = 9.0
    (_, row, first, last) = batch.answers[0]
    right[row, first, BEGIN] = right[row, last, FINISH] = 9.0
    assert loss_of(right, batch).item() < 0.01
    unsure = right.clone()
    (_, row, low, high) = batch.sentences[-1]
    unsure[row, low:high, RELEVANCE] = 9.0
    assert loss_of(unsure, batch).item() < 0.01
    wrong = right.clone()
    (_, row, low, high) = batch.sentences[0]
    wrong[row, low:high, RELEVANCE] = 12.0
    assert loss_of(wrong, batch).item() > 2


def test_where_nothing_answers_no_sentence_may_score(tmp_path: Path) -> None:
    tiny_encoder(tmp_path)
    batch = make_batch(read_alphabet(tmp_path), [(QUESTION.question, [cut_out(GOLD), OTHER])])
    silent = torch.full((2, batch.tokens.shape[1], 3), -9.0)
    assert loss_of(silent, batch).item() < 0.01
    assert loss_of(-silent, batch).item() > 5


def test_every_question_comes_once_an_epoch() -> None:
    questions = [replace(QUESTION, question=f"问题{n}") for n in range(32)]
    settings = Settings(groups=2)
    asked = [group[0] for groups in batches(questions, settings, 16) for group in groups]
    assert sorted(asked) == sorted(q.question for q in questions)


def test_it_learns_and_is_saved_as_it_reads(tmp_path: Path) -> None:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    tiny_encoder(tmp_path / "encoder")
    settings = Settings(epochs=120, groups=1, passages=3, rate=3e-3, warm_up=5, without_gold=0, cut_out=0)
    model = train(tmp_path / "encoder", read_alphabet(tmp_path / "encoder"), [QUESTION], settings)
    torch.set_num_threads(threads)
    save(model, tmp_path / "encoder", tmp_path / "reader")
    export(tmp_path / "reader", tmp_path / "shipped")
    source = Source(GOLD.heading, GOLD.text, [(a, b) for a, b in GOLD.sentences])
    (reading,) = OnnxReader(tmp_path / "shipped").read(QUESTION.question, [source])
    scores = [sentence.score for sentence in reading.sentences]
    assert int(np.argmax(scores)) == 1
    assert scores[1] > 0 > max(scores[0], scores[2])
    assert GOLD.text[slice(*reading.sentences[1][1:])] == "30万元"
    again = build_reader(tmp_path / "reader")
    assert torch.equal(again.classifier.weight, model.classifier.weight)


def test_readers_are_averaged_weight_by_weight(tmp_path: Path) -> None:
    encoder = tmp_path / "encoder"
    tiny_encoder(encoder)
    one, other = build_reader(encoder), build_reader(encoder)
    with torch.no_grad():
        for weight in other.parameters():
            weight += 2.0
    save(one, encoder, tmp_path / "one")
    save(other, encoder, tmp_path / "other")
    average([tmp_path / "one", tmp_path / "other"], tmp_path / "mean")
    mean = build_reader(tmp_path / "mean").state_dict()
    assert all(torch.allclose(mean[name], weight + 1.0) for name, weight in one.named_parameters())


def test_folds_are_even_and_fixed() -> None:
    folds = [fold_of(f"drcd_dev/{n}") for n in range(1000)]
    assert min(folds.count(fold) for fold in range(FOLDS)) > 150
    assert folds[:5] == [fold_of(f"drcd_dev/{n}") for n in range(5)]
