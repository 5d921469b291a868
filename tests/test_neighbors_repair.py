"""A repaired neighbour graph equals one that is built anew, whatever was removed and restored before."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elute.errors import Cancelled, InputError, SettingsError
from elute.neighbors import NeighborGraph, exact, nearest
from elute.progress import Silent

TALL = 60


def blobs(n: int, seed: int, copies: int = 0, zeros: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors in four clusters (and which), some of them copies of the first row, some zero."""
    rng = np.random.default_rng(seed)
    blob = rng.integers(0, 4, n)
    X = 3 * np.eye(8)[blob] + rng.normal(size=(n, 8))
    X = (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)
    X[rng.permutation(n)[:copies]] = X[0] if n else 0
    X[rng.permutation(n)[:zeros]] = 0
    return X, blob


def assert_same(graph: NeighborGraph, X: np.ndarray, alive: np.ndarray, k: int) -> None:
    got, wanted = graph.among(alive, k), nearest(X[alive], k)
    np.testing.assert_array_equal(got.distances, wanted.distances)
    assert got.indices.shape == wanted.indices.shape and got.indices.dtype == np.int32
    differ = got.indices != wanted.indices  # only among equal distances
    rows = X[alive].astype(float)
    there = 1 - (rows[:, None] * rows[got.indices]).sum(axis=2)
    np.testing.assert_allclose(there[differ], wanted.distances[differ], atol=1e-6)
    assert all(len(set(line)) == len(line) for line in got.indices.tolist())
    assert (got.indices != np.arange(got.n)[:, None]).all()


@settings(max_examples=60, deadline=None)
@given(data=st.data(), n=st.integers(0, TALL), seed=st.integers(0, 99), keep=st.integers(1, 12))
def test_any_removals_and_restores_equal_a_rebuild(data: st.DataObject, n: int, seed: int, keep: int) -> None:
    X, blob = blobs(n, seed, *data.draw(st.sampled_from([(0, 0), (9, 0), (0, 9), (30, 30)]), "copies and zeros"))
    graph, alive = NeighborGraph(X, keep), np.ones(n, dtype=bool)
    rng = np.random.default_rng(seed)
    for step in data.draw(st.lists(st.sampled_from(["some", "blob", "most", "all", "one", "back", "few back"]), max_size=8)):
        if step == "blob":
            alive = alive & (blob != rng.integers(4))
        elif step == "few back":
            alive = alive | (rng.random(n) < 0.1)
        else:
            share = {"some": 0.05, "most": 0.7, "all": 1.0, "one": 1.0, "back": 0.0}[step]
            alive = (alive | (step == "back")) & (rng.random(n) >= share)
            alive[: step == "one"] = True
        assert_same(graph, X, alive, data.draw(st.integers(1, 15), "k"))


@settings(max_examples=40, deadline=None)
@given(data=st.data(), n=st.integers(1, TALL), seed=st.integers(0, 99), keep=st.integers(1, 12), k=st.integers(1, 15))
def test_around_any_row_equals_a_full_sort(data: st.DataObject, n: int, seed: int, keep: int, k: int) -> None:
    X, blob = blobs(n, seed)
    graph = NeighborGraph(X, keep)
    every = 1 - X.astype(float) @ X.T.astype(float)
    np.fill_diagonal(every, np.inf)
    for gone in data.draw(st.lists(st.integers(0, 4), min_size=1, max_size=3)):
        alive = (blob != gone) & (np.arange(n) % 5 > 0)
        rows = np.array(data.draw(st.lists(st.integers(0, n - 1), max_size=20)), dtype=np.int64)
        ids, far = graph.around(rows, alive, k)
        width = max(min(k, alive.sum() - bool(alive[rows].any())), 0)
        assert ids.shape == far.shape == (len(rows), width)
        assert alive[ids].all() and (ids != rows[:, None]).all()
        wanted = np.sort(np.where(alive, every, np.inf)[rows], axis=1)[:, :width]
        np.testing.assert_allclose(far, wanted, atol=1e-6)


def test_a_removal_asks_again_only_for_rows_that_lost_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    X, blob = blobs(200, 0)
    graph = NeighborGraph(X, 30)
    graph.build()
    asked: list[int] = []
    from elute.neighbors import build, repair

    monkeypatch.setattr(repair, "built", None)  # nothing is built a second time
    monkeypatch.setattr(build, "query", lambda X, rows, *a: asked.append(len(rows)) or exact.query(X, rows, *a))
    some = np.random.default_rng(1).random(200) > 0.1
    graph.among(some, 15)
    assert asked == []
    hard = some.copy()
    hard[np.flatnonzero(blob == 1)[5:]] = False
    assert_same(graph, X, hard, 15)
    assert len(asked) == 1 and 5 <= asked[0] < 60
    fewer = hard & (np.arange(200) != np.flatnonzero(hard)[3])
    graph.among(fewer, 15), graph.among(hard, 15), graph.among(some, 15)
    assert len(asked) == 1  # the lists of then still hold, and an undo finds what was there
    assert_same(graph, X, hard, 15)
    assert len(asked) == 2  # a row that those lists had not seen came back in between


def test_the_last_answer_is_kept() -> None:
    X, _ = blobs(50, 0)
    graph, alive = NeighborGraph(X), np.arange(50) > 3
    first = graph.among(alive, 5)
    assert graph.among(alive.copy(), 5) is first
    assert graph.among(alive, 6) is not first
    alive[0] = True  # the mask was copied
    assert graph.among(alive, 6).n == 47


