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
_NAMED = re.compile(rf"[ -]?{_NOUN}(?![a-z])|['’]?s(?!\w)", re.IGNORECASE)
_JOINED = re.compile(rf"[ ]?(?:(?:and|or|vs|versus|is|in|inside|with)(?!\w)|[&/+|,](?!\w))|{_NAMED.pattern}", re.IGNORECASE)
_UNSPACED = r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"
_RUNS_ON = re.compile(rf"(?:[^.!?…\s]|^)[ ]+$|{_UNSPACED}$")
_BEGINS = re.compile(rf"[ ]\w|[ ]?[:?]|{_UNSPACED}")
_NAME = re.compile(r"<(/?)\s*([!?]?[a-z][\w:-]*)\s*(/?)", re.IGNORECASE)
_SHOWN = frozenset({"a", "font", "img", "span"})
"""With attributes these are always used: a link, a picture."""
_ENDS = frozenset({"br", "hr", "p"})
"""At the end of a text these are more often used than spoken of."""
_CLOSED = frozenset("br hr img wbr".split())
"""Never closed, so that it says nothing."""
_OPEN = frozenset({"li", "p"})
"""Seldom closed."""
_FORMATS = _OPEN | frozenset("a b big center em font i s small span strike strong u".split())
"""At the beginning of a line these are used, closed or not."""


def mentioned(text: str, tags: Sequence[re.Match[str]]) -> frozenset[int]:
    """Where the tags begin that are spoken of. They stand in a sentence as words do, with nothing between one and its other half; and
    what is opened among words and never closed is spoken of, whatever comes after it.

    Parameters
    ----------
    text : str
    tags : sequence of re.Match
        All tags of it, in their order; nothing is found among more than ``FEW``.
    """
    if len(tags) > FEW:
        return frozenset()
    runs = _runs(tags)
    found = {tag.start() for run in runs if _is_word(text, run) for tag in run}
    return frozenset(found | {tag.start() for run in runs if _is_open(text, run, len(tags)) for tag in run})


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


def _is_open(text: str, run: list[re.Match[str]], tags: int) -> bool:
    """Whether tags without attributes are opened among words of their line, and never closed."""
    names = {tag[0][1:-1].lower() for tag in run}
    if not all(map(str.isalnum, names)) or names & _CLOSED or re.search(rf"</(?:{'|'.join(names)})\b", text, re.IGNORECASE):
        return False
    start, end = run[0].start(), run[-1].end()
    before = text[text.rfind("\n", 0, start) + 1 : start]
    if not before.strip():
        return not names & _FORMATS and _BEGINS.match(text, end) is not None
    if names & _OPEN and (tags > 1 or text[end : end + 2].isspace() or not text[end:]):
        return False
    return _RUNS_ON.search(before, max(0, len(before) - 9)) is not None and any(map(str.isalnum, before))


def _around(text: str, name: str) -> bool:
    """Whether a tag of this name opens and closes around something that is more than a word between the two."""
    name = re.escape(name)
    pair = rf"<{name}\b[^<>]*>(?!\s*(?:(?:and|or|vs\.?|,|/|&|\+)\s*)?</{name}\s*>)[^<]*(?:<(?!/?{name}\b)[^<]*)*</{name}\s*>"
    return re.search(pair, text, re.IGNORECASE) is not None
