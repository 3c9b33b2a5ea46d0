from datetime import date

import pytest

from eval.judging import Originals, carries, figures_stated, judge, rank
from eval.metrics import CitationCheck
from eval.questions import EvalQuestion
from index.errors import InputError
from index.records import Article, Hit, Passage
from qa.records import Answer, Citation, Claim

ARTICLE = Article(
    id="notes/jia-2024.txt",
    text="甲市工廠情況\n全市工廠(chǎng)總(zǒng)數(shù)到了350家，產(chǎn)值1030億(yì)元。獎勵由市級財政負擔。",
)
QUESTION = EvalQuestion(
    id="q1",
    question="甲市有多少家工厂？",
    answerable=True,
    must=(("350家",), ("1030亿元", "1030亿")),
    article="jia-2024",
    evidence="總(zǒng)數(shù)到了350家，產(chǎn)值1030億(yì)元",
)
TWIN = EvalQuestion(id="q2", question="乙市有多少家工厂？", answerable=False)
IDS = frozenset({ARTICLE.id})


class Shelf:
    """A library of one article."""

    def article(self, article_id: str) -> Article:
        if article_id != ARTICLE.id:
            raise InputError(f"没有文章「{article_id}」")
        return ARTICLE


ORIGINALS = Originals(Shelf())


def cite(quote: str, number: int = 1, article_id: str = ARTICLE.id, shift: int = 0) -> Citation:
    start = max(ARTICLE.text.find(quote), 0) + shift
    return Citation(
        number, article_id, "", "", date(2024, 1, 1), "", start, start + len(quote), quote, verified=True
    )


def hit(article_id: str, text: str) -> Hit:
    return Hit(Passage(f"{article_id}#0", article_id, 0, len(text), text, "", text, ()), 0.5)


def test_rank_counts_from_one_and_wants_the_whole_evidence_in_the_original_characters() -> None:
    hits = [
        hit("yi", QUESTION.evidence),
        hit(ARTICLE.id, "总数到了350家，产值1030亿元"),
        hit(ARTICLE.id, ARTICLE.text),
    ]
    assert rank(hits, IDS) == 2
    assert rank(hits, IDS, QUESTION.evidence) == 3
    assert rank(hits[:2], IDS, QUESTION.evidence) is None
    assert rank(hits, frozenset()) is None


def test_rank_looks_at_ten_passages_only() -> None:
    others = [hit("yi", "乙")] * 9
    assert rank([*others, hit(ARTICLE.id, "甲")], IDS) == 10
    assert rank([*others, hit("yi", "乙"), hit(ARTICLE.id, "甲")], IDS) is None


def test_a_right_answer() -> None:
    quote = "全市工廠(chǎng)總(zǒng)數(shù)到了350家，產(chǎn)值1030億(yì)元。"
    answer = Answer(
        question=QUESTION.question,
        text="全市工厂总数到了350家，产值1030亿元。[1]",
        claims=(Claim("全市工厂总数到了350家，产值1030亿元。", (1,)),),
        citations=(cite(quote),),
        hits=(hit(ARTICLE.id, ARTICLE.text),),
    )
    outcome = judge(QUESTION, answer, IDS, ORIGINALS, 0.25)
    assert outcome.correct
    assert not outcome.refused
    assert (outcome.rank, outcome.article_rank) == (1, 1)
    assert outcome.citations == (CitationCheck(right_article=True, right=True, exact=True),)
    assert outcome.figures == (True, True)
    assert outcome.seconds == 0.25
    assert outcome.grounded


def test_a_refusal_is_right_only_where_there_is_no_answer() -> None:
    # the text of a refusal may name figures: it is no answer all the same
    refused = Answer("", "没有找到；最接近的文章说350家、1030亿元。", refusal="no_evidence")
    assert judge(TWIN, refused, frozenset(), ORIGINALS, 0).correct
    outcome = judge(QUESTION, refused, IDS, ORIGINALS, 0)
    assert outcome.refused
    assert not outcome.correct


def test_an_answer_is_wrong_where_there_is_none() -> None:
    answer = Answer("", "350家[1]", citations=(cite("350家"),))
    outcome = judge(TWIN, answer, frozenset(), ORIGINALS, 0)
    assert not outcome.correct
    assert (outcome.rank, outcome.article_rank) == (None, None)
    assert outcome.citations == (CitationCheck(right_article=False, right=False, exact=True),)


def test_a_marker_is_no_digit_of_the_answer() -> None:
    question = EvalQuestion("q", "几家？", True, (("1",),), "jia-2024", "350家")
    assert not judge(question, Answer("", "三家[1]", citations=(cite("350家"),)), IDS, ORIGINALS, 0).correct


@pytest.mark.parametrize(
    ("citation", "exact"),
    [
        (cite("350家"), True),
        (cite("350家", shift=1), False),
        (cite("350 家"), False),
        (cite(""), False),
        (cite("350家", article_id="unknown"), False),
    ],
)
def test_a_quote_is_exact_at_its_place_only(citation: Citation, exact: bool) -> None:
    assert ORIGINALS.is_exact(citation) is exact


@pytest.mark.parametrize(
    ("quote", "right"),
    [
        (ARTICLE.text, True),  # holds the evidence
        ("數(shù)到了", True),  # is a part of it
        ("到了350家，產(chǎn)值1030億(yì)元。獎勵", True),  # states an alternative, annotations aside
        ("產(chǎn)值1030億(yì)元。", True),
        ("獎勵由市級財政負擔。", False),
        ("", False),
    ],
)
def test_a_right_citation_carries_the_evidence_or_the_answer(quote: str, right: bool) -> None:
    citation = cite(quote)
    assert carries(quote, ORIGINALS.reading(citation), QUESTION) is right


def test_a_forged_quote_is_read_as_it_is() -> None:
    assert ORIGINALS.reading(cite("獎勵(jiǎng)", shift=3)) == "獎勵(jiǎng)"


def test_every_figure_needs_a_quote_that_its_claim_cites() -> None:
    answer = Answer(
        question="",
        text="",
        claims=(
            Claim("工厂350家，产值1030亿元〔2024年共9家〕", (1, 2)),
            Claim("产值1030亿元", (1,)),
            Claim("由市级财政负担", (2,)),
            Claim("奖励20万元", (7,)),
        ),
    )
    readings = {1: "总数到了350家", 2: "產值一千零三十億元"}
    assert figures_stated(answer, readings) == (True, True, False, False)
