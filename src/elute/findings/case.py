"""Case that prose turns as it likes is set aside; where it may say something, it stays.

The first word of a sentence, a text in capitals, an ordinary word with a capital or in capitals: those are written one way or the other.
MeV and meV, AA and Aa, CO and Co, maxValue, TP53, what stands behind a number, and a word that one text writes both ways are not.
"""

from __future__ import annotations

import re

from elute.findings.lexicon import SMALL

ORDINARY = frozenset("he me no us it".split())
"""Words of two letters that are those in a text of capitals, and may be others in capitals elsewhere: NO, US."""
NEVER = frozenset("or if by go up mr ms dr".split())
"""Words of two letters that are no others with a capital."""
CASED = frozenset("who aids polish turkey it us sie ihr ihre ihren ihrem ihrer ihres ihnen".split())
"""Words that are others with a capital: us and US, sie and Sie."""

_WORD = re.compile("[\\w\ue000-\ue005'’´]+")
_SELF = re.compile(r"\bI\b")
_BLANK, _ENDS = frozenset(" \t\r\"'“”‘’«(¿¡*-–—"), frozenset(".!?:…。\n")
_GONE = str.maketrans("", "", "'’´\ue005")
_VOWEL = re.compile("[aeiouyAEIOUY]|[^\x00-\x7f]")


def recased(text: str) -> str:
    """The text in small letters, but for words whose case may say something.

    >>> recased("My CARD is here. It Works"), recased("THE CARD IS LOST")
    ('my card is here. it works', 'the card is lost')
    >>> recased("Rename User to user: 5 MeV for US, maxValue and Aa")
    'rename User to user: 5 MeV for US, maxValue and Aa'
    """
    low = text.lower()
    if text == low:
        return text
    if "I" in text:
        text = _SELF.sub("i", text)
    if text[1:] == low[1:]:
        if text[0] == low[0]:
            return low
        first, *others = low.split()
        first = first.rstrip(",.!?:;").translate(_GONE)
        if others and first.isalpha() and (first in SMALL or (len(first) > 1 and first not in others)):
            return low  # by far the most texts: one capital, and that at the beginning
    found = list(_WORD.finditer(text))
    capitals = text.isupper() and len(found) > 2 and any(len(one[0]) > 2 for one in found)
    if capitals and sum(len(one[0]) > 2 and one[0].isalpha() for one in found) > 3:
        return low  # a sentence in capitals: case says nothing there, not even in w12
    seen: dict[str, str] = {}
    both = {low for one in found if seen.setdefault(low := one[0].lower(), one[0]) != one[0]}
    made, last = [], 0
    for one in found:
        word = one[0]
        small = word.lower()
        if word == small or not _is_prose(word, small, _begins(text, one.start()), capitals, len(found)):
            continue
        if small in both and (small not in SMALL or small == "a"):
            continue
        if _follows_number(text, one.start()):
            continue
        made += [text[last : one.start()], small]
        last = one.end()
    return "".join([*made, text[last:]])


def _begins(text: str, at: int) -> bool:
    """Whether a sentence begins here."""
    at -= 1
    while at >= 0 and text[at] in _BLANK:
        at -= 1
    return at < 0 or text[at] in _ENDS


def _follows_number(text: str, at: int) -> bool:
    before = text[max(0, at - 24) : at].rstrip(" -")
    return before[-1:].isdigit() and not before.split()[-1][0].isalpha()


def _is_prose(word: str, small: str, begins: bool, capitals: bool, words: int) -> bool:
    """Whether the case of a word, which is not small, is how prose writes it."""
    bare = word.translate(_GONE)
    if not bare.isalpha() or not (bare.isupper() or bare[1:].islower() or len(bare) == 1):
        return False
    size, small = len(bare), small.translate(_GONE)
    if size == 1:
        return bare == "I" or (bare == "A" and (begins or capitals) and words > 1)
    titled = bare[1:].islower()
    if begins and titled and words > 1:
        return True
    if small in CASED:
        return capitals
    if size == 2:
        return small in SMALL or small in NEVER or (capitals and small in ORDINARY)
    return titled or _VOWEL.search(bare) is not None


_NAME = re.compile("(?<=[\\w,;)] )[A-ZÀ-ÖØ-Þ][^\\W\\d_A-Z]{3,}")


def names(text: str) -> set[str]:
    """Words, in small letters, that are capitalised within a sentence.

    >>> names("Call Mr Anderson about it. He knows")
    {'anderson'}
    """
    return {word.lower() for word in _NAME.findall(text)}
