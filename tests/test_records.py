"""Records of an answer: what `wence ask --json` prints of them, and that they cannot change."""

import json
from dataclasses import FrozenInstanceError, replace
from datetime import date

import pytest

from index.records import Article, Hit, Passage
from qa.records import Answer, Citation, Claim

TEXT = "全市共有智能工厂450家。"
CITATION = Citation(1, "a/甲.txt", "情况", "某局", date(2024, 5, 1), "https://example.cn", 3, 16, TEXT, True)
PASSAGE = Passage("a/甲.txt#0", "a/甲.txt", 3, 16, TEXT, "情况", TEXT, ((0, 13, 3, 16),))
ANSWER = Answer(
    question="有多少家？",
    text=f"{TEXT}[1]",
    claims=(Claim(TEXT, (1,)),),
    citations=(CITATION,),
    hits=(Hit(PASSAGE, 0.87654321, {"lexical": 0.5, "dense": 1 / 3}),),
    seconds={"retrieve": 0.0123456, "select": 0.0, "write": 0.0, "total": 0.0123456},
    notes=("说明",),
)


def test_answer_prints_the_promised_object() -> None:
    printed = json.loads(json.dumps(ANSWER.to_dict(), ensure_ascii=False))
    assert {"question", "text", "refusal", "claims", "citations", "passages", "seconds"} <= set(printed)
    assert printed["refusal"] is None
    assert printed["claims"] == [{"text": TEXT, "citations": [1]}]
    assert printed["citations"] == [
        {
            "number": 1,
            "article_id": "a/甲.txt",
            "title": "情况",
            "publisher": "某局",
            "published": "2024-05-01",
            "url": "https://example.cn",
            "page": None,
            "start": 3,
            "end": 16,
            "quote": TEXT,
            "verified": True,
        }
    ]
    assert printed["passages"] == [
        {
            "article_id": "a/甲.txt",
            "start": 3,
            "end": 16,
            "text": TEXT,
            "score": 0.8765,
            "stages": {"lexical": 0.5, "dense": 0.3333},
        }
    ]
    assert printed["seconds"] == {"retrieve": 0.0123, "select": 0.0, "write": 0.0, "total": 0.0123}
    assert printed["notes"] == ["说明"]


def test_a_page_is_printed_where_the_article_has_pages() -> None:
    assert replace(CITATION, page=3).to_dict()["page"] == 3


def test_a_place_is_on_the_last_page_that_begins_before_it() -> None:
    article = Article("a", "一二三四五", pages=(0, 0, 3))
    assert [article.page_at(place) for place in range(5)] == [2, 2, 2, 3, 3]
    assert Article("a", "一二三").page_at(1) is None


def test_an_unknown_day_is_null() -> None:
    assert replace(CITATION, published=None).to_dict()["published"] is None


def test_a_refusal_is_an_answer_without_claims() -> None:
    printed = Answer("问", "没有找到依据。", refusal="没有依据").to_dict()
    assert printed["refusal"] == "没有依据"
    assert printed["claims"] == printed["citations"] == printed["passages"] == []


@pytest.mark.parametrize(
    ("record", "field"), [(CITATION, "quote"), (ANSWER, "text"), (ANSWER.claims[0], "citations")]
)
def test_records_do_not_change(record: object, field: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(record, field, "改")
