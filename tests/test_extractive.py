"""The extractive writer: which sentences, in which order, in whose script, within which limits."""

import re
from dataclasses import replace
from datetime import date

import pytest

from index.folding import fold
from index.records import Article
from qa.evidence import Evidence
from qa.generation import Draft, Limits, load_generator
from qa.generation.extractive import ExtractiveGenerator
from qa.question import understand
from tests.conftest import JIAXING_2021, TIANJIN_2020, TIANJIN_2024, TRADITIONAL_2023, evidence_of

NEW = evidence_of(
    TIANJIN_2024, "截至2024年底，全市累计建成智能工厂和数字化车间450家，其中当年新增60家。", 0.9, 9
)
OLD = evidence_of(TIANJIN_2020, "截至2020年底，全市累计建成智能工厂和数字化车间150家。", 0.9, 8)
BODY = evidence_of(TIANJIN_2024, "市工业和信息化局负责智能工厂的认定工作。", 0.3, 1)
APARTMENT = evidence_of(
    TRADITIONAL_2023, "人才公寓項(xiàng)目單套建筑面積不超過90㎡，月租金標準為每㎡２５元。"
)


def _write(question: str, *evidence: Evidence, characters: int = 200, sentences: int = 5) -> list[Draft]:
    limits = Limits(characters, sentences)
    return list(ExtractiveGenerator().write(understand(question), evidence, limits))


def test_it_is_the_default_and_needs_no_model() -> None:
    assert isinstance(load_generator("extractive"), ExtractiveGenerator)


def test_the_sentence_that_answers_is_given_as_it_stands() -> None:
    drafts = _write("2024年累计建成多少家？", NEW, BODY)
    assert drafts == [Draft("450家〔天津市，截至2024年底〕", (NEW,)), Draft(NEW.reading, (NEW,))]
    assert all(BODY not in draft.evidence for draft in drafts)


def test_two_years_of_one_indicator_are_a_dated_series_newest_first() -> None:
    drafts = _write("天津累计建成多少家智能工厂和数字化车间？", OLD, NEW)
    assert [draft.evidence[0].article.id for draft in drafts] == [
        "tianjin-2024",
        "tianjin-2024",
        "tianjin-2020",
    ]
    assert drafts[0].text == "450家〔天津市，截至2024年底〕"
    assert drafts[1].text.startswith("〔2024-12-30〕")
    assert drafts[2].text.startswith("〔2020-12-28〕")


def test_the_newest_is_given_alone_where_it_is_asked_for() -> None:
    drafts = _write("天津目前累计建成多少家智能工厂和数字化车间？", OLD, NEW)
    assert {draft.evidence[0].article.id for draft in drafts} == {"tianjin-2024"}


LOAN_2022 = Article("old", "双职工家庭最多可贷50万元。", "须知", date(2022, 3, 1), region="江西省赣州市")


@pytest.mark.parametrize(
    ("question", "sentence", "articles"),
    [
        ("双职工家庭最多可贷多少？", "夫妻都缴存的，上限从50万元提到70万元。", ["new", "old"]),
        ("双职工家庭目前最多可贷多少？", "夫妻都缴存的，上限由原来的50万元调整为70万元。", ["new", "old"]),
        ("双职工家庭目前最多可贷多少？", "双职工家庭最多可贷的数额从50万元提高到70万元。", ["new"]),
        ("双职工家庭最多可贷多少？", "单身的，上限从30万元提到50万元。", ["old"]),
        ("双职工家庭最多可贷多少？", "首付从50万元起，最多可贷70万元。", ["old"]),
        ("双职工家庭2022年最多可贷多少？", "夫妻都缴存的，上限从50万元提到70万元。", ["old"]),
    ],
)
def test_a_later_article_that_changed_the_figure_comes_first(
    question: str, sentence: str, articles: list[str]
) -> None:
    later = Article("new", sentence, "新政", date(2023, 7, 21), region="江西省赣州市")
    old, new = evidence_of(LOAN_2022, LOAN_2022.text, 0.9, 9), evidence_of(later, sentence, 0.2, -9)
    drafts = _write(question, old, new)
    assert list(dict.fromkeys(d.evidence[0].article.id for d in drafts)) == articles
    elsewhere = replace(new, article=replace(later, region="江西省吉安市"))
    assert {d.evidence[0].article.id for d in _write(question, old, elsewhere)} == {"old"}


def test_another_indicator_is_no_part_of_a_series() -> None:
    robots = evidence_of(TIANJIN_2020, "2020年，全市工业机器人产量达到3.2万台。", 0.9, 8)
    drafts = _write("天津累计建成多少家智能工厂和数字化车间？", NEW, robots)
    assert all(robots not in draft.evidence for draft in drafts)


