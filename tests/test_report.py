import json
import unicodedata
from datetime import date

from eval.metrics import CitationCheck, Outcome, summarise
from eval.questions import EvalQuestion
from eval.report import markdown, table, to_dict
from eval.runner import Report, Row
from index.records import Hit, Passage
from qa.records import Answer, Citation, Claim

CITATION = Citation(
    1, "jia", "标题", "甲报", date(2024, 1, 2), "https://example.org", 4, 8, "350家", verified=True
)
HITS = tuple(
    Hit(Passage(f"jia#{place}", "jia", place, place + 9, "甲市已有工厂350家", "", "", ()), 0.9)
    for place in range(12)
)
DIRECT = EvalQuestion("q1", "有多少家？", True, (("350家",),), "jia", "350家", "direct")
BROKEN = EvalQuestion("q2", "有多少人？", True, (("5人",),), "jia", "5人", "direct")
TWIN = EvalQuestion("q3", "乙市有多少家？", False, tag="wrong-region")


def report(*rows: Row, warnings: tuple[str, ...] = ()) -> Report:
    return Report(
        rows, summarise([row.outcome for row in rows]), {"max_chars": 200}, "0123456789abcdef", warnings
    )


ANSWERED = Row(
    DIRECT,
    Answer("", "有350家[1]", (Claim("有350家", (1,)),), (CITATION,), hits=HITS),
    "",
    Outcome(
        True,
        "direct",
        correct=True,
        rank=1,
        article_rank=1,
        citations=(CitationCheck(True, True, True),),
        figures=(True,),
        seconds=0.0123456,
    ),
)
FAILED = Row(BROKEN, None, "ValueError: 坏了", Outcome(True, "direct", failed=True, seconds=0.5))
REFUSED = Row(
    TWIN,
    Answer("", "没有找到", refusal="wrong_region"),
    "",
    Outcome(False, "wrong-region", refused=True, correct=True, seconds=0.2),
)


def test_json_has_the_fields_of_the_interface() -> None:
    written = json.loads(json.dumps(to_dict(report(ANSWERED, FAILED, REFUSED)), allow_nan=False))
    answered, failed, refused = written["questions"]
    assert answered["id"] == "q1"
    assert answered["answer"] == "有350家[1]"
    assert (answered["refused"], answered["correct"]) == (False, True)
    assert (answered["rank"], answered["article_rank"]) == (1, 1)
    assert answered["citations"] == [CITATION.to_dict()]
    assert len(answered["passages"]) == 10
    assert answered["passages"][1] == {"article_id": "jia", "start": 1, "end": 10}
    assert answered["seconds"] == 0.0123
    assert answered["error"] is None
    assert failed["error"] == "ValueError: 坏了"
    assert (failed["answer"], failed["refused"], failed["correct"], failed["rank"]) == (
        None,
        False,
        False,
        None,
    )
    assert (failed["citations"], failed["passages"]) == ([], [])
    assert (refused["refused"], refused["refusal"], refused["answer"]) == (True, "wrong_region", "没有找到")


def test_json_names_the_metrics_as_they_are_called() -> None:
    written = to_dict(report(ANSWERED, FAILED, REFUSED, warnings=("题 q2：没有",)))
    metrics = written["metrics"]
    assert metrics["hit@1"] == 0.5
    assert metrics["article_mrr@10"] == 0.5
    assert metrics["accuracy"] == 0.5
    assert metrics["failed"] == 1
    assert metrics["refusal_precision"] == metrics["refusal_recall"] == 1.0
    assert metrics["by_tag"][0] == {
        "tag": "direct",
        "answerable": True,
        "questions": 2,
        "right": 0.5,
        "hit@1": 0.5,
    }
    assert written["configuration"] == {"max_chars": 200}
    assert written["fingerprint"] == "0123456789abcdef"
    assert written["warnings"] == ["题 q2：没有"]


def line_of(text: str, start: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(start))


def test_the_table_shows_figures_tags_failures_and_warnings() -> None:
    text = table(report(ANSWERED, FAILED, REFUSED, warnings=("题 q2：没有",)))
    assert "有答案 2，无答案 1，出错 1" in line_of(text, "题数")
    assert "50.0%（" in line_of(text, "回答正确率")
    assert "100.0%" in line_of(text, "拒答召回率")
    assert "200 / 470" in line_of(text, "用时")
    assert line_of(text, "wrong-region（无答案）").split() == ["wrong-region（无答案）", "1", "100.0%"]
    assert "题 q2：ValueError: 坏了" in text
    assert "  题 q2：没有" in text


def test_the_table_is_aligned_where_han_characters_are_two_columns_wide() -> None:
    def column(line: str, word: str) -> int:
        before = line[: line.index(word)]
        return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in before)

    text = table(report(ANSWERED, REFUSED))
    head = line_of(text, "指标")
    assert column(head, "说明") == column(line_of(text, "引用精确率"), "引用出自")
    assert column(head, "数值") == column(line_of(text, "引用精确率"), "100.0%")


def test_what_cannot_be_measured_is_a_dash() -> None:
    text = table(report(REFUSED))
    assert "-" in line_of(text, "回答正确率")
    assert "0.0%" not in line_of(text, "回答正确率")
    assert table(report())


def test_long_lists_are_cut_in_the_table_only() -> None:
    long = report(REFUSED, warnings=tuple(f"题 w{number}：没有" for number in range(25)))
    assert "另有 15 条" in table(long)
    assert "w24" not in table(long)
    assert len(to_dict(long)["warnings"]) == 25


def test_markdown_is_a_table_of_three_columns() -> None:
    lines = markdown(report(ANSWERED, REFUSED)).splitlines()
    assert lines[0] == "| 指标 | 数值 | 说明 |"
    assert {line.count("|") for line in lines} == {4}
    assert any(line.startswith("| 引文逐字一致 | 100.0% |") for line in lines)
