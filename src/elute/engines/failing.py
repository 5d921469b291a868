"""What went wrong with a shard, in one sentence that holds nothing of what stands in it."""

from __future__ import annotations

import errno
import traceback
from pathlib import Path

from elute.errors import EluteError

_TOLD = {
    errno.ENOSPC: "No space is left where the shards are written. Free some, and start again: what is done is not done twice.",
    errno.EDQUOT: "The quota is used up where the shards are written. Free some, and start again: what is done is not done twice.",
    errno.EACCES: "This file or folder may not be read or written by the person who runs this. Change its rights, and start again.",
    errno.EROFS: "The folder that is written to is on a disk that can only be read. Choose another.",
    errno.EXDEV: "The folder of the results reaches over more than one disk: another is mounted in it. Choose one on a single disk.",
    errno.ENOENT: "The file is gone, or this worker does not see it: all workers need the same shared folder.",
}


def sentence(error: BaseException) -> str:
    """A sentence for the person. Messages of other libraries may hold a row of the table, so none of them is passed on."""
    if isinstance(error, EluteError):
        return str(error)
    if isinstance(error, MemoryError):
        return "The shard does not fit into the memory of a worker. Write it as several smaller ones."
    if isinstance(error, OSError) and error.errno in _TOLD:
        return _TOLD[error.errno]
    if isinstance(error, PermissionError):
        return _TOLD[errno.EACCES]
    if isinstance(error, FileNotFoundError):
        return _TOLD[errno.ENOENT]
    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = f" at {Path(last[0].filename).name}:{last[0].lineno}" if last else ""
    return f"{type(error).__name__}{place}. This is elute's to mend: please tell its maintainers, without your data."
