"""A decision is a value; the state of a session is a pure function of the list of its records.

Nothing here touches a disk or a clock. :func:`fold` is the one place where the meaning of a record is written down, so
undo, redo, going back, a restart and a second kernel can't disagree about a mask.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

UNDOABLE = ("drop", "keep", "restore", "rename", "settings", "goto")
"""Kinds that undo and redo walk over; every other record only tells a fact (``open``, ``round``, ``selection``, ``consent``)."""

Locate = Callable[[NDArray[np.uint64]], tuple[NDArray[np.bool_], int]]
"""``ids -> (mask of shape (n,), how many were not found)``: :meth:`elute.corpus.Corpus.rows_by_id`."""


@dataclass(frozen=True, eq=False)
class Decision:
    """What a person, or code on their behalf, did.

    Attributes
    ----------
    id : str
        Unique; the same id never applies twice.
    kind : str
        ``drop``, ``restore``, ``keep`` (looked at, stays), ``rename``, ``settings``, ``goto`` (back to where things stood after
        the record ``data["to"]``), ``undo``, ``redo``, or a fact.
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
        What undo takes back, the next one last; what redo does again, the next one last.
    in_force : tuple of Decision
        The decisions that make the mask, oldest first: after a ``goto`` those that were in force there, and what came since.
    history : tuple of Decision
        Every decision there ever was, oldest first, in force or not.
    last : str
        Id of the last record; "" where there is none.
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
    in_force: tuple[Decision, ...]
    history: tuple[Decision, ...]
    settings: Mapping[str, Any]
    selections: Mapping[str, NDArray[np.bool_]]
    rounds: tuple[Decision, ...]
    consents: frozenset[str]
    unknown: int
    last: str

    @property
    def renames(self) -> list[Decision]:
        """Names that a person gave to clusters, oldest first."""
        return [decision for decision in self.in_force if decision.kind == "rename"]

    @property
    def decided(self) -> list[Decision]:
        """What is in force without the goings back, which decide nothing themselves."""
        return [decision for decision in self.in_force if decision.kind != "goto"]


@dataclass(frozen=True)
class Standing:
    """Where a session stands: the decisions in force, and the settings that the cell gave."""

    decisions: tuple[Decision, ...]
    opened: Mapping[str, Any]

    def without_choices(self, opened: Mapping[str, Any]) -> Standing:
        """What the cell says now outranks what was chosen on the page before: those choices end."""
        return Standing(tuple(old for old in self.decisions if old.kind != "settings"), opened)


def fold(records: Sequence[Decision], n: int, locate: Locate) -> State:
    """Read records in order and return what they mean.

    Parameters
    ----------
    records : sequence of Decision
    n : int
        Rows of the corpus.
    locate : Locate
    """
    applied: list[Decision] = []
    undone: list[Decision] = []
    history: list[Decision] = []
    opened: Mapping[str, Any] = {}
    selections: dict[str, NDArray[np.bool_]] = {}
    rounds: list[Decision] = []
    consents: set[str] = set()
    after: dict[str, str] = {}
    asked = _asked(records)
    moments = {"": Standing((), {})}
    landed: dict[str, Standing] = {}
    for record in records:
        if record.kind in UNDOABLE:
            if record.kind == "goto":
                to = str(record.data.get("to"))
                ways = [moments[at] for at in (after.get(to, to), to) if at in moments]
                # to a record that a damaged journal lost: nowhere, yet it can be undone
                ways.append(_standing(applied, landed, opened))
                landed[record.id] = ways[0] if to else Standing((), opened)
            applied.append(record)
            history.append(record)
            undone.clear()
        elif record.kind == "undo" and applied:
            undone.append(applied.pop())
        elif record.kind == "redo" and undone:
            applied.append(undone.pop())
        elif record.kind == "open":
            opened = dict(record.data["settings"])
            applied, undone = ([old for old in stack if old.kind != "settings"] for stack in (applied, undone))
            landed = {goto: there.without_choices(opened) for goto, there in landed.items()}
        elif record.kind == "round":
            rounds.append(record)
            after[record.id] = str(record.data.get("after", record.id))
        elif record.kind == "selection":
            selections[str(record.data["name"])] = locate(record.ids)[0]
        elif record.kind == "consent":
            consents.add(str(record.data["provider"]))
        if record.id in asked:
            moments[record.id] = _standing(applied, landed, opened)
    standing = _standing(applied, landed, opened)
    keep, looked = np.ones(n, bool), np.zeros(n, bool)
    settings, unknown = dict(standing.opened), 0
    for decision in standing.decisions:
        if decision.kind == "settings":
            settings.update(decision.data)
        elif decision.kind in ("drop", "restore", "keep"):
            rows, missing = locate(decision.ids)
            unknown += missing
            if decision.kind == "keep":
                looked |= rows
            else:
                keep[rows] = decision.kind == "restore"
    return State(
        keep, looked, tuple(applied), tuple(undone), standing.decisions, tuple(history), settings, selections, tuple(rounds),
        frozenset(consents), unknown, records[-1].id if records else "",
    )  # fmt: skip


def _asked(records: Sequence[Decision]) -> set[str]:
    """The records whose moment somebody went back to: no other need be remembered.

    A round stands where it was begun: decisions may have come while it was computed.
    """
    named = {str(record.data.get("to")) for record in records if record.kind == "goto"}
    return named | {str(record.data.get("after")) for record in records if record.kind == "round" and record.id in named}


def _standing(applied: Sequence[Decision], landed: Mapping[str, Standing], opened: Mapping[str, Any]) -> Standing:
    """A ``goto`` stands for all that was in force where it leads; what came before it counts no more."""
    at = next((at for at in range(len(applied) - 1, -1, -1) if applied[at].kind == "goto"), None)
    if at is None:
        return Standing(tuple(applied), opened)
    there = landed[applied[at].id]
    return Standing((*there.decisions, *applied[at:]), there.opened)
