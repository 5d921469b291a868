"""What several judgings of this process ask at the same time is asked once, and all of them hear the answer: see elute.embed.claims."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from elute.analyze.schema import ClusterAnalysis, ClusterView
from elute.embed.claims import claimed
from elute.progress import Progress

T = TypeVar("T")


def answers(
    where: Hashable,
    views: Mapping[int, ClusterView],
    keys: Mapping[int, str],
    again: Collection[int],
    ask: Callable[[list[ClusterView]], Iterator[ClusterAnalysis]],
    kept: Callable[[ClusterView], ClusterAnalysis | None],
    keep: Callable[[ClusterAnalysis], None],
    by: object,
    progress: Progress,
) -> Iterator[tuple[ClusterAnalysis, bool]]:
    """An answer about each cluster as it comes, and whether it was asked for here.

    Parameters
    ----------
    where : hashable or None
        The cache of the answers; None where they are not kept, and all are asked for here.
    keys : mapping of int to str
        What the answer about each cluster is kept under.
    again : collection of int
        Clusters that a person wants to be asked about, whatever is under way.
    ask, kept, keep : callable
        Ask the analyst; look whether another kept an answer meanwhile; keep one.
    by : object
        Who asks: that it failed for another says nothing of oneself, who may have another key or limit.
    """
    left = dict(views)
    while left:
        with claimed(where, [] if where is None else [keys[cluster] for cluster in left]) as claim:
            mine = [view for cluster, view in left.items() if cluster in again or keys[cluster] not in claim.others]
            there = [found for view in mine if where is not None and (found := kept(view)) is not None]
            for said in there:
                claim.done([keys[said.cluster]])
                yield said, False
            known = {said.cluster for said in there}
            for said in ask([view for view in mine if view.cluster not in known]):
                keep(said)
                claim.done([keys[said.cluster]], (by, said))
                yield said, True
            for view in mine:
                del left[view.cluster]
        for key, made in claim.ended(progress):
            for cluster in [one for one in left if keys[one] == key]:
                # stopped before it was answered, or failed for its own reasons: it is taken over, in the next turn
                if made is not None and (made[1].status != "failed" or made[0] is by):
                    del left[cluster]
                    yield replace(made[1], cluster=cluster), False


def made_once(
    where: Hashable, key: str, kept: Callable[[], T | None], make: Callable[[], T], good: Callable[[T], bool], by: object,
    progress: Progress,
) -> T:  # fmt: skip
    """What is kept, or made by another meanwhile, or made here; ``good`` says whether it is what was asked for, and no makeshift."""
    while True:
        with claimed(where, [key]) as claim:
            if not claim.others:
                found = kept()
                if found is None:
                    found = make()
                    claim.done([key], (by, found))
                return found
        for _, made in claim.ended(progress):
            if made is not None and (good(made[1]) or made[0] is by):
                shared: T = made[1]
                return shared
