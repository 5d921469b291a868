"""DBSCAN and HDBSCAN off the graph against the packages, rows that take no part, and a stop at any moment."""

from __future__ import annotations

import time
import warnings
from typing import Any

import numpy as np
import pytest
from hdbscan import HDBSCAN as Package
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree
from sklearn.cluster import DBSCAN as SklearnDBSCAN
from sklearn.cluster import AgglomerativeClustering
from sklearn.cluster import KMeans as SklearnKMeans
from sklearn.metrics import adjusted_rand_score
from test_cluster import blobs, unit

from elute.cluster import DBSCAN, HDBSCAN, NOISE, OUTSIDE, KMeans, cluster, density
from elute.cluster.boruvka import exact_tree
from elute.cluster.hierarchy import linked
from elute.cluster.outside import by_cosine
from elute.cluster.points import complete_graph, tree_graph
from elute.cluster.result import by_size
from elute.cluster.rows import Rows, taking_part
from elute.cluster.spanning import spanning_tree
from elute.errors import Cancelled, InputError
from elute.neighbors import Neighbors, nearest
from elute.progress import SILENT, Silent

FULL = HDBSCAN(space="full")
REDUCED = HDBSCAN()
EVERY = [KMeans(), KMeans(4), DBSCAN(), DBSCAN(eps=0.4), FULL, REDUCED]


def shapes(seed: int, n: int, d: int) -> np.ndarray:
    """Groups of different density, a line, and scattered points."""
    random = np.random.default_rng(seed)
    groups = random.normal(size=(4, d)) * 3
    kind = random.integers(0, 4, n)
    X = groups[kind] + random.normal(size=(n, d)) * np.array([0.1, 0.3, 0.8, 2.0])[kind, None]
    line = random.random(n) < 0.2
    X[line] = np.outer(random.random(line.sum()) * 6, np.ones(d)) + 0.05 * random.normal(size=(line.sum(), d))
    return X


def off_the_graph(X: np.ndarray, k: int | None, size: int, samples: int) -> Any:
    indices, distances = complete_graph(X) if k is None else tree_graph(X, k, SILENT)
    tree = linked(
        indices, distances, np.ones(len(X)), lambda core: exact_tree(X, indices, distances, core, SILENT), min_samples=samples
    )
    return tree.cut(size)


def package(X: np.ndarray, size: int, samples: int, **more: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Package(min_cluster_size=size, min_samples=samples, core_dist_n_jobs=1, **more).fit(X)


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 10_000),
    n=st.integers(6, 140),
    d=st.integers(2, 5),
    size=st.integers(2, 9),
    samples=st.integers(1, 8),
)
def test_hdbscan_off_the_complete_graph_is_the_packages(seed: int, n: int, d: int, size: int, samples: int) -> None:
    X = shapes(seed, n, d)
    found, expected = off_the_graph(X, None, size, samples), package(X, size, samples, algorithm="prims_kdtree")
    np.testing.assert_array_equal(by_size(found.labels), by_size(expected.labels_))
    np.testing.assert_allclose(found.probabilities, expected.probabilities_, atol=1e-5)
    np.testing.assert_allclose(found.outlier_scores, np.nan_to_num(expected.outlier_scores_), atol=1e-5)


def test_hdbscan_off_thirty_neighbours_is_nearly_the_packages() -> None:
    X = shapes(3, 2500, 4)
    expected = package(X, 20, 5, approx_min_span_tree=False).labels_
    found = off_the_graph(X, 30, 20, 5).labels
    assert expected.max() >= 2 and adjusted_rand_score(expected, found) >= 0.98


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000), n=st.integers(20, 300), d=st.integers(2, 5), k=st.integers(5, 15))
def test_the_tree_in_a_few_dimensions_is_the_shortest(seed: int, n: int, d: int, k: int) -> None:
    X = shapes(seed, n, d)
    indices, distances = tree_graph(X, k, SILENT)
    core = distances[:, 4].copy()
    tree = exact_tree(X, indices, distances, core, SILENT)
    every = np.linalg.norm(X[:, None] - X, axis=2)
    reach = np.maximum(np.maximum(core[:, None], core), every)
    assert minimum_spanning_tree(np.triu(reach, 1)).sum() == pytest.approx(tree.height.sum())
    assert connected_components(coo_array((tree.height, (tree.source, tree.target)), shape=(n, n)), directed=False)[0] == 1
    assert (np.diff(tree.height) >= 0).all()


