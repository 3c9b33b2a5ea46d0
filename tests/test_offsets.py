"""Offsets: every passage and citation is the original, character for character, whatever the text holds."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.chunking import MAX_PASSAGE, chunk
from index.cleaning import BLOCK_REASONS, find_edits
from index.folding import clean_reading, fold
from index.reading import clean_span, masked, passage_sentences, search_span
from index.records import Article, Passage
from qa import Answer, PolicyQA

PIECES = (
    *(
        "对首次认定的企业，每家给予一次性奖励５０万元。",
        "對首次認定的企業,給予獎勵20萬元。",
        "補貼項(xiàng)目共３個。",
    ),
    *(
        "建筑面積不超過90㎡，层高½米。",
        "申请条件：\r\n（一）在本市注册；\r\n（二）无失信记录。\r\n",
        "累计建成智能工厂120家！",
    ),
    *(
        "增长7.5％；",
        "😀👨‍👩‍👧",
        "本办法自2024年9月1日起施行。",
        "\n\n",
        "\r\n",
        "\u3000\u3000",
        "①②㈠",
        "\u200b",
    ),
    *(
        "## 补贴标准\n",
        "第一条 为支持创业，制定本办法。\n",
        "![图](https://example.cn/a.png)",
        "<b>加粗</b>&nbsp;",
    ),
    *(
        "責(zé)任單(dān)位為市(shì)財政局。",
        "ﬁ㎏㍿",
        "𠮷野家",
        "é",
        "补贴" * 150,
        "，",
        "“引号”",
        "表|格|9|\n",
    ),
    *(
        "\n责任编辑：张三\n",
        "\n相关推荐\n",
        "（完）\n",
        "来源：某某日报 2024-01-02\n",
        "首页 | 新闻 | 联系我们\n",
        "\n版权所有 某某网\n",
        "\n每天读一条政策，生活多一分安心\n",
    ),
)
QUESTIONS = ("奖励多少万元？", "申請條件有哪些？", "建成多少家智能工厂？", "由谁负责？", "面积不超过多少㎡？")

texts = st.lists(
    st.one_of(st.sampled_from(PIECES), st.text(max_size=12)),
    min_size=1,
    max_size=14,
).map("".join)


def check_passages(article: Article, passages: list[Passage]) -> None:
    end = 0
    for passage in passages:
        assert passage.text == article.text[passage.start : passage.end]
        assert end <= passage.start < passage.end <= passage.start + MAX_PASSAGE
        end = passage.end
        _check_runs(article, passage)


def _check_runs(article: Article, passage: Passage) -> None:
    """Runs cover the search text in order and lie in the passage; an even one is its original, folded."""
    position = 0
    repairs = {(edit.start, edit.end) for edit in find_edits(article.text) if edit.replacement}
    for search_start, search_end, start, end in passage.offsets:
        assert search_start == position < search_end
        assert passage.start <= start < end <= passage.end
        position = search_end
        if search_end - search_start == end - start and not any(a < end and start < b for a, b in repairs):
            pairs = zip(passage.search_text[search_start:search_end], article.text[start:end], strict=True)
            assert all(folded in fold(original) for folded, original in pairs)
    assert position == len(passage.search_text)


def _check_answer(answer: Answer, qa: PolicyQA) -> None:
    for citation in answer.citations:
        article = qa.article(citation.article_id)
        assert citation.quote == article.text[citation.start : citation.end] != ""
    quotes = {citation.number: citation for citation in answer.citations}
    for n, claim in enumerate(answer.claims):
        assert claim.citations
        # A claim of the extractive writer is the clean reading of its quotes, but for 〔 〕 and end marks.
        said = _bare(_outside(claim.text))
        read = [
            _bare(_outside(clean_reading(text, c.start, c.end, find_edits(text))))
            for c in (quotes[number] for number in claim.citations)
            for text in [qa.article(c.article_id).text]
        ]
        following = answer.claims[n + 1 : n + 2]
        if n == 0 and claim.text.endswith("〕") and following and following[0].citations == claim.citations:
            # The short answer, before the sentence that carries it.
            assert all(_bare(part) in read[0] for part in _outside(claim.text).split("、"))
            continue
        assert len(said) == sum(map(len, read))
        assert all(part in said for part in read)
    assert not any("删去" in note for note in answer.notes)


def _check_furniture(answer: Answer, qa: PolicyQA) -> None:
    """No hit and no citation overlaps what was removed as the page's."""
    places = [(hit.passage.article_id, hit.passage.start, hit.passage.end) for hit in answer.hits]
    places += [(citation.article_id, citation.start, citation.end) for citation in answer.citations]
    for article_id, start, end in places:
        article = qa.article(article_id)
        for edit in find_edits(article.text, article.recurring):
            if edit.reason in BLOCK_REASONS:
                assert not (edit.start < end and start < edit.end)


