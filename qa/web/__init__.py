"""The web page: a chat with streamed, cited answers beside the originals they come from."""

from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from index.errors import WenceError
from index.records import KINDS
from qa.web import actions, render

if TYPE_CHECKING:
    import gradio

    from qa.engine import PolicyQA

__all__ = ["build_page", "serve"]

Turn = tuple[str, str]
"""A question and the HTML of its exchange."""
VISITORS = 8
"""Questions that are answered at once; more of them wait."""

# Runs in the browser once an original is there. Two frames later its panel has a size, even if another tab
# was in front of it.
_REVEAL = """() => requestAnimationFrame(() => requestAnimationFrame(() => {
    const place = document.querySelector("#original mark") ?? document.querySelector("#original h2");
    place?.scrollIntoView({ block: place.tagName === "MARK" ? "center" : "start" });
    place?.focus({ preventScroll: true });
}))"""
# Keeps the newest exchange in sight while an answer grows.
_FOLLOW = """() => requestAnimationFrame(() => {
    document.querySelector("#conversation .turn:last-child")?.scrollIntoView({ block: "nearest" });
})"""


def serve(qa: "PolicyQA", host: str, port: int, *, started: Callable[[str], None] | None = None) -> None:
    """Serve the page until interrupted; `started` gets its address once it can be reached.

    Port 0 means any free one. InputError if the address cannot be listened on.
    """
    from qa.web import server

    server.run(build_page(qa), host, port, started)


def build_page(qa: "PolicyQA") -> "gradio.Blocks":
    """Return the page over an open store; what it shows of the store is read anew at every visit."""
    import gradio as gr

    script = (files("qa.web") / "page.js").read_text(encoding="utf-8")

    def block(elem_id: str) -> gr.HTML:
        return gr.HTML(js_on_load=script, apply_default_css=False, elem_id=elem_id)

    page = gr.Blocks(title="问策", analytics_enabled=False, fill_width=True)
    with page:
        turns = gr.State([])
        masthead = block("masthead")
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="talk", min_width=320, scale=3):
                conversation = block("conversation")
                with gr.Row(elem_id="ask"):
                    question = gr.Textbox(
                        label="问题",
                        show_label=False,
                        container=False,
                        placeholder="请输入问题，按回车提问",
                        scale=1,
                        min_width=160,
                        autofocus=True,
                        elem_id="question",
                    )
                    send = gr.Button("提问", variant="primary", scale=0, min_width=80, elem_id="send")
                with gr.Accordion("限定范围（可不填）", open=False, elem_id="limits"):
                    with gr.Row():
                        region = gr.Dropdown([("不限", "")], value="", label="地区", min_width=120)
                        since = gr.Textbox(label="起始日期", placeholder="2023-01-01", min_width=120)
                        until = gr.Textbox(label="截止日期", placeholder="2023-12-31", min_width=120)
                    with gr.Row():
                        publisher = gr.Textbox(
                            label="发布或制定单位", placeholder="名称的一部分", min_width=120
                        )
                        kind = gr.Dropdown([("不限", ""), *KINDS], value="", label="类别", min_width=120)
                        as_of = gr.Textbox(label="有效日期", placeholder="这一天有效的文章", min_width=120)
            with gr.Column(elem_id="sources", min_width=320, scale=2), gr.Tabs(selected="list") as tabs:
                with gr.Tab("文章目录", id="list", render_children=True):
                    wanted = gr.Textbox(
                        label="筛选文章",
                        show_label=False,
                        container=False,
                        placeholder="按标题、地区、机构或日期筛选",
                        elem_id="wanted",
                    )
                    listing = block("listing")
                with gr.Tab("原文", id="original", render_children=True):
                    original = gr.HTML(render.nothing_open(), apply_default_css=False, elem_id="original")

        def show_store() -> tuple[str, str, str, gr.Dropdown]:
            articles = qa.articles()
            return (
                render.masthead(articles),
                render.conversation([], actions.examples(articles)),
                render.article_list(articles),
                gr.Dropdown(choices=actions.regions(articles)),
            )

        def shown(turns: list[Turn]) -> str:
            return render.conversation([exchange for _, exchange in turns], ())

        def answer(earlier: list[Turn], asked: str, *limits: str) -> Iterator[tuple[str, list[Turn], str]]:
            asked = asked.strip()
            if not asked:
                return
            try:
                filters = actions.read_filters(*limits)
            except WenceError as error:
                grown = [*earlier, (asked, render.turn(asked, render.problem(str(error))))]
                yield shown(grown), grown, asked
                return
            for exchange in actions.ask(qa, asked, filters, [question for question, _ in earlier]):
                grown = [*earlier, (asked, exchange)]
                yield shown(grown), grown, ""

        def answer_example(
            earlier: list[Turn],
            region: str,
            since: str,
            until: str,
            publisher: str,
            kind: str,
            as_of: str,
            event: gr.EventData,
        ) -> Iterator[tuple[str, list[Turn], str]]:
            asked = str(event._data["question"])
            yield from answer(earlier, asked, region, since, until, publisher, kind, as_of)

        def open_original(event: gr.EventData) -> tuple[str, gr.Tabs]:
            return actions.open_original(qa, event._data), gr.Tabs(selected="original")

        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        limits = [region, since, until, publisher, kind, as_of]
        grows = [conversation, turns, question]
        page.load(show_store, outputs=[masthead, conversation, listing, region], **quiet)
        gr.on(
            [question.submit, send.click],
            answer,
            [turns, question, *limits],
            grows,
            trigger_mode="once",
            **quiet,
        )
        conversation.ask_example(answer_example, [turns, *limits], grows, trigger_mode="once", **quiet)
        conversation.change(None, js=_FOLLOW, **quiet)
        for place in (conversation, listing):
            place.open_original(open_original, outputs=[original, tabs], **quiet).then(
                None, js=_REVEAL, **quiet
            )
        wanted.change(
            lambda words: render.article_list(qa.articles(), words),
            wanted,
            listing,
            trigger_mode="always_last",
            **quiet,
        )
    page.queue(default_concurrency_limit=VISITORS, api_open=False)
    return page
