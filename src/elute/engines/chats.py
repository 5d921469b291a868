"""Chats in shards: a message is a row while they are judged, as :func:`elute.read` has it, and what is written are conversations.

Which messages a conversation is written with is said by the recipe. Where its rows go by groups, a conversation with a hole in it is
worse than none: it is written as it came as long as one of its messages stays. Where rows go one by one, those that went are not in it.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.engines.shards import Shard, content_of
from elute.engines.store import Store
from elute.engines.tables import as_arrow, no_records
from elute.engines.tables import read as read_shard
from elute.reading.chat import LISTS, flattened, messages_in
from elute.reading.content import decoded
from elute.reading.lines import from_lines, split
from elute.reading.read import table_of
from elute.reading.reading import CONVERSATION, TURN
from elute.recipe import Recipe

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Chats:
    """The conversations of a shard.

    Attributes
    ----------
    rows : pandas.DataFrame
        One message a row, as :func:`elute.read` gives them, but for ``conversation``: it names the shard too, since every shard counts
        its own from 0.
    number, turn : ndarray of shape (n,), int64
        Which record of the shard a row is of, and which message of that.
    name : str
        Where the messages of a record are.
    records : list of dict
    lines : list of str, or None
        Of JSON lines, each record as it was written.
    guessed : str
        What a text that is no UTF-8 was read as; "" where nothing was guessed.
    """

    rows: pd.DataFrame
    number: NDArray[np.int64]
    turn: NDArray[np.int64]
    name: str
    records: list[dict[str, Any]]
    lines: list[str] | None
    guessed: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(map(str, self.rows.columns))

    @property
    def places(self) -> dict[str, NDArray[np.int64]]:
        return {CONVERSATION: self.number, TURN: self.turn}

    def __len__(self) -> int:
        return len(self.rows)

    def kept(self, shard: Shard, keep: NDArray[np.bool_], whole: bool) -> bytes:
        """The content of a file with the conversations that stay, in their order; ``whole`` as the head of this file says."""
        count = np.bincount(self.number, minlength=len(self.records))
        stay = np.bincount(self.number[keep], minlength=len(self.records))
        there = np.flatnonzero(stay)
        holes = {} if whole else {int(at): self._without(int(at), keep) for at in there[stay[there] < count[there]]}
        if self.lines is not None:
            lines = [json.dumps(holes[at], ensure_ascii=False) if at in holes else self.lines[at] for at in there.tolist()]
            return "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace")
        import pyarrow as pa

        table = as_arrow(read_shard(shard).table).take(pa.array(there))
        if holes:
            place = table.column_names.index(self.name)
            told = [(holes[at] if at in holes else self.records[at])[self.name] for at in there.tolist()]
            table = table.set_column(place, table.schema.field(place), pa.array(told, table.schema.field(place).type))
        return content_of(table)

    def _without(self, at: int, keep: NDArray[np.bool_]) -> dict[str, Any]:
        """A record with the messages that stay."""
        first, last = np.searchsorted(self.number, [at, at + 1])
        said = self.records[at][self.name]
        return {**self.records[at], self.name: [said[turn] for turn in self.turn[first:last][keep[first:last]].tolist()]}


def chats_of(recipe: Recipe, shard: Shard) -> Chats | None:
    """The conversations of a shard; None where the session's rows were no messages of chats, or the shard holds no chats.

    Raises
    ------
    InputError
        A line is no record: a conversation that is not read must never pass for one that went.
    """
    if not recipe.reads.chats or shard.kind == "CSV":
        return None
    raw = Store(shard.folder).read(shard.name)
    lines: list[str] | None = None
    bad, guessed = 0, ""
    if shard.kind == "JSON lines":
        text, _, guessed = decoded(raw, shard.name, strict=True)
        records, at, bad, _ = from_lines(text)
        every = split(text)
        lines = [every[line] for line in at]
    else:
        records = _records(raw)
    name = messages_in(records)
    if name is None:
        return None
    if bad:
        raise no_records(shard.name, bad)
    rows = table_of(flattened(records, name))
    number, turn = (rows[column].to_numpy(np.int64) for column in (CONVERSATION, TURN))
    rows[CONVERSATION] = [f"{shard.name}:{one}" for one in number.tolist()]
    return Chats(rows, number, turn, name, records, lines, guessed)


def _records(raw: bytes) -> list[dict[str, Any]]:
    """Of Parquet with a column that may hold messages; none where there is no such column, or it is damaged, which its reader says."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(raw))
        if not any(known in file.schema_arrow.names for known in LISTS):
            return []
        records: list[dict[str, Any]] = file.read(use_threads=False).to_pylist()
    except (pa.ArrowException, OSError, ValueError):
        return []
    return records
