"""How many rows each cluster of a round has."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from elute.figures.map import COLORS
from elute.rounds.round import Round

if TYPE_CHECKING:
    import plotly.graph_objects as go


def sizes_figure(made: Round, names: Mapping[int, str]) -> go.Figure:
    """Bars by size, the largest at the top; noise is hatched.

    Parameters
    ----------
    made : Round
    names : dict of int to str
        Name of each cluster.
    """
    import plotly.graph_objects as go

    table = made.clusters.sort_values(["size", "cluster"], ascending=[True, False])
    clusters = [int(number) for number in table["cluster"]]
    bars: Any = go.Bar(
        # two clusters of one name are two bars
        x=table["size"].tolist(), y=[str(number) for number in clusters], orientation="h",
        marker={
            "color": ["#555" if number == -1 else COLORS[number % len(COLORS)] for number in clusters],
            "pattern": {"shape": ["/" if number == -1 else "" for number in clusters]},
        },
        hovertext=[escape(names.get(number, f"cluster {number}")) for number in clusters], hoverinfo="x+text",
    )  # fmt: skip
    figure = go.Figure(bars)
    said = [escape(names.get(number, f"cluster {number}"))[:60] for number in clusters]
    figure.update_layout(
        template="plotly_white", xaxis_title="rows", height=max(300, 18 * len(clusters) + 80),
        margin={"l": 10, "r": 10, "t": 20, "b": 40},
        yaxis={"type": "category", "tickvals": [str(number) for number in clusters], "ticktext": said, "automargin": True},
    )  # fmt: skip
    return figure
