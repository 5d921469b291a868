"""Vectors on disk, found by the content of their text, so that only new text is ever embedded.

One SQLite file holds one table for each embedder key. It is a cache: whatever is wrong with the file or the disk costs time,
never a result and never an error. Only who counts or removes vectors is told.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import numpy as np

FILE = "embeddings.sqlite"
PER_QUERY = 500
"""Hashes in one SELECT; SQLite before 3.32 takes at most 999 variables."""

LONGEST_WAIT = 10.0
"""Seconds to wait for another process that writes; one write takes milliseconds."""

T = TypeVar("T")


def text_hash(text: str) -> bytes:
    """16 bytes of BLAKE2b; two of 10**9 texts collide with a chance of 10**-21. Lone surrogates are hashed as they are."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


class Cache:
    """Vectors by ``(key, hash of the text)``. Safe across threads and processes.

    Parameters
    ----------
    folder : str or Path
        Made when the first vectors are written.
    """

    def __init__(self, folder: str | Path) -> None:
        self.path = Path(folder).expanduser() / FILE
        self._problem = ""

    def __repr__(self) -> str:
        return f"Cache({str(self.path.parent)!r})"

    def get(self, key: str, hashes: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        """The vectors that are here, ``(d,)`` float32 each. Damaged ones count as absent."""
        if not self.path.exists():
            return {}
        return self._guarded(lambda: self._read(key, hashes)) or {}

    def put(self, key: str, hashes: Sequence[bytes], vectors: np.ndarray) -> None:
        """Store vectors ``(m, d)``, all of them or none."""
        self._guarded(lambda: self._write(key, hashes, vectors))

    def count(self, hashes: Sequence[bytes]) -> int:
        """How many vectors of these texts are here, over all embedders. Raises OSError where the file can't be read."""
        return self._each(hashes, "SELECT count(*) FROM")

    def remove(self, hashes: Sequence[bytes]) -> int:
        """Take the vectors of these texts out, of all embedders; what stood there is overwritten with zeros. Returns how many went.

        Raises
        ------
        OSError
            The file is locked, read-only, full or damaged: all vectors are still there. Who removes must know that they are.
        """
        return self._each(hashes, "DELETE FROM")

    def take_problem(self) -> str:
        """Why the cache could not be used since this was last asked, for people; empty where all went well."""
        problem, self._problem = self._problem, ""
        return problem

    def _read(self, key: str, hashes: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        found: dict[bytes, np.ndarray] = {}
        with closing(self._connect()) as db:
            if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'model'").fetchone() is None:
                return {}  # another process is about to write the first vectors
            row = db.execute("SELECT id, dimension FROM model WHERE key = ?", (key,)).fetchone()
            if row is None:
                return {}
            table, dimension = f"vector_{int(row[0])}", int(row[1])
            for start in range(0, len(hashes), PER_QUERY):
                part = hashes[start : start + PER_QUERY]
                marks = ",".join("?" * len(part))
                for digest, blob in db.execute(f"SELECT hash, vector FROM {table} WHERE hash IN ({marks})", part):
                    if len(blob) == 4 * dimension:
                        found[digest] = np.frombuffer(blob, dtype="<f4")
        return {digest: vector for digest, vector in found.items() if np.isfinite(vector).all()}

    def _write(self, key: str, hashes: Sequence[bytes], vectors: np.ndarray) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        data = np.ascontiguousarray(vectors, dtype="<f4")
        with closing(self._connect()) as db, db:  # the inner one commits, or rolls back
            db.execute("BEGIN IMMEDIATE")  # to wait for other writers here; a lock taken later may fail at once
            db.execute("CREATE TABLE IF NOT EXISTS model (id INTEGER PRIMARY KEY, key TEXT UNIQUE, dimension INTEGER)")
            db.execute("INSERT OR IGNORE INTO model (key, dimension) VALUES (?, ?)", (key, data.shape[1]))
            number = int(db.execute("SELECT id FROM model WHERE key = ?", (key,)).fetchone()[0])
            db.execute(f"CREATE TABLE IF NOT EXISTS vector_{number} (hash BLOB PRIMARY KEY, vector BLOB NOT NULL)")
            db.executemany(
                f"INSERT OR REPLACE INTO vector_{number} VALUES (?, ?)",
                ((digest, vector.tobytes()) for digest, vector in zip(hashes, data, strict=True)),
            )

    def _each(self, hashes: Sequence[bytes], what: str) -> int:
        """Do ``what`` for the vectors of these texts, in the table of each embedder, all or none; how many it was."""
        if not hashes or not self.path.exists():
            return 0
        done = 0
        try:
            with closing(self._connect()) as db, db:
                db.execute("PRAGMA secure_delete = ON")
                if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'model'").fetchone() is None:
                    return 0
                for (number,) in db.execute("SELECT id FROM model").fetchall():
                    for start in range(0, len(hashes), PER_QUERY):
                        part = hashes[start : start + PER_QUERY]
                        told = db.execute(f"{what} vector_{int(number)} WHERE hash IN ({','.join('?' * len(part))})", part)
                        done += told.rowcount if what.startswith("DELETE") else int(told.fetchone()[0])
        except sqlite3.Error as error:
            raise OSError(str(error)) from error
        return done

    def _connect(self) -> sqlite3.Connection:
        # A connection a call: the cheapest way (0.2 ms) to be safe across threads, forks and processes. No write-ahead log: its
        # first and last connections lock others out without waiting, and here every connection may be both.
        db = sqlite3.connect(self.path, timeout=LONGEST_WAIT)
        try:
            db.execute("PRAGMA synchronous = OFF")  # after a power cut the file may be torn; then it is set aside
        except BaseException:
            db.close()
            raise
        return db

    def _guarded(self, action: Callable[[], T]) -> T | None:
        try:
            return action()
        except sqlite3.OperationalError as error:  # locked, full, read-only: the file itself may be sound
            self._give_up(error)
        except sqlite3.DatabaseError as error:
            self._set_aside(error)
        except OSError as error:
            self._give_up(error)
        return None

    def _give_up(self, error: Exception) -> None:
        self._problem = f"The cache {self.path} could not be used ({error}): nothing is lost, but texts may be embedded again."

    def _set_aside(self, error: Exception) -> None:
        aside = self.path.with_name(f"{FILE}.damaged-{time.time_ns()}")
        try:
            self.path.rename(aside)
            self.path.with_name(f"{FILE}-journal").unlink(missing_ok=True)  # of the damaged file; it would spoil a new one
        except OSError as failure:
            self._give_up(failure)
            return
        self._problem = f"The cache {self.path} was damaged ({error}) and is now {aside.name}; a new one was begun."
