"""The cycle, read top to bottom: rows that stay -> distinct texts -> clusters -> coords -> scores -> a frozen Round."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.cluster import Curve, cluster
from elute.continuity import continue_labels
from elute.corpus import Corpus
from elute.embed import Embeddings
from elute.errors import InputError
from elute.findings import findings
from elute.foreignness import foreignness
from elute.metrics import Scores, score
from elute.neighbors import nearest
from elute.options import Options, to_dict
from elute.prepare import Prepare, Prepared
from elute.progress import SILENT, Progress
from elute.project import PCA, Projection, project, reduce
from elute.vectors import distinct

if TYPE_CHECKING:
    import pandas as pd

OUTSIDE = -2
"""Label of a row that is not in the round: dropped, or without a text."""


@dataclass(frozen=True)
class Settings:
    """How a round is made.

    ``clusterer`` and ``projector`` are elute's parameter objects or the user's own estimators.
    """

    clusterer: Any
    projector: Any
    prepare: Prepare = field(default_factory=Prepare)
    seed: int = 0

    def describe(self) -> dict[str, Any]:
        """As JSON; an own estimator is described by its ``repr``."""
        return {
            "clusterer": describe(self.clusterer),
            "projector": describe(self.projector),
            "prepare": to_dict(self.prepare),
            "seed": self.seed,
        }


@dataclass(frozen=True, eq=False)
class Round:
    """One pass through the cycle, frozen. Every array is over all ``n`` rows of the corpus, in its order.

    Attributes
    ----------
    number : int
        Counts from 1.
    keep : ndarray of shape (n,), bool
        The mask it was computed on.
    labels : ndarray of shape (n,), int32
        Clusters; noise -1, not in the round -2.
    coords : dict of int to ndarray
        ``coords[2]`` (n, 2) and ``coords[3]`` (n, 3), float32; a row not in the round has its last coords, NaN if it never had any.
    probabilities, outlier_scores : ndarray of shape (n,), float32, or None
        Of density methods; NaN for rows not in the round.
    scores : Scores
        Indices of the whole and figures of each cluster; ``row_silhouette`` is (n,).
    findings : DataFrame of n rows
    settings : Settings
    params : dict
        Values that were chosen for the user: k, eps, min_cluster_size, perplexity, ...
    notes : tuple of str
        What the person should know about this round.
    curve : Curve or None
        Silhouette by k, or the k-distance curve.
    reduced : ndarray of shape (n, 5), float32, or None
        The space HDBSCAN clustered in, kept so that the next round continues there.
    seconds : float
    draft : bool
        Shown while the layout is still being computed; never in the history.
    """

    number: int
    keep: NDArray[np.bool_]
    labels: NDArray[np.int32]
    coords: Mapping[int, NDArray[np.float32]]
    probabilities: NDArray[np.float32] | None
    outlier_scores: NDArray[np.float32] | None
    scores: Scores
    findings: pd.DataFrame
    settings: Settings
    params: Mapping[str, Any]
    notes: tuple[str, ...]
    curve: Curve | None
    reduced: NDArray[np.float32] | None
    seconds: float
    draft: bool = False

    @property
    def clusters(self) -> pd.DataFrame:
        """One row a cluster, noise (-1) included, the next one to look at first: ``foreign`` (0 to 1) ranks, ``why`` says why."""
        return self.scores.clusters

    @property
    def metrics(self) -> dict[str, float | int | None]:
        """The indices of the whole: ``silhouette``, ``davies_bouldin``, ``calinski_harabasz``, ``noise``, ``balance``, ..."""
        return {
            "silhouette": self.scores.silhouette,
            "davies_bouldin": self.scores.davies_bouldin,
            "calinski_harabasz": self.scores.calinski_harabasz,
            "noise": self.scores.noise_share,
            "balance": self.scores.balance,
            "clusters": self.scores.n_clusters,
            "largest_to_smallest": self.scores.largest_to_smallest,
        }


def run_round(
    corpus: Corpus,
    prepared: Prepared,
    embeddings: Embeddings,
    keep: NDArray[np.bool_],
    settings: Settings,
    *,
    number: int = 1,
    previous: Round | None = None,
    progress: Progress = SILENT,
    draft: Callable[[Round], None] | None = None,
) -> Round:
    """Cluster, project and score the rows that stay.

    Parameters
    ----------
    keep : ndarray of shape (n,), bool
    previous : Round, optional
        The round on the screen: clusters keep its numbers, and points stay where they were.
    draft : callable, optional
        Given a round with PCA coords as soon as the clusters are known, while a slower layout is still being computed.

    Raises
    ------
    InputError
        No row is left to cluster.
    Cancelled
        Nothing was changed.
    """
    start = time.perf_counter()
    rows = np.flatnonzero(keep & embeddings.valid)
    if not len(rows):
        raise InputError("No row with a text is left. Undo, or restore some rows: every decision is still there.")
    # copies would fill each other's neighbour lists and wreck densities: everything below works on distinct vectors
    first, back = distinct(embeddings.vectors[rows])
    X = embeddings.vectors[rows[first]]
    copies = np.bincount(back).astype(np.float64)
    graph = _Once(lambda: nearest(X, 15, progress=progress))
    reduced = _Once(lambda: _reduced(X, rows[first], previous, graph, settings.seed, progress))
    before = None if previous is None else previous.labels[rows[first]]
    warm = before if previous is not None and _same_clusterer(previous, settings) else None

    progress.report("cluster")
    clustering = cluster(
        X,
        settings.clusterer,
        weights=copies,
        neighbors=graph,
        reduced=reduced,
        previous=warm,
        seed=settings.seed,
        progress=progress,
    )
    labels = clustering.labels if before is None else continue_labels(clustering.labels, before)

    def build(projection: Projection, is_draft: bool, scores: Scores) -> Round:
        coords = {
            dim: _spread(corpus.n, rows, positions[back], None if previous is None else previous.coords[dim])
            for dim, positions in projection.coords.items()
        }
        all_labels = _spread(corpus.n, rows, labels[back], None, OUTSIDE)
        outlier_scores = _optional(corpus.n, rows, back, clustering.outlier_scores)
        return Round(
            number=number,
            keep=keep.copy(),
            labels=all_labels,
            coords=coords,
            probabilities=_optional(corpus.n, rows, back, clustering.probabilities),
            outlier_scores=outlier_scores,
            scores=replace(scores, row_silhouette=_spread(corpus.n, rows, scores.row_silhouette, None, np.nan)),
            findings=findings(prepared, all_labels, outlier_scores),
            settings=settings,
            params={**clustering.params, **projection.params},
            notes=(*embeddings.notes, *clustering.notes, *projection.notes),
            curve=clustering.curve or (previous.curve if previous is not None and _same_clusterer(previous, settings) else None),
            reduced=_reduced_of(corpus.n, rows, back, reduced, previous),
            seconds=time.perf_counter() - start,
            draft=is_draft,
        )

    progress.report("score")
    # figures count rows, so a text that stands there ten times counts ten times
    target = None if corpus.label is None else corpus.label[rows]
    scores = score(X[back], labels[back], duplicates=prepared.duplicate_of[rows] >= 0, target=target)

    texts = [prepared.texts[row] for row in rows[first]]
    dropped = embeddings.vectors[embeddings.valid & ~keep]
    found = foreignness(X, labels, texts, dropped, settings.seed, progress)
    scores = replace(scores, clusters=found.rank(scores.clusters))

    projection = _stay(previous, rows[first], settings)
    if projection is None:
        if draft is not None and not isinstance(settings.projector, PCA):
            progress.report("project", message="a first look by PCA")
            draft(build(project(X, PCA(), seed=settings.seed), True, scores))
        progress.report("project")
        projection = project(X, settings.projector, neighbors=graph, seed=settings.seed, progress=progress)
        progress.check()  # an own projector hears no cancel; its map must not come after one
    return build(projection, False, scores)


class _Once:
    """Computed when first asked for, then kept: the graph is needed by some steps and by others not."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make, self.value = make, None

    def __call__(self) -> Any:
        if self.value is None:
            self.value = self._make()
        return self.value


