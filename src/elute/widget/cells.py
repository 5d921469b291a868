"""A cell that is run again: the widget that it made before has no page any more, and what it has under way is for nobody."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from elute.widget.rounds import Rounds

_made: WeakKeyDictionary[Rounds, tuple[str, str]] = WeakKeyDictionary()


def running() -> tuple[str, str]:
    """The cell that runs here, and which run of it this is; "" where the front end does not say."""
    there = sys.modules.get("IPython")
    with suppress(AttributeError, TypeError):
        parent = there.get_ipython().get_parent()  # type: ignore[union-attr]
        return str(parent.get("metadata", {}).get("cellId") or ""), str(parent.get("header", {}).get("msg_id") or "")
    return "", ""


def supersede(rounds: Rounds) -> None:
    """Stop what earlier runs of the same cell left at work. What one run makes goes on, each of it, and what other cells made."""
    cell, run = running()
    if not cell:
        return
    for other, (made_in, made_by) in list(_made.items()):
        if made_in == cell and made_by != run:
            del _made[other]
            if other.session is not rounds.session:  # what one session computes, all its widgets show
                other.cancel()
    _made[rounds] = cell, run
