"""A simulated person at work in a session: they know of a text, once it is read, whether it is foreign, and nothing else.

They look at ten clusters in elute's order, at five texts of each half, or of the whole where it has none; what they read of is dropped
where at least 80 % is foreign, and kept otherwise. Then ``learn``, up to three times: what it names goes and what it gives back returns,
where at least 80 % of five texts say so. What that took is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from evidence_mixes import Mix

LOOKS, SHOWN, ENOUGH, PRESSED = 10, 5, 0.8, 3
READ, CLICK = 4.0, 2.0
"""Seconds of a person's time: a text read, a click or key pressed."""


@dataclass
class Person:
    """Counts clicks, texts read, and clusters of which something was dropped."""

    mix: Mix
    random: Any
    clicks: int = 0
    read: int = 0
    dropped: int = 0

    def agrees(self, rows: Any, foreign: bool = True) -> bool:
        """Opens a group (a click), reads some of its texts, and answers (a key)."""
        shown = self.random.permutation(np.flatnonzero(rows))[:SHOWN]
        self.clicks += 2
        self.read += len(shown)
        return bool((self.mix.foreign[shown] == foreign).mean() >= ENOUGH)

    def look(self, s: Any) -> None:
        """Up to ten clusters, ranked again after each drop."""
        for _ in range(LOOKS):
            if not s.looks.order:
                return
            cluster = s.looks.order[0]
            rows, halves = (s.round.labels == cluster) & s.keep, s.halves(cluster)
            wrong = [part for part in halves or (rows,) if self.agrees(part)]
            gone = np.logical_or.reduce(wrong) if wrong else np.zeros_like(rows)
            rest = rows & ~gone
            if rest.any():
                s.approve(np.flatnonzero(rest), source={"kind": "look"})
            if gone.any():
                s.drop(np.flatnonzero(gone), source={"kind": "look", "half": bool(rest.any())})
                self.dropped += 1
                s.run()

    def teach(self, s: Any) -> None:
        """``learn``, up to three times."""
        for _ in range(PRESSED):
            self.clicks += 1
            s.learn()
            taken = 0
            for one in s.suggestions:
                if one.kind in ("learned", "good_back") and one.other in ("drop", None) and one.actions != ("look",):
                    back = one.kind == "good_back"
                    if self.agrees(one.rows, foreign=not back):
                        taken += int(s.accept(one, "restore" if back else "drop"))
            if not taken:
                return
            s.run()

    def minutes(self) -> float:
        """Of reading and clicking, elute's own seconds not counted."""
        return (self.read * READ + self.clicks * CLICK) / 60
