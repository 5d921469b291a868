"""What of the last round serves this one: clusters, places on the map and the reduced space of the vectors that both know."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from elute.cluster import OUTSIDE, Communities, Curve
from elute.progress import Progress
from elute.project import Projection, place, reduce
from elute.rounds.round import Round, Settings, describe
from elute.rounds.space import NEAREST, Part, Space


@dataclass(frozen=True, eq=False)
class Past:
    """The round before, seen from the vectors of this one; (q,) and (p,) as in :class:`~elute.rounds.space.Part`."""

    space: Space
    part: Part
    previous: Round | None
    settings: Settings

    @cached_property
    def labels(self) -> NDArray[np.int32] | None:
        """(q,) the clusters each vector was in."""
        if self.previous is None:
            return None
        known = self._known(self.previous.labels)
        return self.part.of_rows(self.previous.labels, known, known, OUTSIDE)

    @property
    def warm(self) -> NDArray[np.int32] | None:
        """The same, where the same clusterer made them, or communities that are asked for at another granularity."""
        finer = isinstance(self.made_by, Communities) and isinstance(self.settings.clusterer, Communities)
        return self.labels if finer or self._same_clusterer() else None

    @property
    def made_by(self) -> Any:
        """What made the clusters of the round before; None without one."""
        return None if self.previous is None else self.previous.settings.clusterer

    @property
    def curve(self) -> Curve | None:
        """How k or eps was chosen, when this round chose nothing."""
        return self.previous.curve if self.previous is not None and self._same_clusterer() else None

    @property
    def reduced(self) -> NDArray[np.float32] | None:
        """(n, 5) over all rows."""
        return None if self.previous is None else self.previous.reduced

    def coords(self, dim: int) -> NDArray[np.float32] | None:
        """(n, dim) over all rows."""
        return None if self.previous is None else self.previous.coords.get(dim)

    def stay(self, progress: Progress) -> Projection | None:
        """The map as it was, where it serves: new rows and edited texts are placed in it, and nobody else moves.

        A map that jumps has to be learnt again.
        """
        previous = self.previous
        if previous is None or previous.draft or previous.settings.projector != self.settings.projector:
            return None
        return self._continued(previous.coords, progress)

    def reduced_here(self, progress: Progress) -> NDArray[np.float32] | None:
        """(p, 5) the space HDBSCAN clustered in, where it serves."""
        found = None if self.reduced is None else self._continued({self.reduced.shape[1]: self.reduced}, progress)
        return None if found is None else next(iter(found.coords.values()))

    def reduction(self, progress: Progress) -> NDArray[np.float32]:
        """(p, 5) where the points were in the last round; a new reduction where that does not serve."""
        kept = self.reduced_here(progress)
        if kept is not None:
            return kept
        part, seed = self.part, self.settings.seed
        of = hashlib.blake2b(np.packbits(part.among).tobytes() + str(seed).encode()).digest()
        if self.space.reduced is None or self.space.reduced[0] != of:
            made = reduce(part.gathered(), 5, neighbors=lambda k: part.graph(k, progress), seed=seed, progress=progress)
            self.space.reduced = of, made
        return self.space.reduced[1]

    def _continued(self, coords: Mapping[int, NDArray[np.float32]], progress: Progress) -> Projection | None:
        assert self.previous is not None
        took_part = self.previous.labels > OUTSIDE
        here = {
            dim: self.part.of_rows(at, self._same_vector() & ~np.isnan(at[:, 0]), took_part, np.nan)[self.part.alive]
            for dim, at in coords.items()
        }
        missing = np.any([np.isnan(at[:, 0]) for at in here.values()], axis=0)
        if missing.mean() > 0.5:
            return None
        if missing.any():
            here = place(here, missing, self.part.graph(NEAREST, progress), seed=self.settings.seed, progress=progress)
        return Projection(here, {}, ())

    def _same_vector(self) -> NDArray[np.bool_]:
        """(n,) rows whose vector is what it was."""
        assert self.previous is not None
        return np.asarray((self.space.of >= 0) & (self.space.hashes[self.space.of] == self.previous.hashes))

    def _known(self, labels: NDArray[np.int32]) -> NDArray[np.bool_]:
        return (labels > OUTSIDE) & self._same_vector()

    def _same_clusterer(self) -> bool:
        return self.previous is not None and describe(self.previous.settings.clusterer) == describe(self.settings.clusterer)
