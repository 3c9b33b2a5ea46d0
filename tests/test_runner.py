from collections.abc import Mapping
from pathlib import Path

import pytest

from eval.questions import EvalQuestion
from eval.runner import evaluate
from index.errors import InputError
from index.records import Article, Hit, Passage
from index.store import StoreInfo
from qa import PolicyQA
from qa.records import Answer, Citation, Claim

JIA = Article(id="2024/jia-2024.txt", text="甲市通报\n甲市已建成智能工厂350家。")
YI = Article(id="yi.2023.md", text="乙市通报\n乙市已建成智能工厂75家。")
DIRECT = EvalQuestion(
    "q1", "甲市有多少家智能工厂？", True, (("350家",),), "jia-2024", "智能工厂350家", "direct"
)
TWIN = EvalQuestion("q2", "丙市有多少家智能工厂？", False, tag="wrong-region", twin="q1")


class Prepared:
    """Gives prepared answers from a few articles; an exception is raised instead of returned."""

    def __init__(self, articles: list[Article], answers: Mapping[str, Answer | Exception]) -> None:
        self._articles = {article.id: article for article in articles}
        self._answers = answers
        self.asked: list[tuple[str, int]] = []

    def ask(self, question: str, *, max_chars: int = 200) -> Answer:
        self.asked.append((question, max_chars))
        answer = self._answers[question]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def article(self, article_id: str) -> Article:
        if article_id not in self._articles:
            raise InputError(f"没有文章「{article_id}」")
        return self._articles[article_id]

    def articles(self) -> list[Article]:
        return list(self._articles.values())

    def info(self) -> StoreInfo:
        return StoreInfo(len(self._articles), 7, 1, "测试模型", None, Path("store"), 0)


def answer_from(article: Article, quote: str) -> Answer:
    start = article.text.index(quote)
    citation = Citation(1, article.id, "", "", None, "", start, start + len(quote), quote, verified=True)
    passage = Passage(f"{article.id}#0", article.id, 0, len(article.text), article.text, "", "", ())
    return Answer("", f"{quote}[1]", (Claim(quote, (1,)),), (citation,), hits=(Hit(passage, 0.9),))


REFUSAL = Answer("", "没有找到相关内容", refusal="no_evidence")


def test_every_question_is_asked_once_in_order_with_the_given_limit() -> None:
    qa = Prepared(
        [JIA], {DIRECT.question: answer_from(JIA, "甲市已建成智能工厂350家。"), TWIN.question: REFUSAL}
    )
    heard: list[int] = []
    report = evaluate(qa, [DIRECT, TWIN], max_chars=80, progress=heard.append)
    assert qa.asked == [(DIRECT.question, 80), (TWIN.question, 80)]
    assert heard == [1, 2]
    assert [row.question for row in report.rows] == [DIRECT, TWIN]
    assert report.metrics.accuracy == 1.0
    assert report.metrics.grounded_accuracy == 1.0
    assert report.metrics.refusal_recall == 1.0
    assert report.metrics.passage.hit_1 == 1.0
    assert report.configuration == {"max_chars": 80, "articles": 1, "passages": 7, "embedder": "测试模型"}
    assert report.warnings == ()


def test_a_failure_is_a_failed_row_and_the_rest_is_asked() -> None:
    qa = Prepared([JIA], {DIRECT.question: ZeroDivisionError("除以零"), TWIN.question: REFUSAL})
    report = evaluate(qa, [DIRECT, TWIN])
    failed, refused = report.rows
    assert failed.answer is None
    assert failed.error == "ZeroDivisionError: 除以零"
    assert failed.outcome.failed
    assert not failed.outcome.correct
    assert not failed.outcome.refused
    assert refused.outcome.correct
    assert (report.metrics.failed, report.metrics.accuracy) == (1, 0.0)


def test_an_interruption_ends_the_run() -> None:
    class Interrupted(Prepared):
        def ask(self, question: str, *, max_chars: int = 200) -> Answer:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate(Interrupted([JIA], {}), [DIRECT])


@pytest.mark.parametrize(
    ("article_id", "name", "found"),
    [
        ("2024/jia-2024.txt", "jia-2024", True),
        ("2024/jia-2024.txt", "2024/jia-2024.txt", True),
        ("2024/jia-2024.txt", "jia-2024.txt", False),
        ("jia-2024", "jia-2024", True),
        ("jia.v1", "jia.v1", True),
        ("jia-2024.txt.xz", "jia-2024", True),
        ("jia-2024b.txt", "jia-2024", False),
    ],
)
def test_an_article_is_called_by_its_id_or_its_files_stem(article_id: str, name: str, found: bool) -> None:
    article = Article(id=article_id, text=JIA.text)
    question = EvalQuestion("q1", DIRECT.question, True, DIRECT.must, name, DIRECT.evidence)
    qa = Prepared([article], {DIRECT.question: answer_from(article, "甲市已建成智能工厂350家。")})
    report = evaluate(qa, [question])
    assert report.rows[0].outcome.article_rank == (1 if found else None)
    assert bool(report.warnings) is not found


def test_an_id_goes_before_a_stem() -> None:
    exact, other = Article(id="jia", text=JIA.text), Article(id="old/jia.txt", text=JIA.text)
    question = EvalQuestion("q1", DIRECT.question, True, DIRECT.must, "jia", DIRECT.evidence)
    qa = Prepared([other, exact], {DIRECT.question: answer_from(other, "甲市已建成智能工厂350家。")})
    report = evaluate(qa, [question])
    assert report.rows[0].outcome.article_rank is None
    assert report.warnings == ()


def test_warnings_name_the_question_and_what_is_wrong_with_it() -> None:
    questions = [
        EvalQuestion("q1", DIRECT.question, True, DIRECT.must, "bing-2024", "甲"),
        EvalQuestion("q3", DIRECT.question, True, DIRECT.must, "jia-2024", "工厂351家"),
        EvalQuestion("q4", DIRECT.question, True, DIRECT.must, "twice", "350家"),
    ]
    articles = [JIA, *(Article(id=f"{folder}/twice.txt", text=JIA.text) for folder in "ab")]
    warnings = evaluate(Prepared(articles, {DIRECT.question: REFUSAL}), questions).warnings
    assert len(warnings) == 3
    assert "q1" in warnings[0]
    assert "bing-2024" in warnings[0]
    assert "q3" in warnings[1]
    assert "evidence" in warnings[1]
    assert "2 篇" in warnings[2]


def test_the_fingerprint_is_that_of_the_articles() -> None:
    def fingerprint(*articles: Article) -> str:
        return evaluate(Prepared(list(articles), {}), []).fingerprint

    assert fingerprint(JIA, YI) == fingerprint(YI, JIA)
    assert fingerprint(JIA, YI) != fingerprint(JIA)
    assert fingerprint(JIA) != fingerprint(Article(id=JIA.id, text=JIA.text.replace("350", "351")))
    assert fingerprint(JIA) != fingerprint(Article(id="jia", text=JIA.text))


def test_a_real_store_is_evaluated(tmp_path: Path) -> None:
    with PolicyQA.build([JIA, YI], tmp_path / "store") as qa:
        report = evaluate(qa, [DIRECT, TWIN])
    assert report.warnings == ()
    assert report.metrics.failed == 0
    assert report.rows[0].outcome.correct
    assert report.rows[0].outcome.rank == 1
    assert report.metrics.quote_exactness == 1.0
    assert report.configuration["articles"] == 2
