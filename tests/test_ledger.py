"""Masks are a pure function of the journal: random decisions, undo, redo, crash and reopen against a plain list."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from elute.corpus import Corpus
from elute.decisions.ledger import Ledger
from elute.errors import InputError

N = 12
TEXTS = [f"text {i % 9}" for i in range(N)]  # three texts stand there twice
ROWS = st.lists(st.integers(0, N - 1), max_size=6, unique=True)


@dataclass(frozen=True)
class Snapshot:
    """Where things stand, and what led here."""

    kind: str
    keep: list[bool]
    cell: dict[str, int]
    chosen: dict[str, int]

    @property
    def settings(self) -> dict[str, int]:
        return {**self.cell, **self.chosen}


class Deciding(RuleBasedStateMachine):
    """The ledger against lists of Python: what is done is a stack of snapshots, and going back pushes an old one."""

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.corpus = Corpus.from_data(TEXTS)
        self.ledger = Ledger(self.corpus, self.folder)
        self.cell: dict[str, int] = {}
        self.done = [Snapshot("", [True] * N, {}, {})]
        self.undone: list[Snapshot] = []
        self.moments = {"": self.done[0]}
        self.saved: dict[str, list[bool]] = {}
        self.selected = [False] * N
        self.decided = self.made = 0

    def _push(self, snapshot: Snapshot) -> None:
        self.done.append(snapshot)
        self.undone.clear()
        self.decided += 1
        self._remember()

    def _remember(self) -> None:
        self.moments[self.ledger.journal.records[-1].id] = self.done[-1]

    def _set(self, rows: list[int], value: bool) -> None:
        now = list(self.done[-1].keep)
        changed = [row for row in rows if now[row] != value]
        for row in changed:
            now[row] = value
        if changed:
            self._push(replace(self.done[-1], kind="rows", keep=now))

    @rule(rows=ROWS)
    def drop(self, rows: list[int]) -> None:
        assert self.ledger.drop(rows) == sum(self.done[-1].keep[row] for row in rows)
        self._set(rows, False)

    @rule(rows=ROWS)
    def keep_only(self, rows: list[int]) -> None:
        if not any(self.done[-1].keep[row] for row in rows):
            with pytest.raises(InputError, match="None of these rows stays"):
                self.ledger.keep_only(rows)
            return
        self.ledger.keep_only(rows)
        self._set([row for row in range(N) if row not in rows], False)

    @rule(rows=ROWS)
    def restore(self, rows: list[int]) -> None:
        self.ledger.restore(rows)
        self._set(rows, True)

    @rule(name=st.sampled_from("ab"), value=st.integers(0, 3))
    def choose(self, name: str, value: int) -> None:
        self.ledger._record("settings", data={name: value})
        now = self.done[-1]
        self._push(replace(now, kind="settings", chosen={**now.chosen, name: value}))

    @rule(name=st.sampled_from("ab"), value=st.integers(0, 3))
    def open(self, name: str, value: int) -> None:
        """A cell with other settings: what it says outranks what was chosen before, also before one goes back or does again."""
        self.cell = {name: value}
        self.ledger._record("open", data={"settings": self.cell})
        for stack in (self.done, self.undone):
            stack[:] = [replace(old, cell=self.cell, chosen={}) for old in stack if old.kind != "settings"]
        self.moments[""] = self.done[0]
        self._remember()

    @rule(late=st.integers(0, 3))
    def round(self, late: int) -> None:
        """A round is noted, perhaps only after more was decided."""
        after = self.ledger.state.last
        here = self.done[-1]
        for row in range(late):
            self.drop([row])
        self.made += 1
        self.ledger._append(
            "round", decision=f"round-{self.made}", data={"number": self.made, "key": str(self.made), "after": after}
        )
        self.moments[f"round-{self.made}"] = here

    @rule(data=st.data())
    def goto(self, data: st.DataObject) -> None:
        known = [old.id for old in (*self.ledger.state.history, *self.ledger.state.rounds)]
        to = data.draw(st.sampled_from(["", *known]))
        if self.ledger.goto(to) is None:
            there, here = self.moments[to], self.done[-1]
            assert (there.keep, there.settings) == (here.keep, here.settings)
        else:
            self._push(replace(self.moments[to], kind="goto"))

    @rule()
    def undo(self) -> None:
        taken = self.ledger.undo()
        assert (taken is None) == (len(self.done) == 1)
        if taken is not None:
            self.undone.append(self.done.pop())
            self._remember()

    @rule()
    def redo(self) -> None:
        again = self.ledger.redo()
        assert (again is None) == (not self.undone)
        if again is not None:
            self.done.append(self.undone.pop())
            self._remember()

    @rule(rows=ROWS)
    def select(self, rows: list[int]) -> None:
        assert self.ledger.select(rows) == len(rows)
        self.selected = [row in rows for row in range(N)]

    @rule(name=st.sampled_from("ab"))
    def save(self, name: str) -> None:
        self.ledger.save(name)
        self.saved[name] = list(self.selected)

    @rule()
    def crash_and_reopen(self) -> None:
        self.ledger = Ledger(self.corpus, self.folder)
        self.selected = [False] * N

    @invariant()
    def masks_are_the_lists(self) -> None:
        if not hasattr(self, "ledger"):
            return
        now = self.done[-1]
        assert self.ledger.keep.tolist() == now.keep
        assert self.ledger.keep_indices.tolist() == [row for row in range(N) if now.keep[row]]
        assert {name: mask.tolist() for name, mask in self.ledger.selections.items()} == self.saved
        assert self.ledger.selected.tolist() == self.selected
        assert self.ledger.clean() == [text for text, kept in zip(TEXTS, now.keep, strict=True) if kept]
        assert self.ledger.state.settings == now.settings
        assert len(self.ledger.history) == self.decided  # nothing is ever lost

    @invariant()
    def what_is_in_force_makes_the_mask(self) -> None:
        if not hasattr(self, "ledger"):
            return
        state = self.ledger.state
        keep = np.ones(N, bool)
        for decision in state.decided:
            if decision.kind in ("drop", "restore"):
                keep[self.corpus.rows_by_id(decision.ids)[0]] = decision.kind == "restore"
        assert keep.tolist() == state.keep.tolist()
        ids = [decision.id for decision in state.in_force]
        assert len(ids) == len(set(ids)) and set(ids) <= {decision.id for decision in state.history}


TestDeciding = Deciding.TestCase
TestDeciding.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)


def ledger(folder: Path, texts: list[str] | None = None) -> Ledger:
    return Ledger(Corpus.from_data(texts or TEXTS), folder)


def test_decisions_follow_rows_into_a_changed_table(tmp_path: Path) -> None:
    ledger(tmp_path, ["a", "b", "c", "b"]).drop([1, 2])
    again = ledger(tmp_path, ["new", "c", "b", "b", "a"])
    assert again.clean() == ["new", "b", "a"]  # the first b and c went, the second b stays
    gone = ledger(tmp_path, ["a", "x"])
    assert gone.keep.all() and gone.state.unknown == 2


def test_the_same_decision_sent_twice_applies_once(tmp_path: Path) -> None:
    one = ledger(tmp_path)
    assert one.drop([1], decision="d1") == 1
    one.undo(decision="u1")
    one.drop([1], decision="d1")
    assert one.keep.all()


def test_starting_afresh_puts_the_journal_aside(tmp_path: Path) -> None:
    ledger(tmp_path).drop([0])
    before = (tmp_path / "journal.jsonl").read_bytes()
    fresh = Ledger(Corpus.from_data(TEXTS), tmp_path, resume=False)
    assert fresh.keep.all() and fresh.resumed == 0
    (aside,) = tmp_path.glob("journal.2*.jsonl")
    assert aside.read_bytes() == before


def test_history_says_what_was_undone(tmp_path: Path) -> None:
    one = ledger(tmp_path)
    one.drop([0, 1], reason="spam")
    one.restore([1])
    one.undo()
    history = one.history
    assert history["kind"].tolist() == ["drop", "restore"]
    assert history["rows"].tolist() == [2, 1]
    assert history["undone"].tolist() == [False, True]
    assert history["reason"].tolist() == ["spam", ""]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({}, "one way"),
        ({"where": [0], "ids": [1]}, "one way"),
        ({"ids": [1]}, "not of this table"),
        ({"cluster": 0}, "run"),
        ({"where": [99]}, "99"),
        ({"where": [True]}, "12"),
    ],
)
def test_rows_that_do_not_fit_are_refused_and_nothing_changes(tmp_path: Path, how: dict[str, Any], said: str) -> None:
    one = ledger(tmp_path)
    with pytest.raises(InputError, match=said):
        one.drop(**how)
    assert one.keep.all() and one.history.empty


def test_masks_are_copies(tmp_path: Path) -> None:
    one = ledger(tmp_path)
    mask = one.keep
    mask[:] = False
    one.selected[:] = True
    assert one.keep.all() and not one.selected.any()
    assert one.keep.dtype == np.bool_ and (one.dropped == ~one.keep).all()


def test_going_back_is_a_decision_and_loses_nothing(tmp_path: Path) -> None:
    one = ledger(tmp_path)
    one.drop([0], decision="d1")
    one.drop([1], decision="d2")
    back = one.goto("d1")
    assert back is not None and back.data == {"to": "d1", "place": "decision 1"}
    one.drop([2], decision="d3")
    assert one.keep_indices.tolist()[:2] == [1, 3]
    assert one.history["kind"].tolist() == ["drop", "drop", "goto", "drop"]
    assert one.history["undone"].tolist() == [False, True, False, False]
    assert one.goto("d3") is None  # things stand like that
    assert one.goto("") is not None and one.keep.all() and one.goto("d2") is not None
    assert ledger(tmp_path).keep_indices.tolist()[0] == 2
    for left in ([0, 1, 2], [1, 3, 4], [1, 2, 3], [2, 3, 4], [1, 2, 3], [0, 1, 2]):
        assert one.undo() is not None
        assert one.keep_indices.tolist()[:3] == left
    assert one.undo() is None and len(one.history) == 6


def test_a_place_that_is_not_there_is_refused_and_a_lost_one_leads_nowhere(tmp_path: Path) -> None:
    one = ledger(tmp_path)
    one.drop([0])
    with pytest.raises(InputError, match="no such round or decision"):
        one.goto("elsewhere")
    with pytest.raises(InputError, match="no such decision"):
        one.decision("elsewhere")
    one._record("goto", data={"to": "a record that a damaged journal lost"})
    assert not one.keep[0] and one.keep[1:].all()
    assert one.undo() is not None and not one.keep[0]


def test_a_decision_can_be_looked_at_again(tmp_path: Path) -> None:
    one = ledger(tmp_path)
    one.drop([1, 4], decision="d", source={"kind": "lasso", "steps": [{"polygon": [0, 0, 1, 1, 0, 1]}]})
    one.undo()
    found, rows = one.decision("d")
    assert found.source["kind"] == "lasso" and np.flatnonzero(rows).tolist() == [1, 4]


@pytest.mark.parametrize(
    ("given", "read"),
    [(3, "3"), (np.int64(3), "3"), (0, "0"), (float("nan"), ""), (None, ""), (pd.NA, ""), (np.str_("odd"), "odd")],
)
def test_a_reason_that_is_no_text_is_read_back_as_one(tmp_path: Path, given: Any, read: str) -> None:
    one = ledger(tmp_path)
    assert one.drop([1, 2], reason=given) == 2 and one.approve([4], reason=given) == 1
    again = ledger(tmp_path)
    assert not again.journal.note and not again.keep[[1, 2]].any()
    assert [record.reason for record in again.journal.records] == [read, read]


@pytest.mark.parametrize(
    "how",
    [
        {"reason": ["a"]}, {"reason": pd.Series(["a"])}, {"reason": {"a": 1}}, {"reason": b"a"}, {"decision": 5}, {"data": {"batch": 5}},
        {"source": "me"}, {"data": {"when": date(2026, 1, 1)}},
    ],
    ids=str,
)  # fmt: skip
def test_what_could_not_be_read_back_is_refused_and_not_acknowledged(tmp_path: Path, how: dict[str, Any]) -> None:
    one = ledger(tmp_path)
    one.drop([0])
    for verb in (one.drop, one.approve, one.pin, one.keep_only):
        with pytest.raises(InputError, match="text"):
            verb([1], **how)
    with pytest.raises(InputError, match="text"):
        one.consent(5)  # type: ignore[arg-type]
    assert len(one.journal.records) == 1 and one.keep.sum() == N - 1
    again = ledger(tmp_path)
    assert len(again.journal.records) == 1 and not again.journal.note


@pytest.mark.parametrize("ids", [["a"], [-1]], ids=str)
def test_ids_and_names_of_another_kind_are_refused_in_a_sentence(tmp_path: Path, ids: Any) -> None:
    one = ledger(tmp_path)
    with pytest.raises(InputError, match="ids= takes ids of rows"):
        one.drop(ids=ids)
    with pytest.raises(InputError, match="needs a name"):
        one.save(5)  # type: ignore[arg-type]
