"""The rounds of a session: in memory, on disk, and in the journal as having been made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from elute.decisions import Decision, State
from elute.findings import findings
from elute.findings.own import FAILED
from elute.prepare import Prepared
from elute.rounds.archive import Archive, round_key
from elute.rounds.choices import Choices
from elute.rounds.round import Round, Settings
from elute.rounds.steps import Steps

if TYPE_CHECKING:
    import pandas as pd

ASKED = ("personal", "own:")
"""Before the names of findings that are there only where a person asked for them."""
IN_MEMORY = 8
"""Rounds held in memory: 50 MB each for a million rows. Older ones are read from disk, or computed again."""


def record_of(key: str) -> str:
    """Id of the journal's record of a round."""
    return f"round-{key}"


class Shelf:
    """Finds the round that belongs to a state of the decisions.

    Parameters
    ----------
    archive : Archive
    steps : Steps
    choices : Choices
    reference : ndarray of shape (n,), bool
        Rows of a reference: in every round, and not counted among what stays.
    note : callable
        ``note(key, facts)`` writes into the journal that a round was made, once a key. False where it belongs to decisions that were
        put aside since: on disk it is found again, and noted then.
    edits_at : callable
        From the record of a round to the rows that were edited when it was begun, by step.
    """

    def __init__(
        self, archive: Archive, steps: Steps, choices: Choices, reference: NDArray[np.bool_],
        note: Callable[[str, dict[str, Any]], bool], edits_at: Callable[[Decision], Mapping[str, NDArray[np.bool_]]],
    ) -> None:  # fmt: skip
        self._archive, self._steps, self._choices, self._note = archive, steps, choices, note
        self._n, self._own, self._edits_at = len(reference), ~reference, edits_at
        self._rounds: dict[str, Round] = {}
        self._found: WeakKeyDictionary[Round, str] = WeakKeyDictionary()

    def key(self, state: State) -> str:
        """Name of the round that belongs to a state."""
        settings = self._choices.settings(state.settings, state.edit_steps)
        return self._name(state.keep, settings)

    def key_of(self, made: Round) -> str:
        """Name of a round that was made, or that it was kept under: by another task it would have another."""
        return self._found.get(made) or self._name(made.keep, made.settings)

    def _name(self, keep: NDArray[np.bool_], settings: Settings) -> str:
        return round_key(keep, settings, self._steps.identity(settings), self._steps.task_of(settings))

    def known(self, state: State) -> Round | None:
        """The round of a state if it is in memory; takes no time."""
        return self._rounds.get(self.key(state)) if self._opened(state) else None

    def has(self, state: State) -> bool:
        """Whether the round of a state was computed before, and is in memory or on disk."""
        if not self._opened(state):
            return False
        key = self.key(state)
        return key in self._rounds or self._archive.has_round(key)

    def find(self, state: State) -> Round | None:
        """The round of a state, from memory or disk; None where there is none."""
        if not self._opened(state):
            return None
        key = self.key(state)
        if key not in self._rounds and (kept := self._from_disk(key, state.settings, state.edit_steps)) is not None:
            self._remember(key, replace(kept, number=self.number(state)), state.last)
        return self._rounds.get(key)

    def number(self, state: State) -> int:
        """Number of the round of a state: the one it has in the journal, where it was made before, else the next."""
        key = self.key(state)
        known = (int(record.data["number"]) for record in state.rounds if record.data["key"] == key)
        return next(known, len(state.rounds) + 1)

    def newest(self, state: State, settings: Settings) -> Round | None:
        """The round made last that is still there, of those whose vectors came from the same embedder."""
        mine = settings.describe().get("embedder")
        same = (record for record in reversed(state.rounds) if record.data["settings"].get("embedder", mine) == mine)
        return next((made for record in same if (made := self.of_record(record)) is not None), None)

    def of_record(self, record: Decision) -> Round | None:
        """The round that a record of the journal tells of, from memory or disk."""
        if (there := self.in_memory(record)) is not None:
            return there
        edits = self._edits_at(record) if record.data["settings"].get("edits") else {}
        made = self._from_disk(record.data["key"], record.data["settings"], edits)
        if made is None:
            return None
        made = replace(made, number=record.data["number"])
        self._found[made] = record.data["key"]
        return made

    def in_memory(self, record: Decision) -> Round | None:
        """The same, if it is in memory; takes no time."""
        return self._rounds.get(record.data["key"])

    def _opened(self, state: State) -> bool:
        return self._steps.opened(self._choices.settings(state.settings, state.edit_steps))

    def forget(self) -> None:
        """What is in memory belongs to decisions that were put aside: on disk it is found again, and noted again."""
        self._rounds.clear()

    def put(self, state: State, made: Round) -> None:
        """Keep a round that was made for a state, in memory and in the journal; :meth:`save` puts it on disk."""
        self._remember(self.key(state), made, state.last)

    def save(self, state: State, made: Round) -> None:
        """Keep it on disk as well: nobody need wait for that."""
        self._archive.put_round(self.key(state), made)

    def _from_disk(self, key: str, settings: Mapping[str, Any], edits: Mapping[str, NDArray[np.bool_]]) -> Round | None:
        if not self._archive.has_round(key):
            return None
        chosen = self._choices.settings(settings, edits)
        prepared = self._steps.prepared(chosen.prepare, edits=chosen.edits)
        found: dict[str, Any] = {}

        def find(labels: NDArray[np.int32], scores: NDArray[np.float32] | None, columns: Mapping[str, Any]) -> pd.DataFrame:
            self._steps.asked.known(columns)
            found.update({name: values for name, values in columns.items() if not name.startswith(ASKED)})
            return findings(prepared, labels, scores, found)

        made = self._archive.get_round(key, chosen, find)
        if made is None or len(made.keep) != self._n:
            return None
        return self._asked_anew(made, prepared, found)

    def _asked_anew(self, made: Round, prepared: Prepared, found: Mapping[str, Any]) -> Round | None:
        """The round with what is asked for now, whatever was when it was kept. None where that would send texts to a server."""
        asked, settings = self._steps.asked, made.settings
        notes = tuple(note for note in made.notes if not note.startswith(FAILED))
        held = {name: rows for name, rows in made.held.items() if not name.startswith(ASKED)}
        if not asked.how.describe():
            return replace(made, notes=notes, held=held)
        if asked.reads_vectors and self._choices.embedder(settings).remote and not self._steps.at_hand(settings):
            return None
        has = np.fromiter((text is not None for text in prepared.texts), bool, self._n)
        among = made.keep & has & ~found["copy"] & ~found["near_copy"]
        columns, named = asked.columns(made, among, lambda: self._steps.embeddings(settings).vectors)
        table = findings(prepared, made.labels, made.outlier_scores, {**found, **columns})
        return replace(made, findings=table, notes=(*notes, *asked.notes), held=held | named)

    def _remember(self, key: str, made: Round, after: str) -> None:
        self._rounds[key] = made
        while len(self._rounds) > IN_MEMORY:
            self._rounds.pop(next(iter(self._rounds)))
        kept, beside = int((made.keep & self._own).sum()), self._n - int(self._own.sum())
        facts = {"number": made.number, "key": key, "kept": kept, "reference": beside, "seconds": round(made.seconds, 3)}
        if not self._note(key, {**facts, "metrics": made.metrics, "settings": made.settings.describe(), "after": after}):
            self._rounds.pop(key, None)
