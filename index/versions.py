"""Versions: which articles are one regulation or policy at different times, by title, region and issuer."""

import re

from index.folding import fold
from index.records import Article

_KINDS = ("法规", "政策文件")
_YEAR = r"(?:19|20)\d{2}"
# (2020年修正), (2019-03-02), (试行), (征求意见稿), (2024年版)
_MARK = re.compile(
    r"[(\[【〔](?:[^()\[\]【】〔〕]{0,20}?(?:修正|修订|修改|修正案?|版|试行|暂行|草案|征求意见稿|送审稿|废止|失效)[^()\[\]【】〔〕]{0,12}"
    rf"|{_YEAR}[^()\[\]【】〔〕]{{0,12}})[)\]】〕]"
)
_DATE = re.compile(rf"{_YEAR}(?:年度?)?(?=$|[^\d])")
_NATION = re.compile(r"^中华人民共和国")
_NO_LETTER = re.compile(r"[\W_]+")
_AMENDMENT = re.compile(r"修正案$")
_SHORTEST = 4
"""A title that is shorter without its marks names no regulation."""


def version_key(article: Article) -> str:
    """What all versions of one regulation share, empty where there can be none.

    The title without years and marks of revision, and the region. Two with one key are versions of one
    unless they name different bodies. An amendment replaces none before it.
    """
    if article.kind not in _KINDS:
        return ""
    title = bare_title(article.title)
    if len(title) < _SHORTEST or _AMENDMENT.search(title):
        return ""
    return f"{title}\n{article.region}"


def bare_title(title: str) -> str:
    """A title folded, without years, marks of revision, spaces and punctuation."""
    folded = _MARK.sub("", fold(title))
    return _NO_LETTER.sub("", _DATE.sub("", _NATION.sub("", folded.strip())))
