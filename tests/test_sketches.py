"""Sketches: alike texts share bands, others do not; figures count whatever their order."""

from index.records import Passage
from index.sketches import BANDS, likeness, pieces, sketch
from tests.tiny import article, passage

LONG = "".join(f"第{n}项工作由第{n * 7 % 31}个部门负责，完成时限是{n * 13 % 29}天。" for n in range(40))


def cut(text: str) -> list[Passage]:
    source = article(0, text)
    return [passage(source, at, min(at + 50, len(source.text))) for at in range(0, len(source.text), 50)]


def test_sketch_does_not_change_between_versions() -> None:
    # Stores hold these numbers: if they change, PIPELINE must rise with them.
    found = sketch(cut("海滨市对智能工厂给予奖励。"))
    assert found.bands[:2] == (1757545775051763187, 1977969688546423034)


def test_alike_texts_share_bands_and_others_none() -> None:
    one, alike, other = sketch(cut(LONG)), sketch(cut(LONG + "责任编辑：某人")), sketch(cut("字词句章" * 9))
    assert len(set(one.bands) & set(alike.bands)) > BANDS / 2
    assert not set(one.bands) & set(other.bands)


def test_where_passages_end_does_not_matter() -> None:
    source = article(0, LONG)
    whole = [passage(source, 0, len(source.text))]
    assert set(sketch(whole).bands) == set(sketch(cut(LONG)).bands)


def test_figures() -> None:
    one, same, other = (
        sketch(cut(text)).figures for text in ("奖50万元，20家", "20家企业50万，标题：50万", "奖50万元，21家")
    )
    assert one == same != other


def test_text_of_no_pieces() -> None:
    assert sketch([]).bands == ()


def test_likeness_ignores_spaces_and_punctuation() -> None:
    one, other = pieces("海滨市 智能工厂，奖励办法"), pieces("海滨市智能工厂奖励办法全文")
    assert likeness(one, one).shared == 1
    assert likeness(one, other).shared == 7 / 9
    assert likeness(one, other).contained == 1
    assert likeness(pieces(""), pieces("")).shared == 0
