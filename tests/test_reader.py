"""The reader's input and what is read from its output."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.folding import fold
from index.reader import (
    BEGIN,
    END,
    FINISH,
    LABELS,
    LEAST,
    LEVELS,
    MAX_BODY,
    MAX_QUESTION,
    RELEVANCE,
    START,
    TYPES,
    Alphabet,
    OnnxReader,
    Sentence,
    Source,
    encode,
    interpret,
    pad,
    read_alphabet,
    shared,
)
from tests.tiny import tiny_reader

ALPHABET = Alphabet(
    ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"补贴申请企业奖励多少万元每家0123456789,。?的"]
)
TEXT = st.text("补贴申请 企业\n奖励多少万元,。?123谢", max_size=60)


def test_levels_tell_how_long_the_shared_run_is() -> None:
    first, _ = ALPHABET.read("奖励多少万元的企业")
    other, _ = ALPHABET.read("企业申请奖励多少补贴")
    assert shared(first, other).tolist() == [3, 3, 3, 3, 0, 0, 0, 2, 2]
    assert shared(first[:1], other).tolist() == [1]
    assert shared(first[:0], other).tolist() == []


@given(TEXT, TEXT, TEXT)
def test_a_row_holds_all_three_parts_and_every_place_is_its_character(
    question: str, heading: str, text: str
) -> None:
    row = encode(ALPHABET, question, heading, text)
    assert row.tokens[0] == START
    assert row.tokens[-1] == row.tokens[row.body - 1] == END
    assert len(row.tokens) == len(row.types)
    assert row.types.max() < TYPES
    body = row.tokens[row.body : row.body + len(row.places)]
    assert body.tolist() == ALPHABET.read("".join(text[n] for n in row.places))[0].tolist()
    assert "".join(text[n] for n in row.places) == "".join(text.split())
    levels = row.types[row.body : row.body + len(row.places)] - 2 * LEVELS
    assert all((level > 0) == (text[n] in question) for n, level in zip(row.places, levels, strict=True))


def test_long_parts_are_cut_and_spans_beyond_are_empty() -> None:
    row = encode(ALPHABET, "补" * 100, "", "企业" * 300)
    assert row.body == MAX_QUESTION + 3
    assert len(row.places) == MAX_BODY
    assert row.token_span(MAX_BODY + 5, MAX_BODY + 9) == (row.body + MAX_BODY,) * 2
    logits = np.zeros((len(row.tokens), LABELS), np.float32)
    beyond = (MAX_BODY + 5, MAX_BODY + 9)
    assert interpret(row, logits, [beyond]).sentences == (Sentence(LEAST, beyond[0], beyond[0]),)


def test_scores_and_answers_are_those_of_the_span() -> None:
    text = "企业申请。 每家奖励 30万元。"
    row = encode(ALPHABET, "奖励多少?", "补贴", text)
    logits = np.zeros((len(row.tokens), LABELS), np.float32)
    low, high = row.token_span(text.index("每"), len(text))
    logits[low:high, RELEVANCE] = 2.0
    logits[0, RELEVANCE] = 1.5
    first, last = row.token_span(text.index("30"), text.index("元") + 1)
    logits[first, BEGIN], logits[last - 1, FINISH] = 3.0, 4.0
    logits[first + 1, FINISH], logits[low - 2, BEGIN] = 3.5, 9.0
    reading = interpret(row, logits, [(0, 5), (6, len(text))])
    assert reading.relevance == 1.5
    assert [sentence.score for sentence in reading.sentences] == [0.0, 2.0]
    assert text[slice(*reading.sentences[1][1:])] == "30万元"


def test_rows_are_padded_side_by_side() -> None:
    rows = [encode(ALPHABET, "补贴", "", "企业"), encode(ALPHABET, "补贴", "", "企业申请")]
    tokens, types, mask = pad(rows)
    assert tokens.shape == types.shape == mask.shape == (2, len(rows[1].tokens))
    assert mask.sum(axis=1).tolist() == [len(row.tokens) for row in rows]
    assert tokens[0][mask[0] == 1].tolist() == rows[0].tokens.tolist()


def test_a_saved_reader_reads_each_passage_as_if_it_were_alone(tmp_path: Path) -> None:
    tiny_reader(tmp_path)
    reader = OnnxReader(tmp_path)
    sources = [
        Source("补贴", "企业可以申请。", [(0, 7)]),
        Source("", fold("每家獎勵３０萬元。") * 3, [(0, 9), (9, 18), (18, 27)]),
    ]
    both = reader.read("奖励多少?", sources)
    for source, reading in zip(sources, both, strict=True):
        (alone,) = reader.read("奖励多少?", [source])
        assert alone.relevance == pytest.approx(reading.relevance, abs=0.05)  # int8 scales follow the batch
        assert len(reading.sentences) == len(source.sentences)
        for (start, end), sentence in zip(source.sentences, reading.sentences, strict=True):
            assert start <= sentence.start < sentence.end <= end
    assert reader.read("奖励多少?", []) == []


def test_the_alphabet_reads_what_the_tokenizer_reads(tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    tiny_reader(tmp_path)
    text = "企业 申请奖励30万元,𠀀"
    expected = AutoTokenizer.from_pretrained(tmp_path)(text, add_special_tokens=False)["input_ids"]
    assert read_alphabet(tmp_path).read(text)[0].tolist() == expected
