"""Every row of the real texts, on the plain loop, on two local processes and on Dask with two, a worker killed in each stage: the same?

    ELUTE_DATA=folder python bench/parity.py [shards, 12] [rows of each set at most, all]

All sets of the folder, copies and all, in shards; vectors are given: runs of three and four letters hashed to 64 numbers, which costs
seconds and no model. The recipe is that of a session on 4,000 of the rows that dropped a cluster and single rows, with exact
and near copies and a cap for each cluster: every shuffle there is. Compared are keep, reason, cluster, score and group of copies of
every row, and the bytes of every file that is written.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

import data
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from elute import KMeans, Session, apply_recipe
from elute.engines.dask import Dask
from elute.engines.local import Local
from elute.recipe import Across, Balance, Duplicates, Recipe

D, SAMPLE, AFTER = 64, 4000, 0.4
"""Numbers of a vector; rows of the session; seconds into a stage at which a worker is killed."""


def hashed(texts: list[str]) -> NDArray[np.float32]:
    """(n, D) vectors of unit length; the same text has the same one wherever it stands."""
    from sklearn.feature_extraction.text import HashingVectorizer

    made = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 4), n_features=D, alternate_sign=True)
    X = np.asarray(made.transform(texts).toarray(), np.float32)
    X[~X.any(axis=1), 0] = 1.0
    return X


def recipe(texts: list[str], X: NDArray[np.float32], folder: Path) -> Recipe:
    """That of a session on some of the rows."""
    some = np.sort(np.random.default_rng(0).choice(len(texts), min(SAMPLE, len(texts)), replace=False))
    session = Session(
        pd.DataFrame({"text": [texts[row] for row in some]}), text="text", embedder=X[some], clusterer=KMeans(20), projector="pca",
        path=folder / "journal",
    )  # fmt: skip
    session.drop(session.run().labels == 0)
    session.drop(np.arange(len(some)) % 97 == 0)
    return replace(session.recipe(), across=Across(False, Duplicates(True, (0, 2, 4), False), Balance("cluster", 2.0, None)))


class Killer:
    """Ends a worker with -9 a little after each stage has begun."""

    def __init__(self, pids: Any) -> None:
        self.pids, self.stages, self.killed = pids, set[str](), 0

    def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
        if done == 0 and stage not in self.stages:
            self.stages.add(stage)
            threading.Timer(AFTER, self._kill).start()

    def check(self) -> None:
        return None

    def _kill(self) -> None:
        with suppress(OSError, IndexError):  # none runs yet, or it has just ended
            os.kill(self.pids()[0], signal.SIGKILL)
            self.killed += 1


def results(out: Path) -> tuple[dict[str, NDArray[Any]], str]:
    """What was said of every row, and a hash of all that was written."""
    rows = pd.concat([pd.read_parquet(path) for path in sorted((out / "rows").glob("*"))], ignore_index=True)
    made = blake2b(digest_size=8)
    for path in sorted((out / "data").glob("*")):
        made.update(path.name.encode() + path.read_bytes())
    return {
        str(name): rows[name].astype(str if name == "reason" else rows[name].dtype).to_numpy() for name in rows
    }, made.hexdigest()


def main() -> None:
    """Print a line an engine."""
    given = [int(word) for word in sys.argv[1:]]
    shards, most = (*given, *(12, 10**9)[len(given) :])
    if not os.environ.get("ELUTE_DATA"):
        raise SystemExit("ELUTE_DATA names no folder with real texts: nothing was measured.")
    texts = [text for name in data.FILES for text in data._column(Path(os.environ["ELUTE_DATA"]) / name).head(most).tolist()]
    texts = [texts[row] for row in np.random.default_rng(1).permutation(len(texts))]
    began = time.perf_counter()
    X = hashed(texts)
    print(
        f"{len(texts):,} rows, {len(set(texts)):,} distinct texts, {shards} shards; vectors in {time.perf_counter() - began:.0f} s"
    )
    with tempfile.TemporaryDirectory() as here, ExitStack() as open_:
        folder = Path(here)
        (folder / "in").mkdir()
        for at, part in enumerate(np.array_split(np.arange(len(texts)), shards)):
            vectors = pa.FixedSizeListArray.from_arrays(pa.array(X[part].ravel()), D)
            table = pa.table({"text": [texts[row] for row in part], "vector": vectors})
            pq.write_table(table, folder / "in" / f"part-{at:04}.parquet")
        made, first = recipe(texts, X, folder), None
        local = Local(2)
        dask = open_.enter_context(Dask(workers=2))
        ways: dict[str, tuple[Any, Any]] = {"inline": ("inline", None), "local": (local, Killer(lambda: local.pids)),
                "dask": (dask, Killer(lambda: list(dask.client.run(os.getpid).values())))}  # fmt: skip
        print("engine | seconds | workers killed | rows that stay | in groups of copies | rows said the same | files the same")
        for name, (engine, killer) in ways.items():
            began = time.perf_counter()
            how: dict[str, Any] = {} if killer is None else {"progress": killer}
            done = apply_recipe(made, folder / "in", folder / name, engine=engine, vectors="vector", buckets=8, **how)
            seconds = time.perf_counter() - began
            assert done.ok and done.rows == len(texts), str(done)
            said, written = results(folder / name)
            first = first or (said, written)
            equal = np.ones(len(texts), bool)
            for column, values in first[0].items():
                equal &= (values == said[column]) | ((values != values) & (said[column] != said[column]))
            copies, killed = int((said["copies"] >= 0).sum()), 0 if killer is None else killer.killed
            print(f"{name} | {seconds:.0f} | {killed} | {done.kept:,} | {copies:,} | {int(equal.sum()):,} | "
                  f"{'yes' if written == first[1] else 'NO'}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
