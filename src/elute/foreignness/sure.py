"""How sure one can be that a cluster is foreign, and what is said where none is."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.foreignness.weigh import FAMILIES, Figures, Some

NOTHING, ELSE = 0.7, 0.3
"""Probability below which no cluster stands out; the same once something was dropped, when what is left is judged more strictly."""
START, LABELLED, AGAIN = -5.0, -0.3, -2.2
"""Log odds of a cluster like all others; what is added where there are labels, and once something was dropped."""
TOTAL, TOTAL_LABELLED = 1.27, 1.0
BEYOND = {"traits": (0.87, 3.0), "joined": (1.76, 1.0)}
"""Without labels, what a figure counts for as it is, above the middle cluster's, and the most of it that counts: z-scores alone can't
tell whether all clusters of a set are alike. Labels can."""
NAMED = 1.44
FEW = 10
"""Different texts below which trials say little of a cluster: five forms of one question lie together, far from all else."""
SIZE = 0.7
"""Power of a cluster's size in the order: of two that are as likely foreign the larger one gives more for the look."""


def confidence(total: NDArray[np.float64], raw: Figures, real: Some) -> NDArray[np.float64]:
    """Probability (k,) that more than half of each cluster is foreign.

    A logistic regression on the clusters of mixes and of clean sets (bench/evidence_fit.py). Of the mixes and clean sets that it was not
    fitted to (``elsewhere`` of bench/evidence_mixes.py; one seed; labels where the base has them), what was said and what was true differ
    by .15 at most in bins of a fifth, and at the confidence that finds 80 % of foreign clusters (.55) 8 of 524 clean ones are called
    foreign. Without any labels it is 29 of 524, since such clusters differ from the rest as much.
    """
    labelled, again = "odd" in raw, "share" in raw
    odds = START + (TOTAL_LABELLED if labelled else TOTAL) * total + LABELLED * labelled + AGAIN * again
    for name, (weight, most) in ({"named": (NAMED, 1.0)} if labelled else BEYOND).items():
        if name in raw:
            odds = odds + weight * np.clip(raw[name] - np.median(raw[name][real]), 0, most)
    return np.asarray(1 / (1 + np.exp(-odds)))


def told(sure: NDArray[np.float64], texts: NDArray[np.int64]) -> NDArray[np.float64]:
    """The same (k,) as it is said of clusters of so many different texts: NaN where one of few may be foreign."""
    return np.where((texts < FEW) & (sure >= ELSE), np.nan, sure)


def worth(sure: NDArray[np.float64], sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a look is worth (k,), 0 to 1: nearly the rows that it is likely to find, against the largest cluster."""
    return np.asarray(sure * (sizes / sizes.max()) ** SIZE)


def nothing(clusters: NDArray[Any], sure: NDArray[np.float64] | None, seen: tuple[str, ...]) -> str:
    """A sentence where no cluster stands out, with what was checked; else empty.

    In trials said of 20 of 38 clean sets, and of 2 of 144 mixes; after drops of 21 of 41 sets with no foreign cluster left, and of none
    of 144 with some.
    """
    real = clusters >= 0
    if sure is None:
        return f"Nothing stands out: of {real.sum()} clusters none can be called unlike the others." if len(clusters) else ""
    if (sure[real] >= (ELSE if "dropped" in seen else NOTHING)).any():
        return ""
    *most, last = (FAMILIES[name] for name in seen)
    checked = f"{', '.join(most)} and {last}" if most else last
    return f"Nothing stands out in {checked} of {real.sum()} clusters."
