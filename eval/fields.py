"""Measures the reading of fields: hand-made labels of articles against what their texts alone give.

    python -m eval.fields [--verbose] [--write] [SHARED]

SHARED holds `data/regulations.jsonl.xz` and `data/news.jsonl.xz` ($WENCE_SHARED, by default ../shared). Only
a record's `text` is read; its own title, date and category are withheld.

A label is one answer, or a list of all that are accepted, the labeller's own reading first; null or "" says
that the text states nothing, and is right only where nothing was read. The day of a regulation is the one
that its text states: the data's own often stands nowhere in the text. 正确 counts an accepted answer, 首选
the first alone. Before they are compared, both sides are folded (script, width, case) and lose white space,
quotation marks and the day in brackets that some titles end with; a date must be the same day. Nothing else
is forgiven: a city for its district, or an issuer's short name, is wrong where it is not accepted.
"""

import argparse
import json
import lzma
import math
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.readme import README, replace_block
from index.errors import InputError, WenceError
from index.folding import fold
from index.metadata import describe

LABELS = Path(__file__).parent / "data" / "fields.jsonl"
SETS = {
    "regulations": ("法规", ("title", "date", "region", "issuer", "kind")),
    "news": ("新闻", ("date", "region", "kind")),
}
NAMES = {"title": "标题", "date": "日期", "region": "地区", "issuer": "制定机关", "kind": "类别"}
BEGIN, END = "<!-- fields:begin -->", "<!-- fields:end -->"
_IGNORED = re.compile(r"[\s《》〈〉<>\"'“”‘’]|\([0-9]{4}-[0-9]{2}-[0-9]{2}\)$")


@dataclass(frozen=True, slots=True)
class Judged:
    """One field of one article: what was read, and what is accepted, the labeller's own reading first."""

    set: str
    id: str
    field: str
    read: str
    accepted: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether an accepted answer was read."""
        return _plain(self.read) in map(_plain, self.accepted)

    @property
    def first(self) -> bool:
        """Whether the labeller's own reading was read."""
        return _plain(self.read) == _plain(self.accepted[0])


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m eval.fields")
    parser.add_argument("shared", nargs="?", type=Path, default=os.environ.get("WENCE_SHARED", "../shared"))
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(argv)
    try:
        judged = measure(load_labels(LABELS), Path(options.shared))
        if options.verbose:
            for one in judged:
                if not one.right:
                    print(f"{one.id} {one.field}：读作「{one.read}」，标注「{'」或「'.join(one.accepted)}」")
        shown = table(judged)
        print(shown)
        if options.write:
            text = README.read_text(encoding="utf-8")
            README.write_text(replace_block(text, shown, README, (BEGIN, END)), encoding="utf-8")
    except WenceError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def load_labels(path: Path) -> list[dict[str, Any]]:
    """The labels, one object a line: `set`, `id` and the fields of its set."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def measure(labels: Sequence[Mapping[str, Any]], shared: Path) -> list[Judged]:
    """Read the labelled articles from their texts alone; InputError where the files are not there."""
    judged = []
    for name, (_, fields) in SETS.items():
        wanted = {label["id"]: label for label in labels if label["set"] == name}
        for record in _records(shared / "data" / f"{name}.jsonl.xz"):
            if (label := wanted.get(record["id"])) is None:
                continue
            article = describe(record["id"], record["text"])
            read = {
                "title": article.title,
                "date": article.published.isoformat() if article.published else "",
                "region": article.region,
                "issuer": article.issuer,
                "kind": article.kind,
            }
            judged += [
                Judged(name, record["id"], field, read[field], _accepted(label[field])) for field in fields
            ]
    return judged


def table(judged: Sequence[Judged]) -> str:
    """The Markdown table: each field's share, with counts and a 95 % Wilson interval."""
    rows = ["| | 字段 | 正确 | 95% 区间 | 首选 |", "|---|---|---|---|---|"]
    for name, (shown, fields) in SETS.items():
        for field in fields:
            those = [one for one in judged if one.set == name and one.field == field]
            right, first = sum(one.right for one in those), sum(one.first for one in those)
            if those:
                low, high = wilson(right, len(those))
                rows.append(
                    f"| {shown} | {NAMES[field]} | {right}/{len(those)}（{right / len(those):.1%}）"
                    f" | {low:.1%} 至 {high:.1%} | {first / len(those):.1%} |"
                )
    return "\n".join(rows) + "\n"


def wilson(right: int, count: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's score interval of a share; `z` of the normal distribution, 1.96 for 95 %."""
    share, weight = right / count, z * z / count
    middle = (share + weight / 2) / (1 + weight)
    half = z / (1 + weight) * math.sqrt(share * (1 - share) / count + weight / (4 * count))
    return max(0.0, middle - half), min(1.0, middle + half)


def _accepted(label: Any) -> tuple[str, ...]:
    return tuple(one or "" for one in (label if isinstance(label, list) else [label]))


def _plain(value: str) -> str:
    return _IGNORED.sub("", fold(value))


def _records(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)
    except OSError as error:
        raise InputError(f"读不到 {path}（{error.strerror}）：请写明数据所在的目录") from None


if __name__ == "__main__":
    raise SystemExit(main())
