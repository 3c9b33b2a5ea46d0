"""Properties: whether the title that a file states of itself is the one that its pages show."""

import re

_MAX_TITLE = 80
_TITLE_WITHIN = 3_000
_NO_TITLE = re.compile(
    r"microsoft|wps|word|powerpoint|\.\w{2,4}$|未命名|无标题|untitled|新建|^(?:文[件档]|幻灯片)\d*$"
    r"|^[\W\d]*$|\\|/",
    re.IGNORECASE,
)


def plausible_title(stated: str, text: str) -> str:
    """The stated title where the beginning of the text has it too, else nothing.

    Programs fill it in with the name of a file, or keep the title of the file that this one was made from.
    """
    title = " ".join(stated.split())
    shown = "".join(text[:_TITLE_WITHIN].split())
    if 4 <= len(title) <= _MAX_TITLE and not _NO_TITLE.search(title) and "".join(title.split()) in shown:
        return title
    return ""
