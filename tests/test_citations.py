"""Verification: quotes, figures, dates, document numbers, and which sentences carry a claim."""

from dataclasses import replace
from datetime import date

import pytest

from index.records import Article
from qa.citations import is_verbatim, missing_from, support
from qa.records import Citation
from tests.conftest import JIAXING_2021, TIANJIN_2020, TIANJIN_2024, evidence_of

TEXT = "人才公寓項(xiàng)目共３個，面積90㎡。"


def _citation(start: int, end: int, quote: str) -> Citation:
    return Citation(1, "a", "", "", date(2024, 1, 1), "", start, end, quote, True)


def test_a_quote_is_verbatim_only_at_its_own_offsets() -> None:
    right = _citation(4, 20, TEXT[4:20])
    assert is_verbatim(right, TEXT)
    assert not is_verbatim(replace(right, start=5, end=21), TEXT)
    assert not is_verbatim(replace(right, quote=TEXT[4:20].replace("(xiàng)", "")), TEXT)
    assert not is_verbatim(replace(right, quote=TEXT[4:20].replace("３", "3")), TEXT)
    assert not is_verbatim(_citation(0, 0, ""), TEXT)
    assert not is_verbatim(_citation(90, 95, ""), TEXT)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("奖励2000万元。", "給予獎勵２０００萬元"),
        ("奖励两千万元。", "奖励20000000元"),
        ("占百分之七十五。", "占比75%"),
        ("产量3.2万台。", "产量32000台"),
        ("支持比例30%—50%。", "按30%至50%给予支持"),
        ("自2021年9月1日起施行。", "自二〇二一年九月一日起施行"),
        ("9月1日起施行。", "自2021年9月1日起施行"),
        ("依据津工发〔2021〕15号，奖励200万元。", "《通知》（津工发〔2021〕15号）奖励200万元"),
        ("津工发[2021]15号", "津工发〔2021〕 15 号"),
        ("〔2024-12-30〕共450家。", "共450家"),
        ("没有数字的一句话。", "另一句话"),
        ("1.申请表；2.身份证", "1.申请表\n2.身份证"),
    ],
)
def test_what_the_source_states_is_not_missing(claim: str, source: str) -> None:
    assert missing_from(claim, ["无关的一句。", source]) == []


@pytest.mark.parametrize(
    ("claim", "source", "wrong"),
    [
        ("奖励2000万元。", "奖励200万元", "2000万元"),
        ("奖励200元。", "奖励200万元", "200元"),
        ("共450户。", "共450家", "450户"),
        ("增长7.5%。", "增长75%", "7.5%"),
        ("自2022年9月1日起施行。", "自2021年9月1日起施行", "2022年9月1日"),
        ("9月2日起施行。", "自2021年9月1日起施行", "9月2日"),
        ("截至2024年底。", "截至2023年底", "2024年底"),
        ("津工发〔2021〕16号", "津工发〔2021〕15号", "津工发〔2021〕16号"),
        ("津工发〔2020〕15号", "津工发〔2021〕15号", "津工发〔2020〕15号"),
        ("津教发〔2021〕15号", "津工发〔2021〕15号", "津教发〔2021〕15号"),
    ],
)
def test_what_the_source_does_not_state_is_missing(claim: str, source: str, wrong: str) -> None:
    assert [missing for missing in missing_from(claim, [source]) if wrong in missing]
    assert missing_from(claim, [])


def test_a_paraphrase_is_carried_by_its_sentence_alone() -> None:
    right = evidence_of(
        TIANJIN_2024, "截至2024年底，全市累计建成智能工厂和数字化车间450家，其中当年新增60家。"
    )
    other = evidence_of(TIANJIN_2020, "截至2020年底，全市累计建成智能工厂和数字化车间150家。")
    chosen, carried = support("全市累计建成智能工厂和数字化车间450家。", [other, right])
    assert carried
    assert right in chosen
    assert support("全市累计建成智能工厂和数字化车间450家。", [right, other])[1]
    assert not support("全市累计建成智能工厂和数字化车间450家。", [other])[1]


def test_two_figures_of_two_articles_need_both_sentences() -> None:
    new = evidence_of(TIANJIN_2024, "截至2024年底，全市累计建成智能工厂和数字化车间450家，其中当年新增60家。")
    old = evidence_of(TIANJIN_2020, "截至2020年底，全市累计建成智能工厂和数字化车间150家。")
    claim = "截至2024年底全市累计建成450家，截至2020年底150家。"
    chosen, carried = support(claim, [new, old])
    assert carried
    assert {e.article.id for e in chosen} == {"tianjin-2024", "tianjin-2020"}


def test_a_list_is_carried_by_all_its_items() -> None:
    items = [
        evidence_of(JIAXING_2021, text)
        for text in (
            "（一）父母一方具有本市户籍；",
            "（二）新生儿已在本市登记户口；",
            "（三）在规定时间内提出申请。",
        )
    ]
    claim = "".join(item.reading for item in items)
    chosen, carried = support(claim, items)
    assert carried
    assert {e.start for e in chosen} == {e.start for e in items}


def test_a_sentence_that_says_nothing_of_the_claim_is_not_cited() -> None:
    right = evidence_of(TIANJIN_2024, "市工业和信息化局负责智能工厂的认定工作。")
    idle = evidence_of(TIANJIN_2024, "对通过国家级认定的企业，每家给予一次性奖励200万元。")
    assert support("市工业和信息化局负责智能工厂的认定工作。", [idle, right]) == ([right], True)


def test_a_claim_in_other_words_than_its_source_is_not_carried() -> None:
    sentence = evidence_of(TIANJIN_2024, "市工业和信息化局负责智能工厂的认定工作。")
    assert not support("房贷利率由各家银行自主确定，与购房者协商。", [sentence])[1]


def test_scripts_are_compared_in_one_form() -> None:
    article = Article("t", "人才公寓項(xiàng)目單套建筑面積不超過90㎡。")
    sentence = evidence_of(article, article.text)
    assert (
        support("人才公寓项目单套建筑面积不超过90平方米。", [sentence])[1]
        == support("人才公寓項目單套建築面積不超過90平方米。", [sentence])[1]
    )
    assert support("人才公寓項目單套建築面積不超過90㎡。", [sentence]) == ([sentence], True)
