"""Public bodies: which ones a text names, whatever it calls them (人社局, 人力资源和社会保障厅)."""

import re
from functools import lru_cache

_OFFICES = r"(?:部门|系统|[局厅委署]|部(?!分))"
# What bodies look after, as the canonical name has it, and how else they are called. A body is known by its
# field: what is a 局 in one place is a 委 in another, and a question seldom says of which level.
_FIELDS: dict[str, str] = {
    "工业和信息化": r"工业和信息化|工业与信息化|工信|经济和信息化|经信",
    "人力资源和社会保障": r"人力资源和社会保障|人力资源社会保障|人社",
    "医疗保障": r"医疗保障|医保",
    "住房和城乡建设": r"住房和城乡建设|住房城乡建设|住建|城乡建设",
    "发展和改革": r"(?:国家)?发展和?改革|发改",
    "卫生健康": r"(?:国家)?卫生健康|卫健|卫计",
    "市场监督管理": r"市场监督管理|市场监管|工商行政管理|工商",
    "农业农村": r"农业农村|农村农业|农业",
    "财政": r"财政",
    "税务": r"税务|国税|地税",
    "教育": r"教育",
    "科学技术": r"科学技术|科技",
    "民政": r"民政",
    "公安": r"公安",
    "文化和旅游": r"文化和旅游|文化广电(?:和)?旅游|文旅|文广旅",
    "交通运输": r"交通运输|交通",
    "生态环境": r"生态环境|环境保护|环保",
    "自然资源": r"自然资源(?:和规划)?|规划和自然资源|国土资源",
    "应急管理": r"应急管理|应急",
    "退役军人事务": r"退役军人(?:事务)?",
    "商务": r"商务",
    "城市管理": r"城市管理(?:综合行政执法)?|城管(?:执法)?",
    "水务": r"水务|水利",
    "林业和草原": r"林业和草原|林草|林业",
    "统计": r"统计",
    "司法": r"司法",
    "体育": r"体育",
}
_NAMES = {name: re.compile(rf"(?:{pattern}){_OFFICES}") for name, pattern in _FIELDS.items()} | {
    "住房公积金管理中心": re.compile(r"公积金(?:管理)?中心"),
    "中国人民银行": re.compile(r"人民银行|央行"),
}
_ISSUED = re.compile(
    r"[^,。;!?，；。！？]{0,12}?(?:发布|印发|出台|公布|制定|下发|颁布|发文|通报|推出)(?!会)(?:的|了|过)"
)
"""Between a body and what it issued: 市医保局2023年印发的…"""


@lru_cache(maxsize=1024)
def bodies_of(folded: str) -> frozenset[str]:
    """Return the canonical names of the bodies that folded text names."""
    return frozenset(name for name, pattern in _NAMES.items() if pattern.search(folded))


def issuers(folded: str) -> frozenset[str]:
    """Return the bodies that a folded question names as who issued what it asks about (教育部印发的…)."""
    return frozenset(
        name
        for name, pattern in _NAMES.items()
        if any(_ISSUED.match(folded, match.end()) for match in pattern.finditer(folded))
    )
