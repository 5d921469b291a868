"""What an analyst says of rounds, and names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from elute.analyze import Analyst, ClusterView, Context, Estimate, SelectionAnalysis
from elute.analyze.judge import Analysis
from elute.analyze.naming import Named, apart, renamed
from elute.analyze.prompts import Prompts
from elute.embed import Embeddings
from elute.errors import InputError
from elute.prepare import Prepared
from elute.progress import SILENT, Progress
from elute.rounds.round import Round
from elute.session.asking import Asking
from elute.session.running import Running


class Judging(Running, Asking):
    """Rounds with an analyst."""

    analyst: Analyst

    @property
    def analysis(self) -> Analysis:
        """What the analyst said of the current round so far."""
        return self.analysis_of(self.current)

    def analysis_of(self, made: Round) -> Analysis:
        """What the analyst said of a round so far."""
        return self._judge.of(self._beside.whole(made))

    def analyze(
        self, *, again: Any = (), progress: Progress | None = None, tell: Callable[[Analysis], None] | None = None
    ) -> Analysis:
        """Judge the clusters that changed, and those in ``again``. Returns the analysis; it removes nothing.

        A remote analyst is sent examples of the clusters at once: calling this is the consent. :meth:`judging_estimate` says first how
        much.
        """
        made = self.current
        said = self._judge.judge(
            self.views(made), made, again=tuple(again), given=self._given(made), progress=progress or self._progress,
            tell=tell or _nobody,
        )  # fmt: skip
        self._said(made.number)
        return said

    def recall(self, made: Round, progress: Progress = SILENT) -> Analysis:
        """What is said of the clusters of an earlier round, as far as that costs nothing."""
        if self._steps.at_hand(made.settings):
            self._judge.recall(self.views(made), made, progress)
        return self.analysis_of(made)

    def views(self, made: Round | None = None) -> list[ClusterView]:
        """What the analyst is shown of each cluster of a round; the current one where none is given."""
        made = made or self.current
        return self._judge.views(self.corpus, *self._read_by(made), made)

    def judging_estimate(
        self, views: list[ClusterView] | None = None, context: Context | None = None, words: Prompts | None = None
    ) -> Estimate:
        """What :meth:`analyze` would take now: requests, tokens, and USD where the price is known. What is kept is not counted."""
        given = self._given(self.current)
        return self._judge.estimate(views if views is not None else self.views(), context or self.context(), words, given)

    def unjudged(self, views: list[ClusterView]) -> list[ClusterView]:
        """Those of the views that :meth:`analyze` would ask about."""
        return self._judge.unknown(views)

    def context(self) -> Context:
        """The figures of the whole that the analyst is told."""
        return self._judge.context(self.current)

    def explain(self, where: Any = None, *, index: Any = None, progress: Progress | None = None) -> SelectionAnalysis:
        """What rows are and whether they belong; the selection where ``where`` is not given.

        A remote analyst is sent some of their texts at once: calling this is the consent.
        """
        selected = where is None and index is None
        made, rows = self.current, self.selection if selected else self._rows(where, None, None, index)
        if not (rows & (made.labels >= -1)).any():
            raise InputError("Nothing is selected: lasso some points, or give a mask.")
        return self._judge.explain(self.corpus, *self._read_by(made), made, rows, self.names_of(made), progress or self._progress)

    def _read_by(self, made: Round) -> tuple[Prepared, Embeddings]:
        """Steps 0 and 1 as a round had them, whatever the settings of the next one are."""
        return self._steps.prepared(made.settings.prepare, SILENT, made.settings.edits), self._steps.embeddings(made.settings)

    @property
    def names(self) -> dict[int, str]:
        """A name for each cluster of the current round: the person's own, else the analyst's."""
        return self.names_of(self.current)

    def names_of(self, made: Round) -> dict[int, str]:
        """Names of the clusters of a round; what the person called one is the name of no other."""
        made = self._beside.whole(made)
        given = self._given(made)
        return {**apart(self._judge.names(made), given), **given}

    def held_names(self, made: Round) -> dict[int, str]:
        """Where the rows that a person named are a smaller part of a cluster of a round: a sentence that says so, by cluster."""
        return dict(self._renamed(self._beside.whole(made)).held)

    def _given(self, made: Round) -> dict[int, str]:
        """What the person called clusters of a round."""
        return dict(self._renamed(made).names)

    def _renamed(self, made: Round) -> Named:
        return renamed(self.state.renames, made.labels, self.corpus.rows_by_id)


def _nobody(analysis: Analysis) -> None:
    """Hears of a verdict, and tells nobody."""
