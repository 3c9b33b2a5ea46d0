"""Measuring: ranks are counted as by hand, distractors compete, missing question sets are left out."""

import json
import lzma
from pathlib import Path

from index.training.measuring import measure, read_records
from tests.tiny import TinyEmbedder


def write_data(folder: Path, news: list[str], questions: list[tuple[str, list[str]]]) -> None:
    with lzma.open(folder / "news.jsonl.xz", "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in news)
    paragraphs = [{"context": text, "qas": [{"question": q} for q in asked]} for text, asked in questions]
    (folder / "drcd_dev.json").write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}), "utf-8")


def test_hits_are_counted_over_paragraphs_and_news(tmp_path: Path) -> None:
    questions = [
        ("甲甲甲", ["甲", "甲甲"]),  # both first
        ("乙乙丙", ["乙丙丙"]),  # a news passage is nearer
        ("丁丁丁", ["甲"]),  # among the five nearest, not the first
    ]
    write_data(tmp_path, ["乙丙丙"], questions)
    figures = measure(TinyEmbedder(), tmp_path, ["丁。" + "丁" * 400, "甲。" + "甲" * 400, "太短。"])
    assert figures["DRCD dev"] == (0.5, 1.0)
    assert figures["held-out news"] == (1.0, 1.0)
    assert "CMRC 2018 trial" not in figures


def test_records_are_read_in_order(tmp_path: Path) -> None:
    write_data(tmp_path, ["一", "二"], [])
    assert [record["text"] for record in read_records(tmp_path / "news.jsonl.xz")] == ["一", "二"]
