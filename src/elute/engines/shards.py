"""Shards: the files of a set, in the order of their names; each read as one table, and written as one."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.engines.store import Store
from elute.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    import pyarrow as pa

KINDS = {".parquet": "Parquet", ".pq": "Parquet", ".jsonl": "JSON lines", ".ndjson": "JSON lines", ".csv": "CSV"}
MOST = 1 << 23
"""Shards of a set: their number is 23 bits of a row's id."""


@dataclass(frozen=True)
class Shard:
    """A file.

    Attributes
    ----------
    folder : str
        Where it is: a path or an fsspec address.
    name : str
        Its name there, with ``/`` between folders; the name of what is written, too.
    stamp : str
        What changes when the file does.
    """

    folder: str
    name: str
    stamp: str

    @property
    def kind(self) -> str:
        """Parquet, JSON lines or CSV."""
        return KINDS[_suffix(self.name)]


def find(paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]]) -> list[Shard]:
    """Shards of a folder, of a pattern with ``*``, or of a list of files and folders, in the order of their names.

    Raises
    ------
    InputError
        There is none, two have one name, or one is no Parquet, JSON lines or CSV.
    """
    given = [os.fspath(path) for path in ([paths] if isinstance(paths, (str, os.PathLike)) else paths)]
    files = [each for path in given for each in _files(path)]
    if not files:
        raise InputError(
            f"No shard is at {', '.join(given)[:200] or 'an empty list of paths'}. Shards end in {', '.join(KINDS)}."
        )
    odd = [name for _, name in files if _suffix(name) not in KINDS]
    if odd:
        raise InputError(f"{odd[0]} is no shard: their names end in {', '.join(KINDS)}.")
    base = _common([folder for folder, _ in files])
    named = sorted({(f"{folder[len(base) :].strip('/')}/{name}".lstrip("/"), folder, name) for folder, name in files})
    if len(named) > MOST:
        raise InputError(f"{len(named):,} shards are more than the {MOST:,} that fit. Join small ones first.")
    found = []
    for whole, folder, name in named:
        root = base or folder
        found.append(Shard(root, whole if base else name, _stamp(folder, name)))
    outputs = [written_as(shard.name) for shard in found]
    twice = {name for name in outputs if outputs.count(name) > 1} if len(set(outputs)) < len(outputs) else set()
    if twice:
        raise InputError(f"Two shards would be written as {min(twice)}. Rename one of them.")
    return found


def written_as(name: str) -> str:
    """The name of what is written for a shard: as it was, and Parquet for CSV, whose cells a spreadsheet might run."""
    return name[: -len(".csv")] + ".parquet" if name.lower().endswith(".csv") else name


def read(shard: Shard, texts: Sequence[str] = (), only: Sequence[str] | None = None) -> pa.Table:
    """A shard as a table. ``texts`` are columns that a CSV has as text, whatever they look like; of Parquet, ``only`` some are read.

    Raises
    ------
    InputError
        It is damaged; the message names the shard, and nothing that stands in it.
    """
    import pyarrow as pa

    store = Store(shard.folder)
    readers: dict[str, Callable[[bytes], pa.Table]] = {
        "Parquet": lambda content: _parquet(content, only),
        "JSON lines": _lines,
        "CSV": lambda content: _csv(content, texts),
    }
    content = store.read(shard.name)
    try:
        return readers[shard.kind](content)
    except (pa.ArrowException, ValueError, KeyError, OSError) as error:
        raise InputError(
            f"{shard.name} can't be read as {shard.kind} ({type(error).__name__}). Write it again, or leave it out."
        ) from None


