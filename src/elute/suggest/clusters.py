"""Look: whole clusters that may be foreign, noise, and clusters too small to be called one."""

from __future__ import annotations

from typing import Any

import numpy as np

from elute.suggest.ground import Ground
from elute.suggest.suggestion import Example, Looks, Suggestion, identity
from elute.suggest.words import goes, many, of_kept

MEANING = "how often a cluster ranked like this was foreign in trials"


def untried(ground: Ground) -> set[int]:
    """Clusters that may be foreign and hold too few different texts to say how probably."""
    table = ground.made.clusters
    sure = np.asarray(table["confidence"], float) if "confidence" in table else np.full(len(table), np.nan)
    few = np.isnan(sure) & (table["cluster"] >= 0)
    return set(table["cluster"][few].tolist()) if np.isfinite(sure).any() else set()


def foreign(ground: Ground, looks: Looks) -> list[Suggestion]:
    """One look for each cluster of the quick look, in its order; none where nothing stands out."""
    if looks.nothing:
        return []
    table = ground.made.clusters.set_index("cluster")
    return [_foreign(ground, cluster, table.loc[cluster]) for cluster in looks.order if not _tiny(table.loc[cluster])]


def noise(ground: Ground) -> list[Suggestion]:
    """The rows that no cluster took, as one look."""
    rows = ground.rows_of(-1)
    if not rows.any():
        return []
    count = int(rows.sum())
    return [
        Suggestion(
            identity("noise", ground.ids(rows)), "look", "noise", "look", f"Noise: {many(count)}",
            f"{of_kept(ground, rows)} are in no cluster. Noise is what the clusterer could not place, and is often good data.",
            rows, count, other="drop", cluster=-1, clusters=(-1,), effect=goes(ground, rows, "could go"),
            examples=typical(ground, rows),
        )
    ]  # fmt: skip


def tiny(ground: Ground) -> list[Suggestion]:
    """All extremely small clusters together, as one look."""
    table = ground.made.clusters
    if "tiny" not in table:
        return []
    chosen = tuple(int(cluster) for cluster, small in zip(table["cluster"], table["tiny"], strict=True) if small and cluster >= 0)
    rows = ground.rows_in(chosen)
    if not rows.any():
        return []
    count, there = int(rows.sum()), set(ground.made.labels[rows].tolist())
    chosen = tuple(cluster for cluster in chosen if cluster in there)
    return [
        Suggestion(
            identity("tiny", ground.ids(rows)), "look", "tiny", "look",
            f"{many(len(chosen), 'extremely small cluster')}: {many(count)}",
            "Each is too small to judge as a cluster: oddities, or the beginning of something to collect more of.",
            rows, count, other="drop", clusters=chosen, effect=goes(ground, rows, "could go"), examples=typical(ground, rows),
        )
    ]  # fmt: skip


def typical(ground: Ground, rows: np.ndarray[Any, np.dtype[np.bool_]], many: int = 3) -> tuple[Example, ...]:
    """Rows nearest to the middle of these, no two of the same vector."""
    at = np.flatnonzero(rows & (ground.space.of >= 0))
    vectors, first = np.unique(ground.space.of[at], return_index=True)
    if not len(vectors):
        return ()
    X = ground.space.X[vectors]
    order = np.argsort(-(X @ X.mean(axis=0)), kind="stable")[:many]
    return tuple(Example(int(at[first[position]])) for position in order)


def _tiny(row: Any) -> bool:
    return bool(row.get("tiny", False))


def _foreign(ground: Ground, cluster: int, row: Any) -> Suggestion:
    rows = ground.rows_of(cluster)
    count, sure = int(rows.sum()), float(row.get("confidence", np.nan))
    data = {"signals": list(row.get("signals", None) or []), "untried": cluster in untried(ground)}
    why = str(row.get("why", "") or "No one sign stands out; all together rank it here.")
    return Suggestion(
        identity("foreign", ground.ids(rows)), "look", "foreign", "look", f"Does {ground.name(cluster)} belong? {many(count)}", why,
        rows, count, other="drop" if (rows & ground.free).any() else None, cluster=cluster, clusters=(cluster,),
        confidence=None if np.isnan(sure) else sure, meaning="" if np.isnan(sure) else MEANING,
        effect=goes(ground, rows, "could go"), examples=typical(ground, rows), data=data,
    )  # fmt: skip
