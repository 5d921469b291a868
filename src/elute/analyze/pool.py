"""Many blocking calls at once, results as they come, and an end at once when asked.

Threads are daemons and not an executor's: a request that hangs must hold up neither a cancel nor the end of the interpreter.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from elute.progress import Progress

T = TypeVar("T")
R = TypeVar("R")
POLL = 0.03
"""Seconds between two looks at ``progress.check``: a cancel takes hold within 100 ms."""


def as_completed(work: Callable[[T], R], items: Sequence[T], concurrency: int, progress: Progress) -> Iterator[tuple[int, R]]:
    """``(position, work(item))`` for every item, in the order they are ready.

    Raises
    ------
    Exception
        What ``progress.check`` raises, within ``POLL`` seconds; and what ``work`` raises, which ends all others that have not
        begun.
    """
    todo = iter(range(len(items)))
    lock = threading.Lock()
    done: queue.SimpleQueue[tuple[int, R | None, BaseException | None]] = queue.SimpleQueue()
    over = threading.Event()

    def run() -> None:
        while not over.is_set():
            with lock:
                i = next(todo, None)
            if i is None:
                return
            try:
                done.put((i, work(items[i]), None))
            except BaseException as error:  # handed to the caller, in whose thread it is raised
                done.put((i, None, error))

    for _ in range(min(concurrency, len(items))):
        threading.Thread(target=run, daemon=True, name="elute-analyst").start()
    try:
        for _ in range(len(items)):
            i, result, error = _next(done, progress)
            if error is not None:
                raise error
            yield i, result  # type: ignore[misc]
    finally:
        over.set()


def _next(done: queue.SimpleQueue[T], progress: Progress) -> T:
    while True:
        progress.check()
        try:
            return done.get(timeout=POLL)
        except queue.Empty:
            continue
