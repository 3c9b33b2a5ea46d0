"""Fits the evidence model: the order of sentences, the probability that the first one answers, the threshold.

    python -m eval.fit --data ../shared/data --public build/public

Writes qa/evidence.json. The rules' order and probability are linear models over `qa.features.FEATURES`. They
are fitted on questions about policies that were written for this project (`index/training/policy.py`), the
order also on CRUD_RAG's questions over its own news articles. What the reader weighs beside the rules is
fitted on articles that the reader did not learn from, of CMRC 2018 (dev) and of the same policy questions: in
the order by first sentences that answer, in the probability by right answers. A wrong answer counts as much
as one to a question that has none. The threshold serves best the policy questions, asked where their articles
are and, to be refused, where they are not. No question of the sample
set, of DRCD (dev), of CMRC 2018 (trial) or of the seeds is seen.
"""

import argparse
import json
import lzma
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from eval.found import (
    SEED,
    Found,
    Mask,
    Opened,
    Rows,
    absent,
    chance,
    choose_threshold,
    find,
    first_of,
    leading,
    mean,
    risk_coverage,
    shares_at,
    some,
)
from index.embedders import load_embedder
from index.folding import fold
from index.reader import bundled_reader
from index.records import Article, Hit
from index.retriever import Retriever
from index.store import Store
from index.training.candidates import Asked, never, open_set, squad, squeeze
from index.training.policy import first_words, may_answer, policy_rows
from index.training.recipe import fold_of
from index.words import bundled_words
from qa.engine import PASSAGES
from qa.evidence import Together, fitted, logit, ranked, together
from qa.features import FEATURES, measure_hits
from qa.question import understand

ARTICLES = 40_000
DEV = "cmrc2018_dev.json"
WEIGHTS = (0.5, 1.0, 2.0, 5.0, 10.0)
"""What the reader's logit may weigh in the order beside the rules."""
_FACTS = 0.6
"""An article is a question's own if it holds the answer and this share of the question's key facts."""
_PENALTY = 0.001
_STRENGTH = 3.0
HERE = Path(__file__).parent
TARGET = HERE.parent / "qa" / "evidence.json"


@dataclass(frozen=True, slots=True)
class Case:
    """The sentences a question found, a row of features each, and which answer."""

    rows: Rows
    right: Mask


