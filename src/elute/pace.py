"""How fast work goes, and so how many seconds are left."""

from __future__ import annotations

import math

MEMORY = 10.0
"""Seconds after which a pace that was measured counts for a third."""


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
