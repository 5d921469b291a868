"""DBCV against hdbscan.validity where that can be computed, and beyond."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hdbscan.validity import validity_index
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from elute.errors import InputError
from elute.metrics.dbcv import dbcv


def groups(seed: int, n: int, d: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    own = random.integers(0, k, n)
    X = random.normal(size=(n, d)) * 0.4 + random.normal(size=(k, d))[own] * 2
    return X.astype(np.float32), np.where(random.random(n) < 0.2, -1, own)


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000), n=st.integers(12, 110), d=st.integers(2, 6), k=st.integers(2, 5))
def test_equals_the_package(seed: int, n: int, d: int, k: int) -> None:
    X, labels = groups(seed, n, d, k)
    assume(all((labels == one).sum() >= 2 for one in range(k)))
    found = dbcv(X, labels)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value, each = validity_index(X.astype(float), labels, per_cluster_scores=True)
    assert found is not None
    np.testing.assert_allclose(found[0], value, atol=1e-9)
    np.testing.assert_allclose([found[1][one] for one in range(k)], each, atol=1e-9)


def test_many_dimensions_neither_overflow_nor_vanish() -> None:
    random = np.random.default_rng(0)
    centres = np.eye(3, 384)
    own = np.repeat([0, 1, 2], 200)
    X = centres[own] + 0.02 * random.normal(size=(600, 384))
    X = (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)
    good, mixed = dbcv(X, own), dbcv(X, random.permutation(own))
    assert good is not None and mixed is not None
    assert 0.4 < good[0] < 1 and -1 < mixed[0] < 0 and set(good[1]) == {0, 1, 2}


def test_rows_outside_do_not_count_and_noise_does() -> None:
    X, labels = groups(1, 120, 3, 3)
    weights = np.ones(120)
    weights[labels == -1] = 0
    inside = dbcv(X[labels >= 0], labels[labels >= 0])
    for found in (dbcv(X, np.where(labels < 0, -2, labels)), dbcv(X, labels, weights)):
        assert found == inside
    noisy = dbcv(X, labels)
    assert noisy is not None and inside is not None and noisy[1] == inside[1]
    assert noisy[0] == pytest.approx(inside[0] * (labels >= 0).mean())


def test_copies_count_in_the_density() -> None:
    X, labels = groups(2, 60, 3, 2)
    weights = np.random.default_rng(0).integers(1, 4, 60)
    once, copied = dbcv(X, labels), dbcv(X, labels, weights)
    assert once is not None and copied is not None and once[1] != copied[1]
    sizes = [weights[labels == one].sum() for one in (0, 1)]
    assert copied[0] == pytest.approx((copied[1][0] * sizes[0] + copied[1][1] * sizes[1]) / weights.sum())


def test_without_two_clusters_there_is_none() -> None:
    X, labels = groups(0, 40, 3, 2)
    assert dbcv(X, np.zeros(40, dtype=int)) is None
    assert dbcv(X, np.full(40, -1)) is None
    assert dbcv(X, np.where(np.arange(40) == 0, 1, 0)) is None  # one row has no density
    assert dbcv(X[:0], labels[:0]) is None
    assert dbcv(np.ones((8, 3), dtype=np.float32), np.arange(8) % 2) == (0.0, {0: 0.0, 1: 0.0})


def test_a_sample_is_near_and_follows_the_seed() -> None:
    X, labels = groups(4, 4000, 3, 3)
    whole, some = dbcv(X, labels, most=4000), dbcv(X, labels, most=2000)
    assert whole is not None and some is not None and some == dbcv(X, labels, most=2000) != dbcv(X, labels, most=2000, seed=1)
    assert abs(whole[0] - some[0]) < 0.15


def test_of_many_small_clusters_some_are_valued_against_all() -> None:
    random = np.random.default_rng(0)
    sizes = np.r_[900, random.integers(5, 40, 400)]
    own = np.repeat(np.arange(401), sizes)
    X = (random.normal(size=(401, 8))[own] * 2 + 0.5 * random.normal(size=(len(own), 8))).astype(np.float32)
    whole, some = dbcv(X, own), dbcv(X, own, most=2000)
    assert whole is not None and some is not None and some == dbcv(X, own, most=2000)
    assert len(whole[1]) == 401 and len(some[1]) < 150 and 0 in some[1]  # a large cluster is never left out
    assert abs(whole[0] - some[0]) < 0.1
    # rows of those that are not valued still stand near the others: what is left of the set by itself would look further apart
    alone = dbcv(X[np.isin(own, list(some[1]))], own[np.isin(own, list(some[1]))], most=10**6)
    assert alone is not None and abs(whole[0] - some[0]) < alone[0] - whole[0]


def test_what_many_clusters_take_grows_with_their_number_and_not_its_square(monkeypatch: pytest.MonkeyPatch) -> None:
    from elute.cluster import _validity

    compared, separate = [], _validity.separate

    def counted(products: np.ndarray, *rest: np.ndarray) -> None:
        compared.append(products.size)
        separate(products, *rest)

    monkeypatch.setattr(_validity, "separate", counted)
    X, labels = np.random.default_rng(0).normal(size=(16_000, 8)).astype(np.float32), np.arange(16_000) // 16
    found = dbcv(X, labels, most=1000)
    assert found is not None and len(found[1]) == 62 and sum(compared) < 2 * 1024 * 16_000


def test_lengths_must_fit() -> None:
    with pytest.raises(InputError, match="one a row is needed"):
        dbcv(np.ones((3, 2)), np.zeros(2, dtype=int))
