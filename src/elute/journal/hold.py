"""Which process decides: one holds a journal, all others read. The claim dies with the process, whatever ends it.

The claim is a locked file beside the journal. Who takes over puts a locked file of its own in that place: whoever held the old one
finds at its next decision that it is not there any more. All journals of one process share its claim, so a cell that is run again
goes on as before. Where files can't be locked nobody watches, and every process holds.
"""

from __future__ import annotations

import json
import os
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from uuid import uuid4

from elute.disk import DISK, Disk


@dataclass(frozen=True)
class Holder:
    """Who decides on a journal.

    Attributes
    ----------
    process : int
        Its number in its machine; 0 where that is not known.
    host : str
    since : str
        UTC, ISO 8601.
    """

    process: int = 0
    host: str = ""
    since: str = ""

    def __str__(self) -> str:
        if not self.process:
            return "another process"
        when = self.since[:16].replace("T", " ")
        return f"process {self.process} on {self.host}, since {when} UTC"


_held: dict[Path, tuple[IO[bytes], int]] = {}
"""Claim file -> what is open of it here, and by how many journals it is used."""
_guard = threading.RLock()


def claim_of(path: Path) -> Path:
    """The file of the claim on a journal."""
    return path.resolve().with_name(f"{path.name}.lock")


def holds(path: Path) -> bool:
    """Whether this process has the claim ``path``, and nobody took it over."""
    with _guard:
        if path not in _held:
            return False
        try:
            return os.path.samestat(os.fstat(_held[path][0].fileno()), path.stat())
        except OSError:
            return False


def claim(path: Path, disk: Disk) -> bool:
    """Have the claim ``path`` if it is free; False where another process has it.

    Raises
    ------
    OSError
        No file can be made or locked there.
    """
    with _guard:
        while not holds(path):
            file = disk.open(path)
            try:
                if not disk.lock(file):
                    file.close()
                    return False
                if not os.path.samestat(os.fstat(file.fileno()), path.stat()):
                    _let_go(file)  # taken over between our opening and our lock
                    continue
            except OSError:
                _let_go(file)
                raise
            with suppress(OSError):  # on a full disk it is held all the same
                file.truncate(0)
                file.write(_me())
            _keep(path, file)
        return True


def seize(path: Path, disk: Disk) -> None:
    """Have the claim, whoever has it."""
    with _guard:
        fresh = path.with_name(f"{path.name}.{uuid4().hex}")
        file = disk.open(fresh)
        try:
            disk.lock(file)
            file.write(_me())
            fresh.replace(path)
        except OSError:
            _let_go(file)
            fresh.unlink(missing_ok=True)
            raise
        _keep(path, file)


def holder(path: Path) -> Holder:
    """Who has the claim, as far as the file tells."""
    try:
        told = json.loads(path.read_bytes())
        return Holder(int(told["process"]), str(told["host"]), str(told["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Holder()


def use(path: Path) -> None:
    """One more journal of this process uses the claim; :func:`release` says the opposite."""
    with _guard:
        if path in _held:
            _held[path] = _held[path][0], _held[path][1] + 1


def release(path: Path) -> None:
    """One journal less; the last one gives the claim back."""
    with _guard:
        if path in _held:
            file, users = _held[path]
            if users > 1:
                _held[path] = file, users - 1
            else:
                del _held[path]
                _let_go(file)


def _keep(path: Path, file: IO[bytes]) -> None:
    old, users = _held.get(path, (None, 0))
    if old is not None:
        _let_go(old)
    _held[path] = file, users


def _let_go(file: IO[bytes]) -> None:
    DISK.unlock(file)
    with suppress(OSError):
        file.close()


def _me() -> bytes:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return json.dumps({"process": os.getpid(), "host": socket.gethostname(), "since": now}).encode()


def _forget() -> None:
    """A forked child has no claim; what it inherited open would keep its parent's alive."""
    global _guard
    _guard = threading.RLock()
    for file, _ in _held.values():
        with suppress(OSError):
            file.close()
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
