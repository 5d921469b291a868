"""Decisions as a cell of plain dataframe code that gives the same mask, with no widget, no journal and no elute."""

from elute.ascode.cell import TAKEN, cell

__all__ = ["TAKEN", "cell"]
