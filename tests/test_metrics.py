"""Figures equal scikit-learn's on distinct rows, and copies count as if they were written out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_samples

from elute.errors import InputError
from elute.metrics import balance, cosine_silhouette, score


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
        assert getattr(short, name) == pytest.approx(getattr(long, name), abs=1e-6)
    columns = ["cluster", "size", "share", "silhouette", "density"]
    np.testing.assert_allclose(short.clusters[columns].to_numpy(float), long.clusters[columns].to_numpy(float), atol=1e-6)


def test_zero_vectors_equal_scikit_learn() -> None:
    X, labels = unit(12), np.arange(12) % 3
    X[[2, 5]] = 0  # both in cluster 2: at distance 1 from each other
    np.testing.assert_allclose(
        cosine_silhouette(X, labels), silhouette_samples(X.astype(float), labels, metric="cosine"), atol=1e-6
    )


def test_silhouette_in_many_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    X, labels = unit(50), np.arange(50) % 4 - 1
    whole = cosine_silhouette(X, labels)
    monkeypatch.setattr("elute.silhouette.BLOCK", 7)
    monkeypatch.setattr("elute.vectors.BLOCK", 7)
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
    found = score(
        X,
        labels,
        weights=weights,
        duplicates=np.array([False, True, False, False]),
        target=np.array(["a", "b", None, np.nan], dtype=object),
    ).clusters.set_index("cluster")
    assert found["size"].to_dict() == {0: 4, 1: 1, -1: 1}
    assert found["share"].to_dict() == pytest.approx({0: 4 / 6, 1: 1 / 6, -1: 1 / 6})
    assert found.loc[0, "density"] == pytest.approx(np.hypot(3, 1) / 4)
    assert found.loc[0, "duplicates"] == pytest.approx(3 / 4)  # two copies of the first, and the second is a copy of something
    assert (found.loc[0, "label"], found.loc[0, "label_share"]) == ("a", 0.75)
    assert found.loc[1, "label"] is None and np.isnan(found.loc[1, "label_share"])
    assert found.loc[1, "silhouette"] == 0


def test_one_value_a_row_is_needed() -> None:
    for wrong in ({"labels": np.zeros(3)}, {"weights": np.ones(3)}, {"duplicates": np.zeros(3)}, {"target": ["a"]}):
        arguments = {"labels": np.zeros(4, dtype=int), **wrong}
        with pytest.raises(InputError, match="one value a row"):
            score(unit(4), **arguments)
    with pytest.raises(InputError, match="one label a row"):
        cosine_silhouette(unit(4), np.zeros(3))


def test_nan_rows_are_listed() -> None:
    X = unit(6)
    X[4] = np.nan
    with pytest.raises(InputError, match=r"rows 4\."):
        score(X, np.zeros(6, dtype=int))
