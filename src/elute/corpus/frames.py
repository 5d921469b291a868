"""The kinds of tables elute takes, behind four verbs: length, columns, the values of a column, the rows to take.

Each adapter asks that library itself for rows: so index, schema and types come back as they went in. It holds the rows as they were
given, sharing their values with the user's own object: were that sorted in place, a mask would be of other rows. A Hugging Face
dataset is only read through its public API: its ``.data.table`` does not know of ``select``.
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
LOOKED_AT = 1000
"""Texts of a pandas table that are looked at again, evenly spread."""


class Frame(ABC):
    """A table of any kind: ``given`` is the user's own object, ``data`` what it was when it was given.

    Names are compared as text, since pandas allows any object as the name of a column.
    """

    kind: Kind

    def __init__(self, data: Any, columns: Iterable[Any]) -> None:
        self.given, self.data = data, self._held(data)
        self.columns = [str(name) for name in columns]

    def __len__(self) -> int:
        return len(self.data)

    def values(self, position: int) -> list[Any]:
        """The values of one column, by its position; None for everything that means "missing"."""
        return [None if is_missing(value) else value for value in self._values(position)]

    def labels(self, position: int) -> list[Any]:
        """The same, where numbers that stand for named classes are those names."""
        return self.values(position)

    def classes(self, position: int) -> list[str]:
        """Those names, by the number that stands for each; none where numbers are what they are."""
        return []

    def texts(self, position: int) -> list[Any]:
        """The same of a column that texts are made of; :meth:`changed` says whether it is still what it was."""
        return self.values(position)

    @property
    def index(self) -> Any:
        """The labels of the rows, as a pandas index; None for a table that has none."""
        return None

    def changed(self) -> str:
        """Why no mask fits the table any more, in half a sentence; "" where it does."""
        return "" if len(self.given) == len(self) else f"The table had {len(self):,} rows and has {len(self.given):,} now"

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

    def _held(self, data: Any) -> Any:
        """The rows as they are now, whatever becomes of the object: itself, where no verb of its own alters it."""
        return data

    @abstractmethod
    def _values(self, position: int) -> list[Any]: ...


class _Pandas(Frame):
    kind: Kind = "pandas"

    def __init__(self, data: Any, columns: Iterable[Any]) -> None:
        super().__init__(data, columns)
        self._step = max(1, len(data) // LOOKED_AT)
        self._seen: dict[int, list[str | None]] = {}

    def _held(self, data: Any) -> Any:
        return data.copy(deep=False)

    @property
    def index(self) -> Any:
        return self.data.index

    def texts(self, position: int) -> list[Any]:
        values = self.values(position)
        self._seen.setdefault(position, _strings(values[:: self._step]))
        return values

    def changed(self) -> str:
        # before pandas 3 a value may be written where it stands, which is here too; so it is in an array that a frame was made of
        seen = ((self.data.iloc[:: self._step, position].tolist(), texts) for position, texts in self._seen.items())
        other = any(_strings(now) != texts for now, texts in seen)
        return super().changed() or ("Texts of the table were changed where they stood" if other else "")

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

    def _held(self, data: Any) -> Any:
        return data.clone()

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
        values, names = self.values(position), self.classes(position)
        if not names:
            return values
        return [None if value is None or value < 0 else names[value] for value in values]  # -1: not labelled

    def classes(self, position: int) -> list[str]:
        feature = self.data.features[self.columns[position]]
        return list(feature.names or ()) if type(feature).__name__ == "ClassLabel" else []

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

    def _held(self, data: Any) -> Any:
        return list(data)

    def _values(self, position: int) -> list[Any]:
        return list(self.data)

    def holds_text(self, position: int) -> bool:
        return True

    def take(self, keep: NDArray[np.bool_]) -> Any:
        return [value for value, stays in zip(self.data, keep.tolist(), strict=True) if stays]

    def extended(self, taken: Any, columns: dict[str, list[Any]]) -> Any:
        return [dict(zip(("text", *columns), row, strict=True)) for row in zip(taken, *columns.values(), strict=True)]


def _strings(values: list[Any]) -> list[str | None]:
    return [value if isinstance(value, str) else None for value in values]


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
