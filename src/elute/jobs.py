"""One worker: a queue of jobs, their progress, cancel; of each kind only the newest counts.

Handlers of the page only validate and enqueue; this thread does the work, so a cell never waits for a round and a round never for
a cell. Where no thread can be started (Pyodide), :meth:`Jobs.submit` runs the job before it returns, and between its reports the
host gets slices of time, in which a cancel or a newer job can come in.
"""

from __future__ import annotations

import asyncio
import math
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from elute.errors import Cancelled, EluteError
from elute.progress import Pace

STOPPED = "It was stopped."
SLICE = 0.05
"""Seconds of work between two slices of the host's."""

QUIET = 0.1
"""Seconds between two statuses of one stage: a layout reports each epoch, thousands a second, and nobody reads that fast."""

WORDS = {
    "run": ("The round", "run()"),
    "refine": ("The map", "refine()"),
    "warm": ("Getting ready for the next round", "warm()"),
    "analyse": ("The analysis", "analyze()"),
    "explain": ("The answer about the selection", "explain()"),
    "look": ("The earlier round", "round_at(...)"),
    "suggest": ("The suggestions", "suggestions"),
    "paper": ("The paper", "whole_report(), code(), card() or manifest()"),
    "learn": ("What can be learned", "learn()"),
    "labels": ("The closer look at the labels", "judge_labels()"),
    "accuracy": ("Accuracy by round", "measure_accuracy()"),
    "rows": ("The count of all rows", "carry()"),
}
"""What each kind of job makes, and the same step in a cell."""

UNSEEN = ("labels", "accuracy", "rows")
"""Kinds that nobody waits for: while they run, the status is that nothing does."""
FOLLOWING = ("warm", "suggest", *UNSEEN)
"""Kinds that come by themselves after others: what broke before them is still to be told."""


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

    def __init__(self, kind: str, work: Callable[[Job], Any], tell: Callable[[Status], None], of: str = "") -> None:
        self.kind = kind
        self.of = of
        self.work = work
        self.cancelled = False
        self.put_off = False
        self._tell = tell
        self._last: tuple[str, str] | None = None
        self._quiet_until = 0.0
        self._pace = Pace()
        self._give: Callable[[], object] | None = None
        self._next_slice = 0.0

    def cancel(self) -> None:
        """Ask it to stop at its next report."""
        self.cancelled = True

    def check(self) -> None:
        """Raise :class:`~elute.errors.Cancelled` if it was asked to stop. A tenth of a microsecond: call it often."""
        if self._give is not None and time.monotonic() >= self._next_slice:
            self._slice(self._give)
        if self.cancelled:
            raise Cancelled(f"{self.kind} was stopped")

    def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
        """Say how far it is; told at once where stage or message are new or all is done, else ten times a second."""
        self.check()
        now = time.monotonic()
        if (stage, message) == self._last and now < self._quiet_until and (not total or done < total):
            return
        self._last, self._quiet_until = (stage, message), now + QUIET
        self._tell(Status(stage, done, total, self._pace.left(stage, done, total, now), message, busy=True))

    def give_slices(self, give: Callable[[], object] | None) -> None:
        """Every now and then while it works, ``give`` is called: the host has a moment where the work runs in its own thread."""
        self._give, self._next_slice = give, time.monotonic() + SLICE

    def _slice(self, give: Callable[[], object]) -> None:
        self._next_slice = math.inf  # what runs in the slice gets no slices
        try:
            give()
        finally:
            self._next_slice = time.monotonic() + SLICE


