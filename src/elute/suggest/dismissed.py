"""What was dismissed stays so, though its rows are no longer quite the same: rows leave, and with them the one that names it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.suggest.ground import Ground
from elute.suggest.suggestion import Suggestion, shared, sketch

SAME = 0.5
"""Overlap with what was dismissed from which a suggestion of its kind is the same thing."""


def sketches(one: Suggestion, labels: NDArray[np.int32], ids: NDArray[np.uint64]) -> list[list[str]]:
    """What a dismissal notes of its rows; of a pair of clusters each by itself, as one may be in several pairs."""
    parts = [one.rows & (labels == cluster) for cluster in one.clusters] if one.kind == "merge" else [one.rows]
    return [sketch(one.kind, ids[rows], one.facet) for rows in parts if rows.any()]


def dismissed(ground: Ground, found: Iterable[Suggestion]) -> set[str]:
    """Ids of suggestions that were dismissed, as they are or with most of the rows that they have now."""
    noted = [(told.source.get("kinds"), told.data.get("sketches")) for told in ground.state.in_force if told.kind == "dismiss"]
    gone: set[str] = set()
    for one in found:
        before = [then for kinds, then in noted if kinds == [one.kind] and _readable(then)]
        if one.id in ground.state.dismissed or (before and _same(sketches(one, ground.made.labels, ground.corpus.ids), before)):
            gone.add(one.id)
    return gone


def _same(now: list[list[str]], before: list[Any]) -> bool:
    """Whether each part is one of those that were dismissed together."""
    return bool(now) and any(
        len(then) == len(now) and all(max(shared(part, old) for old in then) >= SAME for part in now) for then in before
    )


def _readable(noted: Any) -> bool:
    """Journals may have been altered, and those of earlier versions have no sketches."""
    return (
        isinstance(noted, list)
        and bool(noted)
        and all(isinstance(part, list) and all(isinstance(number, str) for number in part) for part in noted)
    )
