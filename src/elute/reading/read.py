"""One file or a folder of them, by the ending of the name."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from elute.errors import InputError, MissingExtraError
from elute.reading.chat import LISTS, flattened, messages_in
from elute.reading.content import content, decoded, raw_lines, suffix
from elute.reading.exact import joined, numbers
from elute.reading.lines import from_lines, from_list, split
from elute.reading.reading import Place, Reading
from elute.reading.separated import from_separated, numbered
from elute.reading.workbook import workbook

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

KINDS = {
    ".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".parquet": "parquet", ".pq": "parquet",
    ".feather": "arrow", ".arrow": "arrow", ".xlsx": "sheet", ".xlsm": "sheet", ".xls": "sheet", ".ods": "sheet", ".txt": "lines",
    ".md": "lines",
}  # fmt: skip
"""Formats by ending; .gz, .bz2 and .xz may follow."""
NUMBERS = re.compile(r"__index_level_\d+__")
"""What pandas calls an index without a name: numbers of rows, and none of the user's columns."""


def read(path: str | Path, *, sheet: str | None = None) -> Reading:
    """A file as a table.

    Parameters
    ----------
    path : str or Path
        CSV (any separator), JSONL and JSON (chats with ``messages`` become one row a message), Parquet, Arrow, Excel, plain text with
        one text a line; packed by gzip, bzip2 or xz. A folder: its files of one format, one after the other; of plain text one text
        a file.
    sheet : str, optional
        Of a workbook; the first one where it is not given.

    Raises
    ------
    InputError
        The file is not there, is damaged, or of no format that is known.
    MissingExtraError
        The format needs a package that is not installed.

    Examples
    --------
    >>> _ = (tmp_path / "few.csv").write_text("text,label\\nthe cat sat,pets\\nstocks fell,money\\n")
    >>> elute.read(tmp_path / "few.csv")
    <elute.read: 2 rows of text, label>
    """
    path = Path(path).expanduser()
    if path.is_dir():
        return _folder(path, sheet)
    kind = KINDS.get(suffix(path))
    if kind is None:
        if not path.exists():
            raise InputError(f"There is no file {path}: check the name.")
        raise InputError(
            f"{path.name}: the ending tells no format. elute reads {' '.join(KINDS)}, packed or not, and folders of these."
        )
    return _typed(_file(path, kind, sheet))


def _file(path: Path, kind: str, sheet: str | None) -> Reading:
    """One file; values of CSV are texts still, since what a column holds is said by all files of a folder."""
    raw = content(path)
    if kind in ("parquet", "arrow"):
        found = _columns(raw, kind, path.name)
        return found if found.chats else replace(found, places=(Place(path, _digest(raw)),))
    if kind == "sheet":
        return workbook(raw, path.name, sheet)
    text, note, _ = decoded(raw, path.name)
    if kind == "csv":
        table, bad, told = from_separated(text, suffix(path), path.name)
        return Reading(table, kind=kind, bad=bad, notes=_said(note, told))
    if kind == "lines":
        return Reading(table_of([{"text": line} for line in split(text)], ["text"]), kind=kind, notes=_said(note))
    if kind == "jsonl":
        records, lines, bad, told = from_lines(text)
    else:
        records, bad, told = from_list(text, path.name)
        lines = []
    if not records:
        raise InputError(f"{path.name} holds no record{': ' + told if told else '.'}")
    made = _records(records, kind, bad, _said(note, told))
    return replace(made, places=(Place(path, _digest(raw), tuple(lines)),)) if kind == "jsonl" else made


def _typed(reading: Reading) -> Reading:
    return replace(reading, table=numbered(reading.table)) if reading.kind == "csv" else reading


def _records(records: list[dict[str, Any]], kind: str, bad: int, notes: tuple[str, ...]) -> Reading:
    name = messages_in(records)
    held = records if kind != "jsonl" else []
    if name is None:
        return Reading(table_of(records), kind=kind, bad=bad, notes=notes, records=held)
    return Reading(table_of(flattened(records, name)), kind=kind, chats=True, bad=bad, notes=notes, records=held)


def table_of(rows: list[dict[str, Any]], columns: Iterable[str] = ()) -> pd.DataFrame:
    """Records as a table, the columns in the order in which they come first."""
    import pandas as pd

    names = list(dict.fromkeys([*columns, *(name for row in rows for name in row)]))
    try:
        made = pd.DataFrame(rows, columns=names)
    except (UnicodeEncodeError, OverflowError):  # half of a surrogate pair, a number beyond 64 bits: kept as they are
        return pd.DataFrame(rows, columns=names, dtype=object)
    for name in names:
        if made[name].dtype == "float64":
            values = [row.get(name) for row in rows]
            made[name] = numbers(values) if any(isinstance(value, int) for value in values) else made[name]
    return made


