"""What was read, read again to be written as it is: lines of JSONL, columns of Parquet and Arrow; of the same bytes or not at all."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from hashlib import blake2b
from typing import TYPE_CHECKING

from elute.errors import InputError
from elute.reading.content import content, raw_lines
from elute.reading.reading import Place, Reading

if TYPE_CHECKING:
    import pyarrow as pa

NUMBERS = re.compile(r"__index_level_\d+__")
"""What pandas calls an index without a name: numbers of rows, and none of the user's columns."""


def lines_of(reading: Reading, utf8: bool = False) -> Iterator[bytes]:
    """The records of JSONL as they were written, one a line, in their order; ``utf8`` where others are to stand beside them.

    Raises
    ------
    InputError
        A file is not as it was when it was read: its lines may be other records.
    """
    for place, raw in _again(reading):
        every = raw_lines(raw, place.path.name, alone=len(reading.places) == 1 and not utf8)
        yield from (every[line] for line in place.lines)


def arrow_of(reading: Reading) -> pa.Table | None:
    """The rows of Parquet and Arrow with the types that they have there; None where those of one column do not go together.

    Raises
    ------
    InputError
        A file is not as it was when it was read.
    """
    import pyarrow as pa

    try:
        tables = [arrow_in(raw, reading.kind) for _, raw in _again(reading)]
        return pa.concat_tables(tables, promote_options="permissive") if len(tables) > 1 else tables[0]
    except pa.ArrowException:
        return None


def _again(reading: Reading) -> Iterator[tuple[Place, bytes]]:
    for place in reading.places:
        raw = content(place.path)
        if digest(raw) != place.digest:
            raise InputError(f"{place.path.name} has changed since it was read. Start again once nobody writes to it.")
        yield place, raw


def digest(raw: bytes) -> bytes:
    """By which the bytes of a file are known again."""
    return blake2b(raw, digest_size=16).digest()


def arrow_in(raw: bytes, kind: str) -> pa.Table:
    """The table of a Parquet or Arrow file, without an index that has no name."""
    from pyarrow import feather, parquet

    made: pa.Table = parquet.ParquetFile(io.BytesIO(raw)).read() if kind == "parquet" else feather.read_table(io.BytesIO(raw))
    return made.drop_columns([name for name in made.column_names if NUMBERS.fullmatch(name)])
