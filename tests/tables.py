"""Tables of every kind, for the tests of corpus."""

from __future__ import annotations

from typing import Any

import datasets
import pandas as pd
import polars as pl
import pyarrow as pa

KINDS = ["pandas", "polars", "pyarrow", "datasets", "list"]
INDEXES = ["range", "duplicated", "strings", "dates", "multi"]
TABLE: dict[str, list[Any]] = {
    "text": ["a", None, "b", "a"],
    "title": ["t0", "t1", None, "t3"],
    "label": ["x", "y", None, "x"],
    "row": [0, 1, 2, 3],
}


def build(kind: str, columns: dict[str, list[Any]]) -> Any:
    """A table of a kind; the Hugging Face one has been through select, which its inner table does not know of."""
    if kind == "pandas":
        return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
    if kind == "polars":
        return pl.DataFrame(columns, schema={name: pl.Int64 if name == "row" else pl.String for name in columns})
    schema = pa.schema([(name, pa.int64() if name == "row" else pa.string()) for name in columns])
    table = pa.table(columns, schema=schema)
    if kind == "pyarrow":
        return table
    backwards = list(reversed(range(len(table))))  # a run of rows would be sliced, not selected
    return datasets.Dataset(pa.concat_tables([table.take(pa.array(backwards, pa.int64())), table])).select(backwards)


def with_index(frame: pd.DataFrame, index: str) -> pd.DataFrame:
    n = len(frame)
    made: dict[str, Any] = {
        "range": pd.RangeIndex(n),
        "duplicated": pd.Index([row // 3 for row in range(n)], dtype=int),
        "strings": pd.Index([f"r{(row * 7) % 5}" for row in range(n)], dtype=object),
        "dates": pd.date_range("2024-01-01", periods=n)[::-1],
        "multi": pd.MultiIndex.from_arrays([[row // 2 for row in range(n)], ["x"] * n]),
    }
    return frame.set_axis(made[index], axis=0)
