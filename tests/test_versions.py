"""Versions: titles that name one regulation at different times."""

import pytest

from index.records import Article
from index.versions import bare_title, version_key

SAME = [
    ("某市奖励条例(2019-03-02)", "某市奖励条例"),
    ("某市奖励条例（2020年修正）", "某市奖励条例（2012年修订）"),
    ("某市智能工厂管理办法（试行）", "某市智能工厂管理办法"),
    ("关于开展2024年度智能工厂申报的通知", "关于开展2025年度智能工厂申报的通知"),
    ("中华人民共和国某某法(2018-12-29)", "某某法(2023修订)"),
    ("某市獎勵條例", "某市奖励条例"),
    ("某市、某县奖励条例", "某市 某县奖励条例"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_regulation(one: str, other: str) -> None:
    assert bare_title(one) == bare_title(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("某市奖励条例", "某市奖励条例实施细则"),
        ("某市奖励条例", "某省奖励条例"),
        ("解释（一）", "解释（二）"),
        ("某市奖励条例", "关于修改《某市奖励条例》的决定"),
    ],
)
def test_different_regulations(one: str, other: str) -> None:
    assert bare_title(one) != bare_title(other)


def test_region_and_kind_belong_to_the_key() -> None:
    one = Article("a", "", "奖励条例(2019)", region="天津市", kind="法规")
    assert version_key(one) == version_key(Article("b", "", "奖励条例(2020)", region="天津市", kind="法规"))
    assert version_key(one) != version_key(Article("b", "", "奖励条例", region="上海市", kind="法规"))
    assert version_key(Article("b", "", "奖励条例", region="天津市", kind="新闻")) == ""
    assert version_key(Article("b", "", "(2020)", kind="法规")) == ""
    assert version_key(Article("b", "", "某某法修正案（2004年）", kind="法规")) == ""
