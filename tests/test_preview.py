"""What a preview says is what the clusterer then finds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import elute
from elute.cluster import DBSCAN, HDBSCAN, cluster, preview
from elute.errors import Cancelled, InputError, SettingsError
from elute.neighbors import nearest
from elute.progress import Callback
from elute.project import reduce


def topics(n: int = 1500, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Vectors in 12 topics of differing spread, some of them of several copies, some out of the round."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(12, 32))
    X = centres[random.integers(0, 12, n)] + random.normal(size=(n, 32)) * random.uniform(0.2, 1.5, (n, 1))
    X = (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)
    return X, random.choice([0, 1, 1, 1, 3], n).astype(np.float64)


@pytest.mark.parametrize("min_samples", [1, 3, 5, 20])
def test_dbscan_finds_what_was_foreseen(min_samples: int) -> None:
    X, weights = topics()
    graph = nearest(X[weights > 0], 45)
    chosen = DBSCAN(min_samples=min_samples)
    sweep = preview(X, chosen, weights=weights, neighbors=graph)
    assert (sweep.clusterer, sweep.parameter) == ("dbscan", "eps") and sweep.chosen in sweep.values
    assert list(sweep.values) == sorted(set(sweep.values)) and 2 <= len(sweep.values) <= 25
    assert sweep.chosen == cluster(X, chosen, weights=weights, neighbors=graph).params["eps"]
    for eps, clusters, noise in zip(sweep.values, sweep.clusters, sweep.noise, strict=True):
        labels = cluster(X, replace(chosen, eps=eps), weights=weights, neighbors=graph).labels
        assert noise == pytest.approx(weights[labels == -1].sum() / weights.sum(), abs=1e-12)
        assert clusters >= labels.max() + 1
        if eps < graph.distances[:, -1].min():  # every list is whole there
            assert clusters == labels.max() + 1


@pytest.mark.parametrize("space", ["reduced", "full"])
@pytest.mark.parametrize("n", [300, 1500])
def test_hdbscan_finds_what_was_foreseen(space: str, n: int) -> None:
    X, weights = topics(n)
    inside = weights > 0
    graph, coords = nearest(X[inside], 45), X[inside, :5]
    chosen = HDBSCAN(space=space)  # type: ignore[arg-type]
    sweep = preview(X, chosen, weights=weights, neighbors=graph, reduced=lambda: coords)
    assert sweep.parameter == "min_cluster_size" and sweep.chosen in sweep.values and len(sweep.values) <= 13
    for size, clusters, noise in zip(sweep.values, sweep.clusters, sweep.noise, strict=True):
        assert size == int(size)
        labels = cluster(
            X, replace(chosen, min_cluster_size=int(size)), weights=weights, neighbors=graph, reduced=lambda: coords
        ).labels
        assert clusters == labels.max() + 1
        assert noise == pytest.approx(weights[labels == -1].sum() / weights.sum(), abs=1e-12)


@pytest.mark.parametrize("chosen", [DBSCAN(noise="nearest"), HDBSCAN(noise="nearest", space="full")])
def test_noise_that_is_given_away_is_none(chosen: Any) -> None:
    X, weights = topics(600)
    graph = nearest(X[weights > 0], 45)
    sweep = preview(X, chosen, weights=weights, neighbors=graph)
    kept = preview(X, replace(chosen, noise="keep"), weights=weights, neighbors=graph)
    assert kept.clusters == sweep.clusters and any(kept.noise)
    for value, clusters, noise in list(zip(sweep.values, sweep.clusters, sweep.noise, strict=True))[::4]:
        taken = {sweep.parameter: value if sweep.parameter == "eps" else int(value)}
        labels = cluster(X, replace(chosen, **taken), weights=weights, neighbors=graph).labels
        assert noise == (labels[weights > 0] == -1).mean() == float(not clusters)


def test_odd_sets_have_a_preview_or_a_sentence() -> None:
    far = np.eye(40, dtype=np.float32)
    sweep = preview(far, DBSCAN(min_samples=41), weights=np.ones(40))
    assert set(sweep.clusters) == {0} and set(sweep.noise) == {1.0}
    for few in (far[:2], np.repeat(far[:1], 9, axis=0)):
        with pytest.raises(InputError, match="too few"):
            preview(few, DBSCAN(), weights=np.ones(len(few)))


def session(path: Path) -> elute.Session:
    X, _ = topics(900)
    return elute.Session([f"text {row}" for row in range(900)], embedder=X, clusterer="dbscan", projector="pca", path=path)


def test_a_session_foresees_its_next_round_and_remembers(tmp_path: Path) -> None:
    s = session(tmp_path)
    s.run()
    assert s.known_preview() is None
    sweep = s.preview()
    assert s.preview({"name": "dbscan", "eps": 0.3}) is sweep is s.known_preview()  # whatever eps is now
    eps = sweep.values[len(sweep.values) // 2]
    made = s.run(clusterer=elute.DBSCAN(eps=eps))
    at = sweep.values.index(eps)
    assert made.metrics["noise"] == pytest.approx(sweep.noise[at])
    s.drop(np.arange(900) < 90)
    assert s.known_preview() is None and s.preview() is not sweep
    s.undo()
    assert s.known_preview() is sweep
    assert s.preview(elute.HDBSCAN()).parameter == "min_cluster_size"


def test_a_round_takes_the_space_that_its_preview_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0

    def counted(*args: Any, **how: Any) -> Any:
        nonlocal calls
        calls += 1
        return reduce(*args, **how)

    monkeypatch.setattr("elute.rounds.past.reduce", counted)
    s = session(tmp_path)
    s.run()
    sweep = s.preview("hdbscan")
    made = s.run(clusterer=elute.HDBSCAN())
    assert calls == 1
    assert made.metrics["clusters"] == sweep.clusters[sweep.values.index(float(sweep.chosen or 0))]


def test_what_can_not_be_foreseen_is_refused_calmly(tmp_path: Path) -> None:
    s = session(tmp_path)
    with pytest.raises(InputError, match="communities, DBSCAN and HDBSCAN only"):
        s.preview("kmeans")
    with pytest.raises(SettingsError, match="at least"):
        s.preview({"name": "dbscan", "min_samples": 0})


def test_a_preview_hears_a_cancel(tmp_path: Path) -> None:
    s = session(tmp_path)
    s.run()

    def stop(stage: str, done: int, total: int, message: str) -> None:
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        s.preview(progress=Callback(stop))
    assert s.known_preview() is None and s.preview().values
