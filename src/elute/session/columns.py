"""What is known of each row, as columns beside the user's own: when it went, its cluster, what was found about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from elute.corpus import Corpus
from elute.decisions import State
from elute.decisions.proposals import everything, fresh
from elute.findings import FLAGS
from elute.rounds.round import OUTSIDE, Round

Before = Callable[[int], Round | None]


def per_row(corpus: Corpus, state: State, made: Round | None, before: Before) -> dict[str, list[Any]]:
    """The columns of :func:`elute.decisions.proposals.everything` and, after ``reason``, ``round``, ``cluster`` and ``findings``.

    Parameters
    ----------
    made : Round or None
        The round that is there; without one no row has a cluster or findings.
    before : callable
        A round by its number; None where it is not kept any more.
    """
    found = everything(corpus, state)
    went = _went(corpus, state)
    own: dict[str, list[Any]] = {"round": [None if number < 0 else number for number in went.tolist()]}
    if made is not None:
        labels = made.labels.astype(np.int64)
        for number in np.unique(went[(labels == OUTSIDE) & (went > 0)]).tolist():
            if (earlier := before(number)) is not None:
                rows = (labels == OUTSIDE) & (went == number)
                labels[rows] = earlier.labels[rows]
        own["cluster"] = [None if label == OUTSIDE else label for label in labels.tolist()]
        own["findings"] = _found(made)
    more = {fresh(name, corpus.columns): values for name, values in own.items()}
    names = list(found)
    return {name: values for name in names[:2] for values in (found[name],)} | more | {name: found[name] for name in names[2:]}


def _went(corpus: Corpus, state: State) -> Any:
    """(n,) the round in which each dropped row went, 0 before the first; -1 for a row that stays."""
    found = np.full(len(corpus), -1, np.int64)
    for decision in state.decided:
        if decision.kind == "drop":
            found[corpus.rows_by_id(decision.ids)[0]] = decision.round
    found[state.keep] = -1
    return found


def _found(made: Round) -> list[str | None]:
    """The findings that flag each row, joined by a comma; None where none does."""
    told: list[str | None] = [None] * len(made.keep)
    for name in FLAGS:
        if name in made.findings:
            for row in np.flatnonzero(made.findings[name].to_numpy(bool)).tolist():
                told[row] = name if told[row] is None else f"{told[row]}, {name}"
    return told
