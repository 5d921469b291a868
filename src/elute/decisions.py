"""A decision is a value; the state of a session is a pure function of the list of its records.

Nothing here touches a disk or a clock. :func:`fold` is the one place where the meaning of a record is written down, so
undo, redo, a restart and a second kernel can't disagree about a mask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

UNDOABLE = ("drop", "keep", "restore", "rename", "settings")
"""Kinds that undo and redo walk over; every other record only tells a fact (``open``, ``round``, ``selection``, ``consent``)."""


@dataclass(frozen=True, eq=False)
class Decision:
    """What a person, or code on their behalf, did.

    Attributes
    ----------
    id : str
        Unique; the same id never applies twice.
    kind : str
        ``drop``, ``restore``, ``keep`` (looked at, stays), ``rename``, ``settings``, ``undo``, ``redo``, or a fact.
    ids : ndarray of shape (m,), uint64
        Rows it is about, as the content-based ids of the corpus.
    reason : str
    source : dict
        How it was made: ``{"kind": "lasso", "polygon": [...], "camera": [...]}``, ``{"kind": "code"}``, ...
    round : int
        Number of the round that was on the screen.
    time : str
        UTC, ISO 8601.
    data : dict
        What else belongs to the kind: settings, a name, metrics of a round.
    """

    id: str
    kind: str
    ids: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))
    reason: str = ""
    source: Mapping[str, Any] = field(default_factory=dict)
    round: int = 0
    time: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class State:
    """What a list of records means for one corpus.

    Attributes
    ----------
    keep, looked : ndarray of shape (n,), bool
        Rows that stay; rows that a person looked at and kept.
    applied, undone : tuple of Decision
        Undoable decisions in force, oldest first; those taken back, the next to redo last.
    settings : dict
        Settings by name, the latest word on each.
    selections : dict of str to ndarray of shape (n,), bool
        What was saved under a name.
    rounds : tuple of Decision
        The ``round`` records, oldest first.
    consents : frozenset of str
        Remote providers that the person agreed to.
    unknown : int
        Ids of rows that are not in this corpus any more.
    """

    keep: NDArray[np.bool_]
    looked: NDArray[np.bool_]
    applied: tuple[Decision, ...]
    undone: tuple[Decision, ...]
    settings: Mapping[str, Any]
    selections: Mapping[str, NDArray[np.bool_]]
    rounds: tuple[Decision, ...]
    consents: frozenset[str]
    unknown: int

    @property
    def renames(self) -> list[Decision]:
        """Names that a person gave to clusters, oldest first."""
        return [decision for decision in self.applied if decision.kind == "rename"]


def fold(records: Iterable[Decision], n: int, locate: Callable[[NDArray[np.uint64]], tuple[NDArray[np.bool_], int]]) -> State:
    """Read records in order and return what they mean.

    Parameters
    ----------
    records : iterable of Decision
    n : int
        Rows of the corpus.
    locate : callable
        ``ids -> (mask of shape (n,), how many were not found)``: :meth:`elute.corpus.Corpus.rows_by_id`.
    """
    applied: list[Decision] = []
    undone: list[Decision] = []
    opened: dict[str, Any] = {}
    selections: dict[str, NDArray[np.bool_]] = {}
    rounds: list[Decision] = []
    consents: set[str] = set()
    for record in records:
        if record.kind in UNDOABLE:
            applied.append(record)
            undone.clear()
        elif record.kind == "undo" and applied:
            undone.append(applied.pop())
        elif record.kind == "redo" and undone:
            applied.append(undone.pop())
        elif record.kind == "open":
            # what the cell says now outranks what was chosen on the page before: those choices end here
            opened = dict(record.data["settings"])
            applied, undone = ([old for old in stack if old.kind != "settings"] for stack in (applied, undone))
        elif record.kind == "round":
            rounds.append(record)
        elif record.kind == "selection":
            selections[str(record.data["name"])] = locate(record.ids)[0]
        elif record.kind == "consent":
            consents.add(str(record.data["provider"]))
    keep, looked = np.ones(n, bool), np.zeros(n, bool)
    settings, unknown = dict(opened), 0
    for decision in applied:
        if decision.kind == "settings":
            settings.update(decision.data)
        elif decision.kind in ("drop", "restore", "keep"):
            rows, missing = locate(decision.ids)
            unknown += missing
            if decision.kind == "keep":
                looked |= rows
            else:
                keep[rows] = decision.kind == "restore"
    return State(keep, looked, tuple(applied), tuple(undone), settings, selections, tuple(rounds), frozenset(consents), unknown)
