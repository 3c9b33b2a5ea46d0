"""Pieces: frequent words become pieces, every known character has one, punctuation has none."""

import random

from index.training.pieces import UNKNOWN, learn_pieces

WORDS = ["补贴", "高新技术", "公积金", "企业", "审核", "nexon", "2023"]


def made_up_texts() -> list[str]:
    chance = random.Random(0)
    return ["".join(chance.choices(WORDS, k=40)) + "。" for _ in range(200)]


def test_frequent_words_are_pieces_and_no_piece_mixes_kinds() -> None:
    tokenizer = learn_pieces(made_up_texts(), 12_000)
    for word in WORDS:
        assert tokenizer.encode(f"，{word}。").tokens == ["，", word, "。"]
    for piece in tokenizer.get_vocab():
        kinds = {"digit" if c.isdigit() else "latin" if c < "\x80" else "han" for c in piece}
        assert piece == UNKNOWN or (len(kinds) == 1 and "。" not in piece)


def test_without_room_the_less_used_pieces_go() -> None:
    characters = learn_pieces(made_up_texts(), 1).get_vocab_size()
    tokenizer = learn_pieces(["补贴公积金" * 50 + "补审核" * 15], characters + 2)
    runs = {piece for piece in tokenizer.get_vocab() if len(piece) > 1 and piece != UNKNOWN}
    assert runs
    assert "审核" not in runs


def test_every_known_character_has_a_piece_and_the_rest_is_unknown() -> None:
    tokenizer = learn_pieces(made_up_texts(), 12_000)
    assert tokenizer.token_to_id(UNKNOWN) == 0
    assert 0 not in tokenizer.encode("魑魅魍魉补").ids
    assert tokenizer.encode("？。").ids == [0]
    assert tokenizer.encode("𠮷").ids == [0]


def test_size_is_kept_and_learning_is_deterministic() -> None:
    texts = made_up_texts()
    tokenizer = learn_pieces(texts, 7_000)
    assert tokenizer.get_vocab_size() <= 7_000
    assert tokenizer.to_str() == learn_pieces(texts, 7_000).to_str()
