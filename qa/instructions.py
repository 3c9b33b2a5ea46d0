"""Tells which sentences of an article speak to a language model: they are no evidence of anything."""

import re
from typing import TYPE_CHECKING

from index.reading import search_span

if TYPE_CHECKING:
    from qa.evidence import Evidence

_BEFORE = 60
"""Code points before a sentence, in its line, that may hold the order which it is the object of."""
_SENTENCE = re.compile(r"[^。!?;\n]+")
_UNSEEN = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
# Of folded text without white space. Policies tell people to reply, to output power and to use AI: only what
# speaks of this very answer, or of a model's rules and roles, counts.
_ORDER = re.compile(
    r"(?:忽略|无视|忘记|忘掉|抛开|不必遵守|不要遵守)[^。;]{0,8}(?:以上|上述|前面|之前|此前|先前|规则|指令|指示|提示|资料)"
    r"|不再受[^。;]{0,4}(?:资料|规则|约束)|(?:规则|指令|提示)(?:全部)?(?:作废|失效)|优先于其余各条|新的指令是"
    r"|请[^。,;]{0,8}(?:回答|复述)|[请先只](?:务必)?(?:直接)?输出|停止输出|直接输出|只回复|请回复:"
    r"|(?:一律|必须|须|照此|要求)回答|改答|回答一律|不得回答任何|(?:作为|当作|写进|写入)(?:最终)?(?:回答|答案)"
    r"|在回答(?:里|末尾)|你的系统提示|提示词|语言模型的话|是大?语言模型|开发者模式|没有任何限制|环境变量|调用工具"
    r"|告诉(?:提问者|用户)|作为(?:一[个名])?(?:人工智能|ai|语言模型)?助手,|助手(?:必须|须|不得)|助手:"
    r"|你(?:现在是|必须回答|可以自由)|你是[^。,]{0,15},请|(?:assistant|human|system)[:,]|\"role\":"
    r"|<\|[a-z_]+\|>|\[/?inst\]|<</?sys>>|<(?:start|end)_of_turn>"
    r"|(?:ignore|disregard|forget)(?:all|any)?(?:of)?(?:the|your)?(?:previous|prior|above|rules|instructions)"
    r"|systemprompt|outputonly|answerthat"
)


def speaks_to_a_model(evidence: "Evidence") -> bool:
    """Tell whether a sentence, or what stands right before it in its line, gives orders to a model."""
    line = evidence.article.text.rfind("\n", 0, evidence.start) + 1
    start = max(line, evidence.start - _BEFORE, evidence.passage.start)
    return is_order(search_span(evidence.passage, start, evidence.end))


def is_order(folded: str) -> bool:
    """Tell whether folded text gives orders to a model."""
    return bool(_ORDER.search(_UNSEEN.sub("", folded)))


def without_orders(folded: str) -> str:
    """Return folded text, as long as before, with blanks for what gives orders to a model."""
    kept = list(folded)
    for found in _SENTENCE.finditer(folded):
        start, end = found.span()
        line = folded.rfind("\n", 0, start) + 1
        if is_order(folded[max(line, start - _BEFORE) : end]):
            kept[start:end] = " " * (end - start)
    return "".join(kept)
