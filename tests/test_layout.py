"""elute's own UMAP against umap-learn at small n, at every edge, and what stays where in a map that stays."""

from __future__ import annotations

import threading
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.manifold import trustworthiness

from elute.errors import Cancelled, InputError
from elute.neighbors import Neighbors, nearest
from elute.progress import Silent
from elute.project import PCA, UMAP, drive, maps, place, project, reduce, refine
from elute.project.fuzzy import Fuzzy, fuzzy
from elute.project.motion import curve
from elute.project.pca import principal
from elute.project.scale import natural


def unit(n: int, d: int = 8, seed: int = 0) -> np.ndarray:
    X = np.random.default_rng(seed).normal(size=(n, d))
    return (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)


def blobs(n: int, k: int = 5, d: int = 16) -> np.ndarray:
    X = np.eye(k, d)[np.arange(n) % k] + 0.15 * np.random.default_rng(0).normal(size=(n, d))
    return (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)


def dense(graph: Fuzzy) -> np.ndarray:
    table = np.zeros((graph.n, graph.n))
    table[np.repeat(np.arange(graph.n), np.diff(graph.edges)), graph.columns] = graph.strengths
    return table


def umap_learn() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it misses Tensorflow
        import umap.umap_
    return umap.umap_


@settings(deadline=None, max_examples=20)
@given(n=st.integers(2, 60), k=st.integers(1, 20), copies=st.integers(0, 20), seed=st.integers(0, 99))
def test_the_fuzzy_graph_is_symmetric_and_ordered(n: int, k: int, copies: int, seed: int) -> None:
    X = unit(n, seed=seed)
    X[:copies] = X[0]
    graph = fuzzy(nearest(X, k))
    table = dense(graph)
    np.testing.assert_array_equal(table, table.T)
    assert (graph.strengths >= 0).all() and (graph.strengths <= 1).all() and not table.diagonal().any()
    assert all((np.diff(graph.columns[a:b]) > 0).all() for a, b in zip(graph.edges[:-1], graph.edges[1:], strict=True))


@pytest.mark.parametrize(("n", "k", "copies"), [(200, 14, 0), (60, 30, 0), (120, 10, 30), (9, 8, 3)])
def test_the_fuzzy_graph_equals_that_of_umap_learn(n: int, k: int, copies: int) -> None:
    fuzzy_simplicial_set = umap_learn().fuzzy_simplicial_set
    X = unit(n)
    X[:copies] = X[0]
    near = nearest(X, k)
    indices = np.column_stack([np.arange(n, dtype=np.int32), near.indices])
    distances = np.column_stack([np.zeros(n, dtype=np.float32), near.distances])
    random = np.random.RandomState(0)
    expected = fuzzy_simplicial_set(indices, k + 1, random, "cosine", knn_indices=indices, knn_dists=distances)[0]
    np.testing.assert_allclose(dense(fuzzy(near)), expected.toarray(), atol=2e-4)


@pytest.mark.parametrize("min_dist", [0.0, 0.1, 0.5, 0.99])
def test_the_curve_and_its_powers(min_dist: float) -> None:
    find_ab_params = umap_learn().find_ab_params
    from elute.project._kernels import power

    np.testing.assert_allclose(curve(min_dist), find_ab_params(1.0, min_dist), rtol=1e-3)
    b = np.float32(curve(min_dist)[1])
    for x in np.geomspace(1e-9, 1e4, 200, dtype=np.float32):
        assert power(x, b) == pytest.approx(float(x) ** float(b), rel=2e-3)


@pytest.mark.parametrize("X", [unit(n) for n in range(41)] + [np.zeros((12, 4), np.float32)], ids=lambda X: str(len(X)))
def test_every_small_size_in_each_dimension(X: np.ndarray) -> None:
    for options in (UMAP(), UMAP(n_neighbors=200, min_dist=0.0), UMAP(n_neighbors=2, min_dist=0.99)):
        found = project(X, options).coords
        assert all(found[dim].shape == (len(X), dim) and np.isfinite(found[dim]).all() for dim in (2, 3))
    assert np.isfinite(reduce(X, 5)).all() and reduce(X, 5).shape == (len(X), 5)


