"""Places: the region that prose speaks of, by the places it names, or the nation, by its bodies and words."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from index.numerals import fold_aligned
from index.region_names import lexicon, regions
from index.regions import NATION, Region, find_regions

_LENGTH = 1500
_OPENING = 120
_KINDS = frozenset("省市区县旗州盟")
_CAPITAL = "110000"
_LEAD = 1.5
"""How many times as often as any other a province must be named."""
_PARTS = 2
"""How often a part must be named by its short form (溧阳) where only what holds it is named in full."""

_DATELINE = re.compile(r"[\u4e00-\u9fff]{0,4}(?=(?:\d{4}年)?\d{1,2}月\d{1,2}日[电讯])")
"""What stands behind a place in 新华社杭州7月28日电; from the capital, agencies report on all the world."""
_OF_A_NAME = re.compile(
    "[日晚早商]报|青年报|晨报|新闻|卫视|广播|电视|发布|客户端|网|在线|证券|期货|黄金|银行|时间"
    "|[\u4e00-\u9fff]{0,6}(?:大学|学院)|[\u4e00-\u9fff]{0,4}交易所|冬?奥|亚运|世博|股份|集团|科技|控股|啤酒"
    r"|国安|申花|海港|泰山|队|籍|[\u4e00-\u9fff]{0,6}\(\d{5,6}"
)
"""What makes a place part of the name of a medium, a firm, a school, a team."""

_ORGAN = re.compile("(?=([\u4e00-\u9fff]{2,3})(?:公安|警方|警讯|交警|法院|检察|消防|税务|城管|融媒|供电))")
"""What every county has, so that a county's short form right before it is the county (惠来公安)."""

NATIONAL = re.compile(
    "中华人民共和国|国务院|全国人民代表大会|全国人大|全国政协|最高人民法院|最高人民检察院|最高法|最高检|中共中央|党中央|中央军委|习近平|总书记"
    "|国家(?!级)[\u4e00-\u9fff]{2,10}(?:局|委|办|会|署|部)"
    "|(?<!国)(?:工业和信息化|工信|财政|商务|教育|科学技术|科技|公安|民政|司法|农业农村|生态环境|自然资源|交通运输|水利"
    "|文化和旅游|住房和城乡建设|住建|人力资源和社会保障|人社|应急管理|国防|外交)部(?!门|分|长)"
    "|中国(?:人民银行|证监会|银保监会|气象局|红十字会|铁路)|中央气象台|国家发改委|央行|海关总署|税务总局|市场监管总局|国铁集团|国新办"
)
_NATION = re.compile(
    "全国|我国|国内|中国(?![\u4e00-\u9fff]{0,8}(?:公司|集团|银行|网|报|社|队|女足|男[足篮]|女[排篮]))|中方|国家(?![一二三]?级|重点|公园|队|电网|[a-z])"
)
_ABROAD = re.compile(
    "美国|美方|美军|日本|日方|韩国|朝鲜|俄罗斯|俄方|乌克兰|英国|法国|德国|意大利|西班牙|荷兰|波兰|印度|澳大利亚|新西兰|加拿大|墨西哥|巴西"
    "|阿根廷|以色列|伊朗|沙特|土耳其|泰国|越南|菲律宾|新加坡|马来西亚|印尼|缅甸|柬埔寨|巴基斯坦|阿富汗|埃及|南非|尼日尔|非洲|欧洲|欧盟"
    "|北约|联合国|白俄罗斯|瑞典|瑞士|芬兰|挪威|希腊|当地时间|海外"
)


@dataclass(frozen=True, slots=True)
class _Named:
    """How often a text names each region, and where it does first."""

    times: Counter[Region]
    first: dict[Region, int]
    full: frozenset[Region]
    """Those that are written in full at the beginning: 新邵县, not the 香港 of a firm."""

    def weights(self) -> Counter[Region]:
        """A region at the beginning counts once more, one that is named once only where it is in full."""
        early = {region for region, start in self.first.items() if start < _OPENING}
        extra = {region for region in early if self.times[region] > 1} | self.full
        return self.times + Counter(extra)


