"""Binding: paraphrases of what the sentences say pass, every kind of lie about their figures does not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from index.folding import fold
from index.records import Article
from qa.binding import unbound
from qa.citations import support
from qa.evidence import Evidence
from tests.conftest import evidence_of

TIANJIN = Article(
    "tianjin",
    "天津市智能制造发展情况\n"
    "截至2024年底，全市累计建成智能工厂450家，其中当年新增60家，力争到2027年达到900家。\n"
    "滨海新区建成智能工厂200家。\n"
    "2020年全市建成150家，2022年建成300家。\n"
    "市工业和信息化局负责认定工作，不收取任何费用。\n"
    "对国家级工厂奖励200万元，对市级工厂奖励100万元。\n"
    "贷款利率最高为4%，期限3至5年，惠及企业350余家。\n"
    "负责人表示：“下一步将扩大试点范围。”\n",
    title="天津市智能制造发展情况",
    published=date(2024, 12, 30),
    region="天津市",
    kind="新闻",
)
SHANGHAI = Article(
    "shanghai",
    "上海市智能制造发展情况\n截至2024年底，全市累计建成智能工厂800家。\n",
    title="上海市智能制造发展情况",
    published=date(2024, 12, 20),
    region="上海市",
    kind="新闻",
)
RULE = Article("rule", "对楼道充电的个人处500元罚款。\n", title="条例", region="全国", kind="法规")


def _sentence(part: str, article: Article = TIANJIN) -> Evidence:
    line = next(line for line in article.text.split("\n") if part in line)
    return evidence_of(article, line)


COUNT, DISTRICT, YEARS = _sentence("450家"), _sentence("200家"), _sentence("150家")
FREE, AWARDS, LOANS, SAID = _sentence("认定"), _sentence("200万元"), _sentence("利率"), _sentence("表示")
OTHER, FINE = _sentence("800家", SHANGHAI), _sentence("500元", RULE)


@pytest.mark.parametrize(
    ("claim", "sources"),
    [
        ("截至2024年底，天津市累计建成智能工厂450家。", [COUNT]),
        ("天津累计建成450家智能工厂，其中2024年新增60家。", [COUNT]),
        ("全市当年新增智能工厂60家。", [COUNT]),
        ("天津市力争到2027年达到900家。", [COUNT]),
        ("滨海新区建成智能工厂200家。", [DISTRICT]),
        ("天津市滨海新区已建成智能工厂200家。", [DISTRICT]),
        ("2022年全市建成300家，2020年建成150家。", [YEARS]),
        ("国家级工厂奖励200万元，市级工厂奖励100万元。", [AWARDS]),
        ("对国家级、市级工厂分别奖励200万元、100万元。", [AWARDS]),
        ("贷款利率最高4%，期限3至5年。", [LOANS]),
        ("惠及企业超过350家。", [LOANS]),
        ("认定工作不收取费用，由市工业和信息化局负责。", [FREE]),
        ("负责人表示，“下一步将扩大试点范围”。", [SAID]),
        ("天津累计建成智能工厂450家，上海累计建成800家。", [COUNT, OTHER]),
        ("天津在楼道充电的个人处500元罚款。", [FINE]),
    ],
)
def test_a_paraphrase_is_bound(claim: str, sources: Sequence[Evidence]) -> None:
    assert unbound(fold(claim), sources) == []
    assert support(claim, sources)[1]


@pytest.mark.parametrize(
    ("claim", "sources"),
    [
        # whose
        ("上海市累计建成智能工厂450家。", [COUNT]),
        ("天津市建成智能工厂200家。", [DISTRICT]),
        ("天津累计建成智能工厂800家，上海累计建成450家。", [COUNT, OTHER]),
        ("天津市累计建成智能工厂800家。", [COUNT, OTHER]),
        ("全市累计建成智能工厂800家，其中当年新增60家。", [COUNT, OTHER]),
        ("全国累计建成智能工厂450家。", [COUNT]),
        # when
        ("2020年全市建成300家，2022年建成150家。", [YEARS]),
        ("2022年全市建成150家。", [YEARS]),
        # of what
        ("全市累计建成智能工厂60家，其中当年新增450家。", [COUNT]),
        ("当年新增450家。", [COUNT]),
        ("国家级工厂奖励100万元，市级工厂奖励200万元。", [AWARDS]),
        ("对国家级、市级工厂分别奖励100万元、200万元。", [AWARDS]),
        ("市级工厂奖励200万元。", [AWARDS]),
        ("工业机器人产量450家。", [COUNT]),
        # how sure
        ("全市智能工厂已达到900家。", [COUNT]),
        ("贷款利率为4%。", [LOANS]),
        ("贷款利率不低于4%。", [LOANS]),
        ("惠及企业350家。", [LOANS]),
        # what nobody said
        ("累计建成智能工厂450家，居全国首位。", [COUNT]),
        ("累计建成智能工厂450家，三年翻了一番。", [COUNT]),
        ("累计建成智能工厂450家，带动就业效果十分显著。", [COUNT]),
        ("负责人表示：“明年将取消试点。”", [SAID]),
        ("根据《天津市奖励办法》，国家级工厂奖励200万元。", [AWARDS]),
        # turned round
        ("认定工作收取费用。", [FREE]),
        ("市工业和信息化局不负责认定工作。", [FREE]),
    ],
)
def test_a_lie_is_not_bound(claim: str, sources: Sequence[Evidence]) -> None:
    assert unbound(fold(claim), sources) or not support(claim, sources)[1]
    assert not support(claim, sources)[1]


@pytest.mark.parametrize("item", [COUNT, DISTRICT, YEARS, FREE, AWARDS, LOANS, SAID, OTHER, FINE])
def test_a_sentence_is_bound_to_itself(item: Evidence) -> None:
    assert unbound(item.folded, [item]) == []
    assert unbound(item.folded, [replace(item), COUNT]) == []
