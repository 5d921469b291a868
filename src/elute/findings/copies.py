"""Which of the rows that say the same stays, and which are copies: read off the mask, as often as it changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from elute.findings.duplicates import Duplicates, turned

if TYPE_CHECKING:
    import pandas as pd

NONE = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class Copies:
    """Copies of kept rows, over all n rows.

    Attributes
    ----------
    copy : ndarray of shape (n,), bool
        The same prepared text as a kept row before it; of each text the first kept row is none. A dropped row is one where any kept row
        has its text.
    copy_of : ndarray of shape (n,), int64
        That row, else -1.
    near : ndarray of shape (n,), bool
        A few small edits from a kept row that stays, compared with that row itself and not by way of others, and no conflict.
    near_of : ndarray of shape (n,), int64
        That row, for conflicts too, else -1.
    near_cost : ndarray of shape (n,), float32
        What the edits between the two cost, as in :data:`~elute.findings.duplicates.MAY_COST`: 0 where the words are equal, and the
        marks inside that may turn a text. NaN without such a row.
    conflict : ndarray of shape (n,), bool
        A kept row says the same, exactly or nearly, under another label. Both are marked.
    conflict_of : ndarray of shape (n,), int64
        The first such row, else -1.
    leaked : ndarray of shape (n,), bool
        A reference row says the same, exactly or nearly.
    leaked_of : ndarray of shape (n,), int64
        The first such row, else -1.
    """

    copy: NDArray[np.bool_]
    copy_of: NDArray[np.int64]
    near: NDArray[np.bool_]
    near_of: NDArray[np.int64]
    near_cost: NDArray[np.float32]
    conflict: NDArray[np.bool_]
    conflict_of: NDArray[np.int64]
    leaked: NDArray[np.bool_]
    leaked_of: NDArray[np.int64]


def copies(
    found: Duplicates,
    text: NDArray[np.int64],
    keep: NDArray[np.bool_],
    codes: NDArray[np.int64] | None = None,
    reference: NDArray[np.bool_] | None = None,
) -> Copies:
    """Who stays.

    Of near copies the most typical row survives: that with most texts around it, then with most copies of its own, then with most words,
    then the first. Reference rows are never copies and nobody's original: a row that is there too is ``leaked``.

    Parameters
    ----------
    found : Duplicates
        Of t distinct texts.
    text : ndarray of shape (n,)
        Which text each row has, -1 without one.
    keep : ndarray of shape (n,), bool
    codes : ndarray of shape (n,), optional
        Labels by number, -1 where missing.
    reference : ndarray of shape (n,), bool, optional
    """
    n, has = len(text), text >= 0
    own = has & keep if reference is None else has & keep & ~reference
    cls = np.where(has, found.same[text], -1) if len(found.same) else np.full(n, -1, np.int64)
    first = _first(text, np.flatnonzero(own), len(found.same))
    original = np.where(has, first[text], NONE) if len(first) else np.full(n, NONE)
    copy = (original != NONE) & (original != np.arange(n))
    if reference is not None:
        copy &= ~reference
    links = _Links(found)

    survivor = _survivors(found, links, text, cls, first, own)
    stays = np.where(cls >= 0, survivor[cls], -1) if len(survivor) else np.full(n, -1, np.int64)
    near_of = np.where((stays >= 0) & (text[stays] != text), stays, -1)
    near = near_of >= 0
    conflict_of = np.full(n, -1, np.int64) if codes is None else _conflicts(links, cls, own, codes)
    conflict = conflict_of >= 0
    leaked_of = np.full(n, -1, np.int64)
    if reference is not None and reference.any():
        there = links.least(_first(cls, np.flatnonzero(reference & has), found.classes))
        leaked_of = np.where((cls >= 0) & ~reference, there[cls], NONE)
        leaked_of[leaked_of == NONE] = -1
        near &= ~reference
        conflict_of[reference] = -1
        conflict = conflict_of >= 0
    return Copies(
        copy, np.where(copy, original, -1), near & ~conflict, near_of, _costs(found, text, cls, near_of), conflict, conflict_of,
        leaked_of >= 0, leaked_of,
    )  # fmt: skip


def disagreeing(found: pd.DataFrame, codes: NDArray[np.int64], here: NDArray[np.bool_]) -> NDArray[np.int64]:
    """(n,) for each row a row that says the same under another label; -1 without one.

    Looked for among the rows that the findings of a round name: ``codes`` may be other labels than that round went by.

    Parameters
    ----------
    found : pandas.DataFrame
        The columns ``conflict_of``, ``near_copy_of`` and ``copy_of``, as far as they are there.
    codes : ndarray of shape (n,)
        Labels by number, -1 where missing.
    here : ndarray of shape (n,), bool
        Rows that count.
    """
    others = np.full(len(codes), -1, np.int64)
    for name in ("conflict_of", "near_copy_of", "copy_of"):
        if name in found:
            of = np.asarray(found[name], np.int64)
            differs = here & here[of] & (codes >= 0) & (codes[of] >= 0) & (codes != codes[of])
            others = np.where((others < 0) & (of >= 0) & differs, of, others)
    return others


def groups(found: Duplicates, text: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n,) rows that say the same, whatever the mask: one number for all that are linked by exact or near copies; -1 for who is alone."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if not len(found.same):
        return np.full(len(text), -1, np.int64)
    c, x, y = found.classes, found.pairs[:, 0], found.pairs[:, 1]
    of_class = connected_components(coo_array((np.ones(len(x), bool), (x, y)), (c, c)), directed=False)[1].astype(np.int64)
    of = np.where(text >= 0, of_class[found.same[text]], -1)
    sizes = np.bincount(of[of >= 0], minlength=c)
    return np.where((of >= 0) & (sizes[of] > 1), of, -1)


class _Links:
    """The pairs of classes, and each class with itself."""

    def __init__(self, found: Duplicates) -> None:
        x, y = found.pairs[:, 0], found.pairs[:, 1]
        self.c = found.classes
        order = np.argsort(np.concatenate([x, y]), kind="stable")
        self.others = np.ascontiguousarray(np.concatenate([y, x])[order])
        self.owners = np.concatenate([x, y])[order]
        self.edges = np.concatenate([[0], np.cumsum(np.bincount(self.owners, minlength=self.c))]).astype(np.int64)

    def least(self, values: NDArray[np.int64]) -> NDArray[np.int64]:
        """(c,) the least value of each class and its neighbours."""
        found = values.copy()
        np.minimum.at(found, self.owners, values[self.others])
        return found


def _first(of: NDArray[np.int64], rows: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """(size,) the first of ``rows``, ascending, of each number; ``NONE`` where there is none."""
    found = np.full(size, NONE, np.int64)
    back = rows[::-1]
    found[of[back]] = back
    return found


def _survivors(
    found: Duplicates,
    links: _Links,
    text: NDArray[np.int64],
    cls: NDArray[np.int64],
    first: NDArray[np.int64],
    own: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """(c,) the row that stands for each class among its near copies; -1 where nobody is left."""
    from elute.findings._kernels import stars

    rows = np.flatnonzero(own)
    counts = np.bincount(text[rows], minlength=len(found.same))  # kept rows of each text
    here = np.flatnonzero(counts)
    best = np.lexsort((first[here], -counts[here], found.same[here]))  # of each class the text with most rows, then the first
    here = here[best]
    leads = here[np.concatenate([[True], found.same[here][1:] != found.same[here][:-1]])] if len(here) else here
    row = np.full(links.c, -1, np.int64)
    row[found.same[leads]] = first[leads]
    size = np.bincount(cls[rows], minlength=links.c)
    alive = row >= 0
    around = np.bincount(links.owners, weights=size[links.others], minlength=links.c)
    centre = np.where(alive, -1, -2).astype(np.int64)
    linked = np.flatnonzero(alive & (around > 0))
    typical = around[linked] + size[linked]
    order = linked[np.lexsort((row[linked], -found.length[linked], -size[linked], -typical))]
    stars(np.ascontiguousarray(order, np.int64), links.edges, links.others, centre)
    return np.where(centre >= 0, row[np.maximum(centre, 0)], row)


def _costs(found: Duplicates, text: NDArray[np.int64], cls: NDArray[np.int64], near_of: NDArray[np.int64]) -> NDArray[np.float32]:
    """(n,) what each near copy's edits cost, NaN for other rows."""
    costs = np.full(len(cls), np.nan, np.float32)
    rows = np.flatnonzero(near_of >= 0)
    mine, theirs = cls[rows], cls[near_of[rows]]
    keys = found.pairs[:, 0] * found.classes + found.pairs[:, 1]
    order = np.argsort(keys)
    costs[rows] = 0  # of one class: the words are equal
    other = np.flatnonzero(mine != theirs)
    if len(other):
        asked = np.minimum(mine, theirs)[other] * found.classes + np.maximum(mine, theirs)[other]
        costs[rows[other]] = found.cost[order][np.searchsorted(keys[order], asked)]
    costs[rows] = turned(costs[rows], found.points[text[rows]] != found.points[text[near_of[rows]]])
    return costs