def test_parts_that_the_graph_leaves_apart_are_joined_by_their_nearest_links() -> None:
    X, _ = blobs(480, 12, 12, 0.02)
    graph = nearest(X, 10)
    distances = np.sqrt(2.0 * graph.distances, dtype=np.float64)
    core, rows = distances[:, 3].copy(), taking_part(X, np.ones(480), None, None, SILENT)
    tree = spanning_tree(graph.indices, distances, core, lambda ask, part: by_cosine(rows, ask, part), SILENT)
    every = np.linalg.norm(X[:, None].astype(float) - X, axis=2)
    shortest = minimum_spanning_tree(np.triu(np.maximum(np.maximum(core[:, None], core), every), 1))
    assert len(tree.height) == 479 and shortest.sum() == pytest.approx(tree.height.sum(), rel=1e-3)


@given(seed=st.integers(0, 1000), n=st.integers(3, 60), parts=st.integers(2, 6))
@settings(deadline=None, max_examples=40)
def test_the_nearest_row_of_another_part(seed: int, n: int, parts: int) -> None:
    random = np.random.default_rng(seed)
    X = unit(n, 4, seed)
    part = random.integers(0, parts, n).astype(np.int32)
    part[:2] = 0, 1
    every = np.linalg.norm(X[:, None].astype(float) - X[None].astype(float), axis=2)
    every[part[:, None] == part] = np.inf
    ask = np.flatnonzero(random.random(n) < 0.7).astype(np.int32)
    rows = taking_part(X, np.ones(n), None, None, SILENT)
    near, far = by_cosine(rows, ask, part)
    np.testing.assert_allclose(far, every[ask].min(axis=1), atol=2e-3)
    np.testing.assert_allclose(every[ask, near], every[ask].min(axis=1), atol=2e-3)


def test_hdbscan_counts_copies() -> None:
    X, truth = blobs(120, k=3, d=3, spread=0.03)
    lonely = np.array([[-1.0, 0, 0]], dtype=np.float32)
    weights = np.append(np.ones(120), 9.0)
    found = cluster(np.vstack([X, lonely]), HDBSCAN(min_cluster_size=8, space="full"), weights=weights)
    assert found.labels[120] >= 0 and (found.labels == found.labels[120]).sum() == 1  # nine copies are a cluster
    assert adjusted_rand_score(truth, found.labels[:120]) > 0.9 and found.notes == ()


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 10_000),
    n=st.integers(3, 160),
    eps=st.sampled_from([0.02, 0.07, 0.15, 0.3, 0.6, 1.1, 2.0]),
    samples=st.integers(1, 25),
    spread=st.sampled_from([0.05, 0.15, 0.4]),
)
def test_dbscan_off_the_graph_is_scikit_learns(seed: int, n: int, eps: float, samples: int, spread: float) -> None:
    X, _ = blobs(n, 4, 6, spread, seed)
    weights = np.random.default_rng(seed).integers(1, 4, n).astype(float)
    found = cluster(X, DBSCAN(eps=eps, min_samples=samples), weights=weights)
    model = SklearnDBSCAN(eps=float(np.sqrt(2 * eps)), min_samples=samples, algorithm="brute")
    expected = model.fit_predict(X.astype(float), sample_weight=weights)
    # border rows too: the same numbering by size on both sides leaves no freedom
    np.testing.assert_array_equal(found.labels, by_size(expected, weights))


def test_dbscan_joins_what_lies_beyond_every_list() -> None:
    X = np.repeat(blobs(600, 2, 6, 0.02)[0], 1, axis=0)
    graph = nearest(X, 15)
    assert (graph.distances[:, -1] < 0.2).all()
    assert cluster(X, DBSCAN(eps=0.2), neighbors=graph).labels.max() == 1
    assert cluster(X, DBSCAN(eps=1.5), neighbors=graph).labels.max() == 0


