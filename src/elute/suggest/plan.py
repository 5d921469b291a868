"""What accepting suggestions comes to: one step a kind of decision, of the rows as they stand now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.errors import InputError
from elute.suggest.ground import Mask
from elute.suggest.suggestion import ACTIONS, Suggestion

DROPS = ("drop", "thin")


@dataclass(frozen=True, eq=False)
class Plan:
    """Decisions that several suggestions make together.

    Attributes
    ----------
    drop, restore, edit, select : ndarray of shape (n,), bool
    labels : dict of int to str
        Label proposed for a row.
    tags : list of (str, ndarray of shape (n,), bool)
    settings : dict
        Settings of the next round.
    """

    drop: Mask
    restore: Mask
    edit: Mask
    select: Mask
    labels: Mapping[int, Any] = field(default_factory=dict)
    tags: Sequence[tuple[str, Mask]] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def steps(self) -> int:
        """How many decisions it is."""
        flags = [self.drop.any(), self.restore.any(), self.edit.any(), bool(self.labels), bool(self.settings)]
        return sum(map(bool, flags)) + len(self.tags)


def plan(
    suggestions: Sequence[Suggestion], keep: Mask, action: str | None = None, *, whole: Callable[[Mask], Mask] = lambda rows: rows
) -> Plan:
    """Put suggestions together.

    Parameters
    ----------
    suggestions : sequence of Suggestion
    keep : ndarray of shape (n,), bool
        Rows that stay now.
    action : str, optional
        Chooses between what they offer; a suggestion that does not offer it does what it proposes first.
    whole : callable, optional
        Rows, to those of all their groups: :meth:`elute.corpus.Corpus.whole`.

    Notes
    -----
    A row that is dropped is neither relabelled nor edited. Of copies, those whose last one here would go too are left, be it only with
    the rest of its group: one stays, whatever else is accepted or was dropped since. Nor does a copy take the rest of its group with it.

    Raises
    ------
    InputError
        No suggestion offers that action.
    """
    if action is not None and not any(action in one.actions for one in suggestions):
        known = sorted({offered for one in suggestions for offered in one.actions})
        raise InputError(f"{action[:40]!r} is not offered here; there are {', '.join(known)}.")
    chosen = [(one, action if action in one.actions else one.action) for one in suggestions]
    assert all(does in ACTIONS for _, does in chosen)
    none = np.zeros(len(keep), bool)
    drop = _union([one.rows for one, does in chosen if does in DROPS and "stays" not in one.data], none) & keep
    drop |= _copies([one for one, does in chosen if does in DROPS and "stays" in one.data], keep, whole(drop), whole)
    tags = [(_tag(one, does), one.data.get("weigh", one.rows) & keep) for one, does in chosen if does in ("weights", "collect")]
    labels: dict[int, Any] = {}
    for one, does in chosen:
        if does == "relabel":
            rows = np.flatnonzero(one.rows).tolist()
            labels |= {row: label for row, label in zip(rows, one.data["labels"], strict=True) if keep[row] and not drop[row]}
    settings: dict[str, Any] = {}
    for one, does in chosen:
        if does in ("settings", "merge", "split"):
            settings |= one.settings or {}
    return Plan(
        drop=drop,
        restore=_union([one.rows for one, does in chosen if does == "restore"], none) & ~keep,
        edit=_union([one.rows for one, does in chosen if does == "edit"], none) & keep & ~drop,
        select=_union(
            [one.rows for one, does in chosen if does == "look" or (does in ("merge", "split") and not one.settings)], none
        ),
        labels=labels,
        tags=[(name, rows) for name, rows in tags if rows.any()],
        settings=settings,
    )


def _union(masks: Sequence[Mask], none: Mask) -> Mask:
    return np.asarray(np.logical_or.reduce([none, *masks]))


def _copies(found: Sequence[Suggestion], keep: Mask, gone: Mask, whole: Callable[[Mask], Mask]) -> Mask:
    """Rows whose survivor stays: a survivor that is a copy itself stands for the one that it is a copy of.

    ``gone`` are the rows that go anyway, with all of their groups.
    """
    rows = np.zeros(len(keep), bool)
    stays: NDArray[np.int64] = np.arange(len(keep))
    for one in found:
        rows |= one.rows
        stays[one.rows] = one.data["stays"]
    last = stays
    for _ in range(3):
        last = stays[last]
    rows &= keep & keep[last] & ~gone[last] & ~rows[last]
    # groups that are copies to the last row go; of the others none does, and what goes anyway is no obstacle
    return rows & ~whole(keep & ~rows & ~gone)


def _tag(one: Suggestion, does: str) -> str:
    return f"weight {one.data['weight']:.4g}" if does == "weights" else "collect more like these"
