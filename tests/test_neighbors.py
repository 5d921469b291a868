"""The neighbour graph equals a sort of all distances."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elute.errors import Cancelled, InputError, SettingsError
from elute.neighbors import Neighbors, at_least, exact, nearest
from elute.progress import Silent
from elute.vectors import check_vectors, distinct, listed


def unit(n: int, d: int = 8, seed: int = 0) -> np.ndarray:
    X = np.random.default_rng(seed).normal(size=(n, d))
    return (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)


@settings(max_examples=40, deadline=None)
@given(n=st.integers(0, 40), k=st.integers(1, 50), seed=st.integers(0, 99), block=st.integers(1, 45))
def test_equals_a_full_sort(n: int, k: int, seed: int, block: int) -> None:
    X = unit(n, seed=seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exact, "BLOCK", block)
        graph = nearest(X, k)
    kept = max(min(k, n - 1), 0)
    assert graph.indices.shape == graph.distances.shape == (n, kept) and (graph.n, graph.k) == (n, kept)
    assert graph.indices.dtype == np.int32 and graph.distances.dtype == np.float32
    every = 1 - X.astype(float) @ X.T.astype(float)
    np.fill_diagonal(every, np.inf)
    np.testing.assert_allclose(graph.distances, np.sort(every, axis=1)[:, :kept], atol=1e-6)
    np.testing.assert_allclose(np.take_along_axis(every, graph.indices, axis=1), graph.distances, atol=1e-6)


def test_equal_rows_are_at_distance_zero_and_in_order() -> None:
    graph = nearest(np.repeat(unit(1, 384), 6, axis=0), 5)
    assert graph.indices[2].tolist() == [0, 1, 3, 4, 5]
    assert (graph.distances >= 0).all() and graph.distances.max() < 1e-6


def test_a_zero_vector_is_at_distance_one() -> None:
    X = unit(5)
    X[3] = 0
    assert (nearest(X, 4).distances[3] == 1).all()


def test_opposite_rows_are_at_distance_two() -> None:
    assert nearest(np.array([[1.0, 0], [-1.0, 0]], dtype=np.float32), 3).distances.tolist() == [[2.0], [2.0]]


def test_bad_rows_are_listed() -> None:
    X = unit(20)
    X[[3, 8]] = np.nan
    X[11, 0] = np.inf
    with pytest.raises(InputError, match=r"3 of 20 vectors .* rows 3, 8, 11\."):
        nearest(X)
    X[:] = np.nan
    with pytest.raises(InputError, match=r"rows 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, \.\.\.\."):
        nearest(X)


def test_k_below_one_is_refused() -> None:
    with pytest.raises(SettingsError, match="k is 0"):
        nearest(unit(3), 0)


def test_stops_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stop(Silent):
        seen = 0

        def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
            self.seen = done
            if done >= 20:
                raise Cancelled

    monkeypatch.setattr(exact, "BLOCK", 10)
    stop = Stop()
    with pytest.raises(Cancelled):
        nearest(unit(100), 3, stop)
    assert 20 <= stop.seen < 30


def test_a_graph_is_made_only_where_the_one_given_is_too_small() -> None:
    X = unit(12)
    given = nearest(X, 6)
    assert at_least(X, given, 6) is given
    assert at_least(X, lambda k: given, 4) is given
    assert at_least(X, given, 9).k == 9
    assert at_least(X, nearest(X, 11), 40).k == 11
    with pytest.raises(InputError, match="over 12 rows, and there are 5"):
        at_least(X[:5], given, 2)


def test_vectors_are_checked() -> None:
    assert check_vectors([[1, 2], [3, 4]]).dtype == np.float32
    X = unit(4)
    assert check_vectors(X) is X
    assert check_vectors(np.zeros((0, 0))).shape == (0, 0)
    assert check_vectors(np.full((2, 300), 3e38, dtype=np.float32)).shape == (
        2,
        300,
    )  # its sum overflows float32, the values do not
    for wrong in (np.zeros(3), np.zeros((3, 0)), "text", [["a"]], None):
        with pytest.raises(InputError, match="Vectors must be"):
            check_vectors(wrong)


def test_distinct_rows_give_back_all_rows() -> None:
    X = np.array([[0.0, 1], [-0.0, 1], [2, 2], [0, 1], [2, 2]], dtype=np.float32)
    first, back = distinct(X)
    assert len(first) == 2
    np.testing.assert_array_equal(X[first][back], X)


def test_lists_of_rows_are_short() -> None:
    assert listed(range(3)) == "0, 1, 2"
    assert listed(range(10)).endswith("8, 9")
    assert listed(range(11)).endswith("9, ...")


def test_neighbors_can_be_made_by_hand() -> None:
    graph = Neighbors(np.zeros((2, 1), dtype=np.int32), np.zeros((2, 1), dtype=np.float32))
    assert (graph.n, graph.k) == (2, 1)


def test_vectors_that_may_only_be_read() -> None:
    X = unit(200)
    before = nearest(X, 5)
    X.flags.writeable = False
    np.testing.assert_array_equal(nearest(X, 5).indices, before.indices)
