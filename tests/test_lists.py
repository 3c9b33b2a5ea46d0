"""Lists: every item is there, cut at clauses so that all fit, also where a passage ends between them."""

import pytest

from index.records import Article
from qa.generation import Limits
from qa.generation.extractive import ExtractiveGenerator
from qa.generation.lists import listed
from qa.question import understand
from tests.conftest import evidence_of

TEXT = (
    "茶园改造补助办法\n"
    "申请补助应当具备三个条件：\n"
    "（一）茶园面积在二十亩以上，且连片经营满两年；\n"
    "（二）近三年没有行政处罚，没有失信记录；\n"
    "（三）改造方案经农业农村局审核。\n"
    "办理分两步：一是在网上填表，上传图斑；二是到窗口核对原件。\n"
)
ARTICLE = Article("tea", TEXT, "茶园改造补助办法")


def _listed(question: str, sentence: str, room: int) -> list[str]:
    return [item.reading for item in listed(understand(question), [evidence_of(ARTICLE, sentence)], room)]


def test_all_items_and_as_much_of_each_as_fits() -> None:
    question, lead = "申请补助要哪三个条件？", "申请补助应当具备三个条件："
    assert _listed(question, lead, 200) == [
        "（一）茶园面积在二十亩以上，且连片经营满两年",
        "（二）近三年没有行政处罚，没有失信记录",
        "（三）改造方案经农业农村局审核",
    ]
    assert _listed(question, lead, 56) == [
        "（一）茶园面积在二十亩以上，且连片经营满两年",
        "（二）近三年没有行政处罚",
        "（三）改造方案经农业农村局审核",
    ]
    assert _listed(question, lead, 20) == []


def test_a_list_of_the_stated_length_is_preferred() -> None:
    steps, lead = "办理分两步：一是在网上填表，上传图斑；", "申请补助应当具备三个条件："
    evidence = [evidence_of(ARTICLE, lead, order=1.0), evidence_of(ARTICLE, steps, order=0.5)]
    items = listed(understand("办理要哪两个步骤？"), evidence, 200)
    assert [item.reading[:2] for item in items] == ["一是", "二是"]


def test_items_of_the_next_passage_are_there() -> None:
    long = "".join(f"（{n}）{'茶' * 60}{n}亩以上的，补助{n}万元；\n" for n in "一二三四五六七八九")
    article = Article("long", "补助分为下列各档：\n" + long)
    parts = [evidence_of(article, f"{n}亩以上的") for n in "一九"]
    assert len({e.passage.id for e in parts}) == 2
    assert len(listed(understand("补助有哪些档？"), parts, 1000)) == 9


@pytest.mark.parametrize("characters", range(5, 120, 5))
def test_the_answer_keeps_its_length(characters: int) -> None:
    lead = evidence_of(ARTICLE, "申请补助应当具备三个条件：")
    question = understand("申请补助要哪三个条件？")
    drafts = list(ExtractiveGenerator().write(question, [lead], Limits(characters)))
    assert len("\n".join(draft.text for draft in drafts)) <= characters
