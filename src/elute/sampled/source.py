"""All rows, read part by part: blocks of a table in memory, or shards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from elute.corpus.frames import Frame, as_frame
from elute.embed.given import Precomputed
from elute.engines import shards
from elute.engines.tables import as_arrow, read, vectors_of
from elute.errors import InputError
from elute.places import expanded
from elute.reading.chat import LISTS, LOOK_AT, messages_in
from elute.reading.content import suffix
from elute.reading.read import KINDS

if TYPE_CHECKING:
    import pyarrow as pa

BLOCK = 50_000
"""Rows of a part of a table in memory."""


class Source(Protocol):
    """Where the rows are."""

    def __len__(self) -> int:
        """Parts."""

    def read(self, part: int) -> Any:
        """A part as a table."""

    def vectors(self, part: int, table: Any) -> NDArray[np.float32] | None:
        """The vectors of a part that was read; None where an embedder makes them."""

    def take(self, rows: Sequence[NDArray[np.int64]]) -> Any:
        """Some rows of each part as one table."""


@dataclass(frozen=True, eq=False)
class Table:
    """A table in memory, with a vector for each row where there are any."""

    frame: Frame
    X: NDArray[Any] | None = None

    @classmethod
    def of(cls, data: Any, X: Any = None) -> Table:
        """Any table that a session takes; ``X`` of shape (n, d).

        Raises
        ------
        InputError
            There is not one vector a row.
        """
        frame = as_frame(data)
        array = None if X is None else Precomputed(X).array
        if array is not None and len(array) != len(frame):
            raise InputError(f"{len(array):,} vectors for {len(frame):,} rows: there must be one for each.")
        return cls(frame, array)

    def __len__(self) -> int:
        return -(-len(self.frame) // BLOCK)

    def read(self, part: int) -> Any:
        return self.frame.take(self._block(part))

    def vectors(self, part: int, table: Any) -> NDArray[np.float32] | None:
        return None if self.X is None else np.asarray(self.X[part * BLOCK : (part + 1) * BLOCK], np.float32)

    def take(self, rows: Sequence[NDArray[np.int64]]) -> Any:
        some = np.zeros(len(self.frame), bool)
        for part, places in enumerate(rows):
            some[part * BLOCK + places] = True
        return self.frame.take(some)

    def _block(self, part: int) -> NDArray[np.bool_]:
        some = np.zeros(len(self.frame), bool)
        some[part * BLOCK : (part + 1) * BLOCK] = True
        return some


@dataclass(frozen=True, eq=False)
class Shards:
    """Files, in the order of their names; ``column`` holds a vector for each row, "" where there are none."""

    files: tuple[shards.Shard, ...]
    column: str = ""

    def __len__(self) -> int:
        return len(self.files)

    def read(self, part: int) -> Any:
        return read(self.files[part]).table

    def vectors(self, part: int, table: Any) -> NDArray[np.float32] | None:
        return vectors_of(table, self.column, self.files[part].name) if self.column else None

    def take(self, rows: Sequence[NDArray[np.int64]]) -> Any:
        import pyarrow as pa

        # the vectors stay behind: the session has them as an array
        some = [as_arrow(self.read(part)).take(pa.array(places)) for part, places in enumerate(rows) if len(places)]
        bare = [table.drop_columns([self.column]) if self.column else table for table in some]
        try:
            return pa.concat_tables(bare, promote_options="permissive")
        except pa.ArrowException as error:
            names = [file.name for file, places in zip(self.files, rows, strict=True) if len(places)]
            raise InputError(_apart(bare, names) or f"The shards do not go together ({type(error).__name__}).") from None


def _apart(tables: Sequence[pa.Table], names: Sequence[str]) -> str:
    """Which column has types in two shards that do not go together; "" where no two are found."""
    import pyarrow as pa

    first: dict[str, tuple[pa.DataType, str]] = {}
    for table, name in zip(tables, names, strict=True):
        for field in table.schema:
            kind, where = first.setdefault(field.name, (field.type, name))
            try:
                pa.unify_schemas([pa.schema([(field.name, kind)]), pa.schema([field])], promote_options="permissive")
            except pa.ArrowException:
                said = f"Column {field.name[:60]!r} is {kind} in {where} and {field.type} in {name}"
                return f"{said}: a sample is one table. Write these shards in one format, with one type."
    return ""


def holds_chats(table: Any) -> bool:
    """Whether the records of a shard are conversations, as :func:`elute.read` tells it."""
    names = [name for name in (table.columns if hasattr(table, "iloc") else table.column_names) if name in LISTS]
    if not names or len(set(names)) < len(names):
        return False
    first = (
        table[names].head(LOOK_AT).to_dict("records")
        if hasattr(table, "iloc")
        else table.select(names).slice(0, LOOK_AT).to_pylist()
    )
    return messages_in(first) is not None


def are_paths(data: Any) -> bool:
    """Whether these are shards: a path, or a list of paths: each ends as a file that elute reads does, or is a folder that is there."""
    if isinstance(data, list):
        return bool(data) and all(map(_is_path, data[:20]))
    return isinstance(data, str) or hasattr(data, "__fspath__")


def _is_path(one: Any) -> bool:
    if not isinstance(one, str):
        return hasattr(one, "__fspath__")
    if one.lower().endswith(tuple(shards.KINDS)):
        return True
    return (
        len(one) < 1000
        and "\0" not in one
        and (expanded(one).is_dir() or (suffix(Path(one)) in KINDS and expanded(one).is_file()))
    )
