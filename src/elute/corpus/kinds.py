"""A table of one kind as one of another, by way of Arrow where neither knows the other."""

from __future__ import annotations

from typing import Any

from elute.corpus.frames import as_frame
from elute.errors import InputError

KINDS = ("pandas", "polars", "pyarrow", "datasets")


def as_kind(table: Any, kind: str) -> Any:
    """The same rows and columns, in their order, as another kind of table.

    Parameters
    ----------
    table : pandas, polars, pyarrow or Hugging Face table, or list of dict
    kind : {"pandas", "polars", "pyarrow", "datasets"}

    Raises
    ------
    InputError
        There is no such kind, its library is not installed, or a column holds what it can't.
    """
    if kind not in KINDS:
        raise InputError(f"There is no kind of table {kind!r:.40}; there are: {', '.join(KINDS)}.")
    given = "list" if isinstance(table, list) else as_frame(table).kind
    if given == kind:
        return table
    library = _library(kind)
    if given == "list" and kind == "pandas":
        return library.DataFrame(table)
    arrow = _library("pyarrow")
    try:
        made = _arrow(table, given, arrow)
    except (arrow.ArrowException, TypeError) as error:
        raise InputError(f"A column holds values of more than one type, which {kind} can't ({type(error).__name__}).") from None
    if kind == "pyarrow":
        return made
    if kind == "pandas":
        return made.to_pandas()
    return library.from_arrow(made) if kind == "polars" else library.Dataset(made)


def _arrow(table: Any, given: str, arrow: Any) -> Any:
    if given == "list":
        return arrow.Table.from_pylist(table)
    if given == "pandas":
        return arrow.Table.from_pandas(table, preserve_index=False)
    if given == "polars":
        return table.to_arrow()
    return table if given == "pyarrow" else table.with_format("arrow")[:]


def _library(name: str) -> Any:
    try:
        if name == "pandas":
            import pandas

            return pandas
        if name == "polars":
            import polars

            return polars
        if name == "pyarrow":
            import pyarrow

            return pyarrow
        import datasets

        return datasets
    except ImportError:
        raise InputError(f"{name} is not installed: pip install {name}.") from None
