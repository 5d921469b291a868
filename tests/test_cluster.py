"""Clusterers at every small size, on bad input, and on clusters that are known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN as SklearnDBSCAN
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score

from elute.cluster import CLUSTERERS, DBSCAN, HDBSCAN, Clustering, Communities, KMeans, as_clusterer, cluster
from elute.cluster.eps import core_distances, propose_eps
from elute.cluster.result import by_size
from elute.cluster.sweep import sweep_values
from elute.errors import Cancelled, InputError, SettingsError
from elute.neighbors import nearest
from elute.options import form, from_dict, to_dict
from elute.progress import Silent

FULL = HDBSCAN(space="full")


def unit(n: int, d: int = 8, seed: int = 0) -> np.ndarray:
    X = np.random.default_rng(seed).normal(size=(n, d))
    return (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)


def blobs(n: int, k: int = 5, d: int = 16, spread: float = 0.05, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """n unit vectors around k directions, and which."""
    random = np.random.default_rng(seed)
    truth = random.integers(0, k, n)
    X = np.eye(k, d)[truth] + spread * random.normal(size=(n, d))
    return (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32), truth


def well_formed(found: Clustering, n: int, weights: np.ndarray | None = None) -> None:
    assert found.labels.shape == (n,) and found.labels.dtype == np.int32 and (found.labels >= -1).all()
    sizes = np.bincount(found.labels[found.labels >= 0], weights=None if weights is None else weights[found.labels >= 0])
    assert (sizes > 0).all() and (np.diff(sizes) <= 0).all()
    for values in (found.probabilities, found.outlier_scores):
        assert values is None or (values.shape == (n,) and values.dtype == np.float32 and np.isfinite(values).all())


@pytest.mark.parametrize("clusterer", ["communities", "kmeans", "dbscan", FULL, KMeans(1)], ids=repr)
@pytest.mark.parametrize("n", [*range(13), 20, 29, 30, 31, 40])
def test_every_small_size(clusterer: Any, n: int) -> None:
    found = cluster(unit(n), clusterer)
    well_formed(found, n)
    if n in (1, 2):
        assert found.labels.tolist() == [0] * n and "only" in found.notes[0]


@pytest.mark.parametrize("clusterer", ["communities", "kmeans", "dbscan", FULL, KMeans(3)], ids=repr)
def test_identical_vectors_are_one_cluster_and_it_is_said(clusterer: Any) -> None:
    found = cluster(np.repeat(unit(1, 384), 12, axis=0), clusterer)
    assert found.labels.tolist() == [0] * 12
    assert "All 12 vectors are identical" in found.notes[0]


@pytest.mark.parametrize("clusterer", ["communities", "kmeans", "dbscan", FULL], ids=repr)
def test_zero_vectors_are_noise_and_listed(clusterer: Any) -> None:
    X, _ = blobs(60)
    X[[7, 21]] = 0
    found = cluster(X, clusterer, weights=np.ones(60), neighbors=nearest(X), reduced=lambda: X, previous=None)
    well_formed(found, 60)
    assert found.labels[7] == found.labels[21] == -1
    assert any("2 texts have a zero vector" in note and "rows 7, 21." in note for note in found.notes)
    if found.probabilities is not None and found.outlier_scores is not None:
        assert found.probabilities[7] == 0 and found.outlier_scores[7] == 1
    nothing = cluster(np.zeros((3, 4)), clusterer)
    assert nothing.labels.tolist() == [-1] * 3


@pytest.mark.parametrize("clusterer", ["communities", "kmeans", "dbscan", FULL, AgglomerativeClustering(2)], ids=repr)
def test_nan_rows_are_listed_before_any_work(clusterer: Any) -> None:
    X = unit(30)
    X[[4, 9], 2] = [np.nan, np.inf]
    with pytest.raises(InputError, match=r"2 of 30 vectors hold NaN or infinity: rows 4, 9\."):
        cluster(X, clusterer)


@pytest.mark.parametrize("n", [1, 2])
def test_one_or_two_texts_are_one_cluster_whatever_k_is(n: int) -> None:
    found = cluster(unit(n), KMeans(40), weights=np.full(n, 100.0))
    assert found.labels.tolist() == [0] * n
    said = {1: "All 100 texts are identical, so there is one cluster. Drop duplicates first."}
    assert found.notes == (said.get(n, "There are only two distinct texts, so there is one cluster."),)


def test_more_clusters_than_texts_is_refused_before_any_work() -> None:
    with pytest.raises(SettingsError, match=r"k is 13, but there are only 12 distinct texts. Choose k of at most 12"):
        cluster(unit(12), KMeans(13))
    assert len(np.unique(cluster(unit(12), KMeans(12)).labels)) == 12


@pytest.mark.parametrize(
    "make",
    [
        lambda: DBSCAN(eps=0.0),
        lambda: DBSCAN(eps=-1.0),
        lambda: HDBSCAN(min_cluster_size=1),
        lambda: KMeans(0),
        lambda: HDBSCAN(space="half"),
    ],
)
def test_values_out_of_range_are_refused_in_the_form(make: Any) -> None:
    with pytest.raises(SettingsError, match="must be"):
        make()


def test_weights_must_fit() -> None:
    with pytest.raises(InputError, match=r"weights of shape \(4,\); one a vector"):
        cluster(unit(5), weights=np.ones(4))


@given(labels=st.lists(st.integers(-3, 6), max_size=40), data=st.data())
def test_numbering_by_size(labels: list[int], data: st.DataObject) -> None:
    given_labels = np.array(labels, dtype=int)
    weights = np.array(data.draw(st.lists(st.integers(1, 9), min_size=len(labels), max_size=len(labels))), dtype=float)
    found = by_size(given_labels, weights)
    well_formed(Clustering(found), len(labels), weights)
    np.testing.assert_array_equal(found < 0, given_labels < 0)
    inside = given_labels >= 0
    assert (
        len(set(zip(found[inside], given_labels[inside], strict=True)))
        == len(set(found[inside]))
        == len(set(given_labels[inside]))
    )


def test_kmeans_finds_known_clusters_and_their_number() -> None:
    X, truth = blobs(400)
    found = cluster(X, KMeans())
    assert adjusted_rand_score(truth, found.labels) > 0.9
    assert found.params == {"name": "kmeans", "k": found.labels.max() + 1}
    assert found.curve is not None and found.curve.chosen == found.params["k"]
    assert found.curve.y[found.curve.x.index(found.curve.chosen)] == max(found.curve.y)
    assert len(found.curve.x) <= 8
    np.testing.assert_array_equal(cluster(X, KMeans()).labels, found.labels)  # the same seed, the same labels


def test_values_of_k_swept() -> None:
    assert sweep_values(0) == sweep_values(2) == [] and sweep_values(3) == [2]
    for n in (10, 40, 300, 1000, 5000):
        values = sweep_values(n)
        assert 1 < len(values) <= 8 and values[0] >= 2 and values[-1] < n and values == sorted(set(values))
    assert sweep_values(5000)[0] == 8 and sweep_values(5000)[-1] == 250


def test_kmeans_weights_equal_copies() -> None:
    X, _ = blobs(90)
    weights = np.random.default_rng(1).integers(1, 6, 90)
    back = np.repeat(np.arange(90), weights)
    np.testing.assert_array_equal(cluster(X, KMeans(5), weights=weights).labels[back], cluster(X[back], KMeans(5)).labels)


def test_kmeans_starts_from_the_labels_before() -> None:
    X, _ = blobs(400, k=8, spread=0.25)
    before = cluster(X, KMeans(12)).labels
    kept = np.random.default_rng(0).random(400) > 0.05
    warm = cluster(X[kept], KMeans(), previous=before[kept])
    assert warm.params == {"name": "kmeans", "k": 12} and warm.curve is None
    assert adjusted_rand_score(before[kept], warm.labels) > 0.9
    gone = before[kept] != 3
    assert cluster(X[kept][gone], KMeans(), previous=before[kept][gone]).labels.max() + 1 == 11
    # a cluster dropped whole is not replaced, or the others would be cut up; once its rows are back, so is it
    assert cluster(X[kept][gone], KMeans(12), previous=before[kept][gone]).labels.max() + 1 == 11
    back = np.where(np.isin(np.arange(len(X)), np.flatnonzero(kept)[gone]), before, -1)
    assert cluster(X, KMeans(12), previous=back).labels.max() + 1 == 12
    assert cluster(X, KMeans(3), previous=before).labels.max() + 1 == 3
    assert cluster(X, KMeans(), previous=np.full(400, -1)).curve is not None


def test_kmeans_says_when_fewer_groups_differ_than_asked_for() -> None:
    found = cluster(np.repeat(np.eye(3, dtype=np.float32), 4, axis=0), KMeans(7))
    assert found.labels.max() + 1 == 3 and found.labels.tolist() == [0] * 4 + [1] * 4 + [2] * 4
    assert "only 3 groups of vectors differ" in found.notes[0]


def test_dbscan_equals_scikit_learn_by_cosine_distance() -> None:
    X, _ = blobs(200)
    weights = np.random.default_rng(0).integers(1, 3, 200)
    found = cluster(X, DBSCAN(eps=0.1, min_samples=8, algorithm="exact"), weights=weights)
    expected = SklearnDBSCAN(eps=0.1, min_samples=8, metric="cosine").fit_predict(X.astype(float), sample_weight=weights)
    assert adjusted_rand_score(expected, found.labels) == 1
    np.testing.assert_array_equal(found.labels < 0, expected < 0)
    assert found.curve is not None and found.curve.chosen == 0.1


def test_dbscan_proposes_an_eps_that_gives_pure_clusters_and_finds_the_noise() -> None:
    X, truth = blobs(300, k=4, spread=0.08)
    far = unit(30, 16, seed=5)
    labels = cluster(np.vstack([X, far]), "dbscan").labels
    inside = labels[:300] >= 0
    mixed = np.zeros((labels.max() + 1, 4), dtype=int)
    np.add.at(mixed, (labels[:300][inside], truth[inside]), 1)
    assert len(mixed) >= 4 and (mixed.max(axis=1) == mixed.sum(axis=1)).all()  # each is part of one known cluster
    assert (labels[300:] == -1).mean() > 0.8


def test_dbscan_before_the_largest_takes_half() -> None:
    X, _ = blobs(200, k=6, spread=0.2)
    weights = np.ones(200)
    graph = nearest(X)
    reach = core_distances(graph, weights, 5)
    every = np.sort(1 - X.astype(float) @ X.T.astype(float), axis=1)
    np.testing.assert_allclose(reach, np.maximum(every[:, 4], 0), atol=1e-6)
    eps = propose_eps(graph, reach, weights)
    sizes = np.bincount(cluster(X, DBSCAN(eps=eps)).labels + 1)
    assert sizes[1:].max() <= 0.6 * 200


def test_dbscan_copies_are_dense_by_themselves() -> None:
    X = np.eye(6, dtype=np.float32)
    found = cluster(X, DBSCAN(eps=0.01, min_samples=5), weights=np.array([5, 1, 1, 9, 4, 1]))
    assert found.labels.tolist() == [1, -1, -1, 0, -1, -1]


def test_dbscan_with_nothing_dense_is_all_noise() -> None:
    assert cluster(unit(6), DBSCAN(min_samples=50)).labels.tolist() == [-1] * 6


def test_dbscan_refuses_what_would_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("elute.memory.available", lambda: 1000)
    with pytest.raises(SettingsError, match=r"eps = 2, with about 100 of 100 rows within reach.*Choose a smaller eps"):
        cluster(unit(100), DBSCAN(eps=2.0, algorithm="exact"))


def test_hdbscan_takes_the_reduced_space_only_when_asked() -> None:
    X, truth = blobs(300, spread=0.1)
    asked = []

    def reduced() -> np.ndarray:
        asked.append(1)
        return np.eye(5)[truth] * 9 + 0.1 * np.random.default_rng(0).normal(size=(300, 5))

    found = cluster(X, "hdbscan", reduced=reduced)
    well_formed(found, 300)
    assert asked == [1] and adjusted_rand_score(truth, found.labels) > 0.9
    assert found.probabilities is not None and found.probabilities.min() >= 0 and found.probabilities.max() <= 1
    assert found.outlier_scores is not None and found.outlier_scores.min() >= 0 and found.outlier_scores.max() <= 1
    assert found.params == {**to_dict(HDBSCAN()), "min_cluster_size": 5}
    full = cluster(X, FULL, reduced=reduced)
    assert asked == [1] and full.params["space"] == "full" and full.notes == ()
    assert "no reduced space" in cluster(X, "hdbscan").notes[0]
    exact = cluster(X, HDBSCAN(space="full", algorithm="exact"), weights=np.arange(1, 301))
    assert "copies" in exact.notes[0] and exact.params["algorithm"] == "exact"


@pytest.mark.parametrize("clusterer", [DBSCAN(), HDBSCAN(space="full", min_cluster_size=20)], ids=repr)
def test_noise_goes_to_the_nearest_cluster_where_one_asks_for_it(clusterer: Any) -> None:
    X, _ = blobs(400, spread=0.2)
    X[[7, 21]] = 0
    weights = np.where(np.arange(400) % 9 == 0, 4.0, 1.0)
    plain = cluster(X, clusterer, weights=weights)
    given_ = cluster(X, replace(clusterer, noise="nearest"), weights=weights)
    lost = (plain.labels == -1) & (np.abs(X).sum(axis=1) > 0)
    assert lost.sum() > 5 and np.flatnonzero(given_.labels == -1).tolist() == [7, 21]
    assert adjusted_rand_score(plain.labels[plain.labels >= 0], given_.labels[plain.labels >= 0]) == 1
    names = range(plain.labels.max() + 1)
    means = np.array([np.average(X[plain.labels == c], axis=0, weights=weights[plain.labels == c]) for c in names])
    nearest_ = np.argmax(X[lost] @ (means / np.linalg.norm(means, axis=1, keepdims=True)).T, axis=1)
    one_of = np.array([np.flatnonzero(plain.labels == c)[0] for c in names])
    assert (given_.labels[lost] == given_.labels[one_of[nearest_]]).all()
    assert f"{int(weights[lost].sum()):,} rows of noise went to the nearest cluster" in " ".join(given_.notes)
    assert "nearest cluster" not in " ".join(plain.notes)


class Own:
    """An estimator that returns what it is given."""

    def __init__(self, labels: Any) -> None:
        self.labels = labels

    def fit_predict(self, X: np.ndarray) -> Any:
        if isinstance(self.labels, Exception):
            raise self.labels
        return self.labels


def test_own_estimators_run_as_given() -> None:
    X, truth = blobs(80)
    found = cluster(X, AgglomerativeClustering(5))
    assert adjusted_rand_score(truth, found.labels) > 0.9
    assert found.params["estimator"] == "AgglomerativeClustering" and found.params["n_clusters"] == 5
    own = Own([7, 7.0, -1, 3, 7, -4])
    own.probabilities_, own.outlier_scores_ = [1, 1, 0, 1, 1, 0], [1, 2]  # type: ignore[attr-defined]
    found = cluster(unit(6), own)
    assert found.labels.tolist() == [0, 0, -1, 1, 0, -1]
    assert found.probabilities is not None and found.probabilities.tolist() == [1, 1, 0, 1, 1, 0] and found.outlier_scores is None
    assert cluster(unit(0), own).labels.shape == (0,)


@pytest.mark.parametrize(
    "labels",
    [
        np.array([0, 2**32, 2**32, 2**33, -(2**32), -1]),
        np.array([2**31 - 1, 2**31, 2**31, 2**31 + 1, -(2**31) - 1, -1]),
        np.array([7.0, 2.0**60, 2.0**60, 2.0**62, -(2.0**60), -2.0]),
    ],
)
def test_labels_of_an_own_estimator_may_be_any_whole_numbers(labels: Any) -> None:
    assert cluster(unit(6), Own(labels)).labels.tolist() == [1, 0, 0, 2, -1, -1]
    above = np.array([0, 2**64 - 1, 2**64 - 1, 2**63, 2**63, 2**63], np.uint64)
    assert cluster(unit(6), Own(above)).labels.tolist() == [2, 1, 1, 0, 0, 0]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([0, 1], r"returned shape \(2,\) for 6 rows"),
        ([[0]] * 6, r"returned shape \(6, 1\)"),
        ([0.5] * 6, "dtype float64; whole numbers"),
        (["a"] * 6, "whole numbers are needed, -1 for noise"),
        ([np.nan] * 6, "whole numbers"),
        ([0.0, 1.0, 0.0, 1.0, np.inf, 1.0], "not finite.*-1 for noise"),
        ([0.0, -np.inf, np.nan, 1.0, 0.0, 1.0], "not finite.*-1 for noise"),
        (None, r"shape \(\)"),
        (ZeroDivisionError("oops"), "fit_predict failed: ZeroDivisionError: oops. It was given 6 unit vectors of 8 numbers"),
    ],
)
def test_own_estimators_are_checked(labels: Any, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        cluster(unit(6), Own(labels))


def test_a_cancel_inside_an_own_estimator_stays_a_cancel() -> None:
    with pytest.raises(Cancelled):
        cluster(unit(6), Own(Cancelled()))


def test_kmeans_can_be_cancelled() -> None:
    class Stop(Silent):
        def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
            if done == 2:
                raise Cancelled

    with pytest.raises(Cancelled):
        cluster(unit(200), KMeans(), progress=Stop())


def test_what_a_person_may_type() -> None:
    assert as_clusterer(None) == as_clusterer("communities") == Communities()
    assert as_clusterer("kmeans") == as_clusterer("KMeans") == KMeans()
    assert as_clusterer("dbscan") == DBSCAN() and as_clusterer(FULL) is FULL
    own = Own([0])
    assert as_clusterer(own) is own
    for wrong in ("k-medoids", 7, object()):
        with pytest.raises(SettingsError, match="'communities', 'kmeans', 'dbscan', 'hdbscan'"):
            as_clusterer(wrong)
    for wrong in (KMeans, AgglomerativeClustering):
        with pytest.raises(SettingsError, match="is a class"):
            as_clusterer(wrong)


def test_the_menu() -> None:
    assert list(CLUSTERERS) == ["communities", "kmeans", "dbscan", "hdbscan"]
    for name, cls in CLUSTERERS.items():
        shown = form(cls)
        assert shown["name"] == name and shown["title"] and 20 < len(shown["when"]) < 120
        assert from_dict(CLUSTERERS, to_dict(cls())) == cls()
