"""Rounds as they are handed out: over the rows of the user's table, whose labels their findings bear, and never the session's own."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from elute.rounds.round import Round, to_be_written

if TYPE_CHECKING:
    import pandas as pd


class Beside:
    """Cuts off the rows of a reference table, labels the findings as the user's rows are, and finds the whole round again.

    Tables are handed out to be written into: what a person does to theirs changes no suggestion, drop or report.

    Parameters
    ----------
    given : int
        Rows of the user's table, the first of all.
    index : pandas.Index, optional
        The labels of those rows; by position without one.
    """

    def __init__(self, given: int, index: Any = None) -> None:
        self._given, self._index = given, index
        self._made: WeakKeyDictionary[Round, Round] = WeakKeyDictionary()
        self._last: Round | None = None
        self._lock = Lock()

    def own(self, made: Round) -> Round:
        """The round over the user's rows; the same object for as long as somebody has it."""
        with self._lock:
            found = next((own for own, whole in self._made.items() if whole is made), None)
            if found is None:
                found = self._cut(made)
                self._made[found] = made
            self._last = found
        return found

    def whole(self, made: Round) -> Round:
        """What a round that was handed out was cut from; itself where nothing was."""
        with self._lock:
            return self._made.get(made, made)

    def findings(self, made: Round) -> pd.DataFrame:
        """The findings of a round over the user's rows, to write into."""
        found = to_be_written(made.findings.iloc[: self._given])
        if self._index is not None:
            found.index = self._index
        return found

    def _cut(self, made: Round) -> Round:
        n = self._given
        return replace(
            made,
            keep=made.keep[:n],
            labels=made.labels[:n],
            coords={dim: at[:n] for dim, at in made.coords.items()},
            probabilities=None if made.probabilities is None else made.probabilities[:n],
            outlier_scores=None if made.outlier_scores is None else made.outlier_scores[:n],
            scores=replace(
                made.scores, row_silhouette=made.scores.row_silhouette[:n], clusters=to_be_written(made.scores.clusters)
            ),
            findings=self.findings(made),
            reduced=None if made.reduced is None else made.reduced[:n],
            hashes=made.hashes[:n],
            held={name: rows[:n] for name, rows in made.held.items()},
            beside=int(made.keep[n:].sum()),
        )
