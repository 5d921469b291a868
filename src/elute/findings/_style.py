"""Compiled loops for how texts are written: runs of letters that no other text has, words that others know, runs said again."""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np

from elute.kernels import kernel
from elute.vectors._kernels import stir


@kernel("void(uint32[::1], int64[::1], int64[::1], float32[::1], float64[::1])")
def strange(letters: Any, ends: Any, counts: Any, table: Any, nats: Any) -> None:
    """Nats a run of three letters of each text, under the runs of all other texts, each text as often as ``counts`` says.

    Runs that no other text holds count as one in all; ``table`` (a power of two,) is zeros before.
    """
    mask = np.uint32(table.size - 1)
    total = 0.0
    for text in range(nats.size):
        for at in range(ends[text] + 2, ends[text + 1]):
            run = (
                letters[at - 2] * np.uint32(0x9E3779B1)
                + letters[at - 1] * np.uint32(0x85EBCA77)
                + letters[at] * np.uint32(0xC2B2AE3D)
            )
            table[(run ^ (run >> np.uint32(15))) & mask] += np.float32(counts[text])
            total += counts[text]
    for text in range(nats.size):
        found = 0.0
        size = max(1, ends[text + 1] - ends[text] - 2)
        for at in range(ends[text] + 2, ends[text + 1]):
            run = (
                letters[at - 2] * np.uint32(0x9E3779B1)
                + letters[at - 1] * np.uint32(0x85EBCA77)
                + letters[at] * np.uint32(0xC2B2AE3D)
            )
            others = table[(run ^ (run >> np.uint32(15))) & mask] - counts[text]
            found -= log((max(others, 0.0) + 1.0) / (total + 1.0))
        nats[text] = found / size


@kernel("void(int32[::1], int64[::1], int64[::1], int64[::1], int64[::1], int64, int64[::1])")
def spoken(tokens: Any, ends: Any, counts: Any, rows: Any, last: Any, least: int, known: Any) -> None:
    """How many words of each text are in ``least`` rows or more of other texts, each text as often as ``counts`` says.

    ``rows`` and ``last`` (v,) are zeros and -1 before.
    """
    for text in range(known.size):
        for at in range(ends[text], ends[text + 1]):
            if last[tokens[at]] != text:
                last[tokens[at]] = text
                rows[tokens[at]] += counts[text]
    for text in range(known.size):
        known[text] = 0
        for at in range(ends[text], ends[text + 1]):
            known[text] += rows[tokens[at]] - counts[text] >= least


@kernel("void(int32[::1], int64[::1], int64, uint64[::1], int64[::1])")
def runs(tokens: Any, ends: Any, size: int, hashes: Any, whose: Any) -> None:
    """One number for each run of ``size`` words of each text, in their order."""
    place = 0
    for text in range(ends.size - 1):
        for at in range(ends[text], ends[text + 1] - size + 1):
            found = np.uint64(size)
            for word in range(at, at + size):
                found = stir(found + np.uint64(tokens[word]) * np.uint64(0xBF58476D1CE4E5B9) + np.uint64(1))
            hashes[place] = found
            whose[place] = text
            place += 1


@kernel("void(int64[::1], int64, int8[::1], int64[::1])")
def share_in_runs(ends: Any, size: int, repeated: Any, covered: Any) -> None:
    """How many words of each text lie in a run that is repeated; runs in the order of :func:`runs`."""
    place = 0
    for text in range(ends.size - 1):
        until = ends[text]
        covered[text] = 0
        for at in range(ends[text], ends[text + 1] - size + 1):
            if repeated[place]:
                covered[text] += at + size - max(at, until)
                until = at + size
            place += 1