def test_two_blobs_of_equal_rows_lie_apart_and_zero_vectors_have_a_place() -> None:
    X = np.repeat(unit(2), 30, axis=0)
    found = project(X).coords[2]
    inside = np.linalg.norm(found[:30] - found[:30].mean(axis=0), axis=1).max()
    assert np.linalg.norm(found[:30].mean(axis=0) - found[30:].mean(axis=0)) > 3 * inside
    X[::7] = 0
    assert np.isfinite(project(X).coords[3]).all()


def test_islands_without_a_bridge() -> None:
    X = np.zeros((80, 8), np.float32)
    X[:40, :4], X[40:, 4:] = unit(40, 4), unit(40, 4, seed=1)
    graph = nearest(X, 10)
    assert (graph.indices[:40] < 40).mean() > 0.95
    found = project(X, UMAP(n_neighbors=8), neighbors=graph).coords
    assert all(trustworthiness(X, found[dim], n_neighbors=7, metric="cosine") > 0.85 for dim in (2, 3))


def test_as_trustworthy_as_umap_learn() -> None:
    X = blobs(400, 8, 24)
    graph = nearest(X, 15)
    own, other = (project(X, UMAP(algorithm=name), neighbors=graph).coords for name in ("fast", "exact"))
    for dim in (2, 3):
        fast, exact = (trustworthiness(X, coords[dim], n_neighbors=15, metric="cosine") for coords in (own, other))
        assert fast > exact - 0.01


def test_the_same_map_whatever_the_threads_and_who_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    X = blobs(300)
    seen: list[Any] = []
    monkeypatch.setattr(drive, "PAUSE", 0.0)
    usual = project(X, stream=seen.append).coords
    monkeypatch.setattr(threading.Thread, "start", _refuses)
    inline = project(X).coords
    for dim in (2, 3):
        np.testing.assert_array_equal(inline[dim], usual[dim])
    assert seen and not np.array_equal(usual[2], project(X, seed=1).coords[2])


def _refuses(self: Any) -> None:
    raise RuntimeError("can't start new thread")


def test_the_map_grows_out_of_pca_without_a_jump(monkeypatch: pytest.MonkeyPatch) -> None:
    angles = np.linspace(0, 2, 300)[:, None] + np.linspace(0, 1, 6)
    X = np.column_stack([np.cos(angles), np.sin(angles)]) + 0.02 * np.random.default_rng(0).normal(size=(300, 12))
    X = (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)
    frames: list[dict[int, np.ndarray]] = []
    monkeypatch.setattr(drive, "PAUSE", 0.0)
    monkeypatch.setattr(threading.Thread, "start", _refuses)  # inline, so that a busy machine looks as often
    three = principal(X, 3, 0)
    final = project(X, principal=three, stream=frames.append)
    assert all(frame[2].shape == (300, 2) and frame[3].shape == (300, 3) for frame in frames)
    for dim in (2, 3):
        assert np.linalg.norm(frames[-1][dim] - final.coords[dim], axis=1).max() < 0.1
        first = project(X, PCA(), principal=three).coords[dim]
        assert np.corrcoef(first[:, 0], final.coords[dim][:, 0])[0, 1] > 0.8  # neither mirrored nor turned
    with pytest.raises(InputError, match=r"\(300, 3\)"):
        project(X, principal=three[:, :2])


class StopsAt(Silent):
    """Cancels at the n-th word it hears."""

    def __init__(self, n: int) -> None:
        self.left = n

    def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
        self.check()

    def check(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled


@pytest.mark.parametrize("n", range(9))
def test_a_cancel_at_each_stage_ends_every_thread(n: int) -> None:
    X = blobs(200)
    graph = nearest(X, 15)
    coords = {dim: np.array(X[:, :dim]) for dim in (2, 3)}
    before = threading.active_count()
    with pytest.raises(Cancelled):
        project(X, neighbors=graph, progress=StopsAt(n))
    with pytest.raises(Cancelled):
        refine(coords, graph, progress=StopsAt(min(n, 6)))
    if n < 4:
        with pytest.raises(Cancelled):
            place(coords, np.arange(200) < 20, graph, progress=StopsAt(n))
    assert threading.active_count() <= before + 4  # the pool of kernels may have started meanwhile
    assert not [thread for thread in threading.enumerate() if "_work" in thread.name]  # as a layout's threads are called


def test_an_error_in_a_stream_ends_the_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drive, "PAUSE", 0.0)

    def fails(coords: Any) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        project(blobs(300), stream=fails)


