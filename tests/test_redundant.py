"""The order in which rows of a cluster are redundant: as the plain loop has it, and found once for the same rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from grounds import blobs, ground

from elute.suggest.redundant import most_redundant
from elute.suggest.sizes import thin


def by_a_plain_loop(indices: Any, distances: Any) -> list[int]:
    """Vectors that go edge by edge, the shortest edge first."""
    alive, gone, k = np.ones(len(indices), bool), list[int](), indices.shape[1]
    loneliness = distances[:, :5].mean(axis=1)
    for edge in np.argsort(distances.ravel(), kind="stable").tolist():
        a, b = edge // k, int(indices.ravel()[edge])
        if alive[a] and alive[b]:
            gone.append(a if (loneliness[a], a) < (loneliness[b], b) else b)
            alive[gone[-1]] = False
    return gone


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("built", [True, False])
def test_the_order_is_that_of_a_plain_loop_and_the_middle_goes_last(seed: int, built: bool) -> None:
    X, of = blobs([120, 30], seed=seed, spread=0.3)
    X = np.round(X * 4).astype(np.float32)  # many ties, and copies
    X /= np.maximum(np.linalg.norm(X, axis=1, keepdims=True), 1)
    made = ground(X, of)
    space, rows = made.space, of == 0
    vectors, first = np.unique(space.of[:120], return_index=True)
    copies = np.setdiff1d(np.arange(120), first)
    if built:
        near = space.graph.among(np.isin(np.arange(len(space.X)), vectors), 45)
        gone = by_a_plain_loop(near.indices, near.distances)
    else:
        space.graph, gone = type(space.graph)(space.X, 45), []
    central = space.X[vectors] @ space.X[vectors].mean(axis=0)
    left = np.setdiff1d(np.arange(len(vectors)), gone)
    wanted = [*copies, *first[[*gone, *left[np.argsort(-central[left], kind="stable")]]]]
    for count in (0, 1, 60, 119, 120, 500):
        assert most_redundant(made, rows, count).tolist() == wanted[:count]


def test_a_record_about_other_rows_asks_for_no_new_order(monkeypatch: pytest.MonkeyPatch) -> None:
    X, of = blobs([300, 30, 30, 30], spread=0.3)
    made = ground(X, of)
    (found,) = thin(made)
    calls = list[int]()
    among: Callable[..., Any] = made.space.graph.among

    def counted(alive: Any, k: int) -> Any:
        calls.append(k)
        return among(alive, k)

    monkeypatch.setattr(made.space.graph, "among", counted)
    for row, asked in ((310, 0), (int(np.flatnonzero(of == 0)[-1]), 1)):  # of another cluster, of this one
        (again,) = thin(replace(made, state=replace(made.state, keep=np.arange(len(X)) != row)))
        assert len(calls) == asked and (asked or np.array_equal(again.rows, found.rows))
