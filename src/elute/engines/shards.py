"""Shards: the files of a set, in the order of their names."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from elute.engines.store import Store
from elute.errors import InputError, MissingExtraError
from elute.places import expanded
from elute.reading.content import suffix
from elute.reading.read import KINDS as READ

if TYPE_CHECKING:
    import pyarrow as pa

KINDS = {".parquet": "Parquet", ".pq": "Parquet", ".jsonl": "JSON lines", ".ndjson": "JSON lines", ".csv": "CSV"}
WILD = re.compile(r"[*?[]")
"""What makes a pattern of a path; a file may have the last two in its name."""
WORK = "_elute"
"""The folder of what is not a result, within that of the results."""
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


Paths = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


def find(paths: Paths) -> list[Shard]:
    """Shards of a folder, of a pattern with ``*``, or of a list of files and folders, in the order of their names.

    Raises
    ------
    InputError
        There is none, two have one name, one is no Parquet, JSON lines or CSV, or a folder holds results of a run.
    """
    given = listed(paths)
    files = [each for path in given for each in _files(path)[0]]
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


def listed(paths: Paths) -> list[str]:
    """What was given, one by one, with a person's home for ``~``."""
    if hasattr(paths, "columns") or hasattr(paths, "column_names"):
        raise InputError("These are rows, and shards are files: load_recipe(folder).apply(table) takes a table in memory.")
    given = [os.fspath(path) for path in ([paths] if isinstance(paths, (str, os.PathLike)) else paths)]
    return [str(expanded(path)) if path.startswith("~") else path for path in given]


def unread(paths: Paths) -> tuple[str, ...]:
    """Files of the folders among ``paths`` that hold rows to :func:`elute.read` and are no shards, by their names there."""
    return tuple(dict.fromkeys(name for path in listed(paths) for name in _files(path)[1]))


def left_out(names: Sequence[str]) -> str:
    """What is to be said of :func:`unread`, "" where there is none.

    >>> left_out(["b.jsonl.gz"])
    '1 other file of the folder was not read, no shard by its ending: b.jsonl.gz. Convert it if its rows are to count.'
    """
    if not names:
        return ""
    some = ", ".join(names[:3]) + (f" and {len(names) - 3:,} more" if len(names) > 3 else "")
    if len(names) == 1:
        return f"1 other file of the folder was not read, no shard by its ending: {some}. Convert it if its rows are to count."
    return (
        f"{len(names):,} other files of the folder were not read, no shards by their endings: {some}. Convert what is to count."
    )


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


def _files(path: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Folder and name of each shard that a path means; and of a folder the other files that hold rows."""
    if "://" in path:
        return _far_files(path)
    at = Path(path)
    if "*" in path or (WILD.search(path) and not at.exists()):
        first = next(number for number, part in enumerate(at.parts) if WILD.search(part))
        above = Path(*at.parts[:first])
        under = [each for each in above.glob("/".join(at.parts[first:])) if not _hidden(each.relative_to(above).parent)]
        return [(str(each.parent.resolve()), each.name) for each in sorted(under) if each.is_file()], []
    if at.is_dir():
        every = [
            each for each in sorted(at.rglob("*")) if not _hidden(each.relative_to(at).parent) and not each.name.startswith(".")
        ]
        if work := next((each for each in every if each.name == WORK and (each / "jobs").is_dir()), None):
            raise _results(str(work.parent))
        files = [each for each in every if not each.name.startswith("_") and each.is_file()]
        found = [(str(each.parent.resolve()), each.name) for each in files if _suffix(each.name) in KINDS]
        return found, [
            each.relative_to(at).as_posix() for each in files if _suffix(each.name) not in KINDS and suffix(each) in READ
        ]
    if not at.exists():
        raise InputError(f"There is no file {path}.")
    return [(str(at.parent.resolve()), at.name)], []


def _hidden(path: Path) -> bool:
    return any(part.startswith(("_", ".")) for part in path.parts)


def _results(folder: str) -> InputError:
    return InputError(
        f"{folder} holds the results of a run, which are no shards. Give {folder}/data if the rows that stayed are meant, else move them."
    )


def _far_files(path: str) -> tuple[list[tuple[str, str]], list[str]]:
    try:
        import fsspec
    except ImportError:
        raise MissingExtraError(f"Shards at {path.split('://')[0]}://", "recipe") from None
    system, bare = fsspec.core.url_to_fs(path)
    if "*" in bare or not system.isdir(bare):
        names = [name for name in (system.glob(bare) if "*" in bare else [bare]) if not _hidden(Path(name.rsplit("/", 1)[-1]))]
        below = dict.fromkeys(names, "")
    else:
        below = {name: name.removeprefix(bare).strip("/") for name in system.find(bare)}
        if work := next((name for name, at in below.items() if f"/{WORK}/jobs/" in f"/{at}" and not _hidden(_above(at))), None):
            raise _results(system.unstrip_protocol(work.rpartition(f"/{WORK}/jobs/")[0]))
    files = [name for name, at in below.items() if not _hidden(Path(at))]
    whole = [system.unstrip_protocol(name) for name in files if _suffix(name) in KINDS]
    others = [below[name] for name in files if below[name] and _suffix(name) not in KINDS and suffix(Path(name)) in READ]
    return [(name.rsplit("/", 1)[0], name.rsplit("/", 1)[1]) for name in whole], others


def _above(name: str) -> Path:
    """The folders above the first that holds results."""
    return Path(f"/{name}".partition(f"/{WORK}/jobs/")[0].strip("/"))


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
