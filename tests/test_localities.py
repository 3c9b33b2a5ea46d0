"""Localities: the region an article speaks for."""

import pytest

from index.localities import find_locality


@pytest.mark.parametrize(
    ("title", "number", "publisher", "body", "region"),
    [
        ("天津市印发奖励办法", "", "中国某某报", "上海上海上海", "天津市"),
        ("嘉兴要这么干", "", "", "", "浙江省嘉兴市"),
        ("浙江省嘉兴市奖励办法", "", "浙江日报", "", "浙江省嘉兴市"),
        ("中华人民共和国某法", "", "", "", "全国"),
        ("国务院关于支持重庆发展的意见", "", "", "", "重庆市"),
        ("关于印发奖励办法的通知", "渝府发〔2024〕5号", "", "", "重庆市"),
        ("关于印发奖励办法的通知", "国发〔2024〕5号", "", "", "全国"),
        ("奖励办法出台", "", "天津日报", "", "天津市"),
        ("奖励办法出台", "", "北方网", "天津市发布办法。天津的企业可以申报。", "天津市"),
        ("奖励办法出台", "", "", "国务院印发办法。国务院要求各地落实。", "全国"),
        ("奖励办法出台", "", "", "天津、上海、北京的企业都来了。", ""),
        ("津沪两地：天津与上海合作", "", "", "天津天津天津", ""),
        ("奖励办法出台", "", "", "美国财政部表示，美国财政部将采取措施。", ""),
        ("", "", "", "", ""),
    ],
)
def test_region(title: str, number: str, publisher: str, body: str, region: str) -> None:
    assert find_locality(title, number, publisher, [body]) == region
