"""Which cluster to look at first, and why: how unlike the others a cluster is, in geometry and in wording.

Foreign rows sit in a few whole clusters, and a person who sees those gets most of the value back. No single signal finds them (they are
diffuse or compact, worded unlike the rest or nearly like it), so four are added up: each is a z-score over the clusters of the round,
clipped at 3. It ranks; it never says that anything should go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.progress import SILENT, Progress

if TYPE_CHECKING:
    import pandas as pd

CLIP = 3.0
FEW = 5
"""Clusters below which none can be called unlike the others."""
READ = 60
"""Texts of a cluster that are read for their wording, evenly spaced; and so many characters of each: """
CHARACTERS = 400
SIGNALS = {
    "words": "uses other words",
    "characters": "is spelled or written differently",
    "loose": "is loosely packed",
    "side": "lies on the smaller side of the map",
    "dropped": "lies among rows that were dropped",
}
"""Each signal, with what is said of a cluster where it is above one standard deviation. The last is there once something was dropped."""
ASKED, NEAREST, AMONG = 20, 15, 10_000
"""Rows of a cluster that are asked for their nearest neighbours; how many of these; among how many rows of the whole, evenly spaced."""
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


def foreignness(
    X: NDArray[np.float32],
    labels: NDArray[np.int32],
    texts: Sequence[str | None],
    dropped: NDArray[np.float32] | None = None,
    seed: int = 0,
    progress: Progress = SILENT,
) -> Foreignness:
    """Rank clusters for a look.

    Parameters
    ----------
    X : ndarray of shape (n, d), float32
        Unit vectors.
    labels : ndarray of shape (n,), int32
        Clusters; noise -1.
    texts : sequence of str or None, length n
    dropped : ndarray of shape (m, d), float32, optional
        Unit vectors of what was dropped so far: clusters that lie among it rise.
    seed : int
        Of the 2-means over centroids.

    Returns
    -------
    Foreignness

    Notes
    -----
    ``words`` and ``characters``: perplexity, in nats a token, of a cluster's texts under a unigram model (words; runs of three
    characters) of all other clusters' texts, add-one smoothed. ``loose``: mean cosine distance to the cluster's own centroid. ``side``:
    whether its centroid falls to the smaller part of a 2-means over all centroids. ``dropped``: log(1 + 100 x share of its rows' 15
    nearest neighbours that were dropped), together with a quarter of the log of its size.
    """
    clusters, at = np.unique(labels, return_inverse=True)
    real = clusters >= 0
    if real.sum() < FEW:
        nothing = np.zeros(len(clusters))
        return Foreignness(clusters, nothing, {"words": nothing})
    order = np.argsort(at, kind="stable")
    members = np.split(order, np.searchsorted(at[order], np.arange(1, len(clusters))))
    centroids = np.stack([X[rows].mean(axis=0) for rows in members])
    progress.check()
    read = [[texts[row] or "" for row in _spaced(rows, READ)] for rows in members]
    raw = {
        "words": _perplexity(read, {"token_pattern": r"(?u)\w+"}),
        "characters": _perplexity(read, {"analyzer": "char", "ngram_range": (3, 3)}),
        # unit vectors: the mean cosine to the centroid's direction is the centroid's length
        "loose": 1 - np.linalg.norm(centroids, axis=1),
        "side": _smaller_side(centroids, real, seed),
    }
    progress.check()
    signals = {name: _z(values, real) for name, values in raw.items()}
    total = np.sum(list(signals.values()), axis=0)
    if dropped is not None and len(dropped):
        signals["dropped"] = _z(np.log1p(100 * _among(X, members, dropped, progress)), real)
        total += signals["dropped"] + SIZE * _z(np.log([len(rows) for rows in members]), real)
    return Foreignness(clusters, np.clip(total / (CLIP * len(raw)), 0, 1), signals)


def _spaced(rows: NDArray[np.intp], most: int) -> NDArray[np.intp]:
    """At most so many of the rows, evenly spaced: the same ones each time, from all over the table."""
    return np.asarray(rows[np.unique(np.linspace(0, len(rows) - 1, most).astype(int))])


def _among(
    X: NDArray[np.float32], members: list[NDArray[np.intp]], dropped: NDArray[np.float32], progress: Progress
) -> NDArray[np.float64]:
    """Share of the nearest neighbours of each cluster's rows that were dropped: (k,), 0 to 1. Copies of a row are not its neighbours."""
    step = -(-(len(X) + len(dropped)) // AMONG)
    kept = X[::step]
    everything = np.vstack([kept, dropped[::step]])
    shares = np.zeros(len(members))
    for at, rows in enumerate(members):
        progress.check()
        cosines = X[_spaced(rows, ASKED)] @ everything.T
        cosines[cosines > 1 - 1e-5] = -1
        nearest = np.argpartition(-cosines, min(NEAREST, cosines.shape[1] - 1), axis=1)[:, :NEAREST]
        shares[at] = (nearest >= len(kept)).mean()
    return shares


def _z(values: NDArray[np.float64], real: NDArray[np.bool_]) -> NDArray[np.float64]:
    spread = float(values[real].std())
    return np.clip((values - values[real].mean()) / spread, -CLIP, CLIP) if spread > 1e-9 else np.zeros(len(values))


def _perplexity(read: list[list[str]], how: dict[str, Any]) -> NDArray[np.float64]:
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import HashingVectorizer

    texts = [text[:CHARACTERS] for of_cluster in read for text in of_cluster]
    owner = np.repeat(np.arange(len(read)), [len(of_cluster) for of_cluster in read])
    counts = HashingVectorizer(n_features=2**18, norm=None, alternate_sign=False, dtype=np.float32, **how).transform(texts)
    groups = csr_matrix((np.ones(len(owner)), (owner, np.arange(len(owner)))), shape=(len(read), len(owner)))
    table = (groups @ counts).tocoo()
    total, sizes = np.asarray(table.sum(axis=0)).ravel(), np.asarray(table.sum(axis=1)).ravel()
    vocabulary = max(1, int((total > 0).sum()))
    elsewhere = (total[table.col] - table.data + 1) / (sizes.sum() - sizes[table.row] + vocabulary)
    nats = np.bincount(table.row, -table.data * np.log(elsewhere), minlength=len(read))
    # a cluster without one token says nothing about its wording
    typical = float(nats.sum() / max(1.0, sizes.sum()))
    return np.where(sizes > 0, nats / np.maximum(sizes, 1), typical)


def _smaller_side(centroids: NDArray[np.float32], real: NDArray[np.bool_], seed: int) -> NDArray[np.float64]:
    from sklearn.cluster import KMeans

    own = centroids[real]
    if (own == own[0]).all():
        return np.zeros(len(centroids))
    model = KMeans(2, n_init=3, random_state=seed).fit(own)
    smaller = int(np.bincount(model.labels_, minlength=2).argmin())
    side = np.zeros(len(centroids))
    side[real] = model.labels_ == smaller
    if (~real).any():
        side[~real] = model.predict(centroids[~real]) == smaller
    return side
