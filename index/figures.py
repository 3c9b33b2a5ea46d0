"""Figures: finds amounts, shares, counts, durations and ranks in text and compares them by value and unit."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from index.dates import date_spans
from index.numerals import NUMERAL, Quantity, fold_aligned, read_quantity
from index.units import Unit, read_unit


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that stands in `text[start:end]` of what was searched.

    `low` and `high` are its value in `unit`, equal unless it is a range, scales and multiples resolved:
    2000万元 is 20000000 元, 三成 is 30 %, 3公里 is 3000 米. A rank has the unit 第位, a plain number ''.
    `approximate`: 近, 约, 余, 左右. `bound`: 'at_least' (不低于, 超过, 以上), 'at_most' (最高, 不超过, 以下)
    or ''.
    """

    start: int
    end: int
    text: str
    low: Decimal
    high: Decimal
    unit: str
    approximate: bool
    bound: str


def find_figures(text: str) -> list[Figure]:
    """Return the figures in `text`, raw or folded, in order, not overlapping.

    Dates, document numbers, list markers, times of day, addresses and names such as 5G or 第三条 are no
    figures; a Chinese numeral is one only with a unit behind it.
    """
    folded = fold_aligned(text)
    taken = sorted([*date_spans(folded), *(match.span() for match in _NO_FIGURE.finditer(folded))])
    figures: list[Figure] = []
    at = next_taken = 0
    while match := _START.search(folded, at):
        start = match.start()
        while next_taken < len(taken) and taken[next_taken][1] <= start:
            next_taken += 1
        free_until = taken[next_taken][0] if next_taken < len(taken) else len(folded)
        if free_until <= start:
            at = taken[next_taken][1]
            continue
        figure = _read_figure(folded, start)
        if figure and figure.end <= free_until:
            figures.append(replace(figure, text=text[figure.start : figure.end]))
            at = figure.end
        else:
            at = match.end()
    return figures


def states(text: str, figure: Figure) -> bool:
    """Whether an equal figure stands in `text`: value and unit agree; one without a unit equals any unit.

    A single value may stand as an end of a range, and a range as its two ends.
    """
    same = [found for found in find_figures(text) if figure.unit in ("", found.unit)]
    if any((found.low, found.high) == (figure.low, figure.high) for found in same):
        return True
    return {figure.low, figure.high} <= {value for found in same for value in (found.low, found.high)}


_START = re.compile(f"(?<![0-9a-z_.])[0-9]+|{NUMERAL}+")
_NO_FIGURE = re.compile(
    r"(?m:https?://[!-~]+|www\.[!-~]+|[!-~]+@[!-~]+"
    # times of day, document numbers, 5号, telephone numbers, names with a number such as GB/T 2260
    r"|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?|[0-9]{1,2}[时点](?:[0-9]{1,2}分(?:[0-9]{1,2}秒)?)?"
    r"|[〔\[(][0-9]{4}[〕\])]\s?第?\s?[0-9]+\s?号|第?[0-9〇一二三四五六七八九十百]+号"
    r"|(?<![0-9])0[0-9]{2,3}-[0-9]{7,8}|(?<![0-9])1[3-9][0-9]{9}(?![0-9元人个家户])"
    r"|(?:gb|iso|iec)(?:/t)?\s?[0-9][0-9.-]*|(?<![0-9])(?<![0-9]\s)[a-z]+[-_/]?[0-9][0-9a-z._/-]*"
    # list markers
    r"|^\s*\(?[0-9]{1,2}(?:[)、]|\.(?![0-9]))|\([0-9]{1,2}\)|(?<![0-9.])[0-9]{1,2}、(?=[\u4e00-\u9fff])"
    # words that begin like an amount
    r"|(?<![十百])二次|四周(?![以内年后前])|百家争鸣|百日|五花八门|千篇一律|百家[号姓]|千家万户|[百千万]年"
    r"|[千百万]人计划|百度|五台[山县]|七台河|三门[峡县]|三台县|[三四五]位一体|党的[一二三四五六七八九十]+大"
    r"|十[五六七八九]大|二十大|二十一大|二次元|三次产业|[一二三]元[论化结]|四两拨千斤|两口子|[三四]口之家"
    r"|(?<![0-9点一二两三四五六七八九十百])千[克瓦米]|(?:[0-9]+|[一二两三四五六七八九十]+)个半[月小])"
)


