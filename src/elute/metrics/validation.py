"""Does cleaning help a classifier? Accuracy on a part of the rows that stays the same, beside random removal of as many.

One fifth of the rows, chosen by what their vectors are, never teaches: which fifth does not depend on any mask, and copies are on one
side. All rounds are judged on the same rows: those of the fifth that are kept now. The model is a ridge on the vectors (penalty .1),
whose (d, d) product is made once and corrected by the rows that went, so that forty masks cost little more than one.

What it can't say:

* Labels of the judges are as noisy as the others': 5 % wrong ones cost 5 points in every round alike, and hide small gains.
* Whoever drops what the model gets wrong makes the judges easier. Because every round is judged on the rows kept now, that
  lifts all rounds; it still favours masks that agree with what was dropped.
* It measures a linear model on these vectors. A model that learns the words loses more to wrong labels: logistic regression at C = 10
  lost 1.5 to 1.9 points on BANKING77 with 5 % flips and 15 % foreign rows, this ridge 1.6 to 2.2, logistic regression at C = 1 .7 to .9.
* Rows of many labels that are rare can't be judged: a label needs a row on either side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.progress import SILENT, Progress
from elute.vectors import row_hashes

FIXED = 0.2
"""Share of the rows that never teaches."""
LEAST = 50
"""Judges below which no accuracy is given."""
ALPHA = 0.1
"""Penalty. Of .03 to 3, on three sets with foreign rows and flips, the loss that dirt causes shows best at .1 and below."""
PAYS, UNSEEN = 0.01, 3.0
"""A gain of a round below which another one pays no longer. Of n judges of which none differs, up to 3 / n may (at 95 %)."""
DRAWS = 3
"""Random removals whose mean stands beside a round."""
BLOCK = 8192


@dataclass(frozen=True, eq=False)
class Scored:
    """One mask.

    Attributes
    ----------
    accuracy : float
        Share of the judges whose label is told, 0 to 1; higher is better.
    error : float
        Its standard error.
    right : ndarray of shape (j,), bool
        Of each judge: two masks are compared judge by judge.
    """

    accuracy: float
    error: float
    right: NDArray[np.bool_]


def fixed_part(hashes: NDArray[np.uint64], seed: int = 0, share: float = FIXED) -> NDArray[np.bool_]:
    """(n,) rows that never teach, by fingerprints of their vectors (n,): the same in every round and session."""
    mixed = (hashes ^ np.uint64(seed * 0x9E3779B97F4A7C15 % 2**64)) * np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(31)
    return np.asarray((mixed >> np.uint64(11)).astype(np.float64) / 2**53 < share)


class Validation:
    """Masks of one labelled table, judged by the same rows.

    Parameters
    ----------
    X : ndarray of shape (m, d), float32
        Distinct vectors.
    of : ndarray of shape (n,), int
        Vector of each row; -1: none.
    codes : ndarray of shape (n,), int
        Label of each row; -1: none.
    seed : int
        Of the fixed part and the random draws.
    hashes : ndarray of shape (m,), uint64, optional
        ``row_hashes(X)``.
    """

    def __init__(
        self,
        X: NDArray[np.float32],
        of: NDArray[np.integer[Any]],
        codes: NDArray[np.integer[Any]],
        seed: int = 0,
        hashes: NDArray[np.uint64] | None = None,
    ) -> None:
        self._X, self._of, self._codes, self._seed = X, np.asarray(of), np.asarray(codes), seed
        known = (self._of >= 0) & (self._codes >= 0)
        prints = row_hashes(X) if hashes is None else hashes
        fixed = np.zeros(len(self._of), bool)
        fixed[known] = fixed_part(prints, seed)[self._of[known]]
        self.judges, self.teachers = known & fixed, known & ~fixed
        self._whole: NDArray[np.float64] | None = None

    @property
    def n_teachers(self) -> int:
        """Labelled rows that may teach."""
        return int(self.teachers.sum())

    def score(self, keep: NDArray[np.bool_], judges: NDArray[np.bool_], progress: Progress = SILENT) -> Scored | None:
        """What a model taught by the rows of a mask tells of the ``judges``, both (n,) bool; None where too few can be judged."""
        taught, asked = np.flatnonzero(self.teachers & keep), np.flatnonzero(self.judges & judges)
        names, codes = np.unique(self._codes[taught], return_inverse=True)
        if len(asked) < LEAST or len(names) < 2:
            return None
        gram, mean = self._gram(taught, progress), np.zeros(self._X.shape[1])
        sums = np.zeros((len(names), self._X.shape[1]))
        order = np.argsort(codes, kind="stable")
        for start in range(0, len(order), BLOCK):
            progress.check()
            some = order[start : start + BLOCK]
            edges = np.flatnonzero(np.r_[True, np.diff(codes[some]) > 0])
            sums[codes[some[edges]]] += np.add.reduceat(self._X[self._of[taught[some]]].astype(np.float64), edges)
        counts = np.bincount(codes, minlength=len(names))
        mean = sums.sum(axis=0) / len(taught)
        gram -= len(taught) * np.outer(mean, mean)
        gram[np.diag_indices(len(mean))] += ALPHA
        table = np.linalg.solve(gram, (sums - counts[:, None] * mean).T).astype(np.float32)
        share = (counts / len(taught)).astype(np.float32)
        right = np.empty(len(asked), bool)
        for start in range(0, len(asked), BLOCK):
            progress.check()
            rows = asked[start : start + BLOCK]
            said = (self._X[self._of[rows]] - mean.astype(np.float32)) @ table + share
            right[start : start + BLOCK] = names[said.argmax(axis=1)] == self._codes[rows]
        accuracy = float(right.mean())
        return Scored(accuracy, float(np.sqrt(max(accuracy * (1 - accuracy), 0.25 / len(right)) / len(right))), right)

    def at_random(self, kept: int, judges: NDArray[np.bool_], progress: Progress = SILENT) -> float | None:
        """Mean accuracy after random removal until ``kept`` of the teachers are left, over three draws."""
        rows, found = np.flatnonzero(self.teachers), []
        for draw in range(DRAWS):
            progress.check()
            keep = np.zeros(len(self._of), bool)
            keep[np.random.default_rng([self._seed, draw]).permutation(rows)[:kept]] = True
            scored = self.score(keep, judges, progress)
            if scored is not None:
                found.append(scored.accuracy)
        return float(np.mean(found)) if found else None

    def _gram(self, taught: NDArray[np.int64], progress: Progress) -> NDArray[np.float64]:
        """X^T X of these rows: of all of them less those that went, where that is less work."""
        went = np.setdiff1d(np.flatnonzero(self.teachers), taught, assume_unique=True)
        if len(went) >= len(taught):
            return self._product(taught, progress)
        if self._whole is None:
            self._whole = self._product(np.flatnonzero(self.teachers), progress)
        return self._whole - self._product(went, progress)

    def _product(self, rows: NDArray[np.int64], progress: Progress) -> NDArray[np.float64]:
        total: NDArray[np.float64] = np.zeros((self._X.shape[1], self._X.shape[1]))
        for start in range(0, len(rows), BLOCK):
            progress.check()
            some = self._X[self._of[rows[start : start + BLOCK]]]
            total += (some.T @ some).astype(np.float64)
        return total


def accuracy(
    X: NDArray[np.float32],
    of: NDArray[np.integer[Any]],
    codes: NDArray[np.integer[Any]],
    keep: NDArray[np.bool_],
    seed: int = 0,
) -> tuple[float, float] | None:
    """Accuracy of a model taught by the kept rows, on those of the fixed part, and its standard error; None where too few can be judged.

    See :class:`Validation` for the parameters.
    """
    scored = Validation(X, of, codes, seed).score(keep, keep)
    return None if scored is None else (scored.accuracy, scored.error)


def verdict(rounds: Sequence[int], scored: Sequence[Scored]) -> tuple[int | None, str]:
    """The round with the best accuracy, and in one sentence what the course says.

    Differences are taken judge by judge (McNemar 1947): two rounds share their judges, so what both get wrong says nothing.
    """
    if not scored:
        return None, ""
    best = int(np.argmax([one.accuracy for one in scored]))
    if len(scored) == 1:
        return rounds[best], f"Round {rounds[0]} alone: {scored[0].accuracy:.1%} ± {scored[0].error:.1%}."
    first, _ = _difference(scored[best], scored[0])
    gain, error = _difference(scored[-1], scored[0])
    last, last_error = _difference(scored[-1], scored[-2])
    told = f"Round {rounds[best]} is the best so far, {100 * first:+.1f} points on round {rounds[0]}."
    if best == 0:
        told = f"No round beats round {rounds[0]}."
    if best != len(scored) - 1 and (lost := _difference(scored[-1], scored[best]))[0] < -2 * lost[1]:
        return rounds[best], f"{told} Round {rounds[-1]} is {-100 * lost[0]:.1f} points below it, more than chance has it."
    changed = f"{told} The last round changed {100 * last:+.1f} ± {100 * last_error:.1f} points"
    if len(scored) < 3 or last >= 2 * last_error:
        return rounds[best], f"{changed}."
    within = "" if abs(gain) > 2 * error else " All of it lies within the error."
    judges = len(scored[-1].right)
    if last + max(2 * last_error, UNSEEN / judges) < PAYS:
        return rounds[best], f"{changed}: more rounds no longer pay.{within}"
    return rounds[best], f"{changed}: the {judges:,} rows that judge are too few to tell whether more rounds pay.{within}"


def _difference(one: Scored, other: Scored) -> tuple[float, float]:
    """By how much one is more accurate, and the standard error of that."""
    off = one.right.astype(np.float64) - other.right
    return float(off.mean()), float(max(off.std(), 0.5 / len(off)) / np.sqrt(len(off)))