def test_a_second_sentence_stands_only_where_the_first_leaves_doubt() -> None:
    question = "天津2024年对通过国家级认定的企业奖励多少万元？"
    reward = evidence_of(TIANJIN_2024, "对通过国家级认定的企业，每家给予一次性奖励200万元。", 0.9, 9)
    assert all(draft.evidence == (reward,) for draft in _write(question, reward, replace(NEW, order=8.9)))


def test_a_year_that_is_named_makes_no_series() -> None:
    drafts = _write("天津2020年累计建成多少家智能工厂和数字化车间？", OLD, BODY)
    assert [draft.text for draft in drafts] == ["150家〔天津市，截至2020年底〕", OLD.reading]


def test_the_answer_is_in_the_askers_script() -> None:
    simplified = _write("人才公寓的面积不超过多少平方米？", APARTMENT)[-1].text
    traditional = _write("人才公寓的面積不超過多少平方米？", APARTMENT)[-1].text
    assert simplified == "人才公寓项目单套建筑面积不超过90㎡，月租金标准为每㎡２５元。"
    assert traditional.startswith("人才公寓項目")
    assert fold(traditional) == fold(simplified)


def _items() -> list[Evidence]:
    texts = ("（一）父母一方具有本市户籍；", "（二）新生儿已在本市登记户口；", "（三）在规定时间内提出申请。")
    return [evidence_of(JIAXING_2021, text, 0.9 - n / 10, 9 - n) for n, text in enumerate(texts)]


@pytest.mark.parametrize("first", range(3))
def test_a_list_is_given_whole_in_its_order_as_one_sentence(first: int) -> None:
    items = _items()
    drafts = _write("申请育儿补贴要符合哪些条件？", items[first], *items, sentences=1)
    assert len(drafts) == 1
    places = [drafts[0].text.index(word) for word in ("户籍", "登记户口", "提出申请")]
    assert places == sorted(places)
    assert {e.start for e in drafts[0].evidence} == {e.start for e in items}


def test_a_list_is_announced_by_the_sentence_before_it() -> None:
    lead = evidence_of(JIAXING_2021, "第三条 申请育儿补贴应当符合下列条件：")
    assert "提出申请" in "".join(draft.text for draft in _write("申请要符合哪些条件？", lead))


@pytest.mark.parametrize("characters", [10, 25, 40, 60, 120, 200])
@pytest.mark.parametrize("question", ["累计建成多少家？", "申请要符合哪些条件？", "谁负责认定？"])
def test_the_length_is_kept(question: str, characters: int) -> None:
    evidence = _items() if "条件" in question else [NEW, OLD, BODY]
    drafts = _write(question, *evidence, characters=characters)
    assert sum(len(draft.text) for draft in drafts) <= characters


def test_the_number_of_sentences_is_kept() -> None:
    assert len(_write("累计建成多少家？", NEW, OLD, replace(BODY, score=0.9), sentences=1)) == 1
    assert len(_write("累计建成多少家？", NEW, OLD, replace(BODY, score=0.9), sentences=2)) == 2


def test_a_sentence_that_is_too_long_is_cut_at_clauses_around_the_figure() -> None:
    article = Article(
        "long",
        "为贯彻落实有关部署要求，结合本市工作实际，经研究，对首次认定的企业，每家给予一次性奖励50万元，所需资金由市财政安排。",
        published=date(2024, 1, 1),
    )
    sentence = evidence_of(article, article.text)
    text = _write("首次认定的企业每家奖励多少元？", sentence, characters=30)[0].text
    assert "奖励50万元" in text
    assert len(text) <= 30
    start = article.text.index(text)
    assert article.text[start - 1] == "，"
    assert article.text[start + len(text)] in "，。"


def test_a_number_is_not_cut_at_its_comma() -> None:
    article = Article(
        "long", "对符合条件并且通过市级认定的首批示范企业，每家一次性奖励12,500元，每天9:30受理申请。"
    )
    sentence = evidence_of(article, article.text)
    for characters in range(1, len(article.text)):
        for draft in _write("每家奖励多少元？", sentence, characters=characters):
            assert "500元" not in draft.text.replace("12,500元", "")
            assert not draft.text.startswith("30")


def test_what_was_said_is_not_said_again() -> None:
    reprint = replace(TIANJIN_2024, id="reprint")
    again = evidence_of(reprint, NEW.reading, 0.9, 8.5)
    drafts = _write("2024年建成多少家？", NEW, again)
    assert {draft.evidence[0].article.id for draft in drafts} == {"tianjin-2024"}


def test_every_draft_names_its_evidence_and_adds_only_labels() -> None:
    for draft in _write("累计建成多少家？", NEW, OLD, BODY):
        assert draft.evidence
        said = re.sub("〔[^〕]*〕", "", draft.text)
        assert any(said in e.reading for e in (NEW, OLD, BODY))
