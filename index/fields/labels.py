"""Labels: the facts that a page states beside a name (来源：, 发文机关, 文号), on a line or in a table."""

import re
from collections.abc import Iterator
from functools import cache

from index.fields.lines import Line, Lines, Reading

_NEXT = r"(?=\s*(?:[|丨｜]|\s{2,}|$)|\s\S{1,8}[:：])"


def labelled(lines: Lines, *names: str) -> Iterator[Reading[str]]:
    """What stands beside one of the labels, in the order of the lines; empty values are left out.

    A label may be spaced out (文　号) and may be a cell of a table; its value may be on the next line.
    """
    pattern = _pattern(names)
    for group in (lines.head, lines.tail):
        for number, line in enumerate(group):
            for match in pattern.finditer(line.folded) if len(line.text) <= 400 else ():
                if match.start("value") == match.end("value"):
                    following = group[number + 1] if number + 1 < len(group) else None
                    if following and match.end() == len(line.folded) and not _is_label(following):
                        yield lines.read(following, 0, len(following.text), match["name"])
                else:
                    yield lines.read(line, *match.span("value"), match["name"])


def _is_label(line: Line) -> bool:
    return len(line.text) > 40 or ":" in line.folded


@cache
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    spaced = "|".join(r"\s*".join(name) for name in names)
    return re.compile(
        rf"(?:^|[\s|(【\[*•·])(?P<name>{spaced})(?:[\]】]\s*:?|\**\s*[:|])\s*\**(?P<value>[^|]*?)\**{_NEXT}"
    )
