"""Compiled loops over a weighted graph: rows move between communities, and communities become the rows of a smaller graph.

A graph is what SciPy calls CSR, without loops: ``to[edges[row]:edges[row + 1]]`` are a row's neighbours and ``much`` the weights of
the edges, each edge on both of its rows. ``mass`` is the summed weight of a row's edges, those within what it stands for among them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from elute.kernels import kernel

UNRELATED = np.float32(0.999)  # cosine distance from which two rows have nothing in common
LEAST = 1e-10  # gain below which nobody moves: rounding would let rows go back and forth for ever


@kernel("int64(int32[:, :], float32[:, :], int64, int64[::1], int32[::1], float32[::1])")
def both_ways(lists: Any, far: Any, k: int, edges: Any, to: Any, much: Any) -> int:
    """The k nearest of each row as a graph; how many edges it has, each counted on both rows.

    An edge weighs its cosine. Two rows that list each other have two, and none joins rows whose cosine is not above 0.
    """
    n = lists.shape[0]
    edges[:] = 0
    for row in range(n):
        for entry in range(k):
            if far[row, entry] < UNRELATED:
                edges[row + 1] += 1
                edges[lists[row, entry] + 1] += 1
    for row in range(n):
        edges[row + 1] += edges[row]
    place = edges[:-1].copy()
    for row in range(n):
        for entry in range(k):
            if far[row, entry] < UNRELATED:
                other = lists[row, entry]
                weight = np.float32(1) - far[row, entry]
                to[place[row]] = other
                much[place[row]] = weight
                place[row] += 1
                to[place[other]] = row
                much[place[other]] = weight
                place[other] += 1
    return int(edges[n])


@kernel("void(int64[::1], float32[::1], float64[::1])")
def masses(edges: Any, much: Any, mass: Any) -> None:
    """The summed weight of each row's edges."""
    for row in range(mass.size):
        found = 0.0
        for at in range(edges[row], edges[row + 1]):
            found += much[at]
        mass[row] = found


@kernel("int64(int64[::1], int32[::1], float32[::1], float64[::1], int32[::1], int32[::1], int32[::1], float64, float64)")
def moved(edges: Any, to: Any, much: Any, mass: Any, of: Any, within: Any, order: Any, price: Any, calm: Any) -> int:
    """Let rows move to the community where modularity gains most, until none would; how many moves there were.

    ``of`` (n,) holds the communities, 0 to n - 1, and is written to. A row stays among rows of its own ``within``. Whoever moved wakes
    the neighbours it left or did not come to (Traag, Waltman, van Eck 2019). ``price`` is resolution / (summed mass).
    Nobody leaves others for less than ``calm`` times its mass.
    """
    n = of.size
    heavy = np.zeros(n)
    members = np.zeros(n, dtype=np.int32)
    for row in range(n):
        heavy[of[row]] += mass[row]
        members[of[row]] += 1
    free = np.empty(n + 1, dtype=np.int32)  # numbers of communities that are empty
    frees = 0
    for name in range(n - 1, -1, -1):
        if members[name] == 0:
            free[frees] = name
            frees += 1
    queue = order.copy()
    waits = np.ones(n, dtype=np.bool_)
    head, waiting, moves = 0, n, 0
    pull = np.zeros(n)
    met = np.empty(n, dtype=np.int32)
    while waiting > 0:
        row = queue[head]
        head = head + 1 if head + 1 < n else 0
        waiting -= 1
        waits[row] = False
        own, home = of[row], within[row]
        count = 0
        for at in range(edges[row], edges[row + 1]):
            other = to[at]
            if within[other] == home:
                name = of[other]
                if pull[name] == 0.0:
                    met[count] = name
                    count += 1
                pull[name] += much[at]
        cost = price * mass[row]
        best, gain = own, pull[own] - cost * (heavy[own] - mass[row])
        if members[own] > 1:
            gain += calm * mass[row]
        for at in range(count):
            name = met[at]
            if name != own:
                found = pull[name] - cost * heavy[name]
                if found > gain + LEAST:
                    best, gain = name, found
            pull[name] = 0.0
        pull[own] = 0.0
        if gain < -LEAST and members[own] > 1:  # better alone
            frees -= 1
            best = free[frees]
        if best == own:
            continue
        heavy[own] -= mass[row]
        heavy[best] += mass[row]
        members[own] -= 1
        members[best] += 1
        if members[own] == 0:
            free[frees] = own
            frees += 1
        of[row] = best
        moves += 1
        for at in range(edges[row], edges[row + 1]):
            other = to[at]
            if not waits[other] and of[other] != best and within[other] == home:
                tail = head + waiting
                queue[tail if tail < n else tail - n] = other
                waits[other] = True
                waiting += 1
    return moves