def _stay(previous: Round | None, rows: NDArray[np.int64], settings: Settings) -> Projection | None:
    """Coords of the last round where they serve: same projector, and every row has some. A map that jumps has to be learnt again."""
    if (
        previous is None
        or previous.draft
        or previous.settings.projector != settings.projector
        or previous.settings.prepare != settings.prepare
    ):
        return None
    coords = {dim: positions[rows] for dim, positions in previous.coords.items()}
    if any(np.isnan(positions).any() for positions in coords.values()):
        return None
    return Projection(coords, {}, ())


def _same_clusterer(previous: Round, settings: Settings) -> bool:
    return describe(previous.settings.clusterer) == describe(settings.clusterer)


def _reduced(
    X: NDArray[np.float32], rows: NDArray[np.int64], previous: Round | None, graph: _Once, seed: int, progress: Progress
) -> NDArray[np.float32]:
    if previous is not None and previous.reduced is not None:
        kept = previous.reduced[rows]
        if not np.isnan(kept).any():
            return kept
    return reduce(X, 5, neighbors=graph, seed=seed, progress=progress)


def _reduced_of(
    n: int, rows: NDArray[np.int64], back: NDArray[np.int64], reduced: _Once, previous: Round | None
) -> NDArray[np.float32] | None:
    last = None if previous is None else previous.reduced
    return last if reduced.value is None else _spread(n, rows, reduced.value[back], last)


def _spread(
    n: int, rows: NDArray[np.int64], values: NDArray[Any], base: NDArray[Any] | None, fill: float = np.nan
) -> NDArray[Any]:
    """``values`` of some rows over all ``n``; the others have ``base``'s, or ``fill``."""
    usable = base is not None and base.shape[1:] == values.shape[1:]
    out = base.copy() if usable and base is not None else np.full((n, *values.shape[1:]), fill, values.dtype)
    out[rows] = values
    return out


def _optional(
    n: int, rows: NDArray[np.int64], back: NDArray[np.int64], values: NDArray[np.float32] | None
) -> NDArray[np.float32] | None:
    return None if values is None else _spread(n, rows, values[back], None)


def describe(obj: Any) -> dict[str, Any]:
    """A parameter object as JSON; an own estimator by its ``repr``, without an address that no other kernel has."""
    return (
        to_dict(obj) if isinstance(obj, Options) else {"name": "own", "repr": re.sub(r" at 0x[0-9a-fA-F]+", "", repr(obj))[:200]}
    )
