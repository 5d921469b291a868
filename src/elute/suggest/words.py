"""How suggestions speak: plain sentences, a count beside each percentage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from elute.plain import many as many

if TYPE_CHECKING:
    from elute.suggest.ground import Ground


def share(part: int, whole: int) -> str:
    """A percentage with its counts.

    >>> share(41, 900), share(3, 9000)
    ('4.6 % (41 of 900)', 'under 0.1 % (3 of 9,000)')
    """
    percent = 100 * part / max(whole, 1)
    told = "under 0.1" if 0 < percent < 0.05 else f"{percent:.1f}".removesuffix(".0")
    return f"{told} % ({part:,} of {whole:,})"


def of_kept(ground: Ground, rows: NDArray[np.bool_]) -> str:
    """How many of the rows that stay these are; rows of a reference are none of either."""
    return share(int((rows & ground.own).sum()), ground.kept)


def goes(ground: Ground, rows: NDArray[np.bool_], verb: str = "go") -> str:
    """How many rows these are, what is left once a drop took them with their groups, and which labels would lose most."""
    gone = rows if ground.going is None else ground.going(rows).rows
    stay = ground.kept - int((gone & ground.own).sum())
    verb = verb if int((rows & ground.own).sum()) != 1 or verb != "go" else "goes"
    return f"{of_kept(ground, rows)} {verb}, {stay:,} stay{'s' if stay == 1 else ''}.{_labels(ground, gone)}"


def _labels(ground: Ground, rows: NDArray[np.bool_]) -> str:
    """The label that would lose most, where that is a third or more of it; and those that would lose all."""
    codes, names = ground.labels_now, ground.names_now
    if not names:
        return ""
    had = np.bincount(codes[ground.own & (codes >= 0)], minlength=len(names))
    lost = np.bincount(codes[rows & ground.own & (codes >= 0)], minlength=len(names))
    gone = np.flatnonzero((had > 0) & (lost == had))
    if len(gone):
        named = ", ".join(str(names[code])[:40] for code in gone[:3]) + (", ..." if len(gone) > 3 else "")
        many_labels = f" No row would stay of {len(gone)} labels: {named}."
        return f" No row with the label {named} would stay." if len(gone) == 1 else many_labels
    worst = int(np.argmax(lost / np.maximum(had, 1)))
    if had[worst] and lost[worst] * 3 >= had[worst]:
        return f" Most of it from one label: {str(names[worst])[:40]} loses {share(int(lost[worst]), int(had[worst]))}."
    return ""
