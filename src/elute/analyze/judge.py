"""The analyst at work on a round: each cluster judged once, for as long as it does not change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from elute.analyze import (
    NOISE,
    Analyst,
    ClusterAnalysis,
    ClusterView,
    Context,
    Estimate,
    Overview,
    SelectionAnalysis,
    cluster_views,
    selection_view,
)
from elute.analyze.kept import answer_key, whole_key
from elute.analyze.naming import apart, lasting_names, named_anew
from elute.analyze.once import answers, made_once
from elute.analyze.prompts import Prompts
from elute.corpus import Corpus
from elute.embed import Embeddings
from elute.prepare import Prepared
from elute.progress import SILENT, Progress, put_off
from elute.rounds.archive import Archive
from elute.rounds.round import Round


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

    def __repr__(self) -> str:
        words = Counter(said.verdict if said.status == "ok" else said.status for said in self.clusters.values())
        counts = ", ".join(f"{count:,} {word}" for word, count in words.most_common())
        whole = "" if self.overview is None else "; with an overview"
        return f"<Analysis of round {self.round}: {counts or 'nothing said yet'}{whole}>"


NOBODYS: Mapping[int, str] = {}
"""No cluster has a name of a person's."""


class Judge:
    """Asks an analyst about the clusters of a round, and remembers what it said.

    Parameters
    ----------
    analyst : Analyst
    archive : Archive
        Keeps verdicts by content, analyst and prompt, so an unchanged cluster is never paid for twice.
    prompts : callable
        The person's own words as they are now: :attr:`elute.session.asking.Asking.prompts`.
    """

    def __init__(self, analyst: Analyst, archive: Archive, prompts: Callable[[], Prompts]) -> None:
        self.analyst = analyst
        self._archive = archive
        self._prompts = prompts
        self._said: WeakKeyDictionary[Round, Analysis] = WeakKeyDictionary()
        self._named: tuple[NDArray[np.int32], dict[int, str]] | None = None
        self._namer = ""
        self._failed: dict[str, ClusterAnalysis] = {}
        """What failed in a judging that was put off, by content: told already, and not asked again unless it is told to."""

    def of(self, made: Round) -> Analysis:
        """What was said of a round so far."""
        return self._said.get(made, Analysis(made.number))

    def adopt(self, before: Round, made: Round) -> None:
        """``made`` is ``before`` with its points moved: what was said of the one holds for the other."""
        self._said[made] = self.of(before)

    def names(self, made: Round) -> dict[int, str]:
        """Names of the clusters of a round; until the analyst spoke, those of the last round go on."""
        plain = {int(number): "noise" if number == NOISE else f"cluster {number}" for number in made.clusters["cluster"]}
        given = {number: said.name for number, said in self.of(made).clusters.items() if said.name}
        return {**plain, **(given or self._lasting(made))}

    def views(self, corpus: Corpus, prepared: Prepared, embeddings: Embeddings, made: Round) -> list[ClusterView]:
        """What the analyst is shown of each cluster."""
        return cluster_views(prepared.texts, made.labels, embeddings.vectors, made.scores, corpus.ids, target=corpus.label)

    def judge(
        self,
        views: Sequence[ClusterView],
        made: Round,
        *,
        again: Iterable[int] = (),
        given: Mapping[int, str] = NOBODYS,
        progress: Progress = SILENT,
        tell: Callable[[Analysis], None] = lambda analysis: None,
    ) -> Analysis:
        """Judge the clusters that changed, and those in ``again``; ``tell`` hears of each verdict as it comes.

        What a person called a cluster, in ``given``, names no other.

        What failed is asked again by the next judging, but not by one that only goes on with what was put off.
        """
        try:
            judged = self._go_on(views, made, tuple(again), given, progress, tell)
        except BaseException:
            if not put_off(progress):
                self._failed = {}
            raise
        self._failed = {}
        return judged

    def _go_on(
        self,
        views: Sequence[ClusterView],
        made: Round,
        again: tuple[int, ...],
        given: Mapping[int, str],
        progress: Progress,
        tell: Callable[[Analysis], None],
    ) -> Analysis:
        def say(clusters: dict[int, ClusterAnalysis], overview: Overview | None = None) -> Analysis:
            self._said[made] = Analysis(made.number, dict(clusters), overview)
            tell(self._said[made])
            return self._said[made]

        keys = {view.cluster: answer_key(self.analyst, view, self._prompts()) for view in views}
        broken = {
            cluster: replace(self._failed[key], cluster=cluster)
            for cluster, key in keys.items()
            if cluster not in again and key in self._failed
        }
        self._failed = {keys[cluster]: failed for cluster, failed in broken.items()}
        known = {**broken, **self._known(views, self._prompts(), again)}
        going_on = self._lasting(made) if self._namer == self._asker() else {}
        lasting = {cluster: name for cluster, name in going_on.items() if cluster not in known and cluster not in again}
        # a kept answer may bear a name that another cluster has taken since
        lasting = apart(lasting, given)
        known = named_anew(known, lasting, given)
        say(known)
        fresh = {view.cluster: view for view in views if view.cluster not in known}

        def ask(these: list[ClusterView]) -> Iterator[ClusterAnalysis]:
            for answer in self.analyst.clusters(these, context(), progress):
                yield replace(answer, name=lasting.get(answer.cluster, answer.name))

        def context() -> Context:
            return self.context(made, (*given.values(), *lasting.values(), *(analysis.name for analysis in known.values())))

        def keep(analysis: ClusterAnalysis) -> None:
            if analysis.status == "failed":
                self._failed[keys[analysis.cluster]] = analysis
            elif self.analyst.kept:
                self._archive.put_json(keys[analysis.cluster], analysis.to_dict())

        def kept(view: ClusterView) -> ClusterAnalysis | None:
            return None if view.cluster in again else self._kept(view, self._prompts())

        where = self._archive.place if self.analyst.kept else None
        for done, (analysis, own) in enumerate(answers(where, fresh, keys, again, ask, kept, keep, self, progress), 1):
            if not own:  # made beside, so its name may be one that is taken here
                taken = {**lasting, **{cluster: there.name for cluster, there in known.items()}}
                analysis = named_anew({analysis.cluster: analysis}, taken, given)[analysis.cluster]
            known[analysis.cluster] = analysis
            progress.report("analyse", done, len(fresh))
            say(known)
        whole = say(known, self._overview(views, known, context(), bool(again), progress))
        # a name that stands in for one that a model failed to give does not last
        self._named = made.labels, {number: said.name for number, said in known.items() if said.status == "ok"}
        self._namer = self._asker()
        return whole

    def recall(self, views: Sequence[ClusterView], made: Round, progress: Progress = SILENT) -> None:
        """What is said of an earlier round, where that is not known any more: as it was kept, or anew where it costs nothing."""
        known = self._known(views, self._prompts())
        if not self.analyst.kept and not self.analyst.remote:
            known = {answer.cluster: answer for answer in self.analyst.clusters(views, self.context(made), progress)}
        self._said.setdefault(made, Analysis(made.number, known))

    def _lasting(self, made: Round) -> dict[int, str]:
        return lasting_names(*self._named, made.labels) if self._named is not None else {}

    def estimate(
        self, views: Sequence[ClusterView], context: Context, said: Prompts | None = None, given: Mapping[int, str] = NOBODYS
    ) -> Estimate:
        """What :meth:`judge` would take now, or by the words ``said``: what is kept is not sent again."""
        said = said or self._prompts()
        known = self._known(views, said)
        if known and len(known) == len(views):
            same = named_anew(known, {}, given)
            if self._archive.get_json(whole_key(self.analyst, views, same, context, said)) is not None:
                return Estimate(calls=0, tokens=0, cost=0.0)
        return self.analyst.estimate(views, context, known)

    def unknown(self, views: Sequence[ClusterView]) -> list[ClusterView]:
        """The views that :meth:`judge` would ask about."""
        known = self._known(views, self._prompts())
        return [view for view in views if view.cluster not in known]

    def _known(self, views: Sequence[ClusterView], said: Prompts, again: Iterable[int] = ()) -> dict[int, ClusterAnalysis]:
        return {
            view.cluster: kept for view in views if view.cluster not in again and (kept := self._kept(view, said)) is not None
        }

    def _kept(self, view: ClusterView, said: Prompts) -> ClusterAnalysis | None:
        told = self._archive.get_json(answer_key(self.analyst, view, said)) if self.analyst.kept else None
        with suppress(ValueError, TypeError):  # of another version, or altered: it is asked for again
            return None if told is None else ClusterAnalysis.from_dict({**told, "cluster": view.cluster})
        return None

    def _overview(
        self,
        views: Sequence[ClusterView],
        known: Mapping[int, ClusterAnalysis],
        context: Context,
        again: bool,
        progress: Progress,
    ) -> Overview:
        """The advice on the whole, kept for as long as no cluster, verdict, figure or prompt changes."""
        if not self.analyst.kept:
            return self.analyst.overview(views, known, context, progress)
        key = whole_key(self.analyst, views, known, context, self._prompts())

        def kept() -> Overview | None:
            there = None if again else self._archive.get_json(key)
            with suppress(ValueError, TypeError):
                return Overview.from_dict(there) if isinstance(there, dict) else None
            return None

        def good(made: Overview) -> bool:
            return made.source == self.analyst.name  # and not what stands in for a model that failed

        def make() -> Overview:
            made = self.analyst.overview(views, known, context, progress)
            if good(made):
                self._archive.put_json(key, made.to_dict())
            return made

        return made_once(self._archive.place, key, kept, make, good, self, progress)

    def explain(
        self, corpus: Corpus, prepared: Prepared, embeddings: Embeddings, made: Round, rows: NDArray[np.bool_],
        names: Mapping[int, str], progress: Progress = SILENT,
    ) -> SelectionAnalysis:  # fmt: skip
        """What rows are and whether they belong: they are shown to the analyst as one more cluster, against the rest."""
        view = selection_view(
            prepared.texts,
            rows,
            made.labels,
            embeddings.vectors,
            corpus.ids,
            target=corpus.label,
            names=names,
            scores=made.scores,
        )
        return self.analyst.selection(view, self.context(made), progress)

    def context(self, made: Round, taken: tuple[str, ...] = ()) -> Context:
        """The figures of the whole that an analyst is told."""
        curve = made.curve if made.curve is not None and made.curve.x_name == "k" else None
        told = self._prompts()
        return Context(
            task=told.task,
            system=told.system if "system" in told.changed else "",
            user=told.user if "user" in told.changed else "",
            n_rows=int(made.keep.sum()),
            n_clusters=made.scores.n_clusters,
            silhouette=made.scores.silhouette,
            noise_share=made.scores.noise_share,
            balance=made.scores.balance,
            largest_to_smallest=made.scores.largest_to_smallest,
            curve=curve,
            taken=taken,
        )

    def _asker(self) -> str:
        """Who gives names: another model, or the same told otherwise, gives others."""
        return f"{self.analyst.key()}\0{self._prompts()}" if self.analyst.kept else ""
