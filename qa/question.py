"""Understands a question: region, period, kind of answer wanted, quoted titles, words that carry meaning."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache

from index.dates import Period, find_periods
from index.errors import InputError
from index.figures import find_figures
from index.folding import fold
from index.regions import Region, find_asked_regions
from index.scripts import is_traditional
from qa.bodies import issuers

MAX_QUESTION = 1000
"""Code points; longer input is a mistake (a pasted article), not a question."""


class Kind(StrEnum):
    """What kind of answer a question wants."""

    FIGURE = "figure"
    DATE = "date"
    NAME = "name"
    PLACE = "place"
    LIST = "list"
    REASON = "reason"
    PROCEDURE = "procedure"
    YES_NO = "yes_no"
    COMPARISON = "comparison"
    DEFINITION = "definition"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Question:
    """A question as Wence understands it; all texts but `text` are folded."""

    text: str
    folded: str
    kind: Kind
    units: tuple[str, ...]
    """Measure words that the asked figure may have (「家」; 「元」), empty where open."""
    regions: tuple[Region, ...]
    periods: tuple[Period, ...]
    titles: tuple[str, ...]
    """Names quoted in 《》."""
    issuers: frozenset[str]
    """The bodies that are said to have issued what is asked about, as `qa.bodies` names them."""
    latest: bool
    """Whether the newest is asked for (目前, 最新, 今年)."""
    several: bool
    """Whether more than one thing is asked for (分别, 各, two asking words)."""
    wanted: int
    """How many things are asked for, as far as the question says (四个条件, 从哪天到哪天), else 1."""
    row: str = field(default="", kw_only=True)
    """In a comparison, the region or year that this question is asked of."""
    chat: bool
    """Whether it speaks to who answers (你好, 谢谢, 你喜欢什么) and asks nothing of the articles."""
    traditional: bool
    content: tuple[str, ...]
    """The runs that are left when function words, regions and dates are taken out."""
    focus: str
    """The run that the asking word stands at: what is counted, named or dated."""


_MONEY = ("元", "美元", "港元", "欧元")
_PERCENT = ("%", "个百分点", "成")
_MEASURES = (
    "亿元|万元|元|块钱|块|个百分点|百分点|平方米|平方公里|公里|千米|米|公顷|亩|万吨|吨|千瓦时|千瓦|个月|个工作日|工作日|"
    "小时|分钟|周岁|岁|家|个|台|套|项|条|户|人次|人|名|位|所|座|辆|件|批|次|倍|期|届|天|日|年|种|类|部|款|处|级|度|成|只|支|张|份|章|场|艘|间|栋|头|平|克|斤|公斤"
)
_COUNT = re.compile(
    rf"(?:多少|几)(?:万|亿|千|百)?({_MEASURES})(?<!家(?=庭))(?<!项(?=目))(?<!支(?=持|出))(?<!条(?=件))(?<!人(?=才|员))(?<!成(?=本|立))(?<!名(?=额))"
)
_MONEY_WORDS = re.compile(r"多少钱|金额|额度|罚款|产值|投资额|奖金|多少资金|多少投资")
_SUPPORT_WORDS = re.compile(
    r"(?:补贴|补助|奖励|支持|资助)多少|多少(?:补贴|奖励|补助|支持)|最多[能可](?:拿|领|补|奖|给)多少"
)
_PERCENT_WORDS = re.compile(
    r"比例|占比|百分之几|比重|率(?![先领])|增幅|增速|百分比|几成|(?:增长|提高|降低|下降|上浮|上升)(?:了)?多少"
)

# The first pattern that is found decides; the order goes from the most to the least telling.
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.REASON, re.compile(r"为什么|为何|为啥|原因|怎么会")),
    (Kind.DEFINITION, re.compile(r"什么是|什么叫|何谓|是什么意思|指(?:的是|的)?什么|(?:定义|含义)是")),
    (
        Kind.COMPARISON,
        re.compile(r"比较|对比|有(?:什么|何|哪些)(?:区别|差别|不同)|哪[个座家](?:更|高|多|大|早)"),
    ),
    (
        Kind.LIST,
        re.compile(
            r"哪些|哪几|哪[二两三四五六七八九十]|分别(?!.{0,8}(?:多少|几|多[大高长久远]|什么时候|何时|哪一?[年月天]))|包括什么|包含什么|有什么(?:条件|要求|措施|内容|好处|方面|举措|方向|政策|支持)|"
            r"(?:什么|啥)(?:条件|要求|措施|材料|标准|情形|方向|举措)|都有谁|几(?:大|方面|个方面)"
        ),
    ),
    (
        Kind.DATE,
        re.compile(
            r"什么时候|什么时间|何时|[西公]元几|几年(?=的|时|开|成|被|在)|哪一?年|哪一?天|哪个?月|几月|几号|几日|啥时候|截止(?:日期|时间)|(?:起止|施行|生效|实施|发布|公布|开始|举行|举办|召开)(?:的)?(?:日期|时间)|"
            r"有效期|到期|多久到|从何日"
        ),
    ),
    (
        Kind.FIGURE,
        re.compile(
            r"多少|(?<![这近前好那头第])几(?!乎|何|经|次三番)|多大|多高|多长|多久|多远|多快|比例|占比|百分之几|比重|额度|金额|利率|增幅|增速|增长率|上限|下限|罚款|数量|规模有|"
            r"总数|总量|排名|人数|产值(?:是|达|有)|投资额|最高(?:能|可)?(?:拿|领|补|奖|给)"
        ),
    ),
    (Kind.PLACE, re.compile(r"哪里|哪儿|在哪|何处|什么地方|哪个(?:城市|省|市|区|县|地方|地区)|哪座")),
    (
        Kind.NAME,
        re.compile(
            r"谁|哪家|哪个|哪一(?:个|家|项|部)|哪位|哪项|哪部|什么(?:单位|部门|机构|公司|名字|名称|会议|文件|职务)|叫什么|何人|由谁|哪种|哪款"
        ),
    ),
    (Kind.PROCEDURE, re.compile(r"怎么|怎样|如何|流程|步骤|怎么办|手续|咋")),
    (
        Kind.YES_NO,
        re.compile(
            r"是否|能否|可否|是不是|能不能|可不可以|有没有|要不要|会不会|需不需要|吗[？?]?$|(?<!什)么[？?]?$"
        ),
    ),
)

_LATEST = re.compile(r"今年|本年|目前|现在|当前|最新|新规|新政|如今|眼下|现行|迄今|至今|最近|近期")

# Words that ask, join or point, but name nothing that an article could state.
_FUNCTION_WORDS = re.compile(
    r"为什么|什么时候|什么时间|什么地方|什么样|什么|多少钱|多少|多大|多高|多长|多久|多远|几[个家台套项条户人名位所座辆件批次倍期届天日年种类部款处级号月]|几|"
    r"哪[些个家里儿年天月位项部种款座一几两三四五六]+|哪|何时|何处|为何|谁|怎么样|怎么办|怎么|怎样|如何|是否|能否|可否|是不是|能不能|可不可以|有没有|"
    r"请问|请教|想知道|想问|问一下|我想|告诉我|介绍一下|一下|了解|根据|按照|依据|关于|对于|其中|以及|或者|还是|并且|而且|但是|"
    r"分别|一共|总共|共有|共计|累计|大约|大概|左右|目前|现在|当前|最新|如今|现行|已经|将要|将会|"
    r"可以|能够|可能|应该|应当|需要|必须|才能|能拿|能领|拿到|得到|获得|给予|进行|吗|呢"
)
_COUNTERS = (
    ("家", "个", "户", "所", "座", "处", "间"),
    ("项", "条", "个", "件", "批", "款", "种", "类"),
    ("人", "名", "位", "个", "人次"),
    ("天", "日", "工作日", "个工作日", "个月", "年"),
    ("岁", "周岁"),
    ("台", "套", "部", "个"),
)
"""Measure words that articles use for one another."""
_CLAUSE_END = re.compile(r"[,;:。!?，；：！？]")
_ASKING = re.compile(
    rf"(?:多少|几)(?:万|亿|千|百)?(?:{_MEASURES})?|为什么|什么时候|什么时间|什么|多[大高长久远]|哪[些个家里儿年天月位项部种款座]?|"
    r"何时|何处|谁|怎么|怎样|如何|分别"
)
_SEVERAL = re.compile(r"分别|各[是为有占]|依次|每[一]?[档类级]|[两二三四五六]档")
_CHAT = re.compile(
    r"^(?:你|您)(?:好|是|叫|会不会|有没有|喜欢|最喜欢|觉得|说得|真|太|今天|在|打算|知道我)|^(?:嗨|哈喽|哈哈|早上好|晚上好|下午好|再见|拜拜)"
    r"|(?:谢谢|多谢|感谢|辛苦|聪明|厉害|喜欢)(?:你|您|了|啊|呀|[,。!?，！？]|$)|(?:陪|给|跟)我(?:聊|说|讲|唱)|笑话|聊聊天|唱首歌|我有点[困累烦]"
)
_STATED_COUNT = re.compile(
    r"(?:哪|这|那|的|[:,“”\"])?([两二三四五六七八九十]|[2-9])(?:大|个|项|条|种|类|档|点|步|方面)(?!月|百分点|工作日|多|余|[\d万亿])"
)
_DIGITS = {c: n for n, c in enumerate("一二三四五六七八九十", start=1)} | {"两": 2}
_COUNTED = re.compile(r"[去前明后上]年")
_SEPARATORS = re.compile(r"[^\w%]+")


def understand(text: str, today: date | None = None) -> Question:
    """Read a question; 去年 and its like are counted from `today`, by default the clock's.

    今年 asks for the newest there is, as 目前 does: what the articles call 今年 is their own year. Raises
    InputError when the question is empty or longer than `MAX_QUESTION`.
    """
    text = text.strip()
    if not text:
        raise InputError("问题是空的：请输入一个问题，例如「天津市智能工厂累计有多少家？」")
    if len(text) > MAX_QUESTION:
        raise InputError(f"问题有 {len(text)} 字，超过 {MAX_QUESTION} 字：请只输入问题本身")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise InputError("问题里有无法识别的字符：请以 UTF-8 编码输入")
    folded = fold(text)
    mentions = find_asked_regions(folded)
    periods = _periods(folded, today or date.today())
    subject = _subject(
        folded, [(m.start, m.end) for m in mentions] + [(p.text_start, p.text_end) for p in periods]
    )
    kind = next((kind for kind, pattern in _KINDS if pattern.search(folded)), Kind.OTHER)
    return Question(
        text=text,
        folded=folded,
        kind=kind,
        units=_units(folded),
        regions=tuple(dict.fromkeys(mention.region for mention in mentions)),
        periods=tuple(periods),
        titles=tuple(re.findall(r"《([^《》]+)》", folded)),
        issuers=issuers(folded),
        latest=bool(_LATEST.search(folded)),
        several=kind is Kind.LIST or bool(_SEVERAL.search(folded)) or len(_ASKING.findall(folded)) > 1,
        wanted=_wanted(folded),
        chat=bool(_CHAT.search(folded)) and not (mentions or periods or _units(folded) or "《" in folded),
        traditional=is_traditional(text),
        content=tuple(_runs(subject)),
        focus=_focus(folded, subject),
    )


@cache
def _alike(measure: str) -> tuple[str, ...]:
    """Return the measure word and those used in its place, as `find_figures` names their units."""
    measures = {measure, *(word for group in _COUNTERS if measure in group for word in group)}
    return tuple(sorted({figure.unit for word in measures for figure in find_figures("1" + word)}))


def _periods(folded: str, today: date) -> list[Period]:
    """Return the periods a question names outright, or counts from today (去年)."""
    named = find_periods(folded)
    spans = {(period.text_start, period.text_end) for period in named}
    counted = [
        period
        for period in find_periods(folded, today)
        if (period.text_start, period.text_end) not in spans
        and _COUNTED.match(folded, period.text_start, period.text_end)
    ]
    return named + counted


def _units(folded: str) -> tuple[str, ...]:
    """Return the units that the asked figures may have; a question may ask for several."""
    units: list[str] = []
    for unit in _COUNT.findall(folded):
        if unit in ("亿元", "万元", "元", "块钱", "块"):
            units += _MONEY
        elif unit in ("百分点", "个百分点", "成"):
            units += _PERCENT
        else:
            units += _alike(unit)
    if _MONEY_WORDS.search(folded):
        units += _MONEY
    if _PERCENT_WORDS.search(folded):
        units += _PERCENT
    if _SUPPORT_WORDS.search(folded):
        units += _MONEY + _PERCENT
    return tuple(dict.fromkeys(units))


def _subject(folded: str, spans: Iterable[tuple[int, int]]) -> str:
    """Blank out regions, dates and function words; what is left, at its place, names the subject."""
    characters = list(folded)
    for start, end in spans:
        characters[start:end] = " " * (end - start)
    return _FUNCTION_WORDS.sub(lambda match: " " * len(match.group()), "".join(characters))


def _runs(subject: str) -> list[str]:
    return [run for run in _SEPARATORS.split(subject) if run]


def _wanted(folded: str) -> int:
    """Return how many things a question asks for: the count that it states, else that of its asking words."""
    asking = _ASKING.findall(folded)
    for match in _STATED_COUNT.finditer(folded):
        near = folded[max(0, match.start() - 1) : match.end() + 12]
        if re.search(r"哪|各|分别|什么|啥", near):
            return int(match[1]) if match[1].isdigit() else _DIGITS[match[1]]
    pair = bool(re.search(r"[和与及、].*(?:分别|各[是为有占]|依次)", folded))
    return max(len(asking) - (1 if "分别" in asking and len(asking) > 1 else 0), 2 if pair else 1)


def _focus(folded: str, subject: str) -> str:
    """Return the run behind the first asking word in its clause, else the one before, else the last."""
    if match := _ASKING.search(folded):
        behind = _CLAUSE_END.split(subject[match.end() :])[0]
        ahead = _CLAUSE_END.split(subject[: match.start()])[-1]
        for part, place in ((behind, 0), (ahead, -1)):
            if runs := [run for run in _runs(part) if len(run) > 1]:
                return runs[place]
    return (_runs(subject) or [""])[-1]
