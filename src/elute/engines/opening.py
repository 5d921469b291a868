"""A shard as rows to judge, and which of its content stays: tables row by row, chats by conversations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from elute.engines import shards
from elute.engines.chats import chats_of
from elute.engines.shards import Shard
from elute.engines.store import Store
from elute.engines.tables import Read, as_arrow, read
from elute.errors import InputError
from elute.recipe import Recipe


class Opened(Protocol):
    """A shard that was read."""

    @property
    def rows(self) -> Any:
        """The table that the recipe judges: all of its columns, or those that were asked for."""

    @property
    def names(self) -> tuple[str, ...]:
        """All columns of the table, read or not."""

    @property
    def places(self) -> dict[str, NDArray[np.int64]]:
        """Columns that say where in the file each row is, where its number does not."""

    @property
    def guessed(self) -> str:
        """What a text that is no UTF-8 was read as; "" where nothing was guessed."""

    def __len__(self) -> int: ...

    def kept(self, shard: Shard, keep: NDArray[np.bool_], whole: bool) -> bytes:
        """The content of the file that is written; ``whole``: rows go by groups."""


@dataclass(frozen=True, eq=False)
class Plain:
    """A table, one row a record; an empty cell in one of ``gaps`` is missing to the recipe, and written as it was."""

    read: Read
    gaps: tuple[str, ...] = ()

    @property
    def rows(self) -> Any:
        if not self.gaps:
            return self.read.table
        table = self.read.table.copy(deep=False)
        for name in self.gaps:
            if name in self.names:
                table[name] = table[name].where(table[name] != "", None)
        return table

    @property
    def names(self) -> tuple[str, ...]:
        return self.read.names

    @property
    def places(self) -> dict[str, NDArray[np.int64]]:
        return {}

    @property
    def guessed(self) -> str:
        return self.read.guessed

    def __len__(self) -> int:
        return len(self.read.table)

    def kept(self, shard: Shard, keep: NDArray[np.bool_], whole: bool) -> bytes:
        """The rows that stay; of JSON lines, each as it was written."""
        import pyarrow as pa

        if (lines := self.read.lines) is not None:
            return "".join(f"{lines[at]}\n" for at in np.flatnonzero(keep).tolist()).encode("utf-8", "backslashreplace")
        return shards.content_of(as_arrow(self.read.table).filter(pa.array(keep)))


def opened(
    recipe: Recipe, shard: Shard, only: Sequence[str] | None = None, vectors: str = "", columns: Mapping[str, str] | None = None
) -> Opened:
    """A shard as the session's reading had its file.

    Parameters
    ----------
    only : as :func:`elute.engines.tables.read` takes it
    vectors : str
        Column with a vector for each row.
    columns : mapping, optional
        Name that the recipe knows to that of the shard.

    Raises
    ------
    InputError
        It is damaged, holds chats and is to have a vector for each row, or has changed since the run began.
    """
    chats = chats_of(recipe, shard)
    reads = recipe.reads
    gaps = (*reads.text_columns, *reads.fill_columns) if reads.gaps and shard.kind == "CSV" else ()
    named = tuple((columns or {}).get(name, name) for name in dict.fromkeys(gaps))
    found: Opened = Plain(_with_columns(read(shard, only), only), named) if chats is None else chats
    unchanged(shard)
    if chats is not None and vectors:
        raise InputError(f"{shard.name} holds chats, which have no column with a vector for each message. Leave vectors= out.")
    return found


def _with_columns(found: Read, only: Sequence[str] | None) -> Read:
    """A shard without a byte, to which no row fell, lacks no column: one that holds nothing is no damaged one."""
    import pandas as pd

    if found.names or len(found.table) or not only:
        return found
    names = tuple(name for name in dict.fromkeys(only) if name)
    return replace(found, table=pd.DataFrame({name: pd.Series(dtype=object) for name in names}), names=names)


def unchanged(shard: Shard) -> None:
    """Asked once a shard is read: what was said of its rows is true of no other.

    Raises
    ------
    InputError
        It is not as it was when the run began.
    """
    if not Store(shard.folder).same(shard.name, shard.stamp):
        raise InputError(f"{shard.name} has changed while it was worked on. Start again once nobody writes to it.")
