"""Records that could not be written yet. They belong to the process, not to one journal of it: a cell that is run again finds them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from weakref import WeakKeyDictionary

from elute.decisions import Decision
from elute.disk import Disk

TAKEN = (
    "Decisions are not saved yet, and another kernel decides on these rows now: "
    "session.copy_journal() writes them to a journal of their own."
)


@dataclass(eq=False)
class Waiting:
    """What waits for one file.

    Attributes
    ----------
    records : list of Decision
        Oldest first.
    problem : str
        Why they wait; "" where none do.
    lock : RLock
        Held by who changes them.
    """

    records: list[Decision] = field(default_factory=list)
    problem: str = ""
    lock: threading.RLock = field(default_factory=threading.RLock)


_all: WeakKeyDictionary[Disk, dict[Path, Waiting]] = WeakKeyDictionary()
_guard = threading.Lock()


def waiting(path: Path, disk: Disk) -> Waiting:
    """What waits for the file ``path`` of a disk, the same object for all who ask."""
    with _guard:
        return _all.setdefault(disk, {}).setdefault(path.resolve(), Waiting())


def not_saved(error: OSError, path: Path | None) -> str:
    """Why records wait, in a sentence."""
    why = error.strerror or error
    return f"Decisions are not saved yet ({why}): they are kept in memory, and written to {path} once that works."
