"""How well a filter does on rows it was not told of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.learn.fit import spread, taught
from elute.neighbors import Neighbors
from elute.progress import Progress

FARTHER, FAR, NEARER = (5.0, 4.5), 4.0, 3.5
"""Robust standard deviations above the median of what stays at which a row counts as like the dropped ones."""
LITTLE, SEEN, BLIND = 0.25, 0.8, 0.6
"""Where :data:`FAR` names fewer rows than this share of the dropped ones, little is left to find, and what is far is so by chance more
often: then the farthest threshold at which the second share of the dropped rows is found, untold. All foreign clusters dropped from
BANKING77 with Wikipedia and out-of-scope turns: of the dropped and named rows .957 and .962 were foreign at 4, and .988 and .976 at 5
and 4.5, which are taken, for .02 and .03 of the recall; with one dropped, 4 named .97 to 1.0 rightly, and 5 half of it.
The nearest threshold where :data:`FAR` finds less than the third share: then many more of the kind are likely there. On 11 mixes, 3
named twice as many good rows as 3.5."""
UNLIKE = 2.0
"""Robust standard deviations above the median of what stays below which a dropped row is unlike the others that were dropped, by a
filter that was not told of it. Of 164 such rows 137 were good ones (16 mixes, ten looks, three times ``learn``); at 3, 247 of 429."""
FOLDS, EVEN = 5, 3
"""Folds; and how many clusters of equal size those that were dropped must be worth (1 over the sum of squared shares), to be left out
whole: without one of two large ones there is little to learn from, and recall says .33 where it is .9."""
ENOUGH, SOME = 50, 5
"""Rows judged one by one, and dropped ones among them, from which they alone say how good a filter is."""
AT = (2.0, 2.5, 3.0, 3.5, 4.0)
"""Thresholds of which judged rows choose: the one with the best F0.5, precision counting more than recall. With 300 rows of BANKING77 and
CLINC150 mixes judged rightly, 4 found .03 to .96 of the foreign rows and the best of these .70 to .97; a judge who errs in one of ten
rows needs the graph besides: .94 instead of .01 at precision 1.0 (BANKING77 with Wikipedia)."""


@dataclass(frozen=True)
class Measured:
    """What held on rows that were not told.

    Attributes
    ----------
    far : float
        The threshold.
    recall, recall_error : float
        Share of the dropped rows that are above it, and its standard error.
    precision, precision_error : float or None
        Of the rows above it the share that was dropped, and its standard error; None where there are none. A row that nobody decided
        counts as wrong, and one that was dropped as right. So it says how right the filter is only once most of a kind was dropped:
        after ten looks it was .03 below to .16 above the share of what was named besides that was foreign (docs/evidence.md), and after
        one to three foreign clusters of more up to .6 below.
    note : str
    unlike : ndarray of shape (n,), bool
        Dropped rows that it would not name, were it not told of them, by far.
    decided : bool
        Whether it is measured on rows alone that were judged one by one.
    """

    far: float
    recall: float
    recall_error: float
    precision: float | None
    precision_error: float | None
    note: str
    unlike: NDArray[np.bool_]
    decided: bool = False


def validated(
    X: NDArray[np.float32], drop: NDArray[np.bool_], rest: NDArray[np.bool_], copies: NDArray[np.float64],
    groups: NDArray[np.integer[Any]] | None, neighbors: Neighbors | None, seed: int, progress: Progress,
    judged: NDArray[np.bool_] | None = None,
) -> Measured:  # fmt: skip
    """The threshold, and how it does on rows that each fold was not told of.

    Rows of a cluster that was looked at and kept are no measure of how often it is wrong: a person keeps a cluster that is half good. On
    31 mixes 2 to 90 % of the rows of such clusters were named, and nearly all of these were foreign.

    Rows that were judged one by one are one: with :data:`ENOUGH` of them, of which some are dropped, they alone are counted.
    """
    by_judged = enough(judged, drop)
    part, whole = _folds(drop, groups, seed, len(X))
    off = np.zeros(len(X))
    for fold in range(FOLDS):
        out = part == fold
        if not (drop & ~out).any() or not (rest & ~out).any() or not (out & (copies > 0)).any():
            continue
        said = taught(X, drop & ~out, rest & ~out, copies, neighbors, progress, smooth=by_judged)[1]
        middle, width = spread(said[rest & ~out])
        off[out] = (said[out] - middle) / width
    far = FAR if (off[drop] > FAR).mean() >= BLIND else NEARER
    if (off[rest] > FAR).sum() < LITTLE * drop.sum():
        far = next((at for at in FARTHER if (off[drop] > at).mean() >= SEEN), far)
    unit = np.arange(len(X)) if not whole or groups is None else groups
    if by_judged and judged is not None:
        return _by_judged(off, drop & judged, rest & judged, unit, drop & (off < UNLIKE))
    over = off > far
    named = over & (drop | rest)
    recall, recall_error = _rate(over[drop], unit[drop])
    precision, precision_error = _rate(drop[named], unit[named]) if named.any() else (None, None)
    note = f"Measured on {'whole clusters' if whole else 'rows'} it was not told of; rows that nobody decided count as wrong."
    return Measured(far, recall, recall_error, precision, precision_error, note, drop & (off < UNLIKE))


def enough(judged: NDArray[np.bool_] | None, drop: NDArray[np.bool_]) -> bool:
    """Whether rows that were judged one by one are many enough to say how good a filter is."""
    return judged is not None and bool(judged.sum() >= ENOUGH and (drop & judged).sum() >= SOME)


def _by_judged(
    off: NDArray[np.float64], drop: NDArray[np.bool_], keep: NDArray[np.bool_], unit: NDArray[Any], unlike: NDArray[np.bool_]
) -> Measured:
    """The threshold by the rows that were judged, and measured on them: a row that nobody judged says nothing."""

    def worth(at: float) -> float:
        hit, wrong = (off[drop] > at).sum(), (off[keep] > at).sum()
        return float(1.25 * hit / max(hit + wrong + 0.25 * drop.sum(), 1e-9))

    # of equal ones the farthest
    far = max(AT, key=lambda at: (worth(at), at))
    over = off > far
    named = over & (drop | keep)
    recall, recall_error = _rate(over[drop], unit[drop])
    precision, precision_error = _rate(drop[named], unit[named]) if named.any() else (None, None)
    note = f"Measured on {int(drop.sum() + keep.sum()):,} judged rows it was not told of; as right as those verdicts are."
    return Measured(far, recall, recall_error, precision, precision_error, note, unlike, True)


def _folds(drop: NDArray[np.bool_], groups: NDArray[np.integer[Any]] | None, seed: int, n: int) -> tuple[NDArray[np.int64], bool]:
    """Fold of each row, and whether folds are whole clusters."""
    rng = np.random.default_rng(seed)
    if groups is not None:
        names, at = np.unique(groups, return_inverse=True)
        dropped = np.bincount(at[drop], minlength=len(names))
        with_drops = dropped > 0
        if with_drops.sum() >= FOLDS and dropped.sum() ** 2 >= EVEN * np.square(dropped).sum():
            place = np.empty(len(names), np.int64)
            for side in (with_drops, ~with_drops):
                place[rng.permutation(np.flatnonzero(side))] = np.arange(side.sum()) % FOLDS
            return place[at], True
    place = np.empty(n, np.int64)
    for rows in (drop, ~drop):  # few examples are shared out evenly
        place[rng.permutation(np.flatnonzero(rows))] = np.arange(rows.sum()) % FOLDS
    return place, False


def _rate(hit: NDArray[np.bool_], unit: NDArray[Any]) -> tuple[float, float]:
    """Share of hits, and its standard error where rows of one unit go together."""
    rate = float(hit.mean())
    _, at = np.unique(unit, return_inverse=True)
    off = np.bincount(at, weights=hit - rate)
    count = len(off)
    error = float(np.sqrt(np.square(off).sum() * count / max(count - 1, 1))) / len(hit)
    return rate, max(error, 0.5 / count)  # all alike is no certainty
