"""What a recipe says of each row by itself: a pure function of recipe, row and vector, whatever else is in the table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from elute.prepare import Prepared

STAYS, NO_TEXT = 0, 1
"""Places in :attr:`elute.recipe.Recipe.reasons`: the row stays; it has no text. Rules and what is across rows follow."""


@dataclass(frozen=True, eq=False)
class Judged:
    """The part of the work that a shard does alone.

    Attributes
    ----------
    keep : ndarray of shape (n,), bool
        Stays, as far as the row by itself is concerned.
    settled : ndarray of shape (n,), bool
        The session knew this very row: ``keep`` is its word, and nothing across rows changes it.
    reason : ndarray of shape (n,), int16
        Place in :attr:`elute.recipe.Recipe.reasons`; 0 for a row that stays.
    cluster : ndarray of shape (n,), int32
        Nearest cluster by number; noise -1, without a vector -2.
    score : ndarray of shape (n,), float32
        Cosine to the centroid of that cluster; NaN without a vector.
    learned : ndarray of shape (n,), float32
        Highest score of the learned filters, 0 to 1; NaN where there is none.
    texts : list of (str or None), length n
        As they were prepared.
    compared : list of (str or None), length n
        Texts that near copies are found by; None for a row that is none. What the rest of a text says that was cut is not known, so
        its row is nobody's near copy.
    same : ndarray of shape (n,), uint64
        Equal for exact copies (prepared text and, where the policy says so, label), 0 for a row that is nobody's copy: what an exact
        shuffle goes by.
    label : ndarray of shape (n,), uint64
        Hash of the label, 0 where there is none or labels do not matter: near copies are of the same one.
    stratum : ndarray of shape (n,), int64
        What balance counts by: the cluster, or the hash of the label; -1 where the row counts in none.
    rank : ndarray of shape (n,), uint64
        Pseudo-random by content and seed, the same in any shard: where a cap bites, the smallest stay, equal ones by row.
    group : ndarray of shape (n,), uint64
        Hash of the dialogue or document, 0 for a row that is one by itself.
    skipped : tuple of str
        What could not be done, with ``on_missing="skip"``, a sentence each.
    """

    keep: NDArray[np.bool_]
    settled: NDArray[np.bool_]
    reason: NDArray[np.int16]
    cluster: NDArray[np.int32]
    score: NDArray[np.float32]
    learned: NDArray[np.float32]
    texts: list[str | None]
    compared: list[str | None]
    same: NDArray[np.uint64]
    label: NDArray[np.uint64]
    stratum: NDArray[np.int64]
    rank: NDArray[np.uint64]
    group: NDArray[np.uint64]
    skipped: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.keep)


def together(said: Iterable[str]) -> tuple[str, ...]:
    """Sentences of several shards, each once; those that end in a number, with their sum.

    >>> together(["No model.", "Rows of others: 2.", "No model.", "Rows of others: 1,001."])
    ('No model.', 'Rows of others: 1,003.')
    """
    counts: dict[str, int | None] = {}
    for sentence in said:
        what, _, number = sentence.rpartition(": ")
        digits = number.removesuffix(".").replace(",", "")
        if what and digits.isdecimal():
            counts[what] = (counts.get(what) or 0) + int(digits)
        else:
            counts[sentence] = None
    return tuple(what if count is None else f"{what}: {count:,}." for what, count in counts.items())


def compared(prepared: Prepared) -> list[str | None]:
    """Texts (n,) that are there whole, as they are compared; None for the others."""
    return [None if short else text for text, short in zip(prepared.compared, prepared.too_long.tolist(), strict=True)]
