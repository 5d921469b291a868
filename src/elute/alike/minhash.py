"""Texts that may be near copies, found by keys that can be shuffled: MinHash bands, and texts that are equal but for one word.

A key says nothing yet; two rows that share one are compared, by the edits of :mod:`elute.findings.duplicates` or by the share of
letter runs that they have in common (Jaccard). Keys and comparison depend on the two texts alone, and on how common their words are
in the whole set: so what is found is the same for any number of shards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from elute.findings.duplicates import READ
from elute.findings.words import Words
from elute.kernels import shared

RUN = 3
"""Letters of a run. A slip of a letter changes 3 of them, in a sentence of 40 letters a seventh."""
HASHES = 96
SEED = 20


@dataclass(frozen=True)
class Bands:
    """How many keys a text has, and of how many least values each is made.

    Two texts of Jaccard similarity J share a key with probability ``1 - (1 - J ** rows) ** bands``.
    """

    bands: int = 24
    rows: int = 4

    @classmethod
    def at(cls, threshold: float, hashes: int = HASHES) -> Bands:
        """The most rows a band with which a pair at the threshold is found in 98 of 100 cases."""
        good = [rows for rows in range(1, 25) if 1 - (1 - threshold**rows) ** (hashes // rows) >= 0.98]
        rows = max(good, default=1)
        return cls(hashes // rows, rows)


EDITS = Bands()
"""Bands beside the keys of one word: they find what differs in two places, at Jaccard .6 in 96 of 100 cases."""


@dataclass(frozen=True, eq=False)
class Runs:
    """The letter runs of t texts as numbers: those of a text are ``found[starts[text]:starts[text + 1]]``."""

    found: NDArray[np.uint64]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, words: Words, size: int = RUN) -> Runs:
        """The runs of texts whose words are read: case, white space and punctuation are set aside."""
        from elute.alike._kernels import shingles

        letters, ends = _letters(words)
        t = len(words.sizes)
        lengths = np.diff(ends)
        found, starts = np.empty(int(np.maximum(1, lengths - size + 1).sum()), np.uint64), np.zeros(t + 1, np.int64)
        shingles(letters, ends, size, found, starts)
        return cls(found, starts)

    @property
    def sets(self) -> Runs:
        """Each run of a text once, ascending."""
        text = np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))
        order = np.lexsort([self.found, text])
        found, text = self.found[order], text[order]
        new = np.ones(len(found), bool)
        new[1:] = (found[1:] != found[:-1]) | (text[1:] != text[:-1])
        counts = np.bincount(text[new], minlength=len(self.starts) - 1)
        return Runs(found[new], np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))


def band_keys(runs: Runs, how: Bands) -> NDArray[np.uint64]:
    """(t, bands) the keys of each text."""
    from elute.alike._kernels import bands

    draw = np.random.default_rng(SEED)
    odd = draw.integers(0, 1 << 63, how.bands * how.rows, np.uint64) * np.uint64(2) + np.uint64(1)
    add = draw.integers(0, 1 << 63, how.bands * how.rows, np.uint64)
    found = np.empty((len(runs.starts) - 1, how.bands), np.uint64)
    shared(len(found), lambda start, stop: bands(runs.found, runs.starts, odd, add, how.rows, found, start, stop))
    return found


def word_keys(words: Words, hashes: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """A key for each text without each of its words, and which text it is of; texts of 3 to ``READ`` words, and whole ones.

    ``hashes`` (v,) has a number for each word, the same in every shard. Two texts that differ in one word share a key, and one that
    has a word more than another shares a key with the whole of it.
    """
    sizes = words.sizes
    powers = np.cumprod(
        np.concatenate([[1], np.full(READ + 1, 0x9E3779B97F4A7C15, np.uint64)]).astype(np.uint64), dtype=np.uint64
    )
    some = np.flatnonzero((sizes >= 2) & (sizes <= READ))
    flat = np.repeat(some, sizes[some])
    first = np.concatenate([[0], np.cumsum(sizes[some])])[:-1]
    at = np.arange(len(flat)) - np.repeat(first, sizes[some])
    values = hashes[words.tokens[words.ends[flat] + at]] if len(flat) else np.empty(0, np.uint64)
    # a text is the sum of its words' numbers times a power of their place: without one, those behind it move up by a place
    here, moved = values * powers[at + 1], values * powers[at]
    before = _sum_before(here, first, sizes[some])
    behind = _sum_before(moved, first, sizes[some])
    whole, all_moved = _sums(here, first), _sums(moved, first)
    without = before + np.repeat(all_moved, sizes[some]) - behind - moved
    enough = np.repeat(sizes[some] >= 3, sizes[some])
    return np.concatenate([without[enough], whole]), np.concatenate([flat[enough], some])


def jaccards(sets: Runs, xs: NDArray[np.int64], ys: NDArray[np.int64]) -> NDArray[np.float64]:
    """(e,) the share of runs that each pair of texts has in common, 0 to 1."""
    from elute.alike._kernels import jaccard

    found = np.empty(len(xs))
    xs, ys = np.ascontiguousarray(xs, np.int64), np.ascontiguousarray(ys, np.int64)
    shared(len(xs), lambda start, stop: jaccard(sets.found, sets.starts, xs, ys, found, start, stop))
    return found


def _sums(values: NDArray[np.uint64], first: NDArray[np.int64]) -> NDArray[np.uint64]:
    return np.add.reduceat(values, first) if len(first) else np.empty(0, np.uint64)


def _sum_before(values: NDArray[np.uint64], first: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Of each value, the sum of those before it in its text; all modulo 2 ** 64."""
    total = np.concatenate([np.zeros(1, np.uint64), np.cumsum(values, dtype=np.uint64)])[:-1]
    return total - np.repeat(total[first], sizes) if len(first) else total


def _letters(words: Words) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The letters of all texts in a row, a space behind each word, and where each text begins."""
    space = np.int32(32)
    lengths = np.diff(words.starts)[words.tokens] + 1
    ends = np.concatenate([[0], np.cumsum(lengths)])
    made = np.full(int(ends[-1]), space, np.int32)
    inner = np.arange(int(ends[-1])) - np.repeat(ends[:-1], lengths)
    source = np.repeat(words.starts[:-1][words.tokens], lengths) + inner
    letter = inner < np.repeat(lengths - 1, lengths)
    made[letter] = words.letters[source[letter]]
    return made, ends[words.ends].astype(np.int64)