def _read_figure(text: str, start: int) -> Figure | None:
    """The figure whose number starts at `start`, its `text` still empty; None if it is none."""
    number = read_quantity(text, start)
    if number is None:
        return None
    if text[start - 1 : start] == "第":
        return _read_rank(text, start, number)
    if text.startswith("分之", number.end):
        return _read_share(text, start, number)
    if not number.arabic and not _is_numeral(text, start, number):
        return None
    unit, end = _read_unit(text, number)
    low = high = number.value
    approximate = number.approximate
    second = _read_second(text, end, unit)
    if second:
        other, unit, end = second
        if number.scale == 1 and low < other.value / other.scale:
            low *= other.scale  # 5-10万元
        high, approximate = other.value, approximate or other.approximate
    elif unit is _NO_UNIT and not _is_plain(text, start, number):
        return None
    else:
        half = _HALF.match(text, end) if unit.normal in ("年", "个月", "小时") else None
        if half:
            low = high = low + Decimal("0.5")
            end = half.end()
    if low > high or (unit is not _NO_UNIT and not _is_counted(text, start, end, number, unit)):
        return None
    return _qualify(text, start, end, (low * unit.factor, high * unit.factor), unit.normal, approximate)


_NO_UNIT = Unit("", "", Decimal(1), "", "")
_TENTH = Unit("成", "%", Decimal(10), "measure", "")
_TENTHS = re.compile("成(?![立员为了本果功就效长分都型份品套批熟交绩因不名群])")
_HALF = re.compile("半(?![导数径成岛山决年载])")
_RATE = re.compile(r"\s?/\s?(?P<scale>[百千万亿]?)")
_RANGE = re.compile(r"\s?(?:——|--|[-—–―─~至到])\s?")


def _read_unit(text: str, number: Quantity) -> tuple[Unit, int]:
    """The unit behind a number and its end; `_NO_UNIT` and the number's end without one."""
    at = number.end
    if number.arabic and text[at : at + 1] == " ":
        at += 1
    tenths = _TENTHS.match(text, at)
    if tenths and number.scale == 1 and number.value <= 10:
        return _TENTH, tenths.end()
    unit = read_unit(text, at)
    if unit is None or (unit.kind == "arabic" and not number.arabic):
        return _NO_UNIT, number.end
    end = at + len(unit.written)
    rate = _RATE.match(text, end)
    per = read_unit(text, rate.end()) if rate else None
    if rate and per:
        name = f"{unit.normal}/{rate['scale']}{per.normal}"
        unit, end = replace(unit, normal=name, factor=unit.factor / per.factor), rate.end() + len(per.written)
    return unit, end


def _read_second(text: str, end: int, unit: Unit) -> tuple[Quantity, Unit, int] | None:
    """The right side of a range whose left side ends at `end`: its number, its unit and its end."""
    dash = _RANGE.match(text, end)
    other = read_quantity(text, dash.end()) if dash else None
    if other is None:
        return None
    second, end = _read_unit(text, other)
    if second is _NO_UNIT or unit.normal not in ("", second.normal):
        return None
    return other, second, end


def _read_share(text: str, start: int, whole: Quantity) -> Figure | None:
    """百分之三十, 三分之一, 百分之三十至五十: a share in %."""
    part = read_quantity(text, whole.end + 2)
    if part is None or not whole.value:
        return None
    low = high = part.value * 100 / whole.value
    end = part.end
    dash = _RANGE.match(text, end) if whole.value == 100 else None
    if dash:
        at = dash.end() + (3 if text.startswith("百分之", dash.end()) else 0)
        other = read_quantity(text, at)
        if other and other.value > low:
            high, end = other.value, other.end
    return _qualify(text, start, end, (low, high), "%", part.approximate)


_RANKED = re.compile("(?:全[国球省市区县]|[列居名排位占界洲]|国内|业内|[中东西南北]部)$")
_RANK_END = re.compile("[位名](?![单称于置])|(?![\u4e00-\u9fff])|(?=[的和])")


def _read_rank(text: str, start: int, number: Quantity) -> Figure | None:
    """第10位, 全国第七: a rank; 第三条, 第二届 and other parts of a row are none."""
    match = _RANK_END.match(text, number.end)
    if match is None or (not match[0] and not _RANKED.search(text[max(0, start - 3) : start - 1])):
        return None
    return _qualify(text, start - 1, match.end(), (number.value, number.value), "第位", approximate=False)


_INSIDE_ROW = re.compile("[一二三四五六七八九十][、点]$")


