"""Makes explicit in 〔 〕 what a sentence only points to: 我市, 今年, 该办法."""

import re
from collections.abc import Iterator

from index.scripts import to_simplified
from qa.evidence import Evidence

_OWN_PLACE = re.compile(r"(?:我|本)(?P<level>省|自治区|市|州|盟|区|县|旗)(?![场值级民长委内外区])")
_WHOLE_PLACE = re.compile(r"全(?P<level>省|区|市|州|县)(?![长场])")
_OWN_YEAR = re.compile(r"(?P<year>今年|去年|前年|明年|本年度)")
_YEARS = {"今年": 0, "本年度": 0, "去年": -1, "前年": -2, "明年": 1}
_NOUNS = "办法|条例|规定|细则|通知|意见|方案|措施|政策|规划|计划|项目|公司|企业|基金|工程|平台|中心|大会|会议"
_POINTING = re.compile(rf"(?:该|本|上述|此)(?P<noun>{_NOUNS})")


def explicit(e: Evidence, *, place_known: bool) -> str:
    """Return the sentence's reading with what it points to behind each pointing word, each word once.

    Where the reader knows the place already, 全市 is left as it stands.
    """
    reading = e.reading
    pieces, at = [], 0
    for end, meant in sorted(dict(_meanings(e, place_known)).items()):
        pieces += [reading[at:end], f"〔{meant}〕"]
        at = end
    return "".join(pieces) + reading[at:]


def _meanings(e: Evidence, place_known: bool) -> Iterator[tuple[int, str]]:
    """Yield where in the reading a pointing word ends, and what it means."""
    reading = to_simplified(e.reading)
    if len(reading) != len(e.reading):
        return
    for pattern in (_OWN_PLACE,) if place_known else (_OWN_PLACE, _WHOLE_PLACE):
        if (match := pattern.search(reading)) and (place := _place(e.article.region, match["level"])):
            yield match.end(), place
    if match := _OWN_YEAR.search(reading):
        yield from ((match.end(), year) for year in _year(e, match["year"]))
    if (match := _POINTING.search(reading)) and (name := _named(e, match["noun"], match.start())):
        yield match.end(), name


def dated(e: Evidence, text: str) -> str:
    """Return a date of the sentence with its year where it only says 今年."""
    if (match := _OWN_YEAR.match(to_simplified(text))) and (year := _year(e, match["year"])):
        return f"{text[: match.end()]}〔{year[0]}〕{text[match.end() :]}"
    return text


def _year(e: Evidence, word: str) -> list[str]:
    return [f"{e.article.published.year + _YEARS[word]}年"] if e.article.published else []


def _place(region: str, level: str) -> str:
    """Return the part of a region's full name that ends with this level, "" where it has none of it."""
    found = re.findall(r".+?(?:自治区|自治州|自治县|省|市|盟|区|县|旗)", region)
    return next((part for part in reversed(found) if part.endswith(level)), "")


def _named(e: Evidence, noun: str, before: int) -> str:
    """Return the last name in 《 》 or “ ” with the noun before it, else the article's own title.

    Only a rule speaks of itself as 本办法, and only where its title says that it is one.
    """
    context = to_simplified(e.context)
    at = context.find(to_simplified(e.reading))
    said = context[: at + before] if at >= 0 else ""
    names = re.findall(rf"《[^《》]*{noun}[^《》]*》|“[^“”]{{2,20}}”{noun}", said)
    if names:
        return str(names[-1])
    title = to_simplified(e.article.title)
    return f"《{title}》" if title.endswith(noun) and len(title) <= 30 else ""
