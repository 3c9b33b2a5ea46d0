"""Fits the evidence model: the order of sentences, the probability that the first one answers, the threshold.

    python -m eval.fit --data ../shared/data --public build/public

Writes qa/evidence.json. Order and probability are linear models over `qa.evidence.FEATURES`. The order is
fitted on CRUD_RAG's questions over its own news articles. The probability is fitted on the first sentence of
the same questions, of their twins (one word changed for a word of another question, so that nothing answers),
and of the sample set's tuning half, answerable or not. The threshold serves the tuning half best. What the
reader weighs beside the rules is fitted likewise: in the order on those articles of CMRC 2018 (dev) that the
reader did not learn from and on the tuning half, in the probability on the tuning half. No question of the
reporting half, of DRCD (dev), of CMRC 2018 (trial) or of the seeds is seen.
"""

import argparse
import json
import lzma
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from eval.matching import satisfies, strip_markers
from eval.questions import EvalQuestion, load_questions
from eval.reader import Sentences, first_two, read_question
from index.embedders import load_embedder
from index.folding import fold
from index.reader import bundled_reader
from index.reader_models import RULES
from index.records import Article, Hit
from index.retriever import Retriever
from index.store import Store
from index.training.candidates import open_set, squad
from index.training.recipe import fold_of
from index.words import bundled_words
from qa.engine import PASSAGES, PolicyQA
from qa.evidence import Evidence, Selection, fitted, logit, ranked, together
from qa.features import FEATURES, measure_hits, question_words
from qa.question import understand
from qa.records import Answer
from qa.scope import Mismatch

ARTICLES = 40_000
SEED = 2026
DEV = "cmrc2018_dev.json"
WEIGHTS = (0.5, 1.0, 2.0, 5.0, 10.0)
"""What the reader's logit may weigh in the order beside the rules."""
_FACTS = 0.6
"""An article is a question's own if it holds the answer and this share of the question's key facts."""
_PENALTY = 0.001
_STRENGTH = 3.0
_NEWS_SHARE = 3.0
"""What all news questions weigh together, relative to the tuning half."""
HERE = Path(__file__).parent
TARGET = HERE.parent / "qa" / "evidence.json"

Rows = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Case:
    """The sentences a question found, a row of features each; which answer; those its twin found."""

    rows: Rows
    right: Mask
    twin: Rows