def vectors_of(table: pa.Table, column: str, name: str) -> NDArray[np.float32]:
    """(n, d) float32 of a column of lists of numbers.

    Raises
    ------
    InputError
        There is no such column, or its lists are not of one length.
    """
    import pyarrow as pa

    if column not in table.column_names:
        raise InputError(f"{name} has no column {column!r}, which vectors= names.")
    lists = table.column(column).combine_chunks()
    n = len(lists)
    try:
        flat = np.asarray(lists.flatten().cast(pa.float32()))
        if lists.null_count or (n and len(flat) % n) or (n and np.any(np.asarray(lists.value_lengths()) != len(flat) // n)):
            raise ValueError
    except (pa.ArrowException, ValueError, AttributeError):
        raise InputError(
            f"The vectors in column {column!r} of {name} must be lists of numbers of one length, none missing."
        ) from None
    return np.ascontiguousarray(flat.reshape(n, -1) if n else np.empty((0, 0), np.float32))


def content_of(table: pa.Table, name: str) -> bytes:
    """A table as the content of a file of this name."""
    out = io.BytesIO()
    if _suffix(name) in (".jsonl", ".ndjson"):
        import json

        names = table.column_names
        for batch in table.to_batches(max_chunksize=4096):
            rows = zip(*(batch.column(at).to_pylist() for at in range(len(names))), strict=True) if names else ()
            for row in rows:
                line = json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False, default=str)
                out.write(line.encode("utf-8", "backslashreplace") + b"\n")
    else:
        import pyarrow.parquet as pq

        pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def _parquet(content: bytes, only: Sequence[str] | None) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(pa.BufferReader(content))
    # none of them: all, so that rows are still counted, and what is missing is said of the whole shard
    some = None if only is None else [name for name in file.schema_arrow.names if name in only] or None
    return file.read(columns=some, use_threads=False)


def _lines(content: bytes) -> Any:
    import pyarrow as pa
    import pyarrow.json as pj

    if not content.strip():
        return pa.table({})
    # a block holds whole rows: one of 50 MB fits too
    longest = min(max(1 << 20, len(content) + 1), (1 << 31) - 1)
    return pj.read_json(io.BytesIO(content), read_options=pj.ReadOptions(use_threads=False, block_size=longest))


def _csv(content: bytes, texts: Sequence[str]) -> Any:
    import pyarrow as pa
    import pyarrow.csv as pc

    if not content.strip():
        return pa.table({})
    return pc.read_csv(
        io.BytesIO(content),
        read_options=pc.ReadOptions(use_threads=False, block_size=min(max(1 << 20, len(content) + 1), (1 << 31) - 1)),
        parse_options=pc.ParseOptions(newlines_in_values=True),
        convert_options=pc.ConvertOptions(column_types={name: pa.string() for name in texts}, strings_can_be_null=False),
    )


def _suffix(name: str) -> str:
    return Path(name).suffix.lower()


def _files(path: str) -> list[tuple[str, str]]:
    """Folder and name of each shard that a path means."""
    if "://" in path:
        return _far_files(path)
    if "*" in path:
        at = Path(path)
        return [(str(each.parent.resolve()), each.name) for each in sorted(at.parent.glob(at.name)) if each.is_file()]
    at = Path(path)
    if at.is_dir():
        found = sorted(each for each in at.rglob("*") if each.is_file() and _suffix(each.name) in KINDS)
        hidden = [each for each in found if any(part.startswith(("_", ".")) for part in each.relative_to(at).parts)]
        return [(str(each.parent.resolve()), each.name) for each in found if each not in set(hidden)]
    if not at.exists():
        raise InputError(f"There is no file {path}.")
    return [(str(at.parent.resolve()), at.name)]


def _far_files(path: str) -> list[tuple[str, str]]:
    try:
        import fsspec
    except ImportError:
        raise MissingExtraError(f"Shards at {path.split('://')[0]}://", "recipe") from None
    system, bare = fsspec.core.url_to_fs(path)
    names = system.glob(bare) if "*" in bare else system.find(bare) if system.isdir(bare) else [bare]
    shards = [name for name in names if _suffix(name) in KINDS and not name.rsplit("/", 1)[-1].startswith(("_", "."))]
    whole = [system.unstrip_protocol(name) for name in shards]
    return [(name.rsplit("/", 1)[0], name.rsplit("/", 1)[1]) for name in whole]


def _common(folders: Sequence[str]) -> str:
    """The folder that holds all of these, or "" where they have none in common."""
    parts = [folder.split("/") for folder in folders]
    same = []
    for level in zip(*parts, strict=False):
        if len(set(level)) > 1:
            break
        same.append(level[0])
    return "/".join(same) if len(same) > 1 else ""


def _stamp(folder: str, name: str) -> str:
    try:
        return Store(folder).stamp(name)
    except OSError as error:
        return f"unreadable: {type(error).__name__}"
