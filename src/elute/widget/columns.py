"""The columns of the person's own table, each read when it is asked for, whatever it holds."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from numbers import Number
from types import NoneType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from elute.corpus.frames import Frame, is_missing
from elute.corpus.rows import word
from elute.widget.codes import CLIP, Categories, Numbers, Values, flags, years

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger("elute")

Kind = Literal["category", "number", "flag", "text"]
Held = Literal["category", "number", "flag", "text", "time"]
SAMPLE = 20_000
"""Rows, from all over the table, that decide what a column holds."""
_BY_TYPE: dict[str, Held] = {"b": "flag", "M": "time"}


class Column:
    """One column of a table.

    What it holds is judged by a sample; in a column of numbers the rare value that is none counts as missing.
    """

    def __init__(self, frame: Frame, position: int) -> None:
        self.frame, self.position = frame, position
        self.name = frame.columns[position]

    @cached_property
    def kind(self) -> Kind:
        """Texts that are mostly different from each other are no category: no legend could hold them."""
        return "number" if self._holds == "time" else self._holds

    def values(self) -> Values:
        """The whole column."""
        return as_values(self._read(), self._holds)

    def told(self, rows: NDArray[np.int64]) -> list[str | float | int | None]:
        """The values of some rows; no others are read."""
        return as_values(self._read(rows), self._holds).told(np.arange(len(rows)))

    @cached_property
    def _holds(self) -> Held:
        return held(self._read(np.arange(0, len(self.frame), -(-len(self.frame) // SAMPLE) or 1)))

    def _read(self, rows: NDArray[np.int64] | None = None) -> NDArray[Any] | list[Any]:
        """The values of some rows or all: an array where the table has one of a plain type, else a list with None for what is missing."""
        data, position = self.frame.data, self.position
        try:
            if self.frame.kind == "pandas":
                series = data.iloc[:, position]
                return _of_pandas(series if rows is None else series.iloc[rows])
            if self.frame.kind == "polars":
                series = data.to_series(position)
                return _of_polars(series if rows is None else series.gather(rows))
            if self.frame.kind == "pyarrow":
                return _of_arrow(data.column(position), rows)
            if self.frame.kind == "datasets":
                return _of_dataset(data, self.name, rows)
        except Exception:  # any type there is, of any version of four libraries: a column is worth no error
            log.debug("a column of %s is read as it stands", self.frame.kind)
        values = self.frame.values(position)
        return values if rows is None else [values[row] for row in rows.tolist()]


def readable(frame: Frame) -> list[Column]:
    """The columns that hold one value a row, without pictures, sounds and nested features of a Hugging Face dataset."""
    first = {name: position for position, name in reversed(list(enumerate(frame.columns)))}
    columns = [Column(frame, position) for name, position in first.items()]
    if frame.kind == "datasets":
        columns = [one for one in columns if type(frame.data.features[one.name]).__name__ in ("Value", "ClassLabel")]
    return sorted(columns, key=lambda column: column.position)


def held(values: NDArray[Any] | list[Any]) -> Held:
    """What a column holds, by some of its values.

    >>> held([1, None, 2.5]), held([True, None]), held(["a", "b", "a", "b"]), held(["a", "b", "c"])
    ('number', 'flag', 'category', 'text')
    """
    if isinstance(values, np.ndarray):
        return _BY_TYPE.get(values.dtype.kind, "number")
    there = [value for value in values if not is_missing(value)]
    types = set(map(type, there))
    if types and all(issubclass(one, (bool, np.bool_)) for one in types):
        return "flag"
    if types and all(_counts(one) for one in types):
        return "number"
    if types and all(issubclass(one, date) for one in types):
        return "time"
    return "category" if 2 * len(set(map(as_text, there))) <= len(there) else "text"


def as_values(values: NDArray[Any] | list[Any], kind: Held) -> Values:
    """A whole column as what it holds."""
    if isinstance(values, np.ndarray):
        kind = _BY_TYPE.get(values.dtype.kind, "number")
        if kind == "flag":
            return flags(values)
        if kind == "time":
            return _times(values)
        return Numbers(values.astype(np.float64), values if values.dtype.kind in "iu" else None)
    if kind == "flag":
        known = np.fromiter((isinstance(value, (bool, np.bool_)) for value in values), bool, len(values))
        return flags(np.fromiter((value is True or value is np.True_ for value in values), bool, len(values)), known)
    if kind == "time":
        return _times(np.array([_moment_of(value) for value in values], "datetime64[us]"))
    if kind == "number":
        return Numbers(np.fromiter(map(_number, values), np.float64, len(values)))
    return categories(values)


def categories(values: Sequence[Any]) -> Categories:
    """A set, and which value of it each row has."""
    import pandas as pd

    told: Sequence[Any] = values
    if not set(map(type, values)) <= {str, NoneType}:
        told = [None if is_missing(value) else as_text(value) for value in values]
    array = np.fromiter(told, object, len(told))
    which, names = pd.factorize(array)
    return Categories(told_apart(names), which.astype(np.int32))


def told_apart(values: Iterable[Any]) -> list[str]:
    """Different values as text, none like another: of long ones that begin alike the ends are told too, or else their numbers.

    >>> [text[-9:] for text in told_apart(["x" * 90 + "engine", "x" * 90 + "gears", "x" * 200])]
    ['xxxengine', 'xxxxgears', 'xxxxxxxxx']
    """
    given = list(values)
    told = [as_text(value) for value in given]
    for numbered in (False, True):
        begun = Counter(text for text in told if len(text) == CLIP)
        for at, text in enumerate(told):
            if begun[text] > 1:
                whole = str(given[at])
                told[at] = f"{whole[: CLIP - 10]} {at + 1}" if numbered else f"{whole[: CLIP - 51]}…{whole[-50:]}"
    return told


def places(values: pd.Series, names: Sequence[Any]) -> NDArray[np.int32]:
    """(n,) which of ``names`` each value reads like; -1 where it is none of them."""
    which, there = values.factorize()
    known = {word(name): at for at, name in enumerate(names)}
    found: NDArray[np.int32] = np.array([*(known.get(word(value), -1) for value in there), -1], np.int32)[which]
    return found


def as_text(value: Any) -> str:
    """A value in at most 80 characters; of one that can't be told, its type."""
    try:
        return (value if isinstance(value, str) else str(value))[:CLIP]
    except Exception:  # a person's own object may raise anything
        return type(value).__name__


