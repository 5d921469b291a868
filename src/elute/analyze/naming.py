"""Names of clusters from round to round: which go on, which a person gave, and that what a person gave to one is given to no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from elute.analyze.schema import ClusterAnalysis
from elute.analyze.wording import Names
from elute.decisions import Decision
from elute.decisions.marks import TYPICAL


def lasting_names(before: NDArray[np.int32], names: Mapping[int, str], now: NDArray[np.int32]) -> dict[int, str]:
    """Names that go on: those of clusters more than half of whose rows were in the cluster of the same number before."""
    kept = {}
    for cluster, name in names.items():
        rows = now == cluster
        if cluster >= 0 and rows.any() and (before[rows] == cluster).mean() > 0.5:
            kept[cluster] = name
    return kept


@dataclass(frozen=True)
class Named:
    """Names that a person gave, in a round.

    Attributes
    ----------
    names : dict of int to str
        Of clusters that are, for half at least, rows to which the name was given.
    held : dict of int to str
        Of clusters that only hold such rows beside more of others: a sentence that says so.
    """

    names: Mapping[int, str]
    held: Mapping[int, str]


def renamed(
    renames: Iterable[Decision], labels: NDArray[np.int32], locate: Callable[[NDArray[np.uint64]], tuple[NDArray[np.bool_], int]]
) -> Named:
    """Names that a person gave, for the clusters of this round.

    A name was given to rows, of which a few typical ones were noted, not to a number: it belongs to the cluster that now holds most of
    those still here, if they are half of that cluster or more. Of several such names it has the one that was given to most nearly its
    rows, and the later one of equals.
    """
    names: dict[int, tuple[float, str]] = {}
    held: dict[int, list[str]] = {}
    sizes: dict[int, int] = {}
    for decision in {told.ids.tobytes(): told for told in renames}.values():  # of names for the same rows the last
        here = labels[locate(decision.ids)[0]]
        clusters, counts = np.unique(here[here >= -1], return_counts=True)
        if not len(counts) or counts.max() * 2 < counts.sum():
            continue
        cluster, name, part = int(clusters[counts.argmax()]), str(decision.data["name"]), counts.max() / len(decision.ids)
        size = sizes.setdefault(cluster, int((labels == cluster).sum()))
        given = _given_to(decision) or size / part
        there = given * part
        if there * 2 >= size:
            alike = there / (given + size - there)
            if alike >= names.get(cluster, (0.0, ""))[0]:
                names[cluster] = alike, name
        else:
            about = "about " if given > len(decision.ids) else ""
            held.setdefault(cluster, []).append(f"“{name}” ({about}{round(there):,} of {size:,} rows)")
    told = {cluster: f"Holds {', '.join(found)}." for cluster, found in held.items()}
    return Named({cluster: name for cluster, (_, name) in names.items()}, told)


def _given_to(decision: Decision) -> float | None:
    """How many rows a name was given to; None where only typical ones were noted and, in earlier versions, not how many there were."""
    size = decision.data.get("size")
    if isinstance(size, int) and size >= len(decision.ids):
        return float(size)
    return float(len(decision.ids)) if len(decision.ids) < TYPICAL else None


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
