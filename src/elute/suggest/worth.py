"""Rows that look worth keeping: rare, well labelled, typical of a cluster that stays. Before a drop, and after one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.decisions.along import asked
from elute.decisions.going import coming
from elute.learn import CLEANING
from elute.rounds.space import NEAREST
from elute.suggest.clusters import typical
from elute.suggest.ground import Ground, Mask
from elute.suggest.suggestion import Example, Suggestion, identity
from elute.suggest.words import many

STAY = 0.7
"""Share of a row's neighbours that would stay, from which it lies among what stays."""
SAME = 0.6
"""Share of those that are in one cluster."""
AGREE = 0.5
"""Share of labelled neighbours that bear the row's own label."""
RARE = 5
"""Rows of a label below which a loss is said."""


def worth_keeping(ground: Ground, rows: Mask) -> tuple[Mask, list[str]]:
    """Of the rows that a drop would take, those that look valuable.

    Parameters
    ----------
    rows : ndarray of shape (n,), bool
        What is dropped: those of their groups go with them, and what is pinned or kept by a bound on labels stays.

    Returns
    -------
    mask : ndarray of shape (n,), bool
    reasons : list of str
        One for each row of ``mask``, in the order of the table.
    """
    rows = (rows if ground.going is None else ground.going(rows).rows) & ground.own  # rows of a reference never go
    why: dict[int, list[str]] = {}
    for row, cluster in _belongs(ground, rows & ground.here).items():
        named = _label(ground, row) if ground.labels_now[row] >= 0 else ""
        why.setdefault(row, []).append(
            f"its neighbours stay, most of them in {ground.name(cluster)}" + (f" and labelled {named} like it" if named else "")
        )
    for row, left in _rare(ground, rows).items():
        label = _label(ground, row)
        why.setdefault(row, []).append(
            f"{many(left)} would be left of label {label}" if left else f"no row of label {label} would be left"
        )
    mask = np.zeros(len(rows), bool)
    mask[list(why)] = True
    return mask, [_sentence(why[row]) for row in sorted(why)]


def good_back(ground: Ground) -> list[Suggestion]:
    """Likely good rows among the dropped, offered back: by their neighbours, and by what was learned from the others dropped.

    A group comes back whole, so none does of which any row was dropped for what it is, and does not look good.
    """
    rows, bad = _dropped_as_foreign(ground)
    found = _belongs(ground, rows, back=True)
    mask = np.zeros(len(rows), bool)
    mask[list(found)] = True
    if getattr(ground.learned, "sure", False):
        mask[ground.learned.unlike] = True
        mask &= rows
    mask &= ~ground.corpus.whole(bad & ~mask)
    near = int(mask[list(found)].sum())
    if not mask.any():
        return []
    count, labelled = int(mask.sum()), bool(ground.label_names)
    back = ground.corpus.whole(mask) & ~ground.state.keep
    why = []
    if near:
        whose, alike = "each" if near == count else many(near), " and with the same label" if labelled else ""
        why.append(f"Nearly all neighbours of {whose} stay, most of them in one cluster{alike}.")
    if near < count:
        why.append(f"{many(count - near)} would not have been named by the filter learned from the others you dropped.")
    return [
        Suggestion(
            identity("good_back", ground.ids(mask)), "look", "good_back", "restore",
            f"{many(count, 'dropped row')} that may be good", " ".join(why), mask, count,
            clusters=tuple(sorted({cluster for row, cluster in found.items() if mask[row]})),
            effect=f"{many(count)} could come back, to {ground.kept + int(back.sum()):,} that stay. {coming(back & ~mask)}".rstrip(),
            examples=tuple(
                Example(one.row, why=f"like {ground.name(found[one.row])}" if one.row in found else "unlike the others you dropped")
                for one in typical(ground, mask)
            ),
        )
    ]  # fmt: skip


