"""Features: what covers a question, and what is an answer of the wanted kind."""

import pytest

from index.folding import fold, fold_article
from index.records import Article, Hit, Passage
from index.words import bundled_words
from qa.features import FEATURES, TYPED, fits_unit, measure, question_words
from qa.question import understand

SENTENCES = (
    "截至2024年底，天津市累计建成智能工厂120家。",
    "其中国家级智能工厂15家。",
    "企业还可以申请贷款贴息。",
)
TEXT = "".join(SENTENCES)
ARTICLE = Article("a", TEXT, title="天津智能工厂建设情况")


def _rows(question: str) -> list[dict[str, float]]:
    asked = understand(question)
    folded = fold_article(TEXT, 0, len(TEXT), ())
    passage = Passage("a#0", "a", 0, len(TEXT), TEXT, ARTICLE.title, folded.text, folded.offsets)
    hit = Hit(passage, 0.9, {"lexical": 0.4, "dense": 0.5})
    words = bundled_words()
    rows = measure(
        asked,
        question_words(asked, words),
        [fold(sentence) for sentence in SENTENCES],
        fold(ARTICLE.title),
        hit,
        ARTICLE,
        words,
    )
    return [dict(zip(FEATURES, row.tolist(), strict=True)) for row in rows]


def test_the_sentence_that_holds_the_words_is_covered_best() -> None:
    first, second, third = _rows("天津市累计建成多少家智能工厂？")
    assert first["exact"] > second["exact"] > third["exact"]
    assert first["near"] >= first["exact"]
    assert first["clause"] > 0.5


def test_a_word_that_stands_nowhere_is_absent() -> None:
    assert _rows("天津智能工厂有多少家？")[0]["absent"] == 0
    assert _rows("天津屠宰场有多少家？")[0]["absent"] > 0.3


def test_the_wanted_kind_of_answer_is_seen() -> None:
    typed = FEATURES[TYPED]
    assert [row[typed] for row in _rows("天津智能工厂有多少家？")] == [1, 1, 0]
    assert [row[typed] for row in _rows("天津智能工厂的面积是多少平方米？")] == [0, 0, 0]
    assert [row[typed] for row in _rows("由谁负责智能工厂？")] == [0.5, 0.5, 0.5]


def test_a_figure_of_the_question_is_no_answer_to_it() -> None:
    assert _rows("哪120家企业的投资是多少家？")[0][FEATURES[TYPED]] == 0


def test_every_feature_is_bounded() -> None:
    for row in _rows("天津市累计建成多少家智能工厂？"):
        assert all(-1 <= value <= 1.0001 for value in row.values())


@pytest.mark.parametrize(("unit", "fits"), [("家", True), ("个", True), ("元", False), ("%", False)])
def test_counters_stand_for_one_another(unit: str, fits: bool) -> None:
    from index.figures import find_figures

    assert fits_unit(understand("有多少家工厂？"), find_figures("120" + unit)[0]) is fits
