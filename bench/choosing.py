"""What a choice costs: the k of K-means, the eps of DBSCAN, the embedder. Prints a Markdown table of each, as in docs/how-to.

    ELUTE_DATA=folder python bench/choosing.py [k eps embedder]

Sets into which foreign rows were mixed (15 %). A foreign row counts as found where it sits in a cluster in which at least four of
five rows are foreign: a person who reads five texts of it drops it. Some minutes once the vectors are in the cache.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from evidence_mixes import Mix, Spec, build

import elute
from elute.cluster import DBSCAN, KMeans, cluster
from elute.metrics import cosine_silhouette
from elute.neighbors import nearest

MIXES = [
    Spec(base, foreign, rows=3_000)
    for base, foreign in (
        ("banking77", "wiki"), ("banking77", "sgd"), ("clinc150", "wiki"), ("clinc150", "sms"), ("sgd", "wiki"), ("sgd", "oos")
    )
]  # fmt: skip
TIMES = (0.5, 1, 2, 3)
"""Clusters for each topic of the base."""
SEEDS = 2
CLEAR = 0.8


def found(labels: Any, foreign: Any) -> tuple[float, int, float]:
    """Share of the foreign rows in clusters that a person would drop, how many clusters these are, and the share of good rows in them."""
    table = pd.DataFrame({"label": labels, "foreign": foreign})[labels >= 0].groupby("label")["foreign"].agg(["sum", "count"])
    gone = table[table["sum"] >= CLEAR * table["count"]].sum()
    clusters = int((table["sum"] >= CLEAR * table["count"]).sum())
    return float(gone["sum"] / foreign.sum()), clusters, float((gone["count"] - gone["sum"]) / (~foreign).sum())


def topics(mix: Mix) -> int:
    """How many labels the base has."""
    return len({label for label, foreign in zip(mix.true, mix.foreign, strict=True) if not foreign})


def by_k() -> Iterator[str]:
    """Foreign rows found by the number of clusters, beside the number that elute proposes."""
    yield f"| mix | topics | {' | '.join(f'{times:g} a topic' for times in TIMES)} | k left out |"
    yield "|---" * (len(TIMES) + 3) + "|"
    for spec in MIXES:
        mixes = [build(spec, seed, dirt=False) for seed in range(SEEDS)]
        cells = [
            _told([found(cluster(m.X, KMeans(round(t * topics(m))), seed=m.seed).labels, m.foreign) for m in mixes])
            for t in TIMES
        ]
        free = [cluster(m.X, KMeans(), seed=m.seed) for m in mixes]
        chosen = _told([found(one.labels, m.foreign) for one, m in zip(free, mixes, strict=True)])
        k = "/".join(str(one.params["k"]) for one in free)
        yield f"| {spec.name} | {topics(mixes[0])} | {' | '.join(cells)} | {chosen}, k = {k} |"


def by_eps() -> Iterator[str]:
    """What DBSCAN calls noise at the eps that elute proposes, beside the rows that are farthest from their ten nearest."""
    yield "| mix | eps proposed | clusters | noise | foreign in noise | foreign in the farthest 5 % |"
    yield "|---" * 6 + "|"
    for spec in MIXES:
        mix = build(spec, 0, dirt=False)
        graph = nearest(mix.X, 30)
        made = cluster(mix.X, DBSCAN(), neighbors=graph, seed=0)
        noise = made.labels == -1
        far = graph.distances[:, :10].mean(axis=1)
        top = far >= np.quantile(far, 0.95)
        cells = (
            f"{made.params['eps']:.2f}", f"{made.labels.max() + 1:,}", f"{noise.mean():.0%}",
            f"{mix.foreign[noise].mean():.0%}", f"{mix.foreign[top].mean():.0%}",
        )  # fmt: skip
        yield f"| {spec.name} | {' | '.join(cells)} |"


def by_embedder() -> Iterator[str]:
    """Foreign rows found at two clusters a topic, by Sentence-BERT and by words; and the silhouette with and without them."""
    yield "| mix | Sentence-BERT | TF-IDF | silhouette with foreign rows | without |"
    yield "|---" * 5 + "|"
    for spec in MIXES:
        mix = build(spec, 0, dirt=False)
        with tempfile.TemporaryDirectory() as path:
            words = elute.Session(mix.texts, embedder="tfidf", path=path).embeddings().vectors
        k = KMeans(2 * topics(mix))
        labels = cluster(mix.X, k, seed=0).labels
        cells = [_told([found(one, mix.foreign)]) for one in (labels, cluster(words, k, seed=0).labels)]
        good = ~mix.foreign
        cells += [f"{np.nanmean(cosine_silhouette(mix.X[rows], labels[rows])):.3f}" for rows in (good | True, good)]
        yield f"| {spec.name} | {' | '.join(cells)} |"


def _told(seen: list[tuple[float, int, float]]) -> str:
    """The mean over seeds."""
    share, clusters, lost = np.mean(seen, axis=0)
    return f"{share:.0%} in {clusters:.0f}, {lost:.1%} lost"


TABLES = {"k": by_k, "eps": by_eps, "embedder": by_embedder}


def main() -> None:
    """Those named on the command line, or all."""
    for name in sys.argv[1:] or TABLES:
        print(f"\n## {name}\n")
        for line in TABLES[name]():
            print(line, flush=True)


if __name__ == "__main__":
    main()
