"""Trains the reader: which sentence answers, where in it the answer stands, and whether any does.

One question is read with several passages. All their sentences, and "none of them" with a score of 0, share
one softmax: so scores compare across passages and questions (shared normalisation, Clark and Gardner 2018).
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.reader import BEGIN, FINISH, LABELS, RELEVANCE, TYPES, Alphabet, Row, encode, pad
from index.training.candidates import Candidates, Read
from index.training.mixed import Mixed
from index.training.pretrain import load_encoder

if TYPE_CHECKING:
    import torch


Group: TypeAlias = tuple[str, Sequence[Read]]
"""A question with the passages that it is read with."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a run depends on besides its questions."""

    epochs: float = 2.0
    groups: int = 8
    """Questions a step."""
    passages: int = 3
    """Passages read with each question."""
    alone: float = 0.0
    """Share of the questions that are read with one passage only: in half the time."""
    rate: float = 4e-4
    warm_up: int = 50
    without_gold: float = 0.1
    """Share of the questions that are read without the passages that answer."""
    cut_out: float = 0.1
    """Share that is read with the answering sentence cut out."""
    seed: int = 2024
    log_steps: int = 20
    keep_steps: int = 400


def build_reader(start: Path) -> Any:
    """A reader with the weights of a reader, or with those of a pre-trained encoder and a new head."""
    import torch
    from transformers import AutoConfig, NomicBertForTokenClassification

    config = AutoConfig.from_pretrained(start, local_files_only=True)
    if config.architectures == ["NomicBertForTokenClassification"]:
        return NomicBertForTokenClassification.from_pretrained(
            start, dtype=torch.float32, local_files_only=True
        )
    config.num_labels, config.type_vocab_size, config.dtype = LABELS, TYPES, None
    torch.manual_seed(0)
    model = NomicBertForTokenClassification(config)
    known = load_encoder(start).state_dict()
    types = "embeddings.token_type_embeddings.weight"
    known[types] = known[types][:1].repeat(TYPES, 1)  # only the first was trained
    model.nomic_bert.load_state_dict({name: w for name, w in known.items() if not name.startswith("pooler")})
    return model


def choose(question: Candidates, settings: Settings, random: np.random.Generator) -> list[Read]:
    """The passages that a question is read with at one time."""
    most = 1 if random.random() < settings.alone else settings.passages
    gold = [read for read in (question.extra, *question.passages) if read and 1 in read.labels]
    others = [read for read in question.passages if 1 not in read.labels]
    if not others:
        return gold[:most]
    # The nearer to the top a passage was found, the likelier it is to be read.
    weights = 1 / np.arange(2, len(others) + 2)
    order = random.choice(len(others), len(others), replace=False, p=weights / weights.sum()).tolist()
    chance = random.random()
    if not gold:
        # It was asked about the passage that the search most likely put first: that must not answer.
        chosen, order = others[:1], [n for n in order if n]
    elif chance < settings.without_gold:
        chosen = []
    elif chance < settings.without_gold + settings.cut_out:
        chosen = [cut_out(gold[0])]
    else:
        chosen = gold[:1] if random.random() < 0.7 else gold[: max(1, most - 1)]
    return [*chosen, *(others[n] for n in order)][:most]


def cut_out(read: Read) -> Read:
    """The passage without its answering sentences."""
    text, sentences, labels = "", [], []
    for (start, end), label in zip(read.sentences, read.labels, strict=True):
        if label:
            continue
        sentences.append([len(text), len(text) + end - start])
        labels.append(0)
        text += read.text[start:end]
    return Read(read.heading, text, sentences, labels, None)


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of several questions, and what is asked of them."""

    tokens: NDArray[np.int64]
    types: NDArray[np.int64]
    mask: NDArray[np.int64]
    sentences: NDArray[np.int64]
    """(question, row, first token, token behind) of each sentence."""
    labels: NDArray[np.int64]
    answers: NDArray[np.int64]
    """(question, row, first token, last token) of each known answer."""
    owners: NDArray[np.int64]
    """The question of each row."""
    answering: NDArray[np.int64]
    """1 where a row's passage answers, 0 where not, -1 where that is not sure."""


def make_batch(alphabet: Alphabet, groups: Sequence[Group]) -> Batch:
    """The batch of questions, each with its passages."""
    rows: list[Row] = []
    sentences, labels, answers, owners, answering = [], [], [], [], []
    for owner, (question, reads) in enumerate(groups):
        for read in reads:
            row = encode(alphabet, question, read.heading, read.text)
            for (start, end), label in zip(read.sentences, read.labels, strict=True):
                low, high = row.token_span(start, end)
                if low < high:
                    sentences.append((owner, len(rows), low, high))
                    labels.append(label)
            if read.answer:
                low, high = row.token_span(*read.answer)
                if low < high:
                    answers.append((owner, len(rows), low, high - 1))
            owners.append(owner)
            answering.append(max(read.labels, default=0) if -1 not in read.labels or 1 in read.labels else -1)
            rows.append(row)
    integers = (np.array(x, dtype=np.int64) for x in (labels, owners, answering))
    label_array, owner_array, answering_array = integers
    return Batch(
        *pad(rows),
        np.array(sentences, dtype=np.int64).reshape(-1, 4),
        label_array,
        np.array(answers, dtype=np.int64).reshape(-1, 4),
        owner_array,
        answering_array,
    )


