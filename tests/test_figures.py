"""Figures in text: amounts, shares, counts, durations, ranks, and what only looks like one."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.figures import Figure, find_figures, states
from index.folding import fold


def read(text: str) -> list[tuple[str, str, str]]:
    """What was found: the text, the value or range, the unit."""
    return [(f.text, value(f), f.unit) for f in find_figures(text)]


def value(figure: Figure) -> str:
    low, high = f"{figure.low.normalize():f}", f"{figure.high.normalize():f}"
    return low if low == high else f"{low}~{high}"


def one(text: str) -> Figure:
    (figure,) = find_figures(text)
    return figure


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("最高2000萬元", ("2000萬元", "20000000", "元")),
        ("最高 2,000 万元", ("2,000 万元", "20000000", "元")),
        ("2000 0000元", ("2000 0000元", "20000000", "元")),
        ("两千万元", ("两千万元", "20000000", "元")),
        ("１２，０００元", ("１２，０００元", "12000", "元")),
        ("1亿2000万元", ("1亿2000万元", "120000000", "元")),
        ("1.39亿美元", ("1.39亿美元", "139000000", "美元")),
        ("叁仟元整", ("叁仟元", "3000", "元")),
        ("三万五千二百八十元", ("三万五千二百八十元", "35280", "元")),
        ("三点五亿元", ("三点五亿元", "350000000", "元")),
        ("零点五亩", ("零点五亩", "0.5", "亩")),
        ("百亿元资金", ("百亿元", "10000000000", "元")),
        ("１.４４％", ("１.４４％", "1.44", "%")),
        ("百分之七十五", ("百分之七十五", "75", "%")),
        ("千分之五", ("千分之五", "0.5", "%")),
        ("四分之一以上", ("四分之一", "25", "%")),
        ("近八成", ("八成", "80", "%")),
        ("4.9个百分点", ("4.9个百分点", "4.9", "百分点")),
        ("350家", ("350家", "350", "家")),
        ("2500餘家", ("2500餘家", "2500", "家")),
        ("千家企业", ("千家", "1000", "家")),
        ("十二条产业链", ("十二条", "12", "条")),
        ("2萬個基站", ("2萬個", "20000", "个")),
        ("五部门联合印发", ("五部门", "5", "部门")),
        ("200余名代表", ("200余名", "200", "人")),
        ("40多万人次", ("40多万人次", "400000", "人次")),
        ("160台/万人", ("160台/万人", "160", "台/万人")),
        ("3公里", ("3公里", "3000", "米")),
        ("500 m2", ("500 m2", "500", "平方米")),
        ("500㎡", ("500㎡", "500", "平方米")),
        ("年节水1000万噸", ("1000万噸", "10000000", "吨")),
        ("二十个工作日内", ("二十个工作日", "20", "工作日")),
        ("自收到之日起15日内", ("15日", "15", "日")),
        ("不超过三十日", ("三十日", "30", "日")),
        ("7天", ("7天", "7", "日")),
        ("有效期5年", ("5年", "5", "年")),
        ("两年半", ("两年半", "2.5", "年")),
        ("一年内", ("一年", "1", "年")),
        ("增长一倍", ("一倍", "1", "倍")),
        ("全国第4位", ("第4位", "4", "第位")),
        ("位列全国第七，", ("第七", "7", "第位")),
        ("第八名", ("第八名", "8", "第位")),
        ("与360、华为合作", ("360", "360", "")),
    ],
)
def test_one_figure(text: str, expected: tuple[str, str, str]) -> None:
    assert read(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5万元至10万元", ("5万元至10万元", "50000~100000", "元")),
        ("5-10万元", ("5-10万元", "50000~100000", "元")),
        ("5000元至1万元", ("5000元至1万元", "5000~10000", "元")),
        ("五千至一万元", ("五千至一万元", "5000~10000", "元")),
        ("30%-50%", ("30%-50%", "30~50", "%")),
        ("百分之三十至五十", ("百分之三十至五十", "30~50", "%")),
        ("百分之三十至百分之五十", ("百分之三十至百分之五十", "30~50", "%")),
        ("5—10个工作日", ("5—10个工作日", "5~10", "工作日")),
        ("三至五年", ("三至五年", "3~5", "年")),
        ("2～3级", ("2～3级", "2~3", "级")),
    ],
)
def test_ranges(text: str, expected: tuple[str, str, str]) -> None:
    assert read(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "2024年8月9日",
        "今年8月，12月28-29日",
        "2024-2027年",
        "7月27日",
        "10日在北京",
        "津政发〔2024〕5号",
        "第12号公告",
        "第三章第十二条",
        "第一个提出",
        "一、加强领导\n二、完善机制",
        "一是转型，二是创新",
        "1. 总则",
        "（1）范围；（2）内容",
        "①支持；②奖励",
        "1、本站遵循规范",
        "一些、一定、统一、十分、万一、一体",
        "一个项目",
        "唯一年度",
        "数十家企业、几百万元",
        "三四家",
        "5G、4K、B2B、DTMM4级",
        "GB/T 2260",
        "“1+3+N”",
        "10:28:43",
        "13时40分",
        "010-88558835",
        "13912345678",
        "https://example.com/2088.html",
        "大陆对此表示",
        "红十字会",
        "零部件",
        "一成不变",
        "三元结构",
        "二十大报告",
        "十四五",
        "一方当事人",
        "第三、四项规定",
        "单位：万元",
        "五台山、百度、三位一体",
    ],
)
def test_no_figures(text: str) -> None:
    assert read(text) == []


def test_figures_beside_dates_and_names() -> None:
    text = "2023年8月，5G基站達到2萬個，較2022年增長12.5%，居全國第3位。"
    assert [f.text for f in find_figures(text)] == ["2萬個", "12.5%", "第3位"]


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("最高2000万元", "at_most"),
        ("最高给予2000万元", "at_most"),
        ("不超过2000万元", "at_most"),
        ("不得超过2000万元", "at_most"),
        ("2000万元以下", "at_most"),
        ("2000万元以内", "at_most"),
        ("低于2000万元", "at_most"),
        ("不低于2000万元", "at_least"),
        ("不得少于2000万元", "at_least"),
        ("至少2000万元", "at_least"),
        ("超过2000万元", "at_least"),
        ("2000万元及以上", "at_least"),
        ("达到2000万元", ""),
    ],
)
def test_bounds(text: str, bound: str) -> None:
    assert one(text).bound == bound
    assert one(text).text == "2000万元"


@pytest.mark.parametrize("text", ["约350家", "近350家", "350余家", "350多家", "350家左右", "大约 350 家"])
def test_approximate(text: str) -> None:
    assert one(text).approximate


def test_last_years_are_not_approximate() -> None:
    assert not one("近三年").approximate
    assert not one("350家").approximate


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("最高 2,000 万元", "2000万元", True),
        ("奖励2000万元", "200万元", False),
        ("奖励200万元", "2000万元", False),
        ("总投资百分之三十", "30%", True),
        ("提高30个百分点", "30%", False),
        ("累计达到350家", "三百五十家", True),
        ("累计达到350家", "350个", False),
        ("累计达到350家", "350", True),
        ("累计达到3500家", "350", False),
        ("處10萬元以上50萬元以下罰款", "10万元至50万元", True),
        ("5万元至10万元", "10万元", True),
        ("5万元至10万元", "7万元", False),
        ("2350家", "350家", False),
        ("全国第七", "第7位", True),
        ("7位专家", "第7位", False),
        ("2024年", "2024家", False),
        ("15日内", "15天", True),
    ],
)
def test_states(text: str, asked: str, expected: bool) -> None:
    assert states(text, one(asked)) is expected
    assert states(fold(text), one(fold(asked))) is expected


def chinese(number: int) -> str:
    """A number in Chinese numerals, written independently of what reads them."""
    for scale, name in ((10**8, "亿"), (10**4, "万")):
        if number >= scale:
            high, low = divmod(number, scale)
            gap = "零" if 0 < low < scale // 10 else ""
            return chinese(high) + name + gap + (chinese(low) if low else "")
    written, digits = "", str(number)
    for place, digit in enumerate(digits):
        power = len(digits) - place - 1
        if digit == "0":
            written += "" if written.endswith("零") else "零"
        else:
            written += "零一二三四五六七八九"[int(digit)] + ["", "十", "百", "千"][power]
    return written.rstrip("零")


@given(st.integers(2, 10**11))
def test_all_notations_of_a_number_are_one_value(number: int) -> None:
    wide = str(number).translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"})
    ten_thousands = f"{(Decimal(number) / 10**4).normalize():f}"
    hundred_millions = f"{(Decimal(number) / 10**8).normalize():f}"
    notations = [
        f"{number}元",
        f"{number:,}元",
        f"{wide}元",
        f"{chinese(number)}元",
        f"{ten_thousands}万元",
        f"{ten_thousands} 萬元",
        f"{hundred_millions}亿元",
    ]
    for notation in notations:
        figure = one(f"奖励{notation}。")
        assert figure.low == figure.high == number, notation
        assert figure.unit == "元"
        assert figure.text == notation
        assert states(f"共计{notations[0]}", figure)


@given(
    st.integers(1, 999),
    st.integers(1, 999),
    st.sampled_from([("%", 1), ("万元", 10**4), ("亿元", 10**8), ("家", 1), ("个月", 1), ("人", 1)]),
)
def test_all_notations_of_a_range_have_its_ends(low: int, more: int, unit: tuple[str, int]) -> None:
    high, (name, times) = low + more, unit
    for between in ("至", "到", "-", "—", "～"):
        for notation in (f"{low}{between}{high}{name}", f"{low}{name}{between}{high}{name}"):
            figures = find_figures(f"按标准给予{notation}。")
            assert figures[0].low == low * times, notation
            assert figures[-1].high == high * times, notation
            assert all(states(f"按标准给予{notation}。", figure) for figure in figures)


@given(
    st.integers(1, 9999),
    st.sampled_from(["最高", "最低", "不超过", "不低于", "约", "近", "超过", "至少", "每户"]),
    st.sampled_from(["余元", "多元", "元以上", "元以下", "元以内", "元左右"]),
)
def test_what_stands_around_a_figure_leaves_its_value(number: int, before: str, behind: str) -> None:
    figure = one(f"{before}{number}万{behind}")
    assert figure.low == figure.high == number * 10**4
    assert figure.unit == "元"


@given(
    st.text(
        alphabet="0123456789一二三十百千万亿两零.,%元家个年月日第至-余多以上约分之成号 （）①㎡萬個。",
        max_size=40,
    )
)
def test_figures_are_ordered_spans_of_the_text(text: str) -> None:
    figures = find_figures(text)
    assert all(text[f.start : f.end] == f.text and f.text for f in figures)
    assert all(a.end <= b.start for a, b in pairwise(figures))
    assert all(f.low <= f.high for f in figures)
    assert all(states(text, f) for f in figures)
