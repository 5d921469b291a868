"""From which round a session came to each, and which of them it took back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

MOVES = ("drop", "restore", "edit", "settings")
"""Kinds of decisions that make another round."""


class Lineage(NamedTuple):
    """How rounds come from one another, by ids of their records.

    Attributes
    ----------
    before : dict of str to Decision
        The record of the round before: the newest earlier one none of whose decisions was taken back by then.
    undone : frozenset of str
        Rounds that were begun with a decision that is in force no more.
    """

    before: dict[str, Any]
    undone: frozenset[str]


def lineage(rounds: Sequence[Any], begun: Mapping[str, Sequence[Any]], in_force: Sequence[Any]) -> Lineage:
    """Read how rounds come from one another off the decisions that each was begun with; only those that make a round count.

    Parameters
    ----------
    rounds : sequence of Decision
        Records of rounds, oldest first.
    begun : dict of str to sequence of Decision
        What was in force when each was begun; of a damaged journal some may lack.
    in_force : sequence of Decision
        What is in force now.
    """
    moved = {told: _moving(there) for told, there in begun.items()}
    before = {}
    for at, told in enumerate(rounds):
        if told.id in moved:
            earlier = (old for old in reversed(rounds[:at]) if old.id in moved and moved[old.id] <= moved[told.id])
            if (found := next(earlier, None)) is not None:
                before[told.id] = found
    now = _moving(in_force)
    return Lineage(before, frozenset(told for told, there in moved.items() if there - now))


def _moving(decisions: Sequence[Any]) -> frozenset[str]:
    return frozenset(one.id for one in decisions if one.kind in MOVES)
