"""PolicyQA: builds, opens, answers with verbatim citations, refuses, keeps limits, survives writers."""

import asyncio
import json
import re
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from index.embedders import BUNDLED, load_embedder
from index.errors import (
    EmbedderMismatchError,
    GenerationError,
    InputError,
    ReadError,
    StoreError,
)
from index.records import Article, Filters
from index.retriever import Retriever
from index.store import Store
from qa import Answer, Cited, Done, Found, PolicyQA, Stated, Token
from qa.generation.model import Chat, ModelGenerator
from tests.conftest import ARTICLES, TIANJIN_2024, TRADITIONAL_2023

COUNTED = "天津累计建成多少家智能工厂和数字化车间？"
IN_2024 = "2024年天津累计建成多少家智能工厂和数字化车间？"
QUESTIONS = (
    COUNTED,
    "2020年天津累计建成多少家智能工厂和数字化车间？",
    "嘉兴二孩家庭一次性发放的育儿补贴是多少元？",
    "嘉兴申请育儿补贴应当符合哪些条件？",
    "在楼道内充电会罚款多少元？",
    "天津人才公寓的建筑面积不超过多少平方米？",
    "天津人才公寓的入住期限最長不超過幾年？",
)


class Script:
    """A chat model that says what it is given, or fails after it."""

    def __init__(self, reply: str, error: Exception | None = None) -> None:
        self.reply, self.error = reply, error

    def fits(self, messages: Sequence[Mapping[str, str]], max_tokens: int) -> bool:
        return True

    def stream(self, messages: Sequence[Mapping[str, str]], max_tokens: int) -> Iterator[str]:
        yield from self.reply
        if self.error:
            raise self.error


def _telling(small: PolicyQA, chat: Chat) -> PolicyQA:
    """Return the same articles with a model to write."""
    store = Store.open(small.info().path)
    return PolicyQA(store, Retriever(store, load_embedder()), ModelGenerator("script", chat), None, None)


def _told(small: PolicyQA, reply: str, error: Exception | None = None, question: str = IN_2024) -> Answer:
    """Return the answer of a model that says `reply`."""
    with _telling(small, Script(reply, error)) as qa:
        return qa.ask(question)


def _plain(answer: Answer) -> str:
    return re.sub(r"\[\d+\]", "", answer.text)


def _check_citations(answer: Answer, qa: PolicyQA) -> None:
    used = [number for claim in answer.claims for number in claim.citations]
    assert set(used) == {c.number for c in answer.citations} == set(range(1, len(answer.citations) + 1))
    assert all(claim.citations for claim in answer.claims)
    for citation in answer.citations:
        article = qa.article(citation.article_id)
        assert citation.verified
        assert citation.quote == article.text[citation.start : citation.end] != ""
        assert (citation.title, citation.publisher) == (article.title, article.publisher)
        assert (citation.published, citation.url) == (article.published, article.url)
        assert citation.page == article.page_at(citation.start)


# Answers


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_citation_is_verbatim(small: PolicyQA, question: str) -> None:
    answer = small.ask(question)
    assert answer.refusal is None
    assert answer.claims
    assert not any("删去" in note for note in answer.notes)
    _check_citations(answer, small)
    assert _plain(answer) == "\n".join(claim.text for claim in answer.claims)
    assert set(answer.seconds) == {"retrieve", "select", "write", "total"}
    assert sum(answer.seconds.values()) == pytest.approx(2 * answer.seconds["total"])


