"""Which rows the table of a journal had when it was opened last: from this one is told what is new, what is gone, and which other
journals are about nearly the same rows. A cache of ids beside the journal: where it is missing, less is told, and no mask changes."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from elute.corpus.again import COLUMNS, Marked

NAME, MARKS = "rows.npy", "marks.npz"
ALIKE = 0.5
"""Of the rows of either table, how many the other must have for decisions about one to be offered for the other."""
LOOKED_AT = 60
"""Journals that are compared, the newest."""

Ids = NDArray[np.uint64]


@dataclass(frozen=True)
class Elsewhere:
    """A journal of another table with many of the same rows.

    Attributes
    ----------
    folder : Path
    shared, rows : int
        How many rows both tables have, and how many that one has.
    """

    folder: Path
    shared: int
    rows: int


def remember(folder: Path, ids: Ids) -> None:
    """Keep the ids of the rows, shape (n,), in the table's order. Where nothing can be written, nothing is."""
    _keep(folder, NAME, lambda file: np.save(file, ids, allow_pickle=False))


def remember_marks(folder: Path, rows: Marked) -> None:
    """Keep what tells equal texts apart; as :func:`remember`."""
    columns: dict[str, Any] = {name: getattr(rows, name) for name in COLUMNS}
    _keep(folder, MARKS, lambda file: np.savez(file, names=np.array(rows.names), **columns))


def _keep(folder: Path, name: str, write: Callable[[IO[bytes]], None]) -> None:
    temporary = folder / f"{name}.{os.getpid()}.new"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            write(file)
        temporary.replace(folder / name)


def recall_marks(folder: Path) -> Marked | None:
    """What :func:`remember_marks` kept; None where there is nothing, or it is no such thing."""
    try:
        with (folder / MARKS).open("rb") as file, np.load(file, allow_pickle=False) as kept:
            ids, contents, label, group = columns = [kept[name] for name in COLUMNS]
            names = kept["names"].tolist()
    except (OSError, ValueError, EOFError, LookupError, TypeError, AttributeError, BadZipFile):
        return None
    n = len(np.unique(ids))
    if len(names) != 2 or any(one.shape != (n,) or one.dtype != np.uint64 for one in columns):
        return None
    return Marked(ids, contents, label, group, (str(names[0]), str(names[1])))


def recall(folder: Path, whole: bool = True) -> Ids | None:
    """The ids that were kept; None where there are none, or what is there is no list of ids. Without ``whole`` they stay on disk."""
    path = folder / NAME
    try:
        ids = np.load(path, allow_pickle=False, mmap_mode=None if whole else "r")
    except (OSError, ValueError, EOFError):
        return None
    return ids if ids.ndim == 1 and ids.dtype == np.uint64 else None


def compared(before: Ids, now: Ids) -> tuple[int, int]:
    """How many rows are new, and how many are gone."""
    if len(before) == len(now) and np.array_equal(before, now):
        return 0, 0
    shared = len(np.intersect1d(before, now))
    return len(np.unique(now)) - shared, len(np.unique(before)) - shared


def elsewhere(root: Path, ids: Ids, but: Path) -> Elsewhere | None:
    """Of the journals below a folder the one whose table has most of these rows, if it has half of them and they are half of it."""
    found: Elsewhere | None = None
    mine = np.unique(ids)
    for folder in _newest(root):
        other = recall(folder, whole=False)
        if folder == but or other is None or not len(other) or not ALIKE <= len(other) / max(1, len(mine)) <= 1 / ALIKE:
            continue
        sample = np.asarray(other[:: max(1, len(other) // 1000)])
        if np.isin(sample, mine).mean() < ALIKE / 2:
            continue
        shared = len(np.intersect1d(other, mine))
        enough = shared >= ALIKE * max(len(other), len(mine))
        if enough and (found is None or shared > found.shared):
            found = Elsewhere(folder, shared, len(other))
    return found


def _newest(root: Path) -> list[Path]:
    try:
        kept = [(path.stat().st_mtime, path.parent) for path in root.glob(f"*/{NAME}") if not path.is_symlink()]
    except OSError:
        return []
    return [folder for _, folder in sorted(kept, key=lambda one: one[0], reverse=True)[:LOOKED_AT]]
