"""UMAP's layout by elute's own kernel: from the PCA map to the finished one, in any number of dimensions, off one fuzzy graph."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from elute.progress import SILENT, Progress
from elute.project.drive import Coords, Drive, Stream
from elute.project.fuzzy import Fuzzy
from elute.project.motion import Course, Motion, curve
from elute.project.result import padded, scaled

SIZE = 10.0  # of the start: half its extent along the first axis, as in umap-learn


def epochs(n: int) -> int:
    """Passes over the graph: what holds umap-learn's quality at 10,000 (250) and at 50,000 (120); more cost little in small sets."""
    return int(min(500, max(120, 2_500_000 / max(n, 1))))


def lay_out(
    graph: Fuzzy,
    principal: NDArray[np.float32],
    dims: Sequence[int],
    *,
    min_dist: float,
    seed: int = 0,
    progress: Progress = SILENT,
    stream: Stream | None = None,
) -> Coords:
    """Layouts of each of ``dims`` dimensions, on UMAP's own scale, all at the same time.

    Parameters
    ----------
    graph : Fuzzy
    principal : ndarray of shape (n, >= 1)
        PCA coords: the start, uniformly scaled, so that the map grows out of the PCA map, and lies as it does.
    dims : sequence of int
    min_dist : float
    seed : int
        The same seed gives the same layout bit for bit, whatever the number of threads.
    progress : Progress
        Hears epochs; a cancel takes hold within some 20 ms.
    stream : callable, optional
        Given positions while they move, scaled as the finished ones will be, at most five times a second.

    Returns
    -------
    dict of int to ndarray of shape (n, dim), float32
    """
    course = Course(epochs(graph.n), min_dist)
    motions = {dim: Motion(_start(principal, dim, seed), graph, course, seed) for dim in dims}

    def turned(raw: Coords) -> Coords:
        return {dim: _turned(positions, principal) for dim, positions in raw.items()}

    def show(raw: Coords) -> None:
        if stream is not None:
            stream({dim: scaled(positions) for dim, positions in turned(raw).items()})

    return turned(Drive(motions, progress, None if stream is None else show, "UMAP").run())


def _start(principal: NDArray[np.float32], dim: int, seed: int) -> NDArray[np.float32]:
    """PCA positions on UMAP's scale. The noise parts equal rows, and fills axes of zeros."""
    positions = padded(principal, dim)
    widest = float(np.abs(positions).max(initial=0)) or 1.0
    noise = np.random.default_rng((seed, dim)).standard_normal(positions.shape, dtype=np.float32)
    return np.ascontiguousarray(positions * np.float32(SIZE / widest) + noise * np.float32(1e-4), dtype=np.float32)


def _turned(positions: NDArray[np.float32], principal: NDArray[np.float32]) -> NDArray[np.float32]:
    """Positions about their mean, turned as near to the PCA map as they can be without a mirror (Kabsch 1976).

    So each picture is turned like the one before it, whenever it is taken, and the map lies as the PCA map did.
    """
    if not len(positions):
        return positions
    centred = positions - positions.mean(axis=0, dtype=np.float64).astype(np.float32)
    left, _, right = np.linalg.svd(centred.T @ padded(principal, positions.shape[1]).astype(np.float32))
    left[:, -1] *= np.sign(np.linalg.det(left @ right)) or 1.0
    return np.asarray(centred @ (left @ right), dtype=np.float32)


def warm() -> None:
    """Compile the kernels, 3 s on a new machine, or read them from disk; lets the GIL go now and then, so call it in a thread."""
    from elute.project import _kernels  # noqa: F401

    curve(0.1)
