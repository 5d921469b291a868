"""Communities of the neighbour graph at three levels of one hierarchy: the clusterer to begin with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from elute.cluster.modularity import LEVELS, Network, nested, network, width
from elute.cluster.result import Clustering
from elute.cluster.rows import Rows
from elute.options import Options, option


@dataclass(frozen=True)
class Communities(Options):
    """Communities: rows that are more among each other's nearest than chance has it. Modularity by Leiden's steps.

    Three levels come from one hierarchy, and no coarser cluster cuts a finer one. Traag, Waltman, van Eck (2019); resolution by
    Reichardt, Bornholdt (2006).
    """

    title: ClassVar[str] = "Communities"
    when: ClassVar[str] = "The first look: no number to choose; coarse to read, fine to clean; every row belongs somewhere."

    level: Literal["coarse", "default", "fine"] = option(
        "default", choices=tuple(LEVELS), help="Coarse to read, fine to clean; a coarse cluster is made of whole finer ones."
    )
    resolution: float | None = option(
        None, low=0.01, high=100.0, help="Any granularity between: higher makes more clusters. Empty: that of the level."
    )

    @property
    def granularity(self) -> float:
        """The resolution that counts."""
        return LEVELS[self.level] if self.resolution is None else self.resolution


def fit(
    rows: Rows, options: Communities, previous: NDArray[np.integer[Any]] | None, seed: int, made_by: Any = None
) -> Clustering:
    """The communities at the level asked for; compact.

    Parameters
    ----------
    previous : ndarray of shape (m,), int, or None
        Labels of the last round.
    made_by : Communities, optional
        Whose they are: of another granularity this one's clusters are made of them, or lie within them. The same if not given.
    """
    graph = rows.neighbors(width(rows.p))
    rows.progress.report("cluster", message="communities of the neighbour graph")
    net = network(graph)
    chosen = options.granularity
    before = None if previous is None else np.asarray(previous)[rows.at]
    if before is not None and not (before >= 0).any():
        before = None
    since = made_by.granularity if isinstance(made_by, Communities) else chosen
    # what was there finds its way in a quarter of the time; finer levels would have to be found anew for nobody
    wanted = {resolution for resolution in LEVELS.values() if before is None or since != chosen or resolution <= chosen}
    steps = {*wanted, chosen} if before is None else {*wanted, chosen, since}
    found = nested(net, steps, since=since, previous=before, seed=seed, progress=rows.progress)
    counts = {name: int(found[resolution].max()) + 1 for name, resolution in LEVELS.items() if resolution in found}
    level = next((name for name, resolution in LEVELS.items() if resolution == chosen), "between")
    return Clustering(
        found[chosen], params={"level": level, "resolution": chosen, "clusters": counts}, notes=_notes(net, graph.recall)
    )


def _notes(net: Network, recall: float) -> tuple[str, ...]:
    lonely = int((net.mass == 0).sum())
    told = []
    if recall < 1:
        told.append(f"Communities were read off a graph that knows {recall:.1%} of the nearest neighbours.")
    if lonely:
        told.append(f"{lonely:,} texts have nothing in common with any other, so each is a cluster of its own.")
    return tuple(told)