@pytest.mark.parametrize("least", [-0.5, 0.5])
def test_rows_that_are_one_set_already_are_passed_over(least: float) -> None:
    # 150 blocks of rows that are one set, and a row by itself: of 11,476 pairs of blocks, 151 have anything to join
    p = 150 * density.SIDE + 1
    at, last = np.arange(p), np.arange(p) == p - 1
    rows = Rows(np.eye(2, 4, dtype=np.float32)[last.astype(int)], np.ones(p), at, SILENT)
    parent = np.where(last, at, 0).astype(np.int32)
    started = time.process_time()
    density._join_beyond(rows, at, parent, least)
    assert time.process_time() - started < 8  # to look up the sets of all rows for each pair takes half a minute
    assert density.roots(parent)[-1] == (0 if least < 0 else p - 1)


def test_an_approximate_graph_is_said() -> None:
    X, _ = blobs(1100)
    graph = nearest(X, 30)
    loose = Neighbors(graph.indices, graph.distances, 0.99)
    for clusterer in (DBSCAN(), FULL):
        assert "99.0%" in cluster(X, clusterer, neighbors=loose).notes[0]
        assert cluster(X, clusterer, neighbors=graph).notes == ()


@pytest.mark.parametrize("clusterer", EVERY, ids=repr)
def test_rows_of_weight_zero_take_no_part(clusterer: Any) -> None:
    X, _ = blobs(400, 4, 8, 0.15)
    random = np.random.default_rng(1)
    weights = random.integers(1, 3, 400).astype(float)
    weights[random.random(400) < 0.3] = 0
    kept = weights > 0
    asked = []

    def graph(k: int) -> Neighbors:
        asked.append(k)
        return nearest(X[kept], k)

    found = cluster(X, clusterer, weights=weights, neighbors=graph, reduced=lambda: X[kept][:, :5])
    expected = cluster(X[kept], clusterer, weights=weights[kept], reduced=lambda: X[kept][:, :5])
    np.testing.assert_array_equal(found.labels == OUTSIDE, ~kept)
    np.testing.assert_array_equal(found.labels[kept], expected.labels)
    assert found.params == expected.params and len(asked) == (1 if isinstance(clusterer, DBSCAN) else 0)
    for name in ("probabilities", "outlier_scores"):
        mine, theirs = getattr(found, name), getattr(expected, name)
        assert (mine is None) == (theirs is None) and (mine is None or np.array_equal(mine[kept], theirs))


def test_own_estimators_see_the_rows_that_stay() -> None:
    X, _ = blobs(60)
    weights = np.ones(60)
    weights[::3] = 0
    seen: list[int] = []

    class Own:
        def fit_predict(self, rows: np.ndarray) -> np.ndarray:
            seen.append(len(rows))
            return np.arange(len(rows)) * 1_000_000

    labels = cluster(X, Own(), weights=weights).labels
    assert seen == [40] and (labels[::3] == OUTSIDE).all() and sorted(labels[weights > 0]) == list(range(40))
    assert cluster(X, AgglomerativeClustering(5), weights=weights).labels.max() == 4


@pytest.mark.parametrize("clusterer", EVERY, ids=repr)
def test_everything_but_one_or_two_removed(clusterer: Any) -> None:
    X, _ = blobs(50)
    for stay in ([], [7], [7, 21]):
        weights = np.zeros(50)
        weights[stay] = 2
        labels = cluster(X, clusterer, weights=weights, reduced=lambda: X[weights > 0]).labels  # noqa: B023
        assert (labels[stay] == 0).all() and (np.delete(labels, stay) == OUTSIDE).all()


@pytest.mark.parametrize("clusterer", EVERY, ids=repr)
def test_two_identical_blobs(clusterer: Any) -> None:
    X = np.repeat(np.eye(2, 5, dtype=np.float32), 30, axis=0)
    labels = cluster(X, clusterer, reduced=lambda: X).labels
    assert set(labels[:30]) != set(labels[30:]) and labels.min() >= 0
    assert len(set(labels[:30])) == len(set(labels[30:])) == 1