def main(argv: Sequence[str] | None = None) -> int:
    """Fit and write; print what was measured to standard error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--public", type=Path, default=Path("build/public"))
    parser.add_argument("--reader-only", action="store_true", help="leave the rules' weights as they are")
    options = parser.parse_args(argv)
    tuning = [
        row
        for name in ("questions.jsonl", "refusals.jsonl")
        for row in load_questions(HERE / "data" / name, "tuning")
    ]
    if options.reader_only:
        model = json.loads(TARGET.read_text(encoding="utf-8"))
    else:
        model = fit_rules(options.data, tuning)
    fit_reader(model, options.data, options.public / DEV, tuning)
    print(json.dumps(model, ensure_ascii=False, indent=1), file=sys.stderr)
    return 0


def fit_rules(data: Path, tuning: Sequence[EvalQuestion]) -> dict[str, Any]:
    """Fit the rules' order, probability and threshold; write and return them."""
    with tempfile.TemporaryDirectory() as folder:
        cases = collect(data, Path(folder) / "news")
    random.Random(SEED).shuffle(cases)
    held_out, training = cases[: len(cases) // 5], cases[len(cases) // 5 :]
    order = fit_order(training)
    model: dict[str, Any] = {
        "order": _named(order),
        "probability": _named(np.zeros(len(FEATURES), dtype=np.float32)),
        "bias": 0.0,
        "threshold": 0.0,
        "fitted": {
            "news_questions": len(training),
            "held_out": {"questions": len(held_out), "first_sentence": first_right(held_out, order)},
        },
    }
    _write(model)
    with tempfile.TemporaryDirectory() as folder, _sample(folder, RULES) as qa:
        weights, bias = fit_probability(training, order, first_sentences(qa, tuning))
        model |= {"probability": _named(weights), "bias": round(bias, 4)}
        _write(model)
        scored = score_questions(qa, tuning)
        model["threshold"] = choose_threshold(scored)
        model["fitted"]["tuning"] = shares_at(model["threshold"], scored)
    _write(model)
    return model


def fit_reader(model: dict[str, Any], data: Path, dev: Path, tuning: Sequence[EvalQuestion]) -> None:
    """Fit what the reader weighs beside the rules, in the order and in the probability; write it."""
    found = list(held_out_questions(data, dev))
    with tempfile.TemporaryDirectory() as folder, _sample(folder, None) as qa:
        shares = {}
        for weight in WEIGHTS:
            beside = {"order": weight, "rules": 1.0, "reader": 0.0, "bias": 0.0, "threshold": 0.0}
            _write(model | {"reader": beside})
            shares[weight] = (
                round(float(np.mean([first_two(s, s.rules + weight * s.reader)[0] for s in found])), 4),
                _mean([_right(qa.ask(row.question), row) for row in tuning if row.answerable]),
            )
        # Open questions and those of policies count alike.
        beside["order"] = max(WEIGHTS, key=lambda weight: sum(shares[weight]))
        model["reader"] = beside
        _write(model)
        rows, answerable = [], []
        for row in tuning:
            first = _first(qa.select(row.question))
            if first and first.reader is not None and first.score > 0:
                rows.append((logit(first.score), first.reader))
                answerable.append(row.answerable)
        from sklearn.linear_model import LogisticRegression

        logistic = LogisticRegression(class_weight="balanced").fit(np.array(rows), np.array(answerable))
        (rules, read), bias = logistic.coef_[0], logistic.intercept_[0]
        beside |= {
            "rules": round(float(rules), 4),
            "reader": round(float(read), 4),
            "bias": round(float(bias), 4),
        }
        _write(model)
        # Both kinds of question weigh the same in the regression: even odds are where to stop answering.
        beside["threshold"] = 0.5
        reached = shares_at(beside["threshold"], score_questions(qa, tuning))
    model["fitted"]["reader"] = {
        "questions": len(found),
        "first_sentence_and_tuning_answers": {str(weight): share for weight, share in shares.items()},
        "tuning": reached,
    }
    _write(model)


def held_out_questions(data: Path, dev: Path) -> Iterator[Sentences]:
    """What the questions of CMRC 2018 (dev) found that the reader did not learn from."""
    rows = [row for row in squad(dev) if fold_of(row[0].id.rpartition("/")[0]) == 0]
    with open_set(rows, data) as (store, retriever, questions):
        for asked in questions:
            yield read_question(asked, retriever.search(asked.question, PASSAGES), store, bundled_reader())


def _sample(folder: str, reader: str | None) -> PolicyQA:
    PolicyQA.build([HERE / "data" / "articles"], folder).close()
    return PolicyQA.open(folder, reader=reader)


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
        dice = random.Random(SEED)
        others = [word for row in dice.sample(questions, 1000) for word in _long_words(row["question"])]
        found = (_case(row, store, retriever, others, dice) for row in questions)
        return [case for case in found if case is not None]
    finally:
        store.close()


def _case(
    row: dict[str, str], store: Store, retriever: Retriever, others: Sequence[str], dice: random.Random
) -> Case | None:
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
    own = [word for word in _long_words(row["question"]) if word in row["question"]]
    new = [word for word in dice.sample(others, 50) if word not in texts[gold]]
    if not right.any() or not own or not new:
        return None
    twin = row["question"].replace(dice.choice(own), new[0], 1)
    return Case(rows, right, _measured(twin, retriever.search(twin, PASSAGES), store)[0])


def _measured(text: str, hits: Sequence[Hit], store: Store) -> tuple[Rows, list[tuple[str, str]]]:
    """Return the features of the sentences of the hits, and each sentence with its article's id."""
    found = list(measure_hits(understand(text), hits, store.article, bundled_words()))
    sentences = [(measured.article.id, sentence) for measured in found for sentence in measured.texts]
    return np.concatenate([measured.rows for measured in found]), sentences


def _long_words(text: str) -> list[str]:
    return [word.text for word in question_words(understand(text), bundled_words()) if len(word.text) > 1]


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
        loss.backward()  # type: ignore[no-untyped-call]
        return float(loss.detach())

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    return weights.detach().numpy().astype(np.float32)


def first_right(cases: Sequence[Case], order: Rows) -> float:
    """Return the share of questions whose first sentence answers."""
    return round(float(np.mean([case.right[np.argmax(ranked(case.rows, order))] for case in cases])), 4)


def first_sentences(qa: PolicyQA, questions: Sequence[EvalQuestion]) -> list[tuple[Rows, bool]]:
    """Return the features of each question's first sentence, if any, and whether it is answerable."""
    found = []
    for row in questions:
        first = _first(qa.select(row.question))
        if first and first.order > 0:
            found.append((np.array(first.features, dtype=np.float32), row.answerable))
    return found


def _first(selection: Selection) -> Evidence | None:
    """Return the likeliest sentence, as if no rule told other indicators apart.

    Those rules were written with the tuning half in view: what they set aside there says nothing of how well
    they do elsewhere, and the probability must not lean on them.
    """
    aside = selection.set_aside.get(Mismatch.INDICATOR)
    found = [*selection.evidence[:1], *([aside] if aside else [])]
    return max(found, key=lambda evidence: evidence.score, default=None)


def fit_probability(
    cases: Sequence[Case], order: Rows, tuning: Sequence[tuple[Rows, bool]]
) -> tuple[Rows, float]:
    """Return weights and bias of the probability that the first sentence answers (logistic regression)."""
    from sklearn.linear_model import LogisticRegression

    rows, answers, shares = [], [], []
    for features, answerable in tuning:
        rows.append(features)
        answers.append(answerable)
        shares.append(len(tuning) / 2 / sum(known == answerable for _, known in tuning))
    for case in cases:
        first, twin = (int(np.argmax(ranked(rows_of, order))) for rows_of in (case.rows, case.twin))
        # A first sentence without the answer's very words may answer in others: it teaches nothing.
        taught = [(case.twin[twin], False)] + [(case.rows[first], True)] * bool(case.right[first])
        for features, answers_it in taught:
            rows.append(features)
            answers.append(answers_it)
            shares.append(_NEWS_SHARE * len(tuning) / len(cases) / len(taught))
    model = LogisticRegression(C=_STRENGTH, max_iter=1000).fit(
        np.array(rows), np.array(answers), sample_weight=shares
    )
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


Scored: TypeAlias = tuple[EvalQuestion, bool, float, float]
"""A question, whether it is answered rightly, and its best probability with and without `contradicts`."""


def score_questions(qa: PolicyQA, questions: Sequence[EvalQuestion]) -> list[Scored]:
    """Return what comes of each question while the threshold, as written before, is 0."""
    scored = []
    for row in questions:
        selection = qa.select(row.question)
        right = row.answerable and _right(qa.ask(row.question), row)
        kept, first = selection.evidence, _first(selection)
        scored.append((row, right, kept[0].score if kept else 0.0, first.score if first else 0.0))
    return scored


def shares_at(cut: float, scored: Sequence[Scored]) -> dict[str, float]:
    """Return what a threshold does; of what only `contradicts` sets aside half counts as refused."""

    def refused(rows: Sequence[Scored]) -> float:
        return round(
            _mean([kept < cut for *_, kept, _ in rows]) / 2 + _mean([c < cut for *_, c in rows]) / 2, 4
        )

    no_answer = [one for one in scored if not one[0].answerable]
    return {
        "accuracy": _mean([right and kept >= cut for row, right, kept, _ in scored if row.answerable]),
        "refusal_recall": refused(no_answer),
        "refusal_recall_wrong_indicator": refused(
            [one for one in no_answer if one[0].tag == "wrong-indicator"]
        ),
    }


def choose_threshold(scored: Sequence[Scored]) -> float:
    """Return the probability under which an answer is refused.

    It serves right answers and refused wrong indicators alike (the harmonic mean of both shares is highest:
    neither is given up for the other); rules see to wrong regions and years. Of cuts that serve alike it is
    the highest: silence costs less than a wrong answer.
    """

    def balance(cut: float) -> float:
        at = shares_at(cut, scored)
        right, refused = at["accuracy"], at["refusal_recall_wrong_indicator"]
        return 2 * right * refused / (right + refused) if right + refused else 0.0

    return max({round(kept, 3) for *_, kept, _ in scored}, key=lambda cut: (balance(cut), cut))


def _mean(values: Sequence[bool]) -> float:
    return round(sum(values) / len(values), 4)


def _right(answer: Answer, row: EvalQuestion) -> bool:
    text = strip_markers(answer.text, [citation.number for citation in answer.citations])
    return answer.refusal is None and satisfies(text, row.must)


def _named(weights: Rows) -> dict[str, float]:
    return {name: round(float(weight), 4) for name, weight in zip(FEATURES, weights, strict=True)}


def _write(values: object) -> None:
    """Write the model and have it read anew."""
    TARGET.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fitted.cache_clear()
    together.cache_clear()


if __name__ == "__main__":
    sys.exit(main())
