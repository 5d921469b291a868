"""Look: rows far from everything or in no cluster, with personal data, in the reference too, or named by a rule of the person's own."""

from __future__ import annotations

from typing import Any

import numpy as np

from elute.findings import flags_of
from elute.findings.table import OWN
from elute.suggest.ground import Ground, Mask
from elute.suggest.suggestion import Example, Suggestion, identity
from elute.suggest.words import goes, many, share

TOP, PART = 50, 20
"""Rows shown of those that lie farthest: a ranking has no edge, so it is cut where a person tires, and at one row in so many."""
CLEAR = 1.1
"""How many times as far as the middle row the last of them lies at least: what is no farther than that is as far as all."""
NAMED = 80
"""Characters of a rule's name that are told."""


def far(ground: Ground) -> list[Suggestion]:
    """The rows whose nearest are farthest; none where they hardly differ from the others. A ranking only: on clean sets they are good."""
    distance = np.where(ground.free, ground.number("distance"), np.nan)
    known = np.flatnonzero(~np.isnan(distance))
    count = min(TOP, len(known) // PART)
    top = known[np.argsort(-distance[known], kind="stable")][:count]
    middle = float(np.median(distance[known])) if count else 0.0
    if not count or distance[top].min() < max(CLEAR * middle, 1e-6):
        return []
    rows = _mask(ground, top)
    which, whose = ("row", "its") if count == 1 else (f"{count} rows", "their")
    return [
        Suggestion(
            identity("far", ground.ids(rows)), "look", "far", "look", f"The {which} farthest from all others",
            f"On the average {whose} ten nearest are {distance[top].min():.2f} or more away; for half of all rows it is {middle:.2f} "
            "or less. Far is a reason to read, no more: rare and good rows lie here too.",
            rows, count, other="drop", effect=goes(ground, rows, "could go"), data={"threshold": float(distance[top].min())},
            examples=tuple(Example(int(row), why=f"distance {distance[row]:.2f}") for row in top[:3]),
        )
    ]  # fmt: skip


def apart(ground: Ground) -> list[Suggestion]:
    """Rows with a text and no vector: they are in no cluster, so no other look shows them."""
    rows = ground.apart & ground.free & ~np.asarray(ground.state.looked)
    if not rows.any():
        return []
    count, first = int(rows.sum()), dict[str | None, int]()
    for row in np.flatnonzero(rows).tolist():
        first.setdefault(ground.texts[row], row)
    one = count == 1
    return [
        Suggestion(
            identity("far", ground.ids(rows), "apart"), "look", "far", "look", f"{many(count)} in no cluster, like no other text",
            f"{share(count, ground.kept)}. The embedder gave {'it' if one else 'them'} no vector, as TF-IDF does where a text shares no "
            f"part of a word with any other; so {'it is' if one else 'they are'} not on the map, and no other look shows "
            f"{'it' if one else 'them'}.",
            rows, count, other="drop", effect=goes(ground, rows, "could go"),
            examples=tuple(Example(row) for row in list(first.values())[:3]), facet="apart",
        )
    ]  # fmt: skip


def personal(ground: Ground) -> list[Suggestion]:
    """Rows with email addresses, telephone, card or account numbers, where that was asked for."""
    rows = ground.flag("personal") & ground.free
    return _flagged(
        ground, "personal", rows, "with what looks like personal data",
        "An email address, a telephone, card or account number stands in them; cards and accounts have a right checksum.",
    )  # fmt: skip


def leaked(ground: Ground) -> list[Suggestion]:
    """Rows that stand in the reference too."""
    rows = ground.flag("leaked") & ground.free
    of = ground.number("leaked_of", -1).astype(np.int64)
    count, same = int(rows.sum()), sum(ground.texts[row] == ground.texts[of[row]] for row in np.flatnonzero(rows).tolist())
    there = "stands among the reference rows"
    if same == count:
        told = f"The same text {there}."
    elif not same:
        told = f"A near copy {there}."
    else:
        told = f"For {same:,} of them the same text {there}, for {count - same:,} a near copy."
    return _flagged(ground, "leaked", rows, "also in the reference", f"{told} A model trained on it is measured too well there.")


def own(ground: Ground) -> list[Suggestion]:
    """Rows that a rule of the user's own names."""
    found = []
    for column, name in flags_of(ground.made.findings).items():
        if column.startswith(OWN):
            told = name if len(name) <= NAMED else f"{name[:NAMED]}…"
            rows = ground.flag(column) & ground.free
            found += _flagged(ground, "far", rows, f"named by your rule {told}", f"Your rule {told} names them.", more=name)
    return found


def _flagged(ground: Ground, kind: str, rows: Mask, title: str, why: str, more: str = "") -> list[Suggestion]:
    if not rows.any():
        return []
    count, at = int(rows.sum()), np.flatnonzero(rows)
    chosen = at[np.linspace(0, len(at) - 1, min(3, len(at))).astype(int)]
    return [
        Suggestion(
            identity(kind, ground.ids(rows), more), "look", kind, "look", f"{many(count)} {title}", f"{share(count, ground.kept)}. {why}",
            rows, count, other="drop", effect=goes(ground, rows, "could go"), examples=tuple(Example(int(row)) for row in chosen),
            facet=more,
        )
    ]  # fmt: skip


def _mask(ground: Ground, at: Any) -> Mask:
    rows = np.zeros(len(ground.corpus), bool)
    rows[at] = True
    return rows
