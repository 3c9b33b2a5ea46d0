"""The comparison of sizes and overlaps: passages stay sound, evidence counts where it is whole."""

import pytest

from eval.chunking import BUDGETS, OVERLAPS, TOPS, Asked, _found, measure, overlapping
from index.chunking import chunk
from index.records import Article
from tests.tiny import TinyEmbedder

ARTICLE = Article(
    "a", "".join(f"第{n:02d}項工作由第{n * 7 % 31}个部门負責，每年检查兩次。" for n in range(60))
)


@pytest.mark.parametrize("overlap", OVERLAPS)
def test_overlap_begins_with_sentences_of_the_passage_before(overlap: str) -> None:
    plain = chunk(ARTICLE, 200)
    found = list(overlapping(ARTICLE, plain, 200, overlap))
    assert [one.end for one in found] == [one.end for one in plain]
    for one, before in zip(found[1:], plain, strict=False):
        assert one.text == ARTICLE.text[one.start : one.end]
        assert one.text.startswith("第")
        assert one.offsets[0][2] == one.start
        assert (one.start < before.end) is (overlap != "无")
        assert before.end - one.start <= 40


def test_evidence_counts_only_where_it_is_whole() -> None:
    passages = chunk(ARTICLE, 200)
    second = passages[1]
    whole = Asked("", "a", second.start + 3, second.end - 3)
    assert _found(whole, passages) == [top >= 2 for top in TOPS] + [True] * len(BUDGETS)
    assert not any(_found(Asked("", "a", second.start - 3, second.end - 3), passages))
    assert not any(_found(Asked("", "b", second.start, second.end), passages))
    assert not any(_found(whole, passages[:1]))


def test_a_line_of_the_table() -> None:
    start = ARTICLE.text.index("第07項")
    asked = [Asked("第07项工作由哪个部门负责？", "a", start, start + 10)]
    cells = measure([ARTICLE], asked, TinyEmbedder(), 400, "一句").split(" | ")
    assert cells[: len(TOPS) + len(BUDGETS)][2:] == ["100.0"] * 4
    assert int(cells[-3]) == len(chunk(ARTICLE))
