"""The map of a round in plotly: one trace a cluster, in 2D, 3D or both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np

from elute.errors import SettingsError
from elute.rounds.round import Round

if TYPE_CHECKING:
    import plotly.graph_objects as go

COLORS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b8a800", "#7b68ee", "#5a8f5a", "#a0522d")
"""Okabe and Ito (2008) first, without the yellow that fades on white; clusters beyond ten repeat them."""


def map_figure(made: Round, texts: Sequence[str | None], names: Mapping[int, str], dim: int | str = 3) -> go.Figure:
    """The map of a round.

    Parameters
    ----------
    made : Round
    texts : sequence of str or None, length n
        What a point shows when it is pointed at; clipped to 300 characters and escaped.
    names : dict of int to str
        Name of each cluster.
    dim : 2, 3 or "both"

    Returns
    -------
    plotly.graph_objects.Figure
        One trace a cluster; noise is drawn as rings.
    """
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    if dim not in (2, 3, "both"):
        raise SettingsError(f"dim must be 2, 3 or 'both', not {dim!r}.")
    panes: list[int] = [3, 2] if dim == "both" else [int(dim)]
    figure: Any = make_subplots(cols=len(panes), specs=[[{"type": "scene" if pane == 3 else "xy"} for pane in panes]])
    for cluster in sorted(int(number) for number in np.unique(made.labels) if number >= -1):
        rows = np.flatnonzero(made.labels == cluster)
        hover = ["<br>".join(escape(line) for line in wrap((texts[int(row)] or "")[:300], 60)) for row in rows]
        for column, pane in enumerate(panes, 1):
            positions = made.coords[pane][rows]
            axes = dict(zip("xyz", positions.T, strict=False))
            noise = cluster == -1
            marker = {
                "size": 3 if pane == 3 else 5,
                "symbol": "circle-open" if noise else "circle",
                "color": "#555" if noise else COLORS[cluster % len(COLORS)],
            }
            trace = (go.Scatter3d if pane == 3 else go.Scattergl)(
                **axes, mode="markers", marker=marker, name=escape(names.get(cluster, str(cluster))), legendgroup=str(cluster),
                showlegend=column == 1, hovertext=hover, hoverinfo="text+name",
            )  # fmt: skip
            figure.add_trace(trace, row=1, col=column)
    blank = {"visible": False}
    figure.update_layout(template="plotly_white", legend={"itemsizing": "constant"}, margin={"l": 0, "r": 0, "t": 30, "b": 0})
    figure.update_scenes(xaxis=blank, yaxis=blank, zaxis=blank)
    figure.update_xaxes(**blank)
    figure.update_yaxes(**blank)
    return figure
