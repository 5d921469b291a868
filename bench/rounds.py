"""Rounds that feel live: every bound that elute sets itself, measured against what a user would run instead, in one run.

    ELUTE_DATA=folder python bench/rounds.py [part ...] [--quick]

Parts: rounds, default, first, layout, kmeans, density, indices, million, heartbeat, growth; all of them if none is named (some 25 minutes
on two cores, most of it the usual stack). Prints a Markdown table and writes bench/rounds.json; growth draws docs/growth.svg.
``--quick`` takes a fifth of the rows, to see that it works.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import quality
import usual
from data import median, no_cache, sample, timed
from line import Line

HERE = Path(__file__).resolve().parent
K = usual.K
SIZES = (10_000, 50_000)


def ratio(measure: str, ours: float, theirs: float, least: float) -> Line:
    """So many times as fast as what a user would run instead."""
    return Line(measure, f"{ours:.3g} s", f"{theirs:.3g} s", f"{theirs / ours:.1f}x", f">= {least:g}x", theirs / ours >= least)


def at_most(measure: str, ours: float, bound: float, unit: str = "", compared: str = "") -> Line:
    """A value that must not be larger."""
    return Line(measure, f"{ours:.4g}{unit}", compared, f"{ours:.4g}{unit}", f"<= {bound:g}{unit}", ours <= bound)


def at_least(measure: str, ours: float, bound: float, compared: str = "") -> Line:
    """A value that must not be smaller."""
    return Line(measure, f"{ours:.4f}", compared, f"{ours:.4f}", f">= {bound:g}", ours >= bound)


def rounds(sizes: tuple[int, ...]) -> Iterator[Line]:
    """The whole next round of a session after 5 % were dropped, coords kept, against all of the usual stack run again."""
    usual.heat()
    for n, least in zip(sizes, (100, 200), strict=True):
        seconds, kept = _next_rounds(n, elute().KMeans(K))
        theirs, _ = timed(usual.kmeans_round, sample(n)[1][kept])
        yield ratio(f"next round, K-means, {n:,} rows, 5 % removed", seconds, theirs, least)
    n = sizes[0]
    theirs, _ = timed(usual.hdbscan_round, sample(n)[1][kept_of(n)])
    for space, name in (("full", "all dimensions"), ("reduced", "reduced space")):
        seconds, _ = _next_rounds(n, elute().HDBSCAN(50, space=space))
        yield ratio(f"next round, HDBSCAN ({name}), {n:,} rows; the hdbscan package on the vectors alone", seconds, theirs, 100)


def default(sizes: tuple[int, ...]) -> Iterator[Line]:
    """The round that a person has who chose nothing: communities, metrics, findings, ranking, names; with a label column too."""
    n = sizes[1]
    for labels in (None, _labels(n)):
        seen = _default_rounds(n, labels)
        told = f"next round by default, names and verdicts included, {n:,} rows, 5 % removed"
        told += "" if labels is None else f", with {len(set(labels))} labels"
        yield at_most(told, seen["round"] + seen["names"], 1.0, " s", f"names and verdicts {seen['names']:.3g} s of it")
        yield at_most(f"its findings alone, {'no' if labels is None else 'with'} labels", seen["findings"], 0.2, " s")
        yield Line("its suggestions, on the worker", f"{seen['suggestions']:.3g} s", "", f"{seen['suggestions']:.3g} s", "", True)


def first(sizes: tuple[int, ...]) -> Iterator[Line]:
    """A fresh process, vectors given."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/X.npy"
        np.save(path, sample(sizes[0])[1])
        _fresh("fresh.py", "elute", path)  # elute's kernels compile once on a machine
        ours = _fresh("fresh.py", "elute", path)
        theirs = _fresh("fresh.py", "umap", path)
    yield ratio(f"first picture, fresh process, {sizes[0]:,} rows", ours["picture"], theirs["picture"], 20)
    yield ratio(f"finished layout in 2D and 3D, fresh process, {sizes[0]:,} rows", ours["layout"], theirs["layout"], 4)


def layout(sizes: tuple[int, ...]) -> Iterator[Line]:
    """The map from the graph against umap-learn's, hot."""
    from elute.neighbors import nearest
    from elute.project import UMAP, project

    usual.heat()
    n = sizes[1]
    X = sample(n)[1]
    graph_seconds, graph = timed(nearest, X, 15)
    project(X[:2000], UMAP())
    seconds, ours = timed(project, X, UMAP(), neighbors=graph)
    yield Line(f"neighbour graph, k = 15, {n:,} rows", f"{graph_seconds:.3g} s", "", f"{graph_seconds:.3g} s", "", True)
    theirs = {dim: timed(usual.layout, X, dim) for dim in (3, 2)}
    told = f"layout from the graph, 2D and 3D, {n:,} rows; umap-learn 3D alone"
    yield ratio(told, seconds, theirs[3][0], 1.5)
    yield ratio("graph and layout in 2D and 3D; umap-learn 2D and 3D", seconds + graph_seconds, theirs[2][0] + theirs[3][0], 1)
    for dim, (_, coords) in theirs.items():
        (trust, kept), (umap_trust, umap_kept) = quality.map_quality(X, ours.coords[dim]), quality.map_quality(X, coords)
        yield at_least(f"trustworthiness {dim}D, {n:,} rows", trust, round(umap_trust - 0.005, 4), f"{umap_trust:.4f}")
        yield at_least(f"share of 15 neighbours kept {dim}D", kept, round(umap_kept - 0.005, 4), f"{umap_kept:.4f}")


