"""Candidates: question sets and CRUD's questions become passages with marked sentences."""

import hashlib
import json
import lzma
from pathlib import Path

import pytest

from index.chunking import chunk
from index.errors import InputError
from index.records import Article
from index.training import candidates
from index.training.candidates import (
    NOWHERE,
    Asked,
    Read,
    apart,
    coverage,
    load,
    locate,
    main,
    read_passage,
    squad,
    squeeze,
)
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


LEARNED = "山城区的认定办法规定，对首次认定的绿色工厂，每家奖励50万元。奖励资金在次年第一季度拨付。"


def write_public(folder: Path) -> None:
    """Write one set to learn from: an article of its own, one not answered, and one that is measured on."""
    start = LEARNED.index("50万元")
    rows = [
        {"question": "绿色工厂奖励多少？", "answers": [{"text": "50万元", "answer_start": start}]},
        {"question": "绿色园区奖励多少？", "answers": []},
    ]
    own = {"id": "p1", "title": "认定办法", "paragraphs": [{"context": LEARNED, "qas": rows}]}
    copied = {"id": "p2", "title": "别的题目", "paragraphs": [{"context": "转载。" + PARAGRAPH, "qas": rows}]}
    titled = {"title": "獎勵辦法", "paragraphs": [{"context": "同一题目的另一段。", "qas": rows}]}
    folder.mkdir()
    text = json.dumps({"data": [own, copied, titled]})
    (folder / "public.json").write_text(text, encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_data(tmp_path)
    write_public(tmp_path / "public")
    digest = hashlib.sha256((tmp_path / "public" / "public.json").read_bytes()).hexdigest()
    monkeypatch.setattr(candidates, "PUBLIC", {"public.json": digest})
    arguments = [
        "--data",
        str(tmp_path),
        "--public",
        str(tmp_path / "public"),
        "--out",
        str(tmp_path / "out"),
    ]
    monkeypatch.setattr("sys.argv", ["candidates", *arguments])
    return tmp_path


def test_a_set_comes_out_marked_without_what_is_measured_on(data: Path) -> None:
    main()
    answered, unanswered = load(data / "out" / "public.jsonl")
    assert {answered.article, unanswered.article} == {"public/p1"}
    gold = next(read for read in answered.passages if 1 in read.labels)
    sentences = [gold.text[a:b] for a, b in gold.sentences]
    assert gold.labels == [1, 0]
    assert "50万元" in sentences[0]
    assert gold.answer is not None
    assert gold.text[slice(*gold.answer)] == "50万元"
    assert all(not any(read.labels) for read in answered.passages if read is not gold)
    assert len(answered.passages) > 1
    assert len(list(read_records(data / "news.jsonl.xz"))) == 7 >= len(answered.passages) - 1
    assert unanswered.answers == []
    assert unanswered.extra is None
    assert not any(label for read in unanswered.passages for label in read.labels)


def test_questions_of_news_come_out_marked(data: Path) -> None:
    main()
    (question,) = load(data / "out" / "crud.jsonl")
    assert question.question == squeeze("新建学校多少所？")
    gold = next(read for read in question.passages if 1 in read.labels)
    assert gold.answer is not None
    assert gold.text[slice(*gold.answer)] == "12所"


def test_another_version_of_a_public_set_is_refused(data: Path) -> None:
    (data / "public" / "public.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match=r"public\.json"):
        main()


def test_articles_that_share_a_title_or_a_run_of_text_are_kept_apart(data: Path) -> None:
    measured = list(squad(data / candidates.SETS["cmrc"]))
    rows = list(squad(data / "public" / "public.json"))
    assert [article.id for article, _ in rows] == ["public/p1/0", "public/p2/0", "public/2/0"]
    assert [article.id for article, _ in apart(rows, measured)] == ["public/p1/0"]
    assert rows[0][1][1].gold == NOWHERE


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
