"""What a clusterer would find over a range of its main parameter, before a round is run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from elute.cluster import Sweep, unswept
from elute.progress import Progress
from elute.project import PCA
from elute.rounds.archive import round_key
from elute.rounds.cycle import foresee
from elute.rounds.round import Settings
from elute.session.running import Running

PREVIEWS = 16
"""Previews that are kept."""


class Foreseeing(Running):
    """Rounds that can be looked at ahead."""

    _sweeps: dict[str, Sweep]

    def preview(self, clusterer: Any = None, *, progress: Progress | None = None) -> Sweep:
        """What communities, DBSCAN or HDBSCAN would find over a range of their main parameter, on the rows kept now.

        The other parameters, and with None the clusterer itself, are those of the next round. Kept until the rows or settings change.
        """
        progress = progress or self._progress
        chosen = self.foreseen(clusterer)
        with self._steps.working:
            self._steps.open(chosen, progress)
            state = self.state
            key = round_key(state.keep, chosen, self._steps.identity(chosen))
            if key not in self._sweeps:
                space = self._steps.space(self._agreed(chosen), progress)
                before = self._before(state, chosen)
                self._sweeps[key] = foresee(space, state.keep, chosen, previous=before, progress=progress)
                while len(self._sweeps) > PREVIEWS:
                    self._sweeps.pop(next(iter(self._sweeps)))
            return self._sweeps[key]

    def foreseen(self, clusterer: Any = None) -> Settings:
        """Settings of a preview.

        Raises
        ------
        SettingsError, InputError
            A parameter is out of its range; or this clusterer has no preview.
        """
        told = {} if clusterer is None else self.choices.describe({"clusterer": clusterer})
        state = self.state
        chosen = self.choices.settings({**state.settings, **told}, state.edit_steps)
        # the table is the same whatever the value is now, and a map plays no part in it
        return replace(chosen, clusterer=unswept(chosen.clusterer), projector=PCA())

    def known_preview(self, clusterer: Any = None) -> Sweep | None:
        """A preview that was made before, for the rows and settings as they are; takes no time."""
        chosen = self.foreseen(clusterer)
        if not self._steps.opened(chosen):
            return None
        return self._sweeps.get(round_key(self.state.keep, chosen, self._steps.identity(chosen)))
