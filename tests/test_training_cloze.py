"""Made-up questions ask for what their sentence states."""

import json
import lzma
from pathlib import Path

import numpy as np
import pytest

from index.training.candidates import squeeze
from index.training.cloze import Rewording, find_targets, make, make_question
from index.words import bundled_words

SENTENCE = "2023年3月1日,天津市对认定的智能工厂每家奖励30万元,由市工业局负责发放。"


def asked_for(sentence: str) -> dict[str, tuple[str, ...]]:
    return {sentence[t.start : t.end]: t.words for t in find_targets(sentence)}


def test_targets_have_fitting_question_words() -> None:
    found = asked_for(SENTENCE)
    assert "多少万元" in found["30万元"]
    assert "哪一年" in found["2023年3月1日"]
    assert "哪里" in found["天津市"]
    assert "哪些" in asked_for("支持方向包括机器人、新材料、生物医药。")["机器人、新材料、生物医药"]
    assert "谁" in asked_for("市长王小明表示要加快。")["王小明"]
    assert "第几" in asked_for("总量居全国第3位。")["第3位"]


def test_a_question_leaves_out_what_it_asks_for() -> None:
    rewording = Rewording(bundled_words())
    target = next(t for t in find_targets(SENTENCE) if SENTENCE[t.start : t.end] == "30万元")
    random = np.random.default_rng(0)
    made = {make_question(SENTENCE, target, "", "奖励办法", rewording, random) for _ in range(50)}
    assert len(made) > 25
    assert all("30" not in question for question in made)
    assert all(any(word in question for word in ("多少", "有", "达到")) for question in made if question)
    assert make_question("奖励30万元。", find_targets("奖励30万元。")[0], "", "", rewording, random) == ""


def test_words_of_like_meaning_are_other_words() -> None:
    rewording = Rewording(bundled_words())
    assert "企业" not in rewording.like("企业")
    assert rewording.like("龘龘") == []


def test_made_up_candidates_are_marked_and_repeatable(tmp_path: Path) -> None:
    text = "海滨市第{}号通知说，对新认定的智能工厂，每家奖励{}万元。材料要齐全，按时申请。"
    news = [{"id": f"n{n}", "text": text.format(n, n + 10)} for n in range(30)]
    law = "第一条 为了规范奖励，制定本条例。\n第二条 奖励每年不超过3次。"
    rules = [{"id": "r0", "title": "奖励条例", "text": law}]
    for name, rows in (("news", news), ("regulations", rules)):
        with lzma.open(tmp_path / f"{name}.jsonl.xz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
    made = list(make(tmp_path, 20, 1))
    assert len(made) == 20
    assert made == list(make(tmp_path, 20, 1))
    for question in made:
        gold, *others = question.passages
        assert gold.labels.count(1) == 1
        assert gold.answer is not None
        start, end = gold.sentences[gold.labels.index(1)]
        assert start <= gold.answer[0] < gold.answer[1] <= end
        assert squeeze(gold.text[slice(*gold.answer)]) == question.answers[0]
        assert all(1 not in other.labels for other in others)
        for other in others:
            for (a, b), label in zip(other.sentences, other.labels, strict=True):
                assert (label == -1) == (question.answers[0] in squeeze(other.text[a:b]))


@pytest.mark.parametrize("sentence", ["", "。", "好的。"])
def test_a_sentence_that_states_nothing_is_not_asked_about(sentence: str) -> None:
    assert find_targets(sentence) == []
