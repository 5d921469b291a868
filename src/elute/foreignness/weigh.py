"""What each figure of a cluster counts for, and how sure that makes one that the cluster is foreign."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CLIP = 3.0
"""Standard deviations beyond which a figure counts no more."""
EVEN = 4.0
FAMILIES = {
    "style": "style",
    "wording": "wording",
    "spread": "spread",
    "place": "distance",
    "labels": "labels",
    "task": "task",
    "dropped": "likeness to dropped",
}
"""Kinds of evidence, with what they are called on the page."""
WEIGHTS: dict[str, tuple[str, float]] = {
    "words": ("wording", 0.1), "|words|": ("wording", 0.3), "characters": ("wording", 0.18), "|characters|": ("wording", 0.02),
    "style": ("style", 0.3), "traits": ("style", 0.25), "beyond": ("style", 0.5),
    "loose": ("spread", 0.2), "|loose|": ("spread", 0.08), "near": ("spread", 0.15), "|inside|": ("spread", 0.22),
    "joined": ("place", 0.42), "|apart|": ("place", 0.36),
    "astray": ("labels", 2.75),
    "task": ("task", 0.4),
    "dropped": ("dropped", 0.37), "toward": ("dropped", 0.18), "alike": ("dropped", 0.24),
}  # fmt: skip
"""Figure -> its kind of evidence, and its weight: fitted to mixes of known dirt (bench/evidence_fit.py). Bars: in either direction."""
ODD = 4
"""Power of ``odd``: labels that agree half as often as elsewhere count for little."""
APART, STREWN = 0.6, 0.8
"""Share of its labels' rows that a cluster holds, from which loose labels are its own; what these count at most."""

Figures = dict[str, NDArray[np.float64]]
Some = NDArray[np.bool_]


def z(values: NDArray[np.float64], real: Some) -> NDArray[np.float64]:
    """Standard deviations from the mean of the ``real`` ones, clipped; 0 where all are equal."""
    spread = float(values[real].std())
    return np.clip((values - values[real].mean()) / spread, -CLIP, CLIP) if spread > 1e-9 else np.zeros(len(values))


def even(values: NDArray[np.float64], real: Some) -> NDArray[np.float64]:
    """Deviations from the middle one, by the median of them: what a few far ones don't move; clipped at 4."""
    middle = float(np.median(values[real]))
    spread = max(1.4826 * float(np.median(np.abs(values[real] - middle))), 0.3 * float(values[real].std()), 1e-9)
    return np.asarray(np.clip((values - middle) / spread, -EVEN, EVEN))


def astray(raw: Figures, real: Some) -> Figures:
    """Three ways (k,) in which labels are not those of the rest, 0 to 1 as they are: foreign rows show one of them only."""
    if "odd" not in raw:
        return {"missing": _above(raw["missing"], real)} if "missing" in raw else {}
    return {
        "missing": _above(raw["missing"], real),
        "odd": raw["odd"] ** ODD,
        "strewn": STREWN * np.clip(even(raw["strewn"], real) / EVEN, 0, 1) * (raw["home"] < APART),
    }


def _above(values: NDArray[np.float64], real: Some) -> NDArray[np.float64]:
    return np.clip(values - np.median(values[real]), 0, 1)


def weighed(raw: Figures, real: Some) -> Figures:
    """The figures of :data:`WEIGHTS` that are known, as z-scores."""
    told = dict(raw)
    told |= {f"|{name}|": np.abs(even(values, real)) for name, values in raw.items()}
    scored = {name: z(told[name], real) for name in WEIGHTS if name in told}
    if "traits" in raw:
        # as it is, in standard deviations of texts: where a fifth of all clusters are foreign, a z-score hides how far they are
        scored["beyond"] = np.clip(raw["traits"] - np.median(raw["traits"][real]), 0, CLIP)
    if labels := list(astray(raw, real).values()):
        scored["astray"] = 2 * np.max(labels, axis=0)
    return {name: scored[name] for name in WEIGHTS if name in scored}


def by_family(weighed_: Figures) -> tuple[Figures, Figures]:
    """What each kind of evidence adds to the score, and the same as 0 to 1: 1 where its figures are two standard deviations out."""
    added: Figures = {}
    most: dict[str, float] = {}
    for name, values in weighed_.items():
        family, weight = WEIGHTS[name]
        added[family] = added.get(family, np.zeros(len(values))) + weight * values
        most[family] = most.get(family, 0.0) + weight
    return added, {name: np.clip(values / (2 * most[name]), 0, 1) for name, values in added.items()}
