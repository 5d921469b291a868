"""What differs between two texts that say nearly the same, in words."""

from __future__ import annotations

from difflib import SequenceMatcher

from elute.findings.points import ALONE, ASKED, BESIDE, INNER
from elute.findings.words import APOSTROPHE, split

READ = 300
"""Words of each text that are compared: the difference of longer ones is not told."""
ENOUGH = 10_000
"""Characters of each text that are read: of what comes after, nothing is told."""
TOLD = 3
_SEPARATORS = {ord(kept): mark for mark, kept in (*INNER.items(), *ALONE.items(), ("'", APOSTROPHE), ("?", ASKED), (",", BESIDE))}


def difference(own: str, other: str) -> str:
    """A sentence about the words that differ, after a space; empty where there is nothing short to say.

    >>> difference("Where is my crad?", "where is my card")
    ' Here “crad” stands for “card”.'
    >>> difference("Where is it?", "WHERE IS IT")
    ' Only case, punctuation or white space differ.'
    >>> difference("We’re late", "Were late")
    " Here “we're” stands for “were”."
    """
    a, b = split(own[:ENOUGH]), split(other[:ENOUGH])
    if a == b:
        return "" if own == other or max(len(own), len(other)) > ENOUGH else " Only case, punctuation or white space differ."
    if len(a) > READ or len(b) > READ:
        return ""
    steps = [step for step in SequenceMatcher(None, a, b, autojunk=False).get_opcodes() if step[0] != "equal"]
    told = [_said(" ".join(a[i:j]), " ".join(b[k:m])) for _, i, j, k, m in steps]
    return (
        f" Here {', '.join(told)}.".translate(_SEPARATORS) if len(told) <= TOLD and all(len(part) < 160 for part in told) else ""
    )


def _said(mine: str, theirs: str) -> str:
    if not mine:
        return f"“{theirs}” is missing"
    return f"“{mine}” stands for “{theirs}”" if theirs else f"“{mine}” is added"