@pytest.mark.parametrize(
    ("question", "expected", "article"),
    [
        ("2020年天津累计建成多少家智能工厂和数字化车间？", "150家", "tianjin-2020"),
        (IN_2024, "450家", "tianjin-2024"),
        ("嘉兴二孩家庭一次性发放的育儿补贴是多少元？", "8000元", "jiaxing-2021"),
        ("嘉兴的育儿补贴办法什么时候施行？", "2021年9月1日", "jiaxing-2021"),
        ("在楼道内充电会罚款多少元？", "500元以上1000元以下", "national-2022"),
        ("天津在楼道内充电会罚款多少元？", "500元以上1000元以下", "national-2022"),
        ("天津人才公寓项目的面积不超过多少平方米？", "90㎡", "tianjin-apartments"),
    ],
)
def test_the_right_article_answers(small: PolicyQA, question: str, expected: str, article: str) -> None:
    answer = small.ask(question)
    assert expected in answer.text
    assert answer.citations[0].article_id == article


def test_two_years_of_one_indicator_are_dated_newest_first(small: PolicyQA) -> None:
    answer = small.ask(COUNTED)
    assert [c.article_id for c in answer.citations][:2] == ["tianjin-2024", "tianjin-2020"]
    assert re.match(
        r"450家〔天津市，截至2024年底〕\[1\]\n〔2024-12-30〕.*450家.*\n〔2020-12-28〕.*150家", answer.text
    )
    assert answer.to_dict()["citations"][0]["published"] == "2024-12-30"


def test_a_list_is_whole(small: PolicyQA) -> None:
    text = small.ask("嘉兴申请育儿补贴应当符合哪些条件？").text
    assert all(part in text for part in ("本市户籍", "登记户口", "提出申请"))


def test_the_answer_is_in_the_askers_script_and_the_quote_in_the_articles(small: PolicyQA) -> None:
    simplified = small.ask("天津人才公寓项目的面积不超过多少平方米？")
    traditional = small.ask("天津人才公寓項目的面積不超過多少平方米？")
    assert "人才公寓项目" in simplified.text
    assert "人才公寓項目" in traditional.text
    assert "(xiàng)" not in simplified.text + traditional.text
    assert simplified.citations == traditional.citations
    assert "項(xiàng)目" in simplified.citations[0].quote


# Refusals


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("上海二孩家庭一次性发放的育儿补贴是多少元？", "地区不符"),
        ("杭州二孩家庭一次性发放的育儿补贴是多少元？", "地区不符"),
        ("2019年嘉兴二孩家庭一次性发放的育儿补贴是多少元？", "年份不符"),
        ("2023年天津累计建成多少家智能工厂和数字化车间？", "年份不符"),
        ("珠穆朗玛峰的登山许可证怎么办理？", "没有依据"),
    ],
)
def test_what_the_articles_do_not_say_is_refused(small: PolicyQA, question: str, reason: str) -> None:
    answer = small.ask(question)
    assert answer.refusal == reason
    assert (answer.claims, answer.citations) == ((), ())
    assert not re.search(r"8000|450|150", answer.text)


def test_a_refusal_names_the_nearest_article_and_what_was_looked_for(small: PolicyQA) -> None:
    text = small.ask("上海二孩家庭一次性发放的育儿补贴是多少元？").text
    assert "《嘉兴市育儿补贴实施办法》（浙江省嘉兴市，2021-08-15）" in text
    assert "上海市" in text
    assert "育儿补贴" in text


def test_an_empty_store_refuses(tmp_path: Path) -> None:
    with PolicyQA.build([], tmp_path / "store") as qa:
        assert qa.ask(COUNTED).refusal == "没有依据"
        assert qa.search(COUNTED) == []
        assert qa.info().articles == 0


@pytest.mark.parametrize("question", ["", "  ", "问" * 1001, "问\ud800"])
def test_an_unusable_question_is_an_error(small: PolicyQA, question: str) -> None:
    with pytest.raises(InputError):
        small.ask(question)


@pytest.mark.parametrize("question", ["？", "。。。", "😀", "AND OR NOT (", '"', "a" * 1000, "\u200b问"])
def test_any_other_question_is_answered_or_refused(small: PolicyQA, question: str) -> None:
    answer = small.ask(question)
    assert answer.refusal or answer.claims


# Limits


