"""Pairs of clusters of a round that mix, by their names: in the full space, in 3D and in 2D."""

from __future__ import annotations

from collections.abc import Mapping

from elute.metrics import Pair
from elute.progress import SILENT, Progress
from elute.report.facts import Overlap
from elute.rounds.mixing import all_pairs_of
from elute.rounds.round import Round
from elute.rounds.space import Space


def overlapping(space: Space, made: Round, names: Mapping[int, str], progress: Progress = SILENT) -> tuple[Overlap, ...]:
    """Overlaps, most in the full space first. See :func:`elute.rounds.mixing.all_pairs_of`."""
    return tuple(_named(pair, names) for pair in all_pairs_of(space.part(made.keep), made, progress))


def _named(pair: Pair, names: Mapping[int, str]) -> Overlap:
    def name(cluster: int) -> str:
        return names.get(cluster, f"cluster {cluster}")

    return Overlap(name(pair.a), name(pair.b), pair.full, pair.in3, pair.in2, pair.why(name))
