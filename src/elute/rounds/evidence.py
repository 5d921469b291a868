"""Evidence about the rows of a space: what holds whatever is dropped is found once, the rest is read off each round."""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from elute.cluster import OUTSIDE
from elute.corpus import Corpus
from elute.findings import findings, flagged
from elute.findings.copies import Copies, copies
from elute.findings.labels import LabelIssues
from elute.findings.redundant import redundancy
from elute.prepare import Prepared
from elute.progress import SILENT, Progress
from elute.rounds.asked import Asked
from elute.rounds.facts import Facts, find_facts
from elute.rounds.labelled import label_columns
from elute.rounds.space import NEAREST, Part, Space

if TYPE_CHECKING:
    import pandas as pd

Held = dict[str, NDArray[np.bool_]]
CLOSE = 10
"""Nearest texts whose mean distance says how far a row is from all others."""
ALWAYS_BUILT = 100_000
"""Vectors up to which a graph is built for the findings where nothing else needed one: beyond, they say what can be said without."""


class Evidence:
    """All findings about one table's rows.

    Parameters
    ----------
    space : Space
    prepared : Prepared
        The texts that the vectors are of.
    corpus : Corpus
    asked : Asked, optional
        What is looked for besides what always is.
    vectors : ndarray of shape (n, d), optional
        What own functions are given.

    Attributes
    ----------
    better : LabelIssues or None
        A better pass over the labels, as :meth:`judge_better` took it; used for the round that it was made for.
    """

    def __init__(
        self,
        space: Space,
        prepared: Prepared,
        corpus: Corpus,
        asked: Asked | None = None,
        vectors: NDArray[np.float32] | None = None,
    ) -> None:
        self.space, self.prepared, self.corpus, self.asked = space, prepared, corpus, asked or Asked(corpus)
        self._vectors = vectors
        self._facts: Facts | None = None
        self._copies: tuple[NDArray[np.bool_], Copies] | None = None
        self._lock = RLock()
        self._better_of: NDArray[np.bool_] | None = None
        self.better: LabelIssues | None = None

    # -- once a space --------------------------------------------------------------------------------------------------------

    def facts(self, progress: Progress = SILENT) -> Facts:
        """What does not depend on the mask; found when first asked for, and once more when the graph is there."""
        with self._lock:
            graph = self.space.graph
            if not graph.built and len(self.space.X) <= ALWAYS_BUILT:
                graph.build(progress)
            if self._facts is None or (graph.built and not self._facts.graphed):
                progress.report("find", message="reading for evidence")
                self._facts = find_facts(self.space, self.prepared, self.corpus, progress)
                self._copies = None
            return self._facts

    @property
    def groups(self) -> NDArray[np.int64]:
        """(n,) group of each row that says the same as another, exactly or nearly, whatever is kept; -1 for the others."""
        return self.facts().groups

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about the set as a whole, and about own functions that failed."""
        facts = self._facts
        return (*(facts.notes if facts is not None else ()), *self.asked.notes)

    # -- of a mask -----------------------------------------------------------------------------------------------------------

    @property
    def _codes(self) -> NDArray[np.int64] | None:
        target = self.space.target
        return None if target is None else target.codes

    @property
    def _reference(self) -> NDArray[np.bool_] | None:
        reference: NDArray[np.bool_] | None = getattr(self.corpus, "reference", None)
        return reference if reference is not None and reference.any() else None

    def own(self, keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Of rows, those that are no reference."""
        return keep if self._reference is None else keep & ~self._reference

    def copies(self, keep: NDArray[np.bool_], progress: Progress = SILENT) -> Copies:
        """Which rows are copies of which, among those kept."""
        with self._lock:
            facts = self.facts(progress)
            if self._copies is None or not np.array_equal(self._copies[0], keep):
                found = copies(facts.duplicates, facts.text, keep, self._codes, self._reference)
                self._copies = keep.copy(), found
            return self._copies[1]

    def judge_better(self, part: Part, issues: LabelIssues) -> None:
        """Take what a better pass found of the rows of a round, in the order of ``part.rows``."""
        keep = np.zeros(self.space.n, bool)
        keep[part.rows] = True
        self._better_of, self.better = keep, issues

    def _labels(self, part: Part, progress: Progress) -> tuple[dict[str, NDArray[Any]], Held]:
        """The columns of labels, by the better pass where there was one over these rows; none where there are no labels."""
        here = np.zeros(self.space.n, bool)
        here[part.rows] = True
        better = self._better_of is not None and np.array_equal(self._better_of, here)
        return label_columns(part, self.better if better else None, progress)

    def findings(
        self,
        part: Part,
        labels: NDArray[np.int32],
        outlier_scores: NDArray[np.float32] | None,
        keep: NDArray[np.bool_],
        *,
        made: Any = None,
        progress: Progress = SILENT,
    ) -> tuple[pd.DataFrame, Held]:
        """The table of findings of a round; and what each rule named that names too many to flag any.

        Parameters
        ----------
        part : Part
        labels : ndarray of shape (n,), int32
            Clusters; -1 noise, -2 not in the round.
        outlier_scores : ndarray of shape (n,), float32, optional
        keep : ndarray of shape (n,), bool
        made : Round, optional
            Given to own functions that ask for it.
        """
        facts = self.facts(progress)
        found = self.copies(keep, progress)
        among = keep & (facts.text >= 0) & ~found.copy & ~found.near
        flags, held = flagged(facts.rules, among)
        columns = {
            **facts.columns,
            **flags,
            "copy": found.copy,
            "copy_of": found.copy_of,
            "near_copy": found.near,
            "near_copy_of": found.near_of,
            "near_copy_cost": found.near_cost,
            "conflict": found.conflict,
            "conflict_of": found.conflict_of,
            "leaked": found.leaked,
            "leaked_of": found.leaked_of,
        }
        if self.space.graph.built:
            near = part.graph(NEAREST, progress)
            clusters = _of_vectors(part, labels)
            thin = redundancy(near, part.weights[part.alive], clusters)
            columns["redundancy"] = part.to_rows(part.spread(thin, np.nan), np.nan)
            if near.k:
                far = near.distances[:, :CLOSE].mean(axis=1)
                columns["distance"] = part.to_rows(part.spread(far, np.nan), np.nan)
            said, doubted = self._labels(part, progress)
            columns, held = columns | said, held | doubted
        asked, named = self.asked.columns(made, among, lambda: self._vectors)
        return findings(self.prepared, labels, outlier_scores, columns | asked), held | named


def _of_vectors(part: Part, labels: NDArray[np.int32]) -> NDArray[np.int32]:
    """(p,) clusters of the vectors that take part."""
    found = np.full(len(part.X), OUTSIDE, np.int32)
    found[part.at] = labels[part.rows]
    return found[part.alive]
