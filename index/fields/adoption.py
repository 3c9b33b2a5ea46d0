"""Adoption: when a rule was passed, approved, published or amended, as the note below its title says."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from index.dates import parse_date
from index.fields.lines import Line, Lines

PLACE = "题注"

_ACTIONS = "通过|公布|发布|颁布|批准|修正|修订|修改|印发|颁发|签署|备案|施行|实施|生效|废止"
_IN_FORCE = frozenset(["施行", "实施", "生效", "废止", "备案"])
_DAY = (
    r"(?:[12]\d{3}|[一二][〇零○o0九][〇零○o0一二三四五六七八九]{2})\s*年\s*[\d一二三四五六七八九十元]{1,3}\s*月"
    r"\s*[\d一二三四五六七八九十]{1,3}"
)
_DATE = re.compile(rf"{_DAY}\s*日")
_ACTION = re.compile(_ACTIONS)
_QUOTED = re.compile(r"《[^》]*》?|〈[^〉]*〉?")
_BEGIN = re.compile(
    r"(?:#+\s*)?(?:第[一二三四五六七八九十百千零〇\d]+[条章编]|目\s*录|序\s*言|总\s*则)|[一1][、.．]"
)
_NOTE = re.compile(rf"[(（\s]*(?:根据|经)?\s*(?:{_DAY}|.{{0,60}}(?:令|公告|决定)\s*第)")
_SEGMENT = 120
_PROSE = 160


@dataclass(frozen=True, slots=True)
class Event:
    """One step: the day, what was done, and the words that name who did it."""

    day: date
    actions: frozenset[str]
    words: str
    """Folded, without quoted titles."""
    line: Line

    @property
    def publishes(self) -> bool:
        """Whether it made this text what it is: not only a day of taking effect."""
        return bool(self.actions - _IN_FORCE)


def find_events(lines: Lines) -> list[Event]:
    """The events of the note below the title, in its order; empty where there is none."""
    zone = list(_zone(lines.body))
    text = "\n".join(line.folded for line in zone)
    starts = [0]
    for line in zone:
        starts.append(starts[-1] + len(line.folded) + 1)
    dates = list(_DATE.finditer(text))
    events = []
    for number, match in enumerate(dates):
        day = parse_date(re.sub(r"\s", "", match[0]))
        stop = dates[number + 1].start() if number + 1 < len(dates) else len(text)
        words = _QUOTED.sub("", text[match.end() : min(stop, match.end() + _SEGMENT)])
        actions = frozenset(_ACTION.findall(words))
        if not actions:  # 国务院令第597号 2011年6月26日
            before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
            words = _QUOTED.sub("", before) + " " + words
            actions = (
                frozenset({"公布"}) if re.search(r"令|公告", before) else frozenset(_ACTION.findall(before))
            )
        if day and actions:
            owner = next(k for k in range(len(zone)) if starts[k] <= match.start() < starts[k + 1])
            events.append(Event(day, actions, re.sub(r"\s", "", words), zone[owner]))
    return events


def _zone(body: Sequence[Line]) -> Iterator[Line]:
    """The lines between the title and the text: those that look like a note, and what they go on with."""
    begun = False
    for number, line in enumerate(body[:30]):
        if number and _BEGIN.match(line.folded):
            return
        bracketed = line.folded.startswith("(") and len(line.folded) <= 4 * _PROSE
        if _NOTE.match(line.folded) and (bracketed or len(line.folded) <= _PROSE):
            begun = True
            yield line
        elif begun:
            if len(line.folded) > _PROSE or line.folded.endswith((":", "。")):
                return
            yield line
        elif number > 12 or len(line.folded) > _PROSE:
            return
