"""Lists what cleaning removed from an article or reads in another way, for people: each reason once."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from index.cleaning import BLOCK_REASONS
from index.folding import Edit

_QUOTE = 60
_EXAMPLES = 8
"""Of what is small and comes often (annotations, tags) only some are shown."""


def removal_lines(text: str, edits: Sequence[Edit]) -> Iterator[str]:
    """The lines of a list: lines of the page with their places, small findings by number with examples."""
    removed = sorted((edit for edit in edits if not edit.replacement), key=lambda edit: edit.reason)
    for reason, group in groupby(removed, key=lambda edit: edit.reason):
        found = sorted(group, key=lambda edit: edit.start)
        characters = sum(edit.end - edit.start for edit in found)
        yield f"  {reason}（{len(found)} 处，共 {characters} 字）"
        if reason in BLOCK_REASONS:
            for edit in found:
                yield f"    {edit.start}-{edit.end} {_shortened(text[edit.start : edit.end])}"
        else:
            examples = dict.fromkeys(_shortened(text[edit.start : edit.end]) for edit in found)
            more = " 等" if len(examples) > _EXAMPLES else ""
            yield f"    {' '.join(list(examples)[:_EXAMPLES])}{more}"
    for edit in edits:
        if edit.replacement.strip():
            quote = _shortened(text[edit.start : edit.end])
            yield f"  {edit.start}-{edit.end} {edit.reason}：{quote} 读作 {edit.replacement}"


def _shortened(quote: str) -> str:
    """A quote in one line, its middle left out where it is long, what cannot be seen as its code points."""
    line = " ".join(quote.split())
    if len(line) > _QUOTE:
        line = f"{line[: _QUOTE // 2]} …… {line[-_QUOTE // 2 :]}"
    seen = "".join(c if c.isprintable() else f"<{ord(c):04X}>" for c in line)
    return seen or "（空白）"
