"""Figures equal scikit-learn's on distinct rows, and copies count as if they were written out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_samples

from elute.errors import Cancelled, InputError
from elute.metrics import Target, balance, cosine_silhouette, euclidean_silhouette, score
from elute.progress import Silent


def unit(n: int, d: int = 6, seed: int = 0) -> np.ndarray:
    X = np.random.default_rng(seed).normal(size=(n, d))
    return (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)


@settings(max_examples=60, deadline=None)
@given(n=st.integers(3, 40), k=st.integers(2, 8), seed=st.integers(0, 999))
def test_silhouette_equals_scikit_learn(n: int, k: int, seed: int) -> None:
    X, labels = unit(n, seed=seed), np.random.default_rng(seed).integers(0, k, n)
    found = cosine_silhouette(X, labels)
    if not 2 <= len(np.unique(labels)) < n:
        assert np.isnan(found).all() or (found == 0).all()
        return
    np.testing.assert_allclose(found, silhouette_samples(X.astype(float), labels, metric="cosine"), atol=1e-6)


@settings(max_examples=40, deadline=None)
@given(n=st.integers(4, 25), seed=st.integers(0, 999), zero=st.booleans())
def test_copies_count_as_if_written_out(n: int, seed: int, zero: bool) -> None:
    random = np.random.default_rng(seed)
    X, labels, weights = unit(n, seed=seed), random.integers(-1, 3, n), random.integers(1, 5, n)
    if zero:
        X[0] = 0
    back = np.repeat(np.arange(n), weights)
    short, long = score(X, labels, weights=weights), score(X[back], labels[back])
    np.testing.assert_allclose(short.row_silhouette[back], long.row_silhouette, atol=1e-6)
    for name in ("silhouette", "davies_bouldin", "calinski_harabasz", "noise_share", "balance", "largest_to_smallest"):
        one, other = getattr(short, name), getattr(long, name)
        assert one is other is None or one == pytest.approx(other, rel=1e-6, abs=1e-6)
    columns = ["cluster", "size", "share", "silhouette", "density"]
    np.testing.assert_allclose(short.clusters[columns].to_numpy(float), long.clusters[columns].to_numpy(float), atol=1e-6)


def test_zero_vectors_equal_scikit_learn() -> None:
    X, labels = unit(12), np.arange(12) % 3
    X[[2, 5]] = 0  # both in cluster 2: at distance 1 from each other
    np.testing.assert_allclose(
        cosine_silhouette(X, labels), silhouette_samples(X.astype(float), labels, metric="cosine"), atol=1e-6
    )


def test_silhouette_in_many_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    X, labels = unit(150), np.arange(150) % 4 - 1
    whole = cosine_silhouette(X, labels)
    monkeypatch.setattr("elute.silhouette.cosine.PRODUCTS", 7)  # the least is 64 rows
    monkeypatch.setattr("elute.vectors.groups.BLOCK", 7)
    np.testing.assert_allclose(cosine_silhouette(X, labels), whole, atol=1e-7)
    assert np.isnan(whole[labels < 0]).all()


def test_indices_leave_noise_out() -> None:
    X, labels = unit(60), np.arange(60) % 4 - 1
    inside = labels >= 0
    found = score(X, labels)
    assert found.davies_bouldin == pytest.approx(davies_bouldin_score(X[inside], labels[inside]))
    assert found.calinski_harabasz == pytest.approx(calinski_harabasz_score(X[inside], labels[inside]))
    assert found.silhouette == pytest.approx(silhouette_samples(X[inside], labels[inside], metric="cosine").mean(), abs=1e-6)
    assert (found.n_clusters, found.noise_share) == (3, 0.25)
    assert found.clusters["cluster"].tolist() == [0, 1, 2, -1]
    assert np.isnan(found.clusters["silhouette"].iloc[-1])


@pytest.mark.parametrize(
    ("n", "labels"),
    [(0, []), (1, [0]), (1, [-1]), (2, [0, 1]), (5, [0] * 5), (5, [-1] * 5), (5, [0, 0, -1, -1, -1]), (3, [0, 1, 2])],
)
def test_what_is_not_defined_is_none(n: int, labels: list[int]) -> None:
    found = score(unit(n), np.array(labels, dtype=int))
    assert found.davies_bouldin is None and found.calinski_harabasz is None
    assert found.silhouette in (None, 0.0)  # 0 by definition where every cluster has one row
    assert len(found.clusters) == len(set(labels)) and found.clusters["size"].sum() == n
    assert 0 <= found.balance <= 1 and found.largest_to_smallest >= 1


def test_identical_vectors_do_not_crash() -> None:
    found = score(np.repeat(unit(1), 6, axis=0), np.arange(6) % 2)
    assert found.silhouette == pytest.approx(0, abs=1e-6)
    assert found.davies_bouldin is None or np.isfinite(found.davies_bouldin)


def test_balance_is_the_normalised_entropy() -> None:
    assert balance(np.array([5, 5, 5, 5])) == pytest.approx(1)
    assert balance(np.array([9])) == balance(np.array([])) == 1
    assert balance(np.array([1, 3])) == pytest.approx(0.8112781)  # by hand: (.25 * 2 + .75 * log2(4/3)) bits of 1
    assert score(unit(8), np.array([0] * 6 + [1] * 2)).largest_to_smallest == 3


def test_table_of_clusters() -> None:
    X = np.array([[1, 0], [0, 1], [-1, 0], [-1, 0]], dtype=np.float32)
    labels, weights = np.array([0, 0, 1, -1]), np.array([3, 1, 1, 1])
    target = Target.of_rows(["a", "a", "b", "b", None, np.nan], np.array([0, 0, 0, 1, 2, 3]))
    found = score(X, labels, weights=weights, target=target).clusters.set_index("cluster")
    assert found["size"].to_dict() == {0: 4, 1: 1, -1: 1}
    assert found["share"].to_dict() == pytest.approx({0: 4 / 6, 1: 1 / 6, -1: 1 / 6})
    assert found.loc[0, "density"] == pytest.approx(np.hypot(3, 1) / 4)
    assert found.loc[0, "duplicates"] == pytest.approx(2 / 4)
    assert (found.loc[0, "label"], found.loc[0, "label_share"]) == ("a", 0.5)  # as many as "b", and met first
    assert found.loc[1, "label"] is None and np.isnan(found.loc[1, "label_share"])
    assert found.loc[1, "silhouette"] == 0


def test_davies_bouldin_of_each_cluster_has_the_index_as_its_mean() -> None:
    X, labels = unit(80), np.arange(80) % 5 - 1
    found = score(X, labels)
    own = found.clusters.set_index("cluster")["davies_bouldin"]
    assert own[own.index >= 0].mean() == pytest.approx(found.davies_bouldin) and np.isnan(own[-1])


@settings(max_examples=40, deadline=None)
@given(n=st.integers(2, 40), seed=st.integers(0, 999))
def test_what_takes_no_part_changes_nothing(n: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    X, labels, weights = unit(n, seed=seed), random.integers(-2, 4, n), random.integers(0, 3, n)
    inside = (labels > -2) & (weights > 0)
    whole, part = score(X, labels, weights=weights), score(X[inside], labels[inside], weights=weights[inside])
    np.testing.assert_array_equal(whole.row_silhouette[inside], part.row_silhouette)
    assert np.isnan(whole.row_silhouette[~inside]).all()
    assert whole.noise_share == part.noise_share and whole.n_clusters == part.n_clusters
    np.testing.assert_allclose(
        whole.clusters.drop(columns="label").to_numpy(float), part.clusters.drop(columns="label").to_numpy(float), rtol=1e-12
    )


def mixed(seed: int, spread: float, k: int = 7, d: int = 48, apart: float = 1.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Clusters of 1 to 90 vectors around centres, with copies of them."""
    random = np.random.default_rng(seed)
    labels = np.repeat(np.arange(k), [1, 2, 3, 10, 30, 60, 90][:k])
    middle = random.normal(size=d)
    X = middle / np.linalg.norm(middle) + apart * random.normal(size=(k, d))[labels] / d**0.5
    X = X / np.linalg.norm(X, axis=1, keepdims=True) + spread * random.normal(size=X.shape) / d**0.5
    return (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32), labels, random.integers(1, 4, len(labels))


