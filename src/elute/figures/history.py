"""The indices from round to round, each on an axis of its own: their scales have nothing in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import plotly.graph_objects as go

SHOWN = (
    ("kept", "rows kept"),
    ("clusters", "clusters"),
    ("silhouette", "silhouette (higher is better)"),
    ("davies_bouldin", "Davies-Bouldin (lower is better)"),
    ("calinski_harabasz", "Calinski-Harabasz (higher is better)"),
    ("balance", "balance (1: all of one size)"),
)
"""Key and title of each pane."""


def history_figure(rounds: Sequence[Mapping[str, Any]]) -> go.Figure:
    """Lines of the indices by round.

    Parameters
    ----------
    rounds : sequence of dict
        One a round, oldest first: ``number``, ``kept`` and ``metrics``, as the records of the journal hold them.

    Returns
    -------
    plotly.graph_objects.Figure
        A pane for each of :data:`SHOWN`; a round without that index leaves a gap.
    """
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    figure: Any = make_subplots(rows=2, cols=3, subplot_titles=[title for _, title in SHOWN])
    numbers = [one["number"] for one in rounds]
    for at, (key, title) in enumerate(SHOWN):
        values = [one["kept"] if key == "kept" else one["metrics"].get(key) for one in rounds]
        line = go.Scatter(x=numbers, y=values, mode="lines+markers", name=title, line={"color": "#0072b2"}, showlegend=False)
        figure.add_trace(line, row=at // 3 + 1, col=at % 3 + 1)
    figure.update_layout(template="plotly_white", margin={"l": 40, "r": 10, "t": 40, "b": 30})
    figure.update_xaxes(dtick=1 if len(rounds) < 15 else None)
    return figure
