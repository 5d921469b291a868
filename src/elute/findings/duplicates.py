"""Texts that say the same: equal but for case, white space and punctuation, or a few small edits apart.

Found once for all rows; which of a group stays is read off the mask. The rule of a near copy, measured in docs/evidence.md:

* cosine at least .7, among the neighbours that are listed, or all words equal but one;
* at most 2 edits: two slips of a letter, or one and a small word more, less or for another; fewer in a short text, two small
  words in a long one only (:data:`MAY_COST`);
* a slip of a letter is a letter missing, doubled or changed places with the next, inside a long word that ten times as many texts
  spell otherwise; what may be another word (cards, a letter for another, a space) costs what a small word does, and so does one of a
  list of words for another (addition, addiction), or an apostrophe that makes one of another (we're, were);
* the same numbers, signs and negations: those are never edited. No comparison of letters knows all words that are near and yet say
  something else, so nothing is a slip of which the set itself does not say so.

This says what is found. What may be dropped in bulk is less: only copies by slips of a letter, see :mod:`elute.suggest.copies`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.findings.languages import in_english
from elute.findings.words import Words, once
from elute.kernels import shared
from elute.neighbors import Neighbors
from elute.progress import SILENT, Progress

CLOSE = 0.7
"""Cosine from which two neighbours are compared word by word."""
MAY_COST = ((8, 2), (12, 4), (24, 5), (48, 6))
"""Letters of the shorter text from which edits may cost so much: a slip of a letter 2, a small word, or what may be another
word, 3. So from 8 letters one slip, from 12 two slips or a small word, from 24 both a slip and a small word, from 48 two small words: "I
need to do a refund" and "I want to get a refund" are two rows that a classifier learns from."""
TURNED = {0: 3, 2: 5, 4: 6}
"""What edits of letters cost where marks inside the texts differ that may turn them: as much as with a word that may be another."""
READ = 400
"""Words of a text up to which it is compared without each of its words: longer ones are found by their vectors."""
FRAME = 12
"""Texts that differ in one same place are compared with so many of them: a frame that many names fill is no copy of itself."""


@dataclass(frozen=True, eq=False)
class Duplicates:
    """Which of t distinct texts say the same.

    Attributes
    ----------
    same : ndarray of shape (t,), int64
        Class of each text: equal words; classes are 0 to c - 1.
    pairs : ndarray of shape (e, 2), int64
        Pairs of classes that are a few small edits apart, each once, the smaller first.
    cost : ndarray of shape (e,), int8
        As in :data:`MAY_COST`; 2 to 6. Of words alone: texts of a class may differ in marks.
    points : ndarray of shape (t,), int64
        As in :class:`~elute.findings.words.Words`, of texts that are like another; 0 for any other.
    length : ndarray of shape (c,), int64
        Words of each class.
    compared : int
        Pairs that were checked word by word.
    """

    same: NDArray[np.int64]
    pairs: NDArray[np.int64]
    cost: NDArray[np.int8]
    points: NDArray[np.int64]
    length: NDArray[np.int64]
    compared: int

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return int(self.same.max(initial=-1)) + 1


def duplicates(
    words: Words,
    vector: NDArray[np.int64],
    X: NDArray[np.float32],
    neighbors: Neighbors | None,
    progress: Progress = SILENT,
    cut: NDArray[np.bool_] | None = None,
) -> Duplicates:
    """Compare texts that are near.

    Parameters
    ----------
    words : Words
        Of t distinct texts.
    vector : ndarray of shape (t,)
        Vector of each text, -1 where it has none.
    X : ndarray of shape (m, d), float32
        Unit vectors.
    neighbors : Neighbors over m, optional
        Without it only texts that differ in one word are compared.
    cut : ndarray of shape (t,), bool, optional
        Texts of which the words are only the beginning: what they say is not known, so they say the same as no other.
    """
    alone = words.sizes == 0 if cut is None else cut | (words.sizes == 0)
    same = _classes(words, alone)
    first = np.unique(same, return_index=True)[1]  # a text of each class: any, for their words are equal
    xs, ys = _candidates(words, same, first, vector, X, neighbors)
    progress.check()
    cost = _edits(words, first[xs], first[ys])
    near = (cost <= MAY_COST[-1][1]) & ~(alone[first[xs]] | alone[first[ys]])
    alike = np.bincount(same, minlength=len(first)) > 1
    alike[xs[near]] = alike[ys[near]] = True
    points, some = np.zeros(len(same), np.int64), np.flatnonzero(alike[same])
    points[some] = words.points(some)
    return Duplicates(same, np.column_stack([xs[near], ys[near]]), cost[near], points, words.sizes[first], len(xs))


