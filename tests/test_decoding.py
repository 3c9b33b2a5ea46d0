"""Decoding: every usual encoding is told from the others; anything else is an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.decoding import decode

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
