"""What the page does: exchanges grow, errors become lines, links open what they promise."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import cast

import pytest

from index.errors import InputError, WenceError
from index.records import Article, Filters
from qa import PolicyQA
from qa.records import Answer, Citation, Cited, Claim, Done, Event, Found, Stated, Token
from qa.web import actions, render

TEXT = "海滨市创新券办法\n每家企业每年最高申领20万元。"
ARTICLE = Article("a.txt", TEXT, "海滨市创新券办法", date(2024, 3, 18))
QUOTE = "每家企业每年最高申领20万元。"
START = TEXT.index(QUOTE)


class Scripted:
    """Answers with given events, or fails with a given error."""

    def __init__(self, events: list[Event], error: Exception | None = None) -> None:
        self.events, self.error = events, error

    def stream(self, question: str, *, earlier: Sequence[str], filters: Filters) -> Iterator[Event]:
        yield from self.events
        if self.error:
            raise self.error

    def article(self, article_id: str) -> Article:
        if article_id != ARTICLE.id:
            raise InputError(f"没有文章 {article_id}")
        return ARTICLE


def scripted(*events: Event, error: Exception | None = None) -> PolicyQA:
    return cast(PolicyQA, Scripted(list(events), error))


CLAIM = Claim(QUOTE, (1,))
CITATION = Citation(1, "a.txt", "海滨市创新券办法", "", None, "", START, START + len(QUOTE), QUOTE, True)


def test_an_exchange_grows_claim_by_claim() -> None:
    second = Claim("第二句。", (1,))
    done = Done(Answer("问", "", (CLAIM, second), (CITATION,)))
    events = (Found(()), Cited(CITATION), Stated(CLAIM), Stated(second), done)
    states = list(actions.ask(scripted(*events), "问", Filters()))
    assert "正在查找" in states[0]
    assert "找到 0 段" in states[1]
    assert [state.count('class="claim"') for state in states] == [0, 0, 1, 2, 2]
    assert ["逐字一致" in state for state in states] == [False] * 4 + [True]


def test_what_a_model_writes_is_not_shown_before_it_is_verified() -> None:
    done = Done(Answer("问", "", (CLAIM,), (CITATION,)))
    events = (Found(()), Token(""), Token("每家<b>99万元"), Cited(CITATION), Stated(CLAIM), Token("又"), done)
    states = list(actions.ask(scripted(*events), "问", Filters()))
    assert "等待语言模型" in states[2]
    assert "已写 9 字" in states[3]
    assert not any("99万元" in state for state in states)
    assert states[4] == states[5]  # a word more takes no claim away


def test_an_error_of_the_user_is_shown_as_it_is() -> None:
    *_, last = actions.ask(scripted(error=InputError("问题是空的：<b>请</b>写一句话")), "问", Filters())
    assert "问题是空的：&lt;b&gt;请&lt;/b&gt;写一句话" in last


def test_an_internal_error_keeps_its_details_to_itself() -> None:
    *_, last = actions.ask(scripted(error=RuntimeError("/secret/path")), "问", Filters())
    assert "内部错误" in last
    assert "secret" not in last


def test_filters_are_read_in_usual_notations() -> None:
    assert actions.read_filters("天津市", "2023年7月28日", " ") == Filters("天津市", date(2023, 7, 28))
    assert actions.read_filters("", "", "") == Filters()
    assert actions.read_filters("", "", "", " 科技局 ", "法规", "2024.5.1") == Filters(
        publisher="科技局", kind="法规", as_of=date(2024, 5, 1)
    )


@pytest.mark.parametrize(("since", "until", "named"), [("昨", "", "起始日期"), ("", "x", "截止日期")])
def test_an_unreadable_date_is_named(since: str, until: str, named: str) -> None:
    with pytest.raises(WenceError, match=named):
        actions.read_filters("", since, until)


def test_an_unreadable_day_of_force_is_named() -> None:
    with pytest.raises(WenceError, match="有效日期"):
        actions.read_filters("", "", "", as_of="明天")


def test_dates_in_the_wrong_order_are_an_error() -> None:
    with pytest.raises(WenceError, match="晚于"):
        actions.read_filters("", "2024-01-02", "2024-01-01")


def link(**changed: object) -> dict[str, object]:
    whole = {"article": "a.txt", "start": str(START), "end": str(START + len(QUOTE))}
    return {**whole, "check": render.fingerprint(QUOTE), **changed}


def test_a_link_opens_its_quote() -> None:
    assert f">{QUOTE}</mark>" in actions.open_original(scripted(), link())


def test_a_title_opens_the_whole_article() -> None:
    opened = actions.open_original(scripted(), link(start="0", end="0", check=render.fingerprint("")))
    assert QUOTE in opened
    assert "<mark" not in opened


@pytest.mark.parametrize("changed", [{"check": "00000000"}, {"start": "-5"}, {"end": "3"}, {"check": None}])
def test_a_span_that_is_no_longer_the_quote_is_not_marked(changed: dict[str, object]) -> None:
    opened = actions.open_original(scripted(), link(**changed))
    assert "<mark" not in opened
    assert "更新过" in opened
    assert QUOTE in opened


@pytest.mark.parametrize("broken", [{"article": "b.txt"}, {"start": "x"}, {"end": None}])
def test_a_broken_link_is_an_error_in_the_panel(broken: dict[str, object]) -> None:
    opened = actions.open_original(scripted(), link(**broken))
    assert 'class="problem"' in opened
    assert QUOTE not in opened


def test_examples_come_from_the_sample_as_far_as_it_is_indexed(sample: PolicyQA) -> None:
    questions = actions.examples(sample.articles())
    assert len(set(questions)) == actions.EXAMPLES
    assert all(question.endswith("？") for question in questions)
    assert actions.examples([]) == []
    assert actions.examples([replace(ARTICLE, id="x.txt")]) == []


def test_regions_to_choose_are_those_of_the_articles() -> None:
    articles = [replace(ARTICLE, region=region) for region in ("浙江省", "", "上海市", "浙江省")]
    assert actions.regions(articles) == [("不限", ""), ("上海市", "上海市"), ("浙江省", "浙江省")]
