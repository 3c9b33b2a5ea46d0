"""Localities: decides which region an article speaks for, from title, publisher and first lines."""

import re
from collections import Counter
from collections.abc import Sequence

from index.fields.lines import Lines, Reading
from index.folding import fold
from index.region_names import regions
from index.regions import NATION, Mention, Region, find_regions, related

_NATIONAL = re.compile(
    r"中华人民共和国|国务院|全国人民代表大会|全国人大|最高人民法院|最高人民检察院|中共中央|中央军委|国家(?!级)[\u4e00-\u9fff]{2,10}(?:局|委|办|会|署|部)"
    r"|(?<!国)(?:工业和信息化|财政|商务|教育|科学技术|科技|公安|民政|司法|农业农村|生态环境|自然资源|交通运输|水利|文化和旅游|住房和城乡建设"
    r"|人力资源和社会保障|应急管理|国防|外交)部(?!门|分|长)|中国(?:人民银行|证监会|银保监会)|海关总署|税务总局|市场监管总局"
)
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
_LOCAL = re.compile("[本我](?:市|省|自治区|自治州|自治县|县|区)(?!别|级|场|委)")
_DATELINE = re.compile(
    r"((?:本报|本网|本台|[\u4e00-\u9fff]{2,8}(?:网|社|报|新闻))(?:记者)?)[\u4e00-\u9fff]{2,10}?(?=(?:\d{4}年)?\d{1,2}月\d{1,2}日[电讯])"
)
"""新华社北京7月28日电: where it was sent from, which for a nation's agency is seldom what it speaks of."""
_OPENING = 150
_BODY_LENGTH = 1500
_LEAD = 2.0
"""How many times as often as any other the region of the body is named."""
_MENTIONS = 2


def find_locality(
    title: str, issuer: str, document_number: str, publisher: str, kind: str, lines: Lines
) -> Reading[str] | None:
    """The full name of the region an article speaks for; 全国 for the nation's bodies, None where uncertain.

    The title decides, else who issued the document or its number, else the region most named at the start,
    else who published it. What a national body says of 内地与香港 or of courts is said for the nation.
    """
    if _COURT.match(fold(issuer)):
        return Reading(NATION, "制定机关")
    maker = _named(issuer)
    named = _titled(title, maker)
    for place, found in (("标题", named), ("制定机关", maker), ("文号", _ISSUERS.get(document_number[:1]))):
        if found is not None:
            return Reading(found, place) if found else None
    text = "\n".join(line.text for line in lines.body)[:_BODY_LENGTH]
    if kind == "法规" and _NATION_LAW.search(text) and not _LOCAL.search(text):
        return Reading(NATION, "正文")
    found = _most_named(text)
    if found is not None:
        return Reading(found, "正文") if found else None
    found = _named(publisher)
    return Reading(found, "发布单位") if found else None


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


def _most_named(text: str) -> str | None:
    """The region most named: empty where several are, None where none is.

    From the province down to the part that most of the mentions name or lie in.
    """
    text = _DATELINE.sub(r"\1", text)
    mentions = [mention for mention in find_regions(text) if mention.region.full_name != NATION]
    national = len(_NATIONAL.findall(fold(text))) >= _MENTIONS
    if not mentions:
        return NATION if national else None
    codes = Counter(mention.region.code for mention in mentions)
    (province, count), *others = Counter(code[:2] for code in codes.elements()).most_common()
    if others and count < _LEAD * others[0][1]:
        return NATION if national else ""
    if count < _MENTIONS and not _is_plain(text, mentions):
        return NATION if national else ""
    own = [code for code in codes.elements() if code[:2] == province]
    chosen = province
    city, inside = Counter(code[:4] for code in own).most_common(1)[0]
    if city[2:] != "00" and 2 * inside >= len(own):
        chosen = city
        county, exact = Counter(code for code in own if code[:4] == city).most_common(1)[0]
        if county[4:] != "00" and 2 * exact > inside:
            chosen = county
    found = next((m.region for m in mentions if m.region.code == chosen.ljust(6, "0")), None)
    holder = found or next(m.region for m in mentions if m.region.code.startswith(chosen))
    return holder.full_name if found else _holder(holder, len(chosen) // 2)


def _is_plain(text: str, mentions: Sequence[Mention]) -> bool:
    """Whether a lone mention stands at the beginning and is written as a place: 新邵县, not a firm's 北京."""
    first = mentions[0]
    if first.start > _OPENING:
        return False
    written = first.end - first.start
    return text[first.end - 1] in "省市区县旗州盟" or (first.region.level > 1 and written > 3)


def _holder(region: Region, level: int) -> str:
    """The name of what holds a region at a level: 1 the province, 2 the prefecture."""
    code = region.code[: 2 * level].ljust(6, "0")
    return next((r.full_name for r in regions().values() if r.code == code), region.full_name)


def _named(text: str) -> str | None:
    """The region of a title or a publisher: empty where it names several, None where it names none."""
    names = [mention.region.full_name for mention in find_regions(text)]
    narrow = [name for name in names if name != NATION]
    if narrow:
        longest = max(narrow, key=len)
        return longest if all(related(longest, name) for name in narrow) else ""
    return NATION if names or _NATIONAL.search(fold(text)) else None
