"""Filtering: the days on which an article holds, and the names that a filter looks for."""

from datetime import date

import pytest

from index.filtering import days_in_force, names_of
from index.records import Article, Source

EARLY, LATE, LAST = date(2020, 1, 1), date(2021, 1, 1), date(2022, 12, 31)


@pytest.mark.parametrize(
    ("published", "effective", "expires", "status", "days"),
    [
        (EARLY, None, None, "", (EARLY, date.max)),
        (EARLY, LATE, LAST, "", (LATE, LAST)),
        (None, LATE, None, "现行有效", (LATE, date.max)),
        (LATE, EARLY, None, "", (LATE, date.max)),  # amended after it took effect
        (EARLY, LATE, LAST, "已废止", (LATE, LAST)),
        (EARLY, LATE, None, "已废止", None),
        (EARLY, None, None, "征求意见稿", None),
        (None, None, LAST, "", None),
    ],
)
def test_days_in_force(
    published: date | None,
    effective: date | None,
    expires: date | None,
    status: str,
    days: tuple[date, date] | None,
) -> None:
    article = Article("x", "文", published=published, effective=effective, expires=expires, status=status)
    assert days_in_force(article) == days


def test_names_are_those_of_publisher_issuer_and_reprints_in_one_script() -> None:
    article = Article("x", "文", publisher="北方網", issuer="天津市人民政府", sources=(Source("y", "津雲"),))
    assert names_of(article).split("\n") == ["北方网", "天津市人民政府", "津云"]
    assert names_of(Article("x", "文")) == ""
