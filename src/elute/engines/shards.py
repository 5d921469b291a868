"""Shards: the files of a set, in the order of their names."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

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


def content_of(table: pa.Table) -> bytes:
    """A table as the content of a Parquet file."""
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


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
