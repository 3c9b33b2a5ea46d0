"""Reading spans of a passage: through annotations, repairs and characters that fold to several."""

from index.folding import Edit, fold_article
from index.reading import clean_span, masked, passage_sentences, search_span
from index.records import Passage

TEXT = "前文。項(xiàng;a)目90㎡，重之重?!睏钫說。末句"
EDITS = (
    Edit(TEXT.index("(xià"), TEXT.index("目"), "", "拼音注音"),
    Edit(TEXT.index("?!"), TEXT.index("說"), "。”楊", "错位编码"),
)


def _passage(start: int) -> Passage:
    folded = fold_article(TEXT, start, len(TEXT), EDITS)
    return Passage("a#0", "a", start, len(TEXT), TEXT[start:], "", folded.text, folded.offsets)


PASSAGE = _passage(3)


def test_a_span_is_read_clean_and_folded() -> None:
    start, end = 3, TEXT.index("，")
    assert clean_span(PASSAGE, TEXT, start, end) == "項目90㎡"
    assert search_span(PASSAGE, start, end) == "项目90m2"


def test_a_part_of_a_span_is_read_alone() -> None:
    start = TEXT.index("90")
    assert clean_span(PASSAGE, TEXT, start, start + 2) == search_span(PASSAGE, start, start + 2) == "90"
    assert clean_span(PASSAGE, TEXT, start + 2, start + 3) == "㎡"
    assert search_span(PASSAGE, start + 2, start + 3) == "m2"


def test_a_repaired_stretch_is_read_whole_from_any_of_its_characters() -> None:
    start, end = EDITS[1].start, EDITS[1].end
    for position in range(start, end):
        assert clean_span(PASSAGE, TEXT, position, position + 1) == "。”杨"
    assert clean_span(PASSAGE, TEXT, start - 1, end + 1) == "重。”杨說"


def test_what_is_not_read_is_blank_and_what_is_read_whole_is_opaque() -> None:
    opaque = masked(PASSAGE, TEXT)
    assert len(opaque) == len(PASSAGE.text)
    assert "(" not in opaque
    assert ";" not in opaque
    assert "?" not in opaque
    assert opaque.replace(" ", "").replace("x", "") == "項目90，重之重說。末句"


def test_no_sentence_ends_within_an_annotation_or_a_repair() -> None:
    spans = passage_sentences(PASSAGE, TEXT)
    assert [clean_span(PASSAGE, TEXT, *span) for span in spans] == ["項目90㎡，重之重。”杨說。", "末句"]
    assert [TEXT[start:end] for start, end in spans][1] == "末句"


def test_sentences_of_a_passage_stand_where_the_article_has_them() -> None:
    whole = passage_sentences(_passage(0), TEXT)
    assert whole[1:] == passage_sentences(PASSAGE, TEXT)
    assert TEXT[slice(*whole[0])] == "前文。"