@kernel("void(int64[::1], int32[::1], float32[::1], float64[::1], int32[::1], int32[::1], int32[::1], float64)")
def refined(edges: Any, to: Any, much: Any, mass: Any, within: Any, of: Any, order: Any, price: Any) -> None:
    """Cut each community ``within`` into parts that hang together: ``of`` is filled with the part of each row.

    Rows begin alone, and join once, where both they and the part are well connected to the community: the refinement of Leiden, which
    takes the best part where the paper draws one.
    """
    n = of.size
    whole = np.zeros(n)
    for row in range(n):
        of[row] = row
        whole[within[row]] += mass[row]
    heavy = mass.copy()
    alone = np.ones(n, dtype=np.bool_)
    out = np.zeros(n)  # weight of a part's edges to the rest of its community
    for row in range(n):
        for at in range(edges[row], edges[row + 1]):
            if within[to[at]] == within[row]:
                out[row] += much[at]
    ties = out.copy()
    pull = np.zeros(n)
    met = np.empty(n, dtype=np.int32)
    for turn in range(n):
        row = order[turn]
        home = within[row]
        if not alone[row] or ties[row] < price * mass[row] * (whole[home] - mass[row]):
            continue
        count = 0
        for at in range(edges[row], edges[row + 1]):
            other = to[at]
            if within[other] == home:
                name = of[other]
                if pull[name] == 0.0:
                    met[count] = name
                    count += 1
                pull[name] += much[at]
        best, gain, tied = row, 0.0, 0.0
        for at in range(count):
            name = met[at]
            found = pull[name] - price * mass[row] * heavy[name]
            if found > gain + LEAST and out[name] >= price * heavy[name] * (whole[home] - heavy[name]):
                best, gain, tied = name, found, pull[name]
            pull[name] = 0.0
        if best != row:
            of[row] = best
            alone[row] = False
            alone[best] = False
            heavy[best] += mass[row]
            heavy[row] = 0.0
            out[best] += ties[row] - 2 * tied


@kernel("int64(int64[::1], int32[::1], float32[::1], int32[::1], int64[::1], int32[::1], float32[::1])")
def merged(edges: Any, to: Any, much: Any, of: Any, new_edges: Any, new_to: Any, new_much: Any) -> int:
    """The graph of the communities ``of`` (n,), numbered 0 to c - 1; how many edges it has. Room for as many as before is needed."""
    n, c = of.size, new_edges.size - 1
    ends = np.zeros(c + 1, dtype=np.int64)
    for row in range(n):
        ends[of[row] + 1] += 1
    for name in range(c):
        ends[name + 1] += ends[name]
    place = ends[:-1].copy()
    members = np.empty(n, dtype=np.int32)
    for row in range(n):
        members[place[of[row]]] = row
        place[of[row]] += 1
    pull = np.zeros(c)
    met = np.empty(c, dtype=np.int32)
    filled = 0
    new_edges[0] = 0
    for name in range(c):
        count = 0
        for member in range(ends[name], ends[name + 1]):
            row = members[member]
            for at in range(edges[row], edges[row + 1]):
                other = of[to[at]]
                if other != name:
                    if pull[other] == 0.0:
                        met[count] = other
                        count += 1
                    pull[other] += much[at]
        for at in range(count):
            new_to[filled] = met[at]
            new_much[filled] = pull[met[at]]
            pull[met[at]] = 0.0
            filled += 1
        new_edges[name + 1] = filled
    return filled
