"""A journal that is only read: what its file holds, in memory."""

from __future__ import annotations

from pathlib import Path

from elute.disk import DISK, Disk
from elute.journal.file import JournalFile
from elute.journal.journal import Journal


def read(path: Path, corpus: str = "", disk: Disk = DISK) -> Journal:
    """The records of a file, none where there is no file. It is neither claimed, mended nor written, and whatever comes after them
    is in memory alone.

    Raises
    ------
    OSError
        The file can't be read.
    """
    lines, note = JournalFile(path, disk).opened(mend=False)
    made = Journal(None, corpus, disk)
    for line in lines:
        made.append(line.decision)
    made.note = note
    return made
