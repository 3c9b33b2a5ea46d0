"""Rewrites a follow-up with a language model as a question of its own, adding nothing that was not said."""

import re
from collections.abc import Generator, Sequence

from index.dates import find_periods
from index.errors import GenerationError
from index.figures import find_figures
from index.folding import fold
from index.regions import find_asked_regions
from prompts import render
from qa.generation.model import Chat, harmless, spoken
from qa.question import MAX_QUESTION
from qa.records import Token

_EARLIER = 3
"""Questions before the last one that the model is shown."""
_LEAD = re.compile(r"^(?:改写(?:后的问题)?|问题)[:：]\s*|^[>＞“\"「]+\s*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def rewritten(chat: Chat, earlier: Sequence[str], question: str) -> Generator[Token, None, str]:
    """Yield signs of life while the model writes; return the follow-up as a question of its own.

    Raises GenerationError where the model fails, writes anything but one question, or brings in a figure,
    place, date or title that no question holds.
    """
    told = "\n".join(f"> {harmless(text)}" for text in earlier[-_EARLIER:])
    prompt = render("rewriting", earlier=told, question=harmless(question))
    reply = ""
    for piece in spoken(chat.stream([{"role": "user", "content": prompt}], MAX_QUESTION)):
        reply += piece
        yield Token("")
    text = _LEAD.sub("", reply.strip()).rstrip('”"」 ')
    if not text or "\n" in text or len(text) > MAX_QUESTION:
        raise GenerationError("语言模型给出的不是一个问题")
    if added := sorted(_stated(text) - _stated("\n".join([*earlier, question]))):
        raise GenerationError(f"语言模型加入了没有问到的内容：{'、'.join(added)}")
    return harmless(text)


def _stated(text: str) -> set[str]:
    """Return the figures, places, dates and titles that a text holds, normalised."""
    folded = fold(text)
    return {
        *(
            f"{value.normalize():f}{figure.unit}"
            for figure in find_figures(folded)
            for value in (figure.low, figure.high)
        ),
        *_NUMBER.findall(folded),
        *(mention.region.name for mention in find_asked_regions(folded)),
        *(folded[period.text_start : period.text_end] for period in find_periods(folded)),
        *(f"《{title}》" for title in re.findall(r"《([^《》]+)》", folded)),
    }
