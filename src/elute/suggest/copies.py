"""Safe: of rows that say the same under the same label, one of each stays.

Where rows go by groups (dialogues, documents), only groups all of whose rows are copies: a “yes please” is no reason to lose a dialogue.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from elute.suggest.ground import Ground, Mask
from elute.suggest.suggestion import Example, Suggestion, identity
from elute.suggest.words import goes, many

NEAR_COPIES = 0.95
"""Of rows named as near copies by the edit check, the share that were: .96 and more on the sets of bench/evidence_duplicates.py."""


def copies(ground: Ground) -> list[Suggestion]:
    """Exact copies of a kept row, labels the same: in each group and label the first row stays."""
    root = np.where(ground.flag("copy"), ground.number("copy_of", -1).astype(np.int64), np.arange(len(ground.corpus)))
    rows, stays = _spare(ground, root)
    rows = ground.by_groups(rows)
    if not rows.any():
        return []
    return [
        _suggestion(
            ground, "copies", rows, stays, 1.0, "the texts are equal once white space and markup are set aside",
            f"Drop {many(int(rows.sum()), 'exact copy', 'exact copies')}",
            "Each says the same as a row that stays, under the same label; one of each stays." if ground.label_names
            else "Each says the same as a row that stays; one of each stays.",
        )
    ]  # fmt: skip


def near_copies(ground: Ground) -> list[Suggestion]:
    """Edit-checked near copies of a kept row with the same label."""
    flagged, of = ground.flag("near_copy") & ground.free, ground.number("near_copy_of", -1).astype(np.int64)
    at = np.maximum(of, 0)
    rows = flagged & (of >= 0) & ground.here[at] & ~(flagged[at] & (of[at] >= 0)) & (ground.codes[at] == ground.codes)
    rows = ground.by_groups(rows & ~ground.flag("copy"))
    if not rows.any():
        return []
    return [
        _suggestion(
            ground, "near_copies", rows, of, NEAR_COPIES, "share of such rows that were near copies in trials",
            f"Drop {many(int(rows.sum()), 'near copy', 'near copies')}",
            "Each is a few letters from a row that stays, with the same digits and the same “not”"
            + (", under the same label." if ground.label_names else "."),
        )
    ]  # fmt: skip


def conflicts(ground: Ground) -> list[Suggestion]:
    """Look: rows that say the same as a kept row under another label. Which label is right, a person knows."""
    rows = ground.flag("conflict")
    if not rows.any():
        return []
    of = ground.number("conflict_of", -1)
    for other in ("near_copy_of", "copy_of"):
        of = np.where(of >= 0, of, ground.number(other, -1))
    count = int(rows.sum())
    return [
        Suggestion(
            identity("conflict", ground.ids(rows)), "look", "conflict", "look", f"{many(count, 'duplicate')} under another label",
            "They say the same as a row that stays, and bear another label. One of the two labels may be wrong, or the two may differ "
            "in the one word that counts.",
            rows, count, other="drop" if (rows & ground.free).any() else None, effect=goes(ground, rows, "could go"),
            examples=_beside(ground, rows, of.astype(np.int64)),
        )
    ]  # fmt: skip


def _spare(ground: Ground, root: NDArray[np.int64]) -> tuple[Mask, NDArray[np.int64]]:
    """Rows beyond the first of each group and label, and for each row the one that stays. What can't be dropped stays first."""
    members = np.flatnonzero(ground.here)
    key = np.stack([root[members], ground.codes[members]], axis=1)
    _, group = np.unique(key, axis=0, return_inverse=True)
    order = np.lexsort((members, ground.free[members], group))
    first = np.r_[True, group[order][1:] != group[order][:-1]][: len(order)]
    leader = members[order][np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))] if len(order) else members
    rows, stays = np.zeros(len(root), bool), np.arange(len(root))
    rows[members[order][~first]] = True
    stays[members[order]] = leader
    return rows & ground.free, stays


def _suggestion(
    ground: Ground, kind: str, rows: Mask, stays: NDArray[np.int64], confidence: float, meaning: str, title: str, why: str
) -> Suggestion:
    return Suggestion(
        identity(kind, ground.ids(rows)), "safe", kind, "drop", title, why, rows, int(rows.sum()), confidence=confidence,
        meaning=meaning, effect=goes(ground, rows), examples=_beside(ground, rows, stays), data={"stays": stays[rows]},
    )  # fmt: skip


def _beside(ground: Ground, rows: Mask, of: NDArray[np.int64]) -> tuple[Example, ...]:
    """Three of them, each beside the row that stays; where there are many, spread over the table."""
    at = np.flatnonzero(rows & (of >= 0))
    chosen = at[np.linspace(0, len(at) - 1, min(3, len(at))).astype(int)]
    return tuple(Example(int(row), beside=int(of[row]) if of[row] != row else None) for row in chosen)
