"""A person's line read without a model: what should stay, what should go, or that it does not say so plainly.

What a line names by itself should stay; what stands behind a word that throws out ("off-topic is", "drop", "no") should go. A line
that says neither plainly is read as nothing: likeness to the wrong half of it would keep what should go.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from elute.analyze.wording import one_line

SHOWN = 40
"""Characters of a line that are told."""
PLAINLY = "the line can't be read without a model: say “keep: …” or “drop: …”"
_GO = (
    r"drop|remove|delete|discard|exclude|reject|omit|throw\s+(?:out|away)|get\s+rid\s+of|(?:filter|leave|weed)\s+out|"
    r"(?:(?:i|we)\s+)?(?:do\s+not|don['’]?t|never)\s+(?:keep|include|want|allow)"
)
_STAY = r"keep|retain|include|(?:i|we)\s+(?:only\s+)?want|only|nothing\s+but"
_NONE = r"no|not|nothing|without"
_MARK = re.compile(
    rf"""
    \b(?P<named>(?P<named_go>off[- ]topic|out[- ]of[- ]scope|drop|remove|not|bad)|on[- ]topic|keep|good)\b
      \s*(?:(?:is|are|means)\b|[:=])\s*
    | (?P<start>^|[.;,:!\n]\s*|\b(?P<joined>but|and|then)\s+)\s*(?:(?:please|but|and|then|also)\s+)*
      (?:(?P<stay>{_STAY})|(?P<none>{_NONE})|(?P<go>{_GO}))\s+(?:only\s+)?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_THOSE = r"(?:(?:everything|anything|all|any|texts?|rows?|whatever|what|those|else)\s+)*"
_TURNED = re.compile(
    rf"^{_THOSE}(?:but|except(?:\s+for)?|other\s+than|apart\s+from|(?:(?:that|which)\s+)?(?:is|are)(?:\s+not|n['’]t)|not)\s+(?:about\s+)?",
    re.IGNORECASE,
)
_REST = re.compile(
    rf"^(?:the\s+)?(?:everything\s+|anything\s+|all\s+|any\s+)?(?:else|rest|others?)$|^(?:everything|anything|all|{_NONE}|{_GO}|{_STAY})$",
    re.IGNORECASE,
)
_PLEASE = re.compile(r"[,\s]+please$", re.IGNORECASE)
_ASKS = re.compile(r"^(?:is|are|does|do|has|have|was|were|can|could|will|would|should)\b.*\?$", re.IGNORECASE | re.DOTALL)
_LOOKS = re.compile(r"^(?:find|flag|detect|mark|spot|identify|search|label|classify|judge|check|rate)\b", re.IGNORECASE)
_TURNS = re.compile(
    rf"\b(?:not|no|never|nor|neither|except|unless|without|cannot|\w+n['’]t|non-?\w+|other\s+than|unrelated|"
    rf"(?:should|must)\s+(?:go|leave|stay)|(?:and|then)\s+(?:{_GO})|"
    r"(?:be|is|are|gets?)\s+(?:dropped|removed|deleted|excluded|off[- ]topic|out[- ]of[- ]scope|unwanted))\b",
    re.IGNORECASE,
)


class Poles(NamedTuple):
    """What should stay and what should go; either may be empty, and both are where a line does not say so plainly."""

    stay: str
    go: str

    @property
    def told(self) -> str:
        """How the line was read, in words."""
        stay, go = (f"“{one_line(line, SHOWN)}”" if line else "" for line in self)
        if not (stay or go):
            return PLAINLY
        return "; ".join(filter(None, (stay and f"{stay} should stay", go and f"{go} should go")))


def poles(criterion: str) -> Poles:
    """What should stay and what should go, as a criterion says it.

    >>> poles("keep: questions to a bank; off-topic is small talk")
    Poles(stay='questions to a bank', go='small talk')
    >>> poles("no spam")
    Poles(stay='', go='spam')
    >>> poles("is this what the set is about?")
    Poles(stay='', go='')
    """
    line = criterion.strip()
    if _ASKS.search(line) or _LOOKS.search(line):
        return Poles("", "")
    # sign of what follows, whether its word ends in "is" or a colon, and where it begins
    marks: list[tuple[int, bool, int]] = [(1, False, 0)]
    ends: list[int] = []
    for found in _MARK.finditer(line):
        named, command = found["named"] is not None, found["none"] is None
        if found["joined"] and found["joined"].lower() != "but" and command and (len(marks) == 1 or marks[-1][1]):
            continue  # "how to add and remove cards" names one thing
        ends.append(found.start())
        marks.append((-1 if found["named_go"] or found["none"] or found["go"] else 1, named, found.end()))
    read: dict[int, list[str]] = {1: [], -1: []}
    for (sign, named, begin), end in zip(marks, [*ends, len(line)], strict=True):
        said = _PLEASE.sub("", line[begin:end].strip(" ;,.:!\n"))
        if turned := None if named else _TURNED.match(said):
            sign, said = -sign, said[turned.end() :]
        if not said or _REST.match(said):
            continue
        if not named and _TURNS.search(said):
            return Poles("", "")
        read[sign].append(said)
    return Poles("; ".join(read[1]), "; ".join(read[-1]))
