"""Which cluster to look at first, and why: how unlike the others a cluster is, in geometry, wording, style and labels.

Foreign rows sit in a few whole clusters, and a person who sees those gets most of the value back. No single signal finds them (they are
diffuse or compact, worded unlike the rest or nearly like it, labelled at random or alike), so many small ones are weighed; see
:mod:`elute.foreignness.weigh`. It ranks; it never says that anything should go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.foreignness.labelled import Labels, labelled
from elute.foreignness.place import among, apart, directions, joined
from elute.foreignness.sure import confidence, nothing, told, worth
from elute.foreignness.tell import why
from elute.foreignness.weigh import FAMILIES, Figures, by_family, weighed
from elute.foreignness.wording import Wording
from elute.neighbors import Neighbors
from elute.progress import SILENT, Progress
from elute.vectors import Groups, as_vectors, group

if TYPE_CHECKING:
    import pandas as pd

FEW = 5
"""Clusters below which none can be called unlike the others."""
READ = 60
"""Texts of a cluster that are read: drawn by lot, each by the same lot in every round."""


@dataclass(frozen=True, eq=False)
class Dropped:
    """What was dropped: the sum of its vectors (d,), some of its texts, and each vector's share of nearest that were dropped (m,).

    The shares are 0 to 1, NaN where it is not known; :func:`elute.foreignness.near_dropped` asks a sample, a neighbour graph knows all.
    """

    near: NDArray[np.float32]
    sum: NDArray[np.float64] | None = None
    texts: Sequence[str] = ()


@dataclass(frozen=True, eq=False)
class Foreignness:
    """One item a cluster, in the order of ``clusters``.

    Attributes
    ----------
    clusters : ndarray of shape (k,), int
        Cluster numbers, ascending; noise (-1) comes first where there is some, measured by the figures of the others.
    score : ndarray of shape (k,), float
        0 (too few clusters to tell) to 1: confidence times size to the power of .7, against the largest. Higher: look sooner.
    confidence : ndarray of shape (k,), float
        Probability that a cluster is foreign, as it was in mixes of known dirt; NaN where too few clusters tell, and of a cluster of
        few texts that may be foreign (:func:`elute.foreignness.sure.told`).
    evidence : dict of str to ndarray of shape (k,)
        0 to 1 for each kind of :data:`FAMILIES` that was there to be seen.
    raw : dict of str to ndarray of shape (k,)
        The figures behind it.
    told : tuple of str
        Why, a sentence a cluster; empty where nothing stands out.
    nothing : str
        What was checked, where no cluster stands out; else empty.
    """

    clusters: NDArray[np.signedinteger[Any]]
    score: NDArray[np.float64]
    confidence: NDArray[np.float64]
    evidence: Figures
    raw: Figures
    told: tuple[str, ...]
    nothing: str = ""
    weighed: Figures = field(default_factory=dict)

    def why(self, at: int) -> str:
        """One sentence on the cluster at a position; empty where nothing stands out."""
        return self.told[at]

    def signals(self, at: int) -> list[dict[str, Any]]:
        """The evidence on the cluster at a position, most first, each with a ``title`` and a ``value`` of 0 to 1."""
        seen = {name: round(float(values[at]), 3) for name, values in self.evidence.items()}
        return [
            {"name": name, "title": FAMILIES[name], "value": seen[name]} for name in sorted(seen, key=lambda name: -seen[name])
        ]

    def rank(self, table: pd.DataFrame) -> pd.DataFrame:
        """A cluster table with ``foreign`` (0 to 1), ``confidence``, ``signals`` and ``why``, the next one to look at first.

        By silhouette among equals.
        """
        import pandas as pd

        at = {int(number): position for position, number in enumerate(self.clusters)}
        places = [at[int(number)] for number in table["cluster"]]
        told = table.assign(
            foreign=self.score[places],
            confidence=self.confidence[places],
            signals=pd.Series([self.signals(place) for place in places], table.index, dtype=object),
            why=[self.why(place) for place in places],
        )
        return told.sort_values(["foreign", "silhouette"], ascending=[False, True], kind="stable", ignore_index=True)


def unranked(table: pd.DataFrame) -> pd.DataFrame:
    """A cluster table before the clusters were ranked, with the same columns: ``foreign`` is NaN, the worst silhouette comes first."""
    import pandas as pd

    empty: Any = pd.Series([[] for _ in range(len(table))], table.index, dtype=object)
    told = table.assign(foreign=np.nan, confidence=np.nan, signals=empty, why="")
    return told.sort_values("silhouette", kind="stable", ignore_index=True)


def foreignness(
    X: NDArray[np.float32],
    labels: NDArray[np.integer[Any]],
    texts: Sequence[str | None] | Callable[[int], str | None],
    *,
    weights: NDArray[Any] | None = None,
    near_dropped: NDArray[np.float32] | None = None,
    dropped: Dropped | None = None,
    neighbors: Neighbors | None = None,
    target: Labels | None = None,
    label_names: NDArray[np.float32] | None = None,
    task: NDArray[np.float32] | None = None,
    wording: Wording | None = None,
    groups: Groups | None = None,
    ids: NDArray[np.int64] | None = None,
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
        ``Dropped(near_dropped)``.
    dropped : Dropped, optional
        Clusters that lie among what was dropped, or are like it, rise.
    neighbors : Neighbors, optional
        The graph over the p vectors that take part, in their order.
    target : Labels, optional
        The person's own labels.
    label_names : ndarray of shape (v, d), float32, optional
        Unit vectors of ``target.values`` read as words; NaN for those that are none.
    task : ndarray of shape (d,), float32, optional
        Unit vector of what the set is for.
    wording : Wording, optional
        What was read in earlier rounds. The answer is the same without, later.
    groups : Groups, optional
        ``group(X, labels, weights)``, where the caller has it already.
    ids : ndarray of shape (m,), int64, optional
        Names of the vectors that last from round to round: which texts are read is drawn by them. By position if not given.

    Returns
    -------
    Foreignness

    Notes
    -----
    ``words`` and ``characters``: perplexity, in nats a token, of a cluster's texts under a unigram model (words; runs of three
    characters) of all other clusters' texts, add-one smoothed. ``style``, ``traits``: root mean square, and mean of the three largest, of
    how far its traits (:data:`elute.stylometry.TRAITS`) are from the middle cluster's. ``loose``: mean cosine distance to its own
    centroid. ``near``, ``inside``, ``apart``, ``joined``: see :mod:`elute.foreignness.place`. ``missing``, ``odd``, ``strewn``,
    ``home``, ``named``: see :func:`elute.foreignness.labelled.labelled`. ``task``: cosine distance to the task.
    Once something was dropped: ``dropped``: log(1 + 100 x share of its rows' nearest neighbours that were dropped); ``toward``: cosine
    to what was dropped less that to the rest; ``alike``: how much nearer its traits are to those of what was dropped.
    """
    progress.check()
    groups = group(as_vectors(X), np.asarray(labels), weights, progress) if groups is None else groups
    ascending = np.argsort(groups.names, kind="stable")  # noise first
    clusters, sizes, sums = groups.names[ascending], groups.sizes[ascending], groups.sums[ascending]
    real = clusters >= 0
    if real.sum() < FEW:
        none = np.zeros(len(clusters))
        return Foreignness(
            clusters, none, np.full(len(clusters), np.nan), {}, {}, ("",) * len(clusters), nothing(clusters, None, ())
        )
    if dropped is None and near_dropped is not None:
        dropped = Dropped(near_dropped)
    centroids = sums / sizes[:, None]
    wording = wording or Wording()
    chosen = _read(groups, texts, ids)
    read = [chosen[at] for at in ascending]
    spoken = wording.perplexity(read, progress)
    manner = wording.styles.manner([*read, list(dropped.texts) if dropped is not None else []])
    all_real = np.append(real, False)
    far = manner.far(all_real)
    traits = np.sort(np.abs(far[:-1]), axis=1)
    raw: Figures = {
        "words": spoken.words,
        "characters": spoken.runs,
        "style": np.sqrt((traits**2).mean(axis=1)),
        "traits": traits[:, -3:].mean(axis=1),
        # unit vectors: the mean cosine to the centroid's direction is the centroid's length
        "loose": 1 - np.linalg.norm(centroids, axis=1),
        "apart": apart(sums, real),
        "joined": joined(centroids, sizes, real),
    }
    progress.check()
    if neighbors is not None:
        near, inside = among(groups, neighbors)
        raw |= {"near": near[ascending], "inside": inside[ascending]}
    found = labelled(as_vectors(X), groups, target, label_names, neighbors)
    raw |= {name: values[ascending] for name, values in found.items()}
    if task is not None:
        raw["task"] = 1 - directions(sums) @ task
    if dropped is not None:
        raw["share"] = _shares(groups, dropped.near)[ascending]
        raw["dropped"] = np.log1p(100 * raw["share"])
        if dropped.sum is not None:
            gone = directions(dropped.sum[None])[0]
            raw["toward"] = directions(sums) @ gone - (1 - raw["apart"])
        if len(dropped.texts):
            steps = 0.5 * manner.spread + 1e-6
            middle = np.median(manner.means[all_real], axis=0)
            own, theirs = manner.means[:-1], manner.means[-1]
            raw["alike"] = np.abs((own - middle) / steps).mean(axis=1) - np.abs((own - theirs) / steps).mean(axis=1)
    scored = weighed(raw, real)
    added, evidence = by_family(scored)
    total = np.sum(list(added.values()), axis=0)
    sure = confidence(total, raw, real)
    texts_in = np.bincount(groups.at[(groups.at >= 0) & (groups.weights > 0)], minlength=len(clusters))[ascending]
    said = tuple(why(at, evidence, raw, real, far) for at in range(len(clusters)))
    score, all_alike = worth(sure, sizes), nothing(clusters, sure, tuple(evidence))
    return Foreignness(clusters, score, told(sure, texts_in), evidence, raw, said, all_alike, scored)


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
