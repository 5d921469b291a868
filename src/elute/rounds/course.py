"""How accuracy went from round to round: which masks there were, and what a classifier makes of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.decisions import Decision
from elute.metrics.validation import LEAST, Scored, Validation, verdict
from elute.progress import SILENT, Progress
from elute.rounds.space import Space

ROUNDS = 12
"""Rounds that are measured: the first, and the last ones."""
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Course:
    """Accuracy by round.

    Attributes
    ----------
    rows : tuple of dict
        ``round, kept, accuracy, error, random``: accuracy on the same rows for all, its standard error, and that after random removal of
        as many rows from all there were (None for a round in which nothing is gone).
    best : int or None
        Number of the best round so far.
    why : str
        In a sentence: what it amounts to, and whether more rounds pay; or why there is nothing to measure.
    """

    rows: tuple[dict[str, Any], ...] = ()
    best: int | None = None
    why: str = ""


def masks(
    records: Sequence[Decision], rounds: Sequence[Decision], keep_after: Callable[[Sequence[Decision]], Mask]
) -> list[tuple[int, Mask]]:
    """Number of each round and the mask it was made for: the first and the last ones.

    Parameters
    ----------
    records : sequence of Decision
        The whole journal, oldest first.
    rounds : sequence of Decision
        Its ``round`` records. Each names the record after which it was begun.
    keep_after : callable
        The mask that records lead to.
    """
    at = {record.id: place for place, record in enumerate(records)}
    chosen = [*rounds[:1], *rounds[1:][-(ROUNDS - 1) :]]
    found = []
    for made in chosen:
        after = str(made.data.get("after", ""))
        found.append((int(made.data["number"]), keep_after(records[: at.get(after, -1) + 1])))
    return found


def measure(
    space: Space, rounds: Sequence[tuple[int, Mask]], judges: Mask, outside: Mask, seed: int, progress: Progress = SILENT
) -> Course:
    """Accuracy of each round's mask, on the labelled rows of the fixed part that are among the ``judges``.

    Parameters
    ----------
    rounds : sequence of int and ndarray of shape (n,), bool
    judges : ndarray of shape (n,), bool
        Rows kept now whose label nothing speaks against.
    outside : ndarray of shape (n,), bool
        Rows of a reference, which never teach: nobody decides about them.
    """
    target = space.target
    if target is None:
        return Course(why="There are no labels, so no accuracy can be measured.")
    codes = np.where(outside, -1, target.codes)
    validation = Validation(space.X, space.of, codes, seed, space.hashes)
    known: dict[bytes, Scored | None] = {}
    rows, scored, numbers = [], [], []
    all_ = validation.n_teachers
    chance: dict[int, float | None] = {all_: None}
    for done, (number, keep) in enumerate(rounds):
        progress.report("accuracy", done, len(rounds))
        key = np.packbits(keep).tobytes()
        if key not in known:
            known[key] = validation.score(keep, judges, progress)
        one = known[key]
        if one is None:
            return Course(
                why=f"Accuracy needs two labels and {LEAST} labelled rows of the fifth that never teaches; here there are fewer."
            )
        kept = int((validation.teachers & keep).sum())
        if kept not in chance:
            chance[kept] = validation.at_random(kept, judges, progress)
        told = {"round": number, "kept": int((keep & ~outside).sum()), "accuracy": one.accuracy, "error": one.error}
        rows.append({**told, "random": chance[kept]})
        scored.append(one)
        numbers.append(number)
    best, why = verdict(numbers, scored)
    return Course(tuple(rows), best, why)