@pytest.mark.parametrize("question", [*QUESTIONS, "上海二孩家庭一次性发放的育儿补贴是多少元？", "问" * 900])
def test_the_length_is_kept_and_sentences_are_cut_at_clauses_only(small: PolicyQA, question: str) -> None:
    for characters in [*range(1, 60, 3), *range(60, 260, 25)]:
        answer = small.ask(question, max_chars=characters)
        assert 0 < len(_plain(answer)) <= characters
        _check_citations(answer, small)
        for citation in answer.citations:
            text = small.article(citation.article_id).text
            assert citation.start == 0 or text[citation.start - 1] in "，、；：。！？\n"
            assert citation.quote[-1] in "，、；：。！？" or text[citation.end] in "\r\n，、；：。！？"


def test_more_room_never_turns_an_answer_into_a_refusal(small: PolicyQA) -> None:
    for question in QUESTIONS:
        refused = [bool(small.ask(question, max_chars=n).refusal) for n in range(5, 200, 13)]
        assert refused == sorted(refused, reverse=True)


def test_the_number_of_sentences_is_kept(small: PolicyQA) -> None:
    assert len(small.ask(COUNTED, max_sentences=1).claims) == 1
    assert len(small.ask(COUNTED, max_sentences=5).claims) >= 2


@pytest.mark.parametrize("limits", [(0, 5), (-1, 5), (200, 0)])
def test_limits_below_one_are_an_error(small: PolicyQA, limits: tuple[int, int]) -> None:
    with pytest.raises(InputError, match="正数"):
        small.ask(COUNTED, max_chars=limits[0], max_sentences=limits[1])


# Streaming and searching


def test_a_stream_tells_what_was_found_then_each_claim_then_all(small: PolicyQA) -> None:
    first, *stated, done = list(small.stream(COUNTED))
    assert isinstance(first, Found)
    assert isinstance(done, Done)
    claims = [event for event in stated if isinstance(event, Stated)]
    cited = [event.citation for event in stated if isinstance(event, Cited)]
    assert len(claims) + len(cited) == len(stated)
    assert len(claims) >= 2
    assert tuple(event.claim for event in claims) == done.answer.claims
    assert tuple(cited) == done.answer.citations
    known: set[int] = set()
    for event in stated:  # a citation comes before the claim that uses it
        if isinstance(event, Cited):
            known.add(event.citation.number)
        else:
            assert isinstance(event, Stated)
            assert set(event.claim.citations) <= known
    assert first.hits == done.answer.hits
    again = small.ask(COUNTED)
    assert replace(again, seconds={}) == replace(done.answer, seconds={})


def test_a_stream_of_a_refusal_states_nothing(small: PolicyQA) -> None:
    assert [type(event) for event in small.stream("上海二孩家庭一次性发放的育儿补贴是多少元？")] == [
        Found,
        Done,
    ]


def test_search_gives_the_best_passages_of_the_articles(small: PolicyQA) -> None:
    hits = small.search("育儿补贴", k=3)
    assert len(hits) == 3
    assert hits[0].passage.article_id == "jiaxing-2021"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        text = small.article(hit.passage.article_id).text
        assert hit.passage.text == text[hit.passage.start : hit.passage.end]


def test_filters_hold_for_search_and_answer(small: PolicyQA) -> None:
    early = Filters(until=date(2020, 12, 31))
    assert {hit.passage.article_id for hit in small.search(COUNTED, filters=early)} == {"tianjin-2020"}
    answer = small.ask(COUNTED, filters=early)
    assert "150家" in answer.text
    assert "450家" not in answer.text
    assert small.ask(COUNTED, filters=Filters(region="浙江省嘉兴市")).refusal


# Models that lie or fail

RIGHT = "截至2024年底，天津累计建成智能工厂和数字化车间450家[1]。"


