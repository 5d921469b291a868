"""The approximate neighbour graph: what it finds is true, the recall it states is its recall, and threads change nothing."""

from __future__ import annotations

import numpy as np
import pytest

from elute import kernels
from elute.errors import Cancelled
from elute.neighbors import NeighborGraph, build, nearest
from elute.neighbors.approximate import approximate
from elute.progress import Silent


def topics(n: int, seed: int = 0, spread: float = 0.5) -> np.ndarray:
    """Unit vectors around 40 directions, of about 12 dimensions each."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(40, 64))[rng.integers(0, 40, n)] + spread * rng.normal(size=(n, 12)) @ rng.normal(size=(12, 64))
    return (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)


def test_recall_is_high_and_as_stated() -> None:
    X = topics(4000)
    found, true = approximate(X, 20)[0], nearest(X, 20)
    assert found.indices.shape == (4000, 20) and found.indices.dtype == np.int32
    recall = float((found.distances[:, :15] <= true.distances[:, 14:15]).mean())
    assert recall > 0.98
    assert abs(found.recall - recall) < 0.01  # 400 of the 4,000 rows were looked at
    assert (np.diff(found.distances, axis=1) >= 0).all()
    assert (found.indices != np.arange(4000)[:, None]).all()
    assert all(len(set(line)) == 20 for line in found.indices.tolist())
    same = found.indices == true.indices
    np.testing.assert_array_equal(found.distances[same], true.distances[same])  # to the last bit


def test_stated_recall_falls_with_the_true_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from elute.neighbors import approximate as module
    from elute.neighbors import cells

    monkeypatch.setattr(cells, "VISITS", 1)
    monkeypatch.setattr(module, "ROUNDS", 0)
    X = topics(3000, spread=3)
    found, true = approximate(X, 15)[0], nearest(X, 15)
    recall = float((found.distances <= true.distances[:, -1:]).mean())
    assert recall < 0.9 and abs(found.recall - recall) < 0.05


def test_the_number_of_threads_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    X = topics(3000)
    first = approximate(X, 10, seed=3)[0]
    monkeypatch.setattr(kernels, "cores", lambda: 1)
    again = approximate(X, 10, seed=3)[0]
    np.testing.assert_array_equal(first.indices, again.indices)
    np.testing.assert_array_equal(first.distances, again.distances)


@pytest.mark.parametrize("kind", ["few", "copies", "zeros", "two"])
def test_odd_rows_get_full_lists(kind: str) -> None:
    X = topics({"few": 25, "two": 2}.get(kind, 600))
    if kind == "copies":
        X[:300] = X[0]
    if kind == "zeros":
        X[::3] = 0
    k = min(15, len(X) - 1)
    found, true = approximate(X, k)[0], nearest(X, k)
    assert found.indices.min() >= 0 and (found.indices != np.arange(len(X))[:, None]).all()
    assert (found.distances <= true.distances[:, -1:]).mean() > 0.95


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is large: the graph is approximate, and so is what is asked for again."""
    monkeypatch.setattr(build, "EXACT_UP_TO", 500)
    monkeypatch.setattr(build, "EXACT_WORK", 0)


@pytest.mark.usefixtures("small")
def test_a_repair_keeps_the_recall() -> None:
    X = topics(4000)
    graph = NeighborGraph(X)
    graph.build()
    assert graph.recall > 0.97 and graph.note == (
        f"Nearest neighbours are approximate at 4,000 vectors: {graph.recall:.1%} of the true 15 were found."
    )
    rng = np.random.default_rng(0)
    gone = X @ X[0] > 0.5  # a topic, but for a tenth of it
    for alive in (rng.random(4000) > 0.05, ~gone | (rng.random(4000) < 0.1), np.arange(4000) < 40, np.arange(4000) >= 0):
        got, true = graph.among(alive, 15), nearest(X[alive], 15)
        assert got.recall == graph.recall
        assert (got.distances <= true.distances[:, -1:]).mean() > 0.97
        assert (got.indices < alive.sum()).all() and (got.indices != np.arange(got.n)[:, None]).all()
        rows = X[alive].astype(float)
        np.testing.assert_allclose(1 - (rows[:, None] * rows[got.indices]).sum(axis=2), got.distances, atol=1e-6)


@pytest.mark.usefixtures("small")
def test_dead_rows_find_the_living_around_them() -> None:
    X = topics(3000)
    alive = X @ X[0] < 0.5
    dead = np.flatnonzero(~alive)
    ids, far = NeighborGraph(X).around(dead, alive, 8)
    assert alive[ids].all()
    cosines = np.where(alive, X[dead] @ X.T, -9)
    assert (far <= 1 - np.sort(cosines, axis=1)[:, -8:-7] + 1e-6).mean() > 0.95


@pytest.mark.usefixtures("small")
def test_rows_can_be_added() -> None:
    X = topics(3000)
    graph = NeighborGraph(X[:2800])
    graph.build()
    more = graph.grown(X)
    for alive in (np.ones(3000, dtype=bool), X @ X[-1] < 0.5):
        got, true = more.among(alive, 15), nearest(X[alive], 15)
        assert (got.distances <= true.distances[:, -1:]).mean() > 0.97


def test_stops_when_asked() -> None:
    class Stop(Silent):
        left = 10

        def check(self) -> None:
            self.left -= 1
            if self.left <= 0:
                raise Cancelled

        def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
            assert 0 <= done <= total and stage == "neighbours"
            self.check()

    for left in (1, 5, 20, 60):
        stop = Stop()
        stop.left = left
        with pytest.raises(Cancelled):
            approximate(topics(3000), 10, progress=stop)
