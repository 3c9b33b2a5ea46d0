"""Bodies: the names of the bodies that make rules, as titles, notes and signatures write them."""

import re

_LAST = (
    "人民政府|人民代表大会|常务委员会|委员会|办公厅|办公室|人民法院|法院|检察院|政府|总局|总署|党委|党组|军委|国务院|书记处"
    "|[厅局部署委院会办队]|银行|中心|总工会|联合会|协会|集团|管委会|学会|外汇局|中共中央|中央|大学|学院|公司"
)
_NAME = rf"[\u4e00-\u9fff()（）·]{{0,40}}(?:{_LAST})"
_BODY = re.compile(_NAME)
_LIST = re.compile(rf"{_NAME}(?:(?:、|\s|,|和|与|及){_NAME})*")
_SESSION = r"(?:第?[一二三四五六七八九十百零〇\d]+届)"
_CONGRESS = re.compile(
    rf"(?:根据|由|经)?([\u4e00-\u9fff]{{0,20}}?){_SESSION}?([\u4e00-\u9fff]{{0,20}}?(?:人民代表大会(?:常务委员会|常委会)?|人大(?:常委会)?))"
)
_COURT = re.compile(r"(最高人民(?:法院|检察院)|[\u4e00-\u9fff]{2,12}高级人民法院)")
_ORDER = re.compile(r"(?:中华人民共和国)?([\u4e00-\u9fff、\s]{2,60}?)(?:令|公告)(?:第|[〔\[(（\d]|公布|发布)")
_ACTOR = re.compile(
    r"(?:由|经)?([\u4e00-\u9fff、,\s]{2,60}?)(?:第[\d一二三四五六七八九十百零〇]+次)?(?:常务会议|全体会议|部务会议|局务会议|会议)?"
    r"(?:审议|审查|讨论|重新|联合|批准)?(?:通过|公布|发布|颁布|印发|颁发|批准)"
)
_APART = re.compile(r"(?<=[厅局部署委院会行府])\s+(?=[\u4e00-\u9fff]{3})(?!办公[室厅])")
_NOBODY = frozenset(["主席", "中华人民共和国主席", "总理", "主任会议", "主席团"])
_FULL = {
    "代表大会常委会": "代表大会常务委员会",
    "人大常委会": "人民代表大会常务委员会",
    "人大": "人民代表大会",
}


def is_body(name: str) -> bool:
    """Whether the whole of `name` (folded) is the name of a body, or of several in a row."""
    return len(name) <= 80 and bool(_LIST.fullmatch(name)) and len(name) >= 3


def full_name(name: str) -> str:
    """The name without a session (第十三届), without 中华人民共和国 before a body's own name, and in full."""
    name = _APART.sub("、", name.strip())
    name = re.sub(_SESSION, "", re.sub(r"\s", "", name)).strip("、,，()（）")
    name = re.sub(
        "(?:^|(?<=、))中华人民共和国(?=国务院|中央军事委员会|.{2,}(?:部|委员会|总局|总署|署|局|院|银行)$)",
        "",
        name,
    )
    name = re.sub("(?<=院)(?=最高人民)", "、", name)
    for short, full in _FULL.items():
        if name.endswith(short):
            name = name[: -len(short)] + full
            break
    return name


def maker(words: str) -> str:
    """The body that the words of an adoption name (folded, without white space), in full; or empty."""
    if court := _COURT.match(words):
        return court[1]
    if congress := _CONGRESS.match(words):
        return full_name(congress[1] + congress[2])
    for pattern in (_ORDER, _ACTOR):
        found = pattern.match(words)
        if found and full_name(found[1]) not in _NOBODY and is_body(full_name(found[1])):
            return full_name(found[1])
    return ""