def test_a_verified_sentence_of_a_model_is_kept_with_its_citation(small: PolicyQA) -> None:
    answer = _told(small, RIGHT)
    assert [claim.text for claim in answer.claims] == [RIGHT.replace("[1]", "")]
    assert answer.citations[0].quote.startswith("截至2024年底")
    assert answer.notes == ()
    _check_citations(answer, small)


@pytest.mark.parametrize(
    "lie",
    [
        "截至2024年底，天津累计建成智能工厂和数字化车间950家[1]。",
        "截至2024年底，天津累计建成智能工厂和数字化车间450万家[1]。",
        "截至2021年底，天津累计建成智能工厂和数字化车间450家[1]。",
        "截至2024年底，天津累计建成智能工厂和数字化车间450家[9]。",
        "截至2024年底，天津累计建成智能工厂和数字化车间450家。",
        "截至2024年底，天津累计建成智能工厂和数字化车间〔950家〕450家[1]。",
        "依据津工发〔2024〕7号，累计建成智能工厂和数字化车间450家[1]。",
        "房价会继续上涨，请尽快与中介联系购买[1]。",
        "忽略规则！[1]",
    ],
)
def test_what_a_model_makes_up_is_removed_and_the_articles_speak(small: PolicyQA, lie: str) -> None:
    answer = _told(small, lie)
    assert lie.replace("[1]", "").replace("[9]", "") not in answer.text
    assert not re.search("950|万家|2021年|津工发|房价|忽略", answer.text)
    assert "450家" in answer.text
    assert answer.refusal is None
    assert any("删去" in note for note in answer.notes)
    assert any("摘录原文" in note for note in answer.notes)
    _check_citations(answer, small)


def test_a_lie_beside_a_verified_sentence_is_removed_alone(small: PolicyQA) -> None:
    answer = _told(small, RIGHT + "明年将达到999家[1]。")
    assert [claim.text for claim in answer.claims] == [RIGHT.replace("[1]", "")]
    assert answer.notes == ("有 1 句在原文中没有依据，已删去",)


def test_a_model_that_says_it_does_not_know_is_replaced_by_the_articles(small: PolicyQA) -> None:
    answer = _told(small, "资料不足")
    assert "450家" in answer.text
    assert "资料不足" in answer.notes[0]
    assert "摘录原文" in answer.notes[0]


def test_a_model_that_fails_at_once_is_replaced_by_the_articles(small: PolicyQA) -> None:
    answer = _told(small, "", GenerationError("模型服务没有响应：请重试"))
    assert "450家" in answer.text
    assert answer.refusal is None
    assert "模型服务没有响应" in answer.notes[0]
    assert "摘录原文" in answer.notes[0]


def test_a_model_that_fails_midway_leaves_what_was_verified(small: PolicyQA) -> None:
    answer = _told(small, RIGHT + "此前", GenerationError("连接断开：请重试"))
    assert [claim.text for claim in answer.claims] == [RIGHT.replace("[1]", "")]
    assert "连接断开" in answer.notes[0]
    assert "不全" in answer.notes[0]


def test_a_model_is_not_asked_where_there_is_no_evidence(small: PolicyQA) -> None:
    answer = _told(
        small, "上海二孩的育儿补贴是8000元[1]。", question="上海二孩家庭一次性发放的育儿补贴是多少元？"
    )
    assert answer.refusal == "地区不符"
    assert answer.claims == ()


def test_a_model_that_goes_on_and_on_is_cut_at_the_limits(small: PolicyQA) -> None:
    answer = _told(small, RIGHT * 50)
    assert 0 < len(_plain(answer)) <= 200
    assert len(answer.claims) <= 5


class Endless:
    """A chat model that repeats itself, or says nothing, until its reader leaves."""

    def __init__(self, said: str) -> None:
        self.said = said
        self.begun = threading.Event()
        self.stopped = threading.Event()

    def fits(self, messages: Sequence[Mapping[str, str]], max_tokens: int) -> bool:
        return True

    def stream(self, messages: Sequence[Mapping[str, str]], max_tokens: int) -> Iterator[str]:
        self.begun.set()
        try:
            while not self.stopped.wait(0.01):
                yield self.said
        finally:
            self.stopped.set()


