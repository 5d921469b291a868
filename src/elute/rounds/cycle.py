"""The cycle, read top to bottom: rows that stay -> clusters -> scores -> coords -> a frozen Round."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from elute.cluster import DBSCAN, HDBSCAN, OUTSIDE, Clustering, KMeans, Sweep, cluster, preview
from elute.corpus import Corpus
from elute.embed import Embeddings
from elute.findings import findings
from elute.foreignness import unranked
from elute.metrics import Scores, score
from elute.metrics.dbcv import dbcv
from elute.prepare import Prepared
from elute.progress import SILENT, Progress
from elute.project import PCA, UMAP, Projection, project, refine
from elute.rounds.continuity import continue_labels
from elute.rounds.evidence import Evidence
from elute.rounds.past import Past
from elute.rounds.ranking import ranked_clusters, sized, with_copies
from elute.rounds.round import Round, Settings
from elute.rounds.space import NEAREST, Part, Space
from elute.vectors import Groups, group

Coords = Mapping[int, NDArray[np.float32]]
Draft = Callable[[Round], None]
"""Given a round whose layout is still being made, again and again while it settles."""


def run_round(
    corpus: Corpus,
    prepared: Prepared,
    embeddings: Embeddings,
    keep: NDArray[np.bool_],
    settings: Settings,
    *,
    space: Space | None = None,
    evidence: Evidence | None = None,
    number: int = 1,
    previous: Round | None = None,
    progress: Progress = SILENT,
    draft: Draft | None = None,
) -> Round:
    """Cluster, score and project the rows that stay.

    Parameters
    ----------
    keep : ndarray of shape (n,), bool
    space : Space, optional
        Distinct vectors and their graph, shared by all rounds on the same embeddings; made here if not given.
    evidence : Evidence, optional
        What is known about the rows of that space, shared likewise.
    previous : Round, optional
        The round on the screen: clusters keep its numbers, and points stay where they were.
    draft : callable, optional
        Given a round with PCA coords as soon as the clusters are known, and then as the layout settles.

    Raises
    ------
    InputError
        No row is left to cluster.
    Cancelled
        Nothing was changed.
    """
    start = time.perf_counter()
    space = space or Space(embeddings, prepared.texts, corpus)
    evidence = evidence or Evidence(space, prepared, corpus, vectors=embeddings.vectors)
    past = Past(space, space.part(keep), previous, settings)
    part = past.part
    reduced = _Once(lambda: past.reduction(progress))

    def build(found: Projection, clustering: Clustering, scores: Scores, is_draft: bool) -> Round:
        labels = part.to_rows(clustering.labels, OUTSIDE)
        outlier_scores = _rows(part, clustering.outlier_scores)
        return Round(
            number=number,
            keep=keep.copy(),
            labels=labels,
            coords={dim: part.to_rows(part.spread(at, np.nan), np.nan, past.coords(dim)) for dim, at in found.coords.items()},
            probabilities=_rows(part, clustering.probabilities),
            outlier_scores=outlier_scores,
            scores=replace(scores, row_silhouette=part.to_rows(scores.row_silhouette, np.nan)),
            findings=findings(prepared, labels, outlier_scores),
            settings=settings,
            params={**clustering.params, **found.params},
            notes=(*embeddings.notes, *clustering.notes, *found.notes, *filter(None, [space.graph.note])),
            curve=clustering.curve or past.curve,
            reduced=_rows(part, None if reduced.value is None else part.spread(reduced.value, np.nan), past.reduced),
            hashes=np.where(space.of >= 0, space.hashes[space.of], np.uint64(0)),
            seconds=time.perf_counter() - start,
            draft=is_draft,
        )

    found = past.stay(progress)
    first = _first_look(part, settings, progress) if found is None and draft is not None else None
    if first is not None and draft is not None and not isinstance(settings.clusterer, KMeans):
        draft(build(first, *_not_yet(part), True))  # K-means is there at once; others would keep the person waiting
    progress.report("cluster")
    clustering = cluster(
        part.X,
        settings.clusterer,
        weights=part.weights,
        neighbors=lambda k: part.graph(k, progress),
        reduced=reduced,
        previous=past.warm,
        made_by=past.made_by,
        seed=settings.seed,
        progress=progress,
    )
    if past.labels is not None:
        clustering = replace(clustering, labels=continue_labels(clustering.labels, past.labels))
    progress.report("score")
    groups = group(part.X, clustering.labels, part.weights, progress)
    scores = _scores(part, clustering.labels, groups, settings, progress)
    if found is None:
        stream = None
        if first is not None and draft is not None:
            shown = build(first, clustering, replace(scores, clusters=unranked(scores.clusters)), True)
            draft(shown)
            stream = _stream(part, shown, draft)
        found = _layout(part, settings, first, progress, stream)
        progress.check()  # an own projector hears no cancel; its map must not come after one
    ranked = ranked_clusters(part, clustering.labels, groups, progress)
    made = build(found, clustering, replace(scores, clusters=ranked.rank(sized(scores.clusters))), False)
    made = with_evidence(evidence, part, replace(made, params={**made.params, "nothing": ranked.nothing}), progress)
    return replace(made, seconds=time.perf_counter() - start)


def with_evidence(evidence: Evidence, part: Part, made: Round, progress: Progress = SILENT) -> Round:
    """The same round with its findings made from the evidence as it is now: after a better pass over the labels they are others."""
    progress.report("find")
    found, held = evidence.findings(part, made.labels, made.outlier_scores, made.keep, made=made, progress=progress)
    scores = replace(
        made.scores,
        clusters=with_copies(made.scores.clusters, made.labels, found["copy"].to_numpy(bool) & evidence.own(made.keep)),
    )
    return replace(made, findings=found, held=held, scores=scores, notes=tuple(dict.fromkeys((*made.notes, *evidence.notes))))


def relax(space: Space, made: Round, progress: Progress = SILENT, draft: Draft | None = None) -> Round:
    """The same round with its map relaxed: each point moves a little towards its neighbours, anchored to where it was.

    Parameters
    ----------
    made : Round
        Of these vectors.
    draft : callable, optional
        Given the round as it settles.
    """
    part = space.part(made.keep)
    options = made.settings.projector if isinstance(made.settings.projector, UMAP) else UMAP()
    progress.report("project", message="refining the map")
    took_part = made.labels > OUTSIDE

    def moved(coords: Coords, is_draft: bool) -> Round:
        told = {dim: part.to_rows(part.spread(at, np.nan), np.nan, made.coords[dim]) for dim, at in coords.items()}
        return replace(made, coords=told, draft=is_draft)

    coords = refine(
        {dim: part.of_rows(at, ~np.isnan(at[:, 0]), took_part, np.nan)[part.alive] for dim, at in made.coords.items()},
        part.graph(min(NEAREST, options.n_neighbors - 1), progress),
        options=options,
        seed=made.settings.seed,
        progress=progress,
        stream=None if draft is None else lambda coords: draft(moved(coords, True)),
    )
    return moved(coords, False)


def foresee(
    space: Space, keep: NDArray[np.bool_], settings: Settings, *, previous: Round | None = None, progress: Progress = SILENT
) -> Sweep:
    """What the clusterer of a round would find over a range of its main parameter. See :func:`elute.cluster.preview`."""
    past = Past(space, space.part(keep), previous, settings)
    part = past.part
    return preview(
        part.X,
        settings.clusterer,
        weights=part.weights,
        neighbors=lambda k: part.graph(k, progress),
        reduced=lambda: past.reduction(progress),
        previous=past.warm,
        made_by=past.made_by,
        seed=settings.seed,
        progress=progress,
    )


class _Once:
    """Computed when first asked for, then kept: a reduced space is needed by HDBSCAN only."""

    def __init__(self, make: Callable[[], NDArray[np.float32]]) -> None:
        self._make: Callable[[], NDArray[np.float32]] = make
        self.value: NDArray[np.float32] | None = None

    def __call__(self) -> NDArray[np.float32]:
        if self.value is None:
            self.value = self._make()
        return self.value


def _scores(part: Part, labels: NDArray[np.int32], groups: Groups, settings: Settings, progress: Progress) -> Scores:
    """The indices and the figures of each cluster. They count rows: a text that stands there ten times counts ten times."""
    scores = score(part.X, labels, weights=part.weights, target=part.target, groups=groups, progress=progress)
    if not isinstance(settings.clusterer, DBSCAN | HDBSCAN):
        return scores
    validity = dbcv(part.X, labels, part.weights, seed=settings.seed, progress=progress)
    return replace(scores, dbcv=None if validity is None else validity[0])


def _first_look(part: Part, settings: Settings, progress: Progress) -> Projection | None:
    """A map by PCA, where another one takes longer."""
    if isinstance(settings.projector, PCA):
        return None
    progress.report("project", message="a first look by PCA")
    return project(part.gathered(), PCA(), seed=settings.seed)


def _not_yet(part: Part) -> tuple[Clustering, Scores]:
    """All rows in one colour, and no cluster in the table: what is known before the clusters are."""
    together = np.where(part.alive, 0, OUTSIDE).astype(np.int32)
    return Clustering(together), score(part.X, np.full(len(part.X), OUTSIDE, np.int32))


def _layout(
    part: Part, settings: Settings, first: Projection | None, progress: Progress, stream: Callable[[Coords], None] | None
) -> Projection:
    progress.report("project")
    return project(
        part.gathered(),
        settings.projector,
        neighbors=lambda k: part.graph(k, progress),
        principal=None if first is None else first.coords[3],
        seed=settings.seed,
        progress=progress,
        stream=stream,
    )


def _stream(part: Part, shown: Round, draft: Draft) -> Callable[[Coords], None]:
    """Shows the round again and again while its points settle."""
    return lambda coords: draft(
        replace(shown, coords={dim: part.to_rows(part.spread(at, np.nan), np.nan) for dim, at in coords.items()})
    )


def _rows(part: Part, values: NDArray[np.float32] | None, base: NDArray[np.float32] | None = None) -> NDArray[np.float32] | None:
    """Values (q, ...) over all rows, or what was there before where there are none."""
    return base if values is None else part.to_rows(values, np.nan, base)
