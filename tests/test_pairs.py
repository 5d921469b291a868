"""Clusters that mix, here or there; agreement of labellings; figures of balance."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from grounds import blobs
from sklearn.metrics import adjusted_rand_score

from elute.metrics import Pair, adjusted_rand, effective, mixing, pairs, score
from elute.metrics.pairs import ALL
from elute.metrics.target import Target
from elute.neighbors import Neighbors, nearest


def test_shuffled_clusters_mix_fully_and_distant_ones_not_at_all() -> None:
    random = np.random.default_rng(0)
    X, of = blobs([400, 200, 200], d=32, spread=0.05)
    labels = of.copy()
    labels[of == 0] = np.where(random.random(400) < 0.3, 3, 0)  # one blob under two numbers, of unlike sizes
    found = pairs(labels, nearest(X, 15), {3: X[:, :3], 2: X[:, :2]})
    by = {(pair.a, pair.b): pair for pair in found}
    assert by[0, 3].full > 0.9 and by[0, 3].in3 is not None and by[0, 3].in3 > 0.9 and "may be one topic" in by[0, 3].why()
    assert all(pair.full < 0.05 for at, pair in by.items() if at != (0, 3))
    assert found[0] == by[0, 3]


def test_a_pair_that_only_the_2d_map_lays_over_each_other_says_so() -> None:
    random = np.random.default_rng(0)
    flat = random.normal(size=(400, 2))
    of = np.repeat([0, 1], 200)
    deep = np.c_[flat, of * 50.0]
    X = blobs([200, 200], d=32)[0]
    (found,) = pairs(of, nearest(X, 15), {2: flat, 3: deep})
    assert found.in2 is not None and found.in3 is not None and found.in2 > 0.8 and found.in3 < 0.05 and found.full < 0.05
    name = {0: "“card”", 1: "“cash”"}.__getitem__
    assert found.why(name) == "“card” and “cash” look apart in 3D: the 2D map lays them over each other."


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        (Pair(0, 1, 0.02, 0.5, 0.5), "believe the colours"),
        (Pair(0, 1, 0.3, 0.0, 0.05), "border between them is thin"),
        (Pair(0, 1, 0.6, 0.6, 0.6), "may be one topic"),
        (Pair(0, 1, 0.12, 0.12, 0.12), "touch"),
        (Pair(0, 1, 0.5, None, None), "may be one topic"),
    ],
)
def test_what_a_pair_means(pair: Pair, words: str) -> None:
    assert words in pair.why()


def test_mixing_does_not_depend_on_size() -> None:
    at = np.r_[np.zeros(900, int), np.ones(100, int)]
    lists = np.random.default_rng(0).integers(0, 1000, (1000, 15))
    assert mixing(at, np.arange(1000), lists, 2)[0, 1] == pytest.approx(1.0, abs=0.05)


def test_mixing_is_the_share_among_both_over_that_of_a_shuffle() -> None:
    random = np.random.default_rng(3)
    at, rows, lists = random.integers(-1, 6, 300), random.choice(300, 120, replace=False), random.integers(0, 300, (120, 4))
    found = mixing(at, rows, lists, 6).toarray()
    for a in range(6):
        assert found[a, a] == 0
        for b in set(range(6)) - {a}:
            both_ways = []
            for mine, other in ((a, b), (b, a)):
                theirs = at[lists[at[rows] == mine]]
                inside, across = (theirs == mine).sum(), (theirs == other).sum()
                by_chance = (at == other).sum() / np.isin(at, [a, b]).sum()
                both_ways.append(across / (inside + across) / by_chance if across else 0)
            assert found[a, b] == pytest.approx(min(np.mean(both_ways), 1))


@pytest.mark.parametrize("link", [1, 0])
def test_clusters_of_which_none_mix(link: int) -> None:
    of, at = np.repeat([0, 1], 30), np.arange(60)
    graph = Neighbors((at - at % 2 + (at + link) % 2)[:, None].astype(np.int32), np.zeros((60, 1), np.float32))
    assert pairs(of, graph, {}) == pairs(of, graph, {2: np.c_[of * 100.0, at / 60]}) == []
    (only,) = pairs(of, graph, {2: np.c_[at % 30, at % 30]})
    assert only.full == 0 and only.in2 is not None and only.in2 > 0.8 and only.in3 is None


def test_many_small_clusters_take_no_matrix_of_all_pairs() -> None:
    of = np.repeat(np.arange(6_000), 4)
    graph = Neighbors(np.roll(np.arange(24_000), 1)[:, None].astype(np.int32), np.zeros((24_000, 1), np.float32))
    line = np.c_[np.arange(24_000.0), np.zeros(24_000)]
    tracemalloc.start()
    found = pairs(of, graph, {2: line, 3: np.c_[line, np.zeros(24_000)]})
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found) == 100 and [(pair.a, pair.b) for pair in found[:2]] == [(0, 1), (1, 2)]
    assert found[0].full == pytest.approx(0.25)  # one neighbour of four: half of what a shuffle gives, and in one direction only
    assert most < 200e6  # each matrix of all pairs takes 288 MB


def test_points_without_a_place_and_noise_take_no_part() -> None:
    X, of = blobs([30, 30], d=32)
    coords = X[:, :2].copy()
    coords[:5] = np.nan
    labels = np.where(np.arange(60) % 10 == 0, -1, of)
    assert {pair.a for pair in pairs(labels, nearest(X, 15), {2: coords})} <= {0}
    assert pairs(np.zeros(60, int), nearest(X, 15), {2: coords}) == []


def test_points_that_lie_on_each_other() -> None:
    X, of = blobs([20, 20], d=32)
    assert pairs(of, nearest(X, 15), {2: np.zeros((40, 2))})[0].in2 == pytest.approx(1.0, abs=0.3)


def test_agreement_is_that_of_scikit_learn_on_the_copies_written_out() -> None:
    random = np.random.default_rng(0)
    a, b, w = random.integers(-1, 5, 300), random.integers(0, 7, 300), random.integers(1, 4, 300)
    assert adjusted_rand(a, b, w) == pytest.approx(adjusted_rand_score(np.repeat(a, w), np.repeat(b, w)))
    assert adjusted_rand(a, a * 3) == 1.0 and adjusted_rand(np.zeros(5, int), np.zeros(5, int)) == 1.0


def test_effective_number_of_clusters() -> None:
    assert effective(np.array([7, 7, 7, 7])) == pytest.approx(4) and effective(np.array([3])) == 1 and effective(np.empty(0)) == 0


def test_figures_of_each_cluster() -> None:
    X, of = blobs([40, 20], spread=0.1)
    label = np.where(np.arange(60) < 40, "a", np.where(np.arange(60) % 2, "b", "c"))
    table = score(X, of, target=Target.of_rows(label, np.arange(60))).clusters
    assert table["label_entropy"].tolist() == pytest.approx([0.0, np.log(2) / np.log(3)])
    middle = X[of == 1].mean(axis=0)
    assert table["radius"][1] == pytest.approx(np.linalg.norm(X[of == 1] - middle, axis=1).mean(), rel=1e-4)


def test_all_pairs_are_listed_where_they_are_counted() -> None:
    X = np.random.default_rng(0).normal(size=(900, 3)).astype(np.float32)
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    labels = np.arange(900) % 30
    graph = nearest(X, 15)
    assert len(pairs(labels, graph, {})) == 100 < len(pairs(labels, graph, {}, most=ALL)) == 30 * 29 / 2
