from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from index.formats.layout import Line, Page, Table
from index.formats.reflow import reflow

EM, LEFT, RIGHT, PITCH = 10, 50, 350, 16


def page(*texts: str, first: int = 100, header: str = "", footer: str = "") -> Page:
    """Lines of thirty characters; an indent is written as two full-width spaces."""
    items: list[Line | Table] = []
    if header:
        items.append(Line(header, LEFT, LEFT + EM * len(header), 20, 30, EM))
    for number, text in enumerate(texts):
        x = LEFT + EM * (len(text) - len(text.lstrip("　")))
        top = first + PITCH * number
        if text.strip("　"):
            items.append(Line(text.strip("　"), x, x + EM * len(text.strip("　")), top, top + EM, EM))
    if footer:
        items.append(Line(footer, 200, 200 + EM * len(footer), 560, 570, EM))
    return Page(400, 600, items)


FULL = "甲乙丙丁戊己庚辛壬癸" * 3
INSET = "　　" + "子丑寅卯辰巳午未申酉戌亥子丑" * 2


def test_lines_that_their_width_broke_are_one_paragraph() -> None:
    text, starts = reflow([page(INSET, FULL, "末行。", INSET, "末行。")])
    assert text.split("\n") == [INSET.strip("　") + FULL + "末行。", INSET.strip("　") + "末行。"]
    assert starts == (0,)


def test_a_full_last_line_ends_its_paragraph_where_the_next_one_is_set_in() -> None:
    text, _ = reflow([page(INSET, FULL, INSET, FULL, "末行。")])
    assert len(text.split("\n")) == 2


def test_a_short_line_ends_its_paragraph() -> None:
    text, _ = reflow([page(FULL, "短。", FULL, FULL, "短。")])
    assert text.split("\n") == [FULL + "短。", FULL + FULL + "短。"]


def test_headings_and_items_stay_lines() -> None:
    heads = ["第一章 总则", "一、总体要求", "（一）目标", "1．登记", "第一条 目的", "附件：1"]
    text, _ = reflow([page(FULL[:-1] + "。", *(head for item in heads for head in (item, FULL[:-1] + "。")))])
    lines = text.split("\n")
    assert all(any(line.startswith(head) for line in lines) for head in heads)


def test_a_sentence_that_names_an_article_is_not_broken_before_it() -> None:
    text, _ = reflow([page(INSET, FULL, "第十条 的规定。", INSET, "末。")])
    assert FULL + "第十条 的规定。" in text


def test_a_paragraph_goes_on_over_pages_and_each_page_has_its_place() -> None:
    text, starts = reflow(
        [page(INSET, FULL, footer="- 1 -"), page(FULL, "末行。", INSET, "末。", footer="- 2 -")]
    )
    assert text.split("\n") == [INSET.strip("　") + FULL + FULL + "末行。", INSET.strip("　") + "末。"]
    assert starts == (0, len(INSET.strip("　") + FULL))


def test_running_lines_and_page_numbers_go() -> None:
    forms = ["- {} -", "— {} —", "第{}页 共3页", "第 {} 页", "{}", "{}/3", "Page {} of 3", "第{}頁，共3頁"]
    for form in forms:
        pages = [
            page(
                f"第{n}页的内容写在这里。" * 2,
                "末。",
                header="海滨市公报　2024年第3期",
                footer=form.format(n),
            )
            for n in (1, 2, 3)
        ]
        text, _ = reflow(pages)
        assert text.split("\n") == [
            line for n in (1, 2, 3) for line in (f"第{n}页的内容写在这里。" * 2, "末。")
        ], form


def test_a_page_number_goes_from_a_single_page_and_a_figure_in_the_body_stays() -> None:
    text, _ = reflow([page("数量", "300", footer="- 7 -")])
    assert text == "数量\n300"


def test_what_recurs_in_the_body_stays() -> None:
    pages = [
        page(*[f"内容{n}{m}。" for m in range(8)], "同样的话。", *[f"后{n}{m}。" for m in range(8)])
        for n in "甲乙丙"
    ]
    assert reflow(pages)[0].count("同样的话。") == 3


