"""A decision is a value; the state of a session is a pure function of the list of its records.

Nothing here touches a disk or a clock. :func:`fold` is the one place where the meaning of a record is written down (and
``meaning.py``, what those in force do to the rows), so undo, redo, going back, a restart and a second kernel can't disagree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.decisions.lineage import Lineage, lineage
from elute.decisions.meaning import Locate, meaning

UNDOABLE = ("drop", "keep", "restore", "rename", "settings", "goto", "edit", "relabel", "tag", "pin", "dismiss", "judged")
"""Kinds that undo and redo walk over; every other record only tells a fact (``open``, ``round``, ``selection``, ``consent``,
``withdraw``, and what a later version may write)."""


@dataclass(frozen=True, eq=False)
class Decision:
    """What a person, or code on their behalf, did.

    Attributes
    ----------
    id : str
        Unique; the same id never applies twice.
    kind : str
        ``drop``, ``restore``, ``keep`` (looked at, stays), ``rename``, ``settings``, ``goto`` (back to where things stood after
        the record ``data["to"]``), ``edit`` (text cleaned by ``data["step"]``), ``relabel`` (a label proposed for each row), ``tag``,
        ``pin``, ``dismiss`` (the suggestion ``data["suggestion"]``), ``judged`` (``judged.py``; undo knows it after
        the record ``data["after"]``, the last one when it was asked for), ``undo``, ``redo``, or a fact.
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
        What else belongs to the kind: settings, a name, metrics of a round. Consecutive decisions with the same ``batch`` were made
        at once: they are undone and redone together.
    """

    id: str
    kind: str
    ids: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))
    reason: str = ""
    source: Mapping[str, Any] = field(default_factory=dict)
    round: int = 0
    time: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        rows = f" of {len(self.ids):,} row{'' if len(self.ids) == 1 else 's'}" if len(self.ids) else ""
        why = f": {' '.join(self.reason.split())[:60]}" if self.reason else ""
        return f"<Decision {self.kind}{rows} in round {self.data.get('number', self.round)}{why}>"


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
        The ``round`` records, oldest first; ``data["kept"]`` counts no rows of a reference.
    begun : dict of str to tuple of Decision
        By id of such a record, what was in force when that round was begun.
    consents : frozenset of str
        Remote providers that the person agreed to, and did not withdraw since.
    agreed : frozenset of str
        All that they ever agreed to: texts may have gone there.
    unknown : int
        Ids of rows that are not in this corpus any more.
    pinned : ndarray of shape (n,), bool
        Rows that no decision drops until they are let go.
    tags : dict of str to ndarray of shape (n,), bool
        Rows by the tag that they bear.
    notes : dict of str to str
        What was noted beside a tag.
    relabels : dict of int to str
        The label that is proposed for a row.
    edit_steps : dict of str to ndarray of shape (n,), bool
        Rows whose text is cleaned by a step, whatever the settings say.
    dismissed : frozenset of str
        Ids of suggestions that are not made again.
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
    begun: Mapping[str, tuple[Decision, ...]]
    consents: frozenset[str]
    agreed: frozenset[str]
    unknown: int
    last: str
    pinned: NDArray[np.bool_]
    tags: Mapping[str, NDArray[np.bool_]]
    notes: Mapping[str, str]
    relabels: Mapping[int, str]
    edit_steps: Mapping[str, NDArray[np.bool_]]
    dismissed: frozenset[str]

    def __repr__(self) -> str:
        return f"<State: {int(self.keep.sum()):,} of {len(self.keep):,} rows stay, {len(self.decided):,} decisions in force>"

    @cached_property
    def edits(self) -> NDArray[np.bool_]:
        """(n,) rows whose text is cleaned by any step of their own."""
        found = np.zeros(len(self.keep), bool)
        for rows in self.edit_steps.values():
            found |= rows
        return found

    @cached_property
    def lineage(self) -> Lineage:
        """From which round the session came to each, and which it took back."""
        return lineage(self.rounds, self.begun, self.in_force)

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


def together(stack: Sequence[Decision]) -> int:
    """How many decisions at the end of a stack go as one: those of the same batch, else 1; 0 where there is none."""
    if not stack:
        return 0
    batch, count = stack[-1].data.get("batch"), 1
    while batch and count < len(stack) and stack[-count - 1].data.get("batch") == batch:
        count += 1
    return count


def fold(records: Sequence[Decision], n: int, locate: Locate, protected: NDArray[np.bool_] | None = None) -> State:
    """Read records in order and return what they mean.

    Parameters
    ----------
    records : sequence of Decision
    n : int
        Rows of the corpus.
    locate : Locate
    protected : ndarray of shape (n,), bool, optional
        Rows that stay whatever the records say: those of a reference.
    """
    applied: list[Decision] = []
    undone: list[Decision] = []
    history: list[Decision] = []
    opened: Mapping[str, Any] = {}
    selections: dict[str, NDArray[np.bool_]] = {}
    rounds: list[Decision] = []
    consents: set[str] = set()
    agreed: set[str] = set()
    after: dict[str, str] = {}
    beside = 0 if protected is None else int(protected.sum())
    asked = _asked(records)
    moments = {"": Standing((), {})}
    landed: dict[str, Standing] = {}
    noted: dict[str, int] = {}
    stood: dict[str, int] = {}
    # what another session of this process put aside counts no more, though it is still in memory here
    began = next((at for at in range(len(records) - 1, -1, -1) if records[at].data.get("afresh")), 0)
    for at, record in enumerate(records[began:]):
        noted[record.id] = at
        if record.kind in UNDOABLE:
            stood[record.id] = at
        if record.kind == "judged" and "after" in record.data:
            _judged(record, noted.get(str(record.data["after"]), at), applied, landed, stood)
            history.append(record)
        elif record.kind in UNDOABLE:
            if record.kind == "goto":
                to = str(record.data.get("to"))
                ways = [moments[at] for at in (after.get(to, to), to) if at in moments]
                # to a record that a damaged journal lost: nowhere, yet it can be undone
                ways.append(_standing(applied, landed, opened))
                landed[record.id] = ways[0] if to else Standing((), opened)
            applied.append(record)
            history.append(record)
            undone.clear()
        elif record.kind == "undo":
            undone.extend(applied.pop() for _ in range(together(applied)))
        elif record.kind == "redo":
            again = [undone.pop() for _ in range(together(undone))]
            stood.update((old.id, at) for old in again)
            applied.extend(again)
        elif record.kind == "open":
            opened = dict(record.data["settings"])
            applied, undone = ([old for old in stack if old.kind != "settings"] for stack in (applied, undone))
            landed = {goto: there.without_choices(opened) for goto, there in landed.items()}
        elif record.kind == "round":
            rounds.append(_own(record, beside))
            after[record.id] = str(record.data.get("after", record.id))
        elif record.kind == "selection":
            selections[str(record.data["name"])] = locate(record.ids)[0]
        elif record.kind == "consent":
            consents.add(str(record.data["provider"]))
            agreed |= consents
        elif record.kind == "withdraw":
            consents.discard(str(record.data["provider"]))
        if record.id in asked:
            moments[record.id] = _standing(applied, landed, opened)
    standing = _standing(applied, landed, opened)
    means = meaning(standing.decisions, standing.opened, n, locate, protected)
    return State(
        keep=means.keep, looked=means.looked, applied=tuple(applied), undone=tuple(undone), in_force=standing.decisions,
        history=tuple(history), settings=means.settings, selections=selections, rounds=tuple(rounds), consents=frozenset(consents),
        begun={told: moments[at].decisions for told, at in after.items() if at in moments}, agreed=frozenset(agreed),
        unknown=means.unknown, last=records[-1].id if records else "", pinned=means.pinned, tags=means.tags, notes=means.notes,
        relabels=means.relabels, edit_steps=means.edit_steps, dismissed=frozenset(means.dismissed),
    )  # fmt: skip


def _judged(record: Decision, asked: int, applied: list[Decision], landed: dict[str, Standing], stood: dict[str, int]) -> None:
    """Verdicts come when they come, and were asked for before: what a person decided since is above them in what undo takes back.

    What they had undone stays there to be done again, and where they went back to, the verdicts are in force too.
    """
    at, stood[record.id] = len(applied), asked
    while at and stood[applied[at - 1].id] > asked:
        at -= 1
    while 0 < at < len(applied) and together(applied[at - 1 : at + 1]) == 2:  # what was decided at once stays together
        at -= 1
    for later in applied[at:]:
        if later.kind == "goto":
            there = landed[later.id]
            landed[later.id] = Standing((*there.decisions, record), there.opened)
    applied.insert(at, record)


def _asked(records: Sequence[Decision]) -> set[str]:
    """The records whose moment somebody went back to, or a round was begun at: no other need be remembered.

    A round stands where it was begun: decisions may have come while it was computed.
    """
    named = {str(record.data.get("to")) for record in records if record.kind == "goto"}
    return named | {str(record.data.get("after", record.id)) for record in records if record.kind == "round"}


def _own(record: Decision, beside: int) -> Decision:
    """A round with the rows of the user's own that stayed: earlier versions counted those of the reference with them, and said none."""
    kept = record.data.get("kept")
    if not beside or "reference" in record.data or not isinstance(kept, int):
        return record
    return replace(record, data={**record.data, "kept": max(0, kept - beside)})


def _standing(applied: Sequence[Decision], landed: Mapping[str, Standing], opened: Mapping[str, Any]) -> Standing:
    """A ``goto`` stands for all that was in force where it leads; what came before it counts no more."""
    at = next((at for at in range(len(applied) - 1, -1, -1) if applied[at].kind == "goto"), None)
    if at is None:
        return Standing(tuple(applied), opened)
    there = landed[applied[at].id]
    return Standing((*there.decisions, *applied[at:]), there.opened)
