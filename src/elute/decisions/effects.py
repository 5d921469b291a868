"""What accepted suggestions did to the numbers: the round before each and the round after, read from the journal, stored nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.decisions.decisions import Decision, fold
from elute.decisions.lineage import MOVES

FIGURES = (
    ("kept", "rows", None, 0),
    ("clusters", "clusters", None, 0),
    ("silhouette", "silhouette", True, 3),
    ("davies_bouldin", "Davies-Bouldin", False, 2),
    ("calinski_harabasz", "Calinski-Harabasz", True, 1),
    ("balance", "balance", True, 2),
    ("noise", "noise", None, 3),
    ("accuracy", "accuracy", True, 3),
)
"""Name, title, whether up is better (None: neither), digits."""
Facts = Mapping[str, float | int | None]
NO_ERRORS: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True)
class Effect:
    """One thing that was accepted, between two rounds.

    Attributes
    ----------
    title : str
        What was accepted.
    kinds : tuple of str
        Kinds of the suggestions.
    analyst : str
        Who advised it; "" where only elute's own evidence did.
    decisions : tuple of str
        Ids in the journal.
    rows : int
        How many it decided on.
    before_round, after_round : int
        Numbers of the rounds; ``after_round`` is 0 until there is one.
    before, after : dict of str to float, int or None
        :data:`FIGURES` by name; ``after`` is empty until there is a round, ``accuracy`` None where it was not measured.
    beside : int
        Other decisions between the same two rounds: the change is of all of them together.
    unsure : tuple of str
        Figures that changed by less than their standard error, of which nothing is said.
    """

    title: str
    kinds: tuple[str, ...]
    analyst: str
    decisions: tuple[str, ...]
    rows: int
    before_round: int
    after_round: int
    before: Facts
    after: Facts
    beside: int = 0
    unsure: tuple[str, ...] = ()

    @property
    def change(self) -> dict[str, float]:
        """After less before, of the figures that both rounds have."""
        return {
            name: float(now) - float(was)
            for name, *_ in FIGURES
            if (was := self.before.get(name)) is not None and (now := self.after.get(name)) is not None
        }

    @property
    def told(self) -> str:
        """In a sentence or two: what moved, and which way is better."""
        if not self.after:
            return "The next round will show what it did."
        moved: dict[bool | None, list[str]] = {}
        for name, title, up, digits in FIGURES:
            change = self.change.get(name, 0.0)
            if abs(change) >= 0.5 * 10**-digits and name not in self.unsure:
                figures = f"{title} {self.before[name]:,.{digits}f} to {self.after[name]:,.{digits}f}"
                moved.setdefault(None if up is None else (change > 0) == up, []).append(figures)
        said = [
            f"{word}{', '.join(moved[which])}."
            for which, word in ((None, ""), (True, "Better: "), (False, "Worse: "))
            if which in moved
        ]
        if self.beside:
            others = "One more decision lies" if self.beside == 1 else f"{self.beside} more decisions lie"
            said.append(f"{others} between these rounds, so the change is of all together.")
        told = " ".join(said) or "Nothing moved."
        return told[:1].upper() + told[1:]

    def __repr__(self) -> str:
        return f"<{self.title}: {self.told}>"


def effects(
    records: Sequence[Decision],
    in_force: Sequence[Decision],
    now: Decision | None,
    accuracy: Facts,
    error: Mapping[str, float] = NO_ERRORS,
) -> tuple[Effect, ...]:
    """Of each thing that was accepted, is in force and makes another round, what it did; oldest first.

    Parameters
    ----------
    records : sequence of Decision
        The whole journal, oldest first.
    in_force : sequence of Decision
    now : Decision or None
        The record of the round that belongs to the decisions as they are, where there is one: one that was made before, and is
        come back to, is noted once.
    accuracy : dict of str to float or None
        By number of the round, where it was measured.
    error : dict of str to float
        Its standard error, likewise.

    Notes
    -----
    The round after is the first that was begun with the decision in force. What is accepted together is one effect; where it was
    accepted in several rounds, as by an autopilot, each round has one.
    Tags and proposed labels change no figure of a round: they have none.
    """
    journal = _Journal(records)
    together: dict[tuple[str, int], list[Decision]] = {}
    for decision in in_force:
        if decision.source.get("kind") == "suggestion" and decision.id in journal.at:
            together.setdefault((str(decision.data.get("batch") or decision.id), decision.round), []).append(decision)
    moving = (made for made in together.values() if any(one.kind in MOVES for one in made))
    return tuple(_effect(journal, made, in_force, now, accuracy, error) for made in moving)


class _Journal:
    """Where each record stands, and what was in force when a round was begun."""

    def __init__(self, records: Sequence[Decision]) -> None:
        self.records = records
        self._known: dict[int, frozenset[str]] = {}

    @cached_property
    def at(self) -> dict[str, int]:
        return {record.id: place for place, record in enumerate(self.records)}

    @cached_property
    def rounds(self) -> list[tuple[int, Decision]]:
        """Records of rounds, and the place of the record after which each was begun."""
        return [
            (self.at.get(str(record.data.get("after", record.id)), -1), record)
            for record in self.records
            if record.kind == "round"
        ]

    def in_force(self, place: int) -> frozenset[str]:
        """Ids of the decisions in force after a record."""
        if place not in self._known:
            state = fold(self.records[: place + 1], 0, _nowhere)
            self._known[place] = frozenset(decision.id for decision in state.in_force)
        return self._known[place]


def _effect(
    journal: _Journal,
    made: Sequence[Decision],
    in_force: Sequence[Decision],
    now: Decision | None,
    accuracy: Facts,
    error: Mapping[str, float],
) -> Effect:
    ids, last = [one.id for one in made], journal.at[made[-1].id]
    earlier = [record for _, record in journal.rounds if journal.at[record.id] < journal.at[ids[0]]]
    before = next((one for one in reversed(earlier) if one.data.get("number") == made[0].round), earlier[-1] if earlier else None)
    later = (one for place, one in journal.rounds if place >= last and set(ids) <= journal.in_force(place))
    after = next(later, now if now is not None and now is not before else None)
    until = journal.at[after.id] if after is not None and journal.at[after.id] > last else len(journal.records)
    since = journal.at[before.id] if before is not None else -1
    source = made[0].source
    facts, then = _facts(before, accuracy), _facts(after, accuracy)
    was, now_is = facts.get("accuracy"), then.get("accuracy")
    bound = max((error.get(str(one.data.get("number")), 0.0) for one in (before, after) if one is not None), default=0.0)
    return Effect(
        title=made[0].reason or "suggestions",
        kinds=tuple(map(str, source.get("kinds", ()))),
        analyst=str(source.get("analyst", "")),
        decisions=tuple(ids),
        rows=len(np.unique(np.concatenate([one.ids for one in made]))),
        before_round=0 if before is None else int(before.data["number"]),
        after_round=0 if after is None else int(after.data["number"]),
        before=facts,
        after=then,
        beside=sum(since < journal.at.get(one.id, -1) < until and one.id not in ids and one.kind in MOVES for one in in_force),
        unsure=("accuracy",) if was is not None and now_is is not None and abs(now_is - was) < bound else (),
    )


def _facts(record: Decision | None, accuracy: Facts) -> dict[str, float | int | None]:
    if record is None:
        return {}
    told: dict[str, Any] = {"kept": record.data.get("kept"), **(record.data.get("metrics") or {})}
    told["accuracy"] = accuracy.get(str(record.data.get("number")))
    return {name: told.get(name) for name, *_ in FIGURES}


def _nowhere(ids: NDArray[np.uint64]) -> tuple[NDArray[np.bool_], int]:
    """Which decisions are in force needs no row."""
    return np.zeros(0, bool), 0
