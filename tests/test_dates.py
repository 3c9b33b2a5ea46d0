"""Dates and periods as articles write them, and what only looks like one."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dates import find_periods, parse_date
from index.folding import fold

REFERENCE = date(2024, 12, 9)


def periods(text: str, reference: date | None = None) -> list[tuple[str, str, str]]:
    return [
        (text[p.text_start : p.text_end], p.start.isoformat(), p.end.isoformat())
        for p in find_periods(text, reference)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2023-07-28 16：40",
        "2023年7月28日",
        "2023 年 7 月 28 日",
        "2023/7/28",
        "2023.07.28",
        "20230728",
        "2023-07-28T16:40:00",
        "二〇二三年七月二十八日",
        "二○二三年七月二十八日",
        "２０２３年７月２８日",
        "发布时间：2023-07-28 来源：某报",
    ],
)
def test_parse_date_reads_usual_notations(text: str) -> None:
    assert parse_date(text) == date(2023, 7, 28)


@pytest.mark.parametrize(
    "text", ["", "2023年", "2023年7月", "2023年2月30日", "2023-13-01", "120230728", "昨天"]
)
def test_parse_date_finds_none(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "span", "start", "end"),
    [
        ("2023年度", "2023年度", "2023-01-01", "2023-12-31"),
        ("二〇二四年", "二〇二四年", "2024-01-01", "2024-12-31"),
        ("2020年2月", "2020年2月", "2020-02-01", "2020-02-29"),
        ("于2024年8月1日起", "2024年8月1日", "2024-08-01", "2024-08-01"),
        ("（2024-2027年）", "2024-2027年", "2024-01-01", "2027-12-31"),
        ("（2019―2022年）", "2019―2022年", "2019-01-01", "2022-12-31"),
        ("2020年至2022年", "2020年至2022年", "2020-01-01", "2022-12-31"),
        ("方案2024-2027》", "2024-2027", "2024-01-01", "2027-12-31"),
        ("2023年11月至2024年3月", "2023年11月至2024年3月", "2023-11-01", "2024-03-31"),
        ("2023年1-6月", "2023年1-6月", "2023-01-01", "2023-06-30"),
        ("2023年11月至3月", "2023年11月至3月", "2023-11-01", "2024-03-31"),
        ("2023年7月28日至8月3日", "2023年7月28日至8月3日", "2023-07-28", "2023-08-03"),
        ("到2027年", "2027年", "2027-01-01", "2027-12-31"),
        ("截至2021年底", "2021年底", "2021-01-01", "2021-12-31"),
        ("2021年底前", "2021年底", "2021-01-01", "2021-12-31"),
        ("2023年上半年", "2023年上半年", "2023-01-01", "2023-06-30"),
        ("2023年前三季度", "2023年前三季度", "2023-01-01", "2023-09-30"),
        ("2023年第二季度", "2023年第二季度", "2023-04-01", "2023-06-30"),
        ("20年8月", "20年8月", "2020-08-01", "2020-08-31"),
        ("“十四五”期间", "十四五", "2021-01-01", "2025-12-31"),
        ("十三五规划", "十三五", "2016-01-01", "2020-12-31"),
        ("20世纪90年代", "20世纪90年代", "1990-01-01", "1999-12-31"),
        ("趋势报告（2019）", "2019", "2019-01-01", "2019-12-31"),
        ("2020世界大会", "2020", "2020-01-01", "2020-12-31"),
        ("2023-07-28 16:40", "2023-07-28", "2023-07-28", "2023-07-28"),
    ],
)
def test_periods_with_a_year(text: str, span: str, start: str, end: str) -> None:
    assert periods(text) == [(span, start, end)]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("今年", "2024-01-01", "2024-12-31"),
        ("去年底", "2023-01-01", "2023-12-31"),
        ("明年", "2025-01-01", "2025-12-31"),
        ("前年", "2022-01-01", "2022-12-31"),
        ("今年8月", "2024-08-01", "2024-08-31"),
        ("今年上半年", "2024-01-01", "2024-06-30"),
        ("前三季度", "2024-01-01", "2024-09-30"),
        ("1月", "2024-01-01", "2024-01-31"),
        ("3月5日至8日", "2024-03-05", "2024-03-08"),
        ("12月28-29日", "2024-12-28", "2024-12-29"),
        ("10月19日—20日", "2024-10-19", "2024-10-20"),
    ],
)
def test_periods_without_a_year_need_a_reference(text: str, start: str, end: str) -> None:
    assert periods(text, REFERENCE) == [(text, start, end)]
    assert periods(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "第10号",
        "5年内",
        "三年行动",
        "20年的经验",
        "3个月",
        "第三季",
        "2000家企业",
        "2000-2050元",
        "目前年均增长",
        "过去年份",
        "投产后年产值",
        "如今年轻人",
        "连续6个季度",
        "32023年",
        "13月99日",
    ],
)
def test_durations_and_numbers_are_no_periods(text: str) -> None:
    assert periods(text, REFERENCE) == []


def test_several_periods_stand_in_order() -> None:
    text = "2023年達到100家，2024年8月達到120家，力爭2027年達到200家"
    assert [span for span, _, _ in periods(text)] == ["2023年", "2024年8月", "2027年"]


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_alike_in_all_notations(day: date) -> None:
    digits = dict(zip("0123456789", "〇一二三四五六七八九", strict=True))
    tens = {
        n: ("" if n < 20 else digits[str(n // 10)]) + "十" + digits[str(n % 10)].strip("〇")
        for n in range(10, 32)
    }
    small = {n: digits[str(n)] for n in range(1, 10)} | tens
    chinese = "".join(digits[c] for c in str(day.year)) + f"年{small[day.month]}月{small[day.day]}日"
    wide = f"{day.year}年{day.month}月{day.day}日".translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"})
    for text in (chinese, wide, f"{day:%Y-%m-%d}", f"{day.year}/{day.month}/{day.day}", f"{day:%Y%m%d}"):
        assert parse_date(text) == day
    assert [(p.start, p.end) for p in find_periods(f"自{chinese}起")] == [(day, day)]
    assert [(p.start, p.end) for p in find_periods(f"自{wide}起")] == [(day, day)]


@given(st.text(alphabet="2019年3月5日-至到今去前后底上半季度十四五二〇一（）(）〔〕, 的①㎡", max_size=40))
def test_periods_are_ordered_spans_and_folding_changes_none(text: str) -> None:
    found = find_periods(text, REFERENCE)
    assert all(0 <= p.text_start < p.text_end <= len(text) for p in found)
    assert all(p.start <= p.end and p.end - p.start < timedelta(days=40_000) for p in found)
    assert all(a.text_end <= b.text_start for a, b in pairwise(found))
    if len(fold(text)) == len(text) and "①" not in text:
        assert find_periods(fold(text), REFERENCE) == found
