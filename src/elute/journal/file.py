"""The file of a journal: read on from where one was, appended to, mended. It holds lines, and knows no masks.

A torn or altered line is left out and said; the file as it was found is then put aside under another name, never overwritten.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from elute.disk import Disk
from elute.journal.format import Line, parse, parted

TOLD = 64
"""Bytes at the end of what was read that tell whether a file is still the same."""
PATIENCE = 5.0
"""Seconds that another process may take to write."""


class JournalFile:
    """A file of lines, shared with other processes.

    Parameters
    ----------
    path : Path
    disk : Disk

    Attributes
    ----------
    exchanged : bool
        Whether another file than the one that was read and written here was found under its name, or an earlier state of it.
    """

    def __init__(self, path: Path, disk: Disk) -> None:
        self.path, self._disk = path, disk
        self._read, self._end = (0, 0), b""
        self._named = False
        self.exchanged = False

    def opened(self, mend: bool) -> tuple[list[Line], str]:
        """All that can be read, and what was wrong with the file, in a sentence; a damaged one is put aside where ``mend`` says so."""
        self._read, self._end, self.exchanged, note = (0, 0), b"", False, ""
        if not self._disk.exists(self.path):
            return [], ""
        good, damaged, torn = parted(self._disk.read(self.path))
        if damaged:
            note = said(len(good), damaged, torn)
            if mend:
                try:
                    note = self._mend()
                except OSError as error:
                    note += f" The file could not be put aside: {error.strerror or error}."
        return self.news(), note

    def gap(self, numbers: list[int]) -> str:
        """What is missing among the numbers of the lines, in a sentence; "" where nothing is, or a damaged file beside tells it."""
        there = set(numbers) - {0}
        missing = max(there, default=0) - len(there)
        if not missing or any(self.path.parent.glob(f"{self.path.name}.damaged-*")):
            return ""
        lacks = "1 record is" if missing == 1 else f"{missing} records are"
        return f"{lacks} missing from the journal, though what is there is whole: the file was changed by other hands."

    def news(self) -> list[Line]:
        """What came since the last look; nothing where it can't be read now."""
        try:
            if self._disk.place(self.path) == self._read:
                return []
            with self._disk.open(self.path, write=False) as file:
                return self.read_on(file)
        except OSError:
            return []

    def read_on(self, file: IO[bytes]) -> list[Line]:
        """The same of the file as it is open. A last line without an end is left for later: somebody may be writing it."""
        inode, size = self._disk.place_of(file)
        # another file of that name, or a shorter one: put aside by another kernel, or exchanged. Ids keep records from coming twice
        start = self._read[1] if self._read[0] == inode and self._read[1] <= size else 0
        file.seek(max(0, start - len(self._end)))
        if start and file.read(len(self._end)) != self._end:
            start = 0
            file.seek(0)
        self.exchanged |= start < self._read[1]
        lines = [line for line in file.read().splitlines(keepends=True) if line.endswith(b"\n")]
        self._read, self._end = (inode, start + sum(map(len, lines))), lines[-1][-TOLD:] if lines else self._end if start else b""
        return [found for line in lines if (found := parse(line)) is not None]

    def whole(self, file: IO[bytes]) -> list[Line]:
        """All lines of the file as it is open."""
        file.seek(0)
        return [found for line in file.read().splitlines(keepends=True) if (found := parse(line)) is not None]

    @contextmanager
    def locked(self) -> Iterator[IO[bytes]]:
        """The file, open at its end and ours alone until it is closed."""
        self._disk.make_folder(self.path.parent)
        while True:
            with self._disk.open(self.path) as file:
                if self._disk.locks:
                    if not self._disk.lock(file, PATIENCE):
                        raise OSError(errno.EAGAIN, "another process is writing to the journal")
                    if self._disk.place_of(file)[0] != self._disk.place(self.path)[0]:
                        self._disk.unlock(file)
                        continue  # while we waited, another kernel put this file aside: what is written here would be lost
                try:
                    yield file
                finally:
                    if self._disk.locks:
                        self._disk.unlock(file)
                return

    def append(self, file: IO[bytes], lines: list[bytes]) -> None:
        """Write lines to the file that :meth:`locked` gave; returns once a power cut can't take them."""
        if not self._named:
            # also of a file that was there: who made it may have died before its name was on disk
            self._disk.sync_folder(self.path.parent)
            self._named = True
        start = file.seek(0, os.SEEK_END)
        # the torn line of a writer that died would swallow our first one
        lead = b"" if start == 0 or _ends_with_newline(file) else b"\n"
        try:
            self._disk.write(file, lead + b"".join(lines))
            self._disk.fsync(file)
        except OSError:
            # half a record must not stay: it would be there twice once the rest can be written
            with suppress(OSError):
                self._disk.truncate(file, start)
            raise
        self._read, self._end = self._disk.place_of(file), lines[-1][-TOLD:] if lines else self._end

    def put_aside(self) -> Path:
        """Give the file another name, with the time; returns it."""
        with self.locked():
            aside = self.path.with_name(f"{self.path.stem}.{datetime.now(UTC):%Y%m%dT%H%M%S%f}{self.path.suffix}")
            self._disk.rename(self.path, aside)
            self._disk.sync_folder(self.path.parent)
            return aside

    def _mend(self) -> str:
        """Put a damaged file aside as it was found, and go on with its good lines. What was only half written by now is no damage."""
        with self.locked() as file:
            file.seek(0)
            raw = file.read()
            good, damaged, torn = parted(raw)
            if not damaged:
                return ""
            aside = self.path.with_name(f"{self.path.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
            self._disk.replace(aside, raw)
            self._disk.replace(self.path, b"".join(good))
            return f"{said(len(good), damaged, torn)} The file as it was found is {aside.name}."


def said(good: int, damaged: int, torn: bool) -> str:
    """What was wrong with a file."""
    told = f"{good} records of the journal were read, {damaged} could not be."
    return (
        f"{told} It is the last one, which was not finished when the kernel ended, and never said to be saved." if torn else told
    )


def _ends_with_newline(file: IO[bytes]) -> bool:
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"