def test_a_finished_map_is_on_the_scale_it_was_made_on() -> None:
    X = blobs(1000)
    graph = nearest(X, 14)
    laid, _ = maps.fit(X, UMAP(), (2, 3), graph, principal(X, 3, 0), 0)
    for dim, positions in laid.items():
        assert natural(positions, fuzzy(graph), 0.1) == pytest.approx(1, abs=0.25)
        assert natural(positions / 7, fuzzy(graph), 0.1) == pytest.approx(7 * natural(positions, fuzzy(graph), 0.1), rel=1e-3)
        assert positions.shape == (1000, dim)


def test_refining_moves_little_and_keeps_neighbours() -> None:
    X = blobs(600)
    coords = project(X).coords
    stays = np.arange(600) % 10 > 0
    kept = {dim: positions[stays] for dim, positions in coords.items()}
    graph = nearest(X[stays], 15)
    seen: list[Any] = []
    found = refine(kept, graph, stream=seen.append)
    again = refine(kept, graph)
    for dim in (2, 3):
        np.testing.assert_array_equal(found[dim], again[dim])
        assert 0 < np.linalg.norm(found[dim] - kept[dim], axis=1).mean() < 0.3
        before, after = (trustworthiness(X[stays], at[dim], n_neighbors=15, metric="cosine") for at in (kept, found))
        assert after > before - 0.01
    with pytest.raises(InputError, match="the graph is over 540 rows"):
        refine(coords, graph)
    free, held = (refine(kept, graph, anchor=anchor)[2] for anchor in (0.0, 10.0))
    assert np.linalg.norm(held - kept[2], axis=1).mean() < np.linalg.norm(free - kept[2], axis=1).mean()


def test_placed_rows_lie_in_their_blob_and_no_other_moves() -> None:
    X = blobs(500)
    coords = project(X).coords
    graph = nearest(X, 15)
    missing = np.random.default_rng(0).random(500) < 0.1
    hidden = {dim: np.where(missing[:, None], np.float32(np.nan), positions) for dim, positions in coords.items()}
    found = place(hidden, missing, graph)
    for dim in (2, 3):
        np.testing.assert_array_equal(found[dim][~missing], coords[dim][~missing])
        centres = np.array([coords[dim][(np.arange(500) % 5 == blob) & ~missing].mean(axis=0) for blob in range(5)])
        nearest_centre = np.linalg.norm(found[dim][:, None] - centres, axis=2).argmin(axis=1)
        assert (nearest_centre == np.arange(500) % 5)[missing].mean() > 0.95
        np.testing.assert_array_equal(place(hidden, missing, graph)[dim], found[dim])
    with pytest.raises(InputError, match="missing has 3 values for 500 rows"):
        place(coords, missing[:3], graph)


def test_places_where_there_is_nothing_to_go_by() -> None:
    graph = Neighbors(np.array([[1], [0], [3], [2]], np.int32), np.full((4, 1), 0.1, np.float32))
    coords = {2: np.array([[1, 1], [3, 1], [np.nan, np.nan], [np.nan, np.nan]], np.float32)}
    found = place(coords, np.array([False, False, True, True]), graph)[2]
    assert np.isfinite(found).all() and np.abs(found[2:] - [2, 1]).max() < 3  # an island: about the middle
    assert np.isfinite(place(coords, np.ones(4, bool), graph)[2]).all()
    np.testing.assert_array_equal(place({2: found}, np.zeros(4, bool), graph)[2], found)
    empty = Neighbors(np.empty((1, 0), np.int32), np.empty((1, 0), np.float32))
    alone = {2: np.ones((1, 2), np.float32)}
    assert np.isfinite(place(alone, np.ones(1, bool), empty)[2]).all()
    np.testing.assert_array_equal(refine(alone, empty)[2], alone[2])
    none = Neighbors(np.empty((0, 0), np.int32), np.empty((0, 0), np.float32))
    assert place({2: np.empty((0, 2), np.float32)}, np.zeros(0, bool), none)[2].shape == (0, 2)


def test_a_sample_is_laid_out_and_the_rest_placed(monkeypatch: pytest.MonkeyPatch) -> None:
    X = blobs(600)
    monkeypatch.setattr(maps, "LARGE", 500)
    monkeypatch.setattr(maps, "SAMPLE", 200)
    found = project(X)
    assert found.notes == ("The map was laid out on 200 of 600 texts; the others were placed beside their neighbours.",)
    for dim in (2, 3):
        assert trustworthiness(X, found.coords[dim], n_neighbors=15, metric="cosine") > 0.85
