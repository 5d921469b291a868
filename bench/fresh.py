"""A first round in a fresh process, vectors given: when is the first picture there, when the finished map?

python bench/fresh.py elute|umap vectors.npy    prints JSON
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time

START = time.perf_counter()


def ours(path: str) -> dict[str, float]:
    """A session with its defaults but K-means' k, which the other side has no part in."""
    import numpy as np

    X = np.load(path)
    with tempfile.TemporaryDirectory() as home:
        os.environ["ELUTE_HOME"] = home
        import elute

        drafts: list[float] = []
        texts = [f"text number {row} of {row % 97}" for row in range(len(X))]
        session = elute.Session(texts, embedder=X, clusterer=elute.KMeans(30), path=home)
        session.run(draft=lambda made: drafts.append(time.perf_counter() - START))
        return {"picture": drafts[0], "layout": time.perf_counter() - START, "pictures": len(drafts)}


def theirs(path: str) -> dict[str, float]:
    """umap-learn in 3D, with its defaults."""
    import numpy as np
    import umap

    umap.UMAP(n_components=3, metric="cosine").fit_transform(np.load(path))
    return {"picture": time.perf_counter() - START, "layout": time.perf_counter() - START}


if __name__ == "__main__":
    print(json.dumps((ours if sys.argv[1] == "elute" else theirs)(sys.argv[2])))
