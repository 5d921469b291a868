"""A file that was read, as a value: the table, and what did not become a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

CONVERSATION, TURN, ROLE, TEXT = "conversation", "turn", "role", "text"
"""Columns of a file of chats, one row a message."""


class Place(NamedTuple):
    """A file that can be read again to write its records as they are: where, what its bytes were, and the lines of records, from 0."""

    path: Path
    digest: bytes
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Reading:
    """What was in a file.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a record, in the order of the file; of chats one row a message, with the columns ``conversation`` (which record, from
        0), ``turn``, ``role`` and ``text`` before those of the record.
    files : int
        Files it was read from.
    kind : str
        "csv", "jsonl", "parquet", and so on.
    chats : bool
        Whether records were conversations.
    bad : int
        Lines and records that could not be read, and are no rows.
    notes : tuple of str
        What one should know, a sentence each: bad lines with their numbers, an encoding that was guessed, sheets left out.
    places : tuple of Place
        The files of JSONL, and of Parquet and Arrow without chats: what is in them can be written as it was. Empty for all else.
    records : list of dict
        Of JSON, and of chats of Parquet and Arrow, each as it was read: what it does not say is no null, and tools and the calls of them
        are in no row. Empty for all else.
    """

    table: pd.DataFrame
    files: int = 1
    kind: str = ""
    chats: bool = False
    bad: int = 0
    notes: tuple[str, ...] = ()
    places: tuple[Place, ...] = field(default=(), repr=False)
    records: Sequence[Mapping[str, Any]] = field(default=(), repr=False)

    def __len__(self) -> int:
        return len(self.table)

    def __repr__(self) -> str:
        told = f"{len(self):,} rows of {', '.join(map(str, self.table.columns))}"[:300]
        return "\n".join([f"<elute.read: {told}>", *self.notes])


def bad_lines(count: int, where: Sequence[int], why: str) -> str:
    """A sentence about lines that are no rows; ``where`` are numbers as an editor shows them, from 1."""
    if not count:
        return ""
    shown = places(where)
    return f"{count:,} line{'' if count == 1 else 's'} could not be read and {'is' if count == 1 else 'are'} left out ({shown}): {why}."


def places(lines: Sequence[int]) -> str:
    """The first of these numbers of lines, for a sentence."""
    return ", ".join(f"{line:,}" for line in lines[:5]) + (" and more" if len(lines) > 5 else "")
