"""A map that stays: rows are placed beside their neighbours without moving the others, or all settle a little, anchored."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from elute.errors import InputError
from elute.neighbors import Neighbors
from elute.progress import SILENT, Progress
from elute.project.drive import Coords, Drive, Stream
from elute.project.fuzzy import Fuzzy, fuzzy, memberships
from elute.project.motion import Course, Motion
from elute.project.scale import natural
from elute.project.umap import UMAP

BLOCK = 8192  # rows placed at a time
SETTLE = 30  # epochs that part placed rows from those they were put on
FIRST, POWER = 0.1, 3.0  # a refinement's first step, and how it falls: steps of .5 loosen what was laid out (kept .351 to .301)
BELONG = 14  # neighbours that count, as in UMAP's default of 15 with the row itself


def refine(
    coords: Coords,
    neighbors: Neighbors,
    *,
    options: UMAP | None = None,
    epochs: int = 50,
    anchor: float = 0.1,
    seed: int = 0,
    progress: Progress = SILENT,
    stream: Stream | None = None,
) -> Coords:
    """The map relaxed after a removal: no new scale, no turn, each row drawn to where it was.

    Parameters
    ----------
    coords : dict of int to ndarray of shape (n, dim), float32
    neighbors : Neighbors
        Over these n rows.
    options : UMAP, optional
        How the map was made.
    epochs : int, default=50
    anchor : float, default=0.1
        Share of the way home in each epoch, times the step. 0: free.
    stream : callable, optional
        Given positions while they move.

    Returns
    -------
    dict of int to ndarray of shape (n, dim), float32
        On the scale of what was given.
    """
    options = options or UMAP()
    _same(coords, neighbors.n)
    if neighbors.n < 3 or not neighbors.k:
        return {dim: positions.copy() for dim, positions in coords.items()}
    graph = fuzzy(neighbors.first(options.n_neighbors - 1), progress)
    course = Course(epochs, options.min_dist, first=FIRST, power=POWER, pull=anchor)
    units = {dim: natural(positions, graph, options.min_dist) for dim, positions in coords.items()}
    starts = {dim: np.ascontiguousarray(positions * np.float32(units[dim])) for dim, positions in coords.items()}
    motions = {dim: Motion(start, graph, course, seed) for dim, start in starts.items()}

    def back(raw: Coords) -> Coords:
        return {dim: positions / np.float32(units[dim]) for dim, positions in raw.items()}

    return back(Drive(motions, progress, None if stream is None else lambda raw: stream(back(raw)), "settling").run())


def place(
    coords: Coords,
    missing: NDArray[np.bool_],
    neighbors: Neighbors,
    *,
    options: UMAP | None = None,
    seed: int = 0,
    progress: Progress = SILENT,
) -> Coords:
    """Put the missing rows beside their neighbours; the others come back bit for bit.

    Each goes to the mean of its placed neighbours, weighted by how much they belong to it, in sweeps where neighbours are missing too,
    and then a few epochs move only these. Rows that no placed row can be reached from start at the middle of the map.

    Parameters
    ----------
    coords : dict of int to ndarray of shape (n, dim), float32
        What stands at missing rows does not matter.
    missing : ndarray of shape (n,), bool
    neighbors : Neighbors
        Over all n rows.
    """
    missing = np.asarray(missing, dtype=bool)
    _same(coords, neighbors.n)
    if len(missing) != neighbors.n:
        raise InputError(f"missing has {len(missing)} values for {neighbors.n} rows; give one for each row.")
    rows = np.flatnonzero(missing).astype(np.int32)
    near = neighbors.first(BELONG)
    return _placed(coords, rows, near.indices[rows], near.distances[rows], options or UMAP(), seed, progress)


def _placed(
    coords: Coords,
    rows: NDArray[np.int32],
    ids: NDArray[np.int32],
    distances: NDArray[np.float32],
    options: UMAP,
    seed: int,
    progress: Progress,
) -> Coords:
    found = {dim: np.array(positions, dtype=np.float32, order="C") for dim, positions in coords.items()}
    if not len(rows):
        return found
    for positions in found.values():
        positions[rows] = 0  # NaN would go on into every mean, whatever its weight
    weights = memberships(distances, progress)
    n = len(next(iter(found.values())))
    known = np.ones(n, dtype=bool)
    known[rows] = False
    _sweep(found, rows, ids, weights, known, seed, progress)
    if not ids.shape[1]:
        return found
    graph = _one_sided(n, rows, ids, weights)
    course = Course(SETTLE, options.min_dist, first=0.5, power=1.0)
    units = {dim: natural(positions, graph, options.min_dist, rows) for dim, positions in found.items()}
    motions = {
        dim: Motion(np.ascontiguousarray(positions * np.float32(units[dim])), graph, course, seed, rows)
        for dim, positions in found.items()
    }
    for dim, raw in Drive(motions, progress, None, "placing").run().items():
        found[dim][rows] = raw[rows] / np.float32(units[dim])
    return found


def _sweep(
    found: Coords,
    rows: NDArray[np.int32],
    ids: NDArray[np.int32],
    weights: NDArray[np.float32],
    known: NDArray[np.bool_],
    seed: int,
    progress: Progress,
) -> None:
    """Give each row a first place, in place; ``known`` says who has one, and is all true afterwards."""
    random = np.random.default_rng(seed)
    middle = {dim: positions[known].mean(axis=0) if known.any() else np.zeros(dim) for dim, positions in found.items()}
    left = np.arange(len(rows))
    while len(left):
        reached = np.zeros(len(left), dtype=bool)
        for start in range(0, len(left), BLOCK):
            progress.report("project", len(rows) - len(left) + start, len(rows), "placing")
            part = left[start : start + BLOCK]
            share = weights[part] * known[ids[part]]
            total = share.sum(axis=1)
            reached[start : start + BLOCK] = ok = total > 0
            for positions in found.values():
                mean = np.einsum("rk,rkd->rd", share[ok] / total[ok, None], positions[ids[part[ok]]])
                positions[rows[part[ok]]] = mean
        if not reached.any():
            break
        known[rows[left[reached]]] = True  # only now, so that the result does not depend on the blocks
        left = left[~reached]
    for dim, positions in found.items():
        positions[rows[left]] = middle[dim]
        apart = random.standard_normal((len(rows), dim), dtype=np.float32)
        positions[rows] += np.float32(1e-3) * apart  # equal rows, which would never part
    known[rows] = True


def _one_sided(n: int, rows: NDArray[np.int32], ids: NDArray[np.int32], weights: NDArray[np.float32]) -> Fuzzy:
    """Edges of the placed rows only."""
    counts = np.zeros(n + 1, dtype=np.int64)
    counts[rows + 1] = ids.shape[1]
    return Fuzzy(np.cumsum(counts), np.ascontiguousarray(ids, dtype=np.int32).ravel(), weights.ravel())


def _same(coords: Coords, n: int) -> None:
    for dim, positions in coords.items():
        if positions.shape != (n, dim):
            raise InputError(f"coords[{dim}] has shape {positions.shape}; the graph is over {n} rows, so ({n}, {dim}) is needed.")
