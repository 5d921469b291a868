"""Rounds as they are handed out: over the rows of the user's table, whose labels their findings bear."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import Any

from elute.rounds.round import Round

HELD = 8
"""Rounds handed out of which is known what they were made from."""


class Beside:
    """Cuts off the rows of a reference table, labels the findings as the user's rows are, and finds the whole round again.

    Parameters
    ----------
    given : int
        Rows of the user's table, the first of all.
    index : pandas.Index, optional
        The labels of those rows; by position without one.
    """

    def __init__(self, given: int, index: Any = None) -> None:
        self._given, self._index = given, index
        self._made: deque[tuple[Round, Round]] = deque(maxlen=HELD)

    def own(self, made: Round) -> Round:
        """The round over the user's rows; the same object each time, and the round itself where it is so already."""
        n, index = self._given, self._index
        if len(made.keep) == n and (index is None or made.findings.index.equals(index)):
            return made
        found = next((own for own, whole in self._made if whole is made), None)
        if found is None:
            findings = made.findings.iloc[:n].copy(deep=False)  # the columns are shared
            if index is not None:
                findings.index = index
            found = replace(
                made,
                keep=made.keep[:n],
                labels=made.labels[:n],
                coords={dim: at[:n] for dim, at in made.coords.items()},
                probabilities=None if made.probabilities is None else made.probabilities[:n],
                outlier_scores=None if made.outlier_scores is None else made.outlier_scores[:n],
                scores=replace(made.scores, row_silhouette=made.scores.row_silhouette[:n]),
                findings=findings,
                reduced=None if made.reduced is None else made.reduced[:n],
                hashes=made.hashes[:n],
                held={name: rows[:n] for name, rows in made.held.items()},
                beside=int(made.keep[n:].sum()),
            )
            self._made.append((found, made))
        return found

    def whole(self, made: Round) -> Round:
        """What a round that was handed out was cut from; itself where nothing was."""
        return next((whole for own, whole in self._made if own is made), made)