def main(argv: Sequence[str] | None = None) -> int:
    """Fit and write; print what was measured to standard error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--public", type=Path, default=Path("build/public"))
    parser.add_argument("--reader-only", action="store_true", help="leave the rules' weights as they are")
    options = parser.parse_args(argv)
    fixed = json.loads(TARGET.read_text(encoding="utf-8")) if options.reader_only else None
    model = fixed or fit_rules(options.data)
    fit_reader(model, options.data, options.public / DEV)
    print(json.dumps(model, ensure_ascii=False, indent=1), file=sys.stderr)
    return 0


def fit_rules(data: Path) -> dict[str, Any]:
    """Fit the rules' order, probability and threshold; write and return them."""
    learned = [row for row in policy_rows(data) if fold_of(row[1][0].article) != 0]
    with tempfile.TemporaryDirectory() as folder:
        news = collect(data, Path(folder) / "news")
    random.Random(SEED).shuffle(news)
    held_out, training = news[: len(news) // 5], news[len(news) // 5 :]
    with open_set(learned, data, first_words) as opened:
        return _fit_rules(training, held_out, opened, may_answer(learned))


def _fit_rules(
    training: Sequence[Case], held_out: Sequence[Case], opened: Opened, also: Callable[[Asked, str], bool]
) -> dict[str, Any]:
    policy = list(policy_cases(opened, also))
    order = fit_order([*training, *policy])
    model: dict[str, Any] = {
        "order": _named(order),
        "probability": _named(np.zeros(len(FEATURES), dtype=np.float32)),
        "bias": 0.0,
        "threshold": 0.0,
        "fitted": {
            "news_questions": len(training),
            "policy_questions": len(policy),
            "held_out": {"questions": len(held_out), "first_sentence": first_right(held_out, order)},
        },
    }
    _write(model)
    found = list(find(opened, None, also))
    weights, bias = fit_probability([(f.rows[0], bool(f.right[0])) for f in found if len(f.rows)])
    model |= {"probability": _named(weights), "bias": round(bias, 4)}
    _write(model)
    firsts = [first_of(f, f.rules) for f in found]
    scores = [leading(f, f.rules)[0] for f in found]
    model["threshold"] = choose_threshold(firsts, scores)
    model["fitted"]["policy"] = shares_at(model["threshold"], firsts, scores)
    _write(model)
    return model


def fit_reader(model: dict[str, Any], data: Path, dev: Path) -> None:
    """Fit what the reader weighs beside the rules, in the order and in the probability; write it."""
    cmrc, policy = (
        [row for row in rows if row[1] and fold_of(row[1][0].article) == 0]
        for rows in (squad(dev), policy_rows(data))
    )
    reader = bundled_reader()
    also = (never, may_answer(policy))
    with open_set(cmrc, data) as first, open_set(policy, data, first_words) as second:
        sets = [some(opened) for opened in (first, second)]
        found = [list(find(opened, reader, other)) for opened, other in zip(sets, also, strict=True)]
        _fit_reader(model, found, list(find(absent(*sets), reader)))


def _fit_reader(model: dict[str, Any], found: Sequence[Sequence[Found]], unheard: Sequence[Found]) -> None:
    """Fit on what open questions and those of policies find; `unheard` are those that no article is about."""
    from sklearn.linear_model import LogisticRegression

    shares = {
        weight: [mean([first_of(f, f.order(weight)).right for f in one if f.answerable]) for one in found]
        for weight in WEIGHTS
    }
    # Open questions and those of policies count alike.
    order = max(WEIGHTS, key=lambda weight: sum(shares[weight]))
    told = [
        ((logit(rules), read), first_of(f, f.order(order)).right, 1 / len(one))
        for one in found
        for f in one
        for rules, read in [leading(f, f.order(order))]
        if rules
    ]
    known, rights, shares_of = zip(*told, strict=True)
    weights = np.array(shares_of) * len(told) / sum(shares_of)
    logistic = LogisticRegression(C=_STRENGTH).fit(np.array(known), np.array(rights), sample_weight=weights)
    (rules, read), bias = (round(float(w), 4) for w in logistic.coef_[0]), float(logistic.intercept_[0])
    beside = Together(order, rules, read, round(bias, 4), 0.0)
    policy, strangers = ([first_of(f, f.order(order)) for f in one] for one in (found[1], unheard))
    scores, others = ([chance(f, beside) for f in one] for one in (found[1], unheard))
    threshold = choose_threshold([*policy, *strangers], [*scores, *others])
    model["reader"] = asdict(replace(beside, threshold=threshold))
    model["fitted"]["reader"] = {
        "questions": len(policy),
        "first_sentence": shares,
        "policy": shares_at(threshold, policy, scores),
        "absent": mean([score < threshold for score in others]),
        "risk_coverage": risk_coverage(policy, scores),
    }
    _write(model)


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
        found = (_case(row, store, retriever) for row in questions)
        return [case for case in found if case is not None]
    finally:
        store.close()


def _case(row: dict[str, str], store: Store, retriever: Retriever) -> Case | None:
    """Return the features of the sentences found for a question, None where its article is not among them."""
    hits = retriever.search(row["question"], PASSAGES)
    answer = fold(row["answer"]).rstrip("。")
    facts = [fold(fact) for fact in row["key_info"]]
    texts = {hit.passage.article_id: fold(store.article(hit.passage.article_id).text) for hit in hits}
    known = {key: sum(fact in text for fact in facts) for key, text in texts.items() if answer in text}
    gold = max(known, key=known.__getitem__, default="")
    if not gold or known[gold] < _FACTS * len(facts):
        return None
    rows, sentences = _measured(row["question"], hits, store)
    right = np.array([article == gold and answer in sentence for article, sentence in sentences])
    return Case(rows, right) if right.any() else None


def policy_cases(opened: Opened, may_answer: Callable[[Asked, str], bool]) -> Iterator[Case]:
    """Yield the features of the sentences found for the questions about policies that find their answer."""
    store, retriever, questions = opened
    for asked in questions:
        hits = retriever.search(asked.question, PASSAGES)
        hits = [hit for hit in hits if not may_answer(asked, hit.passage.article_id)]
        if not hits:
            continue
        found, sentences = _measured(asked.question, hits, store)
        right = np.array(
            [
                article == asked.paragraph and any(answer in squeeze(text) for answer in asked.answers)
                for article, text in sentences
            ]
        )
        if right.any():
            yield Case(found, right)


def _measured(text: str, hits: Sequence[Hit], store: Store) -> tuple[Rows, list[tuple[str, str]]]:
    """Return the features of the sentences of the hits, and each sentence with its article's id."""
    found = list(measure_hits(understand(text), hits, store.article, bundled_words()))
    sentences = [(measured.article.id, sentence) for measured in found for sentence in measured.texts]
    return np.concatenate([measured.rows for measured in found]), sentences


def fit_order(cases: Sequence[Case]) -> Rows:
    """Return the weights under which the answering sentences take most of a softmax over all (listwise)."""
    import torch

    weights = torch.zeros(len(FEATURES), requires_grad=True)
    lists = [(torch.tensor(case.rows), torch.tensor(case.right)) for case in cases]
    optimizer = torch.optim.LBFGS([weights], max_iter=200)

    def closure() -> float:
        optimizer.zero_grad()
        loss = torch.stack(
            [
                torch.logsumexp(rows @ weights, 0) - torch.logsumexp((rows @ weights)[right], 0)
                for rows, right in lists
            ]
        ).mean()
        loss = loss + _PENALTY * (weights**2).sum()
        loss.backward()  # type: ignore[no-untyped-call]  # torch has no types here
        return float(loss.detach())

    optimizer.step(closure)  # type: ignore[no-untyped-call]  # nor here
    return weights.detach().numpy().astype(np.float32)


def first_right(cases: Sequence[Case], order: Rows) -> float:
    """Return the share of questions whose first sentence answers."""
    return round(float(np.mean([case.right[np.argmax(ranked(case.rows, order))] for case in cases])), 4)


def fit_probability(firsts: Sequence[tuple[Rows, bool]]) -> tuple[Rows, float]:
    """Return weights and bias of the probability that the first sentence answers (logistic regression)."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_STRENGTH, max_iter=1000).fit(
        np.array([features for features, _ in firsts]), np.array([right for _, right in firsts])
    )
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


def _named(weights: Rows) -> dict[str, float]:
    return {name: round(float(weight), 4) for name, weight in zip(FEATURES, weights, strict=True)}


def _write(values: object) -> None:
    """Write the model and have it read anew."""
    TARGET.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fitted.cache_clear()
    together.cache_clear()


if __name__ == "__main__":
    sys.exit(main())