@pytest.mark.parametrize("clusterer", EVERY, ids=repr)
def test_whole_clusters_removed(clusterer: Any) -> None:
    X, truth = blobs(300, 6, 12, 0.06)
    weights = np.where(truth < 2, 0.0, 1.0)
    before = cluster(X, clusterer, reduced=lambda: X).labels
    after = cluster(X, clusterer, weights=weights, previous=before, reduced=lambda: X[truth >= 2]).labels
    assert ((after == OUTSIDE) == (truth < 2)).all()
    if not isinstance(clusterer, KMeans):
        assert adjusted_rand_score(truth[truth >= 2], after[truth >= 2]) > 0.8 or isinstance(clusterer, DBSCAN)


@pytest.mark.parametrize("clusterer", EVERY, ids=repr)
def test_zero_vectors_leave_a_given_graph_in_use(clusterer: Any) -> None:
    X, _ = blobs(300, 4, 8, 0.1)
    X[[5, 250]] = 0
    weights = np.ones(300)
    weights[[5, 8]] = 0
    graph, some = nearest(X[weights > 0], 40), weights > 0
    found = cluster(X, clusterer, weights=weights, neighbors=graph, reduced=lambda: X[some])
    plain = np.delete(np.arange(300), [5, 8, 250])
    expected = cluster(X[plain], clusterer, reduced=lambda: X[plain])
    assert found.labels[5] == found.labels[8] == OUTSIDE and found.labels[250] == NOISE
    np.testing.assert_array_equal(found.labels[plain], expected.labels)
    assert any("1 texts have a zero vector" in note and "rows 250." in note for note in found.notes)


class StopAt(Silent):
    """Asks to stop at the n-th look."""

    def __init__(self, left: int) -> None:
        self.left = left

    def check(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled

    def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
        self.check()


@pytest.mark.parametrize("clusterer", EVERY, ids=repr)
@pytest.mark.parametrize("warm", [False, True])
def test_a_stop_at_every_moment(clusterer: Any, warm: bool) -> None:
    X, truth = blobs(1100, 4, 8, 0.2)
    coords = X[:, :5].astype(float)
    given: dict[str, Any] = {"neighbors": nearest(X, 30), "reduced": lambda: coords, "previous": truth if warm else None}
    expected = cluster(X, clusterer, **given).labels
    moments = 0
    while True:
        try:
            found = cluster(X, clusterer, **given, progress=StopAt(moments))
        except Cancelled:
            moments += 1 + moments // 8
            continue
        break
    assert moments >= 2
    np.testing.assert_array_equal(found.labels, expected)


def test_kmeans_is_as_tight_as_scikit_learns() -> None:
    X = np.vstack([blobs(1500, 20, 30, 0.25)[0], unit(500, 30)])
    mine, theirs = cluster(X, KMeans(25)).labels, SklearnKMeans(25, n_init=1, random_state=0).fit(X)
    centres = np.stack([X[mine == one].mean(axis=0) for one in range(25)])
    assert ((X - centres[mine]) ** 2).sum() <= 1.005 * theirs.inertia_


def test_kmeans_ends_with_every_row_at_its_nearest_centre() -> None:
    X, _ = blobs(500, 6, 10, 0.2)
    found = cluster(X, KMeans(6), previous=np.arange(500) % 6).labels
    centres = np.stack([X[found == one].mean(axis=0) for one in range(6)])
    nearest_one = ((X[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)
    assert (nearest_one != found).mean() <= 0.01


def test_kmeans_reads_vectors_that_may_not_be_written() -> None:
    X, truth = blobs(200)
    graph = nearest(X)
    for array in (X, graph.indices, graph.distances):
        array.flags.writeable = False
    assert adjusted_rand_score(truth, cluster(X, KMeans(5)).labels) > 0.9
    assert cluster(X, DBSCAN(eps=0.1), neighbors=graph).labels.max() >= 4
    assert cluster(X, FULL, neighbors=graph).labels.max() >= 4


def test_a_graph_or_labels_of_another_length_are_refused() -> None:
    X, _ = blobs(60)
    with pytest.raises(InputError, match="graph is over 60 rows, and 59 take part"):
        cluster(X, DBSCAN(), weights=np.arange(60) > 0, neighbors=nearest(X))
    with pytest.raises(InputError, match=r"previous labels of shape \(3,\)"):
        cluster(X, KMeans(3), previous=np.zeros(3, dtype=int))
