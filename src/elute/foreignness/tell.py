"""Why a cluster stands out, in one sentence."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from elute.foreignness.style import TRAITS
from elute.foreignness.weigh import Figures, Some, even

SAID = 0.5
"""Evidence, 0 to 1, from which it is told."""
FAR = 0.8
"""Standard deviations of single texts from which a trait is named."""
NAMED = 2
LABELS = {
    "missing": "has no labels where others do",
    "mixed": "has labels of many kinds",
    "strewn": "has a label that stands for unlike things",
    "named": "means something other than its labels say",
}


def why(at: int, evidence: Figures, raw: Figures, real: Some, far: NDArray[np.float64]) -> str:
    """One sentence on the cluster at a position; empty where nothing stands out.

    Parameters
    ----------
    evidence : dict of str to ndarray of shape (k,)
        Each kind, 0 to 1.
    raw : dict of str to ndarray of shape (k,)
        The figures themselves.
    far : ndarray of shape (k, t)
        Its traits; see :meth:`elute.foreignness.style.Manner.far`.
    """
    names = [name for name in sorted(evidence, key=lambda name: -evidence[name][at]) if evidence[name][at] >= SAID]
    told = [_clause(name, at, raw, real, far) for name in names]
    if not told:
        return ""
    joined = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
    return f"It {joined}, compared with the other clusters."


def _clause(name: str, at: int, raw: Figures, real: Some, far: NDArray[np.float64]) -> str:
    if name == "style":
        return f"is written unlike the rest{_traits(far[at])}"
    if name == "spread":
        return "is loosely packed" if even(raw["loose"], real)[at] >= 0 else "is tightly packed"
    if name == "labels":
        worst = max((label for label in LABELS if label in raw), key=lambda label: even(raw[label], real)[at])
        return LABELS[worst]
    if name == "dropped":
        share = float(raw["share"][at])
        return f"has {share:.0%} of its neighbours among what was dropped" if share >= 0.01 else "is like what was dropped"
    return {"wording": "uses other words", "place": "lies far from the rest", "task": "is far from the task"}[name]


def _traits(far: NDArray[np.float64]) -> str:
    order = [at for at in np.argsort(-np.abs(far)) if abs(far[at]) >= FAR][:NAMED]
    said = [list(TRAITS.values())[at][int(far[at] < 0)] for at in order]
    return f" ({', '.join(said)})" if said else ""
