"""Decoding: every usual encoding is told from the others; anything else is an error."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.decoding import decode
from tests.generated import article, plain
from tests.writing_files import traditional

SIMPLIFIED = "某市印发奖励办法，规定获得认定的企业一次性给予50万元。\r\n申报从下个月开始。\n"
TRADITIONAL = "某市印發獎勵辦法，規定獲得認定的企業一次性給予50萬元。\r\n申報從下個月開始。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030"])
@pytest.mark.parametrize("text", [SIMPLIFIED, TRADITIONAL])
def test_both_scripts(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_big5() -> None:
    assert decode(TRADITIONAL.encode("big5")) == TRADITIONAL


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfe\x00", b"\x89PNG\r\n\x1a\n\x00\x00", b"\xff\xff\xff\xff", "字".encode("utf-16-le") + b"\x00"],
)
def test_no_text(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any kind of it
        decode(data)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=50))
def test_utf8_is_never_taken_for_another(text: str) -> None:
    if not text.startswith("\ufeff"):
        assert decode(text.encode()) == text


def pieces(length: int, script: str) -> list[str]:
    """Return stretches of made-up articles in one script."""
    dice = random.Random(f"{length} {script}")
    articles = (article(dice, 6, odd=False) for _ in range(6))
    text = "\n".join(plain(made if script == "simplified" else traditional(made)) for made in articles)
    starts = (dice.randrange(len(text) - length) for _ in range(60))
    return [text[start : start + length] for start in starts]


@pytest.mark.parametrize("length", [8, 16, 64, 400])
@pytest.mark.parametrize(
    ("script", "encoding"),
    [
        *(("simplified", encoding) for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be")),
        *(("traditional", encoding) for encoding in ("utf-8", "gb18030", "big5", "utf-16-le", "utf-16-be")),
    ],
)
def test_encodings_are_told_apart_whatever_the_length(length: int, script: str, encoding: str) -> None:
    found = [piece for piece in pieces(length, script) if decode(piece.encode(encoding)) == piece]
    assert len(found) >= (60 if length > 8 else 57)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "utf-16-le"])
def test_a_few_broken_bytes_lose_no_file(encoding: str) -> None:
    dice = random.Random(encoding)
    for text in pieces(600, "traditional"):
        data = bytearray(text.encode(encoding))
        at = dice.randrange(4, len(data) - 4)
        data[at] = 0xFF
        for damaged in (bytes(data), bytes(data[:-1])):
            read = decode(damaged)
            assert read[: at // 4] == text[: at // 4]
            # what stands far behind the damage is read too
            assert sum(character in text for character in read) > 0.95 * len(text)


def test_binary_data_is_no_text() -> None:
    dice = random.Random(3)
    for size in (64, 1_000):
        for _ in range(10):
            with pytest.raises(ValueError, match=r"text|encoding"):
                decode(dice.randbytes(size))