def _belongs(ground: Ground, rows: Mask, back: bool = False) -> Mapping[int, int]:
    """Rows that lie in a cluster that stays, and which one: by their nearest, by their label, and no farther than is usual there."""
    space, at = ground.space, np.flatnonzero(rows & (ground.space.of >= 0))
    stay = ground.here & ~rows & (space.of >= 0)
    if not len(at) or not stay.any() or not space.graph.built:
        return {}
    m = len(space.X)
    there = np.zeros(m, bool)
    there[space.of[at]] = True
    staying = np.zeros(m, bool)
    staying[space.of[np.flatnonzero(stay)]] = True
    at = at[~staying[space.of[at]]]  # a copy of what stays is no loss
    among = there | staying
    if not len(at) or among.sum() < 3:
        return {}
    near = space.graph.among(among, NEAREST)
    place = np.cumsum(among) - 1
    ids = np.flatnonzero(among)
    clusters = np.full(m, -1, np.int64)
    clusters[space.of[stay]] = ground.made.labels[stay]
    lists = ids[near.indices[place[space.of[at]]]]
    kept = staying[lists]
    theirs = np.where(kept, clusters[lists], -1)
    most, share = _majority(theirs)
    distance = near.distances[:, :10].mean(axis=1)
    usual = _usual(distance, np.where(staying, clusters, -1)[ids])
    good = (kept.mean(axis=1) >= (0.8 if back else STAY)) & (most >= 0) & (share >= SAME)
    good &= distance[place[space.of[at]]] <= np.where(most >= 0, usual[np.maximum(most, 0)], 0)
    codes = np.full(m, -1, np.int64)
    codes[space.of[stay]] = ground.labels_now[stay]
    own = ground.labels_now[at]
    told = (codes[lists] >= 0) & kept
    agree = ((codes[lists] == own[:, None]) & told).sum(axis=1) >= AGREE * np.maximum(told.sum(axis=1), 1)
    if "label_issue" in ground.made.findings:
        good &= ~ground.made.findings["label_issue"].to_numpy(bool)[at] | ground.relabelled[at]
    if ground.label_names:
        good &= (own >= 0) & agree
    return dict(zip(at[good].tolist(), most[good].tolist(), strict=True))


def _majority(clusters: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Of each line of (r, k) clusters, -1 none: the one that is there most often, and its share of the line."""
    ordered = np.sort(clusters, axis=1)
    best, times = np.full(len(clusters), -1, np.int64), np.zeros(len(clusters), np.int64)
    run = np.zeros(len(clusters), np.int64)
    for column in range(ordered.shape[1]):
        same = (ordered[:, column] == ordered[:, column - 1]) if column else np.zeros(len(clusters), bool)
        run = np.where(same, run + 1, 1)
        better = (run > times) & (ordered[:, column] >= 0)
        best, times = np.where(better, ordered[:, column], best), np.where(better, run, times)
    return best, times / max(ordered.shape[1], 1)


def _usual(distance: NDArray[np.floating[Any]], clusters: NDArray[np.int64]) -> NDArray[np.float64]:
    """Median distance to the nearest, of each cluster by its number."""
    usual = np.zeros(int(clusters.max(initial=0)) + 1)
    for cluster in np.unique(clusters[clusters >= 0]):
        usual[cluster] = np.median(distance[clusters == cluster])
    return usual


def _rare(ground: Ground, rows: Mask) -> Mapping[int, int]:
    """Rows of labels of which fewer than ``RARE`` would be left, and how many."""
    codes, names = ground.labels_now, ground.names_now
    if not names or len(names) * RARE > ground.kept:
        return {}
    had = np.bincount(codes[ground.own & (codes >= 0)], minlength=len(names))
    lost = np.bincount(codes[rows & (codes >= 0)], minlength=len(names))
    short = (lost > 0) & (had - lost < RARE) & (had >= 2 * RARE)
    at = np.flatnonzero(rows & ground.here & (codes >= 0))
    at = at[short[codes[at]]]
    return {int(row): int((had - lost)[codes[row]]) for row in at}


def _dropped_as_foreign(ground: Ground) -> tuple[Mask, Mask]:
    """(n,) rows that are out because somebody thought they do not belong; and all that are out for what they are, not with others."""
    out = ~ground.state.keep
    foreign, bad = out.copy(), out.copy()
    for decision in ground.state.in_force:
        if decision.kind == "drop":
            kinds = decision.source.get("kinds", ())
            cleaned = bool(kinds) and all(kind in CLEANING for kind in kinds)
            rows, own = (ground.corpus.rows_by_id(ids)[0] for ids in (decision.ids, asked(decision)))
            bad = (bad & ~rows) | own  # of several drops of a row, the last is the one that it is out by
            foreign = foreign & ~rows if cleaned else (foreign & ~rows) | own
    return np.asarray(foreign & out), np.asarray(bad & out)


def _label(ground: Ground, row: int) -> str:
    return f"“{str(ground.names_now[ground.labels_now[row]])[:40]}”"


def _sentence(reasons: list[str]) -> str:
    told = ", and ".join(reasons)
    return told[:1].upper() + told[1:] + "."
