"""Where rows went from round to round: clusters on the left, those of the next round on the right, and what was dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from elute.figures.map import COLORS
from elute.rounds.round import OUTSIDE, Round

if TYPE_CHECKING:
    import plotly.graph_objects as go

BIG = 12
"""Clusters of a round that are drawn by themselves; all smaller ones go as one."""
REST, GONE = -3, -4
"""Stand for the smaller clusters of a round, and for the rows that are not in it."""


@dataclass(frozen=True)
class Flow:
    """Rows that went from a cluster of one round to one of the next.

    Attributes
    ----------
    round : int
        Place of the first of the two rounds, from 0.
    source, target : int
        Clusters; noise -1, :data:`REST`, :data:`GONE`.
    rows : int
    """

    round: int
    source: int
    target: int
    rows: int


def flow(rounds: Sequence[Round]) -> list[Flow]:
    """How rows went through rounds. The rows of all flows between two rounds are those that were in either of them."""
    codes = [_codes(made) for made in rounds]
    found = []
    for at, (before, after) in enumerate(zip(codes, codes[1:], strict=False)):
        there = (before != GONE) | (after != GONE)
        pairs, counts = np.unique(np.stack([before[there], after[there]]), axis=1, return_counts=True)
        found += [Flow(at, int(a), int(b), int(rows)) for (a, b), rows in zip(pairs.T, counts, strict=True)]
    return found


def flow_figure(rounds: Sequence[Round], names: Sequence[Mapping[int, str]]) -> go.Figure:
    """The Sankey diagram of rounds.

    Parameters
    ----------
    rounds : sequence of Round
        Oldest first, over the same rows.
    names : sequence of dict of int to str
        Names of the clusters of each.
    """
    import plotly.graph_objects as go

    found = flow(rounds)
    ends = sorted({(one.round, one.source) for one in found} | {(one.round + 1, one.target) for one in found})
    at = {end: place for place, end in enumerate(ends)}
    figure: Any = go.Figure(
        go.Sankey(
            node={
                "label": [f"{rounds[step].number}: {escape(_said(cluster, names[step]))}" for step, cluster in ends],
                "color": ["#999" if cluster < 0 else COLORS[cluster % len(COLORS)] for _, cluster in ends],
            },
            link={
                "source": [at[one.round, one.source] for one in found],
                "target": [at[one.round + 1, one.target] for one in found],
                "value": [one.rows for one in found],
            },
        )
    )
    figure.update_layout(template="plotly_white", margin={"l": 10, "r": 10, "t": 20, "b": 20})
    return figure


def _codes(made: Round) -> Any:
    clusters, sizes = np.unique(made.labels[made.labels >= 0], return_counts=True)
    big = clusters[np.argsort(-sizes, kind="stable")[:BIG]]
    return np.where(made.labels == OUTSIDE, GONE, np.where((made.labels < 0) | np.isin(made.labels, big), made.labels, REST))


def _said(cluster: int, names: Mapping[int, str]) -> str:
    return {GONE: "not in it", REST: "smaller clusters", -1: "noise"}.get(cluster) or names.get(cluster, f"cluster {cluster}")[
        :40
    ]
