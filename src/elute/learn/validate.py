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
SOLID = 30
"""Rows looked at and kept from which on they alone say how often the filter is wrong."""
FOLDS = 5


@dataclass(frozen=True)
class Measured:
    """What held on rows that were not told.

    Attributes
    ----------
    far : float
        The threshold.
    recall, recall_error : float
        Share of the dropped rows that are above it, and its standard error.
    wrong : tuple of float, or None
        Share of the kept rows that are above it, and its standard error; None with too few of them.
    note : str
    """

    far: float
    recall: float
    recall_error: float
    wrong: tuple[float, float] | None
    note: str

    def precision(self, named: int, undecided: int) -> tuple[float | None, float | None]:
        """Of the rows it names among so many undecided ones, the share that should go, and its standard error.

        It errs on undecided rows as often as on those that were kept. Kept ones were looked at because they are odd, so it more likely
        errs less.
        """
        if self.wrong is None or not named:
            return None, None
        rate, error = self.wrong
        return max(0.0, 1 - rate * undecided / named), min(1.0, error * undecided / named)


def validated(
    X: NDArray[np.float32], drop: NDArray[np.bool_], keep: NDArray[np.bool_], rest: NDArray[np.bool_], copies: NDArray[np.float64],
    said: NDArray[np.float64], groups: NDArray[np.integer[Any]] | None, neighbors: Neighbors | None, seed: int, progress: Progress,
) -> Measured:  # fmt: skip
    """The threshold, and how it does: on dropped rows that each fold was not told of, and on kept ones.

    ``said`` (n,) is what the filter says. It is taught that kept rows stay just as that undecided ones do, so it errs on both alike.
    Foreign rows in a cluster that was kept count as errors: SGD with Wikipedia, three clusters kept, is told .26 where .99 is true.
    """
    part, whole = _folds(drop, groups, seed, len(X))
    off = np.zeros(len(X))
    for fold in range(FOLDS):
        out = part == fold
        if not (drop & ~out).any() or not (rest & ~out).any() or not (out & (copies > 0)).any():
            continue
        said = taught(X, drop & ~out, rest & ~out, copies, neighbors, progress)[1]
        middle, width = spread(said[rest & ~out])
        off[out] = (said[out] - middle) / width
    far = FAR if (off[drop] > FAR).mean() >= BLIND else NEARER
    if (off[rest & ~keep] > FAR).sum() < LITTLE * drop.sum():
        far = next((at for at in FARTHER if (off[drop] > at).mean() >= SEEN), far)
    over = off > far
    unit = np.arange(len(X)) if not whole or groups is None else groups
    recall, recall_error = _rate(over[drop], unit[drop])
    note = f"Measured on {'whole clusters' if whole else 'rows'} it was not told of."
    wrong = None
    if keep.sum() >= SOLID:
        middle, width = spread(said[rest])
        wrong = _rate((said[keep] - middle) / width > far, unit[keep])
        note += f" How often it is wrong: by the {int(keep.sum()):,} rows you looked at and kept."
    else:
        # most rows were simply not decided yet: whether it is wrong about them can't be said
        note += f" How often it is wrong shows once {SOLID - int(keep.sum())} more rows were looked at and kept."
    return Measured(far, recall, recall_error, wrong, note)


def _folds(drop: NDArray[np.bool_], groups: NDArray[np.integer[Any]] | None, seed: int, n: int) -> tuple[NDArray[np.int64], bool]:
    """Fold of each row, and whether folds are whole clusters."""
    rng = np.random.default_rng(seed)
    if groups is not None:
        names, at = np.unique(groups, return_inverse=True)
        with_drops = np.bincount(at[drop], minlength=len(names)) > 0
        if with_drops.sum() >= FOLDS:
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
