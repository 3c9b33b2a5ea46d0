"""The measure of fields: what is forgiven, what is not, and its interval."""

import json
import lzma
from pathlib import Path

import pytest

from eval.fields import LABELS, Judged, load_labels, main, measure, table, wilson


@pytest.mark.parametrize(
    ("read", "accepted", "right", "first"),
    [
        ("某条例", ("某条例",), True, True),
        ("某（试行） 办法", ("某(试行)办法",), True, True),
        ("關於《某法》的規定", ("关于〈某法〉的规定(2020-01-02)",), True, True),
        ("乙", ("甲", "乙"), True, False),
        ("", ("甲", ""), True, False),
        ("浙江省", ("浙江省嘉兴市",), False, False),
        ("甲", ("",), False, False),
    ],
)
def test_judging(read: str, accepted: tuple[str, ...], right: bool, first: bool) -> None:
    judged = Judged("news", "x", "region", read, accepted)
    assert (judged.right, judged.first) == (right, first)


def test_wilson_interval() -> None:
    low, high = wilson(190, 200)
    assert (round(low, 4), round(high, 4)) == (0.9104, 0.9726)  # as statsmodels computes it
    assert wilson(5, 5)[1] == 1


def test_only_the_text_is_read(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    record = {"id": "n", "text": "近日，记者在海滨看到，一切都好。", "title": "题", "date": "2024-01-02"}
    for name in ("news", "regulations"):
        with lzma.open(tmp_path / "data" / f"{name}.jsonl.xz", "wt", encoding="utf-8") as file:
            file.write(json.dumps(record, ensure_ascii=False))
    label = {"set": "news", "id": "n", "date": ["2024-01-02", None], "region": "", "kind": "新闻"}
    judged = measure([label], tmp_path)
    assert [(one.field, one.read, one.right) for one in judged] == [
        ("date", "", True),
        ("region", "", True),
        ("kind", "新闻", True),
    ]
    assert "| 新闻 | 日期 | 1/1（100.0%） | 20.7% 至 100.0% | 0.0% |" in table(judged)


def test_absent_data_is_a_users_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_the_labelled_articles_are_read(shared: Path) -> None:
    """Every field of the labelled set is right for 95 of 100 articles."""
    judged = measure(load_labels(LABELS), shared)
    for name, field in sorted({(one.set, one.field) for one in judged}):
        those = [one.right for one in judged if (one.set, one.field) == (name, field)]
        assert sum(those) >= 0.95 * len(those), (name, field)
