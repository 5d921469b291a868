"""Why a cluster stands out, in one sentence: what was seen of it, most telling first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from elute.foreignness.weigh import Figures, Some, astray, even
from elute.stylometry import TRAITS

SAID = 0.5
"""Evidence, 0 to 1, from which it is told."""
MOST = 3
FAR = 0.8
"""Standard deviations of single texts from which a trait is named."""
NAMED = 2
MIXED = 0.5
"""Share of a cluster's labels that are not the one most of its rows bear, from which they look drawn by lot."""


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
    names = [name for name in sorted(evidence, key=lambda name: -evidence[name][at]) if evidence[name][at] >= SAID][:MOST]
    manners = [*filter(None, (_manner(name, at, raw, real, far) for name in names))]
    clauses = [*filter(None, (_clause(name, at, raw, real) for name in names))]
    *told, last = [*manners, *clauses] or [""]
    comma = "," if len(told) > 1 or clauses else ""
    joined = f"{', '.join(told)}{comma} and {last}" if told else last
    return f"{joined[0].upper()}{joined[1:]}." if joined else ""


def _manner(name: str, at: int, raw: Figures, real: Some, far: NDArray[np.float64]) -> str:
    """What the cluster is, in a few words."""
    if name == "style":
        return f"written unlike the rest{_traits(far[at])}"
    if name == "spread":
        return "loosely packed" if even(raw["loose"], real)[at] >= 0 else "tightly packed"
    if name == "place":
        return "far from all the others" if even(raw["joined"], real)[at] > 1 else "away from the middle of the set"
    return {"wording": "in words of its own", "task": "off the task"}.get(name, "")


def _clause(name: str, at: int, raw: Figures, real: Some) -> str:
    """What is true of its rows, with the share of them."""
    if name == "dropped":
        share = float(raw["share"][at])
        return f"{_percent(share)} of its neighbours were dropped" if share >= 0.01 else "it is like what was dropped"
    if name != "labels":
        return ""
    ways = astray(raw, real)
    alike = "beside" in raw and raw["mixed"][at] < MIXED
    return {
        "missing": f"{_percent(float(raw['missing'][at]))} of it has no label",
        "odd": f"{_percent(float(raw['beside'][at]))} of its neighbours bear another label"
        if alike
        else "its labels look drawn by lot",
        "strewn": "its label stands elsewhere for unlike things",
    }[max(ways, key=lambda way: ways[way][at])]


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.01 else "under 1 %"


def _traits(far: NDArray[np.float64]) -> str:
    order = [at for at in np.argsort(-np.abs(far)) if abs(far[at]) >= FAR][:NAMED]
    said = [list(TRAITS.values())[at][int(far[at] < 0)] for at in order]
    return f" ({', '.join(said)})" if said else ""
