"""The cleaned file: JSONL lines as they were, everything else as Parquet or JSONL. No CSV: a cell of it may run as a formula."""

from __future__ import annotations

import importlib.util
import json
import math
from collections.abc import Container, Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.corpus.frames import is_missing
from elute.disk import DISK
from elute.errors import InputError, MissingExtraError
from elute.reading import Reading, arrow_of, lines_of
from elute.reading.chat import LISTS, messages_in
from elute.reading.lines import record_of
from elute.reading.reading import CONVERSATION, TURN

if TYPE_CHECKING:
    import pandas as pd

JSON = ("jsonl", "json", "lines")
"""Kinds of files that come back as JSONL where nothing else is asked for."""
ROWS = "Parquet has a row a message, without tools and their calls: --format jsonl writes conversations as they came."


def form_of(reading: Reading, form: str | None) -> str:
    """The format of what will be written, told before the work begins.

    Raises
    ------
    InputError
        JSONL has no way to say what is in the file.
    MissingExtraError
        Parquet needs a package that is not installed.
    """
    arrow = importlib.util.find_spec("pyarrow") is not None
    if form == "parquet" and not arrow:
        raise MissingExtraError("Writing Parquet", "recipe")
    if form is None:
        form = "jsonl" if reading.kind in JSON or reading.chats or not arrow else "parquet"
    if form == "jsonl":
        _sayable(reading)
    return form


def _sayable(reading: Reading) -> None:
    """Refuse what JSON has no word for: as another value, or not at all, it would be lost."""
    if reading.kind in JSON:
        return
    names = list(map(str, reading.table.columns))
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InputError(f"There are two columns {twice[:60]!r}, and JSONL has one of a name: say --format parquet.")
    table, records = reading.table, reading.records
    held: Iterable[tuple[str, Iterable[Any]]] = (
        ((name, (one.get(name) for one in records)) for name in dict.fromkeys(name for one in records for name in one))
        if records
        else ((name, table.iloc[:, at]) for at, name in enumerate(names) if table.dtypes.iloc[at].kind in "fO")
    )
    for name, values in held:
        if odd := next(filter(None, map(_odd, values)), ""):
            raise InputError(f"There are {odd} in column {name[:60]!r}, which JSONL has no word for: say --format parquet.")


def _odd(value: Any) -> str:
    if isinstance(value, bytes):
        return "bytes"
    if isinstance(value, float):
        return "infinite numbers" if math.isinf(value) else ""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return next(filter(None, map(_odd, inner)), "")


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
    form = form_of(reading, form)
    added = [name for name in clean.columns if name not in reading.table.columns]
    if form == "parquet":
        content = _parquet(reading, clean, keep, added)
        if content is not None:
            return _written(folder / "clean.parquet", content), ROWS if reading.chats else ""
        _sayable(reading)
    note = "" if form == "jsonl" else "Columns of mixed types are no Parquet: written as JSONL."
    if reading.chats and added:
        note += f"{' ' * bool(note)}Conversations were written as they came, without {', '.join(map(str, added))}."
    return _written(folder / "clean.jsonl", b"".join(_lines(reading, clean, keep, added))), note


def _written(path: Path, content: bytes) -> Path:
    DISK.replace(path, content)
    return path


def _parquet(reading: Reading, clean: pd.DataFrame, keep: NDArray[np.bool_], added: list[Any]) -> bytes | None:
    import pyarrow as pa
    from pyarrow import parquet

    made = BytesIO()
    own = arrow_of(reading) if reading.kind in ("parquet", "arrow") and reading.places else None
    try:
        if own is None:
            table = pa.Table.from_pandas(clean, preserve_index=False)
        else:
            table = own.filter(pa.array(keep))
            for name in added:
                table = table.append_column(str(name), pa.array(clean[name], from_pandas=True))
            noted = {name: told for name, told in (own.schema.metadata or {}).items() if name != b"pandas"}
            table = table.replace_schema_metadata({**noted, **_kinds(clean)})
        parquet.write_table(table, made)
    except (pa.ArrowException, ValueError, TypeError):
        return None
    return made.getvalue()


def _kinds(table: pd.DataFrame) -> dict[bytes, bytes]:
    """What pandas is told beside the columns, so that whole numbers stay whole beside missing ones there too."""
    import pyarrow as pa

    try:
        made: dict[bytes, bytes] = pa.Table.from_pandas(table.head(0), preserve_index=False).schema.metadata
        return made
    except (pa.ArrowException, ValueError, TypeError):  # two columns of one name
        return {}


def _lines(reading: Reading, clean: pd.DataFrame, keep: NDArray[np.bool_], added: list[Any]) -> Iterator[bytes]:
    """Each record as it was read, but for messages that went and what was proposed; rows of a table."""
    lines = reading.kind == "jsonl"
    if not lines and not reading.records:
        yield from map(_json, _records(clean, list(clean.columns)))
        return
    chats = reading.chats
    numbers = reading.table[CONVERSATION].to_numpy() if chats else np.arange(len(reading))
    stays = set(numbers[keep].tolist())
    gone = reading.table.loc[~keep].groupby(CONVERSATION)[TURN].agg(set).to_dict() if chats else {}
    gone = {number: turns for number, turns in gone.items() if number in stays}
    beside = _records(clean, added) if added and not chats else None
    found: Iterable[bytes | Mapping[str, Any]] = lines_of(reading, utf8=bool(gone or beside)) if lines else reading.records
    for number, written in enumerate(found):
        if number not in stays:
            continue
        if isinstance(written, bytes) and beside is None and number not in gone:
            yield written + b"\n"
            continue
        record = record_of(written.decode("utf-8", "replace")) if isinstance(written, bytes) else written
        yield _json({**_without(record or {}, gone.get(number, ())), **(next(beside) if beside else {})})


def _records(table: pd.DataFrame, names: list[Any]) -> Iterator[dict[str, Any]]:
    """The rows, by name of column."""
    columns = [table[name].tolist() for name in names]
    return (dict(zip(map(str, names), row, strict=True)) for row in zip(*columns, strict=True))


def _without(record: Mapping[str, Any], turns: Container[int]) -> Mapping[str, Any]:
    """A conversation without some messages: none go from one that stays, unless other groups than conversations were asked for."""
    name = messages_in([record]) or next((known for known in LISTS if isinstance(record.get(known), list)), None)
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
