import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.formats.numbers import plain, show


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (0.15, "0%", "15%"),
        (0.125, "0.0%", "12.5%"),
        (1000, "#,##0", "1,000"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (2.5, "0", "3"),
        (0.5, "#.##", "0.5"),
        (20, '"¥"#,##0.00', "¥20.00"),
        (20, "[$¥-804]#,##0.00", "¥20.00"),
        (-5, "#,##0;[Red]-#,##0", "-5"),
        (-5, "0;(0)", "(5)"),
        (0, '0;-0;"无"', "无"),
        (300, '0"万元"', "300万元"),
        (7, "000", "007"),
        (12345678, "#,##0,", "12,346"),
        (0.000012, "0.00E+00", "0.000012"),
        (45413, "yyyy-mm-dd", "2024-05-01"),
        (45413, "m/d/yyyy", "2024-05-01"),
        (45413, "yyyy/m/d", "2024/5/1"),
        (45413, 'yyyy"年"m"月"d"日"', "2024年5月1日"),
        (45413, 'yyyy"年"m"月"', "2024年5月"),
        (45413, "[$-804]yyyy\\年m\\月d\\日;@", "2024年5月1日"),
        (45413.545139, "yyyy-mm-dd hh:mm", "2024-05-01 13:05"),
        (0.5, "h:mm AM/PM", "12:00 下午"),
        (1.5, "[h]:mm", "36:00"),
        (45413, "aaaa", "45413"),
        (-1, "yyyy-mm-dd", "-1"),
        (3.14, "General", "3.14"),
        (3, 'General"人"', "3人"),
        (0.25, "# ?/?", "0.25"),
    ],
)
def test_a_number_is_shown_as_its_format_says(value: float, code: str, shown: str) -> None:
    assert show(value, code) == shown


def test_days_are_counted_from_1904_where_the_file_says_so() -> None:
    assert show(43951, "yyyy-mm-dd", from_1904=True) == "2024-05-01"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(3.0, "3"), (0.1 + 0.2, "0.3"), (123456789012.0, "123456789012"), (-0.5, "-0.5"), (1e-5, "0.00001")],
)
def test_a_number_without_a_format_shows_its_digits(value: float, shown: str) -> None:
    assert plain(value) == shown


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.sampled_from('0#,.%;"ymdhs[]年月¥-E+ ?/@\\_*eG'), max_size=12),
)
def test_no_format_fails(value: float, code: str) -> None:
    assert isinstance(show(value, code), str)


@given(st.integers(-(10**9), 10**9))
def test_grouped_numbers_can_be_read_back(value: int) -> None:
    assert int(show(value, "#,##0").replace(",", "")) == value
