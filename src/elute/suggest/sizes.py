"""Look: a cluster that outweighs the others, thinned so that what stays is diverse; and clusters of which there is little."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from elute.metrics import balance, effective
from elute.suggest.clusters import typical, untried
from elute.suggest.ground import Ground, Mask
from elute.suggest.redundant import most_redundant_groups
from elute.suggest.suggestion import Example, Suggestion, identity
from elute.suggest.words import many, of_kept

LARGE = 4.0
"""Times the median size from which a cluster outweighs the others, and half of which it would be thinned to."""
SMALL = 4.0
"""Times that the median cluster is larger than one of which there is little."""
FEW_CLUSTERS = 4
"""Clusters below which a median says nothing."""
GAIN = 1.03
"""Times that the effective number of clusters grows at least: of a hundred clusters, one that is five times the median is no matter."""
MOST = 3


def thin(ground: Ground) -> list[Suggestion]:
    """Clusters several times the median size, each with the rows that add least to what would stay; not what was weighed down already."""
    clusters, sizes = _sizes(ground)
    if len(clusters) < FEW_CLUSTERS:
        return []
    median = float(np.median(sizes))
    apart = _foreign(ground)
    large = [
        at for at in np.argsort(-sizes, kind="stable")
        if sizes[at] >= max(LARGE * median, 100) and int(clusters[at]) not in apart and not _weighed_down(ground, int(clusters[at]))
    ][:MOST]  # fmt: skip
    return [one for at in large if (one := _thin(ground, int(clusters[at]), sizes, int(at), median)) is not None]


def _thin(ground: Ground, cluster: int, sizes: NDArray[np.int64], at: int, median: float) -> Suggestion | None:
    members = ground.rows_of(cluster)
    cap = round(LARGE / 2 * median, -1 if median < 500 else -2)
    cap = max(int(cap), int(median))
    may = members & ground.free & ~ground.decided
    order = most_redundant_groups(ground, ground.by_groups(may), int(members.sum()) - cap)
    rows = np.zeros(len(members), bool)
    rows[order] = True
    stays = ""
    if ground.going is not None:
        goes = ground.going(rows)
        rows, stays = goes.rows & rows, f" {goes.note}" if goes.note else ""
    after = _after(sizes, at, int(sizes[at] - rows.sum()))
    name, held = ground.name(cluster), _held(members & ~may)
    why = f"It is {sizes[at] / median:.0f} times the median cluster: {of_kept(ground, members)}."
    if effective(after) < GAIN * effective(sizes):
        return _weighed(ground, cluster, sizes, at, cap, f"{why}{held}{stays}")
    return Suggestion(
        identity("thin", ground.ids(members)), "look", "thin", "thin",
        f"Thin {name} from {int(sizes[at]):,} to {int(after[at]):,}?",
        f"{why} The most redundant rows come first, so that what stays is diverse.{held}{stays}",
        rows, int(rows.sum()), other="weights", cluster=cluster, clusters=(cluster,),
        effect=f"{_evener(sizes, after)} Or keep all of them at weight {after[at] / sizes[at]:.2f}.",
        examples=_examples(ground, order[rows[order]][:3], members & ~rows),
        data={"weight": float(after[at] / sizes[at]), "weigh": members & ~ground.weighed},
    )  # fmt: skip


def _weighed(ground: Ground, cluster: int, sizes: NDArray[np.int64], at: int, cap: int, why: str) -> Suggestion | None:
    """The same by weights alone, where too few rows of it may go."""
    members, after = ground.rows_of(cluster), _after(sizes, at, cap)
    if effective(after) < GAIN * effective(sizes):
        return None
    return Suggestion(
        identity("thin", ground.ids(members)), "look", "thin", "weights",
        f"Weigh {ground.name(cluster)}, {many(int(sizes[at]))}, as {cap:,}?", f"{why} Too few of its rows could go, so none is dropped.",
        members, int(members.sum()), cluster=cluster, clusters=(cluster,),
        effect=f"All of them stay, at weight {cap / sizes[at]:.2f}. {_evener(sizes, after, ' by weight')}",
        examples=typical(ground, members), data={"weight": float(cap / sizes[at]), "weigh": members & ~ground.weighed},
    )  # fmt: skip


def _weighed_down(ground: Ground, cluster: int) -> bool:
    """Whether half of a cluster counts less already: thinned too, it would weigh less than the others."""
    return bool(ground.weighed[ground.rows_of(cluster)].mean() >= 0.5)


def _after(sizes: NDArray[np.int64], at: int, size: int) -> NDArray[np.int64]:
    after = sizes.copy()
    after[at] = size
    return after


def _evener(sizes: NDArray[np.int64], after: NDArray[np.int64], by: str = "") -> str:
    return (
        f"Balance {balance(sizes):.2f} to {balance(after):.2f}{by}; as uneven as {effective(sizes):.1f} clusters of one size, then "
        f"as {effective(after):.1f}."
    )


def _held(rows: Mask) -> str:
    """What of a cluster stays whatever its size, in a sentence."""
    count = int(rows.sum())
    if not count:
        return ""
    told = "1 row that a person approved, tagged, changed or pinned stays" if count == 1 else (
        f"{count:,} rows that a person approved, tagged, changed or pinned stay"
    )  # fmt: skip
    return f" {told}."


def collect(ground: Ground) -> list[Suggestion]:
    """The clusters of which there is little, each with its most typical row; foreign and extremely small ones are not meant."""
    clusters, sizes = _sizes(ground)
    if len(clusters) < FEW_CLUSTERS:
        return []
    median, apart = float(np.median(sizes)), _foreign(ground)
    small = [
        (int(size), int(cluster))
        for size, cluster in zip(sizes, clusters, strict=True)
        if size * SMALL <= median and cluster not in apart
    ]
    chosen = [cluster for _, cluster in sorted(small)[:5]]
    if not chosen:
        return []
    rows = ground.rows_in(chosen)
    named = ", ".join(f"{ground.name(cluster)} ({int((ground.made.labels[rows] == cluster).sum()):,})" for cluster in chosen)
    examples = [
        Example(one.row, why=ground.name(cluster)) for cluster in chosen for one in typical(ground, ground.rows_of(cluster), 1)
    ]
    return [
        Suggestion(
            identity("collect", ground.ids(rows)), "look", "collect", "collect",
            f"Little of {many(len(chosen), 'cluster')}", f"The median cluster has {many(int(median))}; these have few: {named}.",
            rows, int(rows.sum()), clusters=tuple(chosen),
            effect="Accepting tags their rows “collect more like these”; nothing is removed.", examples=tuple(examples),
        )
    ]  # fmt: skip


def _foreign(ground: Ground) -> set[int]:
    """Clusters that are another matter: likely foreign, or extremely small."""
    table = ground.made.clusters
    sure = np.asarray(table["confidence"], float) if "confidence" in table else np.full(len(table), np.nan)
    tiny = np.asarray(table["tiny"], bool) if "tiny" in table else np.zeros(len(table), bool)
    return untried(ground) | {int(cluster) for cluster, out in zip(table["cluster"], (sure >= 0.5) | tiny, strict=True) if out}


def _sizes(ground: Ground) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Clusters without noise, and how many rows of each stay, without those of a reference."""
    found = ground.made.labels[ground.here & ground.own]
    clusters, sizes = np.unique(found[found >= 0], return_counts=True)
    return clusters.astype(np.int64), sizes.astype(np.int64)


def _examples(ground: Ground, at: NDArray[np.int64], stay: Mask) -> tuple[Example, ...]:
    """Rows that would go, each beside the nearest of its cluster that stays."""
    space, others = ground.space, np.flatnonzero(stay & (ground.space.of >= 0))
    if not len(others):
        return tuple(Example(int(row)) for row in at)
    cosine = space.X[space.of[at]] @ space.X[space.of[others]].T
    return tuple(Example(int(row), beside=int(others[line.argmax()])) for row, line in zip(at, cosine, strict=True))
