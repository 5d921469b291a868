"""Look: rows that an analyst would drop one by one, and rows and clusters of low quality, so that the best can be kept.

A quality is an analyst's word, not a measurement: it ranks, and nothing goes by it alone.
"""

from __future__ import annotations

import numpy as np

from elute.decisions.judged import Judged, judged
from elute.suggest.clusters import typical
from elute.suggest.ground import Ground, Mask
from elute.suggest.structure import speaker
from elute.suggest.suggestion import Example, Suggestion, identity
from elute.suggest.words import goes, many

LEAST = (0.5, 0.4, 0.3, 0.2)
"""Qualities, of which the first is taken below which at most :data:`MOST` of the rows lie: where more do, another set is meant."""
MOST = 0.2
SHOWN = 3


def judged_rows(ground: Ground) -> list[Suggestion]:
    """Rows whose verdict is to drop them, and apart from these judged rows of low quality."""
    told = judged(ground.state.in_force, ground.corpus.ids)
    open_ = ground.free & ~np.asarray(ground.state.looked)
    if not (told.rows & open_).any():
        return []
    drop = told.are("drop") & open_
    there = int((told.rows & ground.here).sum())
    found = []
    if drop.any():
        count = int(drop.sum())
        criterion = _asked(told, drop)
        found.append(
            _rows(
                ground,
                told,
                drop,
                "judged",
                f"{many(count)} that the analyst would drop, of {there:,} judged",
                f"By “{criterion}”.",
            )
        )
    low = told.rows & (np.nan_to_num(told.quality, nan=1.0) < LEAST[0]) & open_ & ~drop
    if low.any():
        title = f"Keep only quality {LEAST[0]:g} or more: {many(int(low.sum()))} below, of {there:,} judged"
        found.append(_rows(ground, told, low, "quality", title, f"Not said to be dropped, yet low by “{_asked(told, low)}”."))
    return found


def low_clusters(ground: Ground) -> list[Suggestion]:
    """Clusters whose quality is low to the analyst, together."""
    said = {number: one for number, one in ground.analyses.items() if one.status == "ok" and number >= 0}
    open_ = ground.free & ~np.asarray(ground.state.looked)
    for least in LEAST:
        chosen = sorted((number for number, one in said.items() if one.quality < least), key=lambda number: said[number].quality)
        rows = np.isin(ground.made.labels, chosen) & open_
        if rows.any() and rows.sum() <= MOST * ground.kept:
            break
    else:
        return []
    count, who = int(rows.sum()), speaker(said[chosen[0]].source)
    worst = ", ".join(f"{ground.name(number)} ({said[number].quality:.2f})" for number in chosen[:SHOWN])
    return [
        Suggestion(
            identity("quality", ground.ids(rows), "clusters"), "look", "quality", "look",
            f"Keep only clusters of quality {least:g} or more: {many(len(chosen), 'cluster')}, {many(count)} below",
            f"{who} ranks them lowest: {worst}{', ...' if len(chosen) > SHOWN else ''}. A quality is a rank, not a measurement.",
            rows, count, other="drop", clusters=tuple(chosen), effect=goes(ground, rows, "could go"), examples=typical(ground, rows),
            data={"threshold": least}, facet="clusters",
        )
    ]  # fmt: skip


def _rows(ground: Ground, told: Judged, rows: Mask, kind: str, title: str, why: str) -> Suggestion:
    at = np.flatnonzero(rows)
    at = at[np.argsort(told.quality[at], kind="stable")]
    shown = at[np.unique(np.linspace(0, len(at) - 1, SHOWN).astype(int))]  # the worst, one between, the best
    who = speaker(told.sources[int(at[0])])
    return Suggestion(
        identity(kind, ground.ids(rows), "rows"), "look", kind, "look", title,
        f"{who} judged them one by one. {why} Read a few before any goes.", rows, len(at), other="drop",
        clusters=tuple(np.unique(ground.made.labels[rows & ~ground.apart]).tolist()), effect=goes(ground, rows, "could go"),
        examples=tuple(Example(int(row), why=f"{told.quality[row]:.2f}: {told.reasons[int(row)]}") for row in shown),
        data={"threshold": LEAST[0]}, facet="rows",
    )  # fmt: skip


def _asked(told: Judged, rows: Mask) -> str:
    """What was asked of most of these rows."""
    asked = [told.criteria[row] for row in np.flatnonzero(rows).tolist()]
    return max(set(asked), key=asked.count)[:120]
