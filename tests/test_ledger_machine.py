"""Every kind of decision, one by one and in batches, undo, redo, going back and restarts, against a plain list of what stood when."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from elute.corpus import Corpus
from elute.decisions.ledger import Ledger
from elute.errors import InputError

N = 12
LABELS = list("aaaaabbbbccc")
GROUPS = [0, 0, 1, 1, 2, 2, None, None, 3, 3, 3, None]
REFERENCE = [row == 7 for row in range(N)]
LEAST = 2
TEXTS = [f"text {row % 9}" + (f" <b>{row}</b>" if row % 2 else "") for row in range(N)]
ROWS = st.lists(st.integers(0, N - 1), min_size=1, max_size=5, unique=True)
NAMES = st.sampled_from(["x", "y"])


@dataclass(frozen=True)
class Snapshot:
    """What stands after a decision."""

    keep: frozenset[int] = frozenset(range(N))
    pinned: frozenset[int] = frozenset()
    tags: dict[str, frozenset[int]] = field(default_factory=dict)
    relabels: dict[int, str] = field(default_factory=dict)
    edited: frozenset[int] = frozenset()
    dismissed: frozenset[str] = frozenset()


def whole(rows: set[int]) -> set[int]:
    groups = {GROUPS[row] for row in rows} - {None}
    return rows | {row for row in range(N) if GROUPS[row] in groups}


def dropped(now: Snapshot, rows: set[int]) -> set[int]:
    """Rows that go: whole groups, none of which holds a pinned or reference row, or one of a label that would become rare."""
    goes = whole(rows & now.keep) & now.keep
    goes -= whole({row for row in goes if row in now.pinned or REFERENCE[row]})
    labels = [now.relabels.get(row, label) for row, label in enumerate(LABELS)]
    left = [labels[row] for row in now.keep - goes if not REFERENCE[row]]
    rare = {label for label in {labels[row] for row in goes} if left.count(label) < LEAST}
    return goes - whole({row for row in goes if labels[row] in rare})


class Deciding(RuleBasedStateMachine):
    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.ledger = self.open()
        self.done: list[tuple[Snapshot, str]] = [(Snapshot(), "")]
        self.undone: list[tuple[Snapshot, str]] = []
        self.moments = {"": Snapshot()}
        self.batch, self.batches = "", 0

    def open(self) -> Ledger:
        table = {"text": TEXTS, "label": LABELS, "group": GROUPS}
        import pandas as pd

        corpus = Corpus.from_data(pd.DataFrame(table), "text", "label", group="group", reference=REFERENCE)
        return Ledger(corpus, self.folder, min_per_label=LEAST)

    @property
    def now(self) -> Snapshot:
        return self.done[-1][0]

    def how(self) -> dict[str, dict[str, str]]:
        return {"data": {"batch": self.batch}} if self.batch else {}

    def push(self, snapshot: Snapshot, count: int, expected: int) -> None:
        assert count == expected
        if count:
            self.done.append((snapshot, self.batch))
            self.undone.clear()
            self.moments[self.ledger.journal.records[-1].id] = snapshot

    @rule(rows=ROWS)
    def drop(self, rows: list[int]) -> None:
        goes = dropped(self.now, set(rows))
        self.push(replace(self.now, keep=self.now.keep - goes), self.ledger.drop(rows, **self.how()), len(goes))
        stays = (whole(set(rows)) & self.now.keep) - goes
        assert bool(self.ledger.held_back) >= bool(stays)

    @rule(rows=ROWS)
    def keep_only(self, rows: list[int]) -> None:
        if all(REFERENCE[row] for row in whole(set(rows)) & self.now.keep):
            with pytest.raises(InputError, match="None of these rows stays"):
                self.ledger.keep_only(rows, **self.how())
            return
        goes = dropped(self.now, set(range(N)) - whole(set(rows)))
        self.push(replace(self.now, keep=self.now.keep - goes), self.ledger.keep_only(rows, **self.how()), len(goes))

    @rule(rows=ROWS)
    def restore(self, rows: list[int]) -> None:
        comes = whole(set(rows)) - self.now.keep
        self.push(replace(self.now, keep=self.now.keep | comes), self.ledger.restore(rows, **self.how()), len(comes))

    @rule(rows=ROWS, on=st.booleans())
    def pin(self, rows: list[int], on: bool) -> None:
        changed = set(rows) - self.now.pinned if on else set(rows) & self.now.pinned
        pinned = self.now.pinned | changed if on else self.now.pinned - changed
        self.push(replace(self.now, pinned=pinned), self.ledger.pin(rows, on, **self.how()), len(changed))

    @rule(rows=ROWS, name=NAMES)
    def tag(self, rows: list[int], name: str) -> None:
        there = self.now.tags.get(name, frozenset())
        after = replace(self.now, tags={**self.now.tags, name: there | set(rows)})
        self.push(after, self.ledger.tag(rows, name, **self.how()), len(set(rows) - there))

    @rule(rows=ROWS)
    def untag(self, rows: list[int]) -> None:
        bear = set(rows) & set().union(*self.now.tags.values())
        after = replace(self.now, tags={name: there - bear for name, there in self.now.tags.items() if there - bear})
        self.push(after, self.ledger.tag(rows, "", **self.how()), len(bear))

    @rule(rows=ROWS, labels=st.lists(st.sampled_from(["a", "b", "new", None]), min_size=5, max_size=5))
    def relabel(self, rows: list[int], labels: list[str | None]) -> None:
        told = {row: None if label == LABELS[row] else label for row, label in zip(rows, labels, strict=False)}
        changed = {row: label for row, label in told.items() if self.now.relabels.get(row) != label}
        after = {row: label for row, label in {**self.now.relabels, **changed}.items() if label is not None}
        self.push(replace(self.now, relabels=after), self.ledger.relabel(rows, labels[: len(rows)], **self.how()), len(changed))

    @rule(rows=ROWS)
    def edit(self, rows: list[int]) -> None:
        changed = {row for row in rows if row % 2} - self.now.edited
        self.push(replace(self.now, edited=self.now.edited | changed), self.ledger.edit(rows, **self.how()), len(changed))

    @rule(rows=ROWS)
    def unedit(self, rows: list[int]) -> None:
        changed = set(rows) & self.now.edited
        self.push(replace(self.now, edited=self.now.edited - changed), self.ledger.edit(rows, "", **self.how()), len(changed))

    @rule(name=NAMES)
    def dismiss(self, name: str) -> None:
        after = replace(self.now, dismissed=self.now.dismissed | {name})
        self.push(after, self.ledger.dismiss_id(name, **self.how()), int(name not in self.now.dismissed))

    @rule(rows=ROWS, others=ROWS, name=NAMES)
    def accept_several(self, rows: list[int], others: list[int], name: str) -> None:
        """One accept: several decisions of one batch."""
        self.batches += 1
        self.batch = f"batch {self.batches}"
        self.drop(rows)
        self.relabel(others, ["new"] * 5)
        self.edit(rows)
        self.dismiss(name)
        self.batch = ""

    @rule(rows=ROWS, others=ROWS, name=NAMES, again=st.booleans())
    def accept_and_take_back(self, rows: list[int], others: list[int], name: str, again: bool) -> None:
        self.accept_several(rows, others, name)
        self.undo()
        self.state_is_that_of_the_list()
        if again:
            self.redo()

    def turn(
        self, turn: Callable[[], object], stack: list[tuple[Snapshot, str]], onto: list[tuple[Snapshot, str]], least: int
    ) -> None:
        turned = turn()
        assert (turned is None) == (len(stack) == least)
        if turned is not None:
            onto.append(stack.pop())
            while (batch := onto[-1][1]) and len(stack) > least and stack[-1][1] == batch:
                onto.append(stack.pop())

    @rule()
    def undo(self) -> None:
        self.turn(self.ledger.undo, self.done, self.undone, 1)

    @rule()
    def redo(self) -> None:
        self.turn(self.ledger.redo, self.undone, self.done, 0)

    @rule(data=st.data())
    def goto(self, data: st.DataObject) -> None:
        to = data.draw(st.sampled_from(["", *(old.id for old in self.ledger.state.history)]))
        if self.ledger.goto(to) is not None:
            self.done.append((self.moments[to], ""))
            self.undone.clear()
            self.moments[self.ledger.journal.records[-1].id] = self.moments[to]
        else:
            assert self.moments[to] == self.now

    @rule()
    def reopen(self) -> None:
        self.ledger = self.open()

    @rule(kind=st.sampled_from(["score", "weigh"]))
    def later_version(self, kind: str) -> None:
        """A kind that this version does not know tells a fact, and changes nothing."""
        self.ledger._append(kind, np.ones(N, bool), data={"anything": 1})

    @invariant()
    def state_is_that_of_the_list(self) -> None:
        if not hasattr(self, "ledger"):
            return
        state, now = self.ledger.state, self.now
        assert set(np.flatnonzero(self.ledger.keep)) == now.keep
        assert set(np.flatnonzero(state.pinned)) == now.pinned
        assert {name: set(np.flatnonzero(rows)) for name, rows in state.tags.items()} == now.tags
        assert dict(state.relabels) == now.relabels
        assert set(np.flatnonzero(state.edits)) == now.edited
        assert state.dismissed == now.dismissed
        table = self.ledger.table()
        assert table["keep"].tolist() == [row in now.keep for row in range(N)]
        assert table["elute_label"].tolist() == [now.relabels.get(row, LABELS[row]) for row in range(N)]
        assert [text for row, text in enumerate(table["elute_text"]) if row not in now.edited] == [
            text for row, text in enumerate(TEXTS) if row not in now.edited
        ]
        assert not any("<" in table["elute_text"][row] for row in now.edited)
        assert self.ledger.clean()["text"].tolist() == [TEXTS[row] for row in sorted(now.keep) if not REFERENCE[row]]


TestDeciding = Deciding.TestCase
TestDeciding.settings = settings(max_examples=20, stateful_step_count=20, deadline=None)
