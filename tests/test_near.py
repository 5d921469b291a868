"""Neighbours of rows against plain products of their vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elute.corpus import Corpus
from elute.embed import Embeddings
from elute.errors import InputError
from elute.rounds.space import Space
from elute.widget import near


def space(n: int = 60, seed: int = 0, copies: int = 5, without: int = 3) -> Space:
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(n, 6)).astype(np.float32)
    vectors[n - copies :] = vectors[:copies]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    valid = np.ones(n, bool)
    valid[10 : 10 + without] = False
    vectors[~valid] = 0
    texts = [f"text {row % (n - copies)}" if valid[row] else None for row in range(n)]
    return Space(Embeddings(vectors, valid, (), n, 0), texts, Corpus.from_data([text or "" for text in texts]))


def plainly(made: Space, row: int, among: Any, count: int) -> list[int]:
    similar = {other: float(made.X[made.of[row]] @ made.X[made.of[other]]) for other in range(made.n) if made.of[other] >= 0}
    others = [other for other in similar if other != row and among[other]]
    return sorted(others, key=lambda other: (-np.float32(similar[other]), other))[:count]


def test_the_nearest_come_first_and_copies_before_all() -> None:
    made, keep = space(), np.ones(60, bool)
    keep[2::4] = False
    rows, similar = near.nearest_of_row(made, 1, keep, 20)
    assert len(rows) == 20 and rows[0] == 56 and similar[0] == pytest.approx(1)
    assert (np.diff(similar) <= 0).all() and keep[rows].all() and (made.of[rows] >= 0).all()
    assert set(rows.tolist()) == set(plainly(made, 1, keep, 20))
    assert len(near.nearest_of_row(made, 1, keep)[0]) == int((keep & (made.of >= 0)).sum()) - 1
    with pytest.raises(InputError, match="no text"):
        near.nearest_of_row(made, 11, keep)


@given(st.lists(st.integers(-3, 3), max_size=30), st.integers(0, 35), st.integers(0, 2**30))
def test_equal_ones_come_in_the_order_of_the_table(values: list[int], count: int, bits: int) -> None:
    similar = np.array([np.nan if value == -3 else value for value in values], np.float32)
    among = np.array([bits >> row & 1 for row in range(len(values))], bool)
    rows, told = near.nearest(similar, among, count)
    there = [row for row in range(len(values)) if among[row] and values[row] != -3]
    assert rows.tolist() == sorted(there, key=lambda row: (-values[row], row))[:count]
    np.testing.assert_array_equal(told, similar[rows])


@pytest.mark.parametrize("built", [False, True])
def test_a_selection_grows_by_the_nearest_of_each_row_that_stay(built: bool) -> None:
    made = space()
    if built:
        made.graph.build()
    keep = np.ones(60, bool)
    keep[::4] = False
    rows = np.zeros(60, bool)
    rows[[1, 2, 11, 4]] = True  # 11 has no vector, 4 is dropped
    grown = near.grown(made, rows, keep, each=3)
    vectors = {int(made.of[row]) for row in range(60) if keep[row] and made.of[row] >= 0}
    wanted = {1, 2, 11}
    for row in (1, 2, 4):
        ranked = sorted(vectors - {int(made.of[row])}, key=lambda other: -float(made.X[made.of[row]] @ made.X[other]))[:3]
        wanted |= {other for other in range(60) if keep[other] and made.of[other] in ranked}
    assert set(np.flatnonzero(grown).tolist()) == wanted
    assert not near.grown(made, np.zeros(60, bool), keep).any()
    np.testing.assert_array_equal(near.grown(made, np.ones(60, bool), keep), keep)
    assert not near.grown(made, rows, np.zeros(60, bool)).any()


def test_what_would_take_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    made, keep = space(), np.ones(60, bool)
    monkeypatch.setattr(near, "WORK", 10.0)
    with pytest.raises(InputError, match="Select fewer rows"):
        near.grown(made, keep, keep)
    monkeypatch.undo()
    monkeypatch.setattr(near, "WAIT", -1.0)
    with pytest.raises(InputError, match="takes too long for now"):
        near.grown(made, np.arange(60) < 3, keep)
