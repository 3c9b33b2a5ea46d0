"""Pre-trains the reader's encoder: masked characters of news and regulations, from scratch.

    python -m index.training.pretrain --data ../shared/data --out build/reader-pretrain [--resume]
    python -m index.training.pretrain --start index/training/checkpoint --out build/reader-pretrain
    python -m index.training.pretrain --out build/reader-pretrain --export build/reader-encoder

The folder `--out` holds the tokenizer, the corpus as character numbers, the newest checkpoint and the log.
Batches and masks depend on the seed and the step alone: a killed run goes on where its checkpoint stands.
The rate follows the planned steps or the time spent training, in which the time a process was stopped does
not count. At the end the encoder is written as a `transformers` folder; a new run may start from the weights
of one. A GPU is used where there is one.
"""

import argparse
import json
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.errors import InputError
from index.training.characters import (
    END,
    MASK,
    SPECIAL,
    START,
    Corpus,
    prepare,
    read_documents,
    read_vocabulary,
)
from index.training.mixed import Mixed

if TYPE_CHECKING:
    import torch
    from transformers import NomicBertForMaskedLM

LONGEST_STEP = 60.0
"""Seconds of one step that count at most; a longer one was stopped, not slow."""

Rows: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a run depends on besides its text."""

    minutes: float = 110.0
    steps: int | None = None
    """Planned steps; where None, `minutes` of training are the plan."""
    vocabulary: int = 6000
    layers: int = 4
    width: int = 256
    inner: int = 704
    length: int = 128
    batch: int = 24
    masked: float = 0.2
    rate: float = 1e-3
    warm_up: int = 100
    decay_from: float = 0.5
    """Fraction of the plan after which the rate falls linearly to zero."""
    seed: int = 2024
    log_steps: int = 20
    save_seconds: float = 300.0
    held_out: int = 128
    """Sequences kept from training to measure the loss on."""


def cut(corpus: Corpus, numbers: Rows, length: int, shift: int = 0) -> Rows:
    """The numbered stretches of the corpus, one a row, each between [CLS] and [SEP]."""
    inside = length - 2
    text = corpus[(numbers * inside + shift)[:, None] + np.arange(inside)]
    return np.pad(text.astype(np.int64), ((0, 0), (1, 1)), constant_values=((0, 0), (START, END)))


def batch(corpus: Corpus, step: int, settings: Settings) -> Rows:
    """The rows of a step; every epoch cuts and orders the text anew."""
    count = len(corpus) // (settings.length - 2) - 1
    epoch, place = divmod(step, count // settings.batch)
    random = np.random.default_rng((settings.seed, 1, epoch))
    shift, order = int(random.integers(settings.length - 2)), random.permutation(count)
    return cut(corpus, order[place * settings.batch :][: settings.batch], settings.length, shift)


def mask(rows: Rows, settings: Settings, *key: int) -> tuple[Rows, Rows]:
    """The rows with single characters masked, and the places in the flattened rows that are to be predicted.

    Of these 10 % are exchanged and 10 % left as they are: later tasks have no [MASK] to tell where to look.
    """
    random = np.random.default_rng((settings.seed, *key))
    known = np.flatnonzero(rows > MASK)
    places = np.sort(random.choice(known, int(len(known) * settings.masked), replace=False))
    changed, chance = rows.flatten(), random.random(len(places))
    other = random.integers(len(SPECIAL), settings.vocabulary, len(places))
    changed[places] = np.where(chance < 0.8, MASK, np.where(chance < 0.9, other, changed[places]))
    return changed.reshape(rows.shape), places


def build_model(settings: Settings) -> "NomicBertForMaskedLM":
    """A BERT with rotary positions and gated layers (NomicBert), with its head for masked characters.

    After 1.1M tokens its loss is 4.1; a BERT with sinusoidal positions, as large and as quick, stands at 5.8.
    Eight token types let fine-tuning mark which characters also stand in the other text.
    """
    import torch
    from transformers import NomicBertConfig, NomicBertForMaskedLM

    torch.manual_seed(settings.seed)
    config = NomicBertConfig(
        vocab_size=settings.vocabulary,
        hidden_size=settings.width,
        num_hidden_layers=settings.layers,
        num_attention_heads=settings.width // 64,
        intermediate_size=settings.inner,
        max_position_embeddings=512,
        type_vocab_size=8,
    )
    return NomicBertForMaskedLM(config)


def load_encoder(directory: Path) -> Any:
    """The encoder of an exported folder, in float32."""
    import torch
    from transformers import AutoModel

    return AutoModel.from_pretrained(directory, dtype=torch.float32, local_files_only=True)


class Run:
    """A training run: the model in both precisions, and how far it is."""

    def __init__(
        self, out: Path, settings: Settings, resume: bool = False, start: Path | None = None
    ) -> None:
        import torch

        self.out, self.settings, self.checkpoint = out, settings, out / "checkpoint.pt"
        self.mixed = Mixed(lambda: build_model(settings), settings.rate)
        if start:
            self.mixed.master.base_model.load_state_dict(load_encoder(start).state_dict())
            self.mixed.copy_weights()
        self.step, self.seconds = 0, 0.0
        self.history: list[dict[str, float]] = []
        if resume:
            if not self.checkpoint.exists():
                raise InputError(f"没有检查点 {self.checkpoint}：请先不带 --resume 开始训练。")
            device = self.mixed.master.device
            state = torch.load(self.checkpoint, map_location=device, weights_only=True)
            self.mixed.master.load_state_dict(state["model"])
            self.mixed.optimizer.load_state_dict(state["optimizer"])
            self.mixed.copy_weights()
            self.step, self.seconds, self.history = state["step"], state["seconds"], state["history"]

    def done(self) -> float:
        """Fraction of the plan that is behind us."""
        plan, spent = self.settings.steps, self.seconds / 60 / self.settings.minutes
        return min(1.0, spent if plan is None else self.step / plan)

    def loss(self, rows: Rows, *key: int) -> "torch.Tensor":
        """Mean loss, in nats, of the masked characters of `rows`; only they pass through the decoder."""
        import torch

        changed, places = mask(rows, self.settings, *key)
        worker = self.mixed.worker
        device = worker.device
        hidden = worker.base_model(torch.from_numpy(changed).to(device)).last_hidden_state
        scores = worker.cls(hidden.flatten(0, 1)[torch.from_numpy(places).to(device)])
        targets = torch.from_numpy(rows.flatten()[places]).to(device)
        return torch.nn.functional.cross_entropy(scores.float(), targets)

    def advance(self, rows: Rows) -> float:
        """Take one optimiser step on `rows`; their loss."""
        falling = (1 - self.done()) / (1 - self.settings.decay_from)
        share = min(1.0, (self.step + 1) / self.settings.warm_up, falling)
        loss = self.mixed.step(self.loss(rows, 2, self.step), share)
        self.step += 1
        return loss

    def held_out_loss(self, corpus: Corpus) -> float:
        """Loss on text that training never sees, with the same masks every time."""
        import torch

        count = np.arange(len(corpus) // (self.settings.length - 2))
        with torch.no_grad():
            return self.loss(cut(corpus, count, self.settings.length), 3).item()

    def record(self, loss: float, held_out: float | None) -> None:
        """Note how far the run is, and print it."""
        tokens = self.step * self.settings.batch * self.settings.length
        last = self.history[-1] if self.history else {"tokens": 0, "seconds": 0.0}
        speed = (tokens - last["tokens"]) / max(1e-9, self.seconds - last["seconds"])
        left = self.seconds / 60 * (1 / self.done() - 1)
        entry = {
            "step": self.step,
            "tokens": tokens,
            "seconds": round(self.seconds, 1),
            "loss": round(loss, 4),
        }
        self.history.append(entry if held_out is None else {**entry, "held_out": round(held_out, 4)})
        note = "" if held_out is None else f"  held out {held_out:.3f}"
        print(f"step {self.step}  {tokens / 1e6:.2f}M tokens  loss {loss:.3f}{note}", end="  ")
        print(f"{speed:.0f} tokens/s  {left:.1f} min left", flush=True)

    def save(self) -> None:
        """Replace the checkpoint in one go, whatever moment a kill comes at; and write the log."""
        import torch

        mixed = self.mixed
        state: dict[str, Any] = {
            "model": mixed.master.state_dict(),
            "optimizer": mixed.optimizer.state_dict(),
        }
        state |= {"step": self.step, "seconds": self.seconds, "history": self.history}
        torch.save(state, self.out / "checkpoint.part")
        os.replace(self.out / "checkpoint.part", self.checkpoint)
        lines = [json.dumps(entry) + "\n" for entry in self.history]
        (self.out / "log.jsonl").write_text("".join(lines), encoding="utf-8")


def train(corpus: Corpus, run: Run) -> None:
    """Train to the end of the plan; checkpoints are written at log steps."""
    settings, held = run.settings, run.settings.held_out * (run.settings.length - 2)
    text, kept = corpus[:-held], corpus[-held:]
    losses: list[float] = []
    saved = begun = time.monotonic()
    while run.done() < 1:
        losses.append(run.advance(batch(text, run.step, settings)))
        now = time.monotonic()
        run.seconds, begun = run.seconds + min(now - begun, LONGEST_STEP), now
        if run.step % settings.log_steps and run.done() < 1:
            continue
        save = now - saved >= settings.save_seconds or run.done() >= 1
        run.record(sum(losses) / len(losses), run.held_out_loss(kept) if save else None)
        losses.clear()
        if save:
            run.save()
            saved = now


CARD = """---
language: zh
license: apache-2.0
---
# Encoder of Wence's reader, pre-trained

