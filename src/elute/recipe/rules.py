"""What a recipe is made of beside its clusters: rules, what the session decided, and the rows that it knew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

RULE, ROW, LOST, UNDONE, SETTING = "rule", "row", "not replayable", "undone later", "setting"
"""What a decision is in a recipe."""


@dataclass(frozen=True)
class Rule:
    """Something that holds for rows that the session never saw.

    Attributes
    ----------
    kind : {"cluster", "noise", "filter", "no text", "copies", "near copies", "balance"}
    reason : str
        Why a row went, as :attr:`elute.recipe.Recipe.reasons` has it.
    rows : int
        Rows of the session that it took.
    round : int
        Number of the round in which it was decided.
    """

    kind: str
    reason: str
    rows: int
    round: int


@dataclass(frozen=True)
class Told:
    """One decision of the session, in its order.

    Attributes
    ----------
    number : int
        Counts from 1, over the decisions in force.
    kind : str
        As in the journal.
    what : str
        Kind of the suggestion behind it, or how it came about: no text of the user's.
    round : int
    rows : int
        Rows that it was about.
    replays : str
        One of :data:`RULE`, :data:`ROW`, :data:`LOST`, :data:`UNDONE`, :data:`SETTING`.
    by_rule : int
        Of the rows, those that a rule stands for; the others go by their content.
    why : str
        Why it does not replay; "" where it does.
    """

    number: int
    kind: str
    what: str
    round: int
    rows: int
    replays: str
    by_rule: int = 0
    why: str = ""


@dataclass(frozen=True, eq=False)
class Known:
    """The rows that the session knew.

    Attributes
    ----------
    ids : ndarray of shape (n,), uint64
        Content-based, ascending.
    keep : ndarray of shape (n,), bool
    reason : ndarray of shape (n,), int16
        Place in the reasons of the recipe.
    alike : bool
        Each speaks for rows of the same content too, wherever they are: it was in a sample that has each content once.
    """

    ids: NDArray[np.uint64]
    keep: NDArray[np.bool_]
    reason: NDArray[np.int16]
    alike: bool = False

    def find(self, ids: NDArray[np.uint64]) -> NDArray[np.int64]:
        """(m,) where each id is, -1 where it is new."""
        if not len(self.ids):
            return np.full(len(ids), -1, np.int64)
        at = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where(self.ids[at] == ids, at, -1)


def listed(made: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Rules or decisions as JSON."""
    return [asdict(one) for one in made]


def read(cls: type[Any], told: Any) -> tuple[Any, ...]:
    """What :func:`listed` gave."""
    names = {one.name for one in fields(cls)}
    return tuple(cls(**{name: value for name, value in _mapping(one).items() if name in names}) for one in told)


def _mapping(one: Any) -> Mapping[str, Any]:
    if not isinstance(one, Mapping):
        raise TypeError("not a mapping")
    return one
