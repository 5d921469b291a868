"""Decisions are values that compose and invert: undo can't surprise, whatever came before, and every turn is itself in the journal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from torture import times, torture

from elute.corpus import Corpus
from elute.decisions import Decision, State, fold
from elute.decisions.ledger import Ledger
from elute.decisions.meaning import packed
from elute.journal import decode

N = 8
CORPUS = Corpus.from_data([f"text {row}" for row in range(N)])
ROWS = st.lists(st.integers(0, N - 1), min_size=1, max_size=4, unique=True)
DATA: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "drop": st.just({}),
    "restore": st.just({}),
    "keep": st.just({}),
    "pin": st.builds(lambda on: {"on": on}, st.booleans()),
    "tag": st.builds(lambda name: {"name": name}, st.sampled_from(["a", "b", ""])),
    "edit": st.builds(lambda step: {"step": step}, st.sampled_from(["markup", ""])),
    "relabel": st.builds(lambda label: packed([label]), st.sampled_from(["x", "y", None])),
    "settings": st.builds(lambda level: {"level": level}, st.integers(0, 2)),
    "dismiss": st.builds(lambda name: {"suggestion": name}, st.sampled_from(["s", "t"])),
}


@st.composite
def decisions(draw: st.DrawFn, prefix: str, most: int) -> list[Decision]:
    """Decisions of any kind, some made together, some of which go back to one before."""
    made: list[Decision] = []
    for at in range(draw(st.integers(0, most))):
        kind = draw(st.sampled_from([*DATA, "goto"]))
        data = {"to": draw(st.sampled_from(["", *[one.id for one in made]]))} if kind == "goto" else draw(DATA[kind])
        batch = draw(st.sampled_from(["", "", f"{prefix}-batch"]))
        data = {**data, **({"batch": batch} if batch else {})}
        rows = draw(ROWS) if kind not in ("settings", "dismiss", "goto") else []
        made.append(Decision(f"{prefix}{at}", kind, CORPUS.ids[np.array(rows, int)], data=data))
    return made


def state(records: Sequence[Decision]) -> State:
    return fold(records, N, CORPUS.rows_by_id)


def means(now: State) -> dict[str, Any]:
    """All that decisions say of the rows, to be compared."""
    return {
        "keep": now.keep.tolist(), "looked": now.looked.tolist(), "pinned": now.pinned.tolist(), "relabels": dict(now.relabels),
        "tags": {name: rows.tolist() for name, rows in now.tags.items()}, "settings": dict(now.settings),
        "edits": {name: rows.tolist() for name, rows in now.edit_steps.items()}, "dismissed": now.dismissed,
    }  # fmt: skip


def turns(kind: str, count: int) -> list[Decision]:
    return [Decision(f"{kind}{at}", kind) for at in range(count)]


@torture
@settings(max_examples=times(60, 1000), deadline=None)
@given(decisions("a", 5), decisions("b", 5))
def test_undo_inverts_whatever_was_decided_and_redo_inverts_that(before: list[Decision], after: list[Decision]) -> None:
    whole = [*before, *after]
    back, now = state(before), state(whole)
    count = 0
    while len(state([*whole, *turns("undo", count)]).applied) > len(back.applied):
        count += 1
    undone = [*whole, *turns("undo", count)]
    assert means(state(undone)) == means(back)
    assert means(state([*undone, *turns("redo", count)])) == means(now)
    assert [one.id for one in state(undone).history] == [one.id for one in whole]  # nothing leaves the history


@torture
@settings(max_examples=times(40, 600), deadline=None)
@given(decisions("a", 6), st.data())
def test_going_back_is_where_one_was_and_undo_leads_here_again(made: list[Decision], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(made)))
    goto = Decision("goto", "goto", data={"to": made[at - 1].id if at else ""})
    there = state([*made, goto])
    assert means(there) == means(state(made[:at]))
    assert means(state([*made, goto, *turns("undo", 1)])) == means(state(made))
    assert means(state([*made, goto, *turns("undo", 1), *turns("redo", 1)])) == means(there)


@torture
@settings(max_examples=times(30, 300), deadline=None)
@given(decisions("a", 6))
def test_a_turn_with_nothing_to_turn_changes_nothing(made: list[Decision]) -> None:
    assert means(state([*turns("undo", 1), *turns("redo", 2), *made])) == means(state(made))
    assert means(state([*made, *turns("redo", 1)])) == means(state(made))


def test_every_turn_is_in_the_journal_and_the_masks_are_read_off_it(tmp_path: Path) -> None:
    ledger = Ledger(CORPUS, tmp_path)
    acts: list[Callable[[], object]] = [
        lambda: ledger.drop([1, 2]), lambda: ledger.drop([3]), ledger.undo, ledger.redo, lambda: ledger.restore([1]),
        lambda: ledger.goto(""), ledger.undo, lambda: ledger.goto(ledger.journal.records[0].id), lambda: ledger.pin([5]), ledger.undo,
    ]  # fmt: skip
    for count, act in enumerate(acts, 1):
        act()
        lines = (tmp_path / "journal.jsonl").read_bytes().splitlines(keepends=True)
        assert len(lines) == count
        read = [record for line in lines if (record := decode(line)) is not None]
        assert state(read).keep.tolist() == ledger.keep.tolist()
    assert [record.kind for record in read] == [
        "drop", "drop", "undo", "redo", "restore", "goto", "undo", "goto", "pin", "undo",
    ]  # fmt: skip
    assert np.flatnonzero(~ledger.keep).tolist() == [1, 2]