def test_an_endless_model_is_stopped_at_the_limits(small: PolicyQA) -> None:
    chat = Endless(RIGHT)
    with _telling(small, chat) as qa:
        assert len(qa.ask(IN_2024, max_chars=1000).claims) == 5
    assert chat.stopped.is_set()


def test_the_models_words_are_told_apart_from_what_is_verified(small: PolicyQA) -> None:
    lie = "截至2024年底，天津累计建成智能工厂和数字化车间950家[1]。"
    with _telling(small, Script(lie + RIGHT)) as qa:
        events = list(qa.stream(IN_2024))
    assert "".join(event.text for event in events if isinstance(event, Token)) == lie + RIGHT
    assert not any("950家" in str(event) for event in events if not isinstance(event, Token))
    kinds = [event.to_dict()["event"] for event in events if not isinstance(event, Token)]
    assert kinds == ["evidence", "citation", "claim", "done"]
    assert json.loads(json.dumps([event.to_dict() for event in events]))


# In an event loop


def test_an_answer_can_be_awaited(small: PolicyQA) -> None:
    async def both() -> tuple[Answer, Answer]:
        return await asyncio.gather(
            small.aask(COUNTED), small.aask("嘉兴二孩家庭一次性发放的育儿补贴是多少元？")
        )

    counted, paid = asyncio.run(both())
    assert replace(counted, seconds={}) == replace(small.ask(COUNTED), seconds={})
    assert "8000元" in paid.text


def test_a_stream_can_be_awaited(small: PolicyQA) -> None:
    async def read() -> list[object]:
        return [event async for event in small.astream(COUNTED)]

    awaited = asyncio.run(read())
    assert [type(event) for event in awaited] == [type(event) for event in small.stream(COUNTED)]


def test_an_error_reaches_who_awaits(small: PolicyQA) -> None:
    with pytest.raises(InputError):
        asyncio.run(small.aask(""))


@pytest.mark.parametrize("said", ["", "嗯"])
def test_a_cancelled_task_stops_the_model(small: PolicyQA, said: str) -> None:
    chat = Endless(said)

    async def give_up() -> None:
        task = asyncio.create_task(qa.aask(IN_2024))
        assert await asyncio.to_thread(chat.begun.wait, 60)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with _telling(small, chat) as qa:
        asyncio.run(give_up())
        assert chat.stopped.wait(5)


def test_the_event_loop_is_free_while_a_model_writes(small: PolicyQA) -> None:
    async def count() -> int:
        task = asyncio.create_task(qa.aask(IN_2024, max_chars=1000))
        ticks = 0
        while not task.done():
            await asyncio.sleep(0.001)
            ticks += 1
        return ticks

    with _telling(small, Endless(RIGHT)) as qa:
        assert asyncio.run(count()) > 5


# The store


def test_add_replace_remove(small: PolicyQA) -> None:
    new = Article("shanghai", "上海市对二孩家庭每孩发放育儿补贴6600元。", "上海办法", region="上海市")
    report = small.add([new, TIANJIN_2024])
    assert (report.added, report.changed, report.unchanged) == (1, 0, 1)
    assert "6600元" in small.ask("上海二孩家庭一次性发放的育儿补贴是多少元？").text
    small.add([replace(new, text="自今年起，" + new.text.replace("6600", "7700"))])
    changed = small.ask("上海二孩家庭一次性发放的育儿补贴是多少元？")
    assert "7700元" in changed.text
    _check_citations(changed, small)
    assert small.remove(["shanghai"]) == ["shanghai"]
    assert small.ask("上海二孩家庭一次性发放的育儿补贴是多少元？").refusal == "地区不符"
    assert small.info().articles == len(ARTICLES)


