"""Compiled loops over neighbour lists. Each list is held worst last, so that its last entry is what a newcomer must beat."""

from __future__ import annotations

from typing import Any

import numpy as np

from elute.kernels import kernel

CHUNK = 32  # similarities looked at in one SIMD comparison; only a chunk that holds a newcomer is read one by one


@kernel()
def insert(value: Any, name: int, best: Any, who: Any) -> None:
    """Put one row into a sorted list, behind its equals, unless it is there."""
    place = best.size - 1
    for entry in range(place + 1):
        if who[entry] == name:
            return
    while place > 0 and best[place - 1] < value:
        best[place] = best[place - 1]
        who[place] = who[place - 1]
        place -= 1
    best[place] = value
    who[place] = name


@kernel(
    "void(float32[:, ::1], int64, int64, int32[::1], int32[::1], int32[::1], boolean[::1], float32[:, ::1], int32[:, ::1])",
    fast=True,
)
def keep_rows(S: Any, start: int, stop: int, slots: Any, names: Any, columns: Any, allowed: Any, best: Any, who: Any) -> None:
    """Rows ``start:stop`` of a block of cosines: keep the largest in each row's list.

    ``names`` are the rows' own positions, ``slots`` the lists they write to, ``columns`` the positions the columns stand for.
    """
    width, last = S.shape[1], best.shape[1] - 1
    for row in range(start, stop):
        line, list_, names_ = S[row], best[slots[row]], who[slots[row]]
        for left in range(0, width, CHUNK):
            right = left + CHUNK
            bar = list_[last]
            top = np.float32(-9)
            if right <= width:
                for column in range(left, left + CHUNK):
                    top = max(top, line[column])
                if top <= bar:
                    continue
            for column in range(left, min(right, width)):
                name = columns[column]
                if line[column] > list_[last] and name != names[row] and allowed[name]:
                    insert(line[column], name, list_, names_)


@kernel("void(float32[:, ::1], int64, int64, int32[::1], int32[::1], float32[:, ::1], int32[:, ::1])", fast=True)
def keep_columns(S: Any, start: int, stop: int, names: Any, columns: Any, best: Any, who: Any) -> None:
    """Columns ``start:stop`` of a block of cosines: the same, for the lists of the rows that the columns stand for."""
    last = best.shape[1] - 1
    bars = np.empty(stop - start, dtype=np.float32)
    for column in range(start, stop):
        bars[column - start] = best[columns[column], last]
    for row in range(S.shape[0]):
        line, name = S[row, start:stop], names[row]
        for left in range(0, bars.size, CHUNK):
            right = left + CHUNK
            if right <= bars.size:
                over = np.float32(-9)
                for column in range(left, left + CHUNK):
                    over = max(over, line[column] - bars[column])
                if over <= 0:
                    continue
            for column in range(left, min(right, bars.size)):
                slot = columns[start + column]
                if line[column] > bars[column] and slot != name:
                    insert(line[column], name, best[slot], who[slot])
                    bars[column] = best[slot, last]


@kernel(
    "void(float32[:, ::1], int64, int64, int32[::1], int32[:, ::1], int32[:, ::1], float32[:, ::1])",
    fast=True,
)
def settle(X: Any, start: int, stop: int, names: Any, candidates: Any, indices: Any, distances: Any) -> None:
    """The nearest of each row's candidates, by distances that depend on the two vectors only, equal ones by position.

    A matrix product rounds by where a row lies in its block. Here every list ends, so that all of them agree to the last bit.
    """
    k, d = indices.shape[1], X.shape[1]
    found = np.empty(candidates.shape[1], dtype=np.float32)
    order = np.empty(candidates.shape[1], dtype=np.int32)
    for row in range(start, stop):
        count = 0
        x = X[names[row]]
        for candidate in candidates[row]:
            if candidate < 0:
                continue
            y = X[candidate]
            dot = np.float32(0)
            for i in range(d):
                dot += x[i] * y[i]
            distance = min(max(np.float32(1) - dot, np.float32(0)), np.float32(2))
            place = count
            while place > 0 and (found[place - 1] > distance or (found[place - 1] == distance and order[place - 1] > candidate)):
                found[place] = found[place - 1]
                order[place] = order[place - 1]
                place -= 1
            found[place] = distance
            order[place] = candidate
            count += 1
        for entry in range(k):
            indices[row, entry] = order[entry] if entry < count else -1
            distances[row, entry] = found[entry] if entry < count else np.float32(2)


@kernel(
    "void(int32[:, ::1], float32[:, ::1], int64, int64, int32[::1], int32[::1], boolean[::1], int32[::1],"
    " int32[:, ::1], float32[:, ::1], int32[::1])"
)
def first_alive(
    ids: Any,
    far: Any,
    start: int,
    stop: int,
    source: Any,
    target: Any,
    alive: Any,
    place: Any,
    indices: Any,
    distances: Any,
    found: Any,
) -> None:
    """Copy the first living entries of lists ``source`` to rows ``target``, renumbered by ``place``; ``found`` counts them."""
    k = indices.shape[1]
    for at in range(start, stop):
        take, give, count = source[at], target[at], 0
        for entry in range(ids.shape[1]):
            if count == k:
                break
            name = ids[take, entry]
            if name >= 0 and alive[name]:
                indices[give, count] = place[name]
                distances[give, count] = far[take, entry]
                count += 1
        found[give] = count
