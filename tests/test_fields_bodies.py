"""Bodies: names of the bodies that make rules."""

import pytest

from index.fields.bodies import full_name, is_body, maker


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("海滨市第十三届人民代表大会常务委员会第三次会议通过", "海滨市人民代表大会常务委员会"),
        ("第八届全国人民代表大会常务委员会第八次会议通过", "全国人民代表大会常务委员会"),
        ("海滨市十二届人大常委会第一次会议通过", "海滨市人民代表大会常务委员会"),
        ("浙江省第八届人民代表大会第二次会议修正", "浙江省人民代表大会"),
        ("中华人民共和国国务院令第597号公布", "国务院"),
        ("国家市场监督管理总局令第49号公布", "国家市场监督管理总局"),
        ("国务院第40次常务会议通过", "国务院"),
        ("最高人民法院审判委员会第1525次会议通过", "最高人民法院"),
        ("监察部、人事部发布", "监察部、人事部"),
        ("中华人民共和国主席令第24号公布", ""),
        ("起施行", ""),
    ],
)
def test_maker(words: str, name: str) -> None:
    assert maker(words) == name


@pytest.mark.parametrize(
    "name", ["财政部", "海滨市人民政府办公室", "国家发展改革委", "教育部 财政部", "最高人民法院"]
)
def test_is_a_body(name: str) -> None:
    assert is_body(name)


@pytest.mark.parametrize("name", ["", "部", "关于印发办法的通知", "天气预报"])
def test_is_no_body(name: str) -> None:
    assert not is_body(name)


def test_full_name() -> None:
    assert full_name("海滨市第三届人大常委会") == "海滨市人民代表大会常务委员会"
    assert full_name("国务院、中华人民共和国中央军事委员会") == "国务院、中央军事委员会"
