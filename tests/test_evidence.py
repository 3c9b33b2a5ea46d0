"""Evidence: which sentences are considered, how they are placed, and what is set aside."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from index.errors import InputError
from index.folding import fold
from index.reader import Reading, Sentence, Source
from index.records import Hit
from index.words import bundled_words
from qa import PolicyQA
from qa.evidence import fitted, select, together
from qa.features import FEATURES, measure, question_words
from qa.question import understand
from qa.scope import Mismatch
from tests.conftest import ARTICLES, TIANJIN_2024, evidence_of


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("2024年天津累计建成多少家智能工厂和数字化车间？", "450家"),
        ("2020年天津累计建成多少家智能工厂和数字化车间？", "150家"),
        ("嘉兴二孩家庭一次性发放的育儿补贴是多少元？", "8000元"),
        ("嘉兴的育儿补贴办法从什么时候起施行？", "2021年9月1日"),
        ("充电场所与疏散通道的距离不得小于多少米？", "10米"),
        ("天津人才公寓的建筑面积不超过多少平方米？", "90㎡"),
        ("天津智能工厂由谁负责认定？", "市工业和信息化局"),
    ],
)
def test_the_sentence_with_the_answer_comes_first(small: PolicyQA, question: str, answer: str) -> None:
    selection = small.select(question)
    best = selection.evidence[0]
    assert answer in best.reading
    assert best.score >= selection.threshold
    assert best.answer is not None
    assert best.start <= best.answer[0] < best.answer[1] <= best.end


def test_with_a_reader_only_what_it_read_is_evidence(small: PolicyQA) -> None:
    question = understand("2020年天津累计建成多少家智能工厂和数字化车间？")
    hits = small.search(question.text)

    def liked(sentence: str) -> float:
        return 9.0 if "机器人" in sentence else -9.0

    class Told:
        name = "told"

        def read(self, question: str, sources: Sequence[Source]) -> list[Reading]:
            self.read_texts = [source.text for source in sources]
            return [
                Reading(
                    0.0,
                    tuple(Sentence(9.0 if "机器人" in s.text[a:b] else -9.0, a, b) for a, b in s.sentences),
                )
                for s in sources
            ]

    told = Told()
    read = select(question, hits, small.article, bundled_words(), told)
    alone = select(question, hits, small.article, bundled_words())
    assert read.threshold == together().threshold
    assert alone.threshold == fitted().threshold
    assert all(e.reader is None and e.answer is None for e in alone.evidence)
    for e in [*read.evidence, *read.set_aside.values()]:
        assert e.passage.search_text in told.read_texts
        assert e.reader == liked(e.folded)
        assert e.answer is not None
        assert e.start <= e.answer[0] < e.answer[1] <= e.end
    raised = {(e.article.id, e.start): e.order for e in read.evidence}
    for e in alone.evidence:
        if (e.article.id, e.start) in raised:
            shift = raised[e.article.id, e.start] - e.order
            assert (shift > 0) == ("机器人" in e.folded)


def test_every_sentence_is_where_it_says(small: PolicyQA) -> None:
    selection = small.select("智能工厂和数字化车间有多少家？")
    assert selection.evidence
    for e in selection.evidence:
        assert e.passage.start <= e.start < e.end <= e.passage.end
        assert e.article.text == small.article(e.article.id).text
        assert fold(e.reading) == e.folded
        assert e.reading in e.context
        assert 0 <= e.score <= 1
        assert len(e.features) == len(FEATURES)


def test_sentences_stand_in_order_and_once(small: PolicyQA) -> None:
    question = understand("智能工厂和数字化车间有多少家？")
    hits = small.search(question.text)
    selection = select(question, [*hits, *hits], small.article, bundled_words())
    assert [e.order for e in selection.evidence] == sorted(
        (e.order for e in selection.evidence), reverse=True
    )
    places = [(e.article.id, e.start) for e in selection.evidence]
    assert len(places) == len(set(places))


def test_what_contradicts_the_question_is_set_aside(small: PolicyQA) -> None:
    selection = small.select("2020年天津累计建成多少家智能工厂和数字化车间？")
    assert {e.article.id for e in selection.evidence} == {"tianjin-2020"}
    assert "450家" in selection.set_aside[Mismatch.YEAR].reading
    assert (
        small.select("上海二孩家庭一次性发放的育儿补贴是多少元？").set_aside[Mismatch.REGION].article.id
        == "jiaxing-2021"
    )


def test_annotations_are_read_over(small: PolicyQA) -> None:
    best = small.select("天津人才公寓项目的建筑面积不超过多少平方米？").evidence[0]
    assert "(xiàng)" in best.article.text[best.start : best.end]
    assert "項目" in best.reading
    assert "项目" in best.folded


def test_no_passage_gives_no_sentence() -> None:
    def nothing(article_id: str) -> None:
        raise InputError(article_id)

    selection = select(understand("有多少家？"), [], nothing, bundled_words())  # type: ignore[arg-type]
    assert (selection.evidence, selection.set_aside) == ((), {})


def _measured(text: str, sentence: str) -> dict[str, float]:
    question, words = understand(text), bundled_words()
    item = evidence_of(TIANJIN_2024, sentence)
    hit = Hit(item.passage, 0.5, {"lexical": 0.5, "dense": 0.25})
    asked = question_words(question, words)
    rows = measure(question, asked, [item.folded], fold(item.passage.heading), hit, TIANJIN_2024, words)
    assert rows.shape == (1, len(FEATURES))
    assert np.isfinite(rows).all()
    return dict(zip(FEATURES, rows[0].tolist(), strict=True))


COUNT = "截至2024年底，全市累计建成智能工厂和数字化车间450家，其中当年新增60家。"


def test_features_say_how_a_sentence_covers_the_question() -> None:
    near = _measured("智能工厂和数字化车间有多少家？", COUNT)
    far = _measured("育儿补贴有多少元？", COUNT)
    assert near["exact"] == pytest.approx(1)
    assert far["exact"] == 0
    for name in ("exact", "soft", "near", "cosine", "run"):
        assert near[name] > far[name]
    assert (near["lexical"], near["dense"]) == (0.5, 0.25)


@pytest.mark.parametrize(
    ("question", "sentence", "typed"),
    [
        ("智能工厂有多少家？", COUNT, 1),
        ("智能工厂有多少公里？", COUNT, 0),
        ("智能工厂什么时候建成？", COUNT, 1),
        ("智能工厂有多少家？", "市工业和信息化局负责智能工厂的认定工作。", 0),
        ("智能工厂怎么样？", COUNT, 0.5),
    ],
)
def test_a_sentence_without_the_wanted_kind_is_told_apart(question: str, sentence: str, typed: float) -> None:
    assert _measured(question, sentence)["typed"] == typed


def test_script_of_the_question_changes_nothing(small: PolicyQA) -> None:
    simplified = small.select("天津人才公寓的月租金标准是每平方米多少元？").evidence
    traditional = small.select("天津人才公寓的月租金標準是每平方米多少元？").evidence
    assert [(e.start, e.end, e.score) for e in simplified] == [(e.start, e.end, e.score) for e in traditional]


def test_the_models_are_usable() -> None:
    model = fitted()
    assert model.order.shape == model.probability.shape == (len(FEATURES),)
    assert np.isfinite([*model.order, *model.probability, model.bias]).all()
    assert 0 < model.threshold < 1
    assert not math.isnan(model.bias)


def test_articles_of_the_fixture_are_all_found(small: PolicyQA) -> None:
    assert {a.id for a in small.articles()} == {a.id for a in ARTICLES}
