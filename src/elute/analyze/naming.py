"""Names of clusters from round to round: which go on, which a person gave, and that what a person gave to one is given to no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from elute.analyze.schema import ClusterAnalysis
from elute.analyze.wording import Names
from elute.decisions import Decision


def lasting_names(before: NDArray[np.int32], names: Mapping[int, str], now: NDArray[np.int32]) -> dict[int, str]:
    """Names that go on: those of clusters more than half of whose rows were in the cluster of the same number before."""
    kept = {}
    for cluster, name in names.items():
        rows = now == cluster
        if cluster >= 0 and rows.any() and (before[rows] == cluster).mean() > 0.5:
            kept[cluster] = name
    return kept


def renamed(
    renames: Iterable[Decision], labels: NDArray[np.int32], locate: Callable[[NDArray[np.uint64]], tuple[NDArray[np.bool_], int]]
) -> dict[int, str]:
    """Names that a person gave, for the clusters of this round.

    A name was given to a few typical rows, not to a number: it belongs to the cluster that now holds most of those still here.
    """
    names: dict[int, str] = {}
    for decision in renames:
        here = labels[locate(decision.ids)[0]]
        here = here[here >= -1]
        if not len(here):
            continue
        clusters, counts = np.unique(here, return_counts=True)
        if counts.max() * 2 >= len(here):
            names[int(clusters[counts.argmax()])] = str(decision.data["name"])
    return names


def apart(names: Mapping[int, str], given: Mapping[int, str]) -> dict[int, str]:
    """Names of an analyst's, none of which a person gave to another cluster: such a one takes its next form.

    >>> apart({0: "cards", 1: "refunds", 2: "cats"}, {0: "Refunds"})
    {0: 'cards', 1: 'refunds 2', 2: 'cats'}
    """
    bearers: dict[str, set[int]] = {}
    for cluster, name in given.items():
        bearers.setdefault(name.casefold(), set()).add(cluster)
    free = Names((*given.values(), *names.values()))
    return {
        cluster: free.take(cluster, [name]) if bearers.get(name.casefold(), set()) - {cluster} else name
        for cluster, name in names.items()
    }


def named_anew(
    known: Mapping[int, ClusterAnalysis], lasting: Mapping[int, str], given: Mapping[int, str]
) -> dict[int, ClusterAnalysis]:
    """The same answers, by names that no other cluster has."""
    names = Names(lasting.values())
    named = apart({**lasting, **{cluster: names.take(cluster, [kept.name]) for cluster, kept in known.items()}}, given)
    return {cluster: replace(kept, name=named[cluster]) for cluster, kept in known.items()}
