"""What suggestions are made from: a round, the state of the decisions, and what was said and learned, each read in one place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.corpus import Corpus
from elute.rounds.round import Round
from elute.rounds.space import Part, Space
from elute.suggest.rows import READ, Mask, Rows

__all__ = ["READ", "WEIGHT", "Ground", "Mask"]

WEIGHT = re.compile(r"weight (0?\.\d+|[01])")
"""What a tag reads like that stands for a weight."""


@dataclass(frozen=True, eq=False)
class Ground(Rows):
    """A round and all that is known about its rows.

    Attributes
    ----------
    made : Round
    corpus : Corpus
    texts : sequence of str or None, length n
        As they were embedded.
    state : State
        What the decisions say (anything with ``keep``, ``looked``, ``in_force``).
    space : Space
        The vectors of the round.
    names : dict of int to str
        Names of the clusters.
    overview : Overview or None
        What the analyst advises on the whole.
    learned : Learned or None
        What was learned from decisions.
    going : callable, optional
        From rows to what a drop of them would take, :meth:`Ledger.going`: its ``note`` says what else goes, and what stays.
    analyses : dict of int to ClusterAnalysis
        What the analyst says of each cluster.
    """

    made: Round
    corpus: Corpus
    texts: Sequence[str | None]
    state: Any
    space: Space
    names: Mapping[int, str] = field(default_factory=dict)
    overview: Any = None
    learned: Any = None
    going: Callable[[Mask], Any] | None = None
    analyses: Mapping[int, Any] = field(default_factory=dict)

    @cached_property
    def here(self) -> Mask:
        """(n,) rows of the round that still stay, those without a vector too: what is read off texts holds for them as well."""
        return super().here | self.apart

    @cached_property
    def apart(self) -> Mask:
        """(n,) rows of the round that stay and have a text and no vector, so they are in no cluster and not on the map."""
        rows = np.zeros(len(self.corpus), bool)
        without = np.flatnonzero(self.made.keep & self.state.keep & (self.space.of < 0))
        rows[[row for row in without.tolist() if self.texts[row] is not None]] = True
        return rows

    @cached_property
    def decided(self) -> Mask:
        """(n,) rows that a person read and kept, or brought back, by themselves or with a few; those tagged, edited or relabelled."""
        rows = self.read | self.relabelled
        for decision in self.state.in_force:
            if decision.kind == "restore" and len(decision.ids) <= READ:
                rows |= self.corpus.rows_by_id(decision.ids)[0]
        for marked in (*self.state.tags.values(), *self.state.edit_steps.values()):
            rows |= marked
        return rows

    @cached_property
    def weighed(self) -> Mask:
        """(n,) rows that count less than one: thinning was accepted as weights."""
        rows = np.zeros(len(self.corpus), bool)
        for name, there in self.state.tags.items():
            if WEIGHT.fullmatch(name):
                rows |= there
        return rows

    @cached_property
    def part(self) -> Part:
        """The vectors of the round."""
        return self.space.part(self.made.keep)

    @cached_property
    def kept(self) -> int:
        """Rows that stay, without those of a reference."""
        return int(self.own.sum())

    def rows_of(self, cluster: int) -> Mask:
        """(n,) rows of a cluster that stay, without those of a reference: what a person decides on, and what is counted."""
        return self.rows_in((cluster,))

    def rows_in(self, clusters: Sequence[int]) -> Mask:
        """(n,) the same of several."""
        return np.isin(self.made.labels, clusters) & self.here & self.own

    def name(self, cluster: int) -> str:
        """What a cluster is called, in quotes; noise is noise."""
        if cluster == -1:
            return "the noise"
        return f"“{self.names.get(cluster, f'cluster {cluster}')}”"

    def ids(self, rows: Mask) -> NDArray[np.uint64]:
        """Content-based ids of rows."""
        return self.corpus.ids[rows]
