"""A session on a sample: seconds to draw it, of its first round, and to carry a decision to all rows.

    python bench/sampled.py [rows, 200000] [rows of the sample, 20000]

Made texts with given vectors of 384 dimensions, as in scale.py; one cluster is dropped.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import fields

import numpy as np
import pandas as pd
from scale import D, shard

from elute import KMeans, Sampled


def main() -> None:
    """Print a line a step."""
    n, rows = (int(word) for word in (*sys.argv[1:], *("200000", "20000")[len(sys.argv) - 1 :]))
    table = shard(n, 3)
    X = np.asarray(table.column("vector").combine_chunks().flatten()).reshape(n, D)
    with tempfile.TemporaryDirectory() as here:
        began = time.perf_counter()
        session = Sampled(pd.DataFrame({"text": table.column("text").to_pylist()}), "text", rows=rows, vectors=X, path=here,
                          clusterer=KMeans(20), projector="pca")  # fmt: skip
        print(f"drawn: {len(session.corpus):,} of {session.total:,} rows, {time.perf_counter() - began:.1f} s")
        began = time.perf_counter()
        session.drop(session.run().labels == 0)
        print(f"first round of the sample: {time.perf_counter() - began:.1f} s")
        began = time.perf_counter()
        found = session.carry()
        seconds = time.perf_counter() - began
        one = session.recipe().judge(pd.DataFrame({"text": ["one row"]}), X[:1])
        held = [getattr(one, each.name) for each in fields(one) if isinstance(getattr(one, each.name), np.ndarray)]
        print(f"in memory, of all rows: {sum(array.itemsize for array in held)} bytes a row, in {len(held)} arrays; of the part that is "
              f"judged its vectors too, {D} x 4 = {D * 4:,} bytes a row, which is what is kept on disk where they are made")  # fmt: skip
        print(f"carried to all: {seconds:.1f} s, {n / seconds:,.0f} rows/s, {int(found.keep.sum()):,} stay")


if __name__ == "__main__":
    main()
