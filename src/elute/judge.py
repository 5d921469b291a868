"""The analyst at work on a round: each cluster judged once, for as long as it does not change."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from elute.analyze import (
    Analyst,
    ClusterAnalysis,
    ClusterView,
    Context,
    Overview,
    SelectionAnalysis,
    cluster_views,
    selection_view,
)
from elute.archive import Archive
from elute.corpus import Corpus
from elute.decisions import Decision
from elute.embed import Embeddings
from elute.prepare import Prepared
from elute.progress import SILENT, Progress
from elute.round import Round


@dataclass(frozen=True, eq=False)
class Analysis:
    """What an analyst said of a round; grows while it works.

    Attributes
    ----------
    round : int
        Number of the round it is about.
    clusters : dict of int to ClusterAnalysis
    overview : Overview or None
        Advice on the whole, once every cluster was judged.
    """

    round: int
    clusters: Mapping[int, ClusterAnalysis] = field(default_factory=dict)
    overview: Overview | None = None


class Judge:
    """Asks an analyst about the clusters of a round, and remembers what it said.

    Parameters
    ----------
    analyst : Analyst
    archive : Archive
        Keeps verdicts by content, analyst and prompt, so an unchanged cluster is never paid for twice.
    task : str
        A line that says what the set is for.
    """

    def __init__(self, analyst: Analyst, archive: Archive, task: str = "") -> None:
        self.analyst = analyst
        self._archive = archive
        self._task = task

    def views(self, corpus: Corpus, prepared: Prepared, embeddings: Embeddings, made: Round) -> list[ClusterView]:
        """What the analyst is shown of each cluster."""
        return cluster_views(prepared.texts, made.labels, embeddings.vectors, made.scores, corpus.ids, target=corpus.label)

    def judge(
        self,
        views: Sequence[ClusterView],
        made: Round,
        *,
        again: Iterable[int] = (),
        progress: Progress = SILENT,
        tell: Callable[[Analysis], None] = lambda analysis: None,
    ) -> Analysis:
        """Judge the clusters that were not judged before, and those in ``again``; ``tell`` hears of each as it comes."""
        repeat = set(again)
        known: dict[int, ClusterAnalysis] = {}
        for view in views:
            kept = None if view.cluster in repeat else self._archive.get_json(self._key(view))
            if kept is not None:
                known[view.cluster] = ClusterAnalysis.from_dict({**kept, "cluster": view.cluster})
        tell(Analysis(made.number, dict(known)))
        fresh = [view for view in views if view.cluster not in known]
        context = self.context(made, tuple(analysis.name for analysis in known.values()))
        by_cluster = {view.cluster: view for view in fresh}
        for done, analysis in enumerate(self.analyst.clusters(fresh, context, progress), 1):
            known[analysis.cluster] = analysis
            if analysis.status == "ok":
                self._archive.put_json(self._key(by_cluster[analysis.cluster]), analysis.to_dict())
            progress.report("analyse", done, len(fresh))
            tell(Analysis(made.number, dict(known)))
        overview = self.analyst.overview(views, known, context, progress)
        return Analysis(made.number, known, overview)

    def explain(
        self, corpus: Corpus, prepared: Prepared, embeddings: Embeddings, made: Round, rows: NDArray[np.bool_],
        names: Mapping[int, str], progress: Progress = SILENT,
    ) -> SelectionAnalysis:  # fmt: skip
        """What rows are and whether they belong: they are shown to the analyst as one more cluster, against the rest."""
        view = selection_view(prepared.texts, rows, made.labels, embeddings.vectors, corpus.ids, target=corpus.label, names=names)
        return self.analyst.selection(view, self.context(made), progress)

    def context(self, made: Round, taken: tuple[str, ...] = ()) -> Context:
        """The figures of the whole that an analyst is told."""
        curve = made.curve if made.curve is not None and made.curve.x_name == "k" else None
        return Context(
            task=self._task,
            n_rows=int(made.keep.sum()),
            n_clusters=made.scores.n_clusters,
            silhouette=made.scores.silhouette,
            noise_share=made.scores.noise_share,
            balance=made.scores.balance,
            largest_to_smallest=made.scores.largest_to_smallest,
            curve=curve,
            taken=taken,
        )

    def _key(self, view: ClusterView) -> str:
        told = f"{self.analyst.key()}\0{self._task}\0{view.content}"
        return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


def renamed(
    renames: Iterable[Decision], labels: NDArray[np.int32], locate: Callable[[NDArray[np.uint64]], tuple[NDArray[np.bool_], int]]
) -> dict[int, str]:
    """Names that a person gave, for the clusters of this round.

    A name was given to a few typical rows, not to a number: it belongs to the cluster that now holds most of those still here.
    """
    names: dict[int, str] = {}
    for decision in renames:
        here = labels[locate(decision.ids)[0]]
        here = here[here >= -1]
        if not len(here):
            continue
        clusters, counts = np.unique(here, return_counts=True)
        if counts.max() * 2 >= len(here):
            names[int(clusters[counts.argmax()])] = str(decision.data["name"])
    return names
