"""Closeness: shares of a query's rarity, by hand and against a slow reference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.closeness import RUN_WEIGHT, WINDOW, match, wanted
from index.lexical import query_terms, terms

ASKED = wanted({"奖": 1.0, "奖励": 2.0, "励": 1.0, "2024": 3.0})


def test_by_hand() -> None:
    run = RUN_WEIGHT * 3.0
    assert match(ASKED, "", "2024年奖励") == pytest.approx((1.0, 1.0, run / (2 + run)))
    assert match(ASKED, "", "励志奖项") == pytest.approx((2 / (2 + run), 0.0, 0.0))
    assert match(ASKED, "", "奖励") == pytest.approx((2 / (2 + run),) * 3)
    assert match(ASKED, "", "甲乙") == (0.0, 0.0, 0.0)
    assert match(wanted({}), "奖励", "奖励") == (0.0, 0.0, 0.0)
    assert match(wanted({"奖": 1.0}), "", "奖励") == (1.0, 0.0, 0.0)


def test_a_number_is_matched_whole_and_without_the_commas_of_its_thousands() -> None:
    asked = wanted({"5": 1.0, "2000": 1.0})
    assert match(asked, "", "15年2,0005元")[0] == 0.0
    assert match(asked, "", "第5条2,000元")[:2] == (1.0, 1.0)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("智能工厂的认定", 1.0),
        ("《智能工厂》", 1.0),
        ("# 智能工厂", 1.0),
        ("智能制造的工厂", 0.25),
        ("工厂智能化", 0.5),
        ("认定智能工厂", 0.0),
        ("智能智能工厂", 0.25),
        ("", 0.0),
    ],
)
def test_an_opening_ends_where_the_query_says_nothing_or_nothing_new(text: str, share: float) -> None:
    asked = wanted({"智能": 1.0, "能工": 1.0, "工厂": 2.0})
    assert match(asked, "智能工厂", text)[2] == share


def test_numbers_are_part_of_an_opening() -> None:
    asked = wanted({"2024": 1.0, "年度": 2.0, "国家": 4.0, "5g": 1.0})
    assert match(asked, "", "2024年度国家奖")[2] == (2 * 1.0 + 2.0) / 10
    assert match(asked, "", "国家5g基地")[2] == (4.0 + 2 * 1.0) / 10


def test_words_far_apart_are_not_close_and_a_heading_is_close_to_all() -> None:
    asked = wanted({"奖励": 1.0, "车间": 1.0})
    near = "奖励" + "无" * (WINDOW - 2) + "车间"
    assert match(asked, "", near)[1] == 1.0
    assert match(asked, "", near.replace("车间", "无车间"))[1] == 0.5
    assert match(asked, "车间奖励办法", "无")[1] == 1.0
    assert match(asked, "车间办法", "无" * 300 + "奖励")[1] == 1.0


@given(st.text(alphabet="甲乙丙丁 ", max_size=200), st.text(alphabet="甲乙丙丁", min_size=2, max_size=12))
def test_closeness_is_the_best_window(text: str, query: str) -> None:
    asked = wanted(dict.fromkeys(terms(query), 1.0))
    pairs = [term for term, _ in asked.pairs]
    best = max(
        sum(any(text.startswith(pair, at) for at in range(start, start + WINDOW + 1)) for pair in pairs)
        for start in range(len(text) + 1)
    )
    assert match(asked, "", text)[1] == pytest.approx(best / len(pairs))


@pytest.mark.parametrize(
    ("query", "gone"),
    [
        ("奖励是多少", "多少"),
        ("由谁负责", "谁"),
        ("哪一年施行", "哪一年"),
        ("为何废止?", "为何"),
        ("能领吗", "吗"),
    ],
)
def test_words_that_ask_are_not_searched_for(query: str, gone: str) -> None:
    assert query_terms(query)
    assert not any(set(gone) & set(term) for term in query_terms(query))


@pytest.mark.parametrize("query", ["几何学", "任何单位", "几率", "什么", "的"])
def test_words_that_only_look_like_asking_stay(query: str) -> None:
    assert query_terms(query) == terms(query)


def test_the_commonest_characters_count_in_pairs_only() -> None:
    assert query_terms("目的地") == ["目", "目的", "的地", "地"]
