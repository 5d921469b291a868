"""Communities: three levels of one hierarchy, the same again after a removal, and what odd sets give."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

import elute
from elute.cluster import LEVELS, OUTSIDE, Communities, cluster, communities, levels, preview, tiny
from elute.cluster.modularity import Network, compact, leiden, network, width
from elute.errors import Cancelled, SettingsError
from elute.neighbors import Neighbors, nearest
from elute.progress import Silent


def topics(n: int = 3000, k: int = 30, d: int = 48, spread: float = 0.8, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """n unit vectors around k directions, of which five lie near each other, and which."""
    random = np.random.default_rng(seed)
    centres = np.repeat(random.normal(size=(-(-k // 5), d)), 5, axis=0)[:k] + 0.7 * random.normal(size=(k, d))
    truth = random.integers(0, k, n)
    X = centres[truth] / np.linalg.norm(centres[truth], axis=1, keepdims=True) + spread * random.normal(size=(n, d)) / np.sqrt(d)
    return (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32), truth


def within(finer: np.ndarray, coarser: np.ndarray) -> bool:
    """Does each cluster of the finer labels lie in one of the coarser?"""
    return len(np.unique(np.stack([finer, coarser]), axis=1).T) == len(np.unique(finer))


def modularity(graph: Network, of: np.ndarray, resolution: float) -> float:
    """As the definition has it, edge by edge."""
    rows = np.repeat(np.arange(graph.n), np.diff(graph.edges))
    inside = graph.much[of[rows] == of[graph.to]].sum(dtype=np.float64)
    total = graph.mass.sum()
    return float(inside / total - resolution * ((np.bincount(of, weights=graph.mass) / total) ** 2).sum())


def test_known_topics_are_found_and_their_families() -> None:
    X, truth = topics(4000, spread=1.0)
    found = levels(nearest(X), None)
    assert list(found) == list(LEVELS) == ["coarse", "default", "fine"]
    assert adjusted_rand_score(truth, found["default"]) > 0.9
    assert adjusted_rand_score(truth // 5, found["coarse"]) > 0.9
    assert found["coarse"].max() < found["default"].max() < found["fine"].max()


@settings(deadline=None, max_examples=40)
@given(n=st.integers(30, 400), k=st.integers(1, 9), spread=st.floats(0.1, 3), seed=st.integers(0, 5))
def test_no_level_cuts_a_finer_cluster(n: int, k: int, spread: float, seed: int) -> None:
    X, _ = topics(n, k, 16, spread, seed)
    found = levels(nearest(X), None, seed)
    assert within(found["fine"], found["default"]) and within(found["default"], found["coarse"])
    between = cluster(X, Communities(resolution=1.1), seed=seed).labels
    assert within(found["default"], between)
    assert all((np.diff(np.bincount(labels)) <= 0).all() for labels in found.values())


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 20), resolution=st.sampled_from([0.2, 1.0, 3.0]))
def test_no_single_row_would_gain_much_by_a_move(seed: int, resolution: float) -> None:
    X, _ = topics(300, 6, 12, 1.5, seed)
    graph = network(nearest(X))
    of = leiden(graph, resolution, seed=seed)
    best = modularity(graph, of, resolution)
    random = np.random.default_rng(seed)
    for row in random.integers(0, 300, 40):
        for to in range(of.max() + 2):
            other = of.copy()
            other[row] = to
            assert (
                modularity(graph, other, resolution) <= best + 3e-4
            )  # rows wake when a neighbour moves, not when their community grows
    assert best >= modularity(graph, compact(np.arange(300)), resolution)


def test_modularity_is_as_high_as_networkxs() -> None:
    networkx = pytest.importorskip("networkx")
    X, _ = topics(400, 8, 16, 1.2)
    graph = network(nearest(X))
    pairs = networkx.Graph()
    for row in range(graph.n):
        for at in range(graph.edges[row], graph.edges[row + 1]):
            other = int(graph.to[at])
            if row < other:  # two rows that list each other have two edges
                weight = pairs.get_edge_data(row, other, {"weight": 0.0})["weight"]
                pairs.add_edge(row, other, weight=weight + float(graph.much[at]))
    theirs = networkx.community.louvain_communities(pairs, resolution=1.0, seed=0)
    ours = leiden(graph, 1.0)
    sets = [set(np.flatnonzero(ours == name).tolist()) for name in range(ours.max() + 1)]
    score = networkx.community.modularity
    assert score(pairs, sets) == pytest.approx(modularity(graph, ours, 1.0), abs=1e-6)
    assert score(pairs, sets) >= score(pairs, theirs) - 0.01


def test_the_same_seed_gives_the_same_and_the_last_labels_give_themselves() -> None:
    X, _ = topics(spread=1.6)
    graph = nearest(X)
    found = communities(graph, None, 3.0)
    assert (communities(graph, None, 3.0) == found).all()
    assert adjusted_rand_score(communities(graph, None, 3.0, previous=found, seed=1), found) > 0.99


@pytest.mark.parametrize("level", LEVELS)
def test_after_a_removal_clusters_are_recognisable(level: Any) -> None:
    X, _ = topics(4000, spread=1.0)
    first = cluster(X, Communities(level)).labels
    weights = (np.random.default_rng(1).random(4000) > 0.05).astype(float)
    again = cluster(X, Communities(level), weights=weights, previous=first)
    stay = weights > 0
    assert (again.labels[~stay] == OUTSIDE).all()
    warm = adjusted_rand_score(first[stay], again.labels[stay])
    cold = adjusted_rand_score(first[stay], cluster(X, Communities(level), weights=weights).labels[stay])
    assert warm >= 0.96 and warm >= cold - 0.01
    some = again.params["clusters"]
    assert some[level] == again.labels.max() + 1 and list(some) == list(LEVELS)[: list(LEVELS).index(level) + 1]


def test_a_row_that_came_back_joins_where_it_belongs() -> None:
    X, truth = topics(2000)
    before = np.where(np.arange(2000) % 10 == 0, OUTSIDE, cluster(X).labels)
    now = cluster(X, previous=before).labels
    assert adjusted_rand_score(truth[::10], now[::10]) > 0.9


def test_copies_number_clusters_and_move_none() -> None:
    X, _ = topics(600, 6, 16)
    weights = np.ones(600)
    plain = cluster(X, weights=weights)
    last = plain.labels == plain.labels.max()
    weights[last] = 1000
    counted = cluster(X, weights=weights)
    assert adjusted_rand_score(plain.labels, counted.labels) == 1
    assert (counted.labels[last] == 0).all()


@pytest.mark.parametrize("n", [*range(3, 13), 19, 20, 40])
def test_small_sets_are_one_cluster_or_the_groups_there_are(n: int) -> None:
    X, _ = topics(n, 1, 16, 0.3)
    assert cluster(X, Communities("coarse")).labels.max() == 0
    assert cluster(X).labels.max() + 1 <= max(1, n // 8)
    if n >= 19:
        apart = np.where(np.arange(n)[:, None] % 2, X, -X)
        assert adjusted_rand_score(np.arange(n) % 2, cluster(apart, Communities("coarse")).labels) == 1


def test_what_is_like_nothing_else_is_alone_and_said() -> None:
    X, _ = topics(400, 4, 24)
    X = np.concatenate([np.pad(X, ((0, 0), (0, 3))), np.eye(27, dtype=np.float32)[24:]])
    found = cluster(X)
    sizes = np.bincount(found.labels)
    assert (sizes[found.labels[400:]] == 1).all() and tiny(sizes)[found.labels[400:]].all()
    assert not tiny(sizes)[found.labels[:400]].any()
    assert found.notes == ("3 texts have nothing in common with any other, so each is a cluster of its own.",)
    unlike = cluster(np.eye(12, dtype=np.float32))
    assert unlike.labels.tolist() == list(range(12))


def test_one_that_is_listed_by_all_is_no_trouble() -> None:
    lists = np.array([[1], [0], [0], [0], [0]], dtype=np.int32)
    graph = Neighbors(lists, np.full((5, 1), 0.25, np.float32))
    net = network(graph)
    assert net.mass.tolist() == pytest.approx([0.75 * 5, 0.75 * 2, 0.75, 0.75, 0.75])
    assert communities(graph, None, 1.0).tolist() == [0] * 5


def test_tiny() -> None:
    assert tiny(np.array([100, 2, 200, 5])).tolist() == [False, True, False, False]
    assert tiny(np.array([1000, 900, 1100, 17])).tolist() == [False, False, False, True]
    assert tiny(np.array([1])).tolist() == [False] and tiny(np.array([])).tolist() == []


def test_few_neighbours_for_small_sets() -> None:
    assert [width(n) for n in (10, 1000, 5000, 11000, 10**6)] == [5, 5, 9, 15, 15]


def test_what_the_round_says() -> None:
    X, _ = topics()
    level: Any
    for level, resolution in LEVELS.items():
        found = cluster(X, Communities(level))
        assert found.params == {
            "name": "communities",
            "level": level,
            "resolution": resolution,
            "clusters": found.params["clusters"],
        }
        assert found.params["clusters"][level] == found.labels.max() + 1
    assert cluster(X, elute.Communities("coarse", resolution=1.5)).params["level"] == "between"
    for wrong in ({"resolution": 0.0}, {"resolution": 101}, {"level": "medium"}):
        with pytest.raises(SettingsError):
            Communities(**wrong)


@pytest.mark.parametrize("n", [60, 1500])
def test_a_preview_says_what_a_round_finds(n: int) -> None:
    X, _ = topics(n)
    weights = np.random.default_rng(0).choice([0.0, 1.0, 3.0], n)
    graph = nearest(X[weights > 0])
    sweep = preview(X, Communities("coarse"), weights=weights, neighbors=graph)
    assert (sweep.clusterer, sweep.parameter, sweep.chosen) == ("communities", "resolution", LEVELS["coarse"])
    assert (
        set(LEVELS.values()) <= set(sweep.values) and sweep.values[0] == LEVELS["coarse"] and sweep.values[-1] == LEVELS["fine"]
    )
    assert set(sweep.noise) == {0.0}
    for resolution, count in zip(sweep.values, sweep.clusters, strict=True):
        assert cluster(X, Communities(resolution=resolution), weights=weights, neighbors=graph).labels.max() + 1 == count


@pytest.mark.parametrize("since", [0.2, 1.5, 3.0, 10.0])
def test_another_granularity_is_made_of_the_clusters_there_are(since: float) -> None:
    X, _ = topics(2500, spread=1.1)
    made_by = Communities(resolution=since)
    weights = (np.random.default_rng(0).random(2500) > 0.05).astype(float)
    graph = nearest(X[weights > 0])
    before = cluster(X, made_by, seed=3).labels
    stays = cluster(X, made_by, weights=weights, neighbors=graph, previous=before, made_by=made_by).labels[weights > 0]
    sweep = preview(X, Communities(), weights=weights, neighbors=graph, previous=before, made_by=made_by)
    for resolution in (0.2, 1.524, 3.0, 10.0):
        asked = Communities(resolution=resolution)
        now = cluster(X, asked, weights=weights, neighbors=graph, previous=before, made_by=made_by).labels[weights > 0]
        assert within(stays, now) if resolution <= since else within(now, stays)
        assert sweep.clusters[sweep.values.index(resolution)] == now.max() + 1 or resolution == since


def test_a_cancel_is_heard() -> None:
    class Stop(Silent):
        def check(self) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        cluster(topics(500)[0], neighbors=nearest(topics(500)[0]), progress=Stop())
