"""Regions of China: finds where a text names one and says which hold which."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from index.numerals import fold_aligned
from index.region_names import NATION, Name, Region, lexicon, regions

__all__ = ["NATION", "Mention", "Region", "find_asked_regions", "find_regions", "get_region", "related"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A region named in `text[start:end]`."""

    region: Region
    start: int
    end: int


def get_region(full_name: str) -> Region | None:
    """Return the region of that full name (「天津市滨海新区」, 「全国」), None if there is none."""
    return regions().get(full_name)


def find_regions(text: str) -> list[Mention]:
    """Return the regions named in `text`, in order, not overlapping; 浙江省嘉兴市 is one mention.

    Provinces and prefectures count with and without their suffix, districts only with it unless they stand
    right behind the region that holds them. A name that several regions bear (朝阳区) counts where the text
    also names a region that holds just one of them. 全国 is no mention: it mostly stands in comparisons.
    """
    folded = fold_aligned(text)
    names = lexicon()
    found: list[_Found] = []
    at = 0
    while at < len(folded) - 1:
        step = 1
        for length in names.lengths.get(folded[at : at + 2], ()):
            written = folded[at : at + length]
            name = names.names.get(written) if len(written) == length else None
            if name is None:
                continue
            if not (name.regions or name.inside) or (name.short and _STREET.match(folded, at + length)):
                step = length
                break
            candidates, start = _choose(name, found, at)
            if candidates and _is_name(folded, at, at + length, continued=start < at):
                if start < at:
                    found.pop()
                found.append(_Found(candidates, start, at + length))
                step = length
                break
        at += step
    return _resolve(found)


def find_asked_regions(question: str) -> list[Mention]:
    """Return the regions named in a question, also prefectures by a short form that is a word as well.

    安康 and 中山 are read as cities where a clause, a date or a word like 在 and 到 stands right before them:
    a question is short and names its place there, an article may use the word as such.
    """
    folded = fold_aligned(question)
    found = find_regions(question)
    for form, region in _word_prefectures().items():
        for match in re.finditer(_BEFORE_PLACE + re.escape(form), folded):
            start, end = match.end() - len(form), match.end()
            if not any(mention.start < end and start < mention.end for mention in found):
                found.append(Mention(region, start, end))
    return sorted(found, key=lambda mention: mention.start)


_BEFORE_PLACE = r"(?:^|[\s,、。!?;:“\"(年月日在到去从于给和与及跟]|请问|目前|现在|为什么|比较|对比)"


@cache
def _word_prefectures() -> dict[str, Region]:
    """Return prefectures whose short form is an ordinary word, and county-level cities, by that form."""
    return {
        form: region
        for form, name in lexicon().names.items()
        for region in name.inside
        if name.short
        and not name.regions
        and (region.level == 2 or (region.level == 3 and region.name.endswith("市") and form not in _WORDS))
    }


_AMBIGUOUS = """
灯塔 东方 同仁 无为 孝义 天长 弥勒 新星 江山 榆树 磐石 新民 白杨 龙泉 三河 双河 铁力 新乐 明光 根河 文昌 兴化
安国 普宁 永康 高平 高安 丹阳 凤城 平湖 平果 海林 巩义 福安 津市 丰城 东阳 白山
"""
_WORDS = frozenset(_AMBIGUOUS.split())
"""County-level cities whose short form says something else at the head of a clause (灯塔工厂)."""


def related(a: str, b: str) -> bool:
    """Whether two regions do not contradict: equal, one holds the other, or one is 全国, empty or unknown.

    Full names are expected; usual forms (天津, 嘉兴市) are understood.
    """
    first, second = _full_name(a), _full_name(b)
    if not first or not second or NATION in (first, second):
        return True
    return first.startswith(second) or second.startswith(first)


@lru_cache(maxsize=4096)
def _full_name(name: str) -> str:
    if name in regions():
        return name
    mentions = find_regions(name)
    return mentions[0].region.full_name if len(mentions) == 1 else ""


@dataclass(frozen=True, slots=True)
class _Found:
    """A name found at `start` to `end` and the regions it may mean."""

    candidates: tuple[Region, ...]
    start: int
    end: int


_STREET = re.compile("[东西南北中]?路(?![桥网演局段政])|[东西南北]?大街")
_NOT_AREA = {"区": "域间别块位时", "县": "级", "市": "场值价况", "旗": "下舰帜号"}
_WORD_BEFORE = re.compile("(?![在于和与至到从向赴由])[\u4e00-\u9fff]")


def _is_name(text: str, start: int, end: int, *, continued: bool) -> bool:
    """Whether what stands around a found name leaves it a name (not 河北区域, 天津市场, 沿海南部, 市和县)."""
    name, before, after = text[start:end], text[max(0, start - 1) : start], text[end : end + 1]
    if after and after in _NOT_AREA.get(name[-1], "") + lexicon().after.get(name, ""):
        return False
    if continued or not before:
        return True
    if len(name) == 2 and name[1] in "县市" and _WORD_BEFORE.match(before):
        return False
    return before not in lexicon().before.get(name, "")


def _choose(name: Name, found: list[_Found], at: int) -> tuple[tuple[Region, ...], int]:
    """The regions that `name` may mean at `at`, and where the mention starts if it continues the last one."""
    last = found[-1] if found else None
    if last and last.end == at and len(last.candidates) == 1:
        holder = last.candidates[0]
        for regions_of_name in (name.regions, name.inside):
            held = tuple(
                region
                for region in regions_of_name
                if holder.holds(region) and not (name.short and _is_remote(holder, region))
            )
            if len(held) == 1:
                return held, last.start
    return name.regions, at


_MUNICIPALITIES = frozenset({"11", "12", "31", "50"})


def _is_remote(holder: Region, region: Region) -> bool:
    """Whether `holder` says too little for a short form: a district behind a province (湖北公安)."""
    if region.level < 3 or holder.level > 1 or holder.code[:2] in _MUNICIPALITIES:
        return False
    return not region.name.endswith("市")


def _resolve(found: list[_Found]) -> list[Mention]:
    """Settle names of several regions by the nearest region, first before them, that holds just one."""
    certain = [(item.candidates[0], item.start) for item in found if len(item.candidates) == 1]
    mentions = []
    for item in found:
        region = item.candidates[0]
        if len(item.candidates) > 1:
            held = [
                (place > item.start, abs(place - item.start), candidate.code, candidate)
                for holder, place in certain
                for candidate in item.candidates
                if [other for other in item.candidates if holder.holds(other)] == [candidate]
            ]
            if not held:
                continue
            region = min(held, key=lambda entry: entry[:3])[3]
        mentions.append(Mention(region, item.start, item.end))
    return mentions
