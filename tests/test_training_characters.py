"""The corpus as numbers: what counts as a character, and that each is found again at its place."""

import json
import lzma
from pathlib import Path

import numpy as np

from index.training.characters import FILES, SPECIAL, build_tokenizer, prepare, read_documents


def test_preparing_keeps_every_character_in_frequency_order(tmp_path: Path) -> None:
    corpus = prepare(["政政政策策", "策策政府"], tmp_path, 8, seed=1)
    tokens = (tmp_path / "tokenizer/vocab.txt").read_text(encoding="utf-8").split("\n")
    assert tokens[:8] == [*SPECIAL, "政", "策", "府"]
    documents = "".join(tokens[n] for n in corpus).split("[SEP]")
    assert sorted(documents) == ["", "政政政策策", "策策政府"]
    assert np.array_equal(np.load(tmp_path / "corpus.npy"), corpus)


def test_tokenizer_gives_one_token_a_character_with_its_place() -> None:
    tokenizer = build_tokenizer("津天gdp21%")
    given = tokenizer("天津 ＧDP\n2鑫", "1%", return_offsets_mapping=True)
    assert tokenizer.convert_ids_to_tokens(given["input_ids"]) == (
        ["[CLS]", "天", "津", "g", "d", "p", "2", "[UNK]", "[SEP]", "1", "%", "[SEP]"]
    )
    assert given["offset_mapping"][1:8] == [(0, 1), (1, 2), (3, 4), (4, 5), (5, 6), (7, 8), (8, 9)]
    # WordLevel knows no pairs of its own: the second text must be told from the first.
    assert tokenizer("天", "津", return_token_type_ids=True)["token_type_ids"] == [0, 0, 0, 1, 1]


def test_documents_are_folded_and_bare(tmp_path: Path) -> None:
    texts = [{"text": "<!-- INFO\nEND -->第一條　ＧＤＰ\n增長"}, {"title": "條例", "text": "正文"}]
    for name, record in zip(FILES, texts, strict=True):
        with lzma.open(tmp_path / name, "wt", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")
    assert list(read_documents(tmp_path)) == ["第一条gdp增长", "条例正文"]
