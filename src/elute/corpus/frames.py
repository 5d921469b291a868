"""The kinds of tables elute takes, behind four verbs: length, columns, the values of a column, the rows to take.

Each adapter holds the user's own object, never a copy, and asks that library itself for rows: so index, schema and types come
back as they went in. A Hugging Face dataset is only read through its public API: its ``.data.table`` does not know of ``select``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
from narwhals import dependencies as known
from numpy.typing import NDArray

from elute.errors import InputError

Kind = Literal["pandas", "polars", "pyarrow", "datasets", "list"]


class Frame(ABC):
    """A table of any kind. Names are compared as text, since pandas allows any object as the name of a column."""

    kind: Kind

    def __init__(self, data: Any, columns: Iterable[Any]) -> None:
        self.data = data
        self.columns = [str(name) for name in columns]

    def __len__(self) -> int:
        return len(self.data)

    def values(self, position: int) -> list[Any]:
        """The values of one column, by its position; None for everything that means "missing"."""
        return [None if is_missing(value) else value for value in self._values(position)]

    def labels(self, position: int) -> list[Any]:
        """The same, where numbers that stand for named classes are those names."""
        return self.values(position)

    def records(self, where: NDArray[np.bool_]) -> list[dict[str, Any]]:
        """Some rows as dicts. Only those rows are read: other columns may be large."""
        some = as_frame(self.take(where))
        columns = [some.values(position) for position in range(len(some.columns))]
        return [dict(zip(some.columns, row, strict=True)) for row in zip(*columns, strict=True)]

    @abstractmethod
    def holds_text(self, position: int) -> bool:
        """Is this a column of strings, as far as its type (or its first value that is there) tells?"""

    @abstractmethod
    def take(self, keep: NDArray[np.bool_]) -> Any:
        """The rows where ``keep`` is True, as an object of the kind that came in."""

    @abstractmethod
    def extended(self, taken: Any, columns: dict[str, list[Any]]) -> Any:
        """What :meth:`take` gave, with more columns: another object, whose own columns are as they were."""

    @abstractmethod
    def _values(self, position: int) -> list[Any]: ...


class _Pandas(Frame):
    kind: Kind = "pandas"

    def _values(self, position: int) -> list[Any]:
        # By position: a name may occur twice, and df[name] would then be a frame.
        values: list[Any] = self.data.iloc[:, position].tolist()
        return values

    def holds_text(self, position: int) -> bool:
        column = self.data.iloc[:, position]
        first = next((value for value in column if not is_missing(value)), None)
        return isinstance(first, str) or (first is None and str(column.dtype) in ("str", "string"))

    def take(self, keep: NDArray[np.bool_]) -> Any:
        return self.data.loc[keep]  # a NumPy mask goes by position, whatever the index

    def extended(self, taken: Any, columns: dict[str, list[Any]]) -> Any:
        made = {name: _object_or_bool(values) for name, values in columns.items()}
        try:
            return taken.assign(**made)
        except UnicodeEncodeError:  # half of a surrogate pair is no text to Arrow, and a string all the same
            return taken.assign(**{name: self._objects(taken.index, values) for name, values in made.items()})

    def _objects(self, index: Any, values: NDArray[Any]) -> Any:
        import pandas as pd

        return pd.Series(values, index, dtype=values.dtype)


class _Polars(Frame):
    kind: Kind = "polars"

    def _values(self, position: int) -> list[Any]:
        values: list[Any] = self.data.to_series(position).to_list()
        return values

    def holds_text(self, position: int) -> bool:
        return str(self.data.dtypes[position]).split("(")[0] in ("String", "Categorical", "Enum")

    def take(self, keep: NDArray[np.bool_]) -> Any:
        return self.data.filter(keep)

    def extended(self, taken: Any, columns: dict[str, list[Any]]) -> Any:
        import polars

        made = [polars.Series(name, values, _text_or_none(values, polars.String)) for name, values in columns.items()]
        return taken.with_columns(made)


class _PyArrow(Frame):
    kind: Kind = "pyarrow"

    def _values(self, position: int) -> list[Any]:
        values: list[Any] = self.data.column(position).to_pylist()
        return values

    def holds_text(self, position: int) -> bool:
        from pyarrow import types

        kind = self.data.schema.field(position).type
        kind = kind.value_type if types.is_dictionary(kind) else kind
        return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))

    def take(self, keep: NDArray[np.bool_]) -> Any:
        return self.data.filter(keep)

    def extended(self, taken: Any, columns: dict[str, list[Any]]) -> Any:
        import pyarrow

        for name, values in columns.items():
            taken = taken.append_column(name, pyarrow.array(values, _text_or_none(values, pyarrow.string())))
        return taken


class _Datasets(Frame):
    kind: Kind = "datasets"

    def _values(self, position: int) -> list[Any]:
        # Without a format: with_format("torch") and the like would hand out tensors.
        values: list[Any] = self.data.with_format(None)[self.columns[position]][:]
        return values

    def labels(self, position: int) -> list[Any]:
        feature = self.data.features[self.columns[position]]
        values = self.values(position)
        if type(feature).__name__ != "ClassLabel" or not feature.names:
            return values
        return [None if value is None or value < 0 else feature.names[value] for value in values]  # -1: not labelled

    def holds_text(self, position: int) -> bool:
        return "string" in str(getattr(self.data.features[self.columns[position]], "dtype", ""))

    def take(self, keep: NDArray[np.bool_]) -> Any:
        return self.data.select(np.flatnonzero(keep))

    def extended(self, taken: Any, columns: dict[str, list[Any]]) -> Any:
        from datasets import Value

        for name, values in columns.items():
            taken = taken.add_column(name, values, feature=_text_or_none(values, Value("string")))
        return taken


class _List(Frame):
    kind: Kind = "list"

    def _values(self, position: int) -> list[Any]:
        return list(self.data)

    def holds_text(self, position: int) -> bool:
        return True

    def take(self, keep: NDArray[np.bool_]) -> Any:
        return [value for value, stays in zip(self.data, keep.tolist(), strict=True) if stays]

    def extended(self, taken: Any, columns: dict[str, list[Any]]) -> Any:
        return [dict(zip(("text", *columns), row, strict=True)) for row in zip(taken, *columns.values(), strict=True)]


class Joined(Frame):
    """The user's table and behind it the rows of another: its values where it has a column of that name, else None.

    What is taken is of the user's table alone.
    """

    def __init__(self, first: Frame, second: Frame) -> None:
        super().__init__(first.data, first.columns)
        self.kind = first.kind
        self._first, self._second = first, second

    def __len__(self) -> int:
        return len(self._first) + len(self._second)

    def labels(self, position: int) -> list[Any]:
        return [*self._first.labels(position), *self._beside(position, labels=True)]

    def records(self, where: NDArray[np.bool_]) -> list[dict[str, Any]]:
        n = len(self._first)
        return [*self._first.records(where[:n]), *self._second.records(where[n:])]

    def holds_text(self, position: int) -> bool:
        return self._first.holds_text(position)

    def take(self, keep: NDArray[np.bool_]) -> Any:
        return self._first.take(keep[: len(self._first)])

    def extended(self, taken: Any, columns: dict[str, list[Any]]) -> Any:
        return self._first.extended(taken, columns)

    def _values(self, position: int) -> list[Any]:
        return [*self._first.values(position), *self._beside(position)]

    def _beside(self, position: int, labels: bool = False) -> list[Any]:
        name, second = self.columns[position], self._second
        if second.columns.count(name) != 1:
            return [None] * len(second)
        at = second.columns.index(name)
        return second.labels(at) if labels else second.values(at)


def _object_or_bool(values: list[Any]) -> Any:
    if values and all(isinstance(value, bool) for value in values):
        return np.array(values, bool)
    return np.fromiter(values, object, len(values))


def _text_or_none(values: list[Any], text: Any) -> Any:
    """The type of a column of which nothing but None is known: text; else what its values say."""
    return text if all(value is None or isinstance(value, str) for value in values) else None


def as_frame(data: Any) -> Frame:
    """Wrap a table.

    Raises
    ------
    InputError
        It is of no kind elute knows; the message says what to pass instead.
    """
    if isinstance(data, list):
        if data and all(isinstance(row, dict) for row in data):
            raise InputError("A list of dicts is not a table: pass pandas.DataFrame(rows).")
        return _List(data, ["text"])
    if known.is_pandas_dataframe(data):
        return _Pandas(data, data.columns)
    if known.is_polars_dataframe(data):
        return _Polars(data, data.columns)
    if known.is_pyarrow_table(data):
        return _PyArrow(data, data.column_names)
    home, name = type(data).__module__.split(".")[0], type(data).__name__
    if home == "datasets" and name == "Dataset":
        return _Datasets(data, data.column_names)
    raise InputError(_advice(data, home, name))


def _advice(data: Any, home: str, name: str) -> str:
    if isinstance(data, str):
        return "One text is not a table: pass a list of str or a dataframe (to read a file: pandas.read_csv and the like)."
    if known.is_polars_lazyframe(data):
        return "A LazyFrame has no rows yet: pass frame.collect()."
    if home == "datasets" and "Dict" in name:
        splits = ", ".join(map(str, data)) or "none"
        return f"A {name} holds several datasets: pass one of them, e.g. data['train']. It has: {splits}."
    if known.is_into_series(data) or known.is_numpy_array(data) or name == "Column":
        return f"A {home} {name} is one column: pass the table it comes from, or a list of its values."
    if home == "datasets":
        return f"A {name} has no rows by position: pass a datasets.Dataset."
    return f"{name} is not a table elute knows: pass a pandas, polars or pyarrow table, a Hugging Face Dataset or a list of str."


def is_missing(value: Any) -> bool:
    """None, NaN of any number type, pandas' NA and NaT."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, (float, np.floating)) and bool(value != value)
