"""Columns that hold what was written: whole numbers stay whole where one is missing, and where files are put together.

Pandas makes floats of whole numbers as soon as one is missing, and beyond 2 ** 53 two of them become one.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

EXACT = 1 << 53
"""Whole numbers up to here are as exact as floats."""


def numbers(values: Sequence[Any]) -> Any:
    """A column of numbers and missing ones: ``Int64`` if all are whole, floats where those lose nothing, else the numbers themselves."""
    import pandas as pd

    gaps = pd.isna(pd.Series(values, dtype=object)).tolist()
    there = [value for value, gap in zip(values, gaps, strict=True) if not gap]
    if all(isinstance(value, int) for value in there):
        try:
            return pd.array([None if gap else value for value, gap in zip(values, gaps, strict=True)], dtype="Int64")
        except OverflowError:  # beyond 64 bits
            return pd.Series(values, dtype=object)
    if all(abs(value) <= EXACT for value in there if isinstance(value, int)):
        return pd.array([float("nan") if gap else float(value) for value, gap in zip(values, gaps, strict=True)], dtype="float64")
    return pd.Series(values, dtype=object)


def joined(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Tables one below the other, with the columns of all."""
    import pandas as pd
    from pandas.api.types import is_bool_dtype, is_float_dtype, is_integer_dtype, is_numeric_dtype

    with warnings.catch_warnings():
        # pandas 2 tells that a part without one value will count for the kind of its column: below it is the same either way
        warnings.filterwarnings("ignore", ".*DataFrame concatenation with empty or all-NA", FutureWarning)
        made = pd.concat(tables, ignore_index=True)
    if not made.columns.is_unique:
        return made
    for name in made.columns:
        parts = [table[name] if name in table.columns else pd.Series([None] * len(table), dtype=object) for table in tables]
        if any(is_bool_dtype(part.dtype) for part in parts) and any(
            is_numeric_dtype(part.dtype) and not is_bool_dtype(part.dtype) for part in parts
        ):  # True is no 1
            made[name] = pd.Series([value for part in parts for value in part.tolist()], dtype=object)
        elif is_float_dtype(made[name].dtype) and any(is_integer_dtype(part.dtype) for part in parts):
            made[name] = numbers([value for part in parts for value in part.tolist()])
    return made
