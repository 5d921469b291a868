"""What other settings would do to a cluster, tried rather than supposed: each is fitted as the next round would be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from elute.cluster import OUTSIDE, Communities, KMeans, cluster
from elute.rounds.past import Past
from elute.rounds.round import Round
from elute.suggest.ground import Ground
from elute.suggest.words import many

SHARES = (1.15, 1.3, 1.5, 1.75, 2.0, 2.5)
"""How many times finer or coarser communities are tried; of 33 clusters and pairs in five sets 31 gave way below twice."""
NUMBERS = (1, 2, 3)
"""How many more or fewer clusters are tried where their number is set."""
MANY = {Communities: 10_000, KMeans: 3_000}
"""Different texts up to which it is tried: a fit takes .1 s and .4 s then, and seconds where there are five times as many."""
WHOLE = 0.8
"""Share of its rows that a cluster has in one place, if it did not fall apart."""
Labels = NDArray[np.int32]


@dataclass(frozen=True)
class Trial:
    """What was tried for a cluster, or a pair.

    Attributes
    ----------
    clusterer : Communities or KMeans or None
        The nearest that does what was asked; None where none does, or none was tried.
    said : str
        What it does, or why nothing is offered.
    """

    clusterer: Any
    said: str


_fits: WeakKeyDictionary[Round, dict[Any, Labels]] = WeakKeyDictionary()
"""Of each round, by clusterer: each is fitted once for all that is asked of it, whatever is decided meanwhile."""


def tried(ground: Ground, about: tuple[int, ...]) -> Trial | None:
    """The nearest settings at which one cluster falls apart, or several meet; None where the clusterer has nothing to set for that."""
    chosen = ground.made.settings.clusterer
    if not isinstance(chosen, Communities | KMeans):
        return None
    what = "part it" if len(about) == 1 else "bring them together"
    texts, most = int(ground.part.alive.sum()), MANY[type(chosen)]
    if texts > most:
        return Trial(None, f"Which settings would {what} is tried on {most:,} different texts at most, and here are {texts:,}.")
    does = _apart if len(about) == 1 else _met
    for other in _others(chosen, ground.made.scores.n_clusters, 1 if len(about) == 1 else -1):
        labels = _as_next(ground, other)
        if does(ground.made.labels, labels, about):
            changed, count = _changed(ground.made.labels, labels, about)
            done = "This cluster falls apart there" if len(about) == 1 else "The two meet there"
            rest = f"and {changed:,} of {many(count, 'other cluster')} change{'s' if changed == 1 else ''} too"
            return Trial(other, f"{done}, {rest if changed else 'and no other cluster changes much'}.")
    return Trial(None, f"No settings that were tried {what}.")


def _others(chosen: Communities | KMeans, now: int, step: int) -> Iterator[Communities | KMeans]:
    """Settings with more clusters, or fewer where ``step`` is negative, the nearest first."""
    if isinstance(chosen, KMeans):
        yield from (replace(chosen, k=now + step * more) for more in NUMBERS if now + step * more >= 2)
        return
    finer = (chosen.granularity * share**step for share in SHARES)
    for resolution in dict.fromkeys(round(float(np.clip(value, 0.01, 100.0)), 4) for value in finer):
        if resolution != chosen.granularity:
            yield replace(chosen, resolution=resolution)


def _as_next(ground: Ground, other: Communities | KMeans) -> Labels:
    """(n,) clusters of the next round, were it made with these."""
    part, fits = ground.part, _fits.setdefault(ground.made, {})
    if other not in fits:
        settings = replace(ground.made.settings, clusterer=other)
        past = Past(ground.space, part, ground.made, settings)
        fits[other] = cluster(
            part.X,
            other,
            weights=part.weights,
            neighbors=part.graph,
            previous=past.warm,
            made_by=past.made_by,
            seed=settings.seed,
        ).labels
    return part.to_rows(fits[other], OUTSIDE)


def _main(before: Labels, now: Labels, one: int) -> tuple[int, float]:
    """Where most rows of a cluster are now, and what share of them."""
    there, counts = np.unique(now[before == one], return_counts=True)
    return int(there[counts.argmax()]), float(counts.max() / counts.sum())


def _apart(before: Labels, now: Labels, about: Sequence[int]) -> bool:
    return _main(before, now, about[0])[1] < WHOLE


def _met(before: Labels, now: Labels, about: Sequence[int]) -> bool:
    places = [_main(before, now, one) for one in about]
    return len({place for place, _ in places}) == 1 and min(share for _, share in places) > 0.5


def _changed(before: Labels, now: Labels, about: Sequence[int]) -> tuple[int, int]:
    """How many clusters beside these fall apart or are joined, and how many there are."""
    places = {int(one): _main(before, now, int(one)) for one in np.unique(before[before >= 0])}
    together = [place for place, _ in places.values()]
    others = [one for one in places if one not in about]
    changed = sum(places[one][1] < WHOLE or together.count(places[one][0]) > 1 for one in others)
    return changed, len(others)
