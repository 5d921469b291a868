"""What speaks against a drop that nobody watches: a bound on it, rows that a person decided on, the last rows of a label, few texts.

A person who drops rows sees them; a run by itself does not, so it leaves such rows to a person, and says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from elute.corpus import Corpus
from elute.decisions import State
from elute.decisions.going import Going
from elute.decisions.proposals import in_force
from elute.suggest.suggestion import Suggestion
from elute.suggest.words import many

Mask = NDArray[np.bool_]
NAMED = 3
"""Labels that a sentence names."""
ROWS_A_LABEL = 2
"""Rows that a label has on average, at least: a column that has fewer names rows, and the last of each goes with its row."""


class Taking(Protocol):
    """What knows the rows that a drop would take, and what was decided on them."""

    corpus: Corpus

    @property
    def state(self) -> State: ...
    def going(self, rows: Mask) -> Going: ...


def objection(desk: Taking, chosen: Sequence[Suggestion], free: int) -> str:
    """Why these should not be dropped together by a run that nobody watches; "" where nothing speaks against it.

    Parameters
    ----------
    chosen : sequence of Suggestion
        At least one. What counts are the rows that would go: more than are named where rows go by groups, fewer where some must stay.
    free : int
        Rows that may go.
    """
    if any(one.data.get("untried") for one in chosen):
        return "it holds fewer than ten different texts, and trials say little of such clusters"
    corpus, state = desk.corpus, desk.state
    goes = desk.going(corpus.rows(np.logical_or.reduce([one.rows for one in chosen]))).rows
    if count := int((goes & decided_on(corpus, state)).sum()):
        return f"a person kept, tagged or relabelled {count:,} of these rows"
    if emptied := _emptied(corpus, state, goes):
        named = ", ".join(f"“{label[:40]}”" for label in emptied[:NAMED]) + (", ..." if len(emptied) > NAMED else "")
        return f"no row would stay of {'the label' if len(emptied) == 1 else many(len(emptied), 'label') + ':'} {named}"
    if int(goes.sum()) > free:
        return f"{many(int(goes.sum()))} would go, and {free:,} may"
    return ""


def decided_on(corpus: Corpus, state: State) -> Mask:
    """(n,) rows that a person kept, tagged or relabelled, by themselves or with a whole cluster; what a run did by itself is nothing.

    An edit is no word on whether a row stays: markup is taken out of hundreds at once.
    """
    marked, meant = np.zeros(len(corpus), bool), np.zeros(len(corpus), bool)
    marked[list(state.relabels)] = True
    for rows in state.tags.values():
        marked |= rows
    if marked.any():
        for decision in state.in_force:
            if decision.kind in ("tag", "relabel") and not decision.source.get("by"):
                meant |= corpus.rows_by_id(decision.ids)[0]
    return np.asarray(state.looked | (marked & meant))


def _emptied(corpus: Corpus, state: State, goes: Mask) -> list[str]:
    """Labels, the proposed ones where there are, that have rows now and would have none."""
    now, names = in_force(*corpus.label_codes, state.relabels)
    here = state.keep & ~corpus.reference & (now >= 0)
    gone = np.setdiff1d(now[here & goes], now[here & ~goes])
    if len(np.unique(now[here])) * ROWS_A_LABEL > here.sum():
        return []
    return [str(names[code]) for code in gone.tolist()]
