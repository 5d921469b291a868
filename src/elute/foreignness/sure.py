"""How sure one can be that a cluster is foreign, and what is said where none is."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.foreignness.weigh import FAMILIES, Figures, Some

NOTHING = 0.1
"""Probability below which no cluster stands out."""
TOTAL, SHIFT = 1.2, -4.0


def confidence(total: NDArray[np.float64], raw: Figures, real: Some) -> NDArray[np.float64]:
    """Probability (k,) that each cluster is foreign."""
    return np.asarray(1 / (1 + np.exp(-(SHIFT + TOTAL * total))))


def nothing(clusters: NDArray[Any], sure: NDArray[np.float64] | None, seen: tuple[str, ...]) -> str:
    """A sentence where no cluster stands out, with what was checked; else empty."""
    real = clusters >= 0
    if sure is None:
        return f"Nothing stands out: of {real.sum()} clusters none can be called unlike the others." if len(clusters) else ""
    if (sure[real] >= NOTHING).any():
        return ""
    checked = ", ".join(FAMILIES[name] for name in seen)
    return f"Nothing stands out: {checked} of {real.sum()} clusters were checked."
