"""What a person decided after a suggestion was made stays as it is, as it would by the same suggestion made anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from elute.decisions import Decision, State
from elute.suggest.ground import Mask
from elute.suggest.suggestion import SAFE, Suggestion

OUTRANKS = {
    **dict.fromkeys(("drop", "thin", "relabel", "edit"), ("keep", "tag", "pin", "relabel", "edit", "restore")),
    "restore": ("drop",),
}
"""For what a suggestion does to rows, the decisions about a row that it does not go against."""


def since(then: State, now: State) -> list[Decision]:
    """Decisions that came into force after a suggestion was made, without what is safe and was accepted in bulk meanwhile.

    Safe suggestions of one list come to the same whether they are accepted one by one or together.
    """
    known = {one.id for one in then.in_force}
    return [one for one in now.in_force if one.id not in known and not _in_bulk(one)]


def held(
    one: Suggestion, does: str, decided: list[Decision], locate: Callable[[NDArray[np.uint64]], tuple[Mask, int]],
    whole: Callable[[Mask], Mask],
) -> tuple[Suggestion, Mask]:  # fmt: skip
    """A suggestion without the rows that a person decided on since, and which these are.

    Parameters
    ----------
    does : str
        What is done with it.
    decided : list of Decision
        What came since.
    locate, whole : callable
        From ids to rows, and from rows to those of all their groups: a group with a row that stays, stays.
    """
    out = np.zeros(len(one.rows), bool)
    for decision in decided:
        if decision.kind in OUTRANKS.get(does, ()):
            out |= locate(decision.ids)[0]
    out = (whole(out) if does in ("drop", "thin") else out) & one.rows
    if not out.any():
        return one, out
    stay = ~out[one.rows]
    data = dict(one.data)
    if "stays" in data:
        data["stays"] = np.asarray(data["stays"])[stay]
    if "labels" in data:
        data["labels"] = [label for label, stays in zip(data["labels"], stay.tolist(), strict=True) if stays]
    return replace(one, rows=one.rows & ~out, count=int(stay.sum()), data=data), out


def told(out: Mask) -> str:
    """How many rows were left as they are, in a sentence; "" where none were."""
    count = int(out.sum())
    if not count:
        return ""
    return (
        "1 row was decided on since this was suggested: it stays as it is." if count == 1
        else f"{count:,} rows were decided on since this was suggested: they stay as they are."
    )  # fmt: skip


def _in_bulk(decision: Decision) -> bool:
    kinds = decision.source.get("kinds") or ()
    return decision.source.get("kind") == "suggestion" and bool(kinds) and set(kinds) <= set(SAFE)
