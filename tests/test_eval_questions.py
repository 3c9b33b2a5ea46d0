import json
from pathlib import Path
from typing import Any

import pytest

from eval.questions import EvalQuestion, load_questions
from index.errors import InputError

DATA = Path(__file__).parent.parent / "eval" / "data"

ANSWERABLE: dict[str, Any] = {
    "id": "q1",
    "question": "甲市有多少家工厂？",
    "answerable": True,
    "must": [["350家"], ["400家", "四百家"]],
    "article": "jia-2024",
    "evidence": "工厂350家",
    "tag": "direct",
}
UNANSWERABLE: dict[str, Any] = {
    "id": "q2",
    "question": "乙市有多少家工厂？",
    "answerable": False,
    "twin": "q1",
}


def write(path: Path, *rows: object) -> Path:
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_reads_rows_in_order_with_their_fields(tmp_path: Path) -> None:
    file = write(tmp_path / "q.jsonl", {**ANSWERABLE, "split": "tuning", "note": 3}, "", UNANSWERABLE)
    assert load_questions(file) == [
        EvalQuestion(
            id="q1",
            question="甲市有多少家工厂？",
            answerable=True,
            must=(("350家",), ("400家", "四百家")),
            article="jia-2024",
            evidence="工厂350家",
            tag="direct",
            split="tuning",
        ),
        EvalQuestion(id="q2", question="乙市有多少家工厂？", answerable=False, twin="q1"),
    ]


def test_byte_order_mark_and_crlf_are_no_part_of_a_row(tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(UNANSWERABLE).encode() + b"\r\n")
    assert [question.id for question in load_questions(file)] == ["q2"]


def test_line_separators_inside_a_string_do_not_end_a_row(tmp_path: Path) -> None:
    file = write(tmp_path / "q.jsonl", {**ANSWERABLE, "evidence": "一\u2028二\x85三"})
    assert load_questions(file)[0].evidence == "一\u2028二\x85三"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": ""}, ["id", "非空"]),
        ({"id": 7}, ["id", "字符串"]),
        ({"question": "  "}, ["question"]),
        ({"answerable": "yes"}, ["answerable", "true"]),
        ({"answerable": False}, ["must", "删去"]),
        ({"must": []}, ["must", "例如"]),
        ({"must": ["350家"]}, ["must", "列表"]),
        ({"must": [[]]}, ["must", "列表"]),
        ({"must": [["350家", " "]]}, ["must", "非空"]),
        ({"article": None}, ["article"]),
        ({"evidence": ""}, ["evidence"]),
        ({"split": 1}, ["split", "字符串"]),
    ],
)
def test_a_bad_row_is_named_with_file_line_and_remedy(
    tmp_path: Path, change: dict[str, object], words: list[str]
) -> None:
    file = write(tmp_path / "q.jsonl", UNANSWERABLE, {**ANSWERABLE, **change})
    with pytest.raises(InputError) as caught:
        load_questions(file)
    message = str(caught.value)
    assert str(file) in message
    assert "第 2 行" in message
    assert "\n" not in message
    assert all(word in message for word in words)


@pytest.mark.parametrize(("line", "word"), [('{"id": "q1",', "JSON"), ("[1, 2]", "JSON 对象")])
def test_a_line_that_is_no_object_is_named(tmp_path: Path, line: str, word: str) -> None:
    with pytest.raises(InputError, match=rf"第 1 行.*{word}"):
        load_questions(write(tmp_path / "q.jsonl", line))


def test_a_repeated_id_names_both_lines(tmp_path: Path) -> None:
    file = write(tmp_path / "q.jsonl", ANSWERABLE, "", {**UNANSWERABLE, "id": "q1"})
    with pytest.raises(InputError, match=r"第 3 行.*「q1」与第 1 行重复"):
        load_questions(file)


def test_files_that_hold_nothing_usable(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="没有题库文件"):
        load_questions(tmp_path / "none.jsonl")
    with pytest.raises(InputError, match="读不了题库"):
        load_questions(tmp_path)
    with pytest.raises(InputError, match="没有题目"):
        load_questions(write(tmp_path / "empty.jsonl", ""))
    (tmp_path / "gbk.jsonl").write_bytes("问题".encode("gb18030"))
    with pytest.raises(InputError, match="UTF-8"):
        load_questions(tmp_path / "gbk.jsonl")


def test_split_chooses_one_half_and_an_unknown_one_lists_those_there_are(tmp_path: Path) -> None:
    file = write(
        tmp_path / "q.jsonl", {**ANSWERABLE, "split": "tuning"}, {**UNANSWERABLE, "split": "reporting"}
    )
    assert [question.id for question in load_questions(file, "reporting")] == ["q2"]
    with pytest.raises(InputError, match="reporting、tuning"):
        load_questions(file, "test")
    with pytest.raises(InputError, match="没有分组"):
        load_questions(write(tmp_path / "whole.jsonl", ANSWERABLE), "tuning")


def test_duplicates_count_across_halves(tmp_path: Path) -> None:
    file = write(
        tmp_path / "q.jsonl", {**ANSWERABLE, "split": "tuning"}, {**ANSWERABLE, "split": "reporting"}
    )
    with pytest.raises(InputError, match="重复"):
        load_questions(file, "tuning")


def test_the_sample_set_has_two_halves_and_every_twin_is_an_answerable_question_of_its_half() -> None:
    questions = load_questions(DATA / "questions.jsonl")
    by_id = {question.id: question for question in questions}
    assert {question.split for question in questions} == {"tuning", "reporting"}
    assert len(questions) >= 160
    assert sum(not question.answerable for question in questions) >= 60
    for question in questions:
        if question.twin:
            assert not question.answerable
            assert by_id[question.twin].answerable
            assert by_id[question.twin].split == question.split
