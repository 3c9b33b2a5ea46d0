"""Scope: what may answer for the region and the year that a question names, and what may not."""

from dataclasses import replace
from datetime import date

import pytest

from index.folding import fold
from index.records import Article
from qa.question import understand
from qa.scope import Mismatch, asked_years, mismatch, years_of

TODAY = date(2025, 3, 1)


def _article(
    region: str, published: date | None = date(2024, 6, 1), kind: str = "", text: str = "正文。"
) -> Article:
    return Article("a", text, "标题", published, region=region, kind=kind)


def _mismatch(
    question: str, article: Article, sentence: str = "奖励200万元。", before: str = "", heading: str = ""
) -> Mismatch | None:
    asked = understand(question, TODAY)
    return mismatch(asked, article, fold(sentence), fold(before), fold(heading))


@pytest.mark.parametrize(
    ("question", "region"),
    [
        ("天津市的奖励是多少？", "天津市"),
        ("天津的獎勵是多少？", "天津市"),
        ("天津市的奖励是多少？", "天津市滨海新区"),
        ("浙江省的奖励是多少？", "浙江省嘉兴市"),
        ("全国的奖励是多少？", "天津市"),
        ("奖励是多少？", "天津市"),
        ("奖励是多少？", ""),
    ],
)
def test_an_article_of_the_region_or_a_part_of_it_answers(question: str, region: str) -> None:
    assert _mismatch(question, _article(region)) is None


@pytest.mark.parametrize(
    ("question", "region"),
    [
        ("上海的奖励是多少？", "天津市"),
        ("杭州市的奖励是多少？", "浙江省嘉兴市"),
        ("江苏省的奖励是多少？", "浙江省嘉兴市"),
        ("南开区的奖励是多少？", "天津市滨海新区"),
    ],
)
def test_an_article_of_another_region_does_not(question: str, region: str) -> None:
    assert _mismatch(question, _article(region)) is Mismatch.REGION


@pytest.mark.parametrize("kind", ["法规", "政策文件"])
@pytest.mark.parametrize("region", ["全国", "浙江省"])
def test_a_rule_of_a_wider_region_answers_for_its_parts(region: str, kind: str) -> None:
    assert _mismatch("嘉兴市的罚款是多少？", _article(region, kind=kind)) is None


def test_a_sentence_on_another_region_does_not_answer_in_an_article_of_the_right_one() -> None:
    assert _mismatch("天津市的奖励是多少？", _article("天津市"), "上海市的奖励是300万元。") is Mismatch.REGION


def test_a_sentence_that_names_the_region_answers_in_an_article_of_another() -> None:
    assert _mismatch("上海市的奖励是多少？", _article("天津市"), "上海市的奖励是300万元。") is None


def test_an_article_without_a_region_speaks_for_those_it_names() -> None:
    named = _article("", text="宁波市印发办法。\n奖励200万元。")
    assert _mismatch("宁波市的奖励是多少？", named) is None
    assert _mismatch("上海市的奖励是多少？", named) is Mismatch.REGION


@pytest.mark.parametrize(
    ("question", "published", "sentence"),
    [
        ("2024年有多少家？", date(2024, 6, 1), "共450家。"),
        ("2024年有多少家？", date(2025, 1, 20), "2024年共450家。"),
        ("2024年有多少家？", date(2025, 1, 20), "去年共450家。"),
        ("去年有多少家？", date(2024, 6, 1), "共450家。"),
        ("2023年至2025年有多少家？", date(2024, 6, 1), "共450家。"),
        ("2027年要达到多少家？", date(2024, 6, 1), "力争到2027年达到900家。"),
        ("有多少家？", date(2014, 6, 1), "共450家。"),
        ("《2020年行动方案》提出多少家？", date(2024, 6, 1), "共450家。"),
    ],
)
def test_the_year_that_is_asked_for_answers(question: str, published: date, sentence: str) -> None:
    assert _mismatch(question, _article("天津市", published), sentence) is None


