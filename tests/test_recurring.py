"""Recurring lines: what a site repeats is found on generated sites, and the articles' own lines stay."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.chunking import chunk
from index.cleaning import BLOCK_REASONS, find_edits
from index.readers import ReadFailure
from index.records import Article
from index.recurring import TIMES, WINDOW, marked
from index.updating import fingerprint
from qa import PolicyQA

PLACES = ("海滨", "山城", "平原", "湖东", "河西", "岭南", "关北", "沙洲")
THINGS = ("智能工厂", "人才公寓", "育儿补贴", "充电设施", "技能培训", "绿色制造", "小微贷款", "电梯加装")
SLOGANS = (
    *("看得见的政策，用得上的服务", "本地宝藏资讯一手掌握", "小城大事每天一报", "跟着我们读政策不迷路"),
    *("点亮城市生活的每一天", "懂你所需，想你所想", "政民连心桥", "一端在手，知晓全城"),
)
LINKS = (
    "夏日赏荷好去处盘点",
    "老街改造后焕然一新",
    "这份美食地图请收好",
    "周末演出信息抢先看",
    "新地铁线路图出炉",
)
NOTICES = (
    "凡在本端口留言者视为同意社区公约，请文明发言。",
    "部分素材由热心读者供稿，如有疑问请与小编沟通。",
    "喜欢这篇内容就把它收进你的口袋吧！",
)
SIGNATURES = ("{place}市人民政府办公室", "{place}市工业和信息化局")
CONTACTS = ("咨询电话：0100-0000{n}", "办理地点：{place}市政务服务中心二楼")


@dataclass(frozen=True)
class Site:
    """The pages of a generated site, and for each which of its lines are the site's."""

    articles: list[Article]
    furniture: list[set[str]]


def site(seed: int, pages: int, *, host: str = "") -> Site:
    draw = random.Random(seed)
    place = draw.choice(PLACES)
    head = draw.sample(SLOGANS, draw.randint(0, 2))
    links = draw.choice([0, 1, 3])
    tail = [*draw.sample(NOTICES, draw.randint(0, 2)), *draw.sample(SLOGANS, draw.randint(0, 1))]
    articles, furniture = [], []
    for number in range(pages):
        thing = draw.choice(THINGS)
        body = [
            f"{place}市{thing}政策第{number}期",
            f"{place}市{thing}项目今年第{number}批启动，预计惠及{draw.randint(10, 999)}家单位。",
            *(
                f"{draw.choice(PLACES)}区负责人介绍，{draw.choice(THINGS)}的标准为{draw.randint(1, 99)}万元。"
                for _ in range(draw.randint(2, 8))
            ),
            "特此通知。",
            *(line.format(place=place, n=draw.randint(1, 2)) for line in draw.sample(CONTACTS, 1)),
            draw.choice(SIGNATURES).format(place=place),
            f"2024年{draw.randint(1, 12)}月{draw.randint(1, 28)}日",
        ]
        shown = draw.sample(LINKS, links)  # other ones on each page
        text = "\n".join([*head, *body, *shown, *tail])
        address = f"https://www.{host}/{number}.html" if host else ""
        articles.append(Article(f"site{seed}/{number}.txt", text, body[0], url=address))
        furniture.append({*head, *shown, *tail})
    return Site(articles, furniture)


def removed(article: Article) -> set[str]:
    return {article.text[start:end] for start, end in article.recurring}


def measured(sites: list[Site]) -> tuple[float, float]:
    """Precision and recall of the lines that are marked."""
    right = wrong = missed = 0
    for one in sites:
        for article, furniture in zip(marked(one.articles), one.furniture, strict=True):
            found = removed(article)
            right += len(found & furniture)
            wrong += len(found - furniture)
            missed += len(furniture - found)
    return right / (right + wrong), right / (right + missed)


def test_lines_of_a_site_are_found_and_its_articles_lines_stay() -> None:
    precision, recall = measured([site(seed, 12, host=f"s{seed}.example.cn") for seed in range(40)])
    assert precision >= 0.99
    assert recall >= 0.9


def test_sites_in_folders_are_told_apart() -> None:
    sites = [site(seed, 8) for seed in range(100, 110)]
    mixed = [article for pages in zip(*(one.articles for one in sites), strict=True) for article in pages]
    found = {article.id: removed(article) for article in marked(mixed)}
    for one in sites:
        for article, furniture in zip(one.articles, one.furniture, strict=True):
            assert found[article.id] <= furniture