def _columns(raw: bytes, kind: str, name: str) -> Reading:
    try:
        import pyarrow as pa
    except ImportError:
        raise MissingExtraError(f"Reading {name}", "recipe") from None
    try:
        made = _arrow(raw, kind)
        if any(known in made.column_names for known in LISTS) and messages_in(rows := made.to_pylist()) is not None:
            return _records(rows, kind, 0, ())
        return Reading(_frame(made), kind=kind)
    except (pa.ArrowException, OSError, ValueError):
        raise InputError(
            f"{name} is no whole {kind.capitalize()} file: it is damaged, or another format under that name."
        ) from None


def _arrow(raw: bytes, kind: str) -> pa.Table:
    from pyarrow import feather, parquet

    made: pa.Table = parquet.ParquetFile(io.BytesIO(raw)).read() if kind == "parquet" else feather.read_table(io.BytesIO(raw))
    return made.drop_columns([name for name in made.column_names if NUMBERS.fullmatch(name)])


def _frame(made: pa.Table) -> pd.DataFrame:
    """Whole numbers stay whole beside missing ones, in lists too."""
    import pyarrow as pa

    # without what pandas noted beside the columns: an index that has a name is a column as well
    table: pd.DataFrame = made.to_pandas(integer_object_nulls=True, ignore_metadata=True)
    names = made.column_names
    for at, name in enumerate(names):
        kind = made.schema.field(at).type
        if names.count(name) == 1 and pa.types.is_integer(kind) and made.column(at).null_count:
            table[name] = table[name].astype("UInt64" if pa.types.is_unsigned_integer(kind) else "Int64")
    return table


def _folder(folder: Path, sheet: str | None) -> Reading:
    """Files of the commonest format of a folder, by name; what is hidden, of another format or a link out of the folder is not read."""
    import pandas as pd

    root = folder.resolve()
    found = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith((".", "_")))
    ours = [path for path in found if suffix(path) in KINDS and path.resolve().is_relative_to(root)]
    if not ours:
        raise InputError(f"There is no file in {folder} that elute reads: {' '.join(KINDS)}, packed or not.")
    kinds = Counter(KINDS[suffix(path)] for path in ours)
    kind = max(kinds, key=lambda known: kinds[known])
    chosen = [path for path in ours if KINDS[suffix(path)] == kind]
    notes = [f"{len(found) - len(chosen):,} other files of the folder were not read."] if len(found) > len(chosen) else []
    if kind == "lines":
        rows = []
        for path in chosen:
            text, note, _ = decoded(content(path), path.name)
            rows.append({"file": path.name, "text": text})
            notes += [note] if note else []
        return Reading(pd.DataFrame(rows), len(chosen), kind, notes=tuple(notes))
    parts = [_file(path, kind, sheet) for path in chosen]
    if len({part.chats for part in parts}) > 1:
        raise InputError(f"Some files of {folder} hold chats and some do not: read them one by one.")
    first = 0
    for part in parts:
        if part.chats:
            part.table["conversation"] += first
            first = int(part.table["conversation"].iloc[-1]) + 1
    table = joined([part.table for part in parts])
    told = [f"{path.name}: {note}" for path, part in zip(chosen, parts, strict=True) for note in part.notes]
    places = tuple(place for part in parts for place in part.places)
    records = [record for part in parts for record in part.records]
    bad = sum(part.bad for part in parts)
    return _typed(Reading(table, len(parts), kind, parts[0].chats, bad, (*notes, *told), places, records))


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
        tables = [_arrow(raw, reading.kind) for _, raw in _again(reading)]
        return pa.concat_tables(tables, promote_options="permissive") if len(tables) > 1 else tables[0]
    except pa.ArrowException:
        return None


def _again(reading: Reading) -> Iterator[tuple[Place, bytes]]:
    for place in reading.places:
        raw = content(place.path)
        if _digest(raw) != place.digest:
            raise InputError(f"{place.path.name} has changed since it was read. Start again once nobody writes to it.")
        yield place, raw


def _digest(raw: bytes) -> bytes:
    return blake2b(raw, digest_size=16).digest()


def _said(*notes: str) -> tuple[str, ...]:
    return tuple(note for note in notes if note)