@pytest.mark.parametrize("apart", [1.0, 1e-2, 1e-3])
@pytest.mark.parametrize("spread", [1.0, 1e-2, 1e-3])
def test_figures_hold_where_rows_or_clusters_are_nearly_equal(spread: float, apart: float) -> None:
    X, labels, weights = mixed(3, spread, apart=apart)
    back = np.repeat(np.arange(len(X)), weights)
    rows, own = X[back].astype(np.float64), labels[back]
    found = score(X, labels, weights=weights)
    assert found.davies_bouldin == pytest.approx(davies_bouldin_score(rows, own), rel=1e-5)
    assert found.calinski_harabasz == pytest.approx(calinski_harabasz_score(rows, own), rel=1e-5)
    np.testing.assert_allclose(found.row_silhouette[back], silhouette_samples(rows, own, metric="cosine"), atol=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_a_sampled_silhouette_is_within_its_error(seed: int) -> None:
    X, labels, weights = mixed(seed, 1.0)
    labels = np.where(np.arange(len(X)) % 9 == 8, -1, labels)
    back = np.repeat(np.arange(len(X)), np.where(labels >= 0, weights, 0))
    truth = silhouette_samples(X[back].astype(np.float64), labels[back]).mean()
    mean, error = euclidean_silhouette(X, labels, weights, sample=120, seed=seed)
    assert 0 < error < 0.1 and abs(mean - truth) < 3 * error
    assert euclidean_silhouette(X, labels, weights, sample=120, seed=seed) == (mean, error)
    exact, none = euclidean_silhouette(X, labels, weights, sample=10_000)
    assert none == 0 and exact == pytest.approx(truth, abs=1e-6)


def test_a_sampled_silhouette_in_blocks_and_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    X, labels, weights = mixed(1, 1e-3, apart=1e-2)
    back = np.repeat(np.arange(len(X)), weights)
    monkeypatch.setattr("elute.silhouette.euclidean.ROWS", 50)
    monkeypatch.setattr("elute.silhouette.euclidean.COLUMNS", 30)
    exact = silhouette_samples(X[back].astype(np.float64), labels[back]).mean()
    assert euclidean_silhouette(X, labels, weights)[0] == pytest.approx(exact, abs=1e-5)
    assert np.isnan(euclidean_silhouette(X, np.zeros(len(X), int))).all()
    with pytest.raises(InputError, match="sample is 1"):
        euclidean_silhouette(X, labels, sample=1)


@pytest.mark.parametrize("many", [3, 5000])
def test_labels_are_counted_alike_in_a_full_table_and_a_sparse_one(monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    random = np.random.default_rng(many)
    X, labels, of = unit(60), random.integers(-2, 4, 60), random.integers(-1, 60, 400)
    target = Target.of_rows(random.integers(0, many, 400).tolist(), of)
    full = score(X, labels, target=target).clusters
    monkeypatch.setattr("elute.metrics.target.DENSE", 0)
    sparse = score(X, labels, target=target).clusters
    assert full["label"].tolist() == sparse["label"].tolist()
    np.testing.assert_array_equal(full["label_share"], sparse["label_share"])
    values = np.array(target.values)[target.codes]
    for cluster, label, share in zip(full["cluster"], full["label"], full["label_share"], strict=True):
        mine = values[(of >= 0) & (labels[of] == cluster)]
        assert (
            share == pytest.approx((mine == label).mean())
            and (mine == label).sum() == np.unique(mine, return_counts=True)[1].max()
        )


def test_labels_are_numbered_in_pieces_as_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    values = [None, "b", "a", float("nan"), "b", 3, "a", 3.0, None]
    monkeypatch.setattr("elute.metrics.target.CHUNK", 2)
    found = Target.of_rows(values, np.zeros(9, int))
    assert found.values == ("b", "a", 3) and found.codes.tolist() == [-1, 0, 1, -1, 0, 2, 1, 2, -1]


def test_one_value_a_row_is_needed() -> None:
    for wrong in ({"labels": np.zeros(3)}, {"weights": np.ones(3)}):
        arguments = {"labels": np.zeros(4, dtype=int), **wrong}
        with pytest.raises(InputError, match="one value a row"):
            score(unit(4), **arguments)
    with pytest.raises(InputError, match="one value a row"):
        Target.of_rows(["a"], np.zeros(4, int))
    with pytest.raises(InputError, match="one label a row"):
        cosine_silhouette(unit(4), np.zeros(3))


def test_a_cancel_takes_hold() -> None:
    class Stop(Silent):
        def check(self) -> None:
            raise Cancelled

    for function in (score, euclidean_silhouette):
        with pytest.raises(Cancelled):
            function(unit(30), np.arange(30) % 3, progress=Stop())


def test_nan_rows_are_listed() -> None:
    X = unit(6)
    X[4] = np.nan
    with pytest.raises(InputError, match=r"rows 4\."):
        score(X, np.zeros(6, dtype=int))
