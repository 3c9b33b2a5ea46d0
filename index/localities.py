"""Localities: decides which region an article speaks for, from title, publisher and first lines."""

import re

from index.fields.lines import Lines, Reading
from index.fields.places import NATIONAL, most_named
from index.folding import fold
from index.regions import NATION, find_regions, related

# The province that a document's number begins with (津政办发〔2024〕5号); 国 for the State Council.
# 青 and 宁 are left out: Qingdao and Nanjing number with them too.
_ISSUERS = {
    "国": "全国",
    "京": "北京市",
    "津": "天津市",
    "冀": "河北省",
    "晋": "山西省",
    "蒙": "内蒙古自治区",
    "辽": "辽宁省",
    "吉": "吉林省",
    "黑": "黑龙江省",
    "沪": "上海市",
    "苏": "江苏省",
    "浙": "浙江省",
    "皖": "安徽省",
    "闽": "福建省",
    "赣": "江西省",
    "鲁": "山东省",
    "豫": "河南省",
    "鄂": "湖北省",
    "湘": "湖南省",
    "粤": "广东省",
    "桂": "广西壮族自治区",
    "琼": "海南省",
    "渝": "重庆市",
    "川": "四川省",
    "黔": "贵州省",
    "滇": "云南省",
    "藏": "西藏自治区",
    "陕": "陕西省",
    "甘": "甘肃省",
    "新": "新疆维吾尔自治区",
}
_COURT = re.compile("最高人民(?:法院|检察院)")
_REPUBLIC = "中华人民共和国"
_OVERSEAS = frozenset({"71", "81", "82"})
"""Taiwan, Hong Kong and Macau: a national body mostly speaks of what passes between them and the mainland."""
_NATION_LAW = re.compile("国务院|中华人民共和国|国家|全国")
_OUR = re.compile("[我本全](?:市|省|区|县)(?!别|级|场|域|间|委)")
_LOCAL = re.compile("[本我](?:市|省|自治区|自治州|自治县|县|区)(?!别|级|场|委)")


def find_locality(
    title: str, issuer: str, document_number: str, publisher: str, kind: str, lines: Lines
) -> Reading[str] | None:
    """The full name of the region an article speaks for; 全国 for the nation's bodies, None where uncertain.

    The title decides, else who issued the document or its number, else the region most named at the start,
    else who published it, who alone knows what 我市 and 全省 are. What a national body says of 内地与香港
    or of courts is said for the nation.
    """
    if _COURT.match(fold(issuer)):
        return Reading(NATION, "制定机关")
    maker = _named(issuer)
    named = _titled(title, maker)
    for place, found in (("标题", named), ("制定机关", maker), ("文号", _ISSUERS.get(document_number[:1]))):
        if found is not None:
            return Reading(found, place) if found else None
    text = "\n".join(line.text for line in lines.body)
    if kind == "法规" and _NATION_LAW.search(text) and not _LOCAL.search(text):
        return Reading(NATION, "正文")
    home, found = _named(publisher), most_named(text)
    if home and home != NATION and _OUR.search(fold(text)) and not (found and related(found, home)):
        return Reading(home, "发布单位")
    if found is not None:
        return Reading(found, "正文") if found else None
    return Reading(home, "发布单位") if home else None


def _titled(title: str, maker: str | None) -> str | None:
    """The region of the title; where it names several, the one that is related to its maker's."""
    mentions = find_regions(title)
    begin = len(_REPUBLIC) if title.startswith(_REPUBLIC) else 0
    if maker == NATION and any(m.region.code[:2] in _OVERSEAS and m.start > begin for m in mentions):
        return NATION
    named = _named(title)
    if named == "" and maker:
        own = [m.region.full_name for m in mentions if related(m.region.full_name, maker)]
        return max(own, key=len) if own and maker != NATION else maker
    return named


def _named(text: str) -> str | None:
    """The region of a title or a publisher: empty where it names several, None where it names none."""
    names = [mention.region.full_name for mention in find_regions(text)]
    narrow = [name for name in names if name != NATION]
    if narrow:
        longest = max(narrow, key=len)
        return longest if all(related(longest, name) for name in narrow) else ""
    return NATION if names or NATIONAL.search(fold(text)) else None
