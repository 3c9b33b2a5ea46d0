"""The page in a real browser: ask, read, click a citation, see the sentence in the original."""

import os
import re
import shutil
import threading
from collections.abc import Iterator
from datetime import date
from queue import Queue
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from qa import Article, PolicyQA
from qa.web import serve

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio"),
]

COUPON = Article(
    id="创新券.txt",
    title="天津市科技创新券管理办法",
    published=date(2024, 3, 18),
    publisher="天津市科学技术局",
    region="天津市",
    url="https://policy.example/a?x=1&y=2",
    text="天津市科技创新券管理办法\n\n"
    + "".join(f"第{n}条　受理部门按季度检查服务合同的履行情况，并公布检查结果。\n" for n in range(1, 60))
    + "第六十条　每家企业每年申领科技创新券的额度最高不超过20万元。\n"
    + "".join(f"第{n}条　服务机构应当妥善保存服务记录，以备检查。\n" for n in range(61, 120)),
)
HOSTILE = Article(
    id="<img src=x onerror=hacked=1>.txt",
    title="<script>hacked=1</script>浙江省绿色工厂奖励办法",
    published=date(2023, 5, 6),
    publisher='"><img src=x onerror=hacked=1>',
    region="浙江省",
    url="javascript:hacked=1",
    text="绿色工厂奖励办法\n<script>hacked=1</script>\n![图](http://evil.example/a.png)\n"
    "对绿色工厂<img src=http://evil.example/b.png onerror=hacked=1>每家奖励88万元${hacked=1}`{{hacked}}。\n",
)
SAMPLE = Article(  # bears the id of a sample article, so that its question is offered as an example
    id="tianjin-jigai-2024.txt",
    title="天津市技术改造情况",
    published=date(2025, 2, 3),
    region="天津市",
    text="天津市技术改造情况\n截至2024年底，天津市累计建成智能工厂和数字化车间120家。\n",
)
QUESTION = "天津每家企业每年最多能申领多少科技创新券？"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the machine's own Chromium; without one, fail where CI=true and skip elsewhere."""
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    program = next((path for path in found if path), None)
    if program is None:
        message = "no browser: install Debian's chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    quiet = ("background-networking", "component-update", "sync", "gpu")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in quiet)],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def qa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PolicyQA]:
    with PolicyQA.build([COUPON, HOSTILE, SAMPLE], tmp_path_factory.mktemp("page") / "store") as qa:
        yield qa


@pytest.fixture(scope="module")
def address(qa: PolicyQA) -> str:
    """Serve the page on a free port until the tests end; return its address."""
    started: Queue[str] = Queue()
    threading.Thread(
        target=serve, args=(qa, "127.0.0.1", 0), kwargs={"started": started.put}, daemon=True
    ).start()
    return started.get(timeout=60)


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Open the page; when the test is over, no script has failed and no other host was asked for anything."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(15_000)
    failures: list[str] = []
    hosts: set[str | None] = set()
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.goto(address)
    page.locator(".masthead").wait_for()
    yield page
    assert page.evaluate("typeof hacked") == "undefined"
    page.close()
    assert failures == []
    assert hosts - {None} == {"127.0.0.1"}  # None: data: and blob: addresses


def ask(page: Page, question: str) -> None:
    page.get_by_role("textbox", name="问题").fill(question)
    page.get_by_role("textbox", name="问题").press("Enter")


def check_highlight(page: Page, qa: PolicyQA, question: str) -> None:
    quote = qa.ask(question).citations[0].quote
    mark = page.locator("#original mark")
    expect(mark).to_be_in_viewport(ratio=1)
    assert mark.text_content() == quote


def test_a_citation_opens_the_sentence_in_the_original(page: Page, qa: PolicyQA) -> None:
    ask(page, QUESTION)
    expect(page.locator(".claim").first).to_contain_text("20万元")
    expect(page.locator(".verdict")).to_be_visible()
    page.locator(".claim .cite", has_text="[1]").first.click()
    check_highlight(page, qa, QUESTION)
    head = page.locator("#original header")
    for shown in (COUPON.title, COUPON.publisher, "2024-03-18"):
        expect(head).to_contain_text(shown)
        expect(head).to_be_in_viewport()
    source = head.locator("a[target]")
    assert source.get_attribute("href") == COUPON.url
    assert "noopener" in (source.get_attribute("rel") or "")


