"""Compiled loops over neighbour lists. Each list is held worst last, so that its last entry is what a newcomer must beat."""

from __future__ import annotations

from typing import Any

import numpy as np

from elute.kernels import VECTORS, kernel

CHUNK = 32  # similarities looked at in one SIMD comparison; only a chunk that holds a newcomer is read one by one


SAME = np.float32(1e-5)  # two products of the same pair of unit vectors differ by 1e-6 at most


@kernel()
def insert(value: Any, name: int, best: Any, who: Any) -> None:
    """Put one row into a sorted list, behind its equals and in place of the worst, unless it is there."""
    last = best.size - 1
    place = last
    while place > 0 and best[place - 1] < value:
        place -= 1
    above = place
    while above > 0 and best[above - 1] < value + SAME:
        above -= 1
    while above <= last and best[above] > value - SAME:
        if who[above] == name:
            return
        above += 1
    for entry in range(last, place, -1):
        best[entry] = best[entry - 1]
        who[entry] = who[entry - 1]
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
    f"void({VECTORS}, int64, int64, int32[::1], int32[:, ::1], int32[:, ::1], float32[:, ::1])",
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


@kernel(
    f"void({VECTORS}, int64, int64, int32[::1], int32[:, ::1], boolean[:, ::1], int32[:, ::1], int64,"
    " float32[:, ::1], int32[:, ::1], boolean[:, ::1])",
    fast=True,
)
def refine(
    X: Any,
    start: int,
    stop: int,
    order: Any,
    ids: Any,
    new: Any,
    back: Any,
    reach: int,
    best: Any,
    who: Any,
    newer: Any,
) -> None:
    """Each row meets the neighbours of its neighbours, forwards and backwards, unless they met in an earlier round.

    ``ids`` (m, w) are the lists before the round, ``new`` which entries came in the last one, ``back`` who lists a row (-1: no
    more). Lists are read from ``ids`` and written to ``best`` and ``who``, each by one thread, so that threads change nothing.
    Rows are visited in ``order``, in which near ones follow each other: most vectors are then still in the cache (45 ns, not 180).
    """
    w, d = ids.shape[1], X.shape[1]
    seen = np.full(X.shape[0], -1, dtype=np.int32)
    hops = np.empty(reach + back.shape[1], dtype=np.int32)
    late = np.empty(reach + back.shape[1], dtype=np.bool_)
    for at in range(start, stop):
        row = order[at]
        x, list_, names = X[row], best[row], who[row]
        seen[row] = row
        count = 0
        for entry in range(w):
            if ids[row, entry] >= 0:
                seen[ids[row, entry]] = row
                if entry < reach:
                    hops[count] = ids[row, entry]
                    late[count] = new[row, entry]
                    count += 1
        for entry in range(back.shape[1]):
            if back[row, entry] < 0:
                break
            hops[count] = back[row, entry]
            late[count] = True
            count += 1
        for hop in range(count):
            middle = hops[hop]
            for entry in range(-1, reach):
                name = middle if entry < 0 else ids[middle, entry]
                if name < 0 or seen[name] == row or not (late[hop] or entry < 0 or new[middle, entry]):
                    continue
                seen[name] = row
                dot = np.float32(0)
                for i in range(d):
                    dot += x[i] * X[name, i]
                if dot > list_[w - 1]:
                    insert(dot, name, list_, names)
        for entry in range(w):
            newer[row, entry] = True
            for before in range(w):
                if ids[row, before] == names[entry]:
                    newer[row, entry] = False
                    break


@kernel("void(int32[:, ::1], float32[:, ::1], int64, int64, int64, int32[:, ::1], float32[:, ::1])")
def reverse(ids: Any, best: Any, start: int, stop: int, reach: int, back: Any, cosines: Any) -> None:
    """Of rows ``start:stop``, who has a row among the first ``reach`` of its list: the nearest so far, in ``back`` (m, b)."""
    last = back.shape[1] - 1
    for row in range(start, stop):
        for entry in range(reach):
            name = ids[row, entry]
            if name >= 0 and best[row, entry] > cosines[name, last]:
                insert(best[row, entry], row, cosines[name], back[name])


@kernel("void(int32[:, ::1], int64, int64, int64[::1], int32[::1])")
def deal(cells: Any, start: int, stop: int, ends: Any, rows: Any) -> None:
    """Write rows ``start:stop`` behind the others of each of their cells; ``ends`` is where each cell's next one goes."""
    for row in range(start, stop):
        for cell in cells[row]:
            rows[ends[cell]] = row
            ends[cell] += 1
