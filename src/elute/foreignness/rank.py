"""Which cluster to look at first, and why: how unlike the others a cluster is, in geometry and in wording.

Foreign rows sit in a few whole clusters, and a person who sees those gets most of the value back. No single signal finds them (they are
diffuse or compact, worded unlike the rest or nearly like it), so four are added up: each is a z-score over the clusters of the round,
clipped at 3. It ranks; it never says that anything should go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.foreignness.sides import smaller_side
from elute.foreignness.wording import Wording
from elute.progress import SILENT, Progress
from elute.vectors import Groups, as_vectors, group

if TYPE_CHECKING:
    import pandas as pd

CLIP = 3.0
FEW = 5
"""Clusters below which none can be called unlike the others."""
READ = 60
"""Texts of a cluster that are read for their wording: drawn by lot, each by the same lot in every round."""
SIGNALS = {
    "words": "uses other words",
    "characters": "is spelled or written differently",
    "loose": "is loosely packed",
    "side": "lies on the smaller side of the map",
    "dropped": "lies among rows that were dropped",
}
"""Each signal, with what is said of a cluster where it is above one standard deviation. The last is there once something was dropped."""
SIZE = 0.25
"""What a standard deviation of size counts for, once something was dropped: the more a look can bring, the sooner."""


@dataclass(frozen=True, eq=False)
class Foreignness:
    """One item a cluster, in the order of ``clusters``.

    Attributes
    ----------
    clusters : ndarray of shape (k,), int
        Cluster numbers, ascending; noise (-1) comes first where there is some, measured by the figures of the others.
    score : ndarray of shape (k,), float
        0 (like the others, or too few clusters to tell) to 1 (every signal at its bound). Higher: look sooner.
    signals : dict of str to ndarray of shape (k,)
        The z-scores, -3 to 3, by the names of :data:`SIGNALS`.
    """

    clusters: NDArray[np.signedinteger[Any]]
    score: NDArray[np.float64]
    signals: dict[str, NDArray[np.float64]]

    def why(self, at: int) -> str:
        """One sentence on the cluster at a position; empty where nothing stands out."""
        told = [
            SIGNALS[name]
            for name in sorted(self.signals, key=lambda name: -self.signals[name][at])
            if self.signals[name][at] >= 1
        ]
        if not told:
            return ""
        joined = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
        return f"It {joined}, compared with the other clusters."

    def rank(self, table: pd.DataFrame) -> pd.DataFrame:
        """A cluster table with ``foreign`` (0 to 1) and ``why``, the next one to look at first; by silhouette among equals."""
        at = {int(number): position for position, number in enumerate(self.clusters)}
        places = [at[int(number)] for number in table["cluster"]]
        told = table.assign(foreign=self.score[places], why=[self.why(place) for place in places])
        return told.sort_values(["foreign", "silhouette"], ascending=[False, True], kind="stable", ignore_index=True)


def unranked(table: pd.DataFrame) -> pd.DataFrame:
    """A cluster table before the clusters were ranked, with the same columns: ``foreign`` is NaN, the worst silhouette comes first."""
    told = table.assign(foreign=np.nan, why="")
    return told.sort_values("silhouette", kind="stable", ignore_index=True)


def foreignness(
    X: NDArray[np.float32],
    labels: NDArray[np.integer[Any]],
    texts: Sequence[str | None] | Callable[[int], str | None],
    *,
    weights: NDArray[Any] | None = None,
    near_dropped: NDArray[np.float32] | None = None,
    wording: Wording | None = None,
    groups: Groups | None = None,
    ids: NDArray[np.int64] | None = None,
    seed: int = 0,
    progress: Progress = SILENT,
) -> Foreignness:
    """Rank clusters for a look.

    Parameters
    ----------
    X : ndarray of shape (m, d), float32
        Unit vectors.
    labels : ndarray of shape (m,), int
        Clusters; noise -1; anything below takes no part.
    texts : sequence of str or None, length m; or callable
        Of each vector. A callable is asked for those that are read only.
    weights : ndarray of shape (m,), optional
        Copies each vector stands for; 0: takes no part.
    near_dropped : ndarray of shape (m,), float32, optional
        Share of each vector's nearest neighbours that were dropped, 0 to 1, NaN where it is not known: clusters that lie among what
        was dropped rise. :func:`elute.foreignness.near_dropped` asks a sample; a neighbour graph knows all.
    wording : Wording, optional
        What was read in earlier rounds. The answer is the same without, later.
    groups : Groups, optional
        ``group(X, labels, weights)``, where the caller has it already.
    ids : ndarray of shape (m,), int64, optional
        Names of the vectors that last from round to round: which texts are read is drawn by them. By position if not given.
    seed : int
        Of the 2-means over centroids.

    Returns
    -------
    Foreignness

    Notes
    -----
    ``words`` and ``characters``: perplexity, in nats a token, of a cluster's texts under a unigram model (words; runs of three
    characters) of all other clusters' texts, add-one smoothed. ``loose``: mean cosine distance to the cluster's own centroid. ``side``:
    whether its centroid falls to the smaller part of a 2-means over all centroids. ``dropped``: log(1 + 100 x share of its rows'
    nearest neighbours that were dropped), together with a quarter of the log of its size.
    """
    progress.check()
    groups = group(as_vectors(X), np.asarray(labels), weights, progress) if groups is None else groups
    ascending = np.argsort(groups.names)  # noise first
    clusters, sizes = groups.names[ascending], groups.sizes[ascending]
    real = clusters >= 0
    if real.sum() < FEW:
        nothing = np.zeros(len(clusters))
        return Foreignness(clusters, nothing, {"words": nothing})
    centroids = groups.sums[ascending] / sizes[:, None]
    read = _read(groups, texts, ids)
    told = (wording or Wording()).perplexity([read[at] for at in ascending], progress)
    raw = {
        "words": told.words,
        "characters": told.runs,
        # unit vectors: the mean cosine to the centroid's direction is the centroid's length
        "loose": 1 - np.linalg.norm(centroids, axis=1),
        "side": smaller_side(centroids, real, seed),
    }
    progress.check()
    signals = {name: _z(values, real) for name, values in raw.items()}
    total = np.sum(list(signals.values()), axis=0)
    if near_dropped is not None:
        signals["dropped"] = _z(np.log1p(100 * _shares(groups, near_dropped)[ascending]), real)
        total += signals["dropped"] + SIZE * _z(np.log(sizes), real)
    return Foreignness(clusters, np.clip(total / (CLIP * len(raw)), 0, 1), signals)


def _read(
    groups: Groups, texts: Sequence[str | None] | Callable[[int], str | None], ids: NDArray[np.int64] | None
) -> list[list[str]]:
    """The texts of each group that are read. After a removal nearly the same are, so most of them were read before."""
    from elute.foreignness._kernels import drawn

    c, m = len(groups.names), len(groups.at)
    chosen, lots, counts = np.empty((c, READ), np.int64), np.empty((c, READ), np.uint64), np.zeros(c, np.int64)
    drawn(groups.at, np.arange(m) if ids is None else np.ascontiguousarray(ids, np.int64), chosen, lots, counts)
    ask = texts if callable(texts) else texts.__getitem__
    return [[ask(row) or "" for row in rows[:count].tolist()] for rows, count in zip(chosen, counts, strict=True)]


def _shares(groups: Groups, near: NDArray[np.float32]) -> NDArray[np.float64]:
    """Mean of what is known of each group's rows (c,); 0 where nothing is."""
    known = ~np.isnan(near)
    weights = np.where(known, groups.weights, 0)
    c = len(groups.names)
    all_ = np.bincount(groups.at + 1, weights=weights, minlength=c + 1)[1:]
    marked = np.bincount(groups.at + 1, weights=weights * np.where(known, near, 0), minlength=c + 1)[1:]
    return np.asarray(np.divide(marked, all_, out=np.zeros(c), where=all_ > 0))


def _z(values: NDArray[np.float64], real: NDArray[np.bool_]) -> NDArray[np.float64]:
    spread = float(values[real].std())
    return np.clip((values - values[real].mean()) / spread, -CLIP, CLIP) if spread > 1e-9 else np.zeros(len(values))
