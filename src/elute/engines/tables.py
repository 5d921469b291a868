"""A shard as a table, read as :func:`elute.read` reads its file: the same rows, and values that say the same.

No type is guessed, since each shard would be guessed by itself: what is an integer in one is a text in the next. Parquet says its types,
values of JSON lines are what JSON says they are, and every cell of a CSV is a text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.engines.shards import Shard
from elute.engines.store import Store
from elute.errors import InputError
from elute.reading.content import decoded
from elute.reading.lines import records_of
from elute.reading.separated import from_separated

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


@dataclass(frozen=True, eq=False)
class Read:
    """What was read.

    Attributes
    ----------
    table : pyarrow.Table or pandas.DataFrame
        All rows; all columns, or those that were asked for.
    names : tuple of str
        All columns.
    lines : list of str, or None
        Of JSON lines, each record as it was written.
    guessed : str
        What a text that is no UTF-8 was read as; "" where nothing was guessed.
    """

    table: pa.Table | pd.DataFrame
    names: tuple[str, ...]
    lines: list[str] | None = None
    guessed: str = ""


def read(shard: Shard, only: Sequence[str] | None = None) -> Read:
    """A shard; of Parquet and JSON lines, ``only`` some columns.

    Raises
    ------
    InputError
        It is damaged; the message names the shard, and nothing that stands in it.
    """
    import pyarrow as pa

    content = Store(shard.folder).read(shard.name)
    try:
        if shard.kind == "Parquet":
            return _parquet(content, only)
        text, _, guessed = decoded(content, shard.name, strict=True)
        found = _lines(text, shard.name, only) if shard.kind == "JSON lines" else _csv(text, shard.name)
        return replace(found, guessed=guessed)
    except InputError:
        raise
    except (pa.ArrowException, ValueError, KeyError, OSError) as error:
        raise InputError(
            f"{shard.name} can't be read as {shard.kind} ({type(error).__name__}). Write it again, or leave it out."
        ) from None


def as_arrow(table: pa.Table | pd.DataFrame) -> pa.Table:
    """The same as an Arrow table.

    Raises
    ------
    InputError
        A column holds values of more than one type, which is none to Arrow.
    """
    import pyarrow as pa

    if isinstance(table, pa.Table):
        return table
    try:
        return pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
    except (pa.ArrowException, ValueError, TypeError, OverflowError) as error:
        raise InputError(f"A column of a shard holds values of more than one type ({type(error).__name__}).") from None


def vectors_of(table: pa.Table | pd.DataFrame, column: str, name: str) -> NDArray[np.float32]:
    """(n, d) float32 of a column of lists of numbers.

    Raises
    ------
    InputError
        There is no such column, or its lists are not of one length.
    """
    import pyarrow as pa

    if column not in (table.column_names if isinstance(table, pa.Table) else table.columns):
        raise InputError(f"{name} has no column {column!r}, which vectors= names.")
    try:
        lists: Any = (
            table.column(column).combine_chunks() if isinstance(table, pa.Table) else pa.array(table[column], from_pandas=True)
        )
        n = len(lists)
        flat = np.asarray(lists.flatten().cast(pa.float32()))
        if lists.null_count or (n and len(flat) % n) or (n and np.any(np.asarray(lists.value_lengths()) != len(flat) // n)):
            raise ValueError
    except (pa.ArrowException, ValueError, TypeError, AttributeError, OverflowError):
        raise InputError(
            f"The vectors in column {column!r} of {name} must be lists of numbers of one length, none missing."
        ) from None
    return np.ascontiguousarray(flat.reshape(n, -1) if n else np.empty((0, 0), np.float32))


def no_records(name: str, bad: int) -> InputError:
    """Lines are no records: a row that is not read must never pass for one that went."""
    count = "1 line that is" if bad == 1 else f"{bad:,} lines that are"
    return InputError(f"{name} has {count} no JSON object. Mend them, or leave the shard out.")


def _parquet(content: bytes, only: Sequence[str] | None) -> Read:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(pa.BufferReader(content))
    names = tuple(file.schema_arrow.names)
    some = None if only is None else [name for name in names if name in only]
    return Read(file.read(columns=some, use_threads=False), names)


def _lines(text: str, name: str, only: Sequence[str] | None) -> Read:
    import pandas as pd

    names, rows, lines, bad = dict[str, None](), list[dict[str, Any]](), list[str](), 0
    for _, line, record in records_of(text):
        if record is None:
            bad += 1
            continue
        names.update(dict.fromkeys(record))
        rows.append(record if only is None else {name: record[name] for name in only if name in record})
        lines.append(line)
    if bad:
        raise no_records(name, bad)
    some = [name for name in names if only is None or name in only]
    columns = {name: pd.Series([row.get(name) for row in rows], dtype=object) for name in some}
    return Read(pd.DataFrame(columns, index=pd.RangeIndex(len(rows)), columns=some), tuple(names), lines)


def _csv(text: str, name: str) -> Read:
    import pandas as pd

    table = from_separated(text, ".csv", name, strict=True)[0] if text.strip() else pd.DataFrame()
    return Read(table, tuple(map(str, table.columns)))
