"""Issuers: which body made a rule or a policy document, from labels, title, note, order and signature."""

import re
from collections.abc import Sequence

from index.fields.adoption import PLACE, Event
from index.fields.bodies import full_name, is_body, maker
from index.fields.labels import labelled
from index.fields.lines import Line, Lines, Reading
from index.numerals import fold_aligned

_LABELS = ("发文机关", "发文机构", "制定机关", "发文单位", "发布机关", "制定主体", "发布机构", "发布单位")
_TITLE = re.compile(r"(?P<body>[\u4e00-\u9fff、,()\s]{3,80}?)(?:关于|印发|公布|发布|令|公告|通告)")
_ORDER = re.compile(r"(?P<body>[\u4e00-\u9fff\s]{3,40}?)(?:令|公告|通告|文件)(?:\s*\(?第.{1,8}号\)?)?")
_DATE = re.compile(
    r"[(]?(?:[12]\d{3}|[一二][\u3007零○一二三四五六七八九]{3})\s*年.{1,6}月.{1,6}日[)]?(?:印发)?"
)
_WEIGHTS = (
    ("通过", "人民代表大会|最高人民|审判委员会|检察委员会"),
    ("发布|公布|颁布|印发|颁发", ""),
    ("通过", ""),
    ("批准|修订|修正|修改", ""),
)


def read_issuer(title: str, lines: Lines, events: Sequence[Event]) -> Reading[str] | None:
    """The body that made it, its name in full, without the session (第十三届) that met."""
    for found in labelled(lines, *_LABELS):
        if is_body(name := full_name(fold_aligned(found.value))):
            return Reading(name, found.place, found.start, found.end)
    folded = fold_aligned(title)
    if (match := _TITLE.match(folded)) and is_body(full_name(match["body"])):
        return Reading(full_name(match["body"]), "标题")
    for actions, words in _WEIGHTS:
        for event in events:
            if (
                event.actions & set(actions.split("|"))
                and re.search(words, event.words)
                and (name := maker(event.words))
            ):
                return Reading(name, PLACE, event.line.start, event.line.end)
    for line in lines.body[:6]:
        if (match := _ORDER.fullmatch(line.folded)) and is_body(full_name(match["body"])):
            return Reading(full_name(match["body"]), "文头", line.start, line.end)
    return _signed(lines)


def _signed(lines: Lines) -> Reading[str] | None:
    """The bodies on the lines right above a line that is a date."""
    for group in (lines.tail, lines.body):
        for number in range(len(group) - 1, 0, -1):
            if not _DATE.fullmatch(group[number].folded):
                continue
            names: list[Line] = []
            for line in reversed(group[max(0, number - 6) : number]):
                if len(line.text) > 40 or not is_body(line.folded.replace(" ", "")):
                    break
                names.insert(0, line)
            if names:
                value = "、".join(full_name(line.folded) for line in names)
                return Reading(value, "落款", names[0].start, names[-1].end)
    return None