def _outside(text: str) -> str:
    """Return text without what stands in 〔 〕, where Wence says what a sentence means."""
    return re.sub(r"〔[^〕]*〕", "", text)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", fold(text))


@given(texts)
@settings(max_examples=150, deadline=None)
def test_passages_and_their_runs_are_the_original(text: str) -> None:
    article = Article("a", text, "标题")
    check_passages(article, chunk(article))


@given(texts)
@settings(max_examples=100, deadline=None)
def test_sentences_of_a_passage_are_read_from_their_own_place(text: str) -> None:
    article = Article("a", text)
    edits = find_edits(text)
    for passage in chunk(article):
        assert len(masked(passage, text)) == len(passage.text)
        for start, end in passage_sentences(passage, text):
            assert passage.start <= start < end <= passage.end
            read = clean_span(passage, text, start, end)
            assert fold(read).strip() == search_span(passage, start, end)
            assert fold(clean_reading(text, start, end, edits)).strip() == fold(read).strip()


@given(st.lists(texts, min_size=3, max_size=6))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_citations_are_the_original(bodies: list[str]) -> None:
    articles = [Article(f"article-{n}", body, region="天津市") for n, body in enumerate(bodies)]
    with (
        tempfile.TemporaryDirectory() as folder,
        PolicyQA.build(articles, Path(folder) / "store") as qa,
    ):
        for article in articles:
            assert qa.article(article.id).text == article.text
        for question in QUESTIONS:
            answer = qa.ask(question)
            _check_answer(answer, qa)
            _check_furniture(answer, qa)
            for hit in answer.hits:
                text = qa.article(hit.passage.article_id).text
                assert hit.passage.text == text[hit.passage.start : hit.passage.end]


@pytest.fixture(scope="module")
def seeds(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PolicyQA]:
    """Yield the shared articles, indexed."""
    with PolicyQA.build([shared / "seeds"], tmp_path_factory.mktemp("seeds") / "store") as qa:
        yield qa


def test_passages_of_the_shared_articles_are_the_original(seeds: PolicyQA, shared: Path) -> None:
    files = sorted((shared / "seeds").glob("*.txt"))
    assert [article.id for article in sorted(seeds.articles(), key=lambda a: a.id)] == [f.name for f in files]
    for file in files:
        article = seeds.article(file.name)
        assert article.text == file.read_bytes().decode("utf-8")
        passages = chunk(article)
        assert passages
        check_passages(article, passages)


def test_citations_of_the_shared_articles_are_the_original(seeds: PolicyQA) -> None:
    answered = 0
    for info in seeds.articles():
        article = seeds.article(info.id)
        for passage in chunk(article)[::3]:
            start, end = passage_sentences(passage, article.text)[0]
            subject = search_span(passage, start, end)[:25]
            for question in (f"{subject}多少？", f"{subject}有哪些？"):
                answer = seeds.ask(question)
                _check_answer(answer, seeds)
                _check_furniture(answer, seeds)
                answered += not answer.refusal
    assert answered >= 5
