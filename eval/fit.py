"""Fits the evidence model: the order of sentences, the probability that the first one answers, the threshold.

    python -m eval.fit --data ../shared/data

Writes qa/evidence.json. Order and probability are linear models over `qa.evidence.FEATURES`, fitted on
CRUD_RAG's questions over its own news articles; each question is also asked with the answering article, and
with the answering sentence alone, taken out, which is what a question without an answer looks like. The
threshold serves the tuning half of the sample set best. No question of the reporting half, of DRCD, of
CMRC 2018 or of the seeds is seen.
"""

import argparse
import json
import lzma
import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.matching import satisfies, strip_markers
from eval.questions import EvalQuestion, load_questions
from index.embedders import load_embedder
from index.folding import fold
from index.reading import search_span
from index.records import Article
from index.retriever import Retriever
from index.sentences import sentence_spans
from index.store import Store
from index.words import bundled_words
from qa.engine import PASSAGES, PolicyQA
from qa.evidence import FEATURES, measure, question_words
from qa.question import understand
from qa.records import Answer

ARTICLES = 40_000
QUESTIONS = 1_500
SEED = 2026
_PENALTY = 0.001
HERE = Path(__file__).parent
TARGET = HERE.parent / "qa" / "evidence.json"

Rows = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Case:
    """The sentences that one question found: a row of features each; which answer; which are of that article."""

    rows: Rows
    right: Mask
    gold: Mask


def main(argv: Sequence[str] | None = None) -> int:
    """Fit and write; print what was measured to standard error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        cases = collect(options.data, Path(folder) / "news")
    random.Random(SEED).shuffle(cases)
    held_out, training = cases[: len(cases) // 5], cases[len(cases) // 5 :]
    order = fit_order(training)
    weights, bias = fit_probability(training, order)
    report: dict[str, Any] = {"questions": len(training), "held_out_questions": len(held_out)}
    report |= measured(held_out, order, weights, bias)
    fitted = {
        "order": _named(order),
        "probability": _named(weights),
        "bias": round(bias, 4),
        "threshold": 0.0,
        "fitted": report,
    }
    _write(fitted)
    fitted["threshold"], report["tuning"] = choose_threshold()
    _write(fitted)
    print(json.dumps(fitted, ensure_ascii=False, indent=1), file=sys.stderr)
    return 0


def collect(data: Path, folder: Path) -> list[Case]:
    """Ask CRUD_RAG's questions over part of its news; return those whose answer stands in one sentence."""
    with lzma.open(data / "news.jsonl.xz", "rt", encoding="utf-8") as file:
        news = [json.loads(line) for line in file]
    chosen = random.Random(SEED).sample(news, ARTICLES)
    embedder = load_embedder()
    store = Store.open(folder, create=True)
    try:
        store.update((Article(id=row["id"], text=row["text"]) for row in chosen), embedder)
        retriever = Retriever(store, embedder)
        questions = json.loads((data / "crud_questions.json").read_text(encoding="utf-8"))
        random.Random(SEED).shuffle(questions)
        cases: list[Case] = []
        for row in questions:
            if len(cases) == QUESTIONS:
                break
            case = _case(row, store, retriever)
            if case is not None:
                cases.append(case)
        return cases
    finally:
        store.close()


def _case(row: dict[str, str], store: Store, retriever: Retriever) -> Case | None:
    """Return the features of the sentences found for a question, None where its article is not there."""
    gold = _article_of(row, store, retriever)
    if gold is None:
        return None
    question = understand(row["question"])
    answer = fold(row["answer"]).rstrip("。")
    words = bundled_words()
    asked = question_words(question, words)
    parts, right, of_gold = [], [], []
    for hit in retriever.search(question.text, PASSAGES):
        article = store.article(hit.passage.article_id)
        spans = sentence_spans(article.text, hit.passage.start, hit.passage.end)
        texts = [search_span(hit.passage, start, end) for start, end in spans]
        parts.append(measure(question, asked, texts, fold(hit.passage.heading), hit, article, words))
        right += [article.id == gold and answer in text for text in texts]
        of_gold += [article.id == gold] * len(texts)
    return Case(np.concatenate(parts), np.array(right), np.array(of_gold)) if any(right) else None


