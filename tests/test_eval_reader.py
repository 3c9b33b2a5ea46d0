"""The measure of the reader: what counts as holding an answer, and the share of pairs in order."""

from pathlib import Path

import numpy as np
import pytest

from eval import reader as measure
from eval.reader import Sentences, auroc, first_two, holds, show, together
from index.training.candidates import SETS
from tests.test_training_candidates import write_data
from tests.tiny import tiny_reader


def found(fold: int, rules: list[float], scores: list[float], texts: list[str]) -> Sentences:
    passages = [0] * len(texts)
    return Sentences(fold, ("30万元",), texts, passages, np.array(rules), np.array(scores), [-2.0])


def test_an_answer_is_held_whatever_its_script_width_and_marks() -> None:
    assert holds("每家獎勵３０萬元。", ["30万元"])
    assert holds("包括机器人、新材料，生物医药", ["机器人,新材料、生物医药。"])
    assert not holds("每家奖励130元。", ["30万元"])
    assert not holds("每家奖励。", ["?"])


def test_two_sentences_hold_it_each_or_side_by_side() -> None:
    texts = ["每家奖励30", "万元。", "材料要齐。"]
    asked = found(0, [0, 0, 0], [3, 2, 1], texts)
    assert first_two(asked, asked.reader) == (False, True)
    assert first_two(asked, np.array([3.0, 1.0, 2.0])) == (False, False)
    whole = found(0, [0, 0], [1, 2], ["材料要齐。", "每家奖励30万元。"])
    assert first_two(whole, whole.reader) == (True, True)
    assert first_two(whole, np.array([2.0, 1.0])) == (False, True)
    assert first_two(found(0, [], [], []), np.array([])) == (False, False)


def test_auroc_is_the_share_of_ordered_pairs() -> None:
    assert auroc([1, 3], [0, 2]) == 0.75
    assert auroc([1], [1]) == 0.5


def test_the_weight_of_a_fold_is_chosen_on_the_others() -> None:
    texts = ["每家奖励30万元。", "材料要齐。"]
    helped = [found(fold, [0, 1], [1, 0], texts) for fold in (0, 1)]
    both = together(helped)
    assert all(first_two(s, order)[0] for s, order in zip(helped, both, strict=True))
    misled = [found(2, [0.5, 0], [0, 1], texts)]
    mixed = together([*helped, *misled])
    assert not first_two(misled[0], mixed[2])[0]


def test_a_set_is_measured_from_end_to_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_data(tmp_path)
    tiny_reader(tmp_path / "reader")
    capsys.readouterr()
    name = next(iter(SETS))
    measure.main(["--data", str(tmp_path), "--reader", str(tmp_path / "reader"), "--set", name])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "| 题集 | 排序 | 第一句含答案 | 前两句含答案 |"
    assert any("上限" in line and "1.000" in line for line in lines)
    assert len(show(name, [found(0, [1, 0], [0, 1], ["每家奖励30万元。", "好。"])])) == 5
