"""Figures of a session: what each kind of figure is drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from elute.errors import InputError, SettingsError
from elute.progress import SILENT
from elute.rounds.mixing import all_pairs_of
from elute.rounds.round import Round
from elute.session.running import Running

if TYPE_CHECKING:
    import plotly.graph_objects as go

KINDS = ("map", "history", "sizes", "overlaps", "flow")
FOLLOWED = 6
"""Rounds that rows are followed through: the last ones."""


class Picturing(Running):
    """Rounds that can be drawn without the widget."""

    if TYPE_CHECKING:  # of the rooms beside

        def names_of(self, made: Round) -> Mapping[int, str]: ...
        def _record_of(self, round: int | str) -> str: ...

    def figure(self, dim: int | str = 3, *, kind: str = "map", round: int | str | None = None) -> go.Figure:
        """A round, or all of them, as a plotly figure.

        Parameters
        ----------
        dim : 2, 3 or "both"
            Of the map; for overlaps 2, 3 or "full", where the clusters mix.
        kind : {"map", "history", "sizes", "overlaps", "flow"}
            The map; indices by round; rows of each cluster; which clusters mix; where rows went from round to round.
        round : int or str, optional
            Number of a round, or the id of its record; the current one where it is not given.

        Raises
        ------
        InputError
            There is no such round, or it is not kept any more.
        """
        from elute import figures

        if kind not in KINDS:
            raise SettingsError(f"There is no figure {kind!r:.40}; there are: {', '.join(KINDS)}.")
        if kind == "history":
            return figures.history_figure([told.data for told in self.state.rounds])
        if kind == "flow":
            rounds = self._followed()
            return figures.flow_figure(rounds, [self.names_of(made) for made in rounds])
        made = self.current if round is None else self.current_at(self._record_of(round))
        names = self.names_of(made)
        if kind == "sizes":
            return figures.sizes_figure(made, names)
        if kind == "overlaps":
            part = self._steps.space(made.settings, self._progress).part(made.keep)
            return figures.overlap_figure(all_pairs_of(part, made), names, dim)
        texts = self._steps.prepared(made.settings.prepare, SILENT, made.settings.edits).texts
        return figures.map_figure(made, texts, names, dim)

    def _followed(self) -> list[Round]:
        """The last rounds that are still there, oldest first."""
        found = []
        for told in self.state.rounds[-FOLLOWED:]:
            try:
                found.append(self.current_at(told.id))
            except InputError:
                continue
        if len(found) < 2:
            raise InputError("Rows are followed from round to round, and there are no two rounds yet: run() another.")
        return found
