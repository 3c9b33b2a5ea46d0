"""Localities: the region an article speaks for."""

import pytest

from index.fields.lines import read_lines
from index.localities import find_locality


def region(title: str, issuer: str, number: str, publisher: str, body: str, kind: str = "") -> str:
    found = find_locality(title, issuer, number, publisher, kind, read_lines(body))
    return found.value if found else ""


@pytest.mark.parametrize(
    ("title", "issuer", "number", "publisher", "body", "expected"),
    [
        ("天津市印发奖励办法", "", "", "中国某某报", "上海上海上海", "天津市"),
        ("嘉兴要这么干", "", "", "", "", "浙江省嘉兴市"),
        ("浙江省嘉兴市奖励办法", "", "", "浙江日报", "", "浙江省嘉兴市"),
        ("中华人民共和国某法", "", "", "", "", "全国"),
        ("国务院关于支持重庆发展的意见", "国务院", "", "", "", "重庆市"),
        ("关于印发奖励办法的通知", "", "渝府发〔2024〕5号", "", "", "重庆市"),
        ("关于印发奖励办法的通知", "", "国发〔2024〕5号", "", "", "全国"),
        ("关于印发奖励办法的通知", "苏州市财政局", "", "", "", "江苏省苏州市"),
        ("奖励办法出台", "", "", "天津日报", "", "天津市"),
        ("奖励办法出台", "", "", "北方网", "天津市发布办法。天津的企业可以申报。", "天津市"),
        ("奖励办法出台", "", "", "", "国务院印发办法。国务院要求各地落实。", "全国"),
        ("奖励办法出台", "", "", "", "天津、上海、北京的企业都来了。", ""),
        ("津沪两地：天津与上海合作", "", "", "", "天津天津天津", ""),
        ("奖励办法出台", "", "", "", "美国财政部表示，美国财政部将采取措施。", ""),
        ("", "", "", "", "", ""),
    ],
)
def test_region(title: str, issuer: str, number: str, publisher: str, body: str, expected: str) -> None:
    assert region(title, issuer, number, publisher, body) == expected


@pytest.mark.parametrize(
    ("publisher", "body", "expected"),
    [
        ("天津日报", "昨天，我市出台办法，学习上海、北京的做法。", "天津市"),
        ("天津日报", "昨天，上海出台办法。上海市的企业可以申报。", "上海市"),
        ("天津日报", "昨天，我市滨海新区出台办法。天津市滨海新区的企业可以申报。", "天津市滨海新区"),
        ("某某网", "昨天，我市出台办法，学习上海、北京的做法。", ""),
    ],
)
def test_our_city_is_the_publishers(publisher: str, body: str, expected: str) -> None:
    assert region("", "", "", publisher, body) == expected


@pytest.mark.parametrize(
    ("title", "issuer", "expected"),
    [
        ("青岛市台湾同胞投资保护条例", "青岛市人民代表大会常务委员会", "山东省青岛市"),
        ("宁波杭州湾新区条例", "宁波市人民代表大会常务委员会", "浙江省宁波市"),
        ("关于内地与香港特别行政区相互送达文书的安排", "最高人民法院", "全国"),
        ("关于上海金融法院案件管辖的规定", "最高人民法院", "全国"),
        ("中国公民往来台湾地区管理办法", "国务院", "全国"),
        ("中华人民共和国香港特别行政区基本法", "全国人民代表大会", "香港特别行政区"),
    ],
)
def test_the_maker_settles_a_title_that_names_more_than_one_region(
    title: str, issuer: str, expected: str
) -> None:
    assert region(title, issuer, "", "", "", "法规") == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("第一条 根据《中华人民共和国某法》，制定本办法。", "全国"),
        ("第一条 根据国家有关规定，结合本市实际，制定本办法。", ""),
    ],
)
def test_a_rule_of_no_stated_maker_is_the_nations_unless_it_says_our_city(body: str, expected: str) -> None:
    assert region("奖励办法", "", "", "", body, "法规") == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # from the province down as far as most of the mentions go
        ("江苏省苏州市吴江区办了会。苏州市吴江区说，吴江区要办好。苏州也来了。", "江苏省苏州市吴江区"),
        ("江苏省开了会。苏州说好，南京说好，无锡也说好。江苏省要办好。", "江苏省"),
        # where a report was sent from says nothing
        ("新华社天津5月8日电 江苏省开会。江苏省要求落实。", "江苏省"),
        # a place that is named once counts at the beginning, a firm's name does not
        ("近日，新邵县的果园里一派丰收景象。", "湖南省邵阳市新邵县"),
        ("安信香港发布研究报告。", ""),
    ],
)
def test_the_region_most_named(body: str, expected: str) -> None:
    assert region("", "", "", "", body) == expected
