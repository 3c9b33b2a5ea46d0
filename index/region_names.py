"""The names of regions: the divisions of China, their short forms, and words that only look like one."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from index.folding import fold

NATION = "全国"


@dataclass(frozen=True, slots=True)
class Region:
    """A division of China: `code` as in GB/T 2260; `level` 0 nation, 1 province, 2 prefecture, 3 county."""

    code: str
    name: str
    full_name: str
    level: int

    def holds(self, other: "Region") -> bool:
        """Whether `other` lies inside this region and is not the same."""
        return self.level < other.level and (self.level == 0 or other.full_name.startswith(self.full_name))


@dataclass(frozen=True, slots=True)
class Name:
    """What a name may stand for; without any region it is a word that must not be read as a name."""

    regions: tuple[Region, ...] = ()
    inside: tuple[Region, ...] = ()
    """Regions that it means only right behind the region that holds them (天津武清, 阳泉市郊区)."""
    short: bool = False
    """Whether the kind of division is left out, as in 嘉兴."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Folded names, and what finds them in text."""

    names: dict[str, Name]
    lengths: dict[str, tuple[int, ...]]
    """First two characters of a name -> lengths of the names that begin with them, longest first."""
    before: dict[str, str]
    """Name -> characters that, right before it, make it part of another word (沿海南部, 黄河南岸)."""
    after: dict[str, str]
    """Name -> characters that, right behind it, make it part of another word (南通社, 六安全)."""


@cache
def regions() -> dict[str, Region]:
    """Return all regions by full name (「浙江省嘉兴市南湖区」, 「全国」)."""
    rows = dict(_rows("regions.tsv"))
    found = {NATION: Region("000000", NATION, NATION, 0)}
    for code, name in rows.items():
        level = 1 if code.endswith("0000") else 2 if code.endswith("00") else 3
        holders = (code[:2] + "0000", code[:4] + "00")[: level - 1]
        full_name = "".join(rows.get(holder, "") for holder in holders) + name
        found[full_name] = Region(code, name, full_name, level)
    return found


@cache
def lexicon() -> Lexicon:
    """Return the names to look for.

    The kinds in region_words.tsv: `zone` a functional area and the region it belongs to; `noun` a district
    whose name is an ordinary noun and `word` a prefecture whose short form is an ordinary word: both count
    only right behind the region that holds them; `never` a district that has no short form for that reason;
    `phrase` no region at all; `before` and `after` as in `Lexicon`.
    """
    words: dict[str, dict[str, str]] = defaultdict(dict)
    for kind, name, *value in _rows("region_words.tsv"):
        words[kind][fold(name)] = value[0] if value else ""
    free: dict[str, list[Region]] = defaultdict(list)
    inside: dict[str, list[Region]] = defaultdict(list)
    short: set[str] = set()
    large: set[str] = set()
    divisions = [region for region in regions().values() if region.level]
    for region in divisions:
        # folding may change even a Simplified name (乾县 becomes 干县): keys are folded as the text is
        name = fold(region.name)
        (inside if region.level == 3 and name in words["noun"] else free)[name].append(region)
    for region in sorted(divisions, key=lambda region: region.level):
        for form, whole in _short_forms(region):
            # 吉林 is the province, not its city; 海南 the province, not the prefecture in 青海
            if form in free and (whole or form in large):
                continue
            if form in large or (not whole and region.level == 3 and form in words["never"]):
                continue
            weak = not whole and (region.level == 3 or form in words["word"])
            (inside if weak else free)[form].append(region)
            if not whole:
                short.add(form)
                if region.level < 3:
                    large.add(form)
    for zone, full_name in words["zone"].items():
        free[zone].append(regions()[full_name])
        short.discard(zone)
    names = {
        key: Name(tuple(dict.fromkeys(free[key])), tuple(inside[key]), key in short)
        for key in {*free, *inside}
    }
    names.update((phrase, Name()) for phrase in words["phrase"])
    lengths: dict[str, set[int]] = defaultdict(set)
    for key in names:
        lengths[key[:2]].add(len(key))
    longest_first = {key: tuple(sorted(sizes, reverse=True)) for key, sizes in lengths.items()}
    return Lexicon(names, longest_first, words["before"], words["after"])


_PEOPLES = (
    "(?<!内)蒙古族|回族|藏族|维吾尔族?|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?"
    "|傣族|黎族|傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族?|土族|达斡尔族|仫佬族|羌族"
    "|布朗族|撒拉族|毛南族|仡佬族|锡伯族?|塔吉克族?|怒族|鄂温克族|鄂伦春族|裕固族|保安族|独龙族|普米族"
    "|(?<!内)蒙古|各族"
)
_AUTONOMOUS = re.compile(f"(?:{_PEOPLES})*(?:自治(?P<kind>[区州县旗])|特别行政区)$")
_KIND = re.compile("(?:地区|新区|林区|矿区|省|市|区|县|盟|旗)$")


def _short_forms(region: Region) -> Iterator[tuple[str, bool]]:
    """Yield usual forms of a name, folded, and whether they keep the kind of division (恩施州)."""
    autonomous = _AUTONOMOUS.search(region.name)
    short = region.name[: autonomous.start()] if autonomous else _KIND.sub("", region.name)
    if autonomous and autonomous["kind"] in ("州", "县", "旗"):
        yield fold(short + autonomous["kind"]), True
    if len(short) > 1 and short != region.name:
        yield fold(short), False


def _rows(table: str) -> Iterator[list[str]]:
    text = files("index").joinpath("data", table).read_text(encoding="utf-8")
    return (line.split("\t") for line in text.splitlines()[1:])
