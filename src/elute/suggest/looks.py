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
ANYWAY = 3
"""Clusters that are offered where nothing stands out: that is said of sets in which coherent foreign rows hide too, and three looks take
fifteen seconds. Once one of them was dropped, up to ten."""
LOOKED = 0.5
"""Share of a cluster's rows that were looked at and kept, from which it counts as decided."""
KINDS = ("foreign", "advised", "noise", "tiny")


def looks(ground: Ground) -> Looks:
    """What to look at next.

    A cluster that was looked at and kept does not come again; one that changed since, with most of its rows unseen, does. Where
    nothing stands out, which is said, the few that are most unlike the others are offered anyway.
    """
    dropped, kept = decided(ground.state.in_force)
    nothing = str(ground.made.params.get("nothing", "") or "")
    many = max(0, (TEN if dropped else ANYWAY) - dropped - kept) if nothing else TEN
    order = tuple(_order(ground, many, 0.0 if nothing else WORTH))
    if not order and (not nothing or dropped or kept):
        nothing = "Nothing else stands out." if dropped or kept else "Nothing stands out: no cluster is unlike the others."
    return Looks(order, dropped + kept, dropped, kept, nothing)


def decided(in_force: Iterable[Any]) -> tuple[int, int]:
    """Clusters dropped and kept in a look: decisions whose source says ``look``, or that accepted a suggestion about a cluster.

    Where a half of a cluster went, it is decided with what is said of the other.
    """
    dropped = kept = 0
    for decision in in_force:
        source: Mapping[str, Any] = decision.source
        kinds = [kind for kind in source.get("kinds", ()) if kind in KINDS]
        about = max(len(kinds), int(source.get("kind") == "look" and not source.get("half")))
        dropped += about if decision.kind == "drop" else 0
        kept += about if decision.kind == "keep" else 0
    return dropped, kept


def _order(ground: Ground, many: int = TEN, least: float = WORTH) -> list[int]:
    """The first clusters that were not decided on, of those that are foreign with a probability of ``least``."""
    table = ground.made.clusters
    confidence = np.asarray(table["confidence"], float) if "confidence" in table else np.full(len(table), np.nan)
    looked = np.asarray(ground.state.looked)
    found = []
    for cluster, sure in zip(table["cluster"].tolist(), confidence, strict=True):
        rows = ground.rows_of(cluster)
        if cluster < 0 or not (rows & ground.free).any() or looked[rows].mean() >= LOOKED or sure < least:
            continue
        found.append(int(cluster))
    return found[:many]