class Jobs:
    """Runs jobs one after the other.

    Parameters
    ----------
    tell : callable
        Called with a :class:`Status` from the worker, at reports, and once when nothing is left to do: then with what broke
        since the worker began, unless a later job of its kind went well. A worker that begins with what comes by itself goes on
        telling what broke before.
    slice : callable, optional
        Where no thread can be started: gives the host a moment, in which :meth:`submit` and :meth:`cancel` may be called. Default:
        what the host offers, see :func:`time_slice`.
    watch : callable, optional
        Called every now and then while a job works, on its thread: it may find that what runs has to stop.
    """

    def __init__(
        self,
        tell: Callable[[Status], None],
        slice: Callable[[], object] | None = None,
        watch: Callable[[], object] | None = None,
    ) -> None:
        self._tell, self._watch = tell, watch
        self._slice = slice or time_slice()
        self._lock = threading.Lock()
        self._waiting: dict[tuple[str, str], Job] = {}
        self._running: Job | None = None
        self._inline = False
        self._failed: dict[str, str] = {}
        self._idle = threading.Event()
        self._idle.set()

    @property
    def busy(self) -> bool:
        """Whether something runs or waits."""
        return not self._idle.is_set()

    def waits(self, *kinds: str) -> bool:
        """Whether a job of these kinds runs or waits."""
        with self._lock:
            return any(job.kind in kinds for job in (*self._waiting.values(), self._running) if job is not None)

    def waits_besides(self, *kinds: str) -> bool:
        """Whether a job of any other kind waits."""
        with self._lock:
            return any(kind not in kinds for kind, _ in self._waiting)

    def submit(self, kind: str, work: Callable[[Job], Any], of: str = "") -> Job:
        """Enqueue; a job of the same kind, and ``of`` the same thing, that waits is replaced, one that runs is asked to stop."""
        job = Job(kind, work, self._tell, of)
        with self._lock:
            self._waiting.pop((kind, of), None)
            self._waiting[kind, of] = job
            if self._running is not None and (self._running.kind, self._running.of) == (kind, of):
                self._running.cancel()
            if self.busy:
                return job
            self._idle.clear()
        try:
            self._inline = False
            threading.Thread(target=self._work, name="elute-worker", daemon=True).start()
        except RuntimeError:
            self._inline = True
            self._work()
        return job

    def cancel(self, *kinds: str) -> bool:
        """Stop what runs and forget what waits, of these kinds or of every kind; whether there was anything."""
        with self._lock:
            there = [job for job in (*self._waiting.values(), self._running) if job is not None]
            chosen = [job for job in there if not kinds or job.kind in kinds]
            for job in chosen:
                job.cancel()
                if self._waiting.get((job.kind, job.of)) is job:
                    del self._waiting[job.kind, job.of]
            return bool(chosen)

    def put_off(self, kind: str) -> bool:
        """The same for one kind that goes on later: what it has under way elsewhere, and is paid for, comes to its end."""
        with self._lock:
            if self._running is not None and self._running.kind == kind:
                self._running.put_off = True
        return self.cancel(kind)

    def wait(self, timeout: float | None = None) -> bool:
        """Block until nothing runs or waits; False if ``timeout`` seconds were not enough, or waiting can't help."""
        if not self._inline:
            return self._idle.wait(timeout)
        end = math.inf if timeout is None else time.monotonic() + timeout
        while self.busy and self._slice is not None and time.monotonic() < end:
            self._slice()
        return not self.busy

    def forgive(self) -> None:
        """What broke is no longer told: what is seen now is something else."""
        self._failed = {}
        self._tell(Status())

    def _work(self) -> None:
        begins = True
        while True:
            with self._lock:
                job = self._running = self._waiting.pop(next(iter(self._waiting))) if self._waiting else None
            if begins and (job is None or job.kind not in FOLLOWING):
                self._failed = {}
            begins, failed = False, self._failed
            if job is not None:
                failed.pop(job.kind, None)
                if job.kind in UNSEEN:
                    with suppress(Exception):
                        self._tell(Status(error=next(iter(failed.values()), "")))
                if problem := self._run(job):
                    failed[job.kind] = problem
                continue
            with suppress(Exception):  # a person's own observer may raise
                self._tell(Status(error=next(iter(failed.values()), "")))
            with self._lock:
                if not self._waiting:
                    self._idle.set()
                    return

    def _run(self, job: Job) -> str:
        """What broke, if anything did."""
        job.give_slices(self._between)
        try:
            job.work(job)
        except Cancelled:
            pass
        except KeyboardInterrupt:  # a person's, where the work runs in their cell
            self.cancel()
        except BaseException as problem:  # panics of Rust libraries are no Exceptions; none may end the worker
            return _told(job.kind, problem)
        return ""

    def _between(self) -> None:
        """Every now and then while a job works."""
        if self._inline and self._slice is not None:
            self._slice()
        if self._watch is not None:
            self._watch()


def time_slice() -> Callable[[], object] | None:
    """What lets the host take in messages while Python works; None where a thread does that, or where nothing can.

    In Pyodide that is one turn of the event loop, where the browser can switch stacks (JSPI; Chromium since 137).
    """
    if sys.platform != "emscripten":
        return None
    try:
        host = import_module("pyodide.ffi")
    except ImportError:
        return None

    def give() -> None:
        if host.can_run_sync():
            host.run_sync(asyncio.sleep(0))

    return give


def _told(kind: str, problem: BaseException) -> str:
    """What may stand in a saved notebook: elute's own errors hold no text and no key, those of others may."""
    if isinstance(problem, EluteError):
        return str(problem)
    what, step = WORDS.get(kind, ("This step", "run()"))
    return (
        f"{what} could not be finished ({type(problem).__name__}). Everything decided is kept, and what was there before still is. "
        f"In a cell, w.session.{step} shows where it stopped."
    )
