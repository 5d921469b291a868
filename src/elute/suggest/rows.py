"""Rows of a round that stay, and what was decided on them, with no vector asked for: which is read, labelled and free to go."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.corpus import Corpus
from elute.decisions.proposals import in_force
from elute.findings.copies import disagreeing
from elute.rounds.round import OUTSIDE, Round

Mask = NDArray[np.bool_]
READ = 10
"""Rows that a person who keeps them together may have read, all of them."""


class Rows:
    """Rows of a round.

    Parameters
    ----------
    made : Round
    corpus : Corpus
    state : State
        What the decisions say (anything with ``keep``, ``looked``, ``in_force``).
    """

    made: Round
    corpus: Corpus
    state: Any

    def __init__(self, made: Round, corpus: Corpus, state: Any) -> None:
        self.made, self.corpus, self.state = made, corpus, state

    @cached_property
    def here(self) -> Mask:
        """(n,) rows of the round that still stay."""
        return np.asarray((self.made.labels > OUTSIDE) & self.state.keep)

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
    def codes(self) -> NDArray[np.int64]:
        """(n,) labels as numbers; -1 without one, and for all where there is no label column."""
        return self.corpus.label_codes[0].astype(np.int64)

    @property
    def label_names(self) -> tuple[Any, ...]:
        """What the numbers stand for."""
        return tuple(self.corpus.label_codes[1])

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

    def flag(self, name: str) -> Mask:
        """(n,) a boolean finding of the rows that are here; none where the round does not have it."""
        found = self.made.findings
        return np.asarray(found[name], bool) & self.here if name in found else np.zeros(len(self.corpus), bool)

    def number(self, name: str, fill: float = np.nan) -> NDArray[np.float64]:
        """(n,) a finding that is a number; ``fill`` where the round does not have it."""
        found = self.made.findings
        return np.asarray(found[name], np.float64) if name in found else np.full(len(self.corpus), fill)

    def by_groups(self, rows: Mask) -> Mask:
        """Of rows, those of which the whole group is among them; all, where the table has no groups."""
        return np.asarray(rows & ~self.corpus.whole(self.state.keep & ~rows))
