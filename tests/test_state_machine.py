"""A session worked at random, killed and opened again on the same table or another, against a plain list of what stood when.

:mod:`test_ledger_machine` goes through every kind of decision; here is what a ledger alone has not: rounds, suggestions, saved
selections, deaths with half a line in the file, and tables that lost rows, got new ones and were put in another order.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from torture import times, torture

import elute
from elute.errors import InputError

TOPICS = ("my card was declined at the shop", "the grey cat sleeps on the roof", "heavy rain and wind along the coast")
NAMES = "ash beech cedar dogwood elm fir gorse hazel ivy juniper kapok larch maple nutmeg oak pine".split()
TEXTS = [f"{TOPICS[at % 3]} {name}" for at, name in enumerate(NAMES)] + [f"{TOPICS[0]} {NAMES[0]}!", f"{TOPICS[1]} {NAMES[1]} "]
FIRST = list(range(12)) + [16, 17]
PLACES = st.lists(st.integers(0, 30), min_size=1, max_size=5)
TABLES = st.lists(st.sampled_from(range(len(TEXTS))), min_size=8, max_size=len(TEXTS), unique=True)
TORN = st.sampled_from([b"", b"0", b'deadbeef {"v":2,"id":"', b"\0" * 40, b"\xff\xfe"])


@dataclass(frozen=True)
class Snapshot:
    """What stands after a decision, by numbers of texts; of texts that this table has not, too."""

    gone: frozenset[int] = frozenset()
    pinned: frozenset[int] = frozenset()
    tagged: frozenset[int] = frozenset()
    labels: dict[int, str] = field(default_factory=dict)


class Working(RuleBasedStateMachine):
    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.torn = 0
        self.done: list[Snapshot] = [Snapshot()]
        self.undone: list[Snapshot] = []
        self.moments = {"": Snapshot()}
        self.saved: dict[str, frozenset[int]] = {}
        self.acknowledged: list[str] = []
        self.open(FIRST)

    def open(self, table: list[int]) -> None:
        self.rows = table
        data = pd.DataFrame({"text": [TEXTS[number] for number in table]})
        how: dict[str, Any] = {"embedder": "tfidf", "clusterer": elute.KMeans(2), "projector": "pca", "path": self.folder}
        self.session = elute.Session(data, "text", **how)

    @property
    def now(self) -> Snapshot:
        return self.done[-1]

    def these(self, places: list[int]) -> tuple[list[int], frozenset[int]]:
        """Rows of the table, and the numbers of their texts."""
        rows = sorted({place % len(self.rows) for place in places})
        return rows, frozenset(self.rows[row] for row in rows)

    def mask(self, numbers: frozenset[int]) -> list[bool]:
        return [number in numbers for number in self.rows]

    def push(self, snapshot: Snapshot, count: int, expected: int) -> None:
        assert count == expected
        if count:
            self.note(snapshot)

    def note(self, snapshot: Snapshot) -> None:
        self.done.append(snapshot)
        self.undone.clear()
        self.moments[self.session.state.history[-1].id] = snapshot

    # -- deciding ------------------------------------------------------------------------------------------------------------

    @rule(places=PLACES)
    def drop(self, places: list[int]) -> None:
        rows, numbers = self.these(places)
        goes = numbers - self.now.gone - self.now.pinned
        self.push(replace(self.now, gone=self.now.gone | goes), self.session.drop(rows), len(goes))

    @rule(places=PLACES)
    def keep_only(self, places: list[int]) -> None:
        rows, numbers = self.these(places)
        if not numbers - self.now.gone:
            with pytest.raises(InputError, match="None of these rows stays"):
                self.session.keep_only(rows)
            return
        goes = frozenset(self.rows) - numbers - self.now.gone - self.now.pinned
        self.push(replace(self.now, gone=self.now.gone | goes), self.session.keep_only(rows), len(goes))

    @rule(places=PLACES)
    def restore(self, places: list[int]) -> None:
        rows, numbers = self.these(places)
        comes = numbers & self.now.gone
        self.push(replace(self.now, gone=self.now.gone - comes), self.session.restore(rows), len(comes))

    @rule(places=PLACES, on=st.booleans())
    def pin(self, places: list[int], on: bool) -> None:
        rows, numbers = self.these(places)
        changed = numbers - self.now.pinned if on else numbers & self.now.pinned
        self.push(replace(self.now, pinned=self.now.pinned ^ changed), self.session.pin(rows, on), len(changed))

    @rule(places=PLACES)
    def tag(self, places: list[int]) -> None:
        rows, numbers = self.these(places)
        new = numbers - self.now.tagged
        # the tag is noted again where it is there: nothing changes by that, and undo takes it back
        self.push(replace(self.now, tagged=self.now.tagged | numbers), self.session.tag(rows, "odd"), len(new))

    @rule(places=PLACES, label=st.sampled_from(["a", "b"]))
    def relabel(self, places: list[int], label: str) -> None:
        rows, numbers = self.these(places)
        changed = {number: label for number in numbers if self.now.labels.get(number) != label}
        told = replace(self.now, labels={**self.now.labels, **changed})
        self.push(told, self.session.relabel(rows, label), len(changed))

    @rule(places=PLACES, name=st.sampled_from(["x", "y"]))
    def save(self, places: list[int], name: str) -> None:
        rows, numbers = self.these(places)
        self.session.select(rows)
        assert self.session.save(name) == len(numbers)
        self.saved[name] = numbers

    # -- rounds --------------------------------------------------------------------------------------------------------------

    @rule()
    def run(self) -> None:
        if sum(number not in self.now.gone for number in self.rows) < 4:
            return
        before = len(self.session.state.rounds)
        made = self.session.run()
        assert made.keep.tolist() == self.mask(frozenset(self.rows) - self.now.gone)
        if len(self.session.state.rounds) > before:  # one that is known stands where it was made
            self.moments[self.session.id_of(made)] = self.now

    @rule(data=st.data())
    def accept(self, data: st.DataObject) -> None:
        if self.session.known_round() is None:
            return
        found = [one for one in self.session.suggestions if one.action == "drop" and one.count]
        if not found:
            return
        one = data.draw(st.sampled_from(found), label="suggestion")
        numbers = frozenset(self.rows[row] for row in np.flatnonzero(one.rows))
        goes = numbers - self.now.gone - self.now.pinned
        before = len(self.session.state.history)
        self.session.accept(one)
        if len(self.session.state.history) > before:
            self.note(replace(self.now, gone=self.now.gone | goes))

    # -- turning back ----------------------------------------------------------------------------------------------------------

    def turn(self, turn: Callable[[], object], stack: list[Snapshot], onto: list[Snapshot], least: int) -> None:
        turned = turn()
        assert (turned is None) == (len(stack) == least)
        if turned is not None:
            onto.append(stack.pop())

    @rule()
    def undo(self) -> None:
        self.turn(self.session.undo, self.done, self.undone, 1)

    @rule()
    def redo(self) -> None:
        self.turn(self.session.redo, self.undone, self.done, 0)

    @rule(data=st.data())
    def goto(self, data: st.DataObject) -> None:
        to = data.draw(st.sampled_from(list(self.moments)), label="where")  # in their order: by their ids, each run draws another
        if self.session.goto(to) is not None:
            self.note(self.moments[to])
        else:
            assert self.here(self.moments[to]) == self.here(self.now)

    def here(self, snapshot: Snapshot) -> tuple[object, ...]:
        return snapshot.gone, snapshot.pinned, snapshot.tagged, snapshot.labels

    # -- dying -----------------------------------------------------------------------------------------------------------------

    @rule(torn=TORN)
    def crash(self, torn: bytes) -> None:
        """The object is dropped as it stands; the next record was being written."""
        if torn:
            with (self.folder / "journal.jsonl").open("ab") as file:
                file.write(torn)
        with pytest.warns(UserWarning, match="1 could not be") if torn else nullcontext():
            self.open(self.rows)
        assert bool(self.session.journal.note) == bool(torn)

    @rule(table=TABLES, torn=TORN)
    def on_another_table(self, table: list[int], torn: bytes) -> None:
        self.crash(torn)
        self.open(table)

    @rule()
    def back_to_the_first(self) -> None:
        self.session.journal.close()
        self.open(FIRST)

    # -- what must hold ----------------------------------------------------------------------------------------------------------

    @invariant()
    def everything_is_that_of_the_list(self) -> None:
        if not hasattr(self, "session"):
            return
        state, now = self.session.state, self.now
        assert self.session.keep.tolist() == [number not in now.gone for number in self.rows]
        assert self.session.clean()["text"].tolist() == [TEXTS[number] for number in self.rows if number not in now.gone]
        assert state.pinned.tolist() == self.mask(now.pinned)
        tagged = state.tags.get("odd", np.zeros(len(self.rows), bool))
        assert tagged.tolist() == self.mask(now.tagged)
        labels = {self.rows[row]: label for row, label in state.relabels.items()}
        assert labels == {number: label for number, label in now.labels.items() if number in self.rows}
        assert {name: mask.tolist() for name, mask in self.session.selections.items()} == {
            name: self.mask(numbers) for name, numbers in self.saved.items()
        }
        ids = [record.id for record in self.session.journal.records]
        assert ids[: len(self.acknowledged)] == self.acknowledged and len(set(ids)) == len(ids)
        self.acknowledged = ids

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.session.journal.close()


TestWorking = torture(Working.TestCase)
TestWorking.settings = settings(
    max_examples=times(6, 400),
    stateful_step_count=times(20, 40),
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