def sentence_scores(logits: "torch.Tensor", sentences: "torch.Tensor") -> "torch.Tensor":
    """The mean relevance of each sentence's characters."""
    import torch

    sums = torch.nn.functional.pad(logits[:, :, RELEVANCE].float().cumsum(1), (1, 0))
    row, low, high = sentences[:, 1], sentences[:, 2], sentences[:, 3]
    return (sums[row, high] - sums[row, low]) / (high - low)


def grouped_log_softmax(scores: "torch.Tensor", groups: "torch.Tensor", count: int) -> "torch.Tensor":
    """Logarithms of the softmax within each group."""
    import torch

    shifted = scores - scores.max().detach()
    sums = torch.zeros(count, dtype=scores.dtype, device=scores.device).index_add(0, groups, shifted.exp())
    return shifted - sums.clamp_min(1e-30).log()[groups]


def loss_of(logits: "torch.Tensor", batch: Batch) -> "torch.Tensor":
    """The loss of a batch: sentences, spans and passages, in nats a question."""
    import torch

    device = logits.device
    count = int(batch.owners.max()) + 1
    sentences, labels = (
        torch.from_numpy(batch.sentences).to(device),
        torch.from_numpy(batch.labels).to(device),
    )
    scores = sentence_scores(logits, sentences)
    sure = labels >= 0
    every = torch.cat([scores[sure], torch.zeros(count, device=device)])
    owners = torch.cat([sentences[sure, 0], torch.arange(count, device=device)])
    chances = grouped_log_softmax(every, owners, count)
    answers = labels[sure] == 1
    answered = torch.zeros(count, device=device).index_add(0, sentences[sure, 0], answers.float())
    right = torch.cat([answers, answered == 0])
    mass = torch.zeros(count, device=device).index_add(0, owners[right], chances[right].exp())
    total = -mass.clamp_min(1e-9).log().mean()
    if len(batch.answers):
        total = total + span_loss(logits, batch)
    known = torch.from_numpy(batch.answering).to(device)
    passages = torch.nn.functional.binary_cross_entropy_with_logits(
        logits[:, 0, RELEVANCE].float()[known >= 0], known[known >= 0].float()
    )
    return total + 0.5 * passages


def span_loss(logits: "torch.Tensor", batch: Batch) -> "torch.Tensor":
    """The loss of the answers' first and last characters among all characters of a question's passages."""
    import torch

    device = logits.device
    owners = torch.from_numpy(batch.owners).to(device)
    answers = torch.from_numpy(batch.answers).to(device)
    open_ = torch.from_numpy(batch.mask).to(device).bool()
    count = int(batch.owners.max()) + 1
    total = torch.zeros((), device=device)
    for label, place in ((BEGIN, 2), (FINISH, 3)):
        scores = logits[:, :, label].float().masked_fill(~open_, -30.0)
        groups = owners[:, None].expand_as(scores).reshape(-1)
        chances = grouped_log_softmax(scores.reshape(-1), groups, count).view_as(scores)
        total = total - 0.5 * chances[answers[:, 1], answers[:, place]].mean()
    return total


def run(model: Any, batch: Batch) -> "torch.Tensor":
    """The model's logits for a batch, shape (rows, longest, 3)."""
    import torch

    device = model.device
    logits: torch.Tensor = model(
        input_ids=torch.from_numpy(batch.tokens).to(device),
        token_type_ids=torch.from_numpy(batch.types).to(device),
        attention_mask=torch.from_numpy(batch.mask).to(device),
    ).logits
    return logits


def train(
    start: Path,
    alphabet: Alphabet,
    questions: Sequence[Candidates],
    settings: Settings,
    keep: Callable[[Any], None] | None = None,
) -> Any:
    """A reader trained on the questions, from an encoder or a reader; `keep` gets it now and then."""
    mixed = Mixed(lambda: build_reader(start), settings.rate)
    steps = int(len(questions) * settings.epochs / settings.groups)
    began, losses = time.monotonic(), []
    for step, groups in enumerate(batches(questions, settings, steps)):
        share = min(1.0, (step + 1) / settings.warm_up, (steps - step) / steps)
        batch = make_batch(alphabet, groups)
        losses.append(mixed.step(loss_of(run(mixed.worker, batch), batch), share))
        if (step + 1) % settings.log_steps == 0:
            spent = time.monotonic() - began
            left = spent / (step + 1) * (steps - step - 1) / 60
            print(f"step {step + 1}/{steps}  loss {np.mean(losses):.3f}  {left:.1f} min left", flush=True)
            losses.clear()
        if keep and (step + 1) % settings.keep_steps == 0:
            keep(mixed.master)
    return mixed.master


def batches(questions: Sequence[Candidates], settings: Settings, steps: int) -> Iterator[list[Group]]:
    """The groups of every step; those of a step are of like length, so that little is padded."""
    random = np.random.default_rng(settings.seed)
    order: list[int] = []
    given = 0
    while given < steps:
        pool = settings.groups * 8
        while len(order) < pool:
            order.extend(random.permutation(len(questions)).tolist())
        chosen, order = order[:pool], order[pool:]
        groups: list[Group] = [
            (questions[n].question, choose(questions[n], settings, random)) for n in chosen
        ]
        groups.sort(key=lambda group: max(len(read.text) for read in group[1]))
        for n in random.permutation(8)[: steps - given]:
            yield groups[n * settings.groups : (n + 1) * settings.groups]
            given += 1