def test_a_citation_scrolls_back_after_reading_on(page: Page, qa: PolicyQA) -> None:
    ask(page, QUESTION)
    page.locator(".claim .cite").first.click()
    check_highlight(page, qa, QUESTION)
    page.locator("#sources").evaluate("panel => { panel.scrollTop = 0; }")
    expect(page.locator("#original mark")).not_to_be_in_viewport()
    page.locator(".claim .cite").first.click()
    check_highlight(page, qa, QUESTION)


def test_the_keyboard_is_enough(page: Page, qa: PolicyQA) -> None:
    page.get_by_role("textbox", name="问题").focus()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.locator(".verdict").wait_for()
    page.keyboard.press("Shift+Tab")  # the links of the answer stand right before the question
    expect(page.locator(".sources a:focus")).to_have_count(1)
    page.keyboard.press("Enter")
    check_highlight(page, qa, QUESTION)
    assert page.evaluate("document.activeElement.tagName") == "MARK"


def test_hostile_text_stays_text(page: Page, qa: PolicyQA) -> None:
    question = "浙江绿色工厂每家奖励多少？"
    ask(page, question)
    expect(page.locator(".claim").first).to_contain_text("88万元")
    page.locator(".claim .cite").first.click()
    check_highlight(page, qa, question)
    assert "<img src=http://evil.example/b.png" in (page.locator("#original mark").text_content() or "")
    assert page.locator("#original .text").text_content() == HOSTILE.text
    expect(page.locator("#original h2")).to_have_text(HOSTILE.title)
    expect(page.locator("#original a[target]")).to_have_count(0)
    expect(page.locator(":is(#original, #conversation, #listing) :is(img, script)")).to_have_count(0)


def test_a_refusal_looks_different(page: Page) -> None:
    ask(page, "上海每家企业每年最多能申领多少科技创新券？")
    expect(page.locator(".refusal")).to_be_visible()
    expect(page.locator(".refusal")).to_contain_text("不作回答")
    expect(page.locator(".answer")).to_have_count(0)


def test_an_example_is_asked_with_one_click(page: Page) -> None:
    example = page.locator("button.example").first
    question = example.inner_text()
    example.click()
    expect(page.locator(".question")).to_have_text(question)
    expect(page.locator(".answer, .refusal")).to_be_visible()
    expect(page.locator(".welcome")).to_have_count(0)


def test_the_list_is_filtered_and_opens_articles(page: Page) -> None:
    titles = page.locator("#listing .title")
    expect(titles).to_have_count(3)
    page.get_by_role("textbox", name="筛选文章").fill("創新券")
    expect(titles).to_have_text([COUPON.title])
    titles.first.click()
    expect(page.locator("#original h2")).to_be_in_viewport()
    assert page.locator("#original .text").text_content() == COUPON.text
    expect(page.locator("#original mark")).to_have_count(0)


def test_filters_limit_the_answer_and_say_what_they_cannot_read(page: Page) -> None:
    page.get_by_role("button", name="限定范围").click()
    page.get_by_label("起始日期").fill("看不懂")
    ask(page, QUESTION)
    expect(page.locator(".problem")).to_contain_text("起始日期")
    expect(page.get_by_role("textbox", name="问题")).to_have_value(QUESTION)
    page.get_by_label("起始日期").fill("2025-01-01")  # later than the article that answers
    page.get_by_role("button", name="提问").click()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".answer, .refusal")).to_be_visible()
    expect(page.locator(".claim", has_text="20万元")).to_have_count(0)


def test_the_notice_stays_in_sight(page: Page) -> None:
    assert page.title() == "问策"
    expect(page.locator("html")).to_have_attribute("lang", re.compile("^zh"))
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        ask(page, QUESTION)
        page.locator(".turn .verdict").last.wait_for()
        page.mouse.wheel(0, 3000)
        expect(page.locator(".notice")).to_be_in_viewport(ratio=1)
        expect(page.locator(".notice")).to_contain_text("以原文为准")
        expect(page.locator(".notice")).to_contain_text("2025-02-03")


def test_a_phone_shows_everything(page: Page, qa: PolicyQA) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    ask(page, QUESTION)
    page.locator(".claim .cite").first.click()
    check_highlight(page, qa, QUESTION)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("link", name="回到问答").click()
    expect(page.get_by_role("textbox", name="问题")).to_be_in_viewport()
    expect(page.locator(".claim").last).to_be_in_viewport()
