"""How well communities at three levels find a set's own labels, beside K-means at the true k, HDBSCAN on a UMAP, one resolution of many.

Rows of one vector are one text. ARI to the labels; of each of the rivals, the one that is best on that very set is what the best of
three levels is compared with. Seeds are averaged first: nobody has the best of three seeds. Two more lines for each set, with no bound:
ARI to the old labels after 5 % of the rows were removed, started from them and from nothing, and what that took.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import partial
from typing import Any

import numpy as np
from evidence import SEEDS, kept
from evidence_sources import source
from line import Line

SETS = ("banking77", "clinc150", "sgd", "sms")
GRID = (0.05, 0.1, 0.2, 0.35, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 20.0, 30.0)
BOUND = 0.85
REMOVED = 0.05


def lines(quick: bool) -> Iterable[Line]:
    """One line a set for its labels, one for the round after a removal."""
    for name in SETS[-1:] if quick else SETS:
        yield _labels(name, kept("clusters", {"set": name, "what": "labels"}, partial(measured, name)))
        yield _removal(name, kept("clusters", {"set": name, "what": "removal"}, partial(removed, name)))


def _labels(name: str, found: dict[str, Any]) -> Line:
    best = max(found["levels"], key=lambda level: found["levels"][level]["ari"])
    rivals = {**found["rivals"], "one resolution": max(found["grid"].values())}
    rival = max(rivals, key=lambda one: rivals[one])
    ratio = found["levels"][best]["ari"] / rivals[rival]
    told = ", ".join(f"{level} {one['ari']:.3f} ({one['clusters']})" for level, one in found["levels"].items())
    beside = ", ".join(f"{one} {value:.3f}" for one, value in rivals.items())
    measure = f"{name}: {found['rows']:,} texts, {found['k']} labels; ARI of each level (clusters)"
    return Line(measure, told, beside, f"{best}: {ratio:.2f} of {rival}", f">= {BOUND}", ratio >= BOUND)


def _removal(name: str, found: dict[str, Any]) -> Line:
    warm, cold = (f"{np.mean(found[how]):.3f} [{min(found[how]):.3f} to {max(found[how]):.3f}]" for how in ("warm", "cold"))
    lowest = min(found["warm"])
    value = f"{np.mean(found['seconds']):.2f} of a fit from nothing's time"
    return Line(f"{name}: ARI to the old labels, 5 % removed", f"warm {warm}", f"cold {cold}", value, ">= 0.96", lowest >= 0.96)


def measured(name: str) -> dict[str, Any]:
    """ARI to the labels: of each level, of each rival, of each resolution."""
    from elute.cluster import HDBSCAN, LEVELS, KMeans, cluster, communities, levels
    from elute.neighbors import nearest
    from elute.project import reduce

    X, labels = texts_of(name)
    graph, k = nearest(X, 30), len(np.unique(labels))
    nested = [levels(graph, None, seed) for seed in SEEDS]
    coords = reduce(X, 5, neighbors=graph, seed=0)
    dense = cluster(X, HDBSCAN(noise="nearest"), neighbors=graph, reduced=lambda: coords).labels
    return {
        "rows": len(X),
        "k": k,
        "levels": {
            level: {
                "ari": float(np.mean([ari(labels, one[level]) for one in nested])),
                "clusters": int(np.median([one[level].max() + 1 for one in nested])),
            }
            for level in LEVELS
        },
        "rivals": {
            "K-means at true k": float(np.mean([ari(labels, cluster(X, KMeans(k), seed=seed).labels) for seed in SEEDS])),
            "HDBSCAN on UMAP": ari(labels, dense),
        },
        "grid": {
            str(value): float(np.mean([ari(labels, communities(graph, None, value, seed=seed)) for seed in SEEDS]))
            for value in GRID
        },
    }


def removed(name: str) -> dict[str, list[float]]:
    """After a removal by lot: ARI to the labels before, started from them and from nothing; and processor time over the latter's."""
    from elute.cluster import Communities, cluster
    from elute.neighbors import NeighborGraph

    X, _ = texts_of(name)
    whole = NeighborGraph(X, 30)
    found: dict[str, list[float]] = {"warm": [], "cold": [], "seconds": []}
    for seed in SEEDS:
        stay = np.random.default_rng(seed).random(len(X)) >= REMOVED
        before = cluster(X, Communities(), neighbors=whole.among(np.ones(len(X), bool), 15), seed=seed).labels
        graph, weights, seconds = whole.among(stay, 15), stay.astype(float), {}
        for how, previous in (("cold", None), ("warm", before)):
            start = time.process_time()
            now = cluster(X, Communities(), weights=weights, neighbors=graph, previous=previous, seed=seed + 1).labels
            seconds[how] = time.process_time() - start
            found[how].append(ari(before[stay], now[stay]))
        found["seconds"].append(seconds["warm"] / seconds["cold"])
    return found


def texts_of(name: str) -> tuple[Any, Any]:
    """The distinct vectors of a set (m, 384), and the label of the first text of each."""
    whole = source(name)
    first = np.sort(np.unique(whole.X, axis=0, return_index=True)[1])
    return np.ascontiguousarray(whole.X[first]), whole.labels[first].astype(str)


def ari(labels: Any, found: Any) -> float:
    """Adjusted Rand index (Hubert, Arabie 1985)."""
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(labels, found))
