"""Every call to a model and what came back, kept for whoever wants to check it: the exact messages, the exact answer, the cost.

The last calls are in memory; with a file given, all are appended to it, a JSON line each, beside the cache of the rounds. The
file is bounded: full, it becomes the older one of two. It holds texts, as the cache does, and never a key.
"""

from __future__ import annotations

import json
import os
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

if TYPE_CHECKING:
    import pandas as pd

IN_MEMORY = 500
LARGEST = 16 * 2**20
"""Bytes of the file; there is at most one older one of that size."""


@dataclass(frozen=True)
class Call:
    """One request.

    Attributes
    ----------
    time : str
        UTC, ISO 8601, when it was sent.
    kind : str
        What was asked: "cluster", "overview", "selection", "rows", "report", ...
    cluster : int or None
    model, provider : str
    messages : tuple of dict
        As they were sent, ``role`` and ``content``.
    parameters : tuple of str
        Optional parameters that went along, by name.
    answer : str
        As it came; "" where none did.
    status : {"answered", "failed"}
        "answered" says nothing about whether the answer could be used: see :class:`elute.analyze.ClusterAnalysis`.
    error : str
    sent, answered : int
        Tokens, as the server counted them. Where it did not: as they are booked, those sent as reckoned from above, and the most that an
        answer may have, or none where no answer came.
    cost : float or None
        USD, as it is booked: the costs of all calls are what was spent. None where the price is not known.
    seconds : float
    id : str
    """

    time: str
    kind: str
    cluster: int | None
    model: str
    provider: str
    messages: tuple[Mapping[str, str], ...]
    parameters: tuple[str, ...]
    answer: str
    status: Literal["answered", "failed"]
    error: str
    sent: int
    answered: int
    cost: float | None
    seconds: float
    id: str


COLUMNS = [field.name for field in fields(Call)]


class Audit:
    """The calls of one analyst. Safe across threads; a disk that is full costs the file, never an answer."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=IN_MEMORY)
        self._path: Path | None = None
        self._met: dict[bytes, tuple[int, list[Call]]] = {}
        self._lock = threading.Lock()

    def keep_in(self, folder: Path) -> None:
        """Append to ``audit.jsonl`` in a folder from now on. An analyst that several sessions share keeps its calls with the last."""
        with self._lock:
            self._path = folder / "audit.jsonl"

    def leave_disk(self) -> None:
        """Write no more calls, and know those in memory alone."""
        with self._lock:
            self._path = None

    def add(self, **told: Any) -> None:
        """Note a call; see :class:`Call`."""
        call = Call(id=uuid4().hex, **told)
        with self._lock:
            self._calls.append(call)
            with suppress(OSError):
                self._append(call)

    def calls(self) -> list[Call]:
        """All that are known, oldest first: of the files, and of memory what is not in them."""
        with self._lock:
            self._read_on()
            found = {call.id: call for _, calls in self._met.values() for call in calls}
            for call in self._calls:
                found.pop(call.id, None)
            return sorted((*found.values(), *self._calls), key=lambda call: call.time)

    def table(self) -> pd.DataFrame:
        """One row a call, oldest first, with the attributes of :class:`Call` as columns."""
        import pandas as pd

        return pd.DataFrame([asdict(call) for call in self.calls()], columns=COLUMNS)

    def export(self, path: str | Path) -> int:
        """Write all calls to a file, a JSON line each. Returns how many."""
        calls = self.calls()
        with Path(path).open("w", encoding="utf-8") as file:
            file.writelines(_line(call) for call in calls)
        return len(calls)

    def _append(self, call: Call) -> None:
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        line = _line(call).encode()
        with suppress(FileNotFoundError):
            if self._path.stat().st_size + len(line) > LARGEST:
                self._path.replace(self._path.with_name("audit.older.jsonl"))
        with open(self._path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(line)

    def _read_on(self) -> None:
        """Read what came to the files since: they may be long, and whoever shows them asks again and again."""
        met: dict[bytes, tuple[int, list[Call]]] = {}
        for path in [] if self._path is None else [self._path.with_name("audit.older.jsonl"), self._path]:
            with suppress(OSError), path.open("rb") as file:
                first = file.readline()  # stays with a file that becomes the older one, as no number of the disk does
                start, calls = self._met.get(first, (0, []))
                file.seek(start)
                lines = [line for line in file if line.endswith(b"\n")]
                met[first] = start + sum(map(len, lines)), calls + [call for line in lines for call in _read(line)]
        self._met = met


def _line(call: Call) -> str:
    return json.dumps(asdict(call)) + "\n"


def _read(line: bytes) -> Iterator[Call]:
    with suppress(ValueError, TypeError, KeyError):  # a torn line, or one of a later version, is left out
        told = json.loads(line)
        yield Call(**{**told, "messages": tuple(told["messages"]), "parameters": tuple(told["parameters"])})
