"""Tags that a text speaks of, and does not use: what is asked by "How do I center a <div>?" is gone without them, and it would be the
same text as "How do I center a <table>?"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

FEW = 4
"""A text with more tags than this is made of them."""

_CLOSER = r"""[?.!,;:)\]"'`”’»]"""
_NOUN = r"(?:tags?|elements?|attributes?|balises?|标签|標籤|元素|タグ|要素|태그)"
_BEFORE = re.compile(rf"""(?:\w,?|[&/+|=]|{_CLOSER}[,/]?)[ ]$ | [\w>]/$ | (?<![\w>])["'`“‘«(\[]$""", re.VERBOSE)
_AFTER = re.compile(rf"""[ ](?:[a-zß-öø-ÿ&+|/=(-]|{_NOUN}) | [-/]\w | [/]< | -?{_NOUN} | {_CLOSER}(?!\w)""", re.VERBOSE)
_NAMED = re.compile(rf"[ -]?{_NOUN}(?![a-z])", re.IGNORECASE)
_JOINED = re.compile(rf"[ ]?(?:(?:and|or|vs|versus|is|in|inside|with)(?!\w)|[&/+|,](?!\w))|{_NAMED.pattern}", re.IGNORECASE)
_NAME = re.compile(r"<(/?)\s*([!?]?[a-z][\w:-]*)\s*(/?)", re.IGNORECASE)
_SHOWN = frozenset({"a", "font", "img", "span"})
"""With attributes these are always used: a link, a picture."""
_ENDS = frozenset({"br", "hr", "p"})
"""At the end of a text these are more often used than spoken of."""


def mentioned(text: str, tags: Sequence[re.Match[str]]) -> frozenset[int]:
    """Where the tags begin that are spoken of. They stand in a sentence as words do, with nothing between one and its other half.

    Parameters
    ----------
    text : str
    tags : sequence of re.Match
        All tags of it, in their order; nothing is found among more than ``FEW``.
    """
    if len(tags) > FEW:
        return frozenset()
    return frozenset(tag.start() for run in _runs(tags) if _is_word(text, run) for tag in run)


def _runs(tags: Iterable[re.Match[str]]) -> list[list[re.Match[str]]]:
    """Tags that stand side by side, as in ``<b></b>``."""
    runs: list[list[re.Match[str]]] = []
    for tag in tags:
        if runs and runs[-1][-1].end() == tag.start():
            runs[-1].append(tag)
        else:
            runs.append([tag])
    return runs


def _is_word(text: str, run: list[re.Match[str]]) -> bool:
    start, end = run[0].start(), run[-1].end()
    names = [found for tag in run if (found := _NAME.match(tag[0]))]
    if len(names) < len(run) or any(_around(text, found[2]) for found in names):
        return False
    if any(found[2].lower() in _SHOWN and "=" in tag[0] for tag, found in zip(run, names, strict=True)):
        return False
    if _NAMED.match(text, end):
        return True
    if not text[:start].strip():
        return _JOINED.match(text, end) is not None
    if _BEFORE.search(text, max(0, start - 3), start) is None:
        return False
    if end == len(text.rstrip()):
        return names[-1][2].lower() not in _ENDS
    return _AFTER.match(text, end) is not None


def _around(text: str, name: str) -> bool:
    """Whether a tag of this name opens and closes around something that is more than a word between the two."""
    name = re.escape(name)
    pair = rf"<{name}\b[^<>]*>(?!\s*(?:(?:and|or|vs\.?|,|/|&|\+)\s*)?</{name}\s*>)[^<]*(?:<(?!/?{name}\b)[^<]*)*</{name}\s*>"
    return re.search(pair, text, re.IGNORECASE) is not None
