"""Which clusters mix, as a matrix: darker where they do more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from elute.errors import SettingsError
from elute.metrics import Pair

if TYPE_CHECKING:
    import plotly.graph_objects as go

SPACES = {"full": "full space", 3: "3D map", 2: "2D map"}
MOST = 40
"""Clusters that are drawn: those that mix most."""


def overlap_figure(found: Sequence[Pair], names: Mapping[int, str], space: int | str = "full") -> go.Figure:
    """The matrix of a round.

    Parameters
    ----------
    found : sequence of Pair
        All of them (:func:`elute.rounds.mixing.all_pairs_of`): what is not listed is drawn as apart.
    names : dict of int to str
    space : "full", 3 or 2
        Where they mix: in the full space, or on one of the maps.

    Raises
    ------
    SettingsError
        There is no such space.
    """
    import plotly.graph_objects as go

    if space not in SPACES:
        raise SettingsError(f"space must be 'full', 3 or 2, not {space!r:.20}.")
    mixing = [(pair, pair.full if space == "full" else pair.in3 if space == 3 else pair.in2) for pair in found]
    most: dict[int, float] = {}
    for pair, how in mixing:
        for cluster in (pair.a, pair.b):
            most[cluster] = max(most.get(cluster, 0.0), how or 0.0)
    shown = sorted(sorted(most, key=lambda cluster: (-most[cluster], cluster))[:MOST])
    at = {cluster: place for place, cluster in enumerate(shown)}
    values = np.full((len(shown), len(shown)), 0.0)
    for pair, how in mixing:
        if pair.a in at and pair.b in at:
            values[at[pair.a], at[pair.b]] = values[at[pair.b], at[pair.a]] = np.nan if how is None else how
    np.fill_diagonal(values, np.nan)
    said = [f"{escape(names.get(cluster, 'cluster'))[:40]} ({cluster})" for cluster in shown]
    figure = go.Figure(go.Heatmap(z=values, x=said, y=said, zmin=0, zmax=1, colorscale="Blues", hoverongaps=False))
    figure.update_layout(template="plotly_white", title=f"How far clusters mix: {SPACES[space]}")
    figure.update_yaxes(automargin=True, autorange="reversed")
    return figure
