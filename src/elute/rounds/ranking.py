"""The clusters of a round in the order in which to look at them: what ranks them is given what is known of the round."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from elute.cluster import OUTSIDE, tiny
from elute.foreignness import Dropped, Foreignness, foreignness, near_dropped
from elute.progress import Progress
from elute.rounds.space import NEAREST, Part
from elute.vectors import Groups

if TYPE_CHECKING:
    import pandas as pd

READ = 120
"""Texts that are read of what was dropped, to know what is like them."""


def ranked_clusters(part: Part, labels: NDArray[np.int32], groups: Groups, progress: Progress) -> Foreignness:
    """The clusters in the order in which to look at them."""
    return foreignness(
        part.X,
        labels,
        part.texts,
        weights=part.weights,
        dropped=_dropped(part, labels),
        neighbors=part.graph(NEAREST, progress) if part.space.graph.built else None,
        target=part.target,
        label_names=part.space.label_names,
        task=part.space.task_vector,
        wording=part.space.wording,
        groups=groups,
        ids=part.ids,
        progress=progress,
    )


def _dropped(part: Part, labels: NDArray[np.int32]) -> Dropped | None:
    """What is known of the vectors that take no part any more."""
    if part.among.all():
        return None
    gone = np.flatnonzero(~part.among)
    some = gone[np.unique(np.linspace(0, len(gone) - 1, READ).astype(int))]
    total = (~part.among).astype(np.float32) @ part.space.X
    return Dropped(_near_dropped(part, labels), total.astype(np.float64), [part.space.text(int(vector)) for vector in some])


def _near_dropped(part: Part, labels: NDArray[np.int32]) -> NDArray[np.float32]:
    """(q,) share of each vector's nearest that were dropped: off the graph where there is one, else of a sample."""
    space = part.space
    if space.graph.built:
        return space.graph.share(~part.among, NEAREST)[part.ids]
    whole = np.full(len(space.X), OUTSIDE, np.int32)
    whole[part.ids] = labels
    return near_dropped(space.X, whole, ~part.among)[part.ids]


def sized(table: pd.DataFrame) -> pd.DataFrame:
    """A cluster table that says which clusters are extremely small."""
    real = (table["cluster"] >= 0).to_numpy()
    small = np.zeros(len(table), bool)
    small[real] = tiny(table.loc[real, "size"].to_numpy())
    return table.assign(tiny=small)


def with_copies(clusters: pd.DataFrame, labels: NDArray[np.int32], copy: NDArray[np.bool_]) -> pd.DataFrame:
    """The table of clusters with the share of rows that are copies of a text, not of a vector: two texts may be embedded as one.

    ``copy`` are the rows of a person's own that stay and say the same as one before them.
    """
    if clusters.empty:
        return clusters
    names = clusters["cluster"].to_numpy()
    found = np.bincount(labels[copy & (labels > OUTSIDE)] - OUTSIDE, minlength=int(names.max(initial=0)) - OUTSIDE + 1)
    return clusters.assign(duplicates=found[names - OUTSIDE] / np.maximum(clusters["size"].to_numpy(), 1))
