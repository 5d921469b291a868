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
from elute.decisions.proposals import in_force
from elute.findings.copies import disagreeing
from elute.rounds.round import OUTSIDE, Round
from elute.rounds.space import Part, Space

Mask = NDArray[np.bool_]
READ = 10
"""Rows that a person who keeps them together may have read, all of them."""
WEIGHT = re.compile(r"weight (0?\.\d+|[01])")
"""What a tag reads like that stands for a weight."""


@dataclass(frozen=True, eq=False)
class Ground:
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
        return np.asarray((self.made.labels > OUTSIDE) & self.state.keep) | self.apart

    @cached_property
    def apart(self) -> Mask:
        """(n,) rows of the round that stay and have a text and no vector, so they are in no cluster and not on the map."""
        rows = np.zeros(len(self.corpus), bool)
        without = np.flatnonzero(self.made.keep & self.state.keep & (self.space.of < 0))
        rows[[row for row in without.tolist() if self.texts[row] is not None]] = True
        return rows

    @cached_property
    def free(self) -> Mask:
        """(n,) the same without what no decision may drop: reference rows and pinned ones."""
        return np.asarray(self.here & ~self.corpus.reference & ~self.state.pinned)

    @cached_property
    def kept_unread(self) -> Mask:
        """(n,) rows that were kept only with many others, as in a look at a cluster: a few of them were read."""
        with_others, alone = np.zeros(len(self.corpus), bool), np.zeros(len(self.corpus), bool)
        for decision in self.state.in_force:
            if decision.kind == "keep":
                told = with_others if len(decision.ids) > READ else alone
                told |= self.corpus.rows_by_id(decision.ids)[0]
        return np.asarray(with_others & ~alone & np.asarray(self.state.looked))

    @cached_property
    def read(self) -> Mask:
        """(n,) rows that were kept by themselves or with a few others, so somebody read each of them."""
        return np.asarray(self.state.looked) & ~self.kept_unread

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
    def codes(self) -> NDArray[np.int64]:
        """(n,) labels as numbers; -1 without one, and for all where there is no label column."""
        target = self.space.target
        return np.full(len(self.corpus), -1, np.int64) if target is None else target.codes

    @property
    def label_names(self) -> tuple[Any, ...]:
        """What the numbers stand for."""
        return () if self.space.target is None else self.space.target.values

    @property
    def labels_now(self) -> NDArray[np.int64]:
        """(n,) labels in force as numbers: those that were proposed in place of those given. What is said of labels is said of these."""
        return self._in_force[0]

    @property
    def names_now(self) -> list[Any]:
        """What those numbers stand for."""
        return self._in_force[1]

    @cached_property
    def _in_force(self) -> tuple[NDArray[np.int64], list[Any]]:
        return in_force(self.codes, self.label_names, self.state.relabels)

    @cached_property
    def relabelled(self) -> Mask:
        """(n,) rows with a proposed label: what was found about the one given is settled."""
        rows = np.zeros(len(self.corpus), bool)
        rows[list(self.state.relabels)] = True
        return rows

    @cached_property
    def conflict_of(self) -> NDArray[np.int64]:
        """(n,) for each row one that says the same and has another label in force; -1 without one."""
        return disagreeing(self.made.findings, self.labels_now, self.here)

    @cached_property
    def own(self) -> Mask:
        """(n,) rows that stay and are what a person cleans: those of a reference are beside them, and never counted among them."""
        return np.asarray(self.state.keep & ~self.corpus.reference)

    @cached_property
    def kept(self) -> int:
        """Rows that stay, without those of a reference."""
        return int(self.own.sum())

    def flag(self, name: str) -> Mask:
        """(n,) a boolean finding of the rows that are here; none where the round does not have it."""
        found = self.made.findings
        return np.asarray(found[name], bool) & self.here if name in found else np.zeros(len(self.corpus), bool)

    def number(self, name: str, fill: float = np.nan) -> NDArray[np.float64]:
        """(n,) a finding that is a number; ``fill`` where the round does not have it."""
        found = self.made.findings
        return np.asarray(found[name], np.float64) if name in found else np.full(len(self.corpus), fill)

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

    def by_groups(self, rows: Mask) -> Mask:
        """Of rows, those of which the whole group is among them; all, where the table has no groups."""
        return np.asarray(rows & ~self.corpus.whole(self.state.keep & ~rows))

    def ids(self, rows: Mask) -> NDArray[np.uint64]:
        """Content-based ids of rows."""
        return self.corpus.ids[rows]
