"""Trains the bundled static embedder on news and regulations, with in-batch negatives, on the CPU.

    python -m index.training.embedder --data ../shared/data --out index/models/embedder
    python -m index.training.embedder --data ../shared/data --out index/models/embedder --measure

The first learns the pieces, trains their vectors, writes an ordinary sentence-transformers directory and
measures it; the second only measures. The model card there is written by hand. Vectors begin as random
directions as long as the piece is rare, which alone compares texts as tf-idf does, and are then moved by a
contrastive loss (InfoNCE, every other passage of the batch a negative).
"""

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from index.embedders import FloatArray, StaticEmbedder
from index.folding import fold
from index.training.candidates import SETS, apart, squad
from index.training.measuring import measure, read_records
from index.training.pairs import Batch, Corpus, Document, build_corpus, group_titles, question_words, sample
from index.training.pieces import learn_pieces

_HELD_OUT = 50
"""Every so-manieth news article is left out of training."""
_MODULES = {
    "": "sentence_transformer.modules.static_embedding.StaticEmbedding",
    "1_Normalize": "base.modules.normalize.Normalize",
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the embedder is trained."""

    pieces: int = 40_000
    dimension: int = 576
    steps: int = 9_000
    batch: int = 1_024
    rate: float = 0.04
    scale: float = 40.0
    """The loss reads cosines times this."""
    backward: float = 0.3
    """Share of the loss that finds the query of a passage; the rest finds the passage of a query."""
    seed: int = 0


def read_documents(data: Path) -> tuple[list[Document], list[str]]:
    """Return the folded articles to train on, and the texts of the news articles left out."""
    news = [fold(record["text"]) for record in read_records(data / "news.jsonl.xz")]
    laws = list(read_records(data / "regulations.jsonl.xz"))
    titles = [""] * len(news) + [fold(re.sub(r"\(\d{4}-\d\d-\d\d\)$", "", law["title"])) for law in laws]
    texts = news + [fold(law["text"]) for law in laws]
    documents = [Document(*row) for row in zip(titles, texts, group_titles(titles), strict=True)]
    kept = [document for n, document in enumerate(documents) if n >= len(news) or n % _HELD_OUT]
    return kept, news[::_HELD_OUT]


def read_questions(files: Sequence[Path], data: Path) -> list[Document]:
    """Return the paragraphs of question sets in SQuAD's format with the questions that they answer.

    What shares an article with the sets of `data` that are measured is left out.
    """
    documents: list[Document] = []
    if not files:
        return documents
    measured = [row for name in SETS.values() if (data / name).is_file() for row in squad(data / name)]
    for file in files:
        for article, asked in apart(list(squad(file)), measured):
            pairs = tuple(
                (fold(one.question), fold(article.text[slice(*one.gold)])) for one in asked if one.answers
            )
            documents.append(Document("", fold(article.text), -1 - len(documents), pairs))
    return documents


def train(corpus: Corpus, tokenizer: Tokenizer, recipe: Recipe, log: Callable[[str], None]) -> FloatArray:
    """Return one trained row for each piece; row 0 (unknown) is zero. Seeded; about 0.2 seconds a step."""
    import torch
    from torch.nn.functional import cross_entropy, normalize

    random = np.random.default_rng(recipe.seed)
    words = question_words(tokenizer)
    table = torch.nn.Parameter(torch.from_numpy(_begin(corpus, recipe.dimension, random)))
    optimizer = torch.optim.Adam([table], fused=True)
    right = torch.arange(recipe.batch)
    started, losses, hits = time.monotonic(), 0.0, 0.0
    for step in range(recipe.steps):
        batch = sample(corpus, words, recipe.batch, random)
        forward, backward = _bags(batch, len(table))
        texts = (forward @ table.detach()).requires_grad_()
        unit = normalize(texts, dim=1)
        cosines = unit[: recipe.batch] @ unit[recipe.batch :].T
        scores = (cosines * recipe.scale).masked_fill(torch.from_numpy(batch.neutral), -1e4)
        loss = (1 - recipe.backward) * cross_entropy(scores, right)
        loss = loss + recipe.backward * cross_entropy(scores.T, right)
        loss.backward()  # type: ignore[no-untyped-call]  # torch has no types here
        table.grad = backward @ texts.grad  # by hand: torch's EmbeddingBag takes three times as long
        for group_of_parameters in optimizer.param_groups:
            group_of_parameters["lr"] = recipe.rate * min(1, (step + 1) / 50) * (1 - step / recipe.steps)
        optimizer.step()
        losses, hits = losses + loss.item(), hits + float((scores.argmax(1) == right).float().mean())
        if (step + 1) % 100 == 0:
            seconds = time.monotonic() - started
            log(f"step {step + 1}  {seconds:.0f} s  loss {losses / 100:.3f}  in-batch hit@1 {hits / 100:.3f}")
            losses = hits = 0.0
    trained: FloatArray = table.detach().numpy()
    trained[0] = 0.0
    return trained


def save_model(path: Path, tokenizer: Tokenizer, vectors: FloatArray) -> None:
    """Write a sentence-transformers directory; rows become 8-bit integers, with one scale for each piece."""
    from safetensors.numpy import save

    scales = np.maximum(np.abs(vectors).max(axis=1), 1e-12) / 127
    rows = np.round(vectors / scales[:, None]).astype(np.int8)
    (path / "1_Normalize").mkdir(parents=True, exist_ok=True)
    tensors = {"embeddings": rows, "weights": scales.astype(np.float32)}
    (path / "model.safetensors").write_bytes(save(tensors))
    settings = json.loads(tokenizer.to_str())
    settings["model"]["vocab"] = [[piece, round(score, 3)] for piece, score in settings["model"]["vocab"]]
    compact = json.dumps(settings, ensure_ascii=False, separators=(",", ":"))  # loads in half the time
    (path / "tokenizer.json").write_text(compact, "utf-8")
    modules = [
        {"idx": number, "name": str(number), "path": folder, "type": f"sentence_transformers.{kind}"}
        for number, (folder, kind) in enumerate(_MODULES.items())
    ]
    _write_json(path / "modules.json", modules)
    _write_json(path / "1_Normalize" / "config.json", {})
    _write_json(
        path / "config_sentence_transformers.json",
        {"model_type": "SentenceTransformer", "prompts": {}, "similarity_fn_name": "cosine"},
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Train or measure, as the command line says; progress goes to standard error."""
    parser = argparse.ArgumentParser(prog="python -m index.training.embedder", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the articles")
    parser.add_argument("--out", type=Path, required=True, help="directory of the model")
    parser.add_argument("--questions", type=Path, nargs="*", default=[], help="question sets to train on too")
    parser.add_argument("--measure", action="store_true", help="only measure the model that is there")
    defaults = asdict(Recipe())
    for name, value in defaults.items():
        parser.add_argument(f"--{name}", type=type(value), default=value)
    options = parser.parse_args(arguments)
    recipe = Recipe(**{name: getattr(options, name) for name in defaults})
    started = time.monotonic()

    def log(message: str) -> None:
        print(f"[{time.monotonic() - started:5.0f} s] {message}", file=sys.stderr, flush=True)

    documents, held_out = read_documents(options.data)
    log(f"{len(documents)} articles to train on, {len(held_out)} held out")
    if not options.measure:
        half = [f"{document.title}\n{document.text}" for document in documents[::2]]  # as good as all
        tokenizer = learn_pieces(half, recipe.pieces)
        documents += read_questions(options.questions, options.data)
        corpus = build_corpus(documents, tokenizer)
        log(f"{tokenizer.get_vocab_size()} pieces, {len(corpus.document)} sentences")
        save_model(options.out, tokenizer, train(corpus, tokenizer, recipe, log))
    figures = measure(StaticEmbedder(options.out), options.data, held_out)
    for name, (first, five) in figures.items():
        log(f"{name}: hit@1 {first:.3f}, hit@5 {five:.3f}")


def _begin(corpus: Corpus, dimension: int, random: np.random.Generator) -> FloatArray:
    """Return random rows whose lengths are proportional to the pieces' inverse document frequencies."""
    rarity = np.log((corpus.stretches + 1) / (corpus.frequency + 0.5))
    rows = random.standard_normal((len(rarity), dimension)) * (rarity / rarity.mean())[:, None]
    rows[0] = 0.0
    result: FloatArray = rows.astype(np.float32)
    return result


def _bags(batch: Batch, pieces: int) -> tuple[Any, Any]:
    """Return the sparse matrix that averages table rows into texts, and its transpose."""
    import torch
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # SciPy ships no types

    lengths = np.maximum(np.bincount(batch.rows, minlength=2 * batch.size), 1)
    shares = (1 / lengths[batch.rows]).astype(np.float32)
    matrix = csr_matrix((shares, (batch.rows, batch.columns)), shape=(2 * batch.size, pieces))

    def tensor(part: Any) -> Any:
        starts, columns, values = map(torch.from_numpy, (part.indptr, part.indices, part.data))
        return torch.sparse_csr_tensor(starts, columns, values, size=part.shape, check_invariants=False)

    return tensor(matrix), tensor(matrix.T.tocsr())


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