def _is_numeral(text: str, start: int, number: Quantity) -> bool:
    """Whether Chinese characters are a number here: not 数十, 三四家, 万 alone, 第三、四项."""
    written = text[start : number.end]
    before = text[max(0, start - 1) : start]
    if before and before in "数几第成好":
        return False
    if _INSIDE_ROW.search(text[max(0, start - 2) : start]):
        return False
    if written[0] in "零〇○" and "点" not in written:
        return False
    if written[0] in "万亿" and (not before or before not in "超近约过逾上达破"):
        return False
    digits = written.rstrip("余多来万亿")
    return len(digits) < 2 or any(char in "十拾百佰千仟万亿〇零○点" for char in digits)


_ONE_IN_WORD = re.compile("[统唯之单同逐专任第万某每另这那有其再进前后上下]$")
_YEAR_IN_WORD = re.compile("[来到级一四度又]")
_DAYS_AFTER = re.compile("以?内|之内|以[上下]|期[限满]")
_DAYS_BEFORE = re.compile(
    "(?:少于|超过|多于|为|满|达|足|期限?|不得|起|每|连续|累计|公示|共|近|约|至少|提前|最[多长迟])$"
)


def _is_counted(text: str, start: int, end: int, number: Quantity, unit: Unit) -> bool:
    """Whether number and unit are an amount: not 一家 (an article), 唯一年度, the 8日 of a month."""
    if number.value == 1 and text[start] == "一":
        if unit.kind != "measure" or _ONE_IN_WORD.search(text[max(0, start - 1) : start]):
            return False
        return unit.normal != "年" or not _YEAR_IN_WORD.match(text, end)
    if unit.written == "日" and number.arabic and number.value <= 31:
        return bool(_DAYS_AFTER.match(text, end) or _DAYS_BEFORE.search(text[max(0, start - 3) : start]))
    return True


_CODE_BEFORE = re.compile(r"[a-z0-9][-/.:=#&?]$|[+/=#*第表图]$")
_CODE_AFTER = re.compile(r"\s?[a-z]|[-/.:=][0-9a-z]|[+*#_]|号")


def _is_plain(text: str, start: int, number: Quantity) -> bool:
    """Whether a number without a unit is a figure: Arabic and no part of a code, formula or address."""
    written = text[start : number.end]
    if not number.arabic or (len(written) > 1 and written[0] == "0" and written[1] != "."):
        return False
    if written.isdigit() and len(written) > 8:
        return False
    return not (_CODE_BEFORE.search(text[max(0, start - 2) : start]) or _CODE_AFTER.match(text, number.end))


_AT_LEAST = re.compile(
    "不(?:得|应|能|可)?(?:低于|少于|小于|短于)$"
    "|(?:至少|最低|最少|起码|超过|超|逾|突破|大于|高于|多于)(?:了|到|为)?$"
)
_AT_MOST = re.compile(
    "不(?:得|应|能|可|会)?(?:超过|高于|大于|多于|长于|超|逾)(?:人民币)?$"
    "|(?:最高(?![气温点峰洪位级人法检])|最多|至多|上限)[\u4e00-\u9fff]{0,4}$"
    "|(?<!不)(?<!不[得应能可])(?:低于|少于|小于)$|(?:不足|不满|未满|控制在)$"
)
_ROUGHLY = re.compile("(?:约|大约|将近|接近|(?<!最)近|大概)$")
_BEHIND = re.compile(r"(?P<more>[余多])?\s?(?:及)?(?P<said>以上|以内|之内|以下|左右|上下)?")


def _qualify(
    text: str, start: int, end: int, values: tuple[Decimal, Decimal], unit: str, approximate: bool
) -> Figure:
    """The figure with what the words around it say of it: 约, 左右, 不低于, 最高, 以上."""
    before = text[max(0, start - 10) : start].rstrip()
    behind = _BEHIND.match(text, end)
    more, said = (behind["more"], behind["said"]) if behind else (None, None)
    bound = ""
    if said == "以上":
        bound = "at_least"
    elif said in ("以下", "以内", "之内") or _AT_MOST.search(before):
        bound = "at_most"
    elif _AT_LEAST.search(before):
        bound = "at_least"
    rough = approximate or more is not None or said in ("左右", "上下")
    if not rough and _ROUGHLY.search(before):
        # 近三年 is the last three years, not nearly three
        rough = not (before.endswith("近") and unit in ("年", "个月", "日", "周"))
    return Figure(start, end, "", *values, unit, rough, bound)
