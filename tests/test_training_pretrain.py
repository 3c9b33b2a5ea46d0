"""Pre-training on made-up text: it learns, goes on where it was killed, and what it exports loads."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from index.errors import InputError
from index.training import pretrain
from index.training.characters import MASK, Corpus, prepare
from index.training.pretrain import Run, Settings

TINY = Settings(
    steps=20,
    vocabulary=60,
    layers=1,
    width=64,
    inner=64,
    length=18,
    batch=8,
    rate=1e-2,
    warm_up=5,
    log_steps=1,
    save_seconds=0.0,
    held_out=4,
)


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Such small matrices only wait for a second thread, for seconds where the machine is busy."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def made_up_corpus(out: Path) -> Corpus:
    chance = random.Random(1)
    words = ["补贴", "申请", "企业", "审核", "材料", "二〇二三年", "gdp增长5%", "公示。"]
    texts = ["".join(chance.choices(words, k=60)) for _ in range(40)]
    return prepare(texts, out, TINY.vocabulary, TINY.seed)


def test_an_epoch_visits_every_stretch_once() -> None:
    corpus = np.arange(5, 5 + 16 * 17, dtype=np.uint16)
    steps = [pretrain.batch(corpus, step, TINY)[:, 1:-1] for step in range(4)]
    for epoch in (steps[:2], steps[2:]):
        assert len(np.unique(np.concatenate(epoch))) == 16 * 16
    assert not np.array_equal(steps[0], steps[2])


def test_masks_spare_special_tokens_and_change_only_chosen_places() -> None:
    rows = np.random.default_rng(0).integers(0, TINY.vocabulary, (50, 100))
    changed, places = pretrain.mask(rows, TINY, 7)
    assert (rows.flatten()[places] > MASK).all()
    assert len(places) == int((rows > MASK).sum() * TINY.masked)
    assert set(np.flatnonzero(changed != rows)) <= set(places)
    assert 0.7 < (changed.flatten()[places] == MASK).mean() < 0.9


def test_loss_falls_and_a_killed_run_goes_on_exactly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = made_up_corpus(tmp_path / "whole")
    whole = Run(tmp_path / "whole", TINY)
    pretrain.train(corpus, whole)
    losses = [entry["loss"] for entry in whole.history]
    assert len(losses) == TINY.steps
    assert np.mean(losses[-5:]) < np.mean(losses[:5]) - 0.5
    assert whole.history[-1]["held_out"] < whole.history[0]["held_out"] - 0.5

    made_up_corpus(tmp_path / "killed")
    save = Run.save

    def save_and_die(run: Run) -> None:
        if run.step == 10:
            raise KeyboardInterrupt
        save(run)

    monkeypatch.setattr(Run, "save", save_and_die)
    with pytest.raises(KeyboardInterrupt):
        pretrain.train(corpus, Run(tmp_path / "killed", TINY))
    monkeypatch.undo()
    second = Run(tmp_path / "killed", TINY, resume=True)
    assert second.step == 9
    pretrain.train(corpus, second)
    assert [entry["loss"] for entry in second.history] == losses
    assert len((tmp_path / "killed/log.jsonl").read_text().splitlines()) == TINY.steps


def test_time_stopped_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 3.0, 10_000.0, 10_060.0])
    # Its own clock: other threads of the process ask the real one.
    monkeypatch.setattr(pretrain, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    run = Run(tmp_path, replace(TINY, steps=None, minutes=2.0, save_seconds=1e9))
    pretrain.train(made_up_corpus(tmp_path), run)
    assert run.step == 3
    assert run.seconds == 3.0 + 2 * pretrain.LONGEST_STEP


def test_the_export_is_a_transformers_folder(tmp_path: Path) -> None:
    import torch
    from transformers import AutoModel, AutoTokenizer

    settings = replace(TINY, steps=3)
    run = Run(tmp_path, settings)
    pretrain.train(made_up_corpus(tmp_path), run)
    pretrain.export(run, tmp_path / "encoder")
    encoder = AutoModel.from_pretrained(tmp_path / "encoder")
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "encoder")
    assert encoder.dtype == torch.float16
    given = tokenizer("企业申请补贴", return_tensors="pt")
    assert given["input_ids"].shape == (1, 8)
    with torch.no_grad():
        expected = run.mixed.master.base_model(given["input_ids"]).last_hidden_state
        actual = encoder.float()(given["input_ids"]).last_hidden_state
        marked = encoder(given["input_ids"], token_type_ids=torch.full_like(given["input_ids"], 7))
    assert torch.allclose(actual, expected, atol=0.02)
    assert marked.last_hidden_state.shape == (1, 8, settings.width)
    assert list((tmp_path / "encoder").glob("*.safetensors")) == [tmp_path / "encoder/model.safetensors"]
    card = (tmp_path / "encoder/README.md").read_text(encoding="utf-8")
    assert f"{3 * settings.batch * settings.length:,} tokens" in card
    assert f"{run.history[-1]['held_out']:.3f} |" in card


def test_command_line_protects_a_checkpoint_and_misses_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="没有检查点"):
        pretrain.main(["--out", str(tmp_path), "--export", str(tmp_path / "encoder")])
    (tmp_path / "checkpoint.pt").touch()
    with pytest.raises(InputError, match="已有检查点"):
        pretrain.main(["--out", str(tmp_path)])
