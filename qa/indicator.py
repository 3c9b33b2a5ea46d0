"""Whether a sentence's figures are of what is asked: no total for each, no condition, no other attribute."""

import re
from functools import lru_cache

from index.figures import Figure, find_figures, states
from qa.features import fits_unit
from qa.question import Kind, Question

_EACH = re.compile(
    r"每一?[家个户人名位月年天日次孩台辆亩平招所座件条千公]|单[个台套项家户人位]|人均|户均|平均每|/[人户月年平台亩]"
)
_EVERY = re.compile(r"每一?[家个户人名位孩台辆亩招所座件条]|人均|户均|平均每")
_ALL = re.compile(r"一共|总共|合计|总额|总量|总计|共计|累计|共(?:发放|投入|安排|支出|筹集)")
_SUMMED = re.compile(r"共|计|总|累|已|全[市省国区县]")
_GROWTH = re.compile(
    r"(?:增长|下降|上涨|上升|上浮|下浮|提高|降低|减少|增加)了?(?:多少|几|百分之几)|增幅|增速|降幅|涨幅|跌幅|增长率"
)
_CHANGED = re.compile(r"[增升涨降跌减浮提调扩超翻缩]|多出|少了|放宽|同比|环比|比上|较|\+|-\d")
_DURATION = frozenset({"年", "个月", "日", "工作日", "个工作日", "小时", "周"})
_HOW_LONG = re.compile(
    r"最[长短][^，。,]{0,8}(?:多少|几|多[长久])|(?:贷|借|休|放|发|住)(?:款|到)?(?:多少|几)[年个天]"
)
_CONDITION = re.compile(r"(?:满|不足|未满|年满|连续)[^，；。,;]{0,4}$")
_CONDITION_END = re.compile(r"(?:以上|以下|以内)?[^，；。,;]{0,8}(?:的|者|后)?(?=[，；。,;、]|$|满|不)")

_ATTRIBUTES = tuple(
    (re.compile(asked), re.compile(stated))
    for asked, stated in (
        (r"利率|利息|年息|月息", r"利率|利息|息|LPR|lpr"),
        (r"首付", r"首付|首期"),
        (r"年龄|几岁|多少周?岁|多大年纪", r"岁|年龄|年满"),
        (r"出口", r"出口|外贸|海外|境外"),
        (r"进口", r"进口|外贸"),
        (r"利润", r"利润|盈利|获利|净利|赚"),
        (r"税收|纳税|税额|缴税", r"税"),
        (r"收费|单价|票价|电价|水价|气价|房价|租金|价格|均价|售价", r"费|价|元/|租|收取|每[平度吨]|[卖售]"),
        (r"罚款|罚金|罚多少", r"罚"),
        (r"排放|减排|二氧化碳", r"排放|减排|碳|排污"),
        (r"能耗|耗能|用电量|用水量", r"能耗|耗能|用能|用电|用水|电耗|水耗"),
        (r"工资|薪|月收入|年收入", r"工资|薪|收入|报酬|待遇"),
        (r"婚假", r"婚假|结婚"),
        (r"产假", r"产假|生育|分娩"),
        (r"注册资本|注册资金", r"注册资[本金]"),
        (r"面积|多少(?:平方米|平米|亩|公顷|平方公里)", r"面积|平方|㎡|平米|亩|公顷"),
        (r"岗位|就业", r"岗|就业|[招录聘]|用工|人员"),
        (r"从业人员|员工|职工人数|用工", r"从业|员工|职工|用工|人员|就业|工人|[\d万千百]人"),
        (r"学费|保费|会费|押金|保证金|违约金|滞纳金", r"费|押金|保证金|违约金|滞纳金"),
        (r"里程|多少公里|距离", r"公里|里程|千米|米|距"),
    )
)
"""What names an attribute in the clause that asks, and one of which a sentence about it holds."""
_MONEY = frozenset({"元", "美元", "港元", "欧元"})
_GRANT = re.compile(
    r"(?:以内|以上|左右)?的?[\u4e00-\u9fff]{0,6}?(?:补[贴助偿]|奖[励补金]|资助|贷款|额度|津贴|罚款|红包|消费券|资金)"
)
_ASKING = re.compile(r"多少|几[家个台套项条户人名位所座辆件批次倍期天日年岁成]|多[大高长久远重]|百分之几")
_CLAUSE = re.compile(r"[^,;。!?，；：！？]+")
_TITLE = re.compile(r"《[^》]*》")


def contradicts(question: Question, sentence: str, around: str, whole: str) -> bool:
    """Tell whether what a folded sentence states surely is not the indicator that a question asks for.

    `around` is what stands before the sentence in its passage, and its heading; `whole` its article. What a
    question takes for granted (那80万元补贴) must stand in the article; else only questions for a figure
    can be told. A False says nothing.
    """
    if any(not states(whole, figure) for figure in _granted(question.folded)):
        return True
    if question.kind is not Kind.FIGURE:
        return False
    asked = _asking_clause(question)
    return (
        _each_for_all(asked, sentence)
        or bool(_GROWTH.search(asked) and not _CHANGED.search(sentence))
        or (bool(_HOW_LONG.search(asked)) and _only_conditions(question, sentence))
        or any(
            attribute.search(asked) and not stated.search(sentence) and not stated.search(around)
            for attribute, stated in _ATTRIBUTES
        )
    )


@lru_cache(maxsize=256)
def _granted(folded: str) -> tuple[Figure, ...]:
    """Return the amounts that a question takes for granted: those of a 补贴, a 贷款 or the like."""
    return tuple(f for f in find_figures(folded) if f.unit in _MONEY and _GRANT.match(folded, f.end))


def _asking_clause(question: Question) -> str:
    """Return the clauses that hold an asking word, quoted titles blanked out."""
    clauses = _CLAUSE.findall(_TITLE.sub("", question.folded))
    return "，".join(clause for clause in clauses if _ASKING.search(clause))


def _each_for_all(asked: str, sentence: str) -> bool:
    """Tell whether a sum is asked and only an amount for each is there, or the other way round."""
    if _ALL.search(asked) and not _EVERY.search(asked):
        return bool(_EACH.search(sentence)) and not _SUMMED.search(sentence)
    return bool(_EVERY.search(asked) and _ALL.search(sentence) and not _EACH.search(sentence))


def _only_conditions(question: Question, sentence: str) -> bool:
    """Tell whether every figure that fits is a condition (连续缴满6个月的), none what is granted."""
    found = [f for f in find_figures(sentence) if f.unit in _DURATION and fits_unit(question, f)]
    return bool(found) and all(
        _CONDITION.search(sentence, 0, f.start) and _CONDITION_END.match(sentence, f.end) for f in found
    )
