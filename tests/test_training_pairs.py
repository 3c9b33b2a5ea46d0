"""Pairs: queries and passages come from one article, hidden words are hidden, question words are added."""

from collections import Counter

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import Unigram
from tokenizers.pre_tokenizers import WhitespaceSplit

from index.training.pairs import Batch, Corpus, Document, build_corpus, group_titles, question_words, sample

LETTERS = [chr(0xAC00 + n) for n in range(400)]
DOCUMENTS = [
    Document(
        "" if n % 2 else LETTERS[n * 10], "".join(f"{c * 19}。" for c in LETTERS[n * 10 : n * 10 + 10]), n
    )
    for n in range(40)
]
"""Ten sentences each, of one character each: a piece tells its sentence and its document."""


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    pieces = [("[UNK]", 0.0), *((c, -5.0) for c in [*LETTERS, "什么", "谁"])]
    tokenizer = Tokenizer(Unigram(pieces, 0))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    return tokenizer


@pytest.fixture(scope="module")
def corpus(tokenizer: Tokenizer) -> Corpus:
    return build_corpus(DOCUMENTS, tokenizer)


@pytest.fixture(scope="module")
def batch(corpus: Corpus, tokenizer: Tokenizer) -> Batch:
    return sample(corpus, question_words(tokenizer), 2000, np.random.default_rng(0))


def pieces_of(batch: Batch, row: int) -> Counter[int]:
    return Counter(batch.columns[batch.rows == row].tolist())


def test_a_corpus_holds_every_known_piece_once(corpus: Corpus) -> None:
    assert len(corpus.document) == 400
    assert corpus.pieces[corpus.at[7] : corpus.at[8]].tolist() == [8] * 19
    assert corpus.pieces[corpus.title[2] : corpus.title[3]].tolist() == [21]
    assert corpus.pieces[corpus.title[1] : corpus.title[2]].tolist() == [11] * 19  # for want of a title
    assert corpus.frequency[1:401].min() == 1
    assert corpus.frequency[0] == 0


def test_query_and_passage_come_from_one_document(batch: Batch) -> None:
    asked = 0
    for row in range(0, 2000, 10):
        query, passage = pieces_of(batch, row), pieces_of(batch, 2000 + row)
        assert passage
        assert {(piece - 1) // 10 for piece in passage} == {int(batch.document[row])}
        words = {piece for piece in query if piece > 400}
        asked += bool(words)
        assert {(piece - 1) // 10 for piece in query if piece not in words} <= {int(batch.document[row])}
    assert 10 < asked < 50  # half of them, but few question words have pieces here


def test_some_passages_lack_the_words_of_their_query(batch: Batch) -> None:
    shared = [bool(pieces_of(batch, row) & pieces_of(batch, 2000 + row)) for row in range(0, 2000, 4)]
    assert 0.5 < np.mean(shared) < 0.85


def test_passages_of_one_article_are_negatives_unless_they_overlap(batch: Batch) -> None:
    assert not batch.neutral.diagonal().any()
    one_article = batch.document[:, None] == batch.document
    assert one_article[np.arange(1999), np.arange(1, 2000)].mean() > 0.7  # they come four by four
    assert not (batch.neutral & ~one_article).any()
    negatives = np.argwhere(one_article & ~batch.neutral & ~np.eye(2000, dtype=bool))[::100]
    assert len(negatives)
    titles = {LETTERS.index(document.title) + 1 for document in DOCUMENTS if document.title}
    for left, right in negatives:
        shared = pieces_of(batch, 2000 + left) & pieces_of(batch, 2000 + right)
        assert set(shared) <= titles  # a heading is all that they may share


def test_sampling_is_seeded(corpus: Corpus, tokenizer: Tokenizer, batch: Batch) -> None:
    again = sample(corpus, question_words(tokenizer), 2000, np.random.default_rng(0))
    other = sample(corpus, question_words(tokenizer), 2000, np.random.default_rng(1))
    assert np.array_equal(again.columns, batch.columns)
    assert not np.array_equal(other.columns[:1000], batch.columns[:1000])


def test_equal_titles_are_one_group_and_missing_ones_are_not() -> None:
    assert group_titles(["甲条例", "", "甲条例", ""]) == [0, 1, 0, 3]


def test_a_question_seeks_a_passage_around_the_sentence_that_answers_it(tokenizer: Tokenizer) -> None:
    """The questions are of pieces that no text has; that of document n is answered in its fourth sentence."""
    asking = [
        Document(d.title, d.text, d.group, ((LETTERS[399 - n], d.text[61]),)) for n, d in enumerate(DOCUMENTS)
    ]
    unanswered = Document("", DOCUMENTS[0].text, 99, (("谁", "不在文中"),))
    corpus = build_corpus([*asking[:20], unanswered], tokenizer)
    assert corpus.asked.tolist() == list(range(20))
    assert corpus.answered.tolist() == [10 * n + 3 for n in range(20)]
    batch = sample(corpus, question_words(tokenizer), 2000, np.random.default_rng(0))
    found = 0
    for row in range(2000):
        query = set(pieces_of(batch, row))
        if query and min(query) > 380 and max(query) <= 400:
            (piece,) = query
            number = 400 - piece
            assert batch.document[row] == number
            assert 10 * number + 4 in pieces_of(batch, 2000 + row)
            found += 1
    assert 0.1 < found / 2000 < 0.3
