"""All that the journal and the archive do to a disk, behind one small object: tests put one in its place that fails, dies or forgets.

Nothing here knows what a decision is. Errors are those of the system (``OSError``).
"""

from __future__ import annotations

import errno
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows and Pyodide have none; one kernel a file is then the rule, and nobody watches over it
    fcntl = None


class Disk:
    """The real one. Files are unbuffered: a buffer that could not be flushed would be written at close, behind our back.

    Attributes
    ----------
    locks : bool
        Whether a file can be locked here, so that two processes can tell whose it is.
    """

    locks = fcntl is not None

    def exists(self, path: Path) -> bool:
        return path.exists()

    def read(self, path: Path) -> bytes:
        return path.read_bytes()

    def place(self, path: Path) -> tuple[int, int]:
        """Which file a name leads to (inode), and how long it is, in bytes."""
        found = path.stat()
        return found.st_ino, found.st_size

    def place_of(self, file: IO[bytes]) -> tuple[int, int]:
        """The same of an open file."""
        found = os.fstat(file.fileno())
        return found.st_ino, found.st_size

    def make_folder(self, folder: Path) -> None:
        """Make a folder and those above it; their names are on disk when this returns."""
        missing = [each for each in (folder, *folder.parents) if not self.exists(each)]
        folder.mkdir(parents=True, exist_ok=True)
        for each in reversed(missing):
            self.sync_folder(each.parent)

    def open(self, path: Path, write: bool = True) -> IO[bytes]:
        """A file to read and, where ``write``, to append to: it is then made where there is none."""
        return path.open("a+b" if write else "rb", buffering=0)

    def create(self, path: Path) -> IO[bytes]:
        """A file to write from its beginning."""
        return path.open("wb", buffering=0)

    def write(self, file: IO[bytes], content: bytes | memoryview) -> None:
        """All of it, or an error."""
        rest = memoryview(content)
        while rest:
            rest = rest[file.write(rest) :]

    def truncate(self, file: IO[bytes], size: int) -> None:
        file.truncate(size)

    def fsync(self, file: IO[bytes]) -> None:
        """Returns once the content would outlive a power cut."""
        if hasattr(fcntl, "F_FULLFSYNC"):  # macOS: fsync alone leaves it in the drive's own memory
            with suppress(OSError):
                fcntl.fcntl(file.fileno(), fcntl.F_FULLFSYNC)
                return
        os.fsync(file.fileno())

    def rename(self, old: Path, new: Path) -> None:
        """One name for another, at once; what bore the new name is gone."""
        old.replace(new)

    def sync_folder(self, folder: Path) -> None:
        """A name is on disk only once its folder is. Windows can't open a folder, and does not need it."""
        if os.name == "nt":
            return
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # file systems that have nothing to sync there
                raise
        finally:
            os.close(handle)

    def lock(self, file: IO[bytes], wait: float = 0) -> bool:
        """Have a file to ourselves until :meth:`unlock` or the end of the process, whatever ends it.

        False where another has it still after ``wait`` seconds: who was stopped in the middle must not stop us.
        """
        if fcntl is None:
            return True
        until = time.monotonic() + wait
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            if time.monotonic() >= until:
                return False
            time.sleep(0.005)

    def unlock(self, file: IO[bytes]) -> None:
        """To close the file is not enough: a process that was forked meanwhile has it open too, and would keep the lock."""
        if fcntl is not None:
            with suppress(OSError):
                fcntl.flock(file.fileno(), fcntl.LOCK_UN)

    def replace(self, path: Path, content: bytes) -> None:
        """Old file or new file, never half of one."""
        temporary = path.with_name(path.name + ".new")
        with self.create(temporary) as file:
            self.write(file, content)
            self.fsync(file)
        self.rename(temporary, path)
        self.sync_folder(path.parent)


DISK = Disk()
"""The one that is used where no other is given."""