def test_few_pages_tell_nothing() -> None:
    assert all(not article.recurring for article in marked(site(1, TIMES - 1).articles))


def test_one_article_many_times_is_one_page() -> None:
    article = site(1, 1).articles[0]
    copies = [replace(article, id=f"{number}.txt") for number in range(30)]
    assert all(not copy.recurring for copy in marked(copies))


def test_form_letters_keep_their_lines() -> None:
    lines = ["回复", "您好，来信收悉。", "感谢您的关注。", "祝您生活愉快！"]
    letters = [Article(f"{n}.txt", "\n".join([f"关于第{n}号来信的答复", *lines])) for n in range(20)]
    assert all(not letter.recurring for letter in marked(letters))


def test_sentences_glued_into_one_line_are_found() -> None:
    pages = [
        Article(f"{n}.txt", f"第{n}批名单公布，包括企业{n}家。" * 5 + NOTICES[0] + NOTICES[1])
        for n in range(1, 9)
    ]
    assert all(removed(article) == set(NOTICES[:2]) for article in marked(pages))
    for article in marked(pages):
        assert not any(notice in passage.text for notice in NOTICES for passage in chunk(article))


def test_order_is_kept_and_failures_pass() -> None:
    failure = ReadFailure("坏.txt", "读不了")
    articles: list[Article | ReadFailure] = [*site(1, 6).articles, failure, *site(2, 6).articles]
    out = list(marked(articles))
    assert out[6] is failure
    assert [a.id for a in out if isinstance(a, Article)] == [a.id for a in articles if isinstance(a, Article)]


def test_articles_are_taken_a_window_at_a_time_and_what_was_found_goes_on() -> None:
    taken = 0

    def many() -> Iterator[Article]:
        nonlocal taken
        for number in range(WINDOW + 2):
            taken += 1
            yield Article(f"{number}.txt", f"第{number}篇\n第{number}篇的内容是这样的。\n" + SLOGANS[0])

    found = marked(many())
    assert removed(next(found)) == {SLOGANS[0]}
    assert taken == WINDOW
    assert all(removed(article) == {SLOGANS[0]} for article in found)


def test_fingerprint_does_not_see_what_recurs() -> None:
    article = site(1, 1).articles[0]
    assert fingerprint(article) == fingerprint(replace(article, recurring=((0, 2),)))


@given(st.lists(st.text("甲乙。\n，首页完()", max_size=30), max_size=12))
@settings(max_examples=60, deadline=None)
def test_spans_are_sorted_apart_and_in_no_passage(texts: list[str]) -> None:
    articles = [Article(f"{n}.txt", text + "\n看得见的政策") for n, text in enumerate(texts)]
    for article in marked(articles):
        position = 0
        for start, end in article.recurring:
            assert position <= start < end <= len(article.text)
            position = end
        blocks = [e for e in find_edits(article.text, article.recurring) if e.reason in BLOCK_REASONS]
        for passage in chunk(article):
            assert not any(e.start < passage.end and passage.start < e.end for e in blocks)


@pytest.mark.parametrize("times", [1, 2])
def test_the_same_pages_give_the_same_spans(times: int) -> None:
    pages = site(5, 20).articles
    assert [a.recurring for a in marked(pages)] == [a.recurring for a in marked(list(pages))]


def test_a_store_keeps_what_recurs_and_never_searches_it(tmp_path: Path) -> None:
    pages = [
        Article(f"{n}.txt", f"第{n}批名单公布\n第{n}批名单包括企业{n}家。\n懂你所需，想你所想\n")
        for n in range(8)
    ]
    with PolicyQA.build(pages, tmp_path / "store") as qa:
        assert all(removed(qa.article(page.id)) == {"懂你所需，想你所想"} for page in pages)
        hits = qa.search("懂你所需，想你所想", 10)
        assert not any("懂你所需" in hit.passage.search_text for hit in hits)
        alone = Article("8.txt", "第8批名单公布\n第8批包括企业8家。\n懂你所需，想你所想\n")
        report = qa.add([pages[0], alone])
        assert (report.added, report.changed, report.unchanged) == (1, 0, 1)
        assert removed(qa.article("0.txt")) == {"懂你所需，想你所想"}
        assert removed(qa.article("8.txt")) == set()