def test_a_signature_at_the_right_stays_in_lines() -> None:
    body = page(INSET, FULL, "末行。").items
    top = 200
    signed = [
        Line("海滨市人民政府", 260, 330, top, top + EM, EM),
        Line("2024年5月20日", 250, 340, top + 16, top + 26, EM),
    ]
    text, _ = reflow([Page(400, 600, [*body, *signed])])
    assert text.split("\n")[-2:] == ["海滨市人民政府", "2024年5月20日"]


def test_a_title_in_two_centred_lines_is_one() -> None:
    title = [Line("关于印发某某办法", 100, 300, 20, 40, 20), Line("的通知", 170, 230, 50, 70, 20)]
    text, _ = reflow([Page(400, 600, [*title, *page(INSET, FULL, "末行。").items])])
    assert text.split("\n")[0] == "关于印发某某办法的通知"


def test_a_table_that_goes_on_is_one_table() -> None:
    head, rows = ["地区", "金额"], [["天津", "10"], ["上海", "20"]]
    edges = [50.0, 150.0, 250.0]
    pages = [Page(400, 600, [Table([head, row], edges, 100, 500)]) for row in rows]
    text, starts = reflow(pages)
    assert text.split("\n") == ["| 地区 | 金额 |", "|---|---|", "| 天津 | 10 |", "| 上海 | 20 |"]
    assert text[starts[1] :] == "| 上海 | 20 |"


def test_a_single_row_is_a_table_where_it_goes_on_one() -> None:
    edges = [50.0, 150.0, 250.0]
    head, row, last = ["地区", "金额"], ["天津", "10"], ["上海", "20"]
    first = Page(400, 600, [Table([head], edges, 500, 520)])
    assert reflow([first])[0] == "地区\n金额"
    both = reflow([first, Page(400, 600, [Table([row, last], edges, 100, 150)])])[0]
    assert both.split("\n") == ["| 地区 | 金额 |", "|---|---|", "| 天津 | 10 |", "| 上海 | 20 |"]
    three = reflow(
        [
            Page(400, 600, [Table([head, row], edges, 400, 500)]),
            Page(400, 600, [Table([last], edges, 100, 120)]),
        ]
    )[0]
    assert three == both


def test_pages_without_text_begin_where_they_would() -> None:
    text, starts = reflow([page(), page("甲。"), page(), page("乙。")])
    assert text == "甲。\n乙。"
    assert starts == (0, 0, 2, 3)
    assert reflow([page()]) == ("", (0,))
    assert reflow([]) == ("", ())


@given(st.lists(st.lists(st.text("一二三，。　a1-", max_size=30), max_size=6), min_size=1, max_size=4))
def test_pages_begin_in_order_and_within_the_text(texts: list[list[str]]) -> None:
    text, starts = reflow([page(*lines) for lines in texts])
    assert len(starts) == len(texts)
    assert starts[0] == 0
    assert all(a <= b <= len(text) for a, b in pairwise([*starts, len(text)]))


def test_a_smaller_row_that_begins_before_the_body_does_not_move_its_edge() -> None:
    body = page(INSET, FULL, "末行。", INSET, FULL, "末行。")
    row = Line("序号 项目 金额 时限", LEFT - 2 * EM, RIGHT, 100 + 6 * PITCH, 105 + 6 * PITCH, EM / 2)
    text, _ = reflow([Page(400, 600, [*body.items, row])])
    assert text.split("\n")[:2] == [INSET.strip("　") + FULL + "末行。"] * 2


def test_ends_of_paragraphs_at_one_place_of_two_pages_are_not_running_lines() -> None:
    pages = [
        page(INSET, FULL[:-2] + "共计", "4697家。", first=520),
        page(INSET, FULL[:-2] + "共计", "3836家。", first=520),
    ]
    text, _ = reflow(pages)
    assert "共计4697家。" in text
    assert "共计3836家。" in text