def test_wider_lists_are_built_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from elute.neighbors import build, repair

    X, _ = blobs(120, 0)
    graph, widths = NeighborGraph(X, 10), []
    monkeypatch.setattr(repair, "built", lambda X, k, *a: widths.append(k) or build.built(X, k, *a))
    assert graph.built is False
    assert_same(graph, X, np.ones(120, dtype=bool), 10)
    assert graph.built is True
    assert_same(graph, X, np.ones(120, dtype=bool), 40)
    assert_same(graph, X, np.arange(120) > 5, 40)
    assert widths == [10, 50] and (graph.recall, graph.note) == (1.0, "")


def test_share_of_marked_neighbours() -> None:
    X, _ = blobs(80, 2)
    marked = np.random.default_rng(0).random(80) < 0.3
    every = nearest(X, 7).indices
    np.testing.assert_allclose(NeighborGraph(X, 10).share(marked, 7), marked[every].mean(axis=1), rtol=1e-6)
    assert NeighborGraph(X[:1]).share(marked[:1]).tolist() == [0.0]
    assert NeighborGraph(X[:0]).share(marked[:0]).tolist() == []


def test_wrong_masks_rows_and_widths_are_refused() -> None:
    graph = NeighborGraph(blobs(9, 0)[0])
    for wrong in (np.ones(8, dtype=bool), np.ones(9)):
        with pytest.raises(InputError, match=r"must be \(9,\) and bool"):
            graph.among(wrong)
    with pytest.raises(InputError, match="rows 0 to 8"):
        graph.around(np.array([9]), np.ones(9, dtype=bool))
    with pytest.raises(SettingsError, match="k is 0"):
        graph.among(np.ones(9, dtype=bool), 0)
    with pytest.raises(SettingsError, match="keep is 0"):
        NeighborGraph(blobs(9, 0)[0], 0)


def test_a_cancel_leaves_the_graph_usable(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stop(Silent):
        def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
            if done >= self.last:
                raise Cancelled

        def __init__(self, last: int) -> None:
            self.last = last

    monkeypatch.setattr(exact, "BLOCK", 10)
    X, blob = blobs(100, 0)
    graph = NeighborGraph(X, 12)
    with pytest.raises(Cancelled):
        graph.build(Stop(30))
    assert not graph.built
    graph.build()
    alive = blob != 1
    alive[np.flatnonzero(blob == 1)[:9]] = True
    with pytest.raises(Cancelled):
        graph.among(alive, 12, Stop(0))
    assert_same(graph, X, alive, 12)


def test_one_builds_and_the_others_wait() -> None:
    X, blob = blobs(400, 0)
    graph, answers = NeighborGraph(X), []
    threads = [threading.Thread(target=lambda: answers.append(graph.among(blob != 2, 9))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4 and all(answer is answers[0] for answer in answers)


def test_who_waits_can_still_cancel() -> None:
    class Stop(Silent):
        def check(self) -> None:
            raise Cancelled

    graph = NeighborGraph(blobs(20, 0)[0])
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with graph._lock:
            held.set()
            done.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    try:
        with pytest.raises(Cancelled):
            graph.among(np.ones(20, dtype=bool), 3, Stop())
    finally:
        done.set()
        holder.join()


@settings(max_examples=40, deadline=None)
@given(n=st.integers(1, TALL), first=st.integers(0, TALL), seed=st.integers(0, 99), keep=st.integers(1, 12))
def test_added_rows_equal_a_rebuild(n: int, first: int, seed: int, keep: int) -> None:
    X, blob = blobs(n, seed, copies=n // 6)
    graph = NeighborGraph(X[: min(first, n)], keep)
    graph.build()
    more = graph.grown(X)
    assert_same(more, X, np.ones(n, dtype=bool), keep)
    assert_same(more, X, blob != 1, keep)


def test_few_added_rows_cost_no_rebuild(monkeypatch: pytest.MonkeyPatch) -> None:
    from elute.neighbors import repair

    X, _ = blobs(200, 0)
    graph = NeighborGraph(X[:180], 10)
    assert not graph.grown(X).built
    graph.build()
    monkeypatch.setattr(repair, "built", None)
    assert_same(graph.grown(X), X, np.ones(200, dtype=bool), 10)
    with pytest.raises(InputError, match="over 180 rows, and 20 were given"):
        graph.grown(X[:20])


def test_lists_too_wide_to_keep_are_made_for_one_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    from elute.neighbors import repair

    monkeypatch.setattr(repair, "WIDE_BYTES", 0)
    X, blob = blobs(120, 0)
    graph = NeighborGraph(X, 5)
    graph.build()
    for alive in (blob >= 0, blob != 2):
        assert_same(graph, X, alive, 40)
    ids, far = graph.around(np.array([3, 3, 90]), blob != blob[3], 40)
    wanted = np.sort(1 - X[[3, 3, 90]] @ X[blob != blob[3]].T, axis=1)[:2, :40]
    np.testing.assert_allclose(far[:2], wanted, atol=1e-6)
    assert ids.shape == (3, 40) and graph._base is not None and graph._base.lists.k == 5


def test_sharing_ends_no_remembered_repair() -> None:
    X = np.random.default_rng(0).normal(size=(400, 8)).astype(np.float32)
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    graph, alive = NeighborGraph(X, keep=16), np.arange(400) % 2 == 0
    graph.among(alive, 15)
    remembered = len(graph._levels)
    graph.share(~alive)
    assert remembered and len(graph._levels) == remembered
