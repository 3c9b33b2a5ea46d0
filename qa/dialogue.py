"""A conversation: a follow-up as the question it stands for, and the questions that one sentence holds."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from index.dates import find_periods
from index.folding import fold
from index.regions import find_asked_regions
from index.scripts import to_simplified
from qa.question import Kind, Question, understand

Span = tuple[int, int]
_SOME_DAY = date(2000, 1, 1)
_MOST = 4
"""Questions that are taken out of one sentence, and rows of a comparison."""
_SHORT = 10
"""A question of so few characters rarely names all that it asks of."""
_ELLIPSIS = re.compile(
    r"^(?:那么?|那|还有|换成|如果是|要是)?(?P<what>[^，。？?！!]{1,20}?)(?:呢|又如何|又怎样|怎么样)[？?]?$"
)
_POINTING = re.compile(
    r"^(?:那么?|那|还有|另外|再问)?[，,]?(?:它的?|这(?:个|项|些)?(?:政策|办法|项目|补贴|条例|奖励|措施|规定)?的?|该(?:政策|办法|项目|补贴|条例)的?|上述(?:政策|办法|项目)?的?)"
)
_LEAD = re.compile(r"^(?:那么?|那|还有|另外|再问|其|具体)[，,]?")
_ATTRIBUTE = re.compile(
    r"申请|申报|符合|满足|具备|应当|需要|条件|要求|材料|资料|流程|步骤|程序|手续|办理|时间|期限|日期|截止|标准|金额|额度|上限|比例|对象|范围|依据|文号|电话|地点|地址|网址|入口"
    r"|窗口|部门|单位|负责|主管|解释|施行|实施|生效|执行|发布|公布|印发|有效期|有效|到期|领取|发放|拿|领|办|最高|最低|最多|最少|每年|每月|每人|一次|多久|全文|原文|名称|全称"
    r"|个人|企业|网上|线上|线下|现场|目标|结果|原因|例外|处罚|罚款|申诉|[的了是有在由向到从和与或要能会可需给按如何怎么样谁哪里什么多少几时候些个种类项条天年月日家元人钱吗呢吧啊请问还又都也]"
)
"""Words that ask about something without naming it: 申请条件是什么 needs what was spoken of before."""
_HEADING = (
    r"(?:申请|申报|办理|所需|需要)?(?:材料|资料|条件|要求|流程|步骤|程序|手续|时间|期限|日期|对象|范围|依据|文号|电话|地点|地址|网址|入口|窗口|部门)"
    r"|(?:施行|实施|生效|执行|发布|公布|印发|截止)(?:时间|日期)|有效期"
)
_AMOUNT = r"(?:补贴|补助|奖励|资助)?(?:金额|额度|标准|比例|数额|上限|下限)"
_PROPERTY = re.compile(rf"(?:具体|主要)?的?(?:(?P<heading>{_HEADING})|(?P<amount>{_AMOUNT}))")
"""What is asked about a thing (申请材料, 奖励标准), and is no other thing."""
_PROPERTY_LAST = re.compile(rf"(?:的(?:{_HEADING}|{_AMOUNT})|{_HEADING}|金额|额度|标准|比例|数额|上限|下限)$")
_DEGREE = re.compile(r"(?:最[高低多少大小]|平均|至[多少])")
_WHO = re.compile(
    r"(?:(?:中小微?|小微|微型|小型|中型|大型|大中型|龙头|民营|国有|外资|高新技术|规模以上|规上|规模以下|初创|科技型|重点|专精特新|小巨人|本地|外地|普通|低收入|困难)*)"
    r"(?:企业|公司|个体工商户|个人|家庭|居民|农户|大学生|毕业生|高校|事业单位|社会组织|人才|职工|老年人|残疾人|退役军人)"
)
"""Whom a measure is for: 中小企业 takes the place of 企业."""
_LEANING = re.compile(
    r"它|他们|其(?![中他它余实次])|这|(?<!应)该|上述|前者|后者|同样|另外|还有|^那|呢[？?]?$|怎么样[？?]?$"
)
_HEAD_END = re.compile(
    r"(?:是|有|为|达到?|要|能|可以|需要|最[高多低少长]|一共|共|累计|目前|现在|每[年月家人]|给予?|奖励?|发)+$"
)
_OPENS = re.compile(r"怎么|怎样|如何|什么时候|何时|由|从|在|到|谁|哪|是|有|要|能|可|多|几|为")
"""No 的 stands before these: 育儿补贴怎么申请."""
_PARTS = re.compile(r"(?<=[？?；;])\s*")
_ASKS = re.compile(r"多少|几|什么|谁|哪|怎么|怎样|如何|是否|能否|可否|吗|为何|多[大高长久]|呢")
_BETWEEN = re.compile(r"(?:市|省)?(?:的)?[、和与跟及同,，]\s*|(?:年)?[、和与跟及同,，]\s*|还是")
_ROWS = re.compile(r"各[是为有占自]|分别|比较|对比|相比|区别|差别|不同|哪个|哪[座一]|谁[更的]|还是|各自")


_ROW_KINDS = frozenset({Kind.FIGURE, Kind.DATE, Kind.NAME, Kind.PLACE, Kind.LIST, Kind.PROCEDURE})


def standing_alone(text: str, earlier: Sequence[str]) -> str:
    """Return a follow-up as a question of its own, given the questions before it; any other as it is.

    那嘉兴呢 asks the last question of another region (year, thing); 申请条件是什么 and 它的… ask of what the
    last question spoke of. What a rule does not see through stays as it was asked.
    """
    before = ""
    for question in (*earlier, text):
        before = _resolved(question.strip(), before) if before else question.strip()
    return before


def leans(text: str) -> bool:
    """Tell whether a question that no rule completes may still need the ones before it."""
    folded = fold(text)
    named = find_asked_regions(folded) or _years(folded) or "《" in text
    return bool(_LEANING.search(to_simplified(text))) or (not named and len(text) <= _SHORT)


def _resolved(text: str, before: str) -> str:
    folded = to_simplified(text)
    if match := _ELLIPSIS.match(folded):
        return _exchanged(match["what"], before) or text
    if find_asked_regions(fold(text)) or "《" in text:
        return text
    pointing = _POINTING.match(folded)
    rest = text[pointing.end() :] if pointing else text[_lead(folded) :]
    if not pointing and _ATTRIBUTE.sub("", re.sub(r"[\W\d]", "", to_simplified(rest))):
        return text
    topic = _topic(before)
    if _OPENS.match(to_simplified(rest)):
        topic = topic.removesuffix("的")
    return f"{topic}{rest}" if topic and rest else text


def _lead(folded: str) -> int:
    match = _LEAD.match(folded)
    return match.end() if match else 0


def _exchanged(what: str, before: str) -> str:
    """Return the question before with its region, year or thing exchanged for another; "" where none fits."""
    asked, folded = fold(what), fold(before)
    if len(folded) != len(before) or len(asked) != len(what):
        return ""
    for find in (_regions, _years):
        if new := find(asked):
            named = what[new[0][0] : new[-1][1]]
            old = find(folded)
            return before[: old[0][0]] + named + before[old[-1][1] :] if old else named + before
    if asks_of := _of_the_same(what, before):
        return asks_of
    place = _thing(asked, folded)
    return before[: place[0]] + what + before[place[1] :] if place else ""


def _of_the_same(what: str, before: str) -> str:
    """Return a question about the same thing: a property, its highest, for whom; "" where it is none."""
    asked, folded = to_simplified(what), to_simplified(before)
    if match := _PROPERTY.fullmatch(asked):
        topic = _topic(before)
        if not topic or len(topic) == len(before):
            return ""
        word = "什么" if match["heading"] else "多少"
        return f"{topic.removesuffix('的')}的{what.removeprefix('的')}是{word}？"
    if _DEGREE.fullmatch(asked):
        if old := _DEGREE.search(folded):
            return before[: old.start()] + what + before[old.end() :]
        if asks := re.search(r"多少|几|多[大高]|什么", folded):
            head = len(_HEAD_END.sub("", folded[: asks.start()]))
            return before[:head] + what + before[head:] if head else ""
        return ""
    if _WHO.fullmatch(asked):
        # 企业技术改造 names a thing: its 企业 is whom it is for all the same, 中小企业技术改造.
        old = _WHO.search(folded)
        if old:
            return before[: old.start()] + what + before[old.end() :]
        named = [*_regions(fold(before)), *_years(fold(before))]
        at = max((end for _, end in named if end < len(before) // 2), default=0)
        return f"{before[:at]}{what}{before[at:]}"
    return ""


def _thing(asked: str, folded: str) -> Span | None:
    """Return where a question names what another thing takes the place of.

    It is what ends alike (二孩, 三孩); else what is counted (多少家智能工厂); else what is spoken of first.
    """
    alike = re.search(rf"[\u4e00-\u9fff]{{{len(asked) - 1}}}{re.escape(asked[-1])}", folded)
    if alike and alike.group()[:-1] != asked[:-1]:
        return alike.span()
    question = understand(folded)
    asks = _ASKS.search(folded)
    focus = _HEAD_END.sub("", question.focus).removeprefix("是")
    at = folded.find(focus, asks.end()) if asks and focus else -1
    if at >= 0:
        return at, at + len(focus)
    first = _HEAD_END.sub("", question.content[0].partition("的")[0]) if question.content else ""
    at = folded.find(first) if first else -1
    return (at, at + len(first)) if at >= 0 and folded != first else None


def _regions(folded: str) -> list[Span]:
    return [(mention.start, mention.end) for mention in find_asked_regions(folded)]


def _years(folded: str) -> list[Span]:
    """Return where single years are named, 去年 and its like too."""
    periods = [p for p in find_periods(folded, _SOME_DAY) if p.start.year == p.end.year]
    return [(p.text_start, p.text_end) for p in periods]


def _topic(before: str) -> str:
    """Return what a question speaks of: its title, else its words up to the asking one."""
    if title := re.search(r"《[^《》]+》", before):
        return title.group()
    asks = _ASKS.search(to_simplified(before))
    head = before[: asks.start()] if asks else before
    head = _HEAD_END.sub("", head.rstrip("，,"))
    if (last := _PROPERTY_LAST.search(to_simplified(head))) and last.start() > 1:
        head = head[: last.start()]
    return f"{head}的" if len(head) > 1 and not head.endswith("的") else head


def separate(text: str) -> list[Question]:
    """Return the questions that a text holds; of a comparison one for each region or year."""
    parts = [part for part in _PARTS.split(text.strip()) if part.strip("？?；; ")]
    if not 1 < len(parts) <= _MOST or not all(_ASKS.search(to_simplified(part)) for part in parts):
        parts = [text]
    alone: list[str] = []
    for part in parts:
        alone.append(_in_scope(_resolved(part, alone[-1]), alone[-1]) if alone else part)
    questions = [row for part in alone for row in _rows(part)]
    return questions if len(questions) <= _MOST else [understand(text)]


def _in_scope(part: str, before: str) -> str:
    """Return a later question of one text with the region of the one before, where it names none.

    With its year too, where it names no year either.
    """
    asked, folded = understand(part), fold(before)
    if len(folded) != len(before) or asked.regions or asked.titles:
        return part
    kept = [*_regions(folded), *([] if asked.periods or asked.latest else _years(folded))]
    return "".join(before[start:end] for start, end in sorted(kept)) + part


def _rows(text: str) -> list[Question]:
    """Return a comparison as one question for each region or each year; any other question alone."""
    whole = understand(text)
    folded = whole.folded
    if len(folded) != len(whole.text) or not (whole.kind is Kind.COMPARISON or _ROWS.search(folded)):
        return [whole]
    for listed in (_regions(folded), _years(folded)):
        joined = all(_BETWEEN.fullmatch(folded, a[1], b[0]) for a, b in pairwise(listed))
        if 1 < len(listed) <= _MOST and joined:
            left = _ROWS.sub("", whole.text[: listed[0][0]])
            right = _ROWS.sub("", whole.text[listed[-1][1] :], count=1)
            names = [whole.text[start:end] for start, end in listed]
            rows = [replace(understand(left + name + right), row=name) for name in names]
            return rows if all(row.kind in _ROW_KINDS for row in rows) else [whole]
    return [whole]
