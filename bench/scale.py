"""A recipe over shards: rows a second on a plain loop, local processes and Dask, and the memory of a worker.

    python bench/scale.py [rows, 200000] [shards, 8]

Rows are synthetic sentences (one in ten a copy, one in ten a slip of a letter away) with given vectors of 384 dimensions; the recipe is
that of a session on 2,000 of them that dropped a cluster, with exact copies and a cap for each cluster. Times are wall clock.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from line import Line
from numpy.typing import NDArray

from elute import KMeans, Session, apply_recipe
from elute.recipe import Across, Balance, Duplicates, Recipe

D, SUBJECTS = 384, 20
WORDS = [
    f"{a}{b}{c}"
    for a in ("ka", "lo", "mi", "ne", "pu", "ra")
    for b in ("bel", "dor", "fin", "gam", "hes")
    for c in ("t", "n", "r", "s")
]


def centres() -> NDArray[np.float32]:
    """(SUBJECTS, D) unit vectors."""
    found = np.random.default_rng(0).normal(size=(SUBJECTS, D)).astype(np.float32)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found


def texts(n: int, seed: int) -> list[str]:
    """Sentences of 6 to 14 words; of ten, one is a copy of an earlier one and one a slip away from it."""
    draw = np.random.default_rng(seed)
    words = draw.integers(len(WORDS), size=(n, 14))
    sizes, kinds, earlier = draw.integers(6, 15, n), draw.random(n), draw.random(n)
    found: list[str] = []
    for at in range(n):
        if kinds[at] < 0.2 and at:
            text = found[int(earlier[at] * at)]
            cut = len(text) // 2
            found.append(text if kinds[at] < 0.1 else text[:cut] + text[cut + 1 :])
        else:
            found.append(" ".join(WORDS[word] for word in words[at, : sizes[at]]))
    return found


def shard(n: int, seed: int) -> pa.Table:
    """Rows with their vectors."""
    draw = np.random.default_rng(seed)
    subject = draw.integers(SUBJECTS, size=n)
    X = centres()[subject] + draw.normal(0, 0.02, (n, D)).astype(np.float32)
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    vectors = pa.FixedSizeListArray.from_arrays(pa.array(X.astype(np.float32).ravel()), D)
    return pa.table({"text": texts(n, seed), "vector": vectors})


def recipe(folder: Path, near: bool = False) -> Recipe:
    """That of a small session."""
    table = shard(2000, 999)
    X = np.array(table.column("vector").to_pylist(), np.float32)
    session = Session(pd.DataFrame({"text": table.column("text").to_pylist()}), text="text", embedder=X, clusterer=KMeans(SUBJECTS),
                      projector="pca", path=folder / "journal")  # fmt: skip
    session.drop(session.run().labels == 0)
    across = Across(False, Duplicates(True, (0, 2, 4) if near else (), False), Balance("cluster", 1.5, None))
    return replace(session.recipe(), across=across)


def engines(n: int, shards: int) -> list[Line]:
    """The same shards on each engine."""
    with tempfile.TemporaryDirectory() as here:
        folder = Path(here)
        (folder / "in").mkdir()
        for at in range(shards):
            pq.write_table(shard(n // shards, at), folder / "in" / f"part-{at:04}.parquet")
        made = recipe(folder)
        found, kept, lines = {}, {}, []
        for name in ("inline", "local", "dask"):
            began = time.perf_counter()
            done = apply_recipe(made, folder / "in", folder / name, engine=name, workers=2, vectors="vector")
            seconds = time.perf_counter() - began
            assert done.ok, str(done)
            found[name] = seconds
            kept[name] = [pq.read_table(path).column("keep").to_pylist() for path in sorted((folder / name / "rows").glob("*"))]
            same = kept[name] == kept["inline"]
            lines.append(
                Line(
                    f"{n:,} rows, {shards} shards, {name}",
                    f"{n / seconds:,.0f} rows/s",
                    "",
                    f"{seconds:.1f} s, {done.memory >> 20} MB",
                    "same rows",
                    same,
                )
            )
        began = time.perf_counter()
        apply_recipe(made, folder / "in", folder / "local", engine="local", workers=2, vectors="vector")
        again = time.perf_counter() - began
        lines.append(
            Line("a finished run, again", f"{again:.2f} s", f"{found['local']:.1f} s", f"{again / found['local']:.2f}", "", True)
        )
        over = found["dask"] / found["inline"]
        return [
            *lines,
            Line(
                "Dask, two workers, over the plain loop",
                f"{found['dask']:.1f} s",
                f"{found['inline']:.1f} s",
                f"{over:.2f}",
                "<= 1.4",
                over <= 1.4,
            ),
        ]


def main() -> None:
    """Print a table."""
    given = sys.argv[1:]
    for line in engines(int(given[0]) if given else 200_000, int(given[1]) if len(given) > 1 else 8):
        print(" | ".join([line.measure, line.ours, line.usual, line.value, line.bound, "yes" if line.met else "NO"]))


if __name__ == "__main__":
    main()
