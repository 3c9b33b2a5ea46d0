"""Localities: decides which region an article speaks for, from title, publisher and first lines."""

import re
from collections import Counter
from collections.abc import Sequence

from index.folding import fold
from index.regions import NATION, find_regions, related

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
_BODY_LENGTH = 1500
_LEAD = 2.0
"""How many times as often as any other the region of the body is named."""
_MENTIONS = 2


def find_locality(title: str, document_number: str, publisher: str, body: Sequence[str]) -> str:
    """The full name of the region an article speaks for; 全国 for the nation's bodies, empty where uncertain.

    The title decides, else who issued the document or published it, else the region most named at the start.
    """
    for named in (_named(title), _ISSUERS.get(document_number[:1]), _named(publisher)):
        if named is not None:
            return named
    text = "\n".join(body)[:_BODY_LENGTH]
    counts = Counter(mention.region.full_name for mention in find_regions(text))
    counts.pop(NATION, None)
    if counts:
        name, _ = counts.most_common(1)[0]
        own = sum(count for other, count in counts.items() if related(name, other))
        others = max((count for other, count in counts.items() if not related(name, other)), default=0)
        return name if own >= max(_MENTIONS, _LEAD * others) else ""
    return NATION if len(_NATIONAL.findall(fold(text))) >= _MENTIONS else ""


def _named(text: str) -> str | None:
    """The region of a title or a publisher: empty where it names several, None where it names none."""
    names = [mention.region.full_name for mention in find_regions(text)]
    narrow = [name for name in names if name != NATION]
    if narrow:
        longest = max(narrow, key=len)
        return longest if all(related(longest, name) for name in narrow) else ""
    return NATION if names or _NATIONAL.search(fold(text)) else None
