"""Tells which sentences of an article speak to a language model: they are no evidence of anything."""

import re

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


def order_spans(folded: str) -> list[tuple[int, int]]:
    """Return where folded text gives orders to a model: spans of whole sentences."""
    found = []
    for match in _SENTENCE.finditer(folded):
        start, end = match.span()
        line = folded.rfind("\n", 0, start) + 1
        # What an order is followed by in its line may be the object of it.
        if _ORDER.search(_UNSEEN.sub("", folded[max(line, start - _BEFORE) : end])):
            found.append((start, end))
    return found


def without_orders(folded: str) -> str:
    """Return folded text, as long as before, with blanks for what gives orders to a model."""
    for start, end in order_spans(folded):
        folded = folded[:start] + " " * (end - start) + folded[end:]
    return folded
