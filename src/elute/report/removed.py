"""What is not in a round any more, and which decision took it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from elute.decisions import Decision
from elute.decisions.meaning import Locate

HOW = {
    "lasso": "lasso", "polygon": "polygon", "box": "box", "brush": "brush", "cluster": "a cluster", "label": "a label",
    "finding": "a finding", "search": "search", "saved": "a saved selection", "invert": "an inverted selection",
    "grow": "a grown selection", "row": "one by one", "list": "the list", "suggestion": "a suggestion", "look": "a quick look",
    "learned": "what was learned", "code": "Python", "page": "the page",
}  # fmt: skip


@dataclass(frozen=True)
class Removal:
    """One decision, and the rows that are out because of it.

    Attributes
    ----------
    number : int
        Its place in the history, from 1.
    round : int
        The round it was made in.
    rows : int
        Rows that are out now and that it took; what came back since is not counted.
    reason, how : str
    fresh : bool
        Made since the round before.
    origin : str
        The cluster most of them came from, with the share; "" where that is not known.
    at : ndarray of shape (rows,), int64
        Which rows they are.
    """

    number: int
    round: int
    rows: int
    reason: str
    how: str
    fresh: bool
    origin: str = ""
    at: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64), repr=False, compare=False)


def removals(
    decisions: Sequence[Decision], keep: NDArray[np.bool_], locate: Locate, numbers: Mapping[str, int], *,
    known: Collection[str] = (), before: NDArray[np.int32] | None = None, names: Mapping[int, str] | None = None,
) -> tuple[Removal, ...]:  # fmt: skip
    """Every row that is out is put down to the decision that took it: the counts sum to what is out.

    Parameters
    ----------
    decisions : sequence of Decision
        Those in force when the round was begun, oldest first.
    keep : ndarray of shape (n,), bool
        Rows of the round.
    numbers : dict of str to int
        Place in the history of each decision, by id.
    known : collection of str
        Ids of those that were in force in the round before.
    before : ndarray of shape (n,), int32, optional
        Clusters of the round before; ``names`` are theirs.
    """
    took = np.full(len(keep), -1, np.int32)
    for at, decision in enumerate(decisions):
        if decision.kind == "drop":
            rows = locate(decision.ids)[0]
            took[rows & (took < 0)] = at
        elif decision.kind == "restore":
            took[locate(decision.ids)[0]] = -1
    out = (took >= 0) & ~keep
    counts = np.bincount(took[out], minlength=len(decisions))
    found = []
    for at in np.flatnonzero(counts).tolist():
        told = decisions[at]
        fresh = told.id not in known
        mine = np.flatnonzero(out & (took == at))
        origin = "" if before is None or not fresh else _origin(before[mine], names or {})
        how = HOW.get(str(told.source.get("kind", "")), "")
        found.append(Removal(numbers.get(told.id, 0), told.round, int(counts[at]), told.reason, how, fresh, origin, mine))
    return tuple(found)


def _origin(clusters: NDArray[np.int32], names: Mapping[int, str]) -> str:
    clusters = clusters[clusters >= -1]
    if not len(clusters):
        return ""
    found, counts = np.unique(clusters, return_counts=True)
    most = int(counts.argmax())
    part = counts[most] / counts.sum()
    name = names.get(int(found[most]), f"cluster {found[most]}")
    return f"“{name}”" if part >= 0.995 else f"{100 * part:.0f} % “{name}”"