def kmeans(sizes: tuple[int, ...]) -> Iterator[Line]:
    """How good K-means is, and whether clusters stay recognisable."""
    from sklearn.cluster import KMeans

    from elute.cluster import cluster

    for n in sizes:
        X = sample(n)[1]
        ours = cluster(X, elute().KMeans(K)).labels
        theirs = np.median([quality.inertia(X, KMeans(K, n_init=1, random_state=seed).fit_predict(X)) for seed in range(3)])
        mine = quality.inertia(X, ours)
        yield at_most(f"K-means inertia over scikit-learn's (n_init=1, middle of three seeds), {n:,} rows", mine / theirs, 1.005)
        kept = np.random.default_rng(0).random(n) >= 0.05
        again = cluster(X, elute().KMeans(K), weights=kept.astype(float), previous=np.where(kept, ours, -2)).labels
        yield at_least(
            f"labels after 5 % removed, ARI to those before, {n:,} rows", quality.agreement(ours[kept], again[kept]), 0.95
        )


def density(sizes: tuple[int, ...]) -> Iterator[Line]:
    """DBSCAN and HDBSCAN off the graph against the packages."""
    from elute.cluster import cluster
    from elute.neighbors import NeighborGraph

    n = sizes[0]
    X = sample(n)[1]
    graph = NeighborGraph(X)
    everyone = np.ones(n, bool)

    def near(k: int) -> Any:
        return graph.among(everyone, k)

    for eps in (None, 0.5):
        seconds, ours = timed(cluster, X, elute().DBSCAN(eps), neighbors=near)
        exact_seconds, exact = timed(cluster, X, elute().DBSCAN(ours.params["eps"], algorithm="exact"), neighbors=near)
        took = f"{seconds:.2g} s against {exact_seconds:.2g} s"
        told = f"DBSCAN off the graph, eps {ours.params['eps']:.3g}, {n:,} rows: ARI to scikit-learn's ({took})"
        yield at_least(told, quality.agreement(ours.labels, exact.labels), 1.0)
    for size in (15, 50):
        seconds, ours = timed(cluster, X, elute().HDBSCAN(size, space="full"), neighbors=near)
        exact_seconds, exact = timed(usual.hdbscan_round, X, size)
        took = f"{seconds:.2g} s against {exact_seconds:.2g} s"
        told = f"HDBSCAN off the graph, clusters of {size}, {n:,} rows: ARI to the package's ({took})"
        yield at_least(told, quality.agreement(ours.labels, exact), 0.98)


def indices(sizes: tuple[int, ...]) -> Iterator[Line]:
    """The three indices against scikit-learn's in float64."""
    from sklearn.metrics import silhouette_samples, silhouette_score

    from elute.cluster import cluster
    from elute.metrics import euclidean_silhouette, score

    n = sizes[0]
    X = sample(n)[1]
    labels = cluster(X, elute().KMeans(K)).labels
    wide = X.astype(np.float64)
    seconds = median(lambda: score(X, labels))
    ours = score(X, labels)
    theirs_seconds, (_, davies, calinski) = timed(usual.indices, wide, labels)
    rows = silhouette_samples(wide, labels, metric="cosine")
    yield ratio(f"all three indices and the cluster table, {n:,} rows", seconds, theirs_seconds, 1)
    yield at_most("cosine silhouette, largest difference of a row", float(np.abs(ours.row_silhouette - rows).max()), 1e-6)
    yield at_most("Davies-Bouldin, relative", abs((ours.davies_bouldin or 0) / davies - 1), 1e-5)
    yield at_most("Calinski-Harabasz, relative", abs((ours.calinski_harabasz or 0) / calinski - 1), 1e-5)
    mean, error = euclidean_silhouette(X, labels)
    exact = silhouette_score(wide, labels, metric="euclidean")
    yield at_most("Euclidean silhouette of 2,000 sampled rows, standard errors off", abs(mean - exact) / error, 3)


def million(sizes: tuple[int, ...]) -> Iterator[Line]:
    """A million made rows, K-means and all metrics."""
    n = 20 * sizes[1]
    seen = _fresh("steady.py", str(n))
    yield Line(f"first round, {n:,} rows x 384, map by PCA", f"{seen['first']:.3g} s", "", f"{seen['first']:.3g} s", "", True)
    yield at_most(f"next round, {n:,} rows x 384, K-means and all metrics", seen["next"], 5, " s")
    yield at_most("peak memory above the vectors, over the vectors", seen["above"] / seen["vectors"], 1.5)


