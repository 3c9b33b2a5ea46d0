"""Words: pieces of folded text with rarity and vector."""

import numpy as np
import pytest

from index.folding import fold
from index.words import bundled_words


def test_words_are_pieces_of_the_text_in_order_without_punctuation() -> None:
    text = fold("天津市智能工廠，累計350家（含數字化車間）。")
    words = [word.text for word in bundled_words().split(text)]
    position = 0
    for word in words:
        position = text.index(word, position) + len(word)
    assert "".join(words) == "天津市智能工厂累计350家含数字化车间"


def test_rarer_words_weigh_more() -> None:
    by_text = {word.text: word.weight for word in bundled_words().split("的动力电池")}
    assert by_text["动力电池"] > by_text["的"] > 0


@pytest.mark.parametrize("text", ["", "，。！", " \n"])
def test_text_without_words(text: str) -> None:
    assert bundled_words().split(text) == []
    assert bundled_words().matrix(text).shape[0] == 0


def test_the_matrix_holds_the_words_vectors_of_unit_length() -> None:
    words = bundled_words()
    matrix = words.matrix("智能工厂，奖励。")
    assert np.array_equal(matrix, np.stack([word.vector for word in words.split("智能工厂，奖励。")]))
    assert np.allclose(np.linalg.norm(matrix, axis=1), 1, atol=1e-3)