@pytest.mark.parametrize(
    ("question", "published", "sentence"),
    [
        ("2024年有多少家？", date(2020, 6, 1), "共150家。"),
        ("2024年有多少家？", date(2020, 6, 1), "2020年共150家。"),
        ("2024年有多少家？", date(2025, 1, 20), "2025年共500家。"),
        ("去年有多少家？", date(2022, 6, 1), "共150家。"),
        ("2027年要达到多少家？", date(2024, 6, 1), "力争到2025年达到500家。"),
    ],
)
def test_another_year_does_not(question: str, published: date, sentence: str) -> None:
    assert _mismatch(question, _article("天津市", published), sentence) is Mismatch.YEAR


def test_an_article_without_a_date_is_dated_by_its_text() -> None:
    undated = _article("天津市", None, text="截至2020年底的情况。\n共150家。")
    assert _mismatch("2020年有多少家？", undated, "共150家。") is None
    assert _mismatch("2024年有多少家？", undated, "共150家。") is Mismatch.YEAR


def test_what_stands_before_dates_a_sentence() -> None:
    article = _article("天津市", date(2025, 1, 20))
    assert _mismatch("2024年有多少家？", article, "共450家。", before="2024年的情况如下。") is None
    assert _mismatch("2024年有多少家？", article, "共450家。", heading="2024年情况") is None
    assert _mismatch("2023年有多少家？", article, "共450家。", before="2024年的情况如下。") is Mismatch.YEAR


def test_region_comes_before_year() -> None:
    assert _mismatch("2024年上海有多少家？", _article("天津市", date(2020, 6, 1))) is Mismatch.REGION


def test_asked_years_are_those_of_the_question_but_not_of_a_title() -> None:
    assert asked_years(understand("2022年至2024年呢？", TODAY)) == {2022, 2023, 2024}
    assert asked_years(understand("去年呢？", TODAY)) == {2024}
    assert asked_years(understand("《2022年方案》有什么内容？", TODAY)) == frozenset()


def test_a_sentence_speaks_of_its_own_years_first() -> None:
    article = _article("天津市")
    assert years_of(article, "2023年共300家。", "2022年情况。", "2021年报告") == {2023}
    assert years_of(article, "共300家。", "2022年情况。", "2021年报告") == {2022}
    assert years_of(article, "共300家。", "", "2021年报告") == {2021}
    assert years_of(article, "共300家。", "", "") == frozenset()


def test_a_base_year_dates_nothing() -> None:
    assert years_of(_article("天津市"), "2024年较2020年增长三倍。", "", "") == {2024}


def test_a_region_that_no_article_speaks_for_is_refused_even_where_regions_are_alike() -> None:
    for region in ("浙江省", "江苏省", "天津市"):
        assert _mismatch("黑龙江省的奖励是多少？", replace(_article(region), kind="法规")) is Mismatch.REGION


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("市医保局2024年印发的补贴办法，奖励多少？", "本市医疗保障局发布。"),
        ("市医保局发布的奖励是多少？", "奖励按规定执行。"),  # whose it is, the article does not say
        ("市医保局的奖励是多少？", "本办法由市教育局解释。"),  # a body that is asked about issued nothing
        ("教育部分地区印发的奖励是多少？", "由市工信局解释。"),
        ("工信局和财政局联合印发的奖励是多少？", "由市财政局解释。"),
    ],
)
def test_an_article_of_the_body_or_of_none_known_answers(question: str, text: str) -> None:
    assert _mismatch(question, _article("", text=text)) is None


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("市医保局印发的奖励是多少？", "本办法由市教育局解释。"),
        ("教育部2024年5月发布的奖励标准是多少？", "市人社局、市財政局聯合印發。"),
    ],
)
def test_an_article_that_names_other_bodies_alone_contradicts_the_one_asked_for(
    question: str, text: str
) -> None:
    assert _mismatch(question, _article("", text=text)) is Mismatch.BODY


def test_the_publisher_counts_as_a_body_named() -> None:
    article = replace(_article("", text="由市教育局解释。"), publisher="市医疗保障局")
    assert _mismatch("市医保局印发的奖励是多少？", article) is None
