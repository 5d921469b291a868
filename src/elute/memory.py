"""How much memory is free, and how much the steps that can fill it would take: said before, not found out by a kernel that dies.

The estimates count bytes on top of what is there, as measured by the peak of a process that did only this (5,000 to 50,000 rows;
scikit-learn 1.9.1, hdbscan 0.8.44, umap-learn 0.5.12, openTSNE 1.0.4); each is within a quarter of what was measured. Formulas, not
promises: :func:`need` keeps a fifth of what is free.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from elute.errors import SettingsError
from elute.progress import SILENT, Progress

KEPT_BACK = 0.2
"""Share of the free memory that no step may plan to use: for the cells beside it, and for what an estimate misses."""

UNKNOWN = 1 << 62
"""Free bytes where nobody can tell: nothing is refused."""

BLOCK = 1 << 15
"""Rows compared with the sample at a time: 26 MB of cosines."""

_GROUPS = Path("/sys/fs/cgroup")
_MINE = Path("/proc/self/cgroup")


def available() -> int:
    """Bytes that can still be taken without swapping: the machine's, or what is left to this container, whichever is less.

    Notes
    -----
    A container sees the memory of its host; its own limit is in cgroups (v1 and v2), where file caches count as used although they
    give way, and are left out here. In Pyodide psutil is missing, and 2 GB are assumed: half of what WebAssembly can address.
    """
    return min(_of_machine(), *(limit - used for limit, used in _limits()), UNKNOWN)


def fits(bytes_: float) -> bool:
    """Whether so many bytes can be taken, with a fifth of what is free kept back."""
    return bytes_ <= (1 - KEPT_BACK) * available()


def need(bytes_: float, what: str, instead: str) -> None:
    """Refuse a step that would not fit.

    Parameters
    ----------
    bytes_ : float
        Estimate, by one of the functions below.
    what : str
        Begins the sentence: "HDBSCAN on all dimensions of 800,000 rows".
    instead : str
        What to do: "Choose space='reduced', or fewer rows."

    Raises
    ------
    SettingsError
        "{what} would take about 12.4 GB of memory, and 9.8 GB are free. {instead}"
    """
    free = available()
    if bytes_ > (1 - KEPT_BACK) * free:
        rest = f", of which {told(KEPT_BACK * free)} are left to everything else" if bytes_ <= free else ""
        raise SettingsError(f"{what} would take about {told(bytes_)} of memory, and {told(free)} are free{rest}. {instead}")


def told(bytes_: float) -> str:
    """Bytes as a person reads them.

    Examples
    --------
    >>> told(12_400_000_000), told(312_000_000), told(0)
    ('12.4 GB', '312 MB', '0 MB')
    """
    return f"{bytes_ / 1e9:.1f} GB" if bytes_ >= 1e9 else f"{max(bytes_, 0) / 1e6:.0f} MB"


# -- what steps take -------------------------------------------------------------------------------------------------------------


def vectors(m: int, d: int) -> int:
    """A copy of distinct vectors, float32: ``4 m d``."""
    return 4 * m * d


def neighbor_lists(m: int, k: int) -> int:
    """A neighbour graph: int32 positions, float32 distances, and as much again while lists are merged: ``16 m k``."""
    return 16 * m * k


def layout_edges(m: int, k: int) -> int:
    """The symmetric edges of a layout: at most ``2 m k`` of them, two int32 ends, a float32 weight and when its turn is: ``32 m k``."""
    return 32 * m * k


def pairs_within(X: NDArray[np.float32], eps: float, sample: int = 200, progress: Progress = SILENT) -> float:
    """About how many ordered pairs of rows lie within a cosine distance of each other, from ``sample`` rows spread over all.

    Parameters
    ----------
    X : ndarray of shape (m, d), float32, unit norm
    eps : float
        Cosine distance, 0 to 2.
    """
    if not len(X):
        return 0.0
    some = X[np.linspace(0, len(X) - 1, min(len(X), sample)).astype(int)]
    near = 0
    for start in range(0, len(X), BLOCK):
        progress.check()
        near += int(np.count_nonzero(some @ X[start : start + BLOCK].T >= 1.0 - eps))
    return near / len(some) * len(X)


def dbscan(m: int, d: int, pairs: float) -> float:
    """scikit-learn's DBSCAN: ``26 pairs + 4 m d + 1500 m``.

    It holds all pairs within eps, an index and a distance of 8 bytes each, in lists that grow by doubling: 23 to 28 bytes a pair.
    """
    return 26.0 * pairs + 4.0 * m * d + 1500.0 * m


def hdbscan(m: int, d: int) -> float:
    """The hdbscan package: ``12 m d + 700 m``: the float32 vectors, a float64 copy, and the trees. It fills days, not memory."""
    return 12.0 * m * d + 700.0 * m


def umap(m: int, k: int) -> float:
    """umap-learn, the neighbour graph given: ``m (70 k + 640)``: the fuzzy graph, its transpose, their union, and its epochs."""
    return m * (70.0 * k + 640.0)


def tsne(m: int, perplexity: float) -> float:
    """t-SNE by scikit-learn (Barnes-Hut) or by openTSNE: ``80 m (3 perplexity + 1)``, the symmetric matrix of affinities."""
    return 80.0 * m * (3.0 * perplexity + 1.0)


# -- what is free ----------------------------------------------------------------------------------------------------------------


def _of_machine() -> int:
    try:
        psutil = import_module("psutil")
    except ImportError:
        return 2_000_000_000 if sys.platform == "emscripten" else UNKNOWN
    return int(psutil.virtual_memory().available)


def _limits() -> list[tuple[int, int]]:
    """Limit and use of every control group that this process is in, its parents' included."""
    try:
        lines = _MINE.read_text().splitlines()
    except OSError:  # not Linux
        return []
    found = []
    for line in lines:
        _, controllers, path = (line.split(":", 2) + ["", ""])[:3]
        if not controllers:
            names, root = ("memory.max", "memory.current", "inactive_file"), _GROUPS
        elif "memory" in controllers.split(","):
            names, root = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"), _GROUPS / "memory"
        else:
            continue
        inside = root / path.lstrip("/")
        # in a container the path is the host's, and what is mounted is the container's own group
        for folder in (inside, *inside.parents):
            if folder.is_relative_to(root) and (limit := _number(folder / names[0])) is not None:
                used = (_number(folder / names[1]) or 0) - _cached(folder / "memory.stat", names[2])
                found.append((limit, used))
    return found


def _number(path: Path) -> int | None:
    """None for "max", and where there is no such file."""
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None


def _cached(path: Path, name: str) -> int:
    try:
        told = dict(line.split(" ", 1) for line in path.read_text().splitlines())
        return int(told.get(name, 0))
    except (OSError, ValueError):
        return 0