def _article_of(row: dict[str, str], store: Store, retriever: Retriever) -> str | None:
    """Return the article that holds the answer and nearly all key facts of a question."""
    facts = [fold(fact) for fact in row["key_info"]]
    for hit in retriever.search(row["question"] + " " + " ".join(row["key_info"])[:300], 3):
        text = fold(store.article(hit.passage.article_id).text)
        if fold(row["answer"]).rstrip("。") in text and sum(fact in text for fact in facts) >= 0.6 * len(
            facts
        ):
            return hit.passage.article_id
    return None


def fit_order(cases: Sequence[Case]) -> Rows:
    """Return the weights under which the answering sentences take most of a softmax over all (listwise)."""
    import torch

    weights = torch.zeros(len(FEATURES), requires_grad=True)
    lists = [(torch.tensor(case.rows), torch.tensor(case.right)) for case in cases]
    optimizer = torch.optim.LBFGS([weights], max_iter=200)

    def closure() -> float:
        optimizer.zero_grad()
        loss = torch.stack(
            [torch.logsumexp(rows @ weights, 0) - torch.logsumexp((rows @ weights)[right], 0) for rows, right in lists]
        ).mean()
        loss = loss + _PENALTY * (weights**2).sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return float(loss)

    optimizer.step(closure)
    return weights.detach().numpy().astype(np.float32)


def fit_probability(cases: Sequence[Case], order: Rows) -> tuple[Rows, float]:
    """Return weights and bias of the probability that the first sentence answers (logistic regression)."""
    from sklearn.linear_model import LogisticRegression

    rows, answers, shares = [], [], []
    for case in cases:
        for kept, share in ((case.rows[:, 0] >= 0, 1.0), (~case.gold, 0.5), (~case.right, 0.5)):
            if kept.any():
                first = np.flatnonzero(kept)[np.argmax(case.rows[kept] @ order)]
                rows.append(case.rows[first])
                answers.append(case.right[first])
                shares.append(share)
    model = LogisticRegression(C=1.0, max_iter=1000).fit(np.array(rows), np.array(answers), sample_weight=shares)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


def measured(cases: Sequence[Case], order: Rows, weights: Rows, bias: float) -> dict[str, float]:
    """Return how often the first sentence answers, and the AUROC of its probability with the answer there and gone."""
    from sklearn.metrics import roc_auc_score

    def first(case: Case, kept: Mask) -> float:
        rows = case.rows[kept]
        return float(rows[np.argmax(rows @ order)] @ weights + bias)

    there = [first(case, np.ones_like(case.gold)) for case in cases]
    no_article = [first(case, ~case.gold) for case in cases if not case.gold.all()]
    no_sentence = [first(case, ~case.right) for case in cases if not case.right.all()]

    def auroc(gone: list[float]) -> float:
        return round(float(roc_auc_score([1] * len(there) + [0] * len(gone), there + gone)), 4)

    return {
        "first_sentence": round(float(np.mean([case.right[np.argmax(case.rows @ order)] for case in cases])), 4),
        "auroc_without_article": auroc(no_article),
        "auroc_without_sentence": auroc(no_sentence),
    }


def choose_threshold() -> tuple[float, dict[str, float]]:
    """Return the score that serves the tuning half best: the mean of right answers and right refusals."""
    questions = load_questions(HERE / "data" / "questions.jsonl", "tuning")
    with tempfile.TemporaryDirectory() as folder, PolicyQA.build([HERE / "data" / "articles"], folder) as qa:
        scored = []
        for row in questions:
            selection = qa.select(row.question)
            score = selection.evidence[0].score if selection.evidence else 0.0
            # At threshold 0 every question with any evidence is answered.
            scored.append((score, row.answerable, row.answerable and _right(qa.ask(row.question), row)))
    answerable = sum(row[1] for row in scored)
    best = (0.0, 0.0, 0.0, 0.0)
    for cut in sorted({round(score, 3) for score, _, _ in scored}):
        accuracy = sum(right for score, _, right in scored if score >= cut) / answerable
        refused = sum(score < cut for score, known, _ in scored if not known) / (len(scored) - answerable)
        best = max(best, ((accuracy + refused) / 2, cut, accuracy, refused))
    return best[1], {"accuracy": round(best[2], 4), "refusal_recall": round(best[3], 4)}


def _right(answer: Answer, row: EvalQuestion) -> bool:
    text = strip_markers(answer.text, [citation.number for citation in answer.citations])
    return answer.refusal is None and satisfies(text, row.must)


def _named(weights: Rows) -> dict[str, float]:
    return {name: round(float(weight), 4) for name, weight in zip(FEATURES, weights, strict=True)}


def _write(fitted: object) -> None:
    TARGET.write_text(json.dumps(fitted, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