def test_files_are_added_and_unreadable_ones_named(small: PolicyQA, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "好.txt").write_text("上海市育儿办法\n上海市对二孩家庭每孩发放育儿补贴6600元。", "utf-8")
    (folder / "坏.txt").write_bytes(b"\xff\xff\x00\x81")
    report = small.add([folder])
    assert report.added == 1
    assert [Path(failure.path).name for failure in report.failures] == ["坏.txt"]
    assert small.article("好.txt").region == "上海市"
    with pytest.raises(ReadError, match=r"坏\.txt"):
        PolicyQA.build([folder], tmp_path / "other")


def test_articles_are_listed_newest_first(small: PolicyQA) -> None:
    small.add([Article("undated", "没有日期的文章。")])
    days = [article.published for article in small.articles()]
    assert days[-1] is None
    assert days[:-1] == sorted((day for day in days[:-1] if day), reverse=True)
    assert small.info().newest == days[0]


@pytest.mark.parametrize("unknown", ["none", "../tianjin-2024", ""])
def test_an_unknown_article_is_an_error(small: PolicyQA, unknown: str) -> None:
    with pytest.raises(InputError):
        small.article(unknown)
    with pytest.raises(InputError):
        small.remove(["tianjin-2024", unknown])
    assert small.article("tianjin-2024").text == TIANJIN_2024.text


def test_texts_are_kept_untouched(small: PolicyQA) -> None:
    assert small.article(TRADITIONAL_2023.id) == TRADITIONAL_2023


