"""Strings from data or from a model as plain, short, single-line text; and names that are all different."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from elute.analyze.schema import NOISE

NAME_LENGTH = 60
_JOINERS = "\u200c\u200d"
_HIDDEN = {"Cc", "Cf", "Cs"}


def one_line(text: str, limit: int) -> str:
    """One line without control characters, at most ``limit`` characters; what is cut off leaves an ellipsis.

    Formatting characters that can reorder or hide what is read (bidirectional overrides, zero-width space) go too; the joiners
    that some scripts and emoji need stay.

    >>> one_line("a\\tb\\x1b[31m\\u202e  c", 20)
    'a b[31m c'
    >>> one_line("one two three", 8)
    'one two…'
    """
    head = text[: 4 * limit + 100]  # a text of ten megabytes is not walked through
    visible = (c if c in _JOINERS else " " if c.isspace() else "" if unicodedata.category(c) in _HIDDEN else c for c in head)
    line = " ".join("".join(visible).split())
    if len(line) <= limit and len(head) == len(text):
        return line
    return line[: limit - 1].rstrip() + "…"


class Names:
    """Hands out names, each once; case does not tell two names apart.

    Parameters
    ----------
    taken : iterable of str
        Names that are in use already.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._used = {name.casefold() for name in taken} | {"noise"}

    def take(self, cluster: int, wanted: Iterable[str]) -> str:
        """The first of ``wanted`` that is free; else the first of them with a number; noise is always "noise".

        At most four words: a number takes the place of the fourth.
        """
        if cluster == NOISE:
            return "noise"
        candidates = [name for name in (one_line(w, NAME_LENGTH) for w in wanted) if name] or [f"cluster {cluster}"]
        name = next((c for c in candidates if c.casefold() not in self._used), "")
        if not name:
            stem = " ".join(candidates[0].split()[:3]).rstrip(",")
            number = 2
            while (name := f"{stem[: NAME_LENGTH - 8]} {number}").casefold() in self._used:
                number += 1
        self._used.add(name.casefold())
        return name
