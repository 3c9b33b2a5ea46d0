"""Candidates: question sets and CRUD's questions become passages with marked sentences."""

import json
import lzma
from pathlib import Path

import pytest

from index.chunking import chunk
from index.records import Article
from index.training import candidates
from index.training.candidates import Asked, Read, coverage, load, locate, main, read_passage, squeeze
from index.training.measuring import read_records

PARAGRAPH = "海滨市的奖励办法规定，对新认定的智能工厂，每家奖励30万元。申请材料要齐全。去年也奖励了30万元。"


def write_data(folder: Path) -> None:
    """Write both question sets, news and CRUD's questions, all made up."""
    start = PARAGRAPH.index("30万元")
    rows = [
        {"question": "每家智能工厂奖励多少？", "answers": [{"text": "30万元", "answer_start": start}]},
        {"question": " ", "answers": [{"text": "30万元", "answer_start": start}]},
    ]
    entry = {"id": "e1", "title": "奖励办法", "paragraphs": [{"context": PARAGRAPH, "qas": rows}]}
    for name in candidates.SETS.values():
        (folder / name).write_text(json.dumps({"data": [entry]}), encoding="utf-8")
    news = [{"id": f"n{n}", "text": f"第{n}号消息：今天天气很好，市民在公园散步。"} for n in range(6)]
    news.append({"id": "n6", "text": "山城区召开大会。会上宣布，山城区将新建学校12所，投资3亿元。"})
    with lzma.open(folder / "news.jsonl.xz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in news)
    asked = [
        {
            "docs": "1Doc",
            "key_info": ["山城区", "新建学校12所"],
            "question": "新建学校多少所？",
            "answer": "12所",
        },
        {
            "docs": "1Doc",
            "key_info": ["海滨区", "关闭工厂"],
            "question": "关闭工厂多少家？",
            "answer": "90家",
        },
    ]
    asked = [{"group": str(n), **row} for n, row in enumerate(asked)]
    (folder / "crud_questions.json").write_text(json.dumps(asked), encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_data(tmp_path)
    return tmp_path


def test_every_set_comes_out_marked(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    monkeypatch.setattr("sys.argv", ["candidates", "--data", str(data), "--out", str(out)])
    main()
    for name in candidates.SETS:
        (question,) = load(out / f"{name}.jsonl")
        assert question.article.endswith("/e1")
        gold = next(read for read in question.passages if 1 in read.labels)
        sentences = [gold.text[a:b] for a, b in gold.sentences]
        assert gold.labels == [1, 0, -1]
        assert "30万元" in sentences[0]
        assert gold.answer is not None
        assert gold.text[slice(*gold.answer)] == "30万元"
        assert gold.answer[0] < len(sentences[0])
        assert all(not any(read.labels) for read in question.passages if read is not gold)
        assert len(list(read_records(data / "news.jsonl.xz"))) == 7 >= len(question.passages) - 1
    (question,) = load(out / "crud.jsonl")
    assert question.question == squeeze("新建学校多少所？")
    gold = next(read for read in question.passages if 1 in read.labels)
    assert gold.answer is not None
    assert gold.text[slice(*gold.answer)] == "12所"


def test_another_paragraph_with_the_words_is_unsure() -> None:
    asked = Asked("a", "a/0", "每家奖励多少？", ("30万元",), (0, 5))
    article = Article(id="b", text=PARAGRAPH)
    (passage,) = chunk(article)
    assert read_passage(passage, article.text, asked).labels == [-1, 0, -1]


def test_coverage_counts_pairs() -> None:
    assert coverage("新建学校十二所", "区里新建学校，共十二所") == pytest.approx(5 / 6)
    assert coverage("12所", "新建12所") == 1.0
    assert coverage("12所", "新建学校") == 0.0


def test_an_answer_that_stands_twice_has_no_place() -> None:
    once = Read("", "奖励 30 万元。没有。", [[0, 9], [9, 12]], [1, 0], None)
    assert locate(once, once.labels, "30万元") == [3, 8]
    twice = Read("", "30万元,又30万元。", [[0, 12]], [1], None)
    assert locate(twice, twice.labels, "30万元") is None
    assert locate(once, [1, 1], "30万元") is None