def _of_pandas(series: Any) -> NDArray[Any] | list[Any]:
    import pandas as pd
    from pandas.api import types

    kind = series.dtype
    if isinstance(kind, np.dtype) and kind.kind in "biuf":
        return np.asarray(series)
    if isinstance(kind, pd.StringDtype):
        return list(series.to_numpy(object, na_value=None))
    if types.is_datetime64_any_dtype(kind):
        series = series.dt.tz_localize(None) if getattr(kind, "tz", None) is not None else series
        return np.asarray(series.to_numpy("datetime64[us]"))
    if types.is_timedelta64_dtype(kind):
        return np.asarray(series.dt.total_seconds(), np.float64)
    if types.is_bool_dtype(kind) and not types.is_object_dtype(kind) and not series.hasnans:
        return series.to_numpy(bool)  # type: ignore[no-any-return]
    if types.is_numeric_dtype(kind) and not types.is_complex_dtype(kind) and not types.is_bool_dtype(kind):
        return _whole(series.to_numpy(np.float64, na_value=np.nan), types.is_integer_dtype(kind))
    return [None if is_missing(value) else value for value in series.tolist()]


def _of_polars(series: Any) -> NDArray[Any] | list[Any]:
    import polars as pl

    kind = series.dtype
    if kind == pl.Boolean and not series.null_count():
        return np.asarray(series.to_numpy())
    if kind.is_numeric():
        return _whole(np.asarray(series.cast(pl.Float64).to_numpy(), np.float64), kind.is_integer())
    if kind in (pl.Date, pl.Datetime):
        series = series.dt.replace_time_zone(None) if getattr(kind, "time_zone", None) else series
        return np.asarray(series.cast(pl.Datetime("us")).to_numpy())
    if kind == pl.Duration:
        return np.asarray(series.dt.total_microseconds().cast(pl.Float64).to_numpy()) / 1e6
    return list(series.to_list())


def _of_arrow(column: Any, rows: NDArray[np.int64] | None) -> NDArray[Any] | list[Any]:
    import pyarrow as pa
    from pyarrow import types

    if rows is not None:
        column = column.take(pa.array(rows))
    kind = column.type
    if types.is_boolean(kind) and not column.null_count:
        return np.asarray(column.to_numpy())
    if types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind):
        return _whole(np.asarray(column.cast(pa.float64(), safe=False).to_numpy(), np.float64), types.is_integer(kind))
    if types.is_timestamp(kind) or types.is_date(kind):
        return np.asarray(column.cast(pa.timestamp("us"), safe=False).to_numpy(), "datetime64[us]")
    return list(column.to_pylist())


def _of_dataset(data: Any, name: str, rows: NDArray[np.int64] | None) -> NDArray[Any] | list[Any]:
    some = data if rows is None else data.select(rows)
    feature = data.features[name]
    if type(feature).__name__ == "ClassLabel" and feature.names:
        values = some.with_format(None)[name][:]
        return [None if value is None or value < 0 else feature.names[value] for value in values]
    return _of_arrow(some.select_columns([name]).with_format("arrow")[:].column(0), None)


def _whole(numbers: NDArray[np.float64], integer: bool) -> NDArray[Any]:
    """As integers where they are such and none is missing."""
    fits = integer and not np.isnan(numbers).any() and (np.abs(numbers) < 2**53).all()
    return numbers.astype(np.int64) if fits else numbers


def _counts(kind: type) -> bool:
    """Whether values of a type are numbers on a line."""
    return issubclass(kind, Number) and not issubclass(kind, (bool, np.bool_, complex, np.complexfloating))


def _number(value: Any) -> float:
    """As a float; NaN for what is none, infinity for what is too large."""
    if not _counts(type(value)):
        return float("nan")
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
    except (ValueError, TypeError):  # a signalling NaN
        return float("nan")


def _moment_of(value: Any) -> np.datetime64:
    try:
        return np.datetime64(value.replace(tzinfo=None) if getattr(value, "tzinfo", None) is not None else value, "us")
    except (ValueError, TypeError, AttributeError, OverflowError):
        return np.datetime64("NaT", "us")


def _times(moments: NDArray[Any]) -> Numbers:
    """Moments as years and their fraction, which a legend can show."""
    moments = moments.astype("datetime64[us]")
    return Numbers(np.where(np.isnat(moments), np.nan, years(moments.astype(np.int64))), moments)
