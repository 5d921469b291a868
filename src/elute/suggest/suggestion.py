"""What elute would do, as a value: the rows, the reason, and what it would change. Nothing here does anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

SAFE = ("copies", "near_copies", "labels", "markup")
"""Kinds that may be accepted in bulk: measured not to hurt on clean sets, see docs/evidence.md."""
LOOK = (
    "foreign", "advised", "trim", "noise", "tiny", "conflict", "judged", "learned", "good_back", "similar", "far", "personal", "leaked",
    "quality", "thin", "collect", "merge", "split", "clusters",
)  # fmt: skip
"""Kinds that are ranked for a person's eyes, in the order in which they are listed."""
SKETCH = 32
"""Numbers that stand for a set of rows; where three quarters are shared, one pair in 500 looks as if less than half were."""
ACTIONS = ("drop", "relabel", "edit", "restore", "thin", "weights", "collect", "merge", "split", "settings", "look")


@dataclass(frozen=True)
class Example:
    """A row that shows what is meant.

    Attributes
    ----------
    row : int
    after : str or None
        Its text as it would be, or the label that is proposed.
    beside : int or None
        A row to read beside it, such as the copy that stays.
    why : str
    """

    row: int
    after: str | None = None
    beside: int | None = None
    why: str = ""


@dataclass(frozen=True, eq=False)
class Suggestion:
    """A proposal with its evidence. Nothing happens until it is accepted.

    Attributes
    ----------
    id : str
        The same in the next round, and after a restart, while the thing is the same: see :func:`identity`.
    tier : {"safe", "look"}
        Safe may be accepted in bulk; look is ranked for a person's eyes, and is no default.
    kind : str
        One of :data:`SAFE` or :data:`LOOK`.
    action, other : str
        What accepting it does, one of :data:`ACTIONS`, and what else it offers, None where that is all.
    title, why : str
        A line each; counts beside percentages.
    rows : ndarray of shape (n,), bool
        Rows of the table that the action is about.
    count : int
        How many they are.
    cluster : int or None
        The one it is about.
    clusters : tuple of int
        All that it is about.
    confidence : float or None
        0 to 1, and ``meaning`` says of what; None where nothing was measured.
    effect : str
        What would be different afterwards.
    overlaps : tuple of str
        What it shares with others.
    examples : tuple of Example
        Three, where there are.
    settings : dict or None
        Settings of the next round that it proposes.
    data : dict
        What else the kind has: ``labels`` (one a row of ``rows``), ``weight``, ``threshold``, the ``filter`` that names the rows.
    analyst : str
        Name of the analyst that advises it, alone or besides elute's own evidence; "" where none does.
    facet : str
        Which of several of its kind it is, such as the name of a rule: part of its identity, beside its rows.
    after : str
        Id of the last record of the journal when it was made; "" where that is not known.
    """

    id: str
    tier: str
    kind: str
    action: str
    title: str
    why: str
    rows: NDArray[np.bool_]
    count: int
    other: str | None = None
    cluster: int | None = None
    clusters: tuple[int, ...] = ()
    confidence: float | None = None
    meaning: str = ""
    effect: str = ""
    overlaps: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    settings: Mapping[str, Any] | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    analyst: str = ""
    facet: str = ""
    after: str = ""

    @property
    def actions(self) -> tuple[str, ...]:
        """What it can be accepted as."""
        return (self.action,) if self.other is None else (self.action, self.other)

    def __repr__(self) -> str:
        return f"<{self.tier}: {self.title}>"


@dataclass(frozen=True)
class Looks:
    """The quick look: clusters not decided yet, the one to look at first in front.

    Attributes
    ----------
    order : tuple of int
        At most what is worth it; where nothing stands out, the few most unlike the others, to be sure.
    done, dropped, kept : int
        Clusters decided so far, and how.
    nothing : str
        What to say where nothing stands out, with what was compared; "" otherwise.
    """

    order: tuple[int, ...] = ()
    done: int = 0
    dropped: int = 0
    kept: int = 0
    nothing: str = ""


@dataclass(frozen=True, eq=False)
class Suggested:
    """All suggestions for a round, safe ones first, and what was looked for."""

    suggestions: tuple[Suggestion, ...] = ()
    looks: Looks = Looks()
    checked: tuple[str, ...] = ()
    dismissed: int = 0


def identity(kind: str, ids: NDArray[np.uint64], more: str = "") -> str:
    """A name for a thing made of rows: the kind, and the row whose id is smallest once it is mixed with the kind.

    Two sets of rows get the same name with the probability that is their overlap (their intersection over their union), so what
    loses a few rows is still the same thing, and what became another is not.

    Parameters
    ----------
    kind : str
    ids : ndarray of shape (m,), uint64
        Content-based ids of the rows.
    more : str
        What else it is about, such as a value of a setting.

    Notes
    -----
    MinHash: Broder (1997), doi:10.1109/SEQUEN.1997.666900.

    >>> ids = np.arange(100, dtype=np.uint64)
    >>> identity("copies", ids) == identity("copies", ids[::-1])
    True
    """
    if not len(ids):
        return f"{kind}-{int(_salt(kind, more)):016x}"
    return f"{kind}-{int(_mixed(kind, ids, more).min()):016x}"


def sketch(kind: str, ids: NDArray[np.uint64], more: str = "") -> list[str]:
    """As :func:`identity`, but the few smallest: how much of two sets of rows is the same can be told from theirs, see :func:`shared`.

    >>> sketch("copies", np.arange(3, dtype=np.uint64)) == sketch("copies", np.arange(3, dtype=np.uint64), "words")
    False
    """
    mixed = _mixed(kind, ids, more)
    return [
        f"{number:016x}" for number in np.sort(np.partition(mixed, SKETCH)[:SKETCH] if len(mixed) > SKETCH else mixed).tolist()
    ]


def shared(one: Sequence[str], other: Sequence[str]) -> float:
    """The overlap of two sets of rows (their intersection over their union), exact for small ones, by their sketches.

    >>> shared(["01", "02", "03"], ["02", "03", "04"])
    0.5
    """
    # what is smallest in the union is smallest in each that has it
    union = sorted({*one, *other})[:SKETCH]
    return len({*one} & {*other} & {*union}) / len(union) if union else 0.0


def _salt(kind: str, more: str) -> np.uint64:
    return np.uint64(int.from_bytes(blake2b(f"{kind}\0{more}".encode(), digest_size=8).digest()))


def _mixed(kind: str, ids: NDArray[np.uint64], more: str) -> NDArray[np.uint64]:
    mixed = (ids ^ _salt(kind, more)) * np.uint64(0x9E3779B97F4A7C15)
    return np.asarray(mixed ^ (mixed >> np.uint64(29)))
