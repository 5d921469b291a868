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
        return _of_dicts(table, library)
    arrow = _library("pyarrow")
    try:
        made = _arrow(table, given, arrow)
    except (arrow.ArrowException, TypeError) as error:
        raise InputError(f"A column holds values of more than one type, which {kind} can't ({type(error).__name__}).") from None
    if kind == "pyarrow":
        return made
    if kind == "pandas":
        return _frame(made, arrow)
    return library.from_arrow(made) if kind == "polars" else library.Dataset(made)


def _arrow(table: Any, given: str, arrow: Any) -> Any:
    if given == "list":
        return arrow.Table.from_pylist(table)
    if given == "pandas":
        return arrow.Table.from_pandas(_with_index(table), preserve_index=False)
    if given == "polars":
        return table.to_arrow()
    return table if given == "pyarrow" else table.with_format("arrow")[:]


def _with_index(table: Any) -> Any:
    """An index that has a name is a column of the user's, for tables that have none."""
    named = [at for at, name in enumerate(table.index.names) if name is not None]
    if not named:
        return table
    names = [table.index.names[at] for at in named]
    for at, name in enumerate(names):
        while name in table.columns or name in names[:at]:
            name = f"{name}_index"
        names[at] = name
    return table.reset_index(level=named, names=names)


def _of_dicts(table: list[dict[str, Any]], library: Any) -> Any:
    made = library.DataFrame(table)
    for name in made.columns:
        values = [row.get(name) for row in table]
        if made[name].dtype == "float64" and not any(isinstance(value, float) for value in values):
            made[name] = library.Series(values, made.index, dtype="Int64")
    return made


def _frame(made: Any, arrow: Any) -> Any:
    """Whole numbers stay whole beside missing ones, in lists too: as floats two large ones would be one."""
    table, kinds = made.to_pandas(integer_object_nulls=True), arrow.types
    for at, field in enumerate(made.schema):
        once = field.name in table.columns and made.column_names.count(field.name) == 1
        if once and kinds.is_integer(field.type) and made.column(at).null_count:
            unsigned = "U" if kinds.is_unsigned_integer(field.type) else ""
            table[field.name] = table[field.name].astype(f"{unsigned}Int{field.type.bit_width}")
    return table


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
