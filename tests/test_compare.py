"""Clusterers side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from grounds import blobs, ground
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score, silhouette_score

import elute
from elute.errors import Cancelled
from elute.progress import Silent
from elute.rounds.compare import Compared, compare, lead, table


class Broken:
    def fit_predict(self, X: Any) -> Any:
        raise ValueError("no luck")


def test_each_is_scored_in_the_same_space() -> None:
    X, of = blobs([60, 40, 20], spread=0.1)
    made = ground(X, of, label=[f"l{group}" for group in of])
    heard: list[int] = []
    found = compare(
        made.part, [elute.KMeans(3), elute.KMeans(2), AgglomerativeClustering(3)], current=made.made.labels,
        tell=lambda rows: heard.append(len(rows)),
    )  # fmt: skip
    assert heard == [1, 2, 3]
    assert found[0].silhouette == pytest.approx(silhouette_score(X, of, metric="cosine"), abs=1e-4)
    assert found[0].agreement == found[0].label == 1.0 and found[0].sizes == (60, 40, 20)
    assert found[1].label is not None and found[1].label < 1 and found[1].clusters == 2
    assert found[0].title == "K-means (k 3)" and found[2].title == "AgglomerativeClustering"
    assert all(one.spread is not None and 0 < one.spread < 0.1 for one in found)


def test_agreement_counts_rows() -> None:
    X, of = blobs([30, 20, 10], spread=0.4)
    X[40:] = X[:20]  # copies count as often as there are copies
    made = ground(X, np.r_[of[:40], of[:20]], label=[f"l{group}" for group in of])
    (found,) = compare(made.part, [elute.KMeans(2)], current=made.made.labels)
    from elute.cluster import cluster

    labels = cluster(made.part.X, elute.KMeans(2), weights=made.part.weights, seed=0).labels[made.part.at]
    assert found.agreement == pytest.approx(adjusted_rand_score(made.made.labels, labels))


def test_one_that_fails_stops_no_other() -> None:
    X, of = blobs([20, 20])
    found = compare(ground(X, of).part, [Broken(), "nonsense", elute.KMeans(500), elute.KMeans(2)])
    assert [bool(one.error) for one in found] == [True, True, True, False]
    assert "no luck" in found[0].error and "nonsense" in found[1].error and "40 distinct" in found[2].error
    assert found[0].silhouette is None and found[3].silhouette is not None


class Stop(Silent):
    asked = 0

    def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
        if stage == "compare" and done == 1:
            raise Cancelled("stopped")


def test_a_cancel_leaves_what_was_found() -> None:
    X, of = blobs([20, 20])
    heard: list[list[Compared]] = []
    with pytest.raises(Cancelled):
        compare(ground(X, of).part, [elute.KMeans(2), elute.KMeans(3)], progress=Stop(), tell=heard.append)
    assert len(heard) == 1 and heard[0][0].clusters == 2


def test_no_lead_is_claimed_within_chance() -> None:
    near = [Compared({}, "a", 0.100, 0.01), Compared({}, "b", 0.095, 0.01), Compared({}, "c", 0.01, 0.01)]
    assert "No clear lead: 2 of 3" in lead(near)
    assert lead([Compared({}, "a", 0.2, 0.001), Compared({}, "b", 0.1, 0.001)]).startswith("a has the highest silhouette")
    assert lead([Compared({}, "a", 0.2, 0.001), Compared({}, "b")]) == ""


def test_what_calls_most_rows_noise_does_not_lead() -> None:
    told = lead([Compared({}, "a", 0.1, 0.01), Compared({}, "b", 0.09, 0.01), Compared({}, "d", 0.5, 0.01, noise=0.66)])
    assert told.startswith("No clear lead: 2 of 2") and "d leaves 66 % out as noise" in told


def test_one_cluster_has_no_silhouette() -> None:
    X = np.tile(blobs([1])[0], (5, 1))
    (found,) = compare(ground(X, np.zeros(5, int)).part, [elute.KMeans(2)])
    assert found.silhouette is None and found.spread is None and found.clusters == 1
    assert table([found])["silhouette"][0] is None


def test_through_a_session(tmp_path: Path) -> None:
    texts = [f"the cat {word} on mat {i}" for i, word in enumerate(["sat", "ran", "slept"] * 10)] + [
        f"stocks fell {i} percent" for i in range(20)
    ]
    s = elute.Session(texts, embedder="tfidf", clusterer=elute.KMeans(2), projector="pca", path=tmp_path)
    s.run()
    frame = s.compare(["kmeans", {"name": "kmeans", "k": 3}, "nonsense"])
    assert frame["clusters"].tolist()[1] == 3 and frame["error"].tolist()[2] and frame.attrs["note"]
    s.run(clusterer=frame["clusterer"][1])
    assert s.round.scores.n_clusters == 3