def most_named(text: str) -> str | None:
    """The region's full name; 全国; empty where there are several or it lies abroad; None without a sign."""
    text = fold_aligned(text[:_LENGTH])
    named = _named(text)
    weights = named.weights()
    bodies = [match.start() for match in NATIONAL.finditer(text)]
    words = len(bodies) + len(_NATION.findall(text))
    abroad = len(_ABROAD.findall(text))
    provinces = Counter(region.code[:2] for region in weights.elements()).most_common()
    if provinces:
        province, weight = provinces[0]
        own = {region: n for region, n in weights.items() if region.code[:2] == province}
        leads = len(provinces) == 1 or weight >= _LEAD * provinces[1][1]
        national = len(bodies) >= weight or words > 3 * weight or (bodies and bodies[0] < _OPENING)
        if named.full & own.keys():
            national = words > 2 and sum(named.times[region] for region in own) == 1
        if leads and weight > 1 and not national and abroad <= 3 * weight:
            return _narrowed(own)
    if 2 * abroad > words:
        return ""
    if words > 2 or (bodies and (words > 1 or bodies[0] < _OPENING)):
        return NATION
    return "" if len(provinces) > 1 or abroad else None


def _named(text: str) -> _Named:
    times: Counter[Region] = Counter()
    first: dict[Region, int] = {}
    full: set[Region] = set()
    holders: set[str] = set()
    mentions = find_regions(text)
    for mention in mentions:
        region, written = mention.region, text[mention.start : mention.end]
        if not region.level:
            continue
        holders.add(region.code[:2])
        whole = written[-1] in _KINDS or (region.level > 1 and len(written) > 3)
        dateline = bool(_DATELINE.match(text, mention.end))
        if (dateline and region.code == _CAPITAL) or (not whole and _OF_A_NAME.match(text, mention.end)):
            continue
        times[region] += 1
        if not dateline:
            first.setdefault(region, mention.start)
            if whole and mention.start < _OPENING:
                full.add(region)
    for match in _ORGAN.finditer(text):
        county = _counties().get(match[1])
        if county and not any(m.start < match.end(1) and match.start() < m.end for m in mentions):
            times[county] += 1
            first.setdefault(county, match.start())
            if match.start() < _OPENING:
                full.add(county)
    for province in holders:
        for form, region in _parts(province):
            # 行唐 of 工行唐山 and 和平 are words: a county counts where it was named in full, a city always
            if region in times or (region.name.endswith("市") and text.count(form) >= _PARTS):
                times[region] = max(times[region], text.count(form))
    return _Named(times, first, frozenset(full))


@cache
def _counties() -> dict[str, Region]:
    """The short forms that one county alone has, and no other place."""
    found: dict[str, Region] = {}
    for form, name in lexicon().names.items():
        counties = [region for region in name.inside if region.level == 3]
        if name.short and not name.regions and len(counties) == 1:
            found[form] = counties[0]
    return found


@cache
def _parts(province: str) -> tuple[tuple[str, Region], ...]:
    """The short forms of a province's counties, which count only where the province is named."""
    return tuple(
        (form, region)
        for form, name in lexicon().names.items()
        if name.short and not name.regions
        for region in name.inside
        if region.code[:2] == province and region.level == 3
    )


def _narrowed(named: dict[Region, int]) -> str:
    """From the province down, as far as half of the mentions name one part or lie in it."""
    chosen = next(iter(named)).code[:2]
    for length in (4, 6):
        inside = Counter[str]()
        total = 0
        for region, count in named.items():
            if region.code.startswith(chosen):
                total += count
                if region.level >= length // 2:
                    inside[region.code[:length]] += count
        if inside:
            part, count = inside.most_common(1)[0]
            if 2 * count >= total and _exists(part):
                chosen = part
            elif not _exists(part):  # a municipality has districts only
                continue
            else:
                break
    return _full_name(chosen)


def _exists(code: str) -> bool:
    return code.ljust(6, "0") in _by_code()


def _full_name(code: str) -> str:
    return _by_code()[code.ljust(6, "0")].full_name


@cache
def _by_code() -> dict[str, Region]:
    return {region.code: region for region in regions().values()}
