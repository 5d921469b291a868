"""How sure one can be that a cluster is foreign, and what is said where none is."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.foreignness.weigh import FAMILIES, Figures, Some

NOTHING = 0.25
"""Probability below which no cluster stands out: the surest cluster lies above .37 in each mix of sets, .27 in neighbouring domains."""
START, LABELLED, AGAIN = -5.21, -1.43, -1.64
"""Log odds of a cluster like all others; what is added where there are labels, and once something was dropped."""
TOTAL, TOTAL_LABELLED = 1.26, 0.89
BEYOND = {"traits": (1.16, 3.0), "mixed": (1.08, 1.0), "missing": (1.92, 1.0), "joined": (2.56, 1.0), "named": (1.46, 1.0)}
"""What a figure counts for as it is, above the middle cluster's, and the most of it that counts: z-scores alone can't tell whether all
clusters of a set are alike."""


def confidence(total: NDArray[np.float64], raw: Figures, real: Some) -> NDArray[np.float64]:
    """Probability (k,) that more than half of each cluster is foreign.

    A logistic regression on the clusters of mixes and of clean sets (bench/evidence_fit.py); with one base left out at a time, what
    was said and what was true differ by .13 at most in bins of a fifth.
    """
    odds = START + (TOTAL_LABELLED if "missing" in raw else TOTAL) * total
    odds = odds + LABELLED * ("missing" in raw) + AGAIN * ("share" in raw)
    for name, (weight, most) in BEYOND.items():
        if name in raw:
            odds = odds + weight * np.clip(raw[name] - np.median(raw[name][real]), 0, most)
    return np.asarray(1 / (1 + np.exp(-odds)))


def nothing(clusters: NDArray[Any], sure: NDArray[np.float64] | None, seen: tuple[str, ...]) -> str:
    """A sentence where no cluster stands out, with what was checked; else empty."""
    real = clusters >= 0
    if sure is None:
        return f"Nothing stands out: of {real.sum()} clusters none can be called unlike the others." if len(clusters) else ""
    if (sure[real] >= NOTHING).any():
        return ""
    checked = ", ".join(FAMILIES[name] for name in seen)
    return f"Nothing stands out: {checked} of {real.sum()} clusters were checked."
