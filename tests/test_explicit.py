"""What a sentence points to is said in 〔 〕, and nothing of its own words is changed."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Article
from qa.generation.explicit import dated, explicit
from tests.conftest import evidence_of

TEXT = (
    "海宁市政府印发《海宁市皮革产业提升办法》。\n"
    "该办法由市经信局解释，我市今年安排资金3000万元。\n"
    "我省去年已有先例，全市企业均可申报。\n"
    "本场活动不限人数，我区未安排。\n"
)
ARTICLE = Article("leather", TEXT, "皮革产业通报", date(2023, 5, 6), region="浙江省嘉兴市海宁市")


def _explicit(part: str, *, place_known: bool = True, article: Article = ARTICLE) -> str:
    line = next(line for line in TEXT.splitlines() if part in line)
    return explicit(evidence_of(article, line), place_known=place_known)


def test_place_year_and_rule_are_named() -> None:
    assert _explicit("解释") == (
        "该办法〔《海宁市皮革产业提升办法》〕由市经信局解释，我市〔海宁市〕今年〔2023年〕安排资金3000万元。"
    )


def test_the_level_of_the_place_counts() -> None:
    assert _explicit("先例").startswith("我省〔浙江省〕去年〔2022年〕已有先例，全市企业")
    assert "全市〔海宁市〕企业" in _explicit("先例", place_known=False)


def test_nothing_is_guessed() -> None:
    assert _explicit("活动") == "本场活动不限人数，我区未安排。"
    nowhere = Article("nowhere", TEXT, "皮革产业通报")
    assert _explicit("先例", place_known=False, article=nowhere) == "我省去年已有先例，全市企业均可申报。"


@pytest.mark.parametrize(("text", "expected"), [("今年8月", "今年〔2023年〕8月"), ("8月1日", "8月1日")])
def test_a_date_gets_its_year(text: str, expected: str) -> None:
    assert dated(evidence_of(ARTICLE, "海宁市政府"), text) == expected


@given(
    st.lists(
        st.sampled_from(["我市", "今年", "该办法", "全省", "本县", "企业", "，可", "申报", "30家"]),
        min_size=1,
        max_size=12,
    )
)
def test_only_brackets_are_added(words: list[str]) -> None:
    text = "".join(words) + "。"
    article = Article("made", text, "某某办法", date(2024, 1, 1), region="安徽省宣城市泾县")
    said = explicit(evidence_of(article, text), place_known=False)
    assert re.sub("〔[^〕]*〕", "", said) == text