def heartbeat(sizes: tuple[int, ...]) -> Iterator[Line]:
    """Longest gap of a 5 ms heartbeat on the main thread while the worker works."""
    import heartbeat as beats

    n = sizes[1]
    texts, X, _ = sample(n)
    with no_cache() as home:
        for name, work in beats.steps(n, home, (texts, X)):
            longest, stage = beats.longest_gap(work)
            yield at_most(f"longest gap of a 5 ms heartbeat, {n:,} rows: {name} (in {stage})", 1000 * longest, 100, " ms")


def growth(sizes: tuple[int, ...]) -> Iterator[Line]:
    """How the next round grows with the rows, and its plot."""
    from growth import draw, exponent

    seen = [_fresh("steady.py", str(n)) for n in (sizes[0], 2 * sizes[1], 20 * sizes[1])]
    points = [(line["n"], line["next"]) for line in seen]
    draw(points, HERE.parent / "docs" / "growth.svg")
    told = "; ".join(f"{n:,} rows {seconds:.3g} s" for n, seconds in points)
    yield at_most(f"growth of the next round as n log n to the power of: {told}", exponent(points), 1.0)


PARTS: dict[str, Callable[[tuple[int, ...]], Iterator[Line]]] = {
    made.__name__: made for made in (rounds, default, first, layout, kmeans, density, indices, million, heartbeat, growth)
}


def elute() -> Any:
    """Imported late: some parts time a fresh process, and one of these is this."""
    import elute as package

    return package


def kept_of(n: int, number: int = 0) -> Any:
    """(n,) a removal of 5 %."""
    return np.random.default_rng(number).random(n) >= 0.05


def _next_rounds(n: int, clusterer: Any, times: int = 7) -> tuple[float, Any]:
    """Seconds of the next round of a session after 5 % were dropped, the middle of several; and the rows kept the last time."""
    texts, X, _ = sample(n)
    seconds = []
    with no_cache() as home:
        session = elute().Session(texts, embedder=X, clusterer=clusterer, path=Path(home) / "session")
        session.run()
        for number in range(times):
            session.drop(~kept_of(n, number))
            seconds.append(timed(session.run)[0])
            session.undo()
            session.run()
    return float(np.median(seconds)), kept_of(n, times - 1)


def _labels(n: int) -> list[str]:
    """77 labels that follow the vectors."""
    from elute.cluster import cluster

    return [f"label {number}" for number in cluster(sample(n)[1], elute().KMeans(77)).labels]


def _default_rounds(n: int, labels: list[str] | None, times: int = 5) -> dict[str, float]:
    """Seconds of the parts of a next round, the middle of several."""
    import pandas as pd

    texts, X, _ = sample(n)
    table = pd.DataFrame({"text": texts, **({} if labels is None else {"label": labels})})
    seen: dict[str, list[float]] = {"round": [], "names": [], "findings": [], "suggestions": []}
    with no_cache() as home:
        label = None if labels is None else "label"
        session = elute().Session(table, text="text", label=label, embedder=X, path=Path(home) / "session")
        session.run()
        session.analyze()
        for number in range(times):
            session.drop(~kept_of(n, number))
            seconds, made = timed(session.run)
            seen["round"].append(seconds)
            seen["names"].append(timed(session.analyze)[0])
            part = session.space().part(made.keep)
            seen["findings"].append(timed(session.evidence().findings, part, made.labels, made.outlier_scores, made.keep)[0])
            seen["suggestions"].append(timed(lambda: session.suggestions)[0])
            session.undo()
            session.run()
    return {name: float(np.median(values)) for name, values in seen.items()}


def _fresh(script: str, *args: str) -> dict[str, Any]:
    done = subprocess.run([sys.executable, str(HERE / script), *args], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def main() -> None:
    """Measure and print."""
    chosen = [part for part in sys.argv[1:] if part in PARTS] or list(PARTS)
    sizes = tuple(n // 5 for n in SIZES) if "--quick" in sys.argv else SIZES
    warnings.simplefilter("ignore")
    kind = "real texts" if os.environ.get("ELUTE_DATA") else "made vectors (no ELUTE_DATA)"
    print(f"{os.cpu_count()} cores; {kind}, 384 dimensions; growth and million: made vectors\n")
    print("| measure | elute | usual | value | bound | met |\n|---|---|---|---|---|---|")
    lines = []
    for part in chosen:
        for line in PARTS[part](sizes):
            lines.append({"part": part, **asdict(line), "met": bool(line.met)})
            met = "yes" if line.met else "**no**"
            print(
                f"| {line.measure} | {line.ours} | {line.usual} | {line.value} | {line.bound} | {met if line.bound else ''} |",
                flush=True,
            )
    (HERE / "rounds.json").write_text(json.dumps({"cores": os.cpu_count(), "texts": kind, "lines": lines}, indent=1) + "\n")


if __name__ == "__main__":
    main()
