"""Annotations: finds the pinyin and zhuyin that a page sets behind its characters, in brackets or bare.

Pinyin with tone marks tells itself. Without them a word in brackets may be anything (an abbreviation, a
unit), so it counts only in a text that is annotated throughout.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from index.folding import Edit

ANNOTATION = "拼音注音"
IDEOGRAPH = "\u3007\u3400-\u4dbf\u4e00-\u9fff\ue000-\uf8ff\uf900-\ufaff\U00020000-\U0003ffff"
"""The inside of a character class; private use holds characters that are damaged or not encoded."""

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ\u0300\u0301\u0304\u030c"
_TONES = frozenset("\u0300\u0301\u0304\u030c")
_LETTER = f"A-Za-zü{_TONED}{_TONED[:-4].upper()}Ü\u0308ɡɑ"
_OPEN, _CLOSE = r"[(（\[【〔]", r"[)）\]】〕]"
_PINYIN = re.compile(rf"(?<=[{IDEOGRAPH}]){_OPEN}[ 　]?([{_LETTER} '’·-]{{1,60}}){_CLOSE}")
_ZHUYIN = re.compile(rf"(?<=[{IDEOGRAPH}]){_OPEN}[ 　]?[ㄅ-ㄯ˙][ㄅ-ㄯˉˊˇˋ˙ 　]{{0,30}}{_CLOSE}")
_TONELESS = re.compile(rf"(?<=[{IDEOGRAPH}]){_OPEN}([a-zü]{{2,6}})[1-5]?{_CLOSE}")
_BARE = re.compile(rf"(?<=[{IDEOGRAPH}])[{_LETTER}]{{1,8}}(?![{_LETTER}0-9])")
_HAS_TONE = re.compile(f"[{_TONED}]", re.IGNORECASE)
_HAS_ZHUYIN = re.compile("[ㄅ-ㄯ]")
_SYLLABLE = (
    r"(?:[bpm](?:a|o|ai|ei|ao|an|en|ang|eng|i|ie|iao|ian|in|ing|u)|m(?:e|ou|iu)|pou|f(?:a|o|ei|ou|an|en|ang|eng|u)"
    r"|[dt](?:a|e|ai|ei|ao|ou|an|en|ang|eng|ong|i|ia|ie|iao|iu|ian|ing|u|uo|ui|uan|un)"
    r"|[nl](?:a|e|ai|ei|ao|ou|an|en|ang|eng|ong|i|ia|ie|iao|iu|ian|in|iang|ing|u|uo|uan|un|v|ü|ve|üe|ue)"
    r"|[gkh](?:a|e|ai|ei|ao|ou|an|en|ang|eng|ong|u|ua|uo|uai|ui|uan|un|uang)"
    r"|[jqx](?:i|ia|ie|iao|iu|ian|in|iang|ing|iong|u|ue|uan|un)"
    r"|(?:zh|ch|sh|[zcs])(?:a|e|i|ai|ei|ao|ou|an|en|ang|eng|ong|u|ua|uo|uai|ui|uan|un|uang)"
    r"|r(?:e|i|ao|ou|an|en|ang|eng|ong|u|ua|uo|ui|uan|un)"
    r"|y(?:a|o|e|i|ao|ou|an|in|ang|ing|ong|u|ue|uan|un)|w(?:a|o|ai|ei|an|en|ang|eng|u)"
    r"|ai|ei|ao|ou|ang|an|eng|en|er|a|o|e|m|n|ng)"
)
_SYLLABLES = re.compile(rf"(?:{_SYLLABLE}[ '’·-]?){{1,8}}")
_ONE_SYLLABLE = re.compile(_SYLLABLE)
_THROUGHOUT = 3
"""Annotations from which on a text counts as annotated throughout."""


def find_annotations(text: str) -> Iterator[Edit]:
    """The edits that remove annotations from `text`; each kind of them sorted, none overlapping."""
    spans: list[tuple[int, int]] = []
    if _HAS_TONE.search(text):
        spans = [match.span() for match in _PINYIN.finditer(text) if _is_toned_pinyin(match[1])]
        bare = [match.span() for match in _BARE.finditer(text) if _is_toned_pinyin(match[0])]
        if len(bare) >= _THROUGHOUT:
            spans += bare
    toneless = list(_TONELESS.finditer(text))
    read = [match for match in toneless if _ONE_SYLLABLE.fullmatch(match[1])]
    alone = len({match[1] for match in read}) > _THROUGHOUT and len(read) >= 0.9 * len(toneless)
    if alone or len(spans) >= _THROUGHOUT:
        spans += [match.span() for match in read]
    if _HAS_ZHUYIN.search(text):
        spans += [match.span() for match in _ZHUYIN.finditer(text)]
    for start, end in spans:
        yield Edit(start, end, "", ANNOTATION)


def annotation_end(text: str, start: int) -> int:
    """The end of the annotation in brackets at `start`, whatever stands before it, else `start`."""
    # a stand-in for the character before, which may be damaged
    window = "〇" + text[start : start + 64]
    match = _PINYIN.match(window, 1) or _ZHUYIN.match(window, 1)
    if match is None or (match.re is _PINYIN and not _is_toned_pinyin(match[1])):
        return start
    return start + match.end() - 1


@lru_cache(maxsize=4096)
def _is_toned_pinyin(letters: str) -> bool:
    """Whether these are syllables of pinyin, one of them at least with its tone."""
    apart = unicodedata.normalize("NFD", letters.lower().replace("ɡ", "g").replace("ɑ", "a"))
    if _TONES.isdisjoint(apart):
        return False
    plain = unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in _TONES))
    return _SYLLABLES.fullmatch(plain.strip()) is not None
