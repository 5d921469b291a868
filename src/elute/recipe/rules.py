"""What a recipe is made of beside its clusters: rules, what the session decided, and the rows that it knew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.recipe.rows import ranks

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
    whose : ndarray of shape (n,), uint64, or None
        Hash of content, label, group and mark of the reference: a row speaks for the one with its own alone. None where the session
        had none of these, and in recipes of earlier versions: of equal texts they tell which is which by their order.
    reference : ndarray of shape (n,), bool, or None
        Rows that no decision drops, and that are no part of what stays either. None where there are none.
    turn : ndarray of shape (n,), int64, or None
        How many rows with the same ``whose`` came before each in the table: of the very same rows, which it is. None where ``whose`` is,
        where ``alike``, and in recipes of earlier versions: there equal texts are counted, whatever their label and group.
    """

    ids: NDArray[np.uint64]
    keep: NDArray[np.bool_]
    reason: NDArray[np.int16]
    alike: bool = False
    whose: NDArray[np.uint64] | None = None
    reference: NDArray[np.bool_] | None = None
    turn: NDArray[np.int64] | None = None

    @property
    def own(self) -> NDArray[np.bool_]:
        """(n,) rows that are none of the reference."""
        return np.ones(len(self.ids), bool) if self.reference is None else ~self.reference

    @property
    def numbers_the_same(self) -> bool:
        """Of the very same rows it knows which is which by how many of them came before, not by how often their text did."""
        return self.whose is not None and self.turn is not None

    def word(
        self,
        ids: NDArray[np.uint64],
        contents: NDArray[np.uint64],
        whose: NDArray[np.uint64] | None,
        turn: NDArray[np.int64] | None = None,
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
        """(m,) where the word on each row is, -1 where there is none; (m,) rows that it names for certain; and (m,) rows whose text was
        dropped under other labels or groups alone, which is no word on them.

        That the text stays under another is a word, though it is doubted whether on this row: nothing goes on doubt. Nor does a row where
        some of the very same stay and some went, and their order does not say which it is. What stays so may be a copy of another row.
        Where ``turn`` is given, ``ids`` are not asked.
        """
        by_turn, lost = False, np.zeros(len(ids), bool)
        if whose is None or turn is None or not len(self.ids):
            at = self.find(ids)
        else:
            by_turn, at = True, self._again(whose, turn)
        sure = at >= 0
        if self.whose is None or whose is None or not len(self.ids):
            return at, sure, lost
        likely = np.where(sure, at, self.find(contents))
        other = np.flatnonzero((likely >= 0) & (self.whose[likely] != whose))
        if by_turn:
            at[other] = likely[other]
        found = _agreed(self.whose, self.keep, whose[other])
        doubted = (found < 0) & (at[other] >= 0) & ~self.keep[at[other]]
        # what is of the reference says nothing of a row that is not marked so
        unsaid = doubted | ((at[other] >= 0) & ~self.own[at[other]])
        some = np.where(doubted, _agreed(self.whose[self.keep], self.keep[self.keep], whose[other]), -1)
        stays = np.where(some >= 0, np.flatnonzero(self.keep)[some], -1)
        at[other] = np.where(found >= 0, found, np.where(unsaid, stays, at[other]))
        lost[other], sure[other] = doubted & (stays < 0), found >= 0
        return at, sure, lost

    def _again(self, whose: NDArray[np.uint64], turn: NDArray[np.int64]) -> NDArray[np.int64]:
        ids, order = self._turns
        sought = _turned(whose, turn)
        at = np.minimum(np.searchsorted(ids, sought), len(ids) - 1)
        return np.where(ids[at] == sought, order[at], -1)

    @cached_property
    def _turns(self) -> tuple[NDArray[np.uint64], NDArray[np.intp]]:
        assert self.whose is not None and self.turn is not None
        ids = _turned(self.whose, self.turn)
        order = np.argsort(ids)
        return ids[order], order

    def find(self, ids: NDArray[np.uint64]) -> NDArray[np.int64]:
        """(m,) where each id is, -1 where it is new."""
        if not len(self.ids):
            return np.full(len(ids), -1, np.int64)
        at = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where(self.ids[at] == ids, at, -1)


def _turned(whose: NDArray[np.uint64], turn: NDArray[np.int64]) -> NDArray[np.uint64]:
    return np.asarray(ranks(whose, 5) ^ ranks(turn.astype(np.uint64), 6))


def _agreed(mine: NDArray[np.uint64], keep: NDArray[np.bool_], whose: NDArray[np.uint64]) -> NDArray[np.int64]:
    """(m,) where of ``mine`` (n,) each is, if there is one and all that are equal stay, or all went; else -1."""
    there, first, back, count = np.unique(mine, return_index=True, return_inverse=True, return_counts=True)
    stay = np.bincount(back, keep, len(there))
    at = np.minimum(np.searchsorted(there, whose), len(there) - 1)
    return np.where((there[at] == whose) & ((stay == 0) | (stay == count))[at], first[at], -1)


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
