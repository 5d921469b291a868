"""How long work says how far it is, and how it is told to stop.

Every long function takes ``progress`` and calls :meth:`Progress.report` at most a few times a second;
each report is also the place where a cancel takes hold.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Any, Protocol

Report = Callable[[str, int, int, str], None]
"""``(stage, done, total, message)``; ``total`` is 0 where it is not known."""
MEMORY = 10.0
"""Seconds after which a pace that was measured counts for a third."""


class Progress(Protocol):
    """What a long function is given."""

    def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
        """Say that ``done`` of ``total`` units of ``stage`` are done. Raises ``Cancelled`` if asked to stop."""

    def check(self) -> None:
        """Raise :class:`elute.errors.Cancelled` if the person asked to stop."""


def put_off(progress: Progress) -> bool:
    """Whether work is stopped only for now: it goes on later, so what is under way is worth its end. Jobs say so: elute.jobs."""
    return bool(getattr(progress, "put_off", False))


class Silent:
    """Says nothing and never stops."""

    def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
        return None

    def check(self) -> None:
        return None


class Callback(Silent):
    """Passes every report on to a function."""

    def __init__(self, function: Report) -> None:
        self._function = function

    def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
        self._function(stage, done, total, message)


class Terminal(Silent):
    """A tqdm bar for each stage, or one plain line for each where the output is not a terminal."""

    def __init__(self, file: Any = None) -> None:
        self._file = file or sys.stderr
        self._stage = ""
        self._bar: Any = None

    def report(self, stage: str, done: int = 0, total: int = 0, message: str = "") -> None:
        from tqdm import tqdm

        if stage != self._stage:
            self.close()
            self._stage = stage
            live = bool(getattr(self._file, "isatty", lambda: False)())
            if live:
                self._bar = tqdm(total=total or None, desc=stage, file=self._file, leave=True, mininterval=0.2)
            else:
                print(f"  {stage} {message}".rstrip(), file=self._file, flush=True)
        if self._bar is not None:
            self._bar.total = total or None
            self._bar.n = done
            self._bar.set_postfix_str(message)

    def close(self) -> None:
        """End the bar that is open, if one is."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


class Pace:
    """Units a second, the last ten seconds counting most, so that seconds left neither jump nor hang on to a slow start."""

    def __init__(self) -> None:
        self._stage, self._done, self._total, self._at = "", 0, 0, 0.0
        self._units = self._seconds = 0.0

    def left(self, stage: str, done: int, total: int, now: float) -> float | None:
        """Seconds until ``done`` is ``total``; None in the first half second, and where it can't be told."""
        if stage != self._stage or total != self._total or done < self._done:
            self._stage, self._total, self._units, self._seconds = stage, total, 0.0, 0.0
            self._done, self._at = done, now
        elif done > self._done:
            step = now - self._at
            # one long batch tells little more than a short one: it wipes out no more than a third of what is known
            kept = max(math.exp(-step / MEMORY), 2 / 3)
            self._units, self._seconds = self._units * kept + done - self._done, self._seconds * kept + step
            self._done, self._at = done, now
        if not self._units or self._seconds < 0.5 or total < done:
            return None
        left = (total - done) * self._seconds / self._units
        return max(0.0, left - (now - self._at))  # while a long batch runs, the clock goes on


SILENT = Silent()
