"""The measure of retrieval: its figures by hand, its questions, and a run from end to end."""

import json
import lzma
import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from eval import retrieval
from eval.retrieval import BEGIN, END, Found, Question, mcnemar, ndcg, row, run, title_questions
from index.training.candidates import SETS
from tests.test_training_candidates import write_data
from tests.tiny import article


def test_ndcg_is_the_discount_at_the_rank() -> None:
    assert ndcg([1, None, 3]) == pytest.approx((1 + 0 + 0.5) / 3)
    assert ndcg([2]) == pytest.approx(1 / math.log2(3))


def test_mcnemar_by_hand() -> None:
    assert mcnemar([True, False], [True, False]) == 1.0
    assert mcnemar([False] * 5, [True] * 5) == pytest.approx(2 / 32)
    assert mcnemar([True] + [False] * 5, [False] + [True] * 5) == pytest.approx(2 * (1 + 6) / 64)
    assert mcnemar([True] * 4 + [False] * 4, [False] * 4 + [True] * 4) == 1.0


def test_the_rank_is_that_of_the_first_right_article() -> None:
    questions = [Question("甲", frozenset(["a"])), Question("乙", frozenset(["b", "c"]))]
    found = run(lambda question: ["x", "a", "a"] if question == "甲" else ["c", "b"], questions)
    assert found.ranks == [2, 1]
    assert run(lambda _: [], questions).ranks == [None, None]
    assert "| 0.500（" in row("集", "系统", found, [Found([1, 1], [0.0, 0.0])] * 2)


def test_questions_by_title_take_all_versions_for_right() -> None:
    law = replace(article(1), title="海滨市节约用水管理条例(2019年修正)", kind="法规", region="海滨市")
    law = replace(law, effective=date(2019, 1, 1), issuer="海滨市人大常委会", text="处一万元罚款。")
    older = replace(law, id="older", title="海滨市节约用水管理条例(2011年)")
    news = replace(law, id="news", title="海滨市节约用水的报道", kind="新闻")
    questions = title_questions([law, older, news], 2)
    assert [question.right for question in questions] == [frozenset([law.id, "older"])] * 2
    assert [question.text for question in questions] == [
        "海滨市节约用水管理条例从什么时候开始施行？",
        "《海滨市节约用水管理条例》是由哪个机关制定的？",
    ]


def test_a_run_from_end_to_end_writes_its_table(tmp_path: Path) -> None:
    pytest.importorskip("bm25s")
    write_data(tmp_path)
    clause = (
        "第一条 为了节约用水，制定本条例。\n第二条 违者处一万元罚款。\n第三条 本条例自2019年1月1日起施行。"
    )
    law = {
        "id": "r",
        "category": "地方性法规",
        "title": "海滨市节约用水管理条例",
        "date": None,
        "text": clause,
    }
    with lzma.open(tmp_path / "regulations.jsonl.xz", "wt", encoding="utf-8") as file:
        file.write(json.dumps(law, ensure_ascii=False) + "\n")
    page = tmp_path / "page.md"
    page.write_text(f"前\n{BEGIN}\n{END}\n后\n", "utf-8")
    name = next(iter(SETS.values()))
    retrieval.main(
        ["--data", str(tmp_path), "--set", str(tmp_path / name), "--latency", "0", "--write", str(page)]
    )
    text = page.read_text("utf-8")
    for label in (
        "BM25（bm25s）",
        "词项",
        "向量",
        "名次倒数相加",
        "加权相加",
        "问策",
        "问策，重排 reader",
        "按标题问法规",
    ):
        assert f"| {label} |" in text
    assert text.startswith("前\n")
    assert text.endswith("后\n")
