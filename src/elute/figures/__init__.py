"""Plotly figures, for a notebook without the widget or a page to keep: maps, indices, sizes, overlaps, the way of rows."""

from elute.figures.flow import Flow, flow, flow_figure
from elute.figures.history import history_figure
from elute.figures.map import COLORS, map_figure
from elute.figures.overlap import overlap_figure
from elute.figures.sizes import sizes_figure

__all__ = ["COLORS", "Flow", "flow", "flow_figure", "history_figure", "map_figure", "overlap_figure", "sizes_figure"]
