"""What a reader of a format gives: the text of a file, and what the file says of itself.

Headings are written as Markdown writes them (`## `), tables as its pipe tables, one row a line: that is how
chunking finds both, whatever the format was.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """One article as its file holds it; a field that the file does not state is empty."""

    text: str
    title: str = ""
    published: str = ""
    """In the file's own notation."""
    publisher: str = ""
    author: str = ""
    url: str = ""
    category: str = ""
    pages: tuple[int, ...] = ()
    """Where each page begins in `text`, the first at 0; empty where the format has no pages."""
    part: str = ""
    """Which article of its file, such as `Sheet1!12` for a row of a sheet; empty where the file is one."""


class UnreadableError(Exception):
    """A file that cannot be read; its message says in Chinese why, and what to do."""
