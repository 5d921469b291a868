"""A journal put aside as it is, to start afresh."""

from __future__ import annotations

from pathlib import Path

from elute.disk import DISK, Disk
from elute.errors import JournalError
from elute.journal import hold
from elute.journal.file import JournalFile
from elute.journal.waiting import waiting


def put_aside(path: Path, disk: Disk = DISK) -> Path | None:
    """Give a journal another name, with the time, whatever is in it; returns that name, None where there is no journal.

    Raises
    ------
    JournalError
        Another process decides on these rows, not all is on disk, or the name can't be changed.
    """
    if waiting(path, disk).records:
        raise JournalError("Not every decision is saved yet, so none can be put aside. Try again once they are.")
    if not disk.exists(path):
        return None
    try:
        if disk.locks and not hold.claim(hold.claim_of(path), disk):
            raise JournalError(
                f"Another kernel decides on these rows ({hold.holder(hold.claim_of(path))}): they can't be put aside under its hands. "
                "End that kernel first, or give another path=."
            )
        return JournalFile(path, disk).put_aside()
    except JournalError:
        raise
    except OSError as error:
        raise JournalError(f"The journal could not be put aside ({error.strerror or error}): give another path=.") from None