def compare(words: Words, xs: NDArray[np.int64], ys: NDArray[np.int64]) -> NDArray[np.int8]:
    """What the edits between pairs of texts cost; 99 where it is more than the rule allows."""
    found = _edits(words, xs, ys)
    some = np.flatnonzero(np.isin(found, list(TURNED)))
    found[some] = turned(found[some], words.points(xs[some]) != words.points(ys[some]))
    return found


def turned(cost: NDArray[Any], differ: NDArray[np.bool_]) -> NDArray[Any]:
    """What edits cost, (e,), where marks inside the texts differ: see :data:`TURNED`."""
    found = cost.copy()
    for letters, more in TURNED.items():
        found[differ & (cost == letters)] = more
    return found


def _edits(words: Words, xs: NDArray[np.int64], ys: NDArray[np.int64]) -> NDArray[np.int8]:
    """What the edits of words cost."""
    from elute.findings._kernels import check

    found = np.empty(len(xs), np.int8)
    budget, english = budgets(words), in_english(words)
    xs, ys = np.ascontiguousarray(xs, np.int64), np.ascontiguousarray(ys, np.int64)
    shared(
        len(xs),
        lambda start, stop: check(
            xs, ys, found, budget, words.tokens, words.ends, words.kinds, words.letters, words.starts, words.texts, words.named,
            english, start, stop,
        ),
    )  # fmt: skip
    return found


def budgets(words: Words) -> NDArray[np.int8]:
    """(t,) what edits of each text may cost."""
    lengths = np.concatenate([[0], np.cumsum(np.diff(words.starts)[words.tokens])])
    letters = lengths[words.ends[1:]] - lengths[words.ends[:-1]]
    return np.select([letters >= least for least, _ in MAY_COST[::-1]], [cost for _, cost in MAY_COST[::-1]], 0).astype(np.int8)


def _classes(words: Words, alone: NDArray[np.bool_]) -> NDArray[np.int64]:
    """(t,) texts of equal words share a number, but for those that are ``alone``, (t,) bool."""
    from elute.findings._kernels import hashed

    hashes = np.empty(len(words.sizes), np.uint64)
    shared(len(hashes), lambda start, stop: hashed(words.tokens, words.ends, hashes, start, stop))
    hashes[alone] = np.flatnonzero(alone).astype(np.uint64)  # as good as no hash is that small
    return np.unique(hashes, return_inverse=True)[1].astype(np.int64)


def _candidates(
    words: Words,
    same: NDArray[np.int64],
    first: NDArray[np.int64],
    vector: NDArray[np.int64],
    X: NDArray[np.float32],
    neighbors: Neighbors | None,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of classes worth a look, each once."""
    c = len(first)
    keys = [_framed(words, first)]
    owner = np.full(len(X), -1, np.int64)
    has = np.flatnonzero(vector >= 0)
    owner[vector[has[::-1]]] = same[has[::-1]]  # the first text of a vector, as everywhere
    if neighbors is not None and neighbors.k:
        near = neighbors.distances <= 1 - CLOSE
        x = np.repeat(owner, near.sum(axis=1))
        keys.append(_key(x, owner[neighbors.indices[near]], c))
    alike = has[same[has] != owner[vector[has]]]  # other words, and yet the same vector
    keys.append(_key(same[alike], owner[vector[alike]], c))
    found = once(np.concatenate(keys))
    return found // max(c, 1), found % max(c, 1)


def _key(x: NDArray[np.int64], y: NDArray[np.int64], c: int) -> NDArray[np.int64]:
    """A number for each pair of classes, whichever comes first; -1 where there is none."""
    return np.where((x == y) | (x < 0) | (y < 0), -1, np.minimum(x, y) * c + np.maximum(x, y))


def _framed(words: Words, first: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pairs of classes whose words are equal but one, or of which one has a word more."""
    from elute.findings._kernels import without_one

    sizes = words.sizes[first]
    some = np.flatnonzero((sizes >= 3) & (sizes <= READ))
    total = int(sizes[some].sum())
    hashes, whose = np.empty(total, np.uint64), np.empty(total, np.int64)
    powers = np.cumprod(
        np.concatenate([[1], np.full(READ + 1, 0x9E3779B97F4A7C15, np.uint64)]).astype(np.uint64), dtype=np.uint64
    )
    without_one(words.tokens, words.ends, np.ascontiguousarray(first[some]), powers, hashes, whose)
    own = np.repeat(some, sizes[some])
    order = np.argsort(hashes, kind="stable")
    hashes, own = hashes[order], own[order]
    keys = [np.empty(0, np.int64)]
    for step in range(1, FRAME + 1):
        equal = hashes[step:] == hashes[:-step]
        if not equal.any():
            break
        keys.append(_key(own[:-step][equal], own[step:][equal], len(first)))
    return once(np.concatenate(keys))
