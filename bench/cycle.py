"""One cycle and the next one, against what a user would run instead, in the same run.

Vectors are given to both sides. The usual stack is scikit-learn's K-means and three indices and umap-learn in 3D, run again after a
removal of 5 %. Texts are the demo's, or those of a CSV with a ``text`` column. Prints a Markdown table.

    python bench/cycle.py [texts.csv]
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "examples"))
K = 30


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, and what came out."""
    start = time.perf_counter()
    made = work()
    return time.perf_counter() - start, made


def usual(X: Any) -> None:
    """What a notebook without elute does."""
    import umap
    from sklearn.cluster import KMeans
    from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score

    labels = KMeans(K, n_init=3, random_state=0).fit_predict(X)
    silhouette_score(X, labels, metric="cosine")
    davies_bouldin_score(X, labels)
    calinski_harabasz_score(X, labels)
    umap.UMAP(n_components=3, metric="cosine").fit_transform(X)


def main() -> None:
    """Measure and print."""
    given = sys.argv[1:]
    texts = pd.read_csv(given[0], keep_default_na=False)["text"].astype(str).tolist() if given else _demo()
    with tempfile.TemporaryDirectory() as home:
        os.environ["ELUTE_HOME"] = home
        import elute

        embed_seconds, X = timed(lambda: elute.Session(texts, path=home).embeddings().vectors)
        session = elute.Session(texts, embedder=X, clusterer=elute.KMeans(K), path=Path(home) / "session")
        drafts: list[float] = []
        start = time.perf_counter()
        first_seconds, _ = timed(lambda: session.run(draft=lambda draft: drafts.append(time.perf_counter() - start)))
        session.drop(np.random.default_rng(0).random(len(texts)) < 0.05)
        next_seconds, _ = timed(session.run)
        names_seconds, _ = timed(session.analyze)
        cold_seconds, _ = timed(lambda: usual(X))
        hot_seconds, _ = timed(lambda: usual(X[session.keep]))
    rate = len(texts) / embed_seconds
    print(f"{len(texts):,} texts, {X.shape[1]} dimensions, {os.cpu_count()} cores; embedding {rate:.0f} texts a second\n")
    print("| step | elute, s | usual stack, s | ratio |\n|---|---|---|---|")
    _row("first picture, fresh process", drafts[0], cold_seconds)
    _row("first round with its layout in 2D and 3D (usual: 3D only)", first_seconds, cold_seconds)
    _row("next round after 5 % removed", next_seconds, hot_seconds)
    print(f"| names and verdicts of all clusters | {names_seconds:.2f} | | |")


def _row(step: str, ours: float, theirs: float) -> None:
    print(f"| {step} | {ours:.2f} | {theirs:.1f} | {theirs / ours:.1f} |")


def _demo() -> list[str]:
    from demo_texts import load

    return list(load()["text"])


if __name__ == "__main__":
    main()
