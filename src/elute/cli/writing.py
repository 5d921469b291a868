"""The cleaned file: JSONL lines as they were, everything else as Parquet or JSONL. No CSV: a cell of it may run as a formula."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Container, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.corpus.frames import is_missing
from elute.disk import DISK
from elute.errors import MissingExtraError
from elute.reading import Reading, lines_of
from elute.reading.chat import messages_in
from elute.reading.reading import CONVERSATION, TURN

if TYPE_CHECKING:
    import pandas as pd

JSON = ("jsonl", "json", "lines")
"""Kinds of files that come back as JSONL where nothing else is asked for."""
ROWS = "Parquet has a row a message, without tools and their calls: --format jsonl writes conversations as they came."


def write_clean(
    folder: Path, reading: Reading, clean: pd.DataFrame, keep: NDArray[np.bool_], form: str | None
) -> tuple[Path, str]:
    """Write ``clean.parquet`` or ``clean.jsonl``. Returns the path, and a sentence where it is not what one would expect.

    Parameters
    ----------
    clean : pandas.DataFrame
        The rows that stay; columns that the file did not have are what was proposed.
    keep : ndarray of shape (n,), bool
    form : {"parquet", "jsonl"}, optional
    """
    arrow = importlib.util.find_spec("pyarrow") is not None
    if form == "parquet" and not arrow:
        raise MissingExtraError("Writing Parquet", "recipe")
    if form is None:
        form = "jsonl" if reading.kind in JSON or reading.chats or not arrow else "parquet"
    if form == "parquet":
        content = _parquet(clean)
        if content is not None:
            return _written(folder / "clean.parquet", content), ROWS if reading.chats else ""
    note = "" if form == "jsonl" else "Columns of mixed types are no Parquet: written as JSONL."
    added = [name for name in clean.columns if name not in reading.table.columns]
    if reading.chats and added:
        note += f"{' ' * bool(note)}Conversations were written as they came, without {', '.join(map(str, added))}."
    return _written(folder / "clean.jsonl", b"".join(_lines(reading, clean, keep, added))), note


def _written(path: Path, content: bytes) -> Path:
    DISK.replace(path, content)
    return path


def _parquet(table: pd.DataFrame) -> bytes | None:
    import pyarrow as pa
    from pyarrow import parquet

    made = BytesIO()
    try:
        parquet.write_table(pa.Table.from_pandas(table, preserve_index=False), made)
    except (pa.ArrowException, ValueError, TypeError):
        return None
    return made.getvalue()


def _lines(reading: Reading, clean: pd.DataFrame, keep: NDArray[np.bool_], added: list[Any]) -> Iterator[bytes]:
    numbers = reading.table[CONVERSATION].to_numpy() if reading.chats else np.arange(len(reading))
    stays = set(numbers[keep].tolist())
    if reading.places and (reading.chats or not added):
        yield from (line + b"\n" for number, line in enumerate(lines_of(reading)) if number in stays)
    elif reading.chats:
        gone = reading.table.loc[~keep].groupby(CONVERSATION)[TURN].agg(set).to_dict()
        yield from (_json(_without(reading.records[number], gone.get(number, ()))) for number in sorted(stays))
    else:
        columns = [clean.iloc[:, at].tolist() for at in range(len(clean.columns))]
        yield from (_json(dict(zip(map(str, clean.columns), row, strict=True))) for row in zip(*columns, strict=True))


def _without(record: Mapping[str, Any], turns: Container[int]) -> Mapping[str, Any]:
    """A conversation without some messages: none go from one that stays, unless other groups than conversations were asked for."""
    name = messages_in([record])
    if not turns or name is None:
        return record
    return {**record, name: [message for turn, message in enumerate(record[name]) if turn not in turns]}


def _json(record: Mapping[str, Any]) -> bytes:
    return json.dumps(_there(record), default=str).encode() + b"\n"


def _there(value: Any) -> Any:
    """With null for all that is missing, in lists and objects too; arrays are lists, of one value as of many."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "mM":  # their own tolist() has nanoseconds as numbers
        import pandas as pd

        value = pd.Series(value).tolist()
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, dict):
        return {name: _there(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_there(each) for each in value]
    return None if is_missing(value) else value
