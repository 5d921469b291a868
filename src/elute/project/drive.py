"""Drives layouts to their end, one thread each, while the caller's thread reports, shows and hears a cancel.

A layout is moved by one thread only, so that it is the same bit for bit however many there are; 2D and 3D run beside each other.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from elute.progress import Progress
from elute.project.motion import Motion

Coords = dict[int, NDArray[np.float32]]
Stream = Callable[[Coords], None]
"""Given positions now and then while a layout is made: 2 -> (n, 2), 3 -> (n, 3)."""

PAUSE = 0.2  # seconds from one picture to the next, at least; five a second look alive
POLL = 0.02  # seconds between questions whether to stop


class Drive:
    """Several layouts, and what is asked of them meanwhile.

    Parameters
    ----------
    motions : mapping of int to Motion
        By dimension.
    progress : Progress
    stream : callable, optional
        Given copies of all positions after whole epochs.
    title : str
        Stands in the reports.
    """

    def __init__(self, motions: Mapping[int, Motion], progress: Progress, stream: Stream | None, title: str) -> None:
        self._motions, self._progress, self._stream, self._title = motions, progress, stream, title
        self._stop = threading.Event()
        self._wanted: set[int] = set()
        self._copies: Coords = {}
        self._errors: list[BaseException] = []
        self._next_picture = time.monotonic() + PAUSE

    def run(self) -> Coords:
        """Move all to their end.

        Raises
        ------
        Cancelled
            Within a slice of rows, some 20 ms.
        """
        self._tell()
        threads: dict[int, threading.Thread] = {}
        try:
            for dim in self._motions:
                thread = threading.Thread(target=self._work, args=(dim,), daemon=True)
                try:
                    thread.start()
                except RuntimeError:  # no thread can be started here
                    continue
                threads[dim] = thread
            self._inline([motion for dim, motion in self._motions.items() if dim not in threads])
            self._watch(list(threads.values()))
        finally:
            self._stop.set()
            for thread in threads.values():
                thread.join()
        if self._errors:
            raise self._errors[0]
        self._progress.check()
        return {dim: motion.points for dim, motion in self._motions.items()}

    def _work(self, dim: int) -> None:
        motion = self._motions[dim]
        try:
            while not (motion.finished or self._stop.is_set()):
                self._move(motion)
        except BaseException as error:
            self._errors.append(error)

    def _move(self, motion: Motion) -> None:
        dim = motion.points.shape[1]
        if motion.advance() and dim in self._wanted:
            self._copies[dim] = motion.points.copy()
            self._wanted.discard(dim)

    def _watch(self, threads: list[threading.Thread]) -> None:
        for thread in threads:
            while thread.is_alive():
                thread.join(POLL)
                self._tell()

    def _inline(self, motions: list[Motion]) -> None:
        while unfinished := [motion for motion in motions if not motion.finished]:
            for motion in unfinished:
                self._move(motion)
                self._tell()

    def _tell(self) -> None:
        behind = min(self._motions.values(), key=lambda motion: motion.epoch)
        self._progress.report("project", behind.epoch, behind.epochs, self._title)
        self._progress.check()
        if self._stream is not None:
            self._show(self._stream)

    def _show(self, stream: Stream) -> None:
        """Pass pictures on where all have come, and ask for the next ones where it is time."""
        self._copies.update({dim: self._motions[dim].points for dim in tuple(self._wanted) if self._motions[dim].finished})
        if len(self._copies) == len(self._motions):
            began = time.monotonic()
            stream(self._copies)
            self._copies, self._wanted = {}, set()
            self._next_picture = time.monotonic() + max(PAUSE, 4 * (time.monotonic() - began))  # a fifth of the time at most
        elif not self._wanted and time.monotonic() >= self._next_picture:
            self._wanted = set(self._motions)
