"""The loops of MinHash."""

from __future__ import annotations

from typing import Any

import numpy as np

from elute.kernels import kernel


@kernel()
def mixed(value: Any) -> Any:
    """Every bit of a number depends on every other (SplitMix64)."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@kernel("void(int32[::1], int64[::1], int64, uint64[::1], int64[::1])")
def shingles(letters: Any, ends: Any, size: int, found: Any, starts: Any) -> None:
    """A number for each run of ``size`` letters; a shorter text is one run. Those of a text begin at ``starts``."""
    place = 0
    for text in range(ends.size - 1):
        starts[text] = place
        first, last = ends[text], ends[text + 1]
        for at in range(first, max(first + 1, last - size + 1)):
            value = np.uint64(0x9E3779B97F4A7C15)
            for letter in range(at, min(at + size, last)):
                value = mixed(value + np.uint64(letters[letter]) + np.uint64(1))
            found[place] = value
            place += 1
    starts[ends.size - 1] = place


@kernel("void(uint64[::1], int64[::1], uint64[::1], uint64[::1], int64, uint64[:, ::1], int64, int64)")
def bands(runs: Any, starts: Any, odd: Any, add: Any, rows: int, found: Any, start: int, stop: int) -> None:
    """The key of each band of each text: ``rows`` least values under as many hashes, as one number."""
    for text in range(start, stop):
        for band in range(found.shape[1]):
            key = mixed(np.uint64(band + 1))
            for row in range(band * rows, band * rows + rows):
                least = np.uint64(0xFFFFFFFFFFFFFFFF)
                for at in range(starts[text], starts[text + 1]):
                    least = min(least, odd[row] * runs[at] + add[row])
                key = mixed(key ^ least)
            found[text, band] = key


@kernel("void(uint64[::1], int64[::1], int64[::1], int64[::1], float64[::1], int64, int64)")
def jaccard(runs: Any, starts: Any, xs: Any, ys: Any, found: Any, start: int, stop: int) -> None:
    """Share of runs that two texts have in common, of those that either has; runs of a text ascend, each once."""
    for pair in range(start, stop):
        i, i_end, j, j_end = starts[xs[pair]], starts[xs[pair] + 1], starts[ys[pair]], starts[ys[pair] + 1]
        both, sizes = 0, (i_end - i) + (j_end - j)
        while i < i_end and j < j_end:
            if runs[i] == runs[j]:
                both += 1
                i += 1
                j += 1
            elif runs[i] < runs[j]:
                i += 1
            else:
                j += 1
        found[pair] = both / (sizes - both)
