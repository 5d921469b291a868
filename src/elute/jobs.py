"""One worker: a queue of jobs, their progress, cancel; of each kind only the newest counts.

Handlers of the page only validate and enqueue; this thread does the work, so a cell never waits for a round and a round never for
a cell. Where no thread can be started (Pyodide), :meth:`Jobs.submit` runs the job before it returns.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from elute.errors import Cancelled, EluteError


@dataclass(frozen=True)
class Status:
    """How far a job is; ``seconds_left`` is None while it can't be told."""

    stage: str = ""
    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    message: str = ""
    busy: bool = False
    error: str = ""


class Job:
    """What the work is given as its ``progress``: it reports here, and stops here when asked to."""

    def __init__(self, kind: str, work: Callable[[Job], Any], tell: Callable[[Status], None]) -> None:
        self.kind = kind
        self.work = work
        self._tell = tell
        self._cancelled = threading.Event()
        self._stage, self._since = "", time.monotonic()

    def cancel(self) -> None:
        """Ask it to stop at its next report."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether it was asked to stop."""
        return self._cancelled.is_set()

    def check(self) -> None:
        """Raise :class:`~elute.errors.Cancelled` if it was asked to stop."""
        if self._cancelled.is_set():
            raise Cancelled(f"{self.kind} was stopped")

    def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
        """Say how far it is."""
        self.check()
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._since = stage, now
        elapsed = now - self._since
        left = elapsed / done * (total - done) if done and total >= done and elapsed > 0.5 else None
        self._tell(Status(stage, done, total, left, message, busy=True))


class Jobs:
    """Runs jobs one after the other.

    Parameters
    ----------
    tell : callable
        Called with a :class:`Status` from the worker, at each report, and once when nothing is left to do: then with what broke
        since the worker began, unless a later job of its kind went well.
    """

    def __init__(self, tell: Callable[[Status], None]) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._waiting: dict[str, Job] = {}
        self._running: Job | None = None
        self._idle = threading.Event()
        self._idle.set()

    @property
    def busy(self) -> bool:
        """Whether something runs or waits."""
        return not self._idle.is_set()

    def submit(self, kind: str, work: Callable[[Job], Any]) -> Job:
        """Enqueue; a job of the same kind that waits is replaced, one that runs is asked to stop."""
        job = Job(kind, work, self._tell)
        with self._lock:
            self._waiting.pop(kind, None)
            self._waiting[kind] = job
            if self._running is not None:
                if self._running.kind == kind:
                    self._running.cancel()
                return job
            if not self._idle.is_set():
                return job
            self._idle.clear()
        try:
            threading.Thread(target=self._work, name="elute-worker", daemon=True).start()
        except RuntimeError:
            self._work()
        return job

    def cancel(self, *kinds: str) -> bool:
        """Stop what runs and forget what waits, of these kinds or of every kind; whether there was anything."""
        with self._lock:
            there = [job for job in (*self._waiting.values(), self._running) if job is not None]
            chosen = [job for job in there if not kinds or job.kind in kinds]
            for job in chosen:
                job.cancel()
                if self._waiting.get(job.kind) is job:
                    del self._waiting[job.kind]
            return bool(chosen)

    def wait(self, timeout: float | None = None) -> bool:
        """Block until nothing runs or waits; False if ``timeout`` seconds were not enough."""
        return self._idle.wait(timeout)

    def _work(self) -> None:
        failed: dict[str, str] = {}
        while True:
            with self._lock:
                job = self._running = self._waiting.pop(next(iter(self._waiting))) if self._waiting else None
            if job is not None:
                failed.pop(job.kind, None)
                try:
                    job.work(job)
                except Cancelled:
                    pass
                except BaseException as problem:  # panics of Rust libraries are no Exceptions; none may end the worker
                    failed[job.kind] = _told(job.kind, problem)
                continue
            with suppress(Exception):  # a person's own observer may raise
                self._tell(Status(error=next(iter(failed.values()), "")))
            with self._lock:
                if not self._waiting:
                    self._idle.set()
                    return


def _told(kind: str, problem: BaseException) -> str:
    """What may stand in a saved notebook: elute's own errors hold no text and no key, those of others may."""
    if isinstance(problem, EluteError):
        return str(problem)
    return f"The job {kind!r} broke with {type(problem).__name__}. The same step in a cell, such as w.session.run(), shows where."