def _conflicts(links: _Links, cls: NDArray[np.int64], own: NDArray[np.bool_], codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n,) the first kept row under another label that says the same; -1 without one."""
    found = np.full(len(cls), -1, np.int64)
    rows = np.flatnonzero(own & (codes >= 0))
    if not len(rows):
        return found
    width = int(codes.max()) + 1
    key, at = np.unique(cls[rows] * width + codes[rows], return_index=True)  # each label of each class, and its first row
    row, label, owner = rows[at], key % width, key // width
    start = np.searchsorted(owner, np.arange(links.c + 1))
    looks, at_class = np.concatenate([np.arange(links.c), links.owners]), np.concatenate([np.arange(links.c), links.others])
    count = start[at_class + 1] - start[at_class]
    looks = np.repeat(looks, count)
    entry = np.repeat(start[at_class] - np.cumsum(count) + count, count) + np.arange(len(looks))
    first, second = np.full(links.c, NONE, np.int64), np.full(links.c, NONE, np.int64)
    np.minimum.at(first, looks, row[entry])  # of all that a class sees, and then of all with another label than that
    other = label[entry] != codes[first[looks]]
    np.minimum.at(second, looks[other], row[entry][other])
    seen = np.flatnonzero((cls >= 0) & (codes >= 0))
    for there in (second, first):
        partner = there[cls[seen]]
        differs = partner != NONE
        differs[differs] = codes[partner[differs]] != codes[seen[differs]]
        found[seen[differs]] = partner[differs]
    return found
