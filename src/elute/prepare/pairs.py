"""Which tags of a text are tags, told by their other halves; and what is raised or lowered, which is said by ``^`` and ``_``.

Half of a pair is never taken out: ``<input>Cats sleep.</input>`` would keep its beginning and lose its end.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

_NAME = re.compile(r"</?([a-z][\w:-]*)", re.IGNORECASE)
_RAISED = {"sup": "^", "sub": "_"}
_OPTIONAL = frozenset("body br dd dt head hr html img li option tbody td tfoot th thead tr wbr".split())
"""Seldom or never closed in HTML."""
_ORDINAL = re.compile(r"st|nd|rd|th|er|ère|re|ème|tm|sm|[®™©]", re.IGNORECASE)
_SIMPLE = re.compile(r"[-+−–]?(?:\d+(?:[.,]\d+)*|[^\W\d_]+)|\d*[-+−–]|\[\w+\]|\(\w+\)")
_QUOTES = frozenset("\"'`")


def paired(text: str, tags: Sequence[re.Match[str]], known: re.Pattern[str]) -> tuple[set[int], dict[int, re.Match[str]]]:
    """Where the tags begin that stay for want of their other half; and the other half of what is raised or lowered, for each half.

    A closing tag of a name that is not ``known`` stays without its opening one. So does a tag right behind a letter or digit that is
    never closed, as in ``Vec<A>`` and ``1<b>3``, and half of a power.
    """
    stay, raised = set[int](), dict[int, re.Match[str]]()
    opened = defaultdict[str, list[re.Match[str]]](list)
    for tag in tags:
        name = _NAME.match(tag[0])[1].lower()  # type: ignore[index]
        # those of powers stand one within the other, or are none
        stack = opened["sup" if name in _RAISED else name]
        if tag[0][1] != "/":
            if not tag[0].endswith("/>"):
                stack.append(tag)
        elif stack and _same(stack[-1], name):
            other = stack.pop()
            if name in _RAISED:
                raised[other.start()], raised[tag.start()] = tag, other
        elif name in _RAISED or not known.fullmatch(name):
            stay.add(tag.start())
    for name, left in opened.items():
        for tag in left:
            bare = tag.end() - tag.start() == len(name) + 2 and name not in _OPTIONAL
            if name == "sup" or (bare and text[max(0, tag.start() - 1) : tag.start()].isalnum()):
                stay.add(tag.start())
    return stay, raised


def _same(tag: re.Match[str], name: str) -> bool:
    return tag[0][1 : len(name) + 1].lower() == name


def quoted(text: str, one: re.Match[str]) -> bool:
    """Whether it is all that stands within quotes, as in ``replace("&", "&amp;")``: code that writes HTML, or a text about it."""
    before, after = text[max(0, one.start() - 1) : one.start()], text[one.end() : one.end() + 1]
    return before in _QUOTES and before == after


def as_raised(text: str, opening: re.Match[str], closing: re.Match[str], inside: str) -> str:
    """What stands between two tags, with ``^`` or ``_`` where it touches what it belongs to: else 10 to the 3 would be 103."""
    before, after = text[max(0, opening.start() - 1) : opening.start()], text[closing.end() : closing.end() + 2]
    said = inside.strip()
    alone = not before.strip() and not after[:1].strip()
    if not said or alone or _ORDINAL.fullmatch(said):
        return inside
    mark = _RAISED[_NAME.match(opening[0])[1].lower()]  # type: ignore[index]
    runs_on = re.match(r"[.,]?\d", after) if said[-1].isdigit() else said[-1].isalpha() and after[:1].isalpha()
    return f"{mark}{said}" if _SIMPLE.fullmatch(said) and not runs_on else f"{mark}({said})"
