"""Decisions on disk: one JSON line a record, appended and fsynced before it is acknowledged.

A line starts with its checksum. A torn or altered line is left out and said; the file as it was found is then renamed aside,
never overwritten. Where nothing can be written, records wait in
memory and :attr:`Journal.problem` says why; every later append tries to write all of them. Several kernels may share a file:
each reads what the others appended before it appends its own.
"""

from __future__ import annotations

import base64
import json
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from elute.decisions import Decision
from elute.errors import JournalError

try:
    import fcntl
except ImportError:  # Windows and Pyodide have none; one kernel a file is then the rule
    fcntl = None  # type: ignore[assignment]

SCHEMA = 1


class Journal:
    """An append-only list of :class:`~elute.decisions.Decision`.

    Parameters
    ----------
    path : Path or None
        The file; None keeps everything in memory.

    Attributes
    ----------
    records : list of Decision
        All that is known, oldest first.
    problem : str
        Why the last records are not on disk yet; empty when all are.
    note : str
        What was found to be wrong with the file when it was opened; empty if nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.records: list[Decision] = []
        self.problem = ""
        self.note = ""
        self._known: set[str] = set()
        self._pending: list[bytes] = []
        self._read = (0, 0)
        if path is not None:
            self._open(path)

    @property
    def saved(self) -> bool:
        """Whether every record is on disk (after fsync)."""
        return self.path is not None and not self._pending

    def __contains__(self, decision_id: str) -> bool:
        return decision_id in self._known

    def append(self, decision: Decision) -> bool:
        """Add a record; returns after fsync. False where its id is here already."""
        self.catch_up()
        if decision.id in self._known:
            return False
        if not decision.time:
            decision = Decision(**{**decision.__dict__, "time": datetime.now(UTC).isoformat(timespec="milliseconds")})
        line = encode(decision)  # what JSON can't hold is refused before anything changes
        self._remember(decision)
        if self.path is not None:
            self._pending.append(line)
            self._write(self.path)
        return True

    def catch_up(self) -> int:
        """Read what another kernel appended since; returns how many records came."""
        if self.path is None:
            return 0
        try:
            if _place(self.path.stat()) == self._read:
                return 0
            with self.path.open("rb") as file:
                return self._read_on(file)
        except OSError:
            return 0

    def _remember(self, decision: Decision) -> None:
        self.records.append(decision)
        self._known.add(decision.id)

    def _write(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            new = not path.exists()
            with _locked(path) as file:
                self._read_on(file)
                start = file.seek(0, os.SEEK_END)
                # the torn line of a writer that died would swallow our first one
                lead = b"" if start == 0 or _ends_with_newline(file) else b"\n"
                try:
                    _write_all(file, lead + b"".join(self._pending))
                    os.fsync(file.fileno())
                except OSError:
                    # half a record must not stay: it would be there twice once the rest can be written
                    with suppress(OSError):
                        file.truncate(start)
                    raise
                self._read = _place(os.fstat(file.fileno()))
            if new:
                _sync_folder(path.parent)
            self._pending, self.problem = [], ""
        except OSError as error:
            why = error.strerror or error
            self.problem = f"Decisions are not saved yet ({why}): they are kept in memory, and written to {path} once that works."

    def _read_on(self, file: IO[bytes]) -> int:
        inode, size = _place(os.fstat(file.fileno()))
        # another file of that name, or a shorter one: another kernel put the old one aside. Ids keep records from coming twice
        start = self._read[1] if self._read[0] == inode and self._read[1] <= size else 0
        file.seek(start)
        lines = [line for line in file.read().splitlines(keepends=True) if line.endswith(b"\n")]
        self._read = inode, start + sum(map(len, lines))
        return self._take(lines)

    def _take(self, lines: list[bytes]) -> int:
        came = 0
        for line in lines:
            decision = decode(line)
            if decision is not None and decision.id not in self._known:
                self._remember(decision)
                came += 1
        return came

    def _open(self, path: Path) -> None:
        if not path.exists():
            return
        good, damaged = _parted(path.read_bytes())
        if damaged:
            try:
                self._mend(path)
            except OSError as error:
                self.note = (
                    f"{len(good)} records of the journal were read, {damaged} could not be. "
                    f"The file could not be put aside: {error.strerror or error}."
                )
        with path.open("rb") as file:
            self._read_on(file)

    def _mend(self, path: Path) -> None:
        """Put a damaged file aside as it was found, and go on with its good lines. What was only half written by now is no damage."""
        with _locked(path) as file:
            file.seek(0)
            raw = file.read()
            good, damaged = _parted(raw)
            if damaged:
                aside = path.with_name(f"{path.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
                _replace(aside, raw)
                _replace(path, b"".join(good))
                self.note = (
                    f"{len(good)} records of the journal were read, {damaged} could not be. "
                    f"The file as it was found is {aside.name}."
                )


def encode(decision: Decision) -> bytes:
    """One line of the journal."""
    body = {
        "v": SCHEMA, "id": decision.id, "kind": decision.kind, "time": decision.time, "round": decision.round,
        "reason": decision.reason, "source": dict(decision.source), "data": dict(decision.data), "ids": pack(decision.ids),
    }  # fmt: skip
    text = json.dumps(body, ensure_ascii=True, allow_nan=False, separators=(",", ":"), sort_keys=True)
    return f"{zlib.crc32(text.encode()):08x} {text}\n".encode()


def decode(line: bytes) -> Decision | None:
    """The record in a line; None where the line is blank, torn or altered.

    Raises
    ------
    JournalError
        The line was written by a newer elute.
    """
    checksum, _, text = line.rstrip(b"\n").partition(b" ")
    try:
        if int(checksum, 16) != zlib.crc32(text):
            return None
        body: dict[str, Any] = json.loads(text)
        if body["v"] > SCHEMA:
            raise JournalError("This journal was written by a newer elute: upgrade elute, or give another path=.")
        return Decision(
            body["id"],
            body["kind"],
            unpack(body["ids"]),
            body["reason"],
            body["source"],
            body["round"],
            body["time"],
            body["data"],
        )
    except (ValueError, KeyError, TypeError, zlib.error):
        return None


def pack(ids: NDArray[np.uint64]) -> str:
    """Row ids as text: little-endian uint64 in base64."""
    return base64.b64encode(np.ascontiguousarray(ids, "<u8").tobytes()).decode()


def unpack(text: str) -> NDArray[np.uint64]:
    """The opposite of :func:`pack`."""
    return np.frombuffer(base64.b64decode(text, validate=True), "<u8").astype(np.uint64)


def _place(stat: os.stat_result) -> tuple[int, int]:
    """Which file it is, and how long."""
    return stat.st_ino, stat.st_size


def _parted(raw: bytes) -> tuple[list[bytes], int]:
    """The good lines of a file, and how many others it has."""
    lines = [line for line in raw.splitlines(keepends=True) if line.strip()]
    good = [line for line in lines if line.endswith(b"\n") and decode(line) is not None]
    return good, len(lines) - len(good)


@contextmanager
def _locked(path: Path) -> Iterator[IO[bytes]]:
    """The file, open at its end and ours alone until it is closed."""
    while True:
        # unbuffered: a buffer that could not be flushed would be written at close, behind our back
        with path.open("a+b", buffering=0) as file:
            if fcntl is not None:
                fcntl.flock(file.fileno(), fcntl.LOCK_EX)
                if not os.path.samestat(os.fstat(file.fileno()), path.stat()):
                    continue  # while we waited, another kernel put this file aside: what is written here would be lost
            yield file
            return


def _write_all(file: IO[bytes], content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[file.write(rest) :]


def _ends_with_newline(file: IO[bytes]) -> bool:
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def _replace(path: Path, content: bytes) -> None:
    """Old file or new file, never half of one."""
    temporary = path.with_name(path.name + ".new")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """A new name is on disk only once its folder is; Windows can't open a folder and does not need it."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
