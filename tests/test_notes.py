"""Notes: how old the newest source is, what no longer holds, and what is newer."""

from dataclasses import replace
from datetime import date

import pytest

from index.records import Article
from qa.evidence import Evidence, Selection
from qa.features import FEATURES
from qa.notes import notes_on
from qa.question import understand
from qa.records import Citation
from tests.conftest import JIAXING_2021, TIANJIN_2020, TIANJIN_2024, evidence_of

ASKED = understand("天津累计建成多少家？")
NEW = evidence_of(TIANJIN_2024, "截至2024年底，全市累计建成智能工厂和数字化车间450家，其中当年新增60家。")
OLD = evidence_of(TIANJIN_2020, "截至2020年底，全市累计建成智能工厂和数字化车间150家。")


def _cited(article: Article) -> Citation:
    return Citation(1, article.id, article.title, "", article.published, "", 0, 1, article.text[:1], True)


def _notes(article: Article, today: date, *evidence: Evidence, question: str = ASKED.text) -> list[str]:
    selection = Selection(evidence, {}, 0.4)
    return notes_on(understand(question), selection, [_cited(article)], today)


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2026, 12, 29), []),
        (date(2026, 12, 30), ["依据发布于 2024-12-30，距今已有 2 年，请核对是否有新规定"]),
        (date(2030, 1, 1), ["依据发布于 2024-12-30，距今已有 5 年，请核对是否有新规定"]),
    ],
)
def test_an_old_answer_says_how_old_it_is(today: date, said: list[str]) -> None:
    assert _notes(TIANJIN_2024, today, NEW) == said


def test_a_question_that_names_a_year_knows_how_old_it_is() -> None:
    assert _notes(TIANJIN_2020, date(2026, 1, 1), OLD, question="天津2020年累计建成多少家？") == []


def test_the_newest_source_counts_and_a_newer_one_beside_it_is_named() -> None:
    subject = tuple(1.0 if name == "near" else 0.0 for name in FEATURES)
    notes = _notes(TIANJIN_2020, date(2021, 1, 1), OLD, replace(NEW, features=subject))
    assert notes == [f"同一地区另有较新的《{TIANJIN_2024.title}》（2024-12-30），请一并核对"]


@pytest.mark.parametrize(
    ("status", "said"),
    [("已废止", "已废止，不再有效"), ("征求意见稿", "是征求意见稿，尚未定稿"), ("现行有效", "")],
)
def test_what_no_longer_holds_is_said(status: str, said: str) -> None:
    article = replace(JIAXING_2021, status=status)
    e = evidence_of(article, "第一条 为鼓励生育，制定本办法。")
    assert _notes(article, date(2022, 1, 1), e) == ([f"《{article.title}》{said}"] if said else [])


def test_what_has_expired_is_said() -> None:
    article = replace(JIAXING_2021, expires=date(2021, 12, 31))
    e = evidence_of(article, "第一条 为鼓励生育，制定本办法。")
    assert _notes(article, date(2022, 1, 1), e) == [
        f"《{article.title}》的有效期到 2021-12-31 为止，现已过期"
    ]


def test_without_citations_there_are_no_notes() -> None:
    assert notes_on(ASKED, Selection((), {}, 0.4), [], date(2030, 1, 1)) == []


REPEALING = Article(
    "new",
    "本办法自2025年1月1日起施行，《江州市种粮补贴办法（试行）》、《旧例》同时废止。",
    "江州市种粮补贴实施细则",
)


@pytest.mark.parametrize(
    ("title", "status", "said"),
    [
        ("江州市种粮补贴办法", "", True),
        ("关于印发《江州市种粮补贴办法（试行）》的通知", "", True),
        ("江州市种粮补贴办法", "已废止", False),  # which is said already
        ("江州市种粮补贴办法实施细则", "", False),
        ("", "", False),
    ],
)
def test_what_another_article_repeals_is_said(title: str, status: str, said: bool) -> None:
    old = Article("old", "每亩补贴100元。", title, status=status)
    notes = _notes(old, date(2025, 2, 1), evidence_of(old, old.text), evidence_of(REPEALING, REPEALING.text))
    assert (f"《江州市种粮补贴实施细则》写明废止《{title}》，请核对是否仍然有效" in notes) is said


def test_an_article_that_names_what_it_repeals_is_not_repealed_by_itself() -> None:
    itself = replace(REPEALING, title="江州市种粮补贴办法")
    assert _notes(itself, date(2025, 2, 1), evidence_of(itself, itself.text)) == []
