"""The seam: what every analyst is asked, whether it is a set of rules or a language model."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence

from elute.analyze.likeness import by_likeness
from elute.analyze.rows import RowsAsked, RowsTold
from elute.analyze.schema import ClusterAnalysis, ClusterView, Context, Estimate, Overview, SelectionAnalysis
from elute.progress import SILENT, Progress


class Analyst(ABC):
    """Judges clusters and selections. It advises; it never removes a row.

    Attributes
    ----------
    name : str
        Stands as ``source`` in what it says.
    remote : bool
        True: texts leave this machine, so a person is asked first.
    kept : bool, default=True
        Answers are kept under :meth:`key` and asked for once. False where they cost nothing and depend on the other clusters too.
    """

    name: str
    remote: bool = False
    kept: bool = True

    @abstractmethod
    def key(self) -> str:
        """Identity of the analyst and its prompts; with ``ClusterView.content`` it is what an answer may be kept under."""

    @abstractmethod
    def clusters(self, views: Sequence[ClusterView], context: Context, progress: Progress = SILENT) -> Iterator[ClusterAnalysis]:
        """Exactly one analysis a view, in the order they are ready, each with a name of its own.

        Raises
        ------
        elute.errors.Cancelled
            From ``progress``; what was yielded before stays valid.
        """

    @abstractmethod
    def overview(
        self, views: Sequence[ClusterView], analyses: Mapping[int, ClusterAnalysis], context: Context, progress: Progress = SILENT
    ) -> Overview:
        """Advice for the whole round, from all views and the analyses so far."""

    @abstractmethod
    def selection(self, view: ClusterView, context: Context, progress: Progress = SILENT) -> SelectionAnalysis:
        """What the selected rows are, and whether they belong; ``view`` comes from :func:`elute.analyze.selection_view`."""

    def rows(self, asked: RowsAsked, progress: Progress = SILENT) -> Iterator[RowsTold]:
        """Verdicts on single rows, a batch at a time; every row of ``asked`` comes once, judged or failed.

        An analyst that has no way of its own goes by likeness to the criterion: :mod:`elute.analyze.likeness`.

        Raises
        ------
        elute.errors.Cancelled
            From ``progress``; what was yielded before stays valid.
        """
        progress.check()
        yield by_likeness(asked)

    def rows_estimate(self, asked: RowsAsked) -> Estimate:
        """What :meth:`rows` will take."""
        return Estimate(calls=0, tokens=0, cost=0.0)

    @abstractmethod
    def estimate(self, views: Sequence[ClusterView], context: Context, known: Collection[int] = ()) -> Estimate:
        """What :meth:`clusters` and :meth:`overview` will take; clusters in ``known`` were judged and are not asked about again."""
