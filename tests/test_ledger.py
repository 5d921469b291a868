"""Masks are a pure function of the journal: random decisions, undo, redo, crash and reopen against a plain list."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from elute.corpus import Corpus
from elute.errors import InputError
from elute.ledger import Ledger

N = 12
TEXTS = [f"text {i % 9}" for i in range(N)]  # three texts stand there twice
ROWS = st.lists(st.integers(0, N - 1), max_size=6, unique=True)


class Deciding(RuleBasedStateMachine):
    """The ledger against lists of Python."""

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.corpus = Corpus.from_data(TEXTS)
        self.ledger = Ledger(self.corpus, self.folder)
        self.done: list[list[bool]] = [[True] * N]
        self.undone: list[list[bool]] = []
        self.saved: dict[str, list[bool]] = {}
        self.selected = [False] * N

    def _set(self, rows: list[int], value: bool) -> None:
        now = list(self.done[-1])
        changed = [row for row in rows if now[row] != value]
        for row in changed:
            now[row] = value
        if changed:
            self.done.append(now)
            self.undone.clear()

    @rule(rows=ROWS)
    def drop(self, rows: list[int]) -> None:
        assert self.ledger.drop(rows) == sum(self.done[-1][row] for row in rows)
        self._set(rows, False)

    @rule(rows=ROWS)
    def keep_only(self, rows: list[int]) -> None:
        self.ledger.keep_only(rows)
        self._set([row for row in range(N) if row not in rows], False)

    @rule(rows=ROWS)
    def restore(self, rows: list[int]) -> None:
        self.ledger.restore(rows)
        self._set(rows, True)

    @rule()
    def undo(self) -> None:
        taken = self.ledger.undo()
        assert (taken is None) == (len(self.done) == 1)
        if len(self.done) > 1:
            self.undone.append(self.done.pop())

    @rule()
    def redo(self) -> None:
        again = self.ledger.redo()
        assert (again is None) == (not self.undone)
        if self.undone:
            self.done.append(self.undone.pop())

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
        assert self.ledger.keep.tolist() == self.done[-1]
        assert self.ledger.keep_indices.tolist() == [row for row in range(N) if self.done[-1][row]]
        assert {name: mask.tolist() for name, mask in self.ledger.selections.items()} == self.saved
        assert self.ledger.selected.tolist() == self.selected
        assert self.ledger.clean() == [text for text, kept in zip(TEXTS, self.done[-1], strict=True) if kept]


TestDeciding = Deciding.TestCase
TestDeciding.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


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
    (aside,) = [path for path in tmp_path.iterdir() if path.name != "journal.jsonl"]
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
