"""From decisions to a filter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.decisions.along import asked
from elute.decisions.judged import Judged
from elute.learn.fit import spread, taught
from elute.learn.learned import Learned, Manner, squeezed
from elute.learn.validate import FAR, enough, validated
from elute.neighbors import Neighbors
from elute.plain import many
from elute.progress import SILENT, Progress

FEW = 5
"""Dropped rows below which nothing is learned."""
ASKED, POOL = 10, 200
"""Uncertain rows that are offered, and among how many the most different are sought."""
CLEANING = frozenset({"copies", "near_copies", "similar", "labels", "conflict", "markup", "thin", "personal", "leaked"})
"""Kinds of suggestions whose drops say nothing about whether a text belongs: they teach nothing, and are never offered back."""


def examples(
    decisions: Any, keep: NDArray[np.bool_], looked: NDArray[np.bool_], locate: Callable[[Any], tuple[NDArray[np.bool_], int]],
    said: Judged | None = None,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:  # fmt: skip
    """Rows that were looked at and kept, and rows that were dropped for what they say: not for what :data:`CLEANING` names, nor
    only with their group.

    A row that an analyst judged counts by its verdict, unless a person dropped it or looked at it and kept it.

    Parameters
    ----------
    decisions : sequence of Decision
        Those in force, oldest first.
    keep, looked : ndarray of shape (n,), bool
        As the state of the session has them.
    locate : callable
        ``ids -> (mask, missing)``.
    said : Judged, optional
        Verdicts on single rows.
    """
    told = np.zeros(len(keep), bool)
    for decision in decisions:
        kinds = {str(kind) for kind in decision.source.get("kinds", ())}
        if decision.kind == "drop" and not (kinds and kinds <= CLEANING):
            told |= locate(asked(decision))[0]
    kept, dropped = looked & keep, told & ~keep
    if said is not None:
        open_ = keep & ~looked
        kept, dropped = kept | (open_ & said.are("keep")), dropped | (open_ & said.are("drop"))
    return kept, dropped


def learn(
    X: NDArray[np.float32],
    keep_examples: NDArray[np.bool_],
    drop_examples: NDArray[np.bool_],
    weights: NDArray[Any] | None = None,
    seed: int = 0,
    *,
    traits: NDArray[np.float64] | None = None,
    groups: NDArray[np.integer[Any]] | None = None,
    judged: NDArray[np.bool_] | None = None,
    neighbors: Neighbors | None = None,
    name: str = "",
    progress: Progress = SILENT,
) -> Learned:
    """Learn which rows are like those that were dropped.

    Parameters
    ----------
    X : ndarray of shape (n, d), float32
        Unit vectors.
    keep_examples, drop_examples : ndarray of shape (n,), bool
        Rows that a person looked at and kept; rows that were dropped for what they say.
    weights : ndarray of shape (n,), optional
        How much each row counts; 0: takes no part, as rows that went as copies should. Default: 1.
    seed : int
        Of the folds.
    traits : ndarray of shape (n, 12), optional
        How each row is written, :func:`elute.stylometry.table`: rows of one make are often written alike, whatever they are about.
        Default: the filter goes by the vectors alone.
    groups : ndarray of shape (n,), int, optional
        Clusters in which examples were decided. Where 5 or more of like size were dropped, folds are of whole clusters: rows of a
        cluster that was seen are easy, and a filter that is tested on them flatters itself.
    judged : ndarray of shape (n,), bool, optional
        Examples of both kinds that somebody judged row by row: where they are many, precision and recall are measured on them alone.
    neighbors : Neighbors, optional
        Over the n rows; smooths what few examples say.
    name : str

    Raises
    ------
    Cancelled
    """
    copies = np.ones(len(X)) if weights is None else np.asarray(weights, np.float64)
    drop = drop_examples & (copies > 0)
    keep, rest = keep_examples & ~drop & (copies > 0), ~drop & (copies > 0)
    dropped, told = int(drop.sum()), int(drop.sum() + keep.sum())
    nothing = Learned(name, np.zeros(X.shape[1], np.float32), -FAR, scores=np.zeros(len(X), np.float32), examples=told)
    if dropped < FEW:
        lack = FEW - dropped
        return replace(nothing, needed=lack, note=f"Too few examples: drop {many(lack, 'more row')} of the kind.")
    if rest.sum() < FEW:
        return replace(nothing, note="Every row was dropped: there is nothing that stays to learn from. Restore some first.")
    manner = None if traits is None else Manner.of(traits[copies > 0])
    both = X if traits is None or manner is None else np.hstack([X, manner.standardised(traits)])
    direction, said = taught(both, drop, rest, copies, neighbors, progress, smooth=enough(judged, drop))
    progress.report("learn", message="how well it would have found what it was not told")
    measured = validated(both, drop, rest, copies, groups, neighbors, seed, progress, judged)
    middle, width = spread(said[rest])
    scores = squeezed((said - middle) / width - measured.far)
    middle, width = spread((both @ direction)[rest])  # smoothed scores lie closer than those along the direction
    undecided = rest & ~keep
    d, note = X.shape[1], measured.note
    if manner is not None:
        manner = replace(manner, weights=direction[d:] / width)
        note = f"{note} {manner.told(both[drop, d:].mean(axis=0) - both[rest, d:].mean(axis=0))}".rstrip()
    found = replace(
        nothing,
        weights=(direction[:d] / width).astype(np.float32),
        bias=float(-middle / width - measured.far),
        scores=scores,
        precision=measured.precision,
        precision_error=measured.precision_error,
        decided=measured.decided,
        recall=measured.recall,
        recall_error=measured.recall_error,
        uncertain=_uncertain(X, scores, undecided),
        unlike=np.flatnonzero(measured.unlike),
        note=note,
        manner=manner,
    )
    return found if found.sure else replace(found, note=f"{found.note} {_unsure(found)}")


def _unsure(found: Learned) -> str:
    return (
        f"Of the rows you dropped it finds {100 * (found.recall or 0):.0f} % where it was not told of them: they are not of one kind, "
        "good ones among them perhaps. So it names no others. Restore the good ones, or decide a few of the rows it is unsure of."
    )


def _uncertain(X: NDArray[np.float32], scores: NDArray[np.float32], undecided: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Rows near the threshold, each as far as can be from those already chosen."""
    rows = np.flatnonzero(undecided)
    rows = rows[np.argsort(np.abs(scores[rows] - 0.5), kind="stable")[:POOL]]
    chosen: list[int] = []
    reach = np.full(len(rows), np.inf)
    while len(chosen) < min(ASKED, len(rows)):
        at = int(reach.argmax()) if chosen else 0
        chosen.append(int(rows[at]))
        reach = np.minimum(reach, 1 - X[rows] @ X[rows[at]])
        reach[at] = -1
    return np.asarray(chosen, np.int64)