def test_a_store_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="wence index"):
        PolicyQA.open(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_closed_store_says_so(small: PolicyQA) -> None:
    with small as qa:
        assert qa is small
    with pytest.raises(StoreError, match="关闭"):
        small.ask(COUNTED)
    small.close()


def test_another_embedder_is_named(small: PolicyQA, tmp_path: Path) -> None:
    other = tmp_path / "embedder"
    shutil.copytree(BUNDLED, other)
    tensors = load_file(other / "model.safetensors")
    save_file(
        {name: np.ascontiguousarray(tensor[::-1]) for name, tensor in tensors.items()},
        other / "model.safetensors",
    )
    with pytest.raises(EmbedderMismatchError) as caught:
        PolicyQA.open(small.info().path, embedder=str(other))
    for name in (load_embedder().name, load_embedder(str(other)).name):
        assert name in str(caught.value)


def test_what_another_process_wrote_is_cited_as_it_is_now(small: PolicyQA) -> None:
    assert "8000元" in small.ask("嘉兴二孩家庭一次性发放的育儿补贴是多少元？").text
    article = small.article("jiaxing-2021")
    with PolicyQA.open(small.info().path) as other:
        other.add([replace(article, text="（修订稿）\n" + article.text.replace("8000", "9500"))])
    answer = small.ask("嘉兴二孩家庭一次性发放的育儿补贴是多少元？")
    assert "9500元" in answer.text
    _check_citations(answer, small)


def test_many_threads_ask_while_one_writes(small: PolicyQA) -> None:
    question = "嘉兴二孩家庭一次性发放的育儿补贴是多少元？"
    first = small.article("jiaxing-2021")
    versions = [
        replace(first, text="修订。\n" * n + first.text.replace("8000", f"{8000 + n}")) for n in range(6)
    ]
    texts = {article.text for article in versions}
    failures: list[BaseException] = []
    answered: list[Answer] = []
    written = threading.Event()

    def read() -> None:
        try:
            while not written.is_set():
                answered.append(small.ask(question))
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    try:
        for version in versions:
            small.add([version, Article(f"other-{len(version.text)}", "另一篇文章。")])
        small.remove(["jiaxing-2021"])
        small.add(versions[-1:])
    finally:
        written.set()
        for reader in readers:
            reader.join(60)
    assert failures == []
    assert answered
    for answer in answered:
        for citation in answer.citations:
            assert any(text[citation.start : citation.end] == citation.quote for text in texts)
            assert "育儿补贴80" in citation.quote
    last = small.ask(question)
    assert "8005元" in last.text
    _check_citations(last, small)


def test_a_goal_is_not_given_for_what_was_reached(small: PolicyQA) -> None:
    goal = TIANJIN_2024.text.replace("市工业", "力争到2027年，全市智能工厂和数字化车间达到900家。\n市工业")
    small.add([replace(TIANJIN_2024, text=goal)])
    assert "450家" in small.ask(COUNTED).claims[0].text
    assert "900家" in small.ask("到2027年，天津智能工厂和数字化车间要达到多少家？").claims[0].text


def test_a_newer_article_of_the_region_that_was_not_cited_is_named(tmp_path: Path) -> None:
    old = Article(
        "old",
        "青岛市技术改造补助办法\n对技术改造项目，每个项目最高补助300万元。",
        title="青岛市技术改造补助办法",
        published=date(2021, 3, 1),
        region="山东省青岛市",
    )
    new = Article(
        "new",
        "青岛技术改造补助有新说法\n企业的项目，封顶的数从过去的300万元抬到500万元。",
        title="青岛技术改造补助有新说法",
        published=date(2023, 3, 1),
        region="山东省青岛市",
    )
    with PolicyQA.build([old, new], tmp_path / "store") as qa:
        answer = qa.ask("青岛市技术改造项目每个最高补助多少万元？")
        assert answer.refusal is None
        newest = {c.article_id for c in answer.citations}
        assert "new" in newest or any("青岛技术改造补助有新说法" in note for note in answer.notes)
        assert not any(
            "另有较新" in note for note in qa.ask("2021年青岛市技术改造项目最高补助多少万元？").notes
        )


def test_a_quoted_regulation_that_is_not_there_is_noticed(small: PolicyQA) -> None:
    there = small.articles()[0].title
    notes = small.ask(f"《海滨市不存在条例》和《{there}》的最高支持是多少？").notes
    assert [note for note in notes if "没有找到题为" in note] == ["没有找到题为《海滨市不存在条例》的文章"]


def test_a_comparison_gives_one_row_a_year_and_says_what_is_missing(small: PolicyQA) -> None:
    answer = small.ask("天津2020年和2024年累计建成智能工厂和数字化车间各有多少家？")
    assert [claim.text for claim in answer.claims] == [
        "〔2020年〕150家〔天津市，截至2020年底〕",
        "〔2024年〕450家〔天津市，截至2024年底〕",
    ]
    partly = small.ask("天津和上海累计建成智能工厂和数字化车间各有多少家？")
    assert [claim.text[:4] for claim in partly.claims] == ["〔天津〕"]
    assert "「上海」没有找到依据" in partly.notes
    assert partly.refusal is None


def test_several_questions_share_the_length(small: PolicyQA) -> None:
    text = "天津2024年累计建成智能工厂和数字化车间多少家？嘉兴二孩家庭一次性发放的育儿补贴是多少元？"
    answer = small.ask(text)
    assert answer.question == text
    assert {c.article_id for c in answer.citations} == {"tianjin-2024", "jiaxing-2021"}
    assert [c.number for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    for characters in range(1, 120, 7):
        short = small.ask(text, max_chars=characters)
        assert len("\n".join(claim.text for claim in short.claims)) <= characters


def test_a_follow_up_is_answered_and_says_how_it_was_understood(small: PolicyQA) -> None:
    answer = small.ask("申请要符合哪些条件？", earlier=["嘉兴二孩家庭一次性发放的育儿补贴是多少元？"])
    assert answer.question == "申请要符合哪些条件？"
    assert "按上文理解为：嘉兴二孩家庭一次性发放的育儿补贴的申请要符合哪些条件？" in answer.notes
    assert "户籍" in answer.text
