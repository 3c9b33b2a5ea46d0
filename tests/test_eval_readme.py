import json
from pathlib import Path

import pytest

from eval import readme
from eval.questions import load_questions
from index.errors import InputError
from qa import PolicyQA

TEXT = "# 甲\n\n<!-- eval:begin -->\n旧表\n<!-- eval:end -->\n\n尾\n"


def test_only_the_block_changes() -> None:
    assert readme.replace_block(TEXT, "新表\n", Path("R.md")) == TEXT.replace("旧表", "新表")


@pytest.mark.parametrize("text", ["没有标记", "<!-- eval:begin -->", "<!-- eval:end --> <!-- eval:begin -->"])
def test_missing_markers_are_an_error_that_names_the_file(text: str) -> None:
    with pytest.raises(InputError, match=r"R\.md.*eval:begin"):
        readme.replace_block(text, "新表\n", Path("R.md"))


def test_a_file_without_markers_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "R.md"
    file.write_text("没有标记", encoding="utf-8")
    assert readme.main([str(file)]) == 2
    assert str(file) in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == "没有标记"


def test_what_the_reporting_half_measures_is_written(tmp_path: Path) -> None:
    articles = tmp_path / "data" / "articles"
    articles.mkdir(parents=True)
    (articles / "jia-2024.txt").write_text("甲市通报\n甲市已建成智能工厂350家。", encoding="utf-8")
    row = {
        "id": "q1",
        "question": "甲市已建成多少家智能工厂？",
        "answerable": True,
        "must": [["350家"]],
        "article": "jia-2024",
        "evidence": "智能工厂350家",
        "split": "reporting",
    }
    rows = [row, {**row, "id": "q2", "split": "tuning"}]
    (tmp_path / "data" / "questions.jsonl").write_text(
        "\n".join(json.dumps(row) for row in rows), encoding="utf-8"
    )
    file = tmp_path / "README.md"
    file.write_text(TEXT, encoding="utf-8")
    readme.rewrite([file], tmp_path / "data")
    text = file.read_text(encoding="utf-8")
    assert "旧表" not in text
    assert "1 篇示例文章" in text
    assert "| 题数 | 1 | 有答案 1，无答案 0，出错 0 |" in text
    assert "| 引文逐字一致 | 100.0% |" in text
    assert text.startswith("# 甲\n")
    assert text.endswith("\n尾\n")


def test_articles_of_the_sample_set_hold_the_evidence_of_their_questions(sample: PolicyQA) -> None:
    stems = {article.id.removesuffix(".txt").removesuffix(".md"): article.id for article in sample.articles()}
    for question in load_questions(readme.DATA / "questions.jsonl"):
        if question.answerable:
            assert question.evidence in sample.article(stems[question.article]).text, question.id
