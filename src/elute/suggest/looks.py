"""The quick look: which clusters are worth a person's eyes, best first, and what was decided so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from elute.suggest.ground import Ground
from elute.suggest.suggestion import Looks

TEN = 10
"""Clusters that a person is asked to look at; after ten, nearly all that can be found is found (numbers.md)."""
WORTH = 0.1
"""Probability that a cluster is foreign below which it is not worth a look; a cluster of unknown confidence is ranked only."""
LOOKED = 0.5
"""Share of a cluster's rows that were looked at and kept, from which it counts as decided."""
KINDS = ("foreign", "noise", "tiny")


def looks(ground: Ground) -> Looks:
    """What to look at next.

    A cluster that was looked at and kept does not come again; one that changed since, with most of its rows unseen, does.
    """
    dropped, kept = decided(ground.state.in_force)
    nothing = str(ground.made.params.get("nothing", "") or "")
    order = () if nothing else tuple(_order(ground))
    if not order and not nothing:
        nothing = "Nothing else stands out." if dropped or kept else "Nothing stands out: no cluster is unlike the others."
    return Looks(order, dropped + kept, dropped, kept, nothing if not order else "")


def decided(in_force: Iterable[Any]) -> tuple[int, int]:
    """Clusters dropped and kept in a look: decisions whose source says ``look``, or that accepted a suggestion about a cluster."""
    dropped = kept = 0
    for decision in in_force:
        source: Mapping[str, Any] = decision.source
        kinds = [kind for kind in source.get("kinds", ()) if kind in KINDS]
        about = max(len(kinds), int(source.get("kind") == "look"))
        dropped += about if decision.kind == "drop" else 0
        kept += about if decision.kind == "keep" else 0
    return dropped, kept


def _order(ground: Ground) -> list[int]:
    table = ground.made.clusters
    confidence = np.asarray(table["confidence"], float) if "confidence" in table else np.full(len(table), np.nan)
    looked = np.asarray(ground.state.looked)
    found = []
    for cluster, sure in zip(table["cluster"].tolist(), confidence, strict=True):
        rows = ground.rows_of(cluster)
        if cluster < 0 or not (rows & ground.free).any() or looked[rows].mean() >= LOOKED or sure < WORTH:
            continue
        found.append(int(cluster))
        if len(found) == TEN:
            break
    return found
