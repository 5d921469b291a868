"""One file or a folder of them, by the ending of the name."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from elute.errors import InputError, MissingExtraError
from elute.reading.as_written import arrow_in, digest
from elute.reading.chat import LISTS, flattened, messages_in
from elute.reading.content import content, decoded, suffix
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


def read(path: str | Path, *, sheet: str | None = None) -> Reading:
    """A file as a table.

    Parameters
    ----------
    path : str or Path
        CSV (any separator), JSONL and JSON (chats with ``messages`` become one row a message), Parquet, Arrow, Excel, plain text with
        one text a line; packed by gzip, bzip2 or xz. A folder: its files of the commonest format, one after the other; where there is
        nothing but plain text, one text a file. What of it was not read is said in ``notes``.
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
    return _typed(_file(path, kind, sheet, content(path)))


def _file(path: Path, kind: str, sheet: str | None, raw: bytes) -> Reading:
    """One file; values of CSV are texts still, since what a column holds is said by all files of a folder."""
    if kind in ("parquet", "arrow"):
        found = _columns(raw, kind, path.name)
        return found if found.chats else replace(found, places=(Place(path, digest(raw)),))
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
    return replace(made, places=(Place(path, digest(raw), tuple(lines)),)) if kind == "jsonl" else made


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
        made = arrow_in(raw, kind)
        if any(known in made.column_names for known in LISTS) and messages_in(rows := made.to_pylist()) is not None:
            return _records(rows, kind, 0, ())
        return Reading(_frame(made), kind=kind)
    except (pa.ArrowException, OSError, ValueError):
        raise InputError(
            f"{name} is no whole {kind.capitalize()} file: it is damaged, or another format under that name."
        ) from None


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
    """Files of the commonest format of a folder, by name; what is hidden, of another format or a link out of the folder is not read.

    Plain text counts only where nothing else is there: it mostly says something about the data beside it.
    """
    import pandas as pd

    every = sorted(path for path in folder.iterdir() if not path.name.startswith((".", "_")))
    found, root = [path for path in every if path.is_file()], folder.resolve()
    out = [path for path in every if path.is_symlink() and not path.resolve().is_relative_to(root)]
    ours = [path for path in found if suffix(path) in KINDS and path not in set(out)]
    kinds = Counter(KINDS[suffix(path)] for path in ours)
    if len(kinds) > 1:
        del kinds["lines"]  # what is said about data that stands beside it
    kind = max(kinds, key=lambda known: kinds[known], default="")
    chosen = [path for path in ours if KINDS[suffix(path)] == kind]
    notes = [*_links(out), *_unread([path for path in found if path not in {*out, *chosen}]), *_within(every)]
    if not ours:
        raise InputError(" ".join([f"There is no file in {folder} that elute reads: {' '.join(KINDS)}, packed or not.", *notes]))
    if kind == "lines":
        rows = []
        for path in chosen:
            text, note, _ = decoded(content(path), path.name)
            rows.append({"file": path.name, "text": text})
            notes += [note] if note else []
        return Reading(pd.DataFrame(rows), len(chosen), kind, notes=tuple(notes))
    parts, empty = list[Reading](), list[Path]()
    for path in chosen:
        raw = content(path)
        if kind in ("csv", "jsonl") and (not raw or raw.isspace()):  # a part to which no row fell
            empty.append(path)
        else:
            parts.append(_file(path, kind, sheet, raw))
    chosen = [path for path in chosen if path not in set(empty)]
    if empty:
        notes.append(f"{_counted(empty, 'file', 'of the folder')} {'is' if len(empty) == 1 else 'are'} empty: {_names(empty)}.")
    if not parts:
        raise InputError(f"There is no row in {folder}: {notes[-1]}")
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


def _links(paths: list[Path]) -> list[str]:
    lead, were, each = ("leads", "was", "it") if len(paths) == 1 else ("lead", "were", "each")
    said = f"{lead} out of the folder {were} not followed: {_names(paths)}."
    ask = f"Give {each} by itself, or copy into the folder what is meant."
    return [f"{_counted(paths, 'link', 'that')} {said} {ask}"] if paths else []


def _unread(paths: list[Path]) -> list[str]:
    were = "was" if len(paths) == 1 else "were"
    return [f"{_counted(paths, 'other file', 'of the folder')} {were} not read: {_names(paths)}."] if paths else []


def _within(every: list[Path]) -> list[str]:
    """Of the folders among these, those that hold files that would be read; none that is hidden, or a link."""
    held = [path for path in every if path.is_dir() and not path.is_symlink() and _holds(path)]
    were, each = ("was", "Read it") if len(held) == 1 else ("were", "Read each")
    return [f"{_counted(held, 'folder', 'within it')} {were} not read: {_names(held)}. {each} by itself."] if held else []


def _holds(folder: Path) -> bool:
    for _, folders, names in os.walk(folder):
        if any(suffix(Path(name)) in KINDS and not name.startswith((".", "_")) for name in names):
            return True
        folders[:] = [name for name in folders if not name.startswith((".", "_"))]
    return False


def _counted(paths: list[Path], what: str, where: str) -> str:
    return f"{len(paths):,} {what}{'' if len(paths) == 1 else 's'} {where}"


def _names(paths: list[Path]) -> str:
    return ", ".join(path.name for path in paths[:3]) + (f" and {len(paths) - 3:,} more" if len(paths) > 3 else "")


def _said(*notes: str) -> tuple[str, ...]:
    return tuple(note for note in notes if note)
