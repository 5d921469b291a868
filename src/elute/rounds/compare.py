"""Clusterers side by side: each scored on the same vectors, by the same indices, with how far these would move by chance."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.cluster import OUTSIDE, Clustering, as_clusterer, cluster
from elute.errors import Cancelled, EluteError
from elute.metrics import Scores, adjusted_rand, score
from elute.options import Options, to_dict
from elute.progress import SILENT, Progress
from elute.rounds.round import describe
from elute.rounds.space import Part

if TYPE_CHECKING:
    import pandas as pd

AGAIN = 2
"""More fits with other seeds, where the first took no longer than ``QUICK`` seconds."""
QUICK = 2.0
NOISY = 0.2
"""Share of noise from which a silhouette is not compared with those of clusterers that place every row."""
DRAWS = 20
"""Halves of the rows that are drawn to see how far the silhouette moves."""


@dataclass(frozen=True)
class Compared:
    """One clusterer with its settings, on the rows that stay.

    Attributes
    ----------
    clusterer : dict
        As settings of the next round take it.
    title : str
    silhouette, spread : float or None
        Mean silhouette by cosine distance in the full space, noise left out, and its standard deviation by chance: over halves of the
        rows, and over seeds where it was fitted more than once.
    davies_bouldin, calinski_harabasz : float or None
    clusters, largest, smallest : int
        How many there are, and rows of the largest and the smallest.
    sizes : tuple of int
        Rows of each, the largest first.
    noise : float
        Share of rows.
    agreement, label : float or None
        Adjusted Rand index with the current round, and with the person's own labels on the rows that have one.
    seconds : float
        Of the first fit; the neighbour graph and a reduced space are made once for all, by whoever needs them first.
    note, error : str
        What the person should know; why it failed.
    """

    clusterer: Mapping[str, Any]
    title: str
    silhouette: float | None = None
    spread: float | None = None
    davies_bouldin: float | None = None
    calinski_harabasz: float | None = None
    clusters: int = 0
    largest: int = 0
    smallest: int = 0
    sizes: tuple[int, ...] = ()
    noise: float = 0.0
    agreement: float | None = None
    label: float | None = None
    seconds: float = 0.0
    note: str = ""
    error: str = ""


def compare(
    part: Part,
    clusterers: Sequence[Any],
    *,
    current: NDArray[np.integer[Any]] | None = None,
    reduced: Callable[[], NDArray[np.float32]] | None = None,
    seed: int = 0,
    progress: Progress = SILENT,
    tell: Callable[[list[Compared]], None] = lambda rows: None,
) -> list[Compared]:
    """Cluster with each and score all in the same space.

    Parameters
    ----------
    part : Part
        The vectors of the rows that stay.
    clusterers : sequence
        Names, parameter objects, estimators of one's own. One that fails is told as failed, and the others go on.
    current : ndarray of shape (n,), int, optional
        Labels of the current round over all rows.
    reduced : callable, optional
        Coordinates for HDBSCAN's default space, see :func:`elute.cluster.cluster`.
    tell : callable
        Given all results so far after each one.

    Raises
    ------
    Cancelled
        What was found until then was told.
    """
    found: list[Compared] = []
    for done, spec in enumerate(clusterers):
        progress.report("compare", done, len(clusterers), _title(spec))
        found.append(_one(part, spec, current, reduced, seed, progress))
        tell(list(found))
    progress.report("compare", len(clusterers), len(clusterers))
    return found


def table(found: Sequence[Compared]) -> pd.DataFrame:
    """One row a clusterer; ``attrs["note"]`` says whether one leads by more than chance."""
    import pandas as pd

    frame = pd.DataFrame([{**asdict(one), "sizes": one.sizes} for one in found])
    frame.attrs["note"] = lead(found)
    return frame


def lead(found: Sequence[Compared]) -> str:
    """Whether the highest silhouette is higher than the next by more than both move by chance; no optimum is claimed.

    What leaves more than ``NOISY`` of the rows out as noise is not compared: the silhouette of the rest is high for that alone.
    """
    noisy = [one for one in found if one.silhouette is not None and one.noise > NOISY]
    known = sorted(
        ((one.silhouette, one) for one in found if one.silhouette is not None and one.noise <= NOISY), key=lambda pair: -pair[0]
    )
    aside = "".join(f" {one.title} leaves {round(100 * one.noise)} % out as noise, which does not count here." for one in noisy)
    if len(known) < 2:
        return aside.strip()
    (best, first), (next_best, second) = known[:2]
    chance = 2 * float(np.hypot(first.spread or 0.0, second.spread or 0.0))
    if best - next_best <= chance:
        near = sum(best - value <= chance for value, _ in known)
        return f"No clear lead: {near} of {len(known)} silhouettes lie within what chance moves them by ({chance:.3f}).{aside}"
    return (
        f"{first.title} has the highest silhouette, by {best - next_best:.3f}, more than chance moves it ({chance:.3f}). "
        f"That it is the best for your labels does not follow.{aside}"
    )


def _one(
    part: Part, spec: Any, current: NDArray[np.integer[Any]] | None, reduced: Callable[[], NDArray[np.float32]] | None, seed: int,
    progress: Progress,
) -> Compared:  # fmt: skip
    title, start = _title(spec), time.perf_counter()
    try:
        chosen = as_clusterer(spec)
        found = _fit(part, chosen, reduced, seed, progress)
        seconds = time.perf_counter() - start
        scores = score(part.X, found.labels, weights=part.weights, target=part.target, progress=progress)
        again = (
            range(seed + 1, seed + 1 + AGAIN)
            if seconds <= QUICK and isinstance(chosen, Options) and found.labels.max() > 0
            else ()
        )
        others = [
            score(part.X, _fit(part, chosen, reduced, other, progress).labels, weights=part.weights, progress=progress)
            for other in again
        ]
    except Cancelled:
        raise
    except EluteError as problem:
        return Compared(_told(spec), title, seconds=time.perf_counter() - start, error=str(problem))
    except Exception as problem:  # an estimator of the person's own may raise anything
        error = f"{type(problem).__name__}: {str(problem)[:200]}"
        return Compared(_told(spec), title, seconds=time.perf_counter() - start, error=error)
    sizes = tuple(
        sorted(
            (int(size) for size, name in zip(scores.clusters["size"], scores.clusters["cluster"], strict=True) if name >= 0),
            reverse=True,
        )
    )
    return Compared(
        describe(chosen), title, scores.silhouette, _spread(scores, [one.silhouette for one in others], part, seed),
        scores.davies_bouldin, scores.calinski_harabasz, scores.n_clusters, max(sizes, default=0), min(sizes, default=0), sizes,
        scores.noise_share, _agreement(part, found.labels, current), _with_label(part, found.labels), seconds,
        " ".join(found.notes),
    )  # fmt: skip


def _fit(
    part: Part, chosen: Any, reduced: Callable[[], NDArray[np.float32]] | None, seed: int, progress: Progress
) -> Clustering:  # fmt: skip
    return cluster(
        part.X, chosen, weights=part.weights, neighbors=lambda k: part.graph(k, progress), reduced=reduced, seed=seed,
        progress=progress,
    )  # fmt: skip


def _spread(scores: Scores, others: Sequence[float | None], part: Part, seed: int) -> float | None:
    """Standard deviation of the mean silhouette over half samples of the rows and over seeds, as if the two were independent."""
    if scores.silhouette is None:
        return None
    known = np.flatnonzero(~np.isnan(scores.row_silhouette))
    values, weights = scores.row_silhouette[known].astype(np.float64), part.weights[known]
    random = np.random.default_rng(seed)
    halves = []
    for _ in range(DRAWS):
        some = random.random(len(known)) < 0.5
        if weights[some].sum() > 0:
            halves.append(float(np.average(values[some], weights=weights[some])))
    seeds = [scores.silhouette, *(other for other in others if other is not None)]
    # a half sample without replacement moves a mean as far as n rows drawn anew would
    rows = float(np.std(halves)) if len(halves) > 1 else 0.0
    return float(np.hypot(rows, np.std(seeds, ddof=1) if len(seeds) > 1 else 0.0))


def _agreement(part: Part, labels: NDArray[np.int32], current: NDArray[np.integer[Any]] | None) -> float | None:
    if current is None:
        return None
    before, now = np.asarray(current)[part.rows], labels[part.at]
    both = (before > OUTSIDE) & (now > OUTSIDE)
    return adjusted_rand(before[both], now[both]) if both.sum() > 1 else None


def _with_label(part: Part, labels: NDArray[np.int32]) -> float | None:
    target = part.target
    if target is None:
        return None
    codes, now = target.codes[part.rows], labels[part.at]
    both = (codes >= 0) & (now > OUTSIDE)
    return adjusted_rand(codes[both], now[both]) if len(np.unique(codes[both])) > 1 else None


def _told(spec: Any) -> Mapping[str, Any]:
    return {"name": spec[:60]} if isinstance(spec, str) else describe(spec)


def _title(spec: Any) -> str:
    """A clusterer with the settings that are not its defaults."""
    try:
        chosen = as_clusterer(spec)
    except EluteError:
        return str(spec)[:60]
    if not isinstance(chosen, Options):
        return type(chosen).__name__
    usual, told = to_dict(type(chosen)()), to_dict(chosen)
    changed = ", ".join(f"{name} {value}" for name, value in told.items() if name != "name" and value != usual.get(name))
    return f"{chosen.title}{f' ({changed})' if changed else ''}"