An unfinished checkpoint from which the reader is trained: it only predicts masked characters.
One character is one token; fold texts first (`index.folding.fold`). Only token type 0 is trained.

- Model: {name}, {layers} layers, {width} wide, {parameters:,} parameters, float16.
- Data: {characters:,} characters, folded: news articles of 2023 from IAAR-Shanghai/CRUD_RAG (Apache-2.0) and
  Chinese laws and regulations (official texts) from LawRefBook/Laws. No text is part of this folder.
- Objective: {masked:.0%} of the characters, masked one by one, in stretches of {length}, {batch} a step;
  AdamW, rate {rate}.
- Command: `python -m index.training.pretrain --minutes {planned:.0f}`, seed {seed}.
- Figures: {tokens:,} tokens in {minutes:.0f} minutes; losses in nats a masked character.

| tokens | training loss | held-out loss |
|---|---|---|
{curve}
"""


def export(run: Run, directory: Path) -> None:
    """Write the encoder in float16, its tokenizer and its model card: a folder that `transformers` loads."""
    import torch

    encoder: Any = build_model(run.settings).base_model
    encoder.load_state_dict(run.mixed.master.base_model.state_dict())
    with torch.no_grad():
        # What type 0 has learned to add, the layers expect of every type.
        types = encoder.embeddings.token_type_embeddings.weight
        types[1:] += types[0]
    encoder.to(torch.float16).save_pretrained(directory)
    shutil.copytree(run.out / "tokenizer", directory, dirs_exist_ok=True)
    settings, measured = run.settings, [e for e in run.history if "held_out" in e]
    thinned = measured[:: len(measured) // 20 + 1]
    shown = thinned if thinned[-1:] == measured[-1:] else [*thinned, measured[-1]]
    card = CARD.format(
        name=type(encoder).__name__,
        layers=settings.layers,
        width=settings.width,
        parameters=encoder.num_parameters(),
        characters=len(np.load(run.out / "corpus.npy", mmap_mode="r")),
        masked=settings.masked,
        length=settings.length,
        batch=settings.batch,
        rate=settings.rate,
        planned=settings.minutes,
        seed=settings.seed,
        tokens=run.step * settings.batch * settings.length,
        minutes=run.seconds / 60,
        curve="\n".join(
            f"| {e['tokens'] / 1e6:.1f}M | {e['loss']:.3f} | {e['held_out']:.3f} |" for e in shown
        ),
    )
    (directory / "README.md").write_text(card, encoding="utf-8")


def main(arguments: list[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the corpora")
    parser.add_argument("--out", type=Path, default=Path("build/reader-pretrain"), help="folder of the run")
    parser.add_argument(
        "--minutes", type=float, default=Settings().minutes, help="training time, all runs together"
    )
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out")
    parser.add_argument(
        "--start", type=Path, metavar="DIR", help="begin with the weights of an encoder that was exported"
    )
    parser.add_argument(
        "--export", type=Path, metavar="DIR", help="only write the checkpoint's encoder to DIR"
    )
    parser.add_argument(
        "--length", type=int, default=Settings().length, help="tokens of a stretch; a step has as many in all"
    )
    parser.add_argument(
        "--seed", type=int, default=Settings().seed, help="another one cuts and orders the text anew"
    )
    given = parser.parse_args(arguments)
    settings = Settings(
        minutes=given.minutes,
        length=given.length,
        batch=max(1, Settings().batch * Settings().length // given.length),
        seed=given.seed,
    )
    if given.export:
        return export(Run(given.out, settings, resume=True), given.export)
    if not given.resume and (given.out / "checkpoint.pt").exists():
        raise InputError(f"{given.out} 里已有检查点：请加 --resume 继续训练，或换一个 --out。")
    ready = given.out / "corpus.npy"
    if ready.exists():
        corpus = np.load(ready)
    else:
        known = read_vocabulary(given.start) if given.start else None
        corpus = prepare(read_documents(given.data), given.out, settings.vocabulary, settings.seed, known)
    run = Run(given.out, settings, given.resume, given.start)
    train(corpus, run)
    return export(run, given.out / "encoder")


if __name__ == "__main__":
    main()
