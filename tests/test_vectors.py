"""Rows that are equal, sums of groups and fingerprints: exact, the same whatever the threads, and no copy where none is needed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elute.errors import InputError
from elute.vectors import check_vectors, cluster_sums, distinct, group, row_hashes

SEEDS = st.integers(0, 9999)


@settings(max_examples=60, deadline=None)
@given(n=st.integers(0, 60), d=st.integers(1, 19), seed=SEEDS)
def test_distinct_numbers_rows_as_they_are_met(n: int, d: int, seed: int) -> None:
    X = np.random.default_rng(seed).integers(-1, 2, (n, d)).astype(np.float32) * np.float32(-1)  # with -0.0
    first, back = distinct(X)
    met = {tuple(row): at for at, row in reversed(list(enumerate((X + 0).tolist())))}
    assert first.tolist() == sorted(met.values())
    np.testing.assert_array_equal(X[first][back], X)
    assert (back[first] == np.arange(len(first))).all()


def test_where_all_rows_differ_nothing_moves() -> None:
    first, back = distinct(np.random.default_rng(0).normal(size=(3000, 5)).astype(np.float32))
    assert (first == np.arange(3000)).all() and (back == np.arange(3000)).all()


def test_equal_fingerprints_are_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("elute.vectors.equal.row_hashes", lambda X: np.full(len(X), 7, np.uint64))
    X = np.array([[1, 2], [3, 4], [1, 2], [5, 6], [3, 4]], np.float32)
    first, back = distinct(X)
    assert first.tolist() == [0, 1, 3] and back.tolist() == [0, 1, 0, 2, 1]


def test_fingerprints_stay_the_same_for_ever() -> None:
    # they are kept on disk: a change of these numbers is a change of format
    X = np.array([[0.5, -0.0, 1, 2, 3, 4, 5, 6, 7], [0.5, 0, 1, 2, 3, 4, 5, 6, 7], [0] * 9], np.float32)
    assert row_hashes(X).tolist() == [15007894632619857545, 15007894632619857545, 4240020673003737690]
    assert row_hashes(X[:, :1]).tolist() == [2670410004399528301, 2670410004399528301, 11950191414431590225]


@settings(max_examples=40, deadline=None)
@given(d=st.integers(1, 40), seed=SEEDS, bits=st.integers(1, 3))
def test_rows_that_differ_in_a_few_bits_have_other_fingerprints(d: int, seed: int, bits: int) -> None:
    random = np.random.default_rng(seed)
    row = random.normal(size=d).astype(np.float32).view(np.uint32)
    rows = np.tile(row, (200, 1))
    for at in range(1, 200):
        for _ in range(bits):
            rows[at, random.integers(d)] ^= np.uint32(1) << np.uint32(random.integers(32))
    X = rows.view(np.float32)
    assert len(np.unique(row_hashes(X))) == len(np.unique(rows, axis=0))


@settings(max_examples=40, deadline=None)
@given(n=st.integers(0, 400), d=st.integers(1, 20), k=st.integers(1, 9), seed=SEEDS)
def test_sums_are_those_of_the_rows(n: int, d: int, k: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    X, own, weights = random.normal(size=(n, d)).astype(np.float32), random.integers(-1, k, n), random.integers(0, 4, n)
    truth = np.zeros((k, d))
    np.add.at(truth, own[own >= 0], (weights[:, None] * X.astype(np.float64))[own >= 0])
    np.testing.assert_allclose(cluster_sums(X, own, k, weights), truth, atol=1e-12)


def test_groups_by_hand() -> None:
    X = np.array([[1, 0], [0, 2], [0, 0], [0, 1], [1, 0], [1, 0]], np.float32)
    found = group(X, np.array([9, 4, 9, -1, -2, 4]), np.array([2, 3, 1, 1, 1, 0]))
    assert found.names.tolist() == [4, 9, -1] and found.k == 2 and found.total == 7
    assert found.at.tolist() == [1, 0, 1, 2, -1, -1] and found.sizes.tolist() == [3, 3, 1]
    assert found.sums.tolist() == [[0, 3], [2, 0], [0, 1]]  # directions: the second row has length 2
    far = group(X, np.array([9, 4, 9, -1, -2, 4]) * 10**8, np.array([2, 3, 1, 1, 1, 0]))
    assert far.names.tolist() == [4 * 10**8, 9 * 10**8] and far.at.tolist() == [1, 0, 1, -1, -1, -1]


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_sums_do_not_depend_on_the_threads(monkeypatch: pytest.MonkeyPatch, threads: int) -> None:
    random = np.random.default_rng(0)
    X, labels = random.normal(size=(5000, 16)).astype(np.float32), random.integers(-1, 6, 5000)
    monkeypatch.setattr("elute.kernels.cores", lambda: 3)
    truth = group(X, labels).sums
    monkeypatch.setattr("elute.kernels.cores", lambda: threads)
    np.testing.assert_array_equal(group(X, labels).sums, truth)


def test_arrays_that_can_not_be_written_to_and_views_are_taken() -> None:
    X = np.random.default_rng(0).normal(size=(20, 4)).astype(np.float32)
    X.flags.writeable = False
    assert check_vectors(X) is X
    assert len(distinct(X)[0]) == len(distinct(X[::2])[0]) * 2
    weights = np.ones(40)[::2]
    weights.flags.writeable = False
    assert group(X, np.zeros(20, int), weights).k == 1 and cluster_sums(X, np.zeros(20, int), 1, weights).shape == (1, 4)
    np.testing.assert_array_equal(row_hashes(np.asfortranarray(X)), row_hashes(X))


def test_one_bad_number_among_many_is_found() -> None:
    X = np.full((500, 30), 1e20, np.float32)  # squares overflow float32
    assert check_vectors(X) is X
    for bad in (np.nan, np.inf, -np.inf):
        X[321, 7] = bad
        with pytest.raises(InputError, match=r"1 of 500 vectors hold NaN or infinity: rows 321\."):
            check_vectors(X)
        with pytest.raises(InputError, match=r"rows 321\."):
            group(X, np.zeros(500, int))
